"""The cards of law 4982 on the page of an application: state, clock, decision, missing; appeals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import rules
from app.applications.models import Appeal, Application, InformationCase
from app.applications.queries import information as queries
from app.applications.rules import Action, Kind, State
from app.applications.rules import information as foi
from app.applications.rules.information import InformationDecision
from app.applications.views.information.appeals import (
    decision_due_cell,
    documents_cell,
    result_cell,
)
from app.applications.views.information.cases import decision_cell, money_cell
from app.applications.views.trail import trail_of
from app.core import clock
from app.core.acting import Actor
from app.core.calendar import Deadline, TrailKind
from app.core.rooms import Card
from app.core.text import format_date, format_number
from app.core.views import formats
from app.core.views.page import Button, Cell, Fact

Drawn = tuple[str, dict[str, Any]] | None


@dataclass(frozen=True)
class Step:
    """One step of the way: its words, what is noted below, past, now or to come."""

    label: str
    note: str
    css: str


@dataclass(frozen=True)
class Check:
    """Something that must be there before the letter may leave."""

    is_met: bool
    words: str


#: States in which the decision is what comes next.
_READY = frozenset({State.IN_PROGRESS, State.UNIT_ANSWERED})


def is_information(item: Application, actor: Actor) -> bool:
    """Whether the page has a place for the cards."""
    return item.kind is Kind.INFORMATION and actor.may("read", "InformationCase")


# --- the case --------------------------------------------------------------------------------------
def draw_case(session: Any, item: Application, actor: Actor) -> Drawn:
    """State, clock, decision with its articles, what is missing, and the ways on."""
    case = queries.find_information_case(session, item.id)
    if case is None:
        return None
    today = clock.today()
    deadline = Deadline.from_dict(item.due_trail) if item.due_trail else None
    silence = Deadline.from_dict(case.silence_trail) if case.silence_trail else None
    return "applications/card_information.html", {
        "case": case,
        "decision": decision_cell(None, case),
        "alarm": _alarm(item, case, today),
        "steps": _steps(item, case),
        "clock": _clock_facts(item, case, deadline, today),
        "silence": trail_of(silence, None) if silence is not None else None,
        "grounds": [(g.code, g.title) for g in case.grounds],
        "decision_facts": _decision_facts(case),
        "checks": _checks(item, case, today),
        "buttons": _buttons(item, case, actor, today),
    }


def _day(day: dt.date | None) -> str:
    return format_date(day, lang=formats.language()) if day is not None else ""


def _alarm(item: Application, case: InformationCase, today: dt.date) -> tuple[str, str] | None:
    """Tone and words of the nearest alarm; silence outweighs the letter."""
    if item.state not in rules.OPEN_STATES:
        return None
    if case.silence_on is not None and case.silence_on < today:
        return "bad", _(
            "Silence counts as a refusal since %(day)s (2577 art. 10). The applicant may appeal; the answer is still owed.",
            day=_day(case.silence_on),
        )
    if case.silence_on is not None:
        days = (case.silence_on - today).days
        if days <= foi.SILENCE_SOON_DAYS:
            return "warn", _(
                "Silence alarm, %(n)s days: on %(day)s silence turns into a refusal (2577 art. 10). Give now what is ready, or answer.",
                n=days,
                day=_day(case.silence_on),
            )
    if case.withdrawal_proposed_on is not None:
        return "warn", _(
            "The fee was not paid by %(day)s. Confirm that the request counts as withdrawn (4982 art. 11).",
            day=_day(case.fee_pay_by),
        )
    is_told = case.extension_notified_on is not None or item.is_extended
    if case.alarm_on is not None and case.alarm_on <= today and not is_told:
        if case.notice_by is not None and today > case.notice_by:
            return "bad", _(
                "The fifteen working days ended on %(day)s; an extension is no longer possible. Answer now.",
                day=_day(case.notice_by),
            )
        return "warn", _(
            "Neither answer nor extension letter has left; the letter is possible until %(day)s (4982 art. 11).",
            day=_day(case.notice_by),
        )
    return None


def _steps(item: Application, case: InformationCase) -> list[Step]:
    """The way of this request; fee and extension stand in it only where they happened."""
    steps = [Step(_("Registration"), _day(case.received_on), "is-past")]
    if case.fee_notified_on is not None:
        money = money_cell(case.fee_amount, case).text if case.fee_amount is not None else ""
        told = ", ".join(part for part in (_day(case.fee_notified_on), money) if part)
        steps.append(Step(_("Fee notice"), told, "is-past"))
        paid = _day(case.fee_paid_on)
        waiting = _("until %(day)s", day=_day(case.fee_pay_by))
        css = "is-past" if paid else ("is-now" if item.state is State.FEE_PENDING else "")
        steps.append(Step(_("Payment"), paid or waiting, css))
    if case.extension_reason is not None or item.is_extended:
        left = _day(case.extension_notified_on)
        css = "is-past" if left else ("is-now" if item.state is State.EXTENSION_REQUESTED else "")
        steps.append(Step(_("Extension letter"), left or _("waiting"), css))
    is_final = case.decided_on is not None
    is_drafted = case.decision is not None
    drafted = _("drafted") if is_drafted else _("waiting")
    now = "" if any(s.css == "is-now" for s in steps) or is_final else "is-now"
    steps.append(
        Step(_("Decision"), _day(case.decided_on) or drafted, "is-past" if is_final else now)
    )
    steps.append(
        Step(_("Letter"), _day(case.decided_on) or _("waiting"), "is-past" if is_final else "")
    )
    return steps


def _clock_facts(
    item: Application, case: InformationCase, deadline: Deadline | None, today: dt.date
) -> list[Fact]:
    """Day of the clock, days held, extension, alarm, silence; in words beside the calendar."""
    lang = formats.language()
    facts = []
    if deadline is not None and item.state in rules.OPEN_STATES:
        number = next(
            (d.number for d in reversed(deadline.trail) if d.number is not None and d.on <= today),
            0,
        )
        words = _("working day %(n)s of %(days)s", n=number, days=deadline.days)
        facts.append(Fact(_("Time"), Cell("text", words)))
    if deadline is not None:
        held = sum(1 for d in deadline.trail if d.kind is TrailKind.HELD)
        if held:
            words = _("%(n)s working days (fee notice)", n=format_number(held, lang=lang))
            facts.append(Fact(_("Clock stopped"), Cell("text", words)))
    if item.is_extended:
        reason = case.extension_reason
        words = (
            formats.translated(foi.EXTENSION_REASON_LABELS[reason])
            if reason is not None
            else item.extension_reason
        )
        left = _("letter of %(day)s", day=_day(case.extension_notified_on))
        sub = left if case.extension_notified_on else _("no letter on record")
        facts.append(Fact(_("Extended"), Cell("text", words, sub=sub)))
        facts.append(Fact(_("Unless extended"), Cell("text", _day(case.notice_by))))
    elif item.state in rules.OPEN_STATES:
        facts.append(Fact(_("Extension letter until"), Cell("text", _day(case.notice_by) or "–")))
    if item.state in rules.OPEN_STATES and case.silence_on is not None:
        facts.append(Fact(_("Silence"), formats.due(case.silence_on)))
    return facts


def _decision_facts(case: InformationCase) -> list[Fact]:
    """What was decided beyond its articles."""
    facts = []
    if case.reason:
        facts.append(Fact(_("Reason"), Cell("lines", case.reason), wide=True))
    if case.removed:
        facts.append(Fact(_("Removed or separated"), Cell("lines", case.removed), wide=True))
    if case.access_form is not None:
        form = formats.translated(foi.ACCESS_FORM_LABELS[case.access_form])
        pages = (
            _("%(n)s pages", n=format_number(case.pages, lang=formats.language()))
            if case.pages
            else ""
        )
        facts.append(
            Fact(_("Form of access"), Cell("text", ", ".join(p for p in (form, pages) if p)))
        )
    if case.published is not None:
        url = url_for("PublishedInformationView.show", pk=case.published.id)
        facts.append(Fact(_("Published information"), Cell("link", case.published.title, url=url)))
    if case.fee_notified_on is not None:
        words = (
            _("paid on %(day)s", day=_day(case.fee_paid_on))
            if case.fee_paid_on
            else _("to be paid by %(day)s", day=_day(case.fee_pay_by))
        )
        money = money_cell(case.fee_amount, case).text if case.fee_amount is not None else "–"
        facts.append(Fact(_("Cost of access"), Cell("text", money, sub=words)))
    if case.consent_asked_on is not None:
        words = _("told on %(day)s", day=_day(case.consent_asked_on))
        sub = (
            _("consent of %(day)s", day=_day(case.consent_given_on))
            if case.consent_given_on
            else _("no consent yet")
        )
        facts.append(Fact(_("Person concerned (art. 21)"), Cell("text", words, sub=sub)))
    return facts


def _checks(item: Application, case: InformationCase, today: dt.date) -> list[Check]:
    """What is there and what is still missing, until the letter has left."""
    if case.decided_on is not None or item.state not in rules.OPEN_STATES:
        return []
    checks = [Check(case.decision is not None, _("decision drafted"))]
    decision = case.decision
    if decision in {InformationDecision.PARTIAL, InformationDecision.REFUSED}:
        checks.append(Check(bool(case.reason), _("reason given")))
        checks.append(Check(bool(case.articles), _("articles named")))
    if decision in foi.HOLDS_BACK:
        reply = case.reply
        checks.append(Check(bool(reply and reply.remedy), _("remedies in the letter")))
    if decision in foi.GIVES_ACCESS:
        checks.append(Check(case.access_form is not None, _("form of access")))
    if case.fee_notified_on is not None:
        checks.append(Check(case.fee_paid_on is not None, _("fee paid")))
    if case.consent_asked_on is not None:
        checks.append(Check(case.consent_given_on is not None, _("written consent")))
    if item.state is State.EXTENSION_REQUESTED or item.is_extended:
        checks.append(Check(case.extension_notified_on is not None, _("extension letter sent")))
    if decision is not None:
        reply = case.reply
        waits = reply is not None and reply.state in {
            rules.ReplyState.IN_APPROVAL,
            rules.ReplyState.APPROVED,
        }
        checks.append(Check(waits, _("letter sent for approval")))
    return checks


def _buttons(
    item: Application, case: InformationCase, actor: Actor, today: dt.date
) -> list[Button]:
    """The ways on from here for this actor; the decision is the first one."""
    if case.decided_on is not None or item.state not in rules.OPEN_STATES:
        return []
    buttons: list[Button] = []
    if actor.may("decide", "InformationCase"):
        label = _("Change the decision") if case.decision else _("Take the decision")
        buttons.append(
            Button(
                label,
                url_for("InformationCaseView.decide", application_id=item.id),
                "edit",
                primary=case.decision is None and item.state in _READY,
            )
        )
        if (
            item.state in {State.ASSIGNED, State.IN_PROGRESS, State.EXTENSION_REQUESTED}
            and not item.is_extended
        ):
            buttons.append(
                Button(
                    _("Extend to 30 working days"),
                    url_for("InformationCaseView.extend", application_id=item.id),
                    "clock",
                )
            )
        buttons.append(
            Button(
                _("Consent (art. 21)"),
                url_for("InformationCaseView.consent", application_id=item.id),
                "user",
            )
        )
    if actor.may("reply", "Application"):
        for action, label in (
            (Action.DEMAND_FEE, _("Demand the access fee")),
            (Action.RECEIVE_FEE, _("Fee paid")),
            (Action.WITHDRAW_FEE, _("Take the fee notice back")),
            (Action.DEEM_WITHDRAWN, _("Deem withdrawn: fee not paid")),
        ):
            is_late = foi.is_fee_overdue(item.state, case.fee_pay_by, today)
            if rules.find_transition(item.state, action) is None or (
                action is Action.DEEM_WITHDRAWN and not is_late
            ):
                continue
            url = url_for("WorkView.do", pk=item.id, action=action.value)
            buttons.append(Button(label, url))
    return buttons


# --- appeals -----------------------------------------------------------------------------------------
def draw_appeals(session: Any, item: Application, actor: Actor) -> Drawn:
    """Appeals about this request with their clocks, and the way to record one."""
    case = queries.find_information_case(session, item.id)
    appeals = queries.list_appeals_of(session, item.id)
    if case is None:
        return None
    is_silent = (
        item.state in rules.OPEN_STATES
        and case.silence_on is not None
        and case.silence_on < clock.today()
    )
    may_file = actor.may("write", "Appeal") and (case.decided_on is not None or is_silent)
    if not appeals and not may_file:
        return None
    others = (
        queries.list_appeals_of_citizen(session, item.citizen_id, without=item.id)
        if item.citizen_id and not item.identity_hidden
        else []
    )
    return "applications/card_appeal.html", {
        "appeals": [_appeal(appeal) for appeal in appeals],
        "others": [
            (
                appeal.application.number,
                url_for("ApplicationView.show", pk=appeal.application_id),
                result_cell(appeal.result, appeal),
            )
            for appeal in others
        ],
        "file_url": url_for("AppealView.file", pk=item.id) if may_file else "",
    }


def _appeal(appeal: Appeal) -> dict[str, Any]:
    facts = [
        Fact(_("Where"), Cell("text", formats.translated(foi.APPEAL_FORUM_LABELS[appeal.forum]))),
        Fact(_("Appealed on"), Cell("text", _day(appeal.filed_on))),
    ]
    if appeal.appeal_by is not None:
        in_time = _("in time") if appeal.is_in_time else _("too late")
        facts.append(Fact(_("Possible until"), Cell("text", _day(appeal.appeal_by), sub=in_time)))
    if appeal.documents_due_on is not None:
        facts.append(Fact(_("Documents due"), documents_cell(appeal.documents_due_on, appeal)))
    if appeal.decision_due_on is not None or appeal.decided_on is not None:
        label = _("Decided on") if appeal.decided_on else _("Board decides by")
        facts.append(Fact(label, decision_due_cell(appeal.decision_due_on, appeal)))
    if appeal.follow_up is not None:
        words = formats.translated(foi.FOLLOW_UP_LABELS[appeal.follow_up])
        facts.append(Fact(_("What followed"), Cell("text", words, sub=_day(appeal.followed_on))))
    return {
        "url": url_for("AppealView.show", pk=appeal.id),
        "title": appeal.file_no or _day(appeal.filed_on),
        "badge": result_cell(appeal.result, appeal),
        "facts": facts,
    }


CASE_CARD = Card("information", _l("Right to information (4982)"), draw_case, shown=is_information)
APPEAL_CARD = Card("appeal", _l("Appeals"), draw_appeals, shown=is_information, beside=True)
