"""Home pages by role: what waits for this person today, read in few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.applications import rules
from app.applications.models import Application, Assignment
from app.applications.queries import cimer, desks, figures, homes
from app.applications.queries.approvals import count_turns
from app.applications.rules.groups import ON_TIME_GOAL
from app.applications.views.conditions import applicant
from app.applications.views.feedback.home import call_back_card, satisfaction_tiles
from app.applications.views.home_parts import (
    Block,
    Tile,
    bad,
    cases_url,
    compared,
    count,
    head,
    new_button,
    percent,
    place_of,
    report_button,
    rows,
)
from app.applications.views.home_system import system_home
from app.applications.views.information.home import information_home
from app.core import clock
from app.core.acting import Actor
from app.core.text import (
    format_datetime,
    format_long_date,
)
from app.core.views import formats
from app.core.views.page import Button, Cell
from app.organisation.models import Unit


@dataclass(frozen=True)
class UnitRow:
    """One assignment in a list of the unit."""

    title: str
    sub: str
    url: str
    applicant: Cell
    sent: str
    due: Cell
    state: Cell
    person: str
    buttons: Sequence[Button]


# --- clerk, operator, desk -----------------------------------------------------------------------------
def desk_home(session: Any, actor: Actor) -> Block:
    """My open cases in due order, what I registered, what waits for us, whom to call: eight statements."""
    today = clock.today()
    own = homes.count_own(session, actor, today)
    day = desks.count_today(session, actor, today=today)
    office = None
    if actor.may("triage", "Application"):
        office = rows(desks.list_in_office(session, limit=8))
    tiles = [
        Tile(_("My open cases"), count(own["open"]), _("followed or registered by me")),
        Tile(
            _("Past the legal date"),
            count(own["overdue"]),
            _("of my open cases"),
            tone=bad(own["overdue"]),
        ),
        Tile(
            _("Due today"),
            count(own["due_today"]),
            _("%(n)s within seven days", n=count(own["due_week"])),
        ),
        Tile(
            _("Waiting for the applicant"), count(own["info"]), _("more information was asked for")
        ),
        Tile(
            _("Registered today"),
            count(day["own"]),
            _("%(n)s in the whole house", n=count(day["received"])),
            cases_url(tab="all", received_from=today.isoformat()),
        ),
        Tile(_("Answered today"), count(day["answered"]), _("in the whole house")),
    ]
    return "applications/home_desk.html", {
        **head(actor),
        "buttons": new_button(actor),
        "figures": tiles,
        "own": rows(desks.list_cases(session, homes.is_own(actor), limit=10)),
        "own_count": count(own["open"]) if own["open"] else "",
        "own_url": cases_url(tab="mine"),
        "registered": rows(desks.list_registered(session, actor, limit=8)),
        "registered_url": cases_url(tab="all", sort="-received_at"),
        "office": office,
        "office_count": "",
        "office_url": cases_url(tab="open"),
        **call_back_card(session, actor, today),
    }


# --- unit ------------------------------------------------------------------------------------------------
def unit_home(session: Any, actor: Actor) -> Block:
    """What was sent to the unit, what is late, what is at work: five statements."""
    today, units = clock.today(), actor.unit_ids
    n = homes.count_unit_work(session, units, today)
    this_month, last_month = month_spans(today)
    now, before = figures.find_answer_rates(session, [this_month, last_month])
    unit = session.get(Unit, actor.unit_id) if actor.unit_id else None
    tiles = [
        Tile(_("Waiting to be accepted"), count(n["new"]), _("to be taken within one working day"), sent_url(state="sent")),
        Tile(_("Past our date"), count(n["late"]), _("by the unit’s own clock"), late_of_unit(today), bad(n["late"])),
        Tile(_("Due today and tomorrow"), count(n["soon"]), _("%(n)s today", n=count(n["today"])), soon_of_unit(today)),
        Tile(_("At work"), count(n["work"]), _("%(n)s scheduled", n=count(n["scheduled"])), sent_url(state="accepted")),
        Tile(_("Waiting for the applicant"), count(n["info"]), _("more information was asked for"), cases_url(tab="all", state="info_requested")),
        Tile(_("In time, this month"), percent(now["rate"]), _("last month %(share)s", share=percent(before["rate"]))),
    ]  # fmt: skip
    rows = homes.list_assignments_of(
        session,
        units,
        {
            "new": (Assignment.state == rules.AssignmentState.SENT, 10),
            "work": (Assignment.state == rules.AssignmentState.ACCEPTED, 10),
            "late": (Assignment.due_on < today, 6),
        },
    )
    return "applications/home_unit.html", {
        **head(actor, extra=unit.name if unit is not None else ""),
        "figures": tiles,
        "new": [unit_row(item, actor) for item in rows["new"]],
        "new_count": count(n["new"]) if n["new"] else "",
        "work": [unit_row(item, actor) for item in rows["work"]],
        "work_count": count(n["work"]) if n["work"] else "",
        "work_url": sent_url(state="accepted"),
        "late": [late_row(item) for item in rows["late"]],
        "late_count": count(n["late"]) if n["late"] else "",
        "late_url": late_of_unit(today),
    }


def sent_url(**args: str) -> str:
    """The list of what the unit has to do; what came for information only is left out."""
    asked = [rules.AssignmentRole.LEAD.value, rules.AssignmentRole.ACTION.value]
    return url_for("AssignmentView.list", **{"tab": "open", "role": asked, **args})  # type: ignore[arg-type]


def late_of_unit(today: dt.date) -> str:
    """Live assignments past the unit's own date."""
    return sent_url(due_to=(today - dt.timedelta(days=1)).isoformat())


