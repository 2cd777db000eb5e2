"""What the reply desk adds to the room: pages of the menu, hidden screens, pickers."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.applications.models import ApprovalRoute, LetterBatch, Reply, ReplyTemplate
from app.applications.queries import count_turns, find_by_number
from app.applications.views.replies.approvals import ApprovalStepView
from app.applications.views.replies.batch_rows import LetterBatchRowView
from app.applications.views.replies.batches import LetterBatchView
from app.applications.views.replies.checks import OutgoingCheckView
from app.applications.views.replies.letters import ReplyView
from app.applications.views.replies.petitions import PETITION_CARD, PetitionView
from app.applications.views.replies.promised import PromisedView
from app.applications.views.replies.routes import ApprovalRouteStepView, ApprovalRouteView
from app.applications.views.replies.templates import ReplyTemplateView
from app.applications.views.replies.versions import ReplyVersionView
from app.core.acting import Actor
from app.core.rooms import LookupSource, Page
from app.core.text import fold
from app.core.views.standing import HandedOver

_SECTION = _l("Reply desk")
#: Few rows, so they are read and compared as people write them.
_MOST_NAMES = 500


def _by_name(model: Any, name: str) -> Any:
    """Find rows whose name holds the words, whatever their letters' case."""

    def find(session: Any, query: str, limit: int) -> list[Any]:
        column = getattr(model, name)
        rows = session.scalars(select(model).order_by(column, model.id).limit(_MOST_NAMES))
        wanted = fold(query)
        return [row for row in rows if wanted in fold(getattr(row, name))][:limit]

    return find


def _letters(session: Any, query: str, limit: int) -> list[Reply]:
    """The letters of the application with this number."""
    case = find_by_number(session, query)
    if case is None:
        return []
    stmt = select(Reply).where(Reply.application_id == case.id).order_by(Reply.id).limit(limit)
    return list(session.scalars(stmt))


REPLY_PAGES = (
    Page(ApprovalStepView, _l("Waiting for approval"), section=_SECTION),
    Page(ReplyView, _l("Replies"), section=_SECTION),
    Page(PromisedView, _l("Results to be told"), resource="Application", section=_SECTION),
    Page(LetterBatchView, _l("Batches of letters"), section=_SECTION),
    Page(OutgoingCheckView, _l("Outgoing checks"), section=_SECTION),
    Page(ReplyTemplateView, _l("Reply templates"), section=_SECTION),
    Page(ApprovalRouteView, _l("Routes of approval"), section=_SECTION),
)
REPLY_HIDDEN = (ApprovalRouteStepView, LetterBatchRowView, ReplyVersionView, PetitionView)
REPLY_LOOKUPS = (
    LookupSource(
        "reply_template",
        ReplyTemplate,
        "ReplyTemplate",
        ("name",),
        condition=lambda: ReplyTemplate.active.is_(True),
        find=_by_name(ReplyTemplate, "name"),
    ),
    LookupSource(
        "approval_route",
        ApprovalRoute,
        "ApprovalRoute",
        ("position", "name"),
        find=_by_name(ApprovalRoute, "name"),
    ),
    LookupSource(
        "letter_batch",
        LetterBatch,
        "LetterBatch",
        ("title",),
        label=lambda batch: batch.title,
        find=_by_name(LetterBatch, "title"),
    ),
    LookupSource("reply", Reply, "Reply", ("id",), find=_letters),
)
REPLY_CARDS = (PETITION_CARD,)


def letters_of_others(session: Any, actor: Actor) -> list[HandedOver]:
    """Letters that wait for somebody whose place the actor takes."""
    if not actor.may("read", "ApprovalStep"):
        return []
    url = url_for("ApprovalStepView.list", tab="deputy")
    count = count_turns(session, actor)["deputy"]
    return [HandedOver(gettext("Letters waiting for approval"), count, url)]


__all__ = ["REPLY_CARDS", "REPLY_HIDDEN", "REPLY_LOOKUPS", "REPLY_PAGES", "letters_of_others"]
