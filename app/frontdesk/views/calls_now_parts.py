"""What the call screen draws: the bar of the live call, the caller's cases, the day and the shift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.applications import queries as cases
from app.applications import rules as case_rules
from app.applications.models import Application
from app.core import clock
from app.core.acting import Actor
from app.core.identifiers import mask_phone
from app.core.text import excerpt, format_date, format_number, format_percent, initials
from app.core.views import formats
from app.core.views.page import Button, Cell
from app.frontdesk.models import Call, KnowledgeItem
from app.frontdesk.queries import calls_now, knowledge, shifts
from app.frontdesk.rules.calls import (
    DIRECTION_LABELS,
    ON_LINE,
    PHASE_LABELS,
    PHASE_TONES,
    RESULT_LABELS,
    CallPhase,
    CallSource,
)
from app.frontdesk.rules.calls_say import sentence_for
from app.frontdesk.rules.shifts import SHIFT_KIND_LABELS, ShiftKind, written_span
from app.frontdesk.views.calls_cells import (
    case_cell,
    clock_text,
    name_of,
    number_text,
    result_cell,
    seconds_text,
)
from app.frontdesk.views.knowledge_cells import KnowledgeRow, knowledge_rows
from app.people.models import Citizen
from app.people.queries import find_citizens
from app.system.queries import get_number

#: How many cases of a caller the screen names; the list has all of them.
_CASES = 12


@dataclass(frozen=True)
class Case:
    """A case of the caller with what is told about it."""

    pk: int
    number: str
    subject: str
    sub: str
    state: Cell
    due: Cell
    said: str
    #: Opened by somebody else and joined by the caller, who learns its state and nothing of the other.
    is_joined: bool = False


@dataclass(frozen=True)
class Candidate:
    """Somebody who has the caller's number."""

    pk: int
    name: str
    sub: str


def act_url(act: str, call: Call, **more: Any) -> str:
    """The address of something that is done with a call."""
    return url_for("CallNowView.act", act=act, pk=call.id, **more)


# --- the bar -------------------------------------------------------------------------------------------
def bar_of(call: Call) -> dict[str, Any]:
    """Who calls, for how long, and what the hand may do with it."""
    since = call.answered_at or call.started_at
    if call.phase is CallPhase.WRAP and call.ended_at is not None:
        since = call.ended_at
    person = call.citizen
    title = name_of(person) if person is not None else number_text(call)
    badges = [
        Cell(
            "badge",
            formats.translated(PHASE_LABELS[call.phase]),
            tone=PHASE_TONES[call.phase],
        ),
        Cell("badge", formats.translated(DIRECTION_LABELS[call.direction]), tone="info"),
    ]
    if person is not None:
        badges.insert(0, Cell("badge", _("Number known"), tone="ok"))
    elif call.number:
        badges.insert(0, Cell("badge", _("Number not known")))
    if call.result is not None:
        badges.append(Cell("badge", formats.translated(RESULT_LABELS[call.result]), tone="ok"))
    return {
        "call": call,
        "title": title,
        "badges": badges,
        "seconds": max(int((clock.now() - since).total_seconds()), 0),
        "word": {
            CallPhase.RINGING: _("ringing"),
            CallPhase.WRAP: _("since the end"),
            CallPhase.HELD: _("on hold"),
        }.get(call.phase, _("on the telephone")),
        "sub": " · ".join(_bar_facts(call, person)),
        "buttons": _bar_buttons(call),
    }


def _bar_facts(call: Call, person: Citizen | None) -> list[str]:
    facts = [number_text(call)] if person is not None else []
    if person is not None:
        place = ", ".join(str(p) for p in (person.neighbourhood, person.district) if p is not None)
        facts += [place] if place else []
    if call.wait_seconds:
        facts.append(_("waited %(time)s in the queue", time=seconds_text(call.wait_seconds)))
    if call.queue:
        facts.append(_("queue %(queue)s", queue=call.queue))
    if call.notice_at is not None:
        facts.append(_("privacy notice read at %(time)s", time=clock_text(call.notice_at)))
    return facts


