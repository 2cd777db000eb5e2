"""The letters of an application on its page: what was written, what waits for whom, what is being written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.applications import queries, rules
from app.applications.models import Application, ApprovalStep, Reply
from app.applications.rules import ReplyState
from app.applications.views.replies.chain import chain_words, turn_of
from app.core.acting import Actor
from app.core.text import excerpt, format_datetime
from app.core.views import formats
from app.core.views.page import Cell


def replies_context(session: Any, item: Application, actor: Actor) -> dict[str, Any]:
    """What templates/applications/show_reply.html draws; one statement, two for who writes."""
    replies = list(
        session.scalars(
            select(Reply)
            .where(Reply.application_id == item.id)
            .options(
                joinedload(Reply.drafted_by),
                joinedload(Reply.approved_by),
                joinedload(Reply.institution),
                joinedload(Reply.approval_steps).options(*queries.people_of_steps()),
            )
            .order_by(Reply.id.desc())
        ).unique()
    )
    steps = {r.id: r.approval_steps for r in replies}
    drafts = [r for r in replies if r.state in rules.EDITABLE_REPLIES and r.cycle == item.cycle]
    may_reply = actor.may("reply", "Application")
    waiting = [
        {"row": r, "turn": turn}
        for r in replies
        if (turn := turn_of(r, steps.get(r.id, ()), actor)) is not None
    ]
    return {
        "replies": [_reply(r, steps.get(r.id, ())) for r in replies],
        "drafts": [(r.id, _draft_words(r)) for r in drafts],
        "draft": _chosen(drafts),
        "waiting": waiting,
        "approved": [r for r in replies if r.state is ReplyState.APPROVED],
        "may_reply": may_reply and item.state in rules.REPLYABLE_STATES,
        "may_send": may_reply or actor.may("approve", "Application"),
        "is_waiting": any(
            r.state in {ReplyState.IN_APPROVAL, ReplyState.APPROVED} for r in replies
        ),
        "templates": queries.list_templates(session, item) if may_reply else [],
        "outcomes": formats.choices(rules.OUTCOME_LABELS),
        "reply_kinds": formats.choices(rules.REPLY_KIND_LABELS),
        "record_url": url_for("ApplicationView.show", pk=item.id),
    }


def _chosen(drafts: Sequence[Reply]) -> Reply | None:
    """The draft that the address names, else the newest; `draft=new` begins another one."""
    wanted = request.args.get("draft", "")
    if wanted == "new":
        return None
    named = next((r for r in drafts if str(r.id) == wanted), None)
    return named or (drafts[0] if drafts else None)


def _draft_words(row: Reply) -> str:
    """How a draft is called where several are offered."""
    kind = formats.translated(rules.REPLY_KIND_LABELS[row.kind])
    begun = excerpt(row.body, 40) or _("empty")
    return f"{kind}: {begun}"


def _reply(row: Reply, steps: Sequence[ApprovalStep]) -> dict[str, Any]:
    lang = formats.language()
    who = " · ".join(str(p) for p in (row.drafted_by, row.approved_by) if p)
    return {
        "row": row,
        "kind": formats.translated(rules.REPLY_KIND_LABELS[row.kind]),
        "state": Cell(
            "badge",
            formats.translated(rules.REPLY_STATE_LABELS[row.state]),
            tone=rules.REPLY_STATE_TONES[row.state],
        ),
        "who": who,
        "chain": chain_words(steps) if row.state is not ReplyState.SENT else "",
        "institution": str(row.institution) if row.institution is not None else "",
        "numberable": row.state in {ReplyState.APPROVED, ReplyState.SENT},
        "sent": format_datetime(row.sent_at, lang=lang) if row.sent_at else "",
        "url": url_for("ReplyView.show", pk=row.id),
        "pdf_url": url_for("WorkView.letter", pk=row.application_id, reply=row.id, form="pdf"),
        "docx_url": url_for("WorkView.letter", pk=row.application_id, reply=row.id, form="docx"),
    }