def soon_of_unit(today: dt.date) -> str:
    """Live assignments due today or tomorrow."""
    tomorrow = today + dt.timedelta(days=1)
    return sent_url(due_from=today.isoformat(), due_to=tomorrow.isoformat())


def late_row(item: Assignment) -> tuple[str, str, str, Cell | None]:
    """A late assignment in a work list."""
    case = item.application
    parts = (case.number, place_of(case))
    url = url_for("ApplicationView.show", pk=case.id)
    return case.subject, " · ".join(p for p in parts if p), url, formats.due(item.due_on)


def unit_row(item: Assignment, actor: Actor) -> UnitRow:
    """An assignment with the steps that the unit takes from here."""
    case, lang = item.application, formats.language()
    code = case.topic.code if case.topic is not None else ""
    urgent = ""
    if case.priority in {rules.Priority.URGENT, rules.Priority.HIGH}:
        urgent = formats.translated(rules.PRIORITY_LABELS[case.priority])
    buttons = []
    home = [("next", url_for("HomeView.index"))]
    if item.state == rules.AssignmentState.SENT and actor.may("accept", "Application"):
        buttons.append(
            Button(_("Accept"), step_url(case, "accept"), "check", post=True, fields=home)
        )
        buttons.append(Button(_("Send back…"), step_url(case, "return_to_office")))
    elif actor.may("answer", "Application"):
        buttons.append(Button(_("Give the answer"), step_url(case, "unit_answer")))
    return UnitRow(
        title=case.subject,
        sub=" · ".join(p for p in (case.number, place_of(case), code, urgent) if p),
        url=url_for("ApplicationView.show", pk=case.id),
        applicant=applicant(None, case),
        sent=format_datetime(item.sent_at, lang=lang),
        due=formats.due(item.due_on),
        state=formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)(case.state, case),
        person=item.responsible.name if item.responsible is not None else "–",
        buttons=buttons,
    )


def step_url(case: Application, action: str) -> str:
    """The form of a step of a case; a POST takes the step."""
    return url_for("WorkView.do", pk=case.id, action=action)


# --- heads -------------------------------------------------------------------------------------------------
def month_spans(today: dt.date) -> tuple[tuple[dt.date, dt.date], tuple[dt.date, dt.date]]:
    """First and last day of this month so far, and of the month before."""
    first = today.replace(day=1)
    last_of_before = first - dt.timedelta(days=1)
    return (first, today), (last_of_before.replace(day=1), last_of_before)