def _bar_buttons(call: Call) -> list[Button]:
    """By hand a call is held and ended here; a switch tells that by itself."""
    buttons = []
    if call.phase in ON_LINE and call.notice_at is None:
        buttons.append(Button(_("Notice read"), act_url("notice", call), "check", post=True))
    if call.source is CallSource.MANUAL and call.phase in ON_LINE:
        held = call.phase is CallPhase.HELD
        buttons.append(
            Button(
                _("Go on") if held else _("Hold"),
                act_url("resume" if held else "hold", call),
                "send" if held else "pause",
                post=True,
            )
        )
    if call.phase is not CallPhase.RINGING:
        buttons.append(
            Button(
                _("Transfer"),
                act_url("transfer", call),
                "send",
                post=True,
                confirm=_("The call ends here with the result “transferred”."),
                ask=("to", _("To whom: unit, institution or number"), True),
            )
        )
    if call.source is CallSource.MANUAL and call.phase in ON_LINE:
        buttons.append(
            Button(_("Hang up"), act_url("hangup", call), "phone", post=True, danger=True)
        )
    return buttons


# --- the caller ------------------------------------------------------------------------------------------
def desk_of(session: Any, call: Call, actor: Actor) -> dict[str, Any]:
    """The caller's cases, open ones first; without a person whoever has this number."""
    person = call.citizen
    listed: list[tuple[Application, bool]] = []
    if person is not None:
        listed = cases.list_cases_and_joined(session, person.id, limit=_CASES)
    opened = [pair for pair in listed if pair[0].state in case_rules.OPEN_STATES]
    closed = [pair for pair in listed if pair[0].state not in case_rules.OPEN_STATES]
    topics = {case.topic_id for case, _joined in opened if case.topic_id}
    new_url = url_for("IntakeView.new", call=call.id)
    if person is not None:
        new_url = url_for("IntakeView.new", call=call.id, citizen=person.id)
    items = knowledge.list_for_topics(session, topics, 4)
    return {
        "call": call,
        "person": person,
        "open": [_case(*pair) for pair in opened],
        "closed": [_case(*pair) for pair in closed],
        "closed_url": url_for("ApplicationView.list", tab="all", citizen=person.id)
        if person is not None
        else "",
        "candidates": _candidates(session, call) if person is None else [],
        "may_answer": call.phase is not CallPhase.RINGING,
        "new_url": new_url if actor.may("register", "Application") else "",
        "knowledge": _knowledge(items, topics),
        "knowledge_sub": ", ".join(sorted({str(c.topic.code) for c, _joined in opened if c.topic})),
        "lookup_url": url_for("LookupView.find", name="citizen"),
        "act": lambda act, **more: act_url(act, call, **more),
    }


def _knowledge(items: Sequence[KnowledgeItem], topics: set[int]) -> list[KnowledgeRow]:
    return knowledge_rows(items)


def _case(case: Application, is_joined: bool) -> Case:
    lead = case.lead_unit.short_name or case.lead_unit.name if case.lead_unit is not None else ""
    topic = f"{case.topic.code} {case.topic.name}" if case.topic is not None else ""
    parts = [case.number, format_date(case.received_on, lang=formats.language()), topic, lead]
    is_open = case.state in case_rules.OPEN_STATES
    return Case(
        pk=case.id,
        number=case.number,
        subject=case.subject,
        sub=" · ".join(part for part in parts if part),
        state=formats.labelled(case_rules.STATE_LABELS, case_rules.STATE_TONES)(case.state, case),
        due=formats.due(case.due_on) if is_open else formats.EMPTY,
        said=said_of(case, is_joined=is_joined),
        is_joined=is_joined,
    )


def said_of(case: Application, *, is_joined: bool = False) -> str:
    """What is told about a case on the telephone; the closing words are for its own applicant."""
    if case.state not in case_rules.OPEN_STATES:
        label = case_rules.OUTCOME_LABELS.get(case.outcome) if case.outcome else None
        words = [formats.translated(label)] if label else []
        if case.closing_note and not is_joined:
            words.append(excerpt(case.closing_note, 240))
        return ". ".join(words) or formats.translated(case_rules.STATE_LABELS[case.state])
    unit = case.lead_unit.name if case.lead_unit is not None else ""
    msgid = sentence_for(case.state, has_date=case.due_on is not None, has_unit=bool(unit))
    due = format_date(case.due_on, lang=formats.language()) if case.due_on else ""
    return str(_(msgid) % {"due": due, "unit": unit})


