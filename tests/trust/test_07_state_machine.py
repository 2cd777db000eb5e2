"""Promise 7: the state machine cannot be skipped, neither in the rules nor through the services."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import Application, ApplicationEvent, Reply
from app.applications.rules import (
    Action,
    Channel,
    InadmissibleReason,
    Kind,
    Outcome,
    ReplyKind,
    State,
)
from app.core.rules import ConflictError, RuleViolation
from tests.applications import conftest as desk
from tests.applications.office import MONDAY, Office
from tests.applications.test_rules_transitions import LEGAL

# Fixtures of that folder: pytest finds them by the names they have here.
small_house, planted_house = desk.small_house, desk.planted_house
db, office = desk.db, desk.office

ROOT = Path(__file__).resolve().parents[2]


#: So many cases, and so many steps tried on each of them; the test counts both.
RUNS, STEPS_OF_A_RUN = 1000, 50

ACTIONS = list(Action)


def walk(tries: bytes) -> list[State]:
    """The states of one case to which somebody tries a step for every two bytes.

    The first byte says whether the unit has the case and whether, so that the case gets far, one of
    the steps offered in its state is taken instead of any at all; the second byte says which. A
    refused step moves nothing.
    """
    path = [State.DRAFT]
    for how, which in zip(tries[::2], tries[1::2], strict=True):
        at_unit, is_offered = bool(how & 1), bool(how & 2)
        offered = rules.allowed_actions(path[-1], rules.VERBS, at_unit=at_unit)
        if is_offered and offered:
            action = offered[which % len(offered)].action
        else:
            action = ACTIONS[which % len(ACTIONS)]
        try:
            path.append(rules.next_state(path[-1], action, at_unit=at_unit))
        except RuleViolation:
            assert not (is_offered and offered), "an offered step was refused"
    return path


def test_a_thousand_cases_of_fifty_steps_never_leave_the_facts():
    runs, steps, seen = 0, 0, set()

    @settings(
        max_examples=RUNS, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.binary(min_size=2 * STEPS_OF_A_RUN, max_size=2 * STEPS_OF_A_RUN))
    def one_case(tries: bytes) -> None:
        nonlocal runs, steps
        path = walk(tries)
        assert set(path) <= set(State)
        assert all(move in LEGAL for move in pairwise(path))
        runs += 1
        steps += len(tries) // 2
        seen.update(path)

    one_case()
    assert runs >= RUNS
    assert steps >= RUNS * STEPS_OF_A_RUN
    # The walks get nearly everywhere; the rarest state may be missed by chance.
    assert len(set(State) - seen) <= 2


# --- the same through the services -----------------------------------------------------------------
WHO = (
    "manager",
    "head",
    "chief",
    "operator",
    "desk",
    "foi",
    "cimer",
    "liaison_a",
    "head_a",
    "liaison_b",
    "auditor",
)
Step = Callable[[Any, Office, Application, Any, dt.datetime], object]


def _on(name: str, **values: Any) -> Step:
    def step(
        session: Any, office: Office, case: Application, actor: Any, now: dt.datetime
    ) -> object:
        return getattr(services, name)(session, application=case, actor=actor, now=now, **values)

    return step


def _on_letter(name: str, **values: Any) -> Step:
    def step(
        session: Any, office: Office, case: Application, actor: Any, now: dt.datetime
    ) -> object:
        letters = select(Reply).where(Reply.application_id == case.id).order_by(Reply.id.desc())
        reply = session.scalars(letters).first()
        return (
            None
            if reply is None
            else getattr(services, name)(session, reply=reply, actor=actor, now=now, **values)
        )

    return step


def _assign(lead: str, *others: str) -> Step:
    def step(
        session: Any, office: Office, case: Application, actor: Any, now: dt.datetime
    ) -> object:
        units = [getattr(office, other).id for other in others]
        lead_id = getattr(office, lead).id if lead else None
        return services.assign(
            session, application=case, unit_ids=units, lead_unit_id=lead_id, actor=actor, now=now
        )

    return step


def _merge(session: Any, office: Office, case: Application, actor: Any, now: dt.datetime) -> object:
    master = session.scalars(select(Application.id).where(Application.id != case.id)).first()
    return services.merge(session, application=case, master_id=master, actor=actor, now=now)


def _resend(
    session: Any, office: Office, case: Application, actor: Any, now: dt.datetime
) -> object:
    return services.receive_resend(
        session, application=case, actor=actor, now=now, at=now, text="x",
        reason=rules.ResendReason.UNSATISFIED,
    )  # fmt: skip


def _enter(session: Any, office: Office, case: Application, actor: Any, now: dt.datetime) -> object:
    return services.mark_entered(session, application=case, at=now, actor=actor, now=now)


def _by_hand(state: State) -> Step:
    def step(
        session: Any, office: Office, case: Application, actor: Any, now: dt.datetime
    ) -> object:
        before = case.state
        case.state = state
        session.flush()
        assert case.state == before, "a state was set by hand"
        return None

    return step


STEPS: dict[str, Step] = {
    "take_to_triage": _on("take_to_triage"),
    "assign_a": _assign("a"),
    "assign_a_and_b": _assign("a", "b"),
    "ask_b_too": _assign("", "b"),
    "accept": _on("accept"),
    "return": _on("return_to_office", reason="x"),
    "schedule": _on("schedule", planned_on=dt.date(2026, 12, 1), note="x"),
    "start_work": _on("start_work"),
    "ask": _on("request_information", note="x"),
    "learn": _on("receive_information", note="x"),
    "want_time": _on("request_extension", reason="x"),
    "give_time": _on("grant_extension"),
    "refuse_time": _on("refuse_extension", reason="x"),
    "fee": _on("demand_fee", note="x"),
    "paid": _on("receive_fee"),
    "fee_withdrawn": _on("withdraw_fee", reason="x"),
    "unpaid": _on("deem_withdrawn"),
    "answer": _on("answer_by_unit", answer_text="x", outcome=Outcome.RESOLVED),
    "send_back": _on("send_back", reason="x"),
    "draft": _on("draft_reply", body="x", outcome=Outcome.RESOLVED),
    "draft_progress": _on("draft_reply", body="x", kind=ReplyKind.PROGRESS),
    "draft_notice": _on("draft_reply", body="x", kind=ReplyKind.EXTENSION_NOTICE),
    "submit": _on_letter("submit_reply"),
    "approve": _on_letter("approve_reply"),
    "give_back": _on_letter("send_back_reply", note="x"),
    "recall": _on("recall_reply", reason="x"),
    "take_back": _on_letter("take_back_reply", note="x"),
    "send": _on_letter("send_reply"),
    "close": _on("close"),
    "first_contact": _on("close_first_contact", note="x"),
    "no_reply": _on("close_no_reply"),
    "reopen": _on("reopen", reason="x"),
    "withdraw": _on("withdraw", note="x"),
    "reject": _on("reject", reason="x", article="m.7"),
    "inadmissible": _on(
        "declare_inadmissible", inadmissible_reason=InadmissibleReason.JUDICIAL_MATTER
    ),
    "appeal": _on("appeal", note="x"),
    "discard": _on("discard"),
    "merge": _merge,
    "unmerge": _on("unmerge", reason="x"),
    "resend": _resend,
    "enter": _enter,
    "note": _on("add_note", text="x"),
    "other_kind": _on("change_details", values={"kind": "complaint"}),
    **{f"by_hand_{state}": _by_hand(state) for state in State},
}


def machine_for(
    session: Any, office: Office, channel: Channel, taken: Counter[str]
) -> type[RuleBasedStateMachine]:
    """A machine that lets anybody try any service on one case, in any order; steps that led are counted."""

    class Desk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.savepoint = session.begin_nested()
            self.now = MONDAY
            from_cimer = channel is Channel.CIMER
            self.case = office.register(
                who="cimer" if from_cimer else "operator", kind=Kind.INFORMATION, channel=channel,
                external_ref="2611223344" if from_cimer else None,
            )  # fmt: skip
            self.pk = self.case.id

        @rule(name=st.sampled_from(sorted(STEPS)), who=st.sampled_from(WHO), days=st.integers(0, 3))
        def anybody_tries_anything(self, name: str, who: str, days: int) -> None:
            self._try(name, who, days)

        @rule(data=st.data())
        def somebody_does_what_is_open(self, data: st.DataObject) -> None:
            useful = {
                State.REGISTERED: ("assign_a", "assign_a_and_b", "take_to_triage"),
                State.TRIAGE: ("assign_a", "letter", "reject"),
                State.ASSIGNED: ("accept", "accept", "return"),
                State.IN_PROGRESS: ("answer", "answer", "want_time", "ask", "fee", "schedule"),
                State.RETURNED: ("take_to_triage", "assign_a"),
                State.INFO_REQUESTED: ("learn", "no_reply"),
                State.FEE_PENDING: ("paid", "paid", "fee_withdrawn"),
                State.SCHEDULED: ("start_work", "answer"),
                State.UNIT_ANSWERED: ("letter", "letter", "send_back"),
                State.EXTENSION_REQUESTED: ("notice", "give_time", "refuse_time"),
                State.REPLY_APPROVED: ("send", "enter"),
                State.ANSWERED: ("close", "reopen", "resend"),
                State.REJECTED: ("appeal", "close"),
                State.CLOSED: ("reopen",),
            }.get(self.case.state, ("close", "unmerge"))
            name = data.draw(st.sampled_from(useful))
            if name in {"letter", "notice"}:
                draft = "draft" if name == "letter" else "draft_notice"
                for part, who in (
                    (draft, "chief"),
                    ("submit", "chief"),
                    ("approve", "manager"),
                    ("send", "chief"),
                ):
                    self._try(part, who, 0)
                return
            for who in ("chief", "manager", "liaison_a", "liaison_b", "foi", "cimer"):
                if self._try(name, who, 0):
                    return

        def _try(self, name: str, who: str, days: int) -> bool:
            self.now += dt.timedelta(days=days)
            before, count = self.case.state, self._count()
            try:
                with session.begin_nested():
                    STEPS[name](session, office, self.case, office.actor(who), self.now)
                    session.flush()
            except (RuleViolation, ConflictError):
                session.expire_all()
                self.case = session.get(Application, self.pk)
                assert self.case.state == before, "a refused step moved the case"
                assert self._count() == count, "a refused step left a trace"
                return False
            session.expire_all()
            self.case = session.get(Application, self.pk)
            taken[name] += 1
            return True

        def _count(self) -> int:
            rows = select(ApplicationEvent.id).where(ApplicationEvent.application_id == self.pk)
            return len(session.scalars(rows).all())

        @invariant()
        def the_timeline_explains_the_state(self) -> None:
            rows = session.execute(
                select(
                    ApplicationEvent.from_state,
                    ApplicationEvent.to_state,
                    ApplicationEvent.actor_id,
                )
                .where(
                    ApplicationEvent.application_id == self.pk,
                    ApplicationEvent.to_state.is_not(None),
                )
                .order_by(ApplicationEvent.id)
            ).all()
            assert rows[0][:2] == (None, State.REGISTERED)
            assert all((a, b) in LEGAL for a, b, _ in rows[1:])
            assert all(one[1] == two[0] for one, two in pairwise(rows))
            assert rows[-1][1] == self.case.state

        @invariant()
        def the_clock_fits_the_state(self) -> None:
            case = self.case
            if case.state in rules.OPEN_STATES:
                assert case.answered_at is None
                assert case.closed_at is None
                assert case.on_time is None
            if case.state is State.FEE_PENDING:
                # A notice that comes after the last day interrupts nothing: the case stays late.
                assert case.due_on is None or case.due_on < self.now.date()
            elif case.rule_key is not None:
                assert case.due_on is not None or case.state not in rules.OPEN_STATES
            if case.state in {State.ANSWERED, State.REJECTED}:
                assert case.answered_at is not None

        def teardown(self) -> None:
            self.savepoint.rollback()
            session.expire_all()

    return Desk


@pytest.mark.parametrize(("channel", "runs"), [(Channel.WEB, 14), (Channel.CIMER, 6)])
def test_no_service_leads_where_the_table_does_not(db, office, channel, runs):
    office.register()
    db.flush()
    taken: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: machine_for(db, office, channel, taken)(),
        settings=settings(
            max_examples=runs, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate),
        ),
    )  # fmt: skip
    # Whoever only refuses proves nothing: many services must have led somewhere.
    assert len(taken) > 8, taken
    assert taken.total() > runs * 3, taken