def head_home(session: Any, actor: Actor) -> Block:
    """Figures, late cases by unit, approvals, the coming days: eight statements."""
    today = clock.today()
    n = homes.count_head(session, today, actor)
    turns = count_turns(session, actor)
    this_month, last_month = month_spans(today)
    now, before = figures.find_answer_rates(session, [this_month, last_month])
    due = homes.count_due_days(session, today)
    tiles = [
        Tile(_("Past the legal date"), count(n["overdue"]), _("of %(n)s open cases", n=count(n["open"])), cases_url(tab="overdue"), bad(n["overdue"])),
        Tile(_("Due this week"), count(n["due_week"]), _("%(n)s today", n=count(n["due_today"])), cases_url(tab="week")),
        Tile(_("Waiting for my approval"), count(turns["own"] + turns["deputy"]), approval_hint(turns, n), approvals_url(actor)),
        Tile(_("Received today"), count(n["received"]), _("%(n)s answered today", n=count(n["answered"])), cases_url(tab="all", received_from=today.isoformat())),
        Tile(_("Open"), count(n["open"]), _("%(n)s wait for the directorate", n=count(n["office"])), cases_url(tab="open")),
        Tile(_("In time, this month"), percent(now["rate"]), compared(now, before), url_for("ApplicationChart.charts"), of=percent(ON_TIME_GOAL)),
        *satisfaction_tiles(session, actor, n),
    ]  # fmt: skip
    late = [late_unit(row, today) for row in homes.list_late_units(session, today)]
    return "applications/home_head.html", {
        **head(actor),
        "buttons": [*report_button(actor), *new_button(actor)],
        "figures": tiles,
        "late": late,
        "late_most": max((row["late"] for row in late), default=0),
        "late_total": count(n["overdue"]) if n["overdue"] else "",
        "late_url": cases_url(tab="overdue"),
        "approvals": rows(desks.list_awaiting_approval(session, actor, limit=6)),
        "approval_count": count(n["approval"]) if n["approval"] else "",
        # Letters and requests for more time stand in one card; the tile above counts letters alone.
        "approval_sub": _("with %(n)s requests for more time", n=count(n["extension"]))
        if n["extension"] and n["approval"]
        else "",
        "approval_url": approvals_url(actor) or cases_url(tab="approval"),
        "week": week_tiles(due, today),
        "next": rows(desks.list_due_this_week(session, today, limit=5)),
        "week_count": count(n["due_week"]) if n["due_week"] else "",
        "week_url": cases_url(tab="week"),
        "chart_url": url_for("ApplicationChart.spec", key="daily"),
        "charts_url": url_for("ApplicationChart.charts"),
    }


def approvals_url(actor: Actor) -> str:
    """The list of letters whose turn it is, for those who may read it."""
    if not actor.may("read", "ApprovalStep"):
        return ""
    return url_for("ApprovalStepView.list", tab="turn")


def approval_hint(turns: dict[str, int], n: dict[str, int]) -> str:
    """What else waits: as a deputy, extensions, letters that wait for others."""
    if turns["deputy"]:
        return str(_("%(n)s of them as a deputy", n=count(turns["deputy"])))
    others = turns["all"] - turns["own"]
    if others:
        return str(_("%(n)s wait for others", n=count(others)))
    return str(_("%(n)s extensions", n=count(n["extension"])))


def late_unit(row: dict[str, Any], today: dt.date) -> dict[str, Any]:
    """A row of the late units with its words and the list behind it."""
    known = row["unit_id"] is not None
    return {
        **row,
        "unit": row["unit"] if known else _("No unit yet"),
        "oldest": formats.due(row["oldest"], today=today),
        "url": late_url(row["unit_id"], today) if known else "",
    }


def late_url(unit_id: int, today: dt.date) -> str:
    """The overdue cases of a unit and of those below it."""
    yesterday = (today - dt.timedelta(days=1)).isoformat()
    return cases_url(tab="all", state="open", unit=str(unit_id), due_to=yesterday)


def week_tiles(
    due: dict[dt.date, tuple[int, int]], today: dt.date
) -> list[tuple[str, str, str, str, str, bool]]:
    """The next five working days of the week as tiles, weekends only where something falls due."""
    lang = formats.language()
    tiles: list[tuple[str, str, str, str, str, bool]] = []
    for offset in range(7):
        day = today + dt.timedelta(days=offset)
        number, units = due.get(day, (0, 0))
        if not number and (day.weekday() > 4 or len(tiles) >= 5):
            continue
        word = (
            _("Today")
            if offset == 0
            else format_long_date(day, lang=lang).split()[-1 if lang == "tr" else 0]
        )
        url = cases_url(tab="all", state="open", due_from=day.isoformat(), due_to=day.isoformat())
        tiles.append(
            (
                word,
                day.strftime("%d.%m"),
                count(number),
                _("in %(n)s units", n=units),
                url,
                offset == 0,
            )
        )
    return tiles