def _candidates(session: Any, call: Call) -> list[Candidate]:
    if not call.number:
        return []
    return [
        Candidate(one.id, name_of(one), str(one.district or mask_phone(one.phone)))
        for one in find_citizens(session, call.number, limit=6)
    ]


# --- beside ------------------------------------------------------------------------------------------------
def aside_of(session: Any, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """The level of the day, the shifts and who is on them."""
    today = now.date()
    day = calls_now.find_day(session, today)
    half = calls_now.find_since(session, now - dt.timedelta(minutes=30))
    goal = get_number(session, "call_goal_percent")
    within = get_number(session, "call_answer_seconds")
    level = day.service_level
    kind, shift_day = shifts.find_kind_at(session, now)
    people = shifts.count_shift_people(session, shift_day)
    start, end = shifts.find_span(session, kind, shift_day)
    return {
        "as_of": clock_text(now),
        "level": percent(level),
        "goal": percent(goal),
        "on_goal": level is not None and level >= goal,
        "has_level": level is not None,
        "half": percent(half.service_level),
        "within": within,
        "goal_plain": goal,
        "facts": [
            (_("Answered"), _number(day.answered), percent(day.answer_rate)),
            (_("Abandoned"), percent(day.abandon_rate), _number(day.abandoned)),
            (_("Average wait"), seconds_text(day.asa), ""),
            (_("A call takes"), seconds_text(day.aht), ""),
            (_("At first contact"), percent(day.fcr), ""),
        ],
        "chart_url": url_for("CallChart.spec", key="today") if actor.may("read", "Call") else "",
        "shifts": [
            _shift_tile(session, one, shift_day, people.get(one, 0), is_now=one is kind)
            for one in ShiftKind
        ],
        "shift_span": written_span(start, end),
        "colleagues": [_colleague(one) for one in shifts.list_on_duty(session, now)],
        "plan_url": url_for("ShiftView.week") if actor.may("read", "Shift") else "",
    }


def percent(value: float | None) -> str:
    """A share, or a dash where nothing was counted."""
    return "–" if value is None else format_percent(value, lang=formats.language())


def _number(value: int) -> str:
    return format_number(value, lang=formats.language())


def _shift_tile(
    session: Any, kind: ShiftKind, day: dt.date, people: int, *, is_now: bool
) -> dict[str, Any]:
    start, end = shifts.find_span(session, kind, day)
    return {
        "span": written_span(start, end),
        "label": formats.translated(SHIFT_KIND_LABELS[kind]),
        "people": _("%(n)s people", n=people),
        "is_now": is_now,
    }


def _colleague(one: shifts.OnDuty) -> dict[str, Any]:
    if one.phase is not None:
        state = Cell(
            "badge", formats.translated(PHASE_LABELS[one.phase]), tone=PHASE_TONES[one.phase]
        )
    elif one.is_signed_in:
        state = Cell("badge", _("Ready"), tone="ok")
    else:
        state = Cell("badge", _("Not begun yet"))
    return {"name": one.name, "initials": initials(one.name), "seat": one.seat, "state": state}


def recent_of(session: Any, actor: Actor) -> list[dict[str, Any]]:
    """The actor's last calls as a small table."""
    rows = []
    for call in calls_now.list_recent(session, actor):
        about = case_cell(None, call)
        if call.application is None:
            title = call.knowledge.title if call.knowledge is not None else excerpt(call.note, 60)
            about = Cell("text", title) if title else formats.EMPTY
        rows.append(
            {
                "time": clock_text(call.started_at),
                "url": url_for("CallView.show", pk=call.id),
                "number": number_text(call),
                "about": about,
                "talk": seconds_text(call.talk_seconds),
                "result": result_cell(None, call),
            }
        )
    return rows
