"""The page of one letter: the sheet, the chain of approval, the checks, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.applications import rules
from app.applications.models import OutgoingCheck, Reply, ReplyVersion
from app.applications.rules import CheckState, ReplyState
from app.applications.services.letters import letter_for
from app.applications.services.outgoing import digest_now, files_of_letter, look_at
from app.applications.views.replies.chain import chain_card, turn_of
from app.applications.views.replies.findings import FindingLine, finding_lines
from app.core import ports
from app.core.acting import Actor, current_actor
from app.core.documents import Letter, letter_violations
from app.core.identifiers import mask_name
from app.core.text import format_datetime
from app.core.views import formats
from app.core.views.beside import file_entries
from app.core.views.page import Button, Cell, Crumb, FileEntry
from app.core.words import words_of


@dataclass(frozen=True)
class CheckLine:
    """One thing that was looked at, and whether it is right."""

    is_right: bool
    words: str


def letter_page(view: Any, item: Reply) -> dict[str, Any]:
    """Everything templates/applications/letter_show.html draws."""
    session, actor, case = view.session, current_actor(), item.application
    enclosed = files_of_letter(session, item)
    letter = letter_for(session, item, files=enclosed)
    citizen = case.citizen
    is_named = citizen is None or case.identity_hidden or actor.may("identity", "Citizen")
    if citizen is not None and not is_named:
        letter = replace(letter, recipient=[mask_name(citizen.full_name)])
    steps = item.approval_steps
    check = _check(session, item, digest_now(item, enclosed))
    turn = turn_of(item, steps, actor)
    findings = (
        finding_lines(check.findings)
        if check is not None
        else finding_lines(
            [one.to_dict() for one in look_at(session, item, with_files=False).findings]
        )
    )
    files = file_entries(session, item)
    if is_named:
        # Last, because a note ends the transaction in which everything was read.
        _note_view(session, item)
    return {
        "item": item,
        "case": case,
        "title": formats.translated(rules.REPLY_KIND_LABELS[item.kind]),
        "badges": _badges(item),
        "crumbs": [
            Crumb(_("Applications"), url_for("ApplicationView.list")),
            Crumb(case.number, url_for("ApplicationView.show", pk=case.id)),
        ],
        "letter": letter,
        # A letter is Turkish, whatever language its reader has.
        "words": words_of("letter"),
        "is_named": is_named,
        "buttons": _buttons(item, actor),
        "versions": _count_versions(session, item, actor),
        "chain": chain_card(item, steps),
        "turn": turn,
        "checks": _checks(letter, item, findings),
        "check": check,
        "findings": findings,
        "check_words": _check_words(check, files),
        "may_override": _may_override(check, item, actor),
        "may_send": item.state is ReplyState.APPROVED
        and (actor.may("reply", "Application") or actor.may("approve", "Application")),
        "may_number": item.state in {ReplyState.APPROVED, ReplyState.SENT}
        and not item.letter_no
        and (actor.may("reply", "Application") or actor.may("approve", "Application")),
        "is_open": item.state in rules.EDITABLE_REPLIES and actor.may("reply", "Application"),
        "files": files,
        "file_ids": [row.id for row in ports.files_of(session, "Reply", item.id)] if files else [],
        "next": url_for("ReplyView.show", pk=item.id),
    }


def _note_view(session: Any, item: Reply) -> None:
    """A page with a name and an address on it is noted like a print."""
    ports.record_access(
        session,
        verb="view",
        entity="Reply",
        record_id=item.id,
        changes={"application": item.application.number},
    )


def _badges(item: Reply) -> list[Cell]:
    badges = [
        Cell(
            "badge",
            formats.translated(rules.REPLY_STATE_LABELS[item.state]),
            tone=rules.REPLY_STATE_TONES[item.state],
        )
    ]
    if item.outcome is not None:
        badges.append(Cell("badge", formats.translated(rules.OUTCOME_LABELS[item.outcome])))
    if item.institution is not None:
        badges.append(Cell("badge", _("to an institution")))
    return badges


def _buttons(item: Reply, actor: Actor) -> list[Button]:
    """Paper in three kinds, and the way back to the case."""

    def paper(form: str, **more: Any) -> str:
        return url_for("WorkView.letter", pk=item.application_id, reply=item.id, form=form, **more)

    return [
        Button(
            _("Back to the case"), url_for("ApplicationView.show", pk=item.application_id), "left"
        ),
        Button(_("PDF"), paper("pdf"), "download"),
        Button(_("Word"), paper("docx"), "file"),
        Button(_("Archive copy with parafs"), paper("pdf", copy="archive"), "download"),
    ]


def _count_versions(session: Any, item: Reply, actor: Actor) -> int:
    if not actor.may("read", "ReplyVersion"):
        return 0
    return int(
        session.scalar(
            select(func.count()).select_from(ReplyVersion).where(ReplyVersion.reply_id == item.id)
        )
        or 0
    )


def _check(session: Any, item: Reply, digest: str) -> OutgoingCheck | None:
    """The last look at this very text, as far as the actor may read it; an older text is no matter."""
    found: OutgoingCheck | None = session.scalars(
        select(OutgoingCheck)
        .where(OutgoingCheck.reply_id == item.id, OutgoingCheck.digest == digest)
        .order_by(OutgoingCheck.id.desc())
        .limit(1)
    ).first()
    return found


def _check_words(check: OutgoingCheck | None, files: Sequence[FileEntry]) -> str:
    if check is None:
        return (
            _("Text and files are looked at before the letter is signed and sent.")
            if files
            else _("The letter is looked at again before it is signed and sent.")
        )
    if check.state is CheckState.OVERRIDDEN:
        return _(
            "Let pass by %(who)s on %(at)s: %(reason)s",
            who=check.override_by or "–",
            at=format_datetime(check.override_at, lang=formats.language())
            if check.override_at
            else "–",
            reason=check.override_reason,
        )
    return ""


def _may_override(check: OutgoingCheck | None, item: Reply, actor: Actor) -> bool:
    return (
        check is not None
        and check.state is CheckState.BLOCKED
        and item.state in {ReplyState.IN_APPROVAL, ReplyState.APPROVED}
        and actor.may("override", "OutgoingCheck")
        and item.drafted_by_id != actor.user_id
    )


def _checks(letter: Letter, item: Reply, findings: Sequence[FindingLine]) -> list[CheckLine]:
    """What the regulation and the laws want of the letter, each right or not."""
    case = item.application
    lines = []
    if item.institution is None:
        has_address = case.citizen is not None and bool(case.citizen.address)
        lines.append(
            CheckLine(has_address, _("Name and address as on record"))
            if has_address
            else CheckLine(False, _("No postal address of the applicant is known"))
        )
    broken = list(letter_violations(letter, to_person=item.institution is None))
    lines += [
        CheckLine(
            False,
            formats.translated(v.message) % dict(v.params)
            if v.params
            else formats.translated(v.message),
        )
        for v in broken
        if v.field != "signatory_name"
    ]
    if not [v for v in broken if v.field == "closing"]:
        lines.append(CheckLine(True, _("No “rica ederim” to a citizen")))
    if rules.needs_reason(item.outcome) or item.outcome is rules.Outcome.REJECTED:
        told = bool(item.outcome_reason_id or item.refusal_article)
        lines.append(CheckLine(told, _("The reason of the result is told")))
    if item.outcome is rules.Outcome.REJECTED:
        lines.append(CheckLine(bool(item.remedy), _("Where and until when to object is told")))
    if item.kind is rules.ReplyKind.PROGRESS:
        lines.append(CheckLine(True, _("It promises the result separately (3071 art. 7)")))
    lines.append(
        CheckLine(False, _("It may hold what belongs to somebody else"))
        if findings
        else CheckLine(True, _("Nothing in it belongs to somebody else"))
    )
    return lines