# --- CİMER -------------------------------------------------------------------------------------------------
def cimer_home(session: Any, actor: Actor) -> Block:
    """The CİMER list in due order, what is to be entered there, what was sent again: seven statements."""
    today = clock.today()
    n = homes.count_cimer(session, today)
    there = cimer.count_for_cimer(session, today - dt.timedelta(days=30))
    this_month, last_month = month_spans(today)
    now, before = figures.find_answer_rates(session, [this_month, last_month], homes.of_cimer)
    tiles = [
        Tile(_("Open CİMER cases"), count(n["open"]), _("%(n)s restricted", n=count(n["restricted"])), cases_url(tab="cimer")),
        Tile(_("Past the legal date"), count(n["overdue"]), "", cases_url(tab="overdue", channel="cimer"), bad(n["overdue"])),
        Tile(_("Due this week"), count(n["due_week"]), _("%(n)s today", n=count(n["due_today"])), cases_url(tab="week", channel="cimer")),
        Tile(_("Answered by the unit"), count(n["answered"]), _("a reply has to be written"), cases_url(tab="all", channel="cimer", state="unit_answered")),
        Tile(_("In time, this month"), percent(now["rate"]), compared(now, before), of=percent(ON_TIME_GOAL)),
    ]  # fmt: skip
    last = there["newest"]
    more = [
        Tile(_("To be entered at CİMER"), count(there["to_enter"]), _("the answer is ready"), url_for("CimerAnswerView.list"), bad(there["to_enter"])),
        Tile(_("Sent again"), count(there["resent"]), _("in the last thirty days"), url_for("CimerExchangeView.list", tab="resent")),
        Tile(_("Open differences"), count(there["differences"]), _("in the last comparison") if last else _("nothing compared yet"), url_for("ReconciliationView.show", pk=last) if last else url_for("ReconciliationView.list"), bad(there["differences"])),
    ]  # fmt: skip
    return "applications/home_cimer.html", {
        **head(actor),
        "buttons": [*report_button(actor), *quick_entry_button(actor)],
        "more": more,
        "enter": rows(desks.list_cases(session, cimer.waits_for_entry(), limit=6)),
        "enter_count": count(there["to_enter"]) if there["to_enter"] else "",
        "enter_url": url_for("CimerAnswerView.list"),
        "figures": tiles,
        "open": rows(desks.list_cases(session, homes.is_open_cimer(), limit=12)),
        "open_count": count(n["open"]) if n["open"] else "",
        "open_url": cases_url(tab="cimer"),
        "answer": rows(desks.list_cases(session, homes.is_answered_cimer(), limit=8)),
        "answer_url": cases_url(tab="all", channel="cimer", state="unit_answered"),
    }


def quick_entry_button(actor: Actor) -> list[Button]:
    """The way to quick entry."""
    if not actor.may("write", "CimerExchange"):
        return new_button(actor)
    return [Button(_("Quick entry"), url_for("CimerEntryView.new"), "plus", primary=True, key="N")]


# --- the house ---------------------------------------------------------------------------------------------
def plain_home(session: Any, actor: Actor) -> Block:
    """A greeting for roles without a work list."""
    return "applications/home_plain.html", head(actor)


Home = Callable[[Any, Actor], Block]

#: Role → block; the first role in this order that a person holds decides. "*" is everybody else.
HOMES: dict[str, Home] = {
    "dept_head": head_home,
    "branch_mgr": head_home,
    "chief": head_home,
    "top_mgmt": head_home,
    "strategy_officer": head_home,
    "cimer_officer": cimer_home,
    "foi_officer": information_home,
    "unit_manager": unit_home,
    "unit_liaison": unit_home,
    "desk_officer": desk_home,
    "operator": desk_home,
    "clerk": desk_home,
    "sys_admin": system_home,
    "auditor": system_home,
    "*": plain_home,
}

__all__ = ["HOMES"]
