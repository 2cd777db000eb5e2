"""What the page of one application draws: work in the middle, facts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.applications import queries, rules
from app.applications.models import Application, ApplicationEvent, Assignment
from app.applications.views.feedback.reason_field import reason_groups
from app.applications.views.replies.on_record import replies_context
from app.applications.views.step_facts import moved_days
from app.applications.views.trail import trail_of
from app.core import clock
from app.core.acting import Actor, current_actor
from app.core.calendar import Deadline
from app.core.identifiers import format_phone, mask_email, mask_name, mask_national_id, mask_phone
from app.core.text import format_date, format_datetime
from app.core.views import formats
from app.core.views.beside import file_entries
from app.core.views.cards import card_places
from app.core.views.page import Button, Cell, Fact

#: The way of an ordinary case, for the stepper: label and the states that stand at this step.
STEPS: tuple[tuple[str, frozenset[rules.State]], ...] = rules.STEPS

#: Actions that the page offers in its main row; the others stand in the menu.
MAIN_ACTIONS = (
    rules.Action.TAKE_TO_TRIAGE,
    rules.Action.TRIAGE_AGAIN,
    rules.Action.ASSIGN,
    rules.Action.ACCEPT,
    rules.Action.GRANT_EXTENSION,
    rules.Action.RECEIVE_INFORMATION,
    rules.Action.START_WORK,
    rules.Action.CLOSE,
    rules.Action.REOPEN,
)

#: Actions with a form of their own on the page.
INLINE_ACTIONS = frozenset(
    {
        rules.Action.UNIT_ANSWER,
        rules.Action.APPROVE_REPLY,
        rules.Action.SEND_REPLY,
        rules.Action.SEND_REFUSAL,
        rules.Action.REGISTER,
        rules.Action.DISCARD,
    }
)

ICONS = {
    rules.Action.ASSIGN: "send",
    rules.Action.REQUEST_EXTENSION: "clock",
    rules.Action.MERGE: "merge",
    rules.Action.TRANSFER_OUT: "link",
    rules.Action.DECLARE_INADMISSIBLE: "close",
    rules.Action.REJECT: "close",
    rules.Action.REQUEST_INFORMATION: "phone",
}


#: Steps that law 4982 takes with a form of its own: action → (address, its arguments).
_BY_LAW_4982: dict[rules.Action, tuple[str, dict[str, Any]]] = {
    rules.Action.REJECT: ("InformationCaseView.decide", {"decision": "refused"}),
    rules.Action.TRANSFER_OUT: ("InformationCaseView.decide", {"decision": "forwarded"}),
    rules.Action.REQUEST_EXTENSION: ("InformationCaseView.extend", {}),
}


def record_context(view: Any, item: Application) -> dict[str, Any]:
    """Everything templates/applications/show.html draws, in few statements."""
    session, actor = view.session, current_actor()
    events = list(
        session.scalars(
            select(ApplicationEvent)
            .where(ApplicationEvent.application_id == item.id)
            .options(
                joinedload(ApplicationEvent.actor),
                joinedload(ApplicationEvent.unit),
                joinedload(ApplicationEvent.deputy_for),
            )
            .order_by(ApplicationEvent.at.desc(), ApplicationEvent.id.desc())
            .limit(200)
        )
    )
    assignments = list(
        session.scalars(
            select(Assignment)
            .where(Assignment.application_id == item.id)
            .options(joinedload(Assignment.unit), joinedload(Assignment.responsible))
            .order_by(Assignment.id)
        )
    )
    allowed = _allowed(item, assignments, actor)
    deadline = Deadline.from_dict(item.due_trail) if item.due_trail else None
    return {
        "item": item,
        "title": item.subject,
        "badges": _badges(item),
        "place": view.cell(item, "district").text,
        "channel": formats.translated(rules.CHANNEL_LABELS[item.channel]),
        "awaits_letter": rules.awaits_letter(item.state, item.answered_at),
        "steps": _steps(item, events),
        "due": formats.due(item.due_on)
        if rules.awaits_letter(item.state, item.answered_at)
        else view.cell(item, "due_on"),
        "trail": trail_of(
            deadline, item.goal_on, plain_days=queries.days_unless_extended(session, item)
        )
        if deadline is not None
        else None,
        "trail_open": item.kind is rules.Kind.INFORMATION,
        "person": person_context(item, actor),
        "facts": _facts(item),
        "assignments": [_assignment(a) for a in assignments],
        "timeline": [_event(e, is_told=_is_told(item, e)) for e in events],
        **replies_context(session, item, actor),
        "files": file_entries(session, item),
        "upload_url": url_for("AttachmentView.upload", owner="Application", pk=item.id)
        if actor.may("write", "Attachment")
        else "",
        "main": [_button(item, t) for t in allowed if t.action in MAIN_ACTIONS],
        "menu": [
            _button(item, t)
            for t in allowed
            if t.action not in MAIN_ACTIONS
            and t.action not in INLINE_ACTIONS
            and not (t.action is rules.Action.APPEAL and item.kind is not rules.Kind.INFORMATION)
        ],
        "add_unit_url": url_for("WorkView.add_unit", pk=item.id)
        if actor.may("assign", "Application") and _has_live(item, assignments)
        else "",
        "may_answer": any(t.action == rules.Action.UNIT_ANSWER for t in allowed),
        "may_note": actor.may("read", "Application")
        and (actor.may("write", "Application") or actor.may("answer", "Application")),
        "edit_url": view.url("edit", pk=item.id)
        if view.may("write") and item.state in rules.OPEN_STATES
        else "",
        "reason_groups": reason_groups(session),
        "unit_reason_id": next(
            (
                a.outcome_reason_id
                for a in assignments
                if a.cycle == item.cycle and a.outcome_reason_id
            ),
            None,
        ),
        "decides_first": item.kind is rules.Kind.INFORMATION
        and item.state in rules.OPEN_STATES
        and actor.may("decide", "InformationCase"),
        "cards": card_places(item, actor),
        "crumbs": [(_("Applications"), url_for("ApplicationView.list"))],
    }


def _allowed(
    item: Application, assignments: Sequence[Assignment], actor: Actor
) -> Sequence[rules.Transition]:
    verbs = {v.removeprefix("can_") for v, resource in actor.grants if resource == "Application"}
    rows = rules.allowed_actions(item.state, verbs, at_unit=bool(assignments))
    if rules.awaits_letter(item.state, item.answered_at):
        return [row for row in rows if row.action is not rules.Action.CLOSE]
    return [row for row in rows if row.action is not rules.Action.TAKE_DECISION_BACK]


def _step_url(item: Application, action: rules.Action) -> str:
    """The form of a step; information requests have some of their own for those who decide."""
    actor = current_actor()
    if item.kind is rules.Kind.INFORMATION:
        if action in _BY_LAW_4982 and actor.may("decide", "InformationCase"):
            endpoint, arguments = _BY_LAW_4982[action]
            return url_for(endpoint, application_id=item.id, **arguments)
        if action is rules.Action.APPEAL and actor.may("write", "Appeal"):
            return url_for("AppealView.file", pk=item.id)
    return url_for("WorkView.do", pk=item.id, action=action.value)


def _button(item: Application, row: rules.Transition) -> Button:
    return Button(
        formats.translated(row.label),
        _step_url(item, row.action),
        ICONS.get(row.action, ""),
        danger=row.tone == "bad",
    )


def _badges(item: Application) -> list[Cell]:
    badges = [
        Cell(
            "badge",
            formats.translated(rules.STATE_LABELS[item.state]),
            tone=rules.STATE_TONES[item.state],
        ),
        Cell("badge", formats.translated(rules.KIND_LABELS[item.kind])),
    ]
    if item.topic is not None:
        badges.append(Cell("badge", str(item.topic)))
    if item.priority in {rules.Priority.URGENT, rules.Priority.HIGH}:
        tone = "bad" if item.priority == rules.Priority.URGENT else "warn"
        badges.append(
            Cell("badge", formats.translated(rules.PRIORITY_LABELS[item.priority]), tone=tone)
        )
    if item.is_restricted:
        badges.append(Cell("badge", _("Restricted"), tone="wait"))
    if item.cycle > 1:
        badges.append(Cell("badge", _("reopened, cycle %(n)s", n=item.cycle), tone="wait"))
    return badges


def _steps(item: Application, events: Sequence[ApplicationEvent]) -> list[dict[str, Any]]:
    """The stepper: past, present and coming steps, each with the moment it was reached."""
    reached: dict[int, str] = {}
    for event in reversed(events):
        for index, (_label, states) in enumerate(STEPS):
            if event.to_state in states:
                reached[index] = event.at.strftime("%d.%m %H.%M")
    here = next((i for i, (_l, states) in enumerate(STEPS) if item.state in states), len(STEPS) - 1)
    waits = rules.awaits_letter(item.state, item.answered_at)
    if waits:
        # Decided, but not told: the answer is not reached before its letter has left.
        reached.pop(here, None)
    return [
        {
            "label": formats.translated(label),
            "when": reached.get(
                index, _("waiting") if index > here or (waits and index == here) else ""
            ),
            "past": index < here,
            "current": index == here,
        }
        for index, (label, _states) in enumerate(STEPS)
    ]


def person_context(item: Application, actor: Actor) -> dict[str, Any]:
    """The applicant as far as this actor may read; a hidden identity has nothing to show."""
    citizen = item.citizen
    if item.identity_hidden:
        return {"hidden": True}
    if citizen is None:
        return {"anonymous": True, "on_behalf_of": item.on_behalf_of}
    shown = f"Citizen:{citizen.id}" in actor.revealed
    named = shown or actor.may("identity", "Citizen")
    lines = []
    for label, value, mask, write in (
        (_("National id"), citizen.national_id, mask_national_id, str),
        (_("Telephone"), item.contact_phone or citizen.phone, mask_phone, format_phone),
        (_("E-mail"), item.contact_email or citizen.email, mask_email, str),
        (_("Address"), citizen.address, lambda text: "•••", str),
    ):
        if value:
            lines.append((label, write(value) if shown else mask(value), not shown))
    return {
        "name": citizen.full_name if named else mask_name(citizen.full_name),
        "kind": formats.translated(queries.citizen_kind_label(citizen)),
        "lines": lines,
        "shown": shown,
        "url": url_for("CitizenView.show", pk=citizen.id)
        if named and actor.may("read", "Citizen")
        else "",
        "reveal_url": url_for("CitizenView.reveal", pk=citizen.id)
        if actor.may("reveal", "Citizen") and not shown and lines
        else "",
        "on_behalf_of": item.on_behalf_of,
    }


def _facts(item: Application) -> list[Fact]:
    lang = formats.language()

    def text(value: Any) -> Cell:
        return Cell("text", str(value)) if value else formats.EMPTY

    parts = (item.street, item.place_note, item.neighbourhood, item.district)
    where = ", ".join(str(part) for part in parts if part)
    facts = [
        Fact(_("Received"), text(format_datetime(item.received_at, lang=lang))),
        Fact(_("Tracking code"), Cell("code", item.tracking_code)),
        Fact(_("Place"), text(where)),
        Fact(_("Priority"), text(formats.translated(rules.PRIORITY_LABELS[item.priority]))),
        Fact(_("Unit"), text(item.lead_unit)),
        Fact(_("Officer in charge"), text(item.owner)),
        Fact(_("Registered by"), text(item.registered_by)),
    ]
    if item.latitude is not None and item.longitude is not None:
        facts.append(
            Fact(_("Coordinates"), Cell("code", f"{item.latitude:.5f}, {item.longitude:.5f}"))
        )
    if item.external_ref:
        facts.append(Fact(_("Number at the other office"), Cell("code", item.external_ref)))
    if item.external_received_at:
        facts.append(
            Fact(
                _("Date at the other office"),
                text(format_datetime(item.external_received_at, lang=lang)),
            )
        )
    if item.outcome:
        facts.append(
            Fact(_("Outcome"), text(formats.translated(rules.OUTCOME_LABELS[item.outcome])))
        )
    if item.outcome_reason:
        facts.append(Fact(_("Reason"), text(item.outcome_reason)))
    if item.institution:
        facts.append(Fact(_("Institution"), text(item.institution)))
    if item.master_id:
        facts.append(
            Fact(
                _("Main case"),
                Cell(
                    "link",
                    str(item.master.number if item.master else item.master_id),
                    url=url_for("ApplicationView.show", pk=item.master_id),
                ),
            )
        )
    return facts


def _has_live(item: Application, assignments: Sequence[Assignment]) -> bool:
    """Whether a unit has the case in hand, so that others may be asked beside it."""
    return item.state in rules.OPEN_STATES and any(
        a.cycle == item.cycle and a.state in rules.LIVE_ASSIGNMENTS for a in assignments
    )


def _assignment(row: Assignment) -> dict[str, Any]:
    in_time = None
    if row.answered_at is not None and row.due_on is not None:
        in_time = clock.to_local(row.answered_at).date() <= row.due_on
    return {
        "unit": str(row.unit),
        "role": formats.translated(rules.ASSIGNMENT_ROLE_LABELS[row.role]),
        "responsible": str(row.responsible) if row.responsible else "–",
        "sent": format_date(row.sent_at.date(), lang=formats.language()),
        "due": formats.due(row.due_on, on_time=in_time) if row.due_on else formats.EMPTY,
        "state": Cell(
            "badge",
            formats.translated(rules.ASSIGNMENT_STATE_LABELS[row.state]),
            tone=rules.ASSIGNMENT_STATE_TONES[row.state],
        ),
        "note": row.note,
        "answer": row.answer_text,
        "reason": row.return_reason,
    }


def _unit_of(row: ApplicationEvent) -> list[str]:
    """The unit that a step concerns; at the registration nothing has been sent to it yet."""
    if row.unit is None:
        return []
    if row.action == rules.Action.REGISTER.value:
        return [_("proposed unit: %(name)s", name=row.unit)]
    return [_("unit: %(name)s", name=row.unit)]


def _is_told(item: Application, row: ApplicationEvent) -> bool:
    """Whether the applicant reads this step on the tracking page."""
    return row.visibility is rules.Visibility.APPLICANT and rules.is_told_step(
        row.action, only_state=item.is_restricted or item.identity_hidden
    )


def _event(row: ApplicationEvent, *, is_told: bool) -> dict[str, Any]:
    who = str(row.actor) if row.actor else _("System")
    if row.deputy_for is not None:
        who = _("%(who)s, in place of %(name)s (vekâleten)", who=who, name=row.deputy_for)
    return {
        "label": formats.translated(rules.step_label(row.action)),
        "tone": {"ok": "is-ok", "wait": "is-warn", "bad": "is-bad", "info": "is-key"}.get(
            rules.step_tone(row.action), ""
        ),
        "at": format_datetime(row.at, lang=formats.language()),
        "who": " · ".join([who, *_unit_of(row)]),
        "note": "\n".join(part for part in (moved_days(row.details), row.note) if part),
        "shown": is_told,
    }
