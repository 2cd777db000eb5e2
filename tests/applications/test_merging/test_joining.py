"""Joining, taking out and chains."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.applications import services
from app.applications.models import Application, Assignment, Reply
from app.applications.rules import Kind, State
from app.core.rules import RuleViolation
from app.system.models import Notification
from app.system.rules import NotificationState
from tests.applications.office import MONDAY, Office, day
from tests.applications.test_merging.support import merged, texts

STAMPS = {"version", "changed_at", "changed_by_id"}


# --- taking out -----------------------------------------------------------------------------------------
def columns(row: Any) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in type(row).__table__.columns if c.key not in STAMPS}


def everything(office: Office) -> dict[str, Any]:
    """All cases with their parts and what waits to leave, but not the timeline."""
    session = office.session
    session.flush()
    session.expire_all()
    waiting = select(Notification).where(Notification.state == NotificationState.WAITING)
    return {
        model.__name__: {row.id: columns(row) for row in session.scalars(select(model))}
        for model in (Application, Assignment, Reply)
    } | {"waiting": sorted(row.dedupe_key or "" for row in session.scalars(waiting))}


WAYS = (
    "register",
    "take_to_triage",
    "assign",
    "assign_two",
    "accept",
    "return",
    "schedule",
    "answer_info",
    "draft",
)


def take_some_way(office: Office, way: str) -> Application:
    session, chief, liaison = office.session, office.actor("chief"), office.actor("liaison_a")
    if way == "register":
        return office.register()
    if way in {"take_to_triage", "draft"}:
        case = services.take_to_triage(
            session, application=office.register(), actor=chief, now=MONDAY
        )
        if way == "draft":
            services.draft_reply(session, application=case, actor=chief, body="Taslak", now=MONDAY)
        return case
    if way == "assign":
        return office.assigned()
    if way == "assign_two":
        return office.assigned(others=(office.b.id,))
    case = office.at_work()
    if way == "return":
        services.return_to_office(session, application=case, reason="x", actor=liaison, now=MONDAY)
    elif way == "schedule":
        services.schedule(
            session,
            application=case,
            planned_on=dt.date(2026, 12, 1),
            note="x",
            actor=liaison,
            now=MONDAY,
        )
    elif way == "answer_info":
        services.request_information(session, application=case, note="x", actor=liaison, now=MONDAY)
        services.receive_information(session, application=case, note="x", actor=chief, now=MONDAY)
    return case


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_merge_that_is_undone_leaves_nothing_but_steps(
    office: Office, data: st.DataObject
) -> None:
    session, manager = office.session, office.actor("manager")
    savepoint = session.begin_nested()
    cases = [take_some_way(office, data.draw(st.sampled_from(WAYS))) for _ in range(4)]
    # Some stand merged before: a main case that is merged itself takes its group along.
    for case in cases[2:]:
        if data.draw(st.booleans()):
            services.merge(
                session, application=case, master_id=cases[0].id, actor=manager, now=day(17)
            )
    before = everything(office)
    done = []
    for case in data.draw(st.permutations([c for c in cases[:2] if c.state is not State.MERGED])):
        main = cases[1] if case is cases[0] else cases[0]
        try:
            with session.begin_nested():
                services.merge(
                    session, application=case, master_id=main.id, actor=manager, now=day(18)
                )
        except RuleViolation:
            continue
        done.append(case)
    assert done
    for case in reversed(done):
        services.unmerge(session, application=case, reason="Yanlış", actor=manager, now=day(19))
    assert everything(office) == before
    savepoint.rollback()
    session.expire_all()


def test_the_message_of_a_merge_that_has_left_is_followed_by_another(office: Office) -> None:
    main, session = office.at_work(), office.session
    case = merged(office, main)
    sent = next(row for row in office.messages(case, "sms") if row.template == "merge")
    sent.state = NotificationState.SENT
    session.flush()
    services.unmerge(session, application=case, reason="Yanlış", actor=office.actor("manager"))
    assert texts(office, case, "unmerge")
    assert case.state is State.REGISTERED


def test_the_units_of_a_duplicate_are_told_to_stop_and_to_go_on(office: Office) -> None:
    main, case = office.at_work(), office.at_work()
    services.merge(
        office.session, application=case, master_id=main.id, actor=office.actor("manager")
    )
    assert [row.state for row in office.assignments(case)] == ["cancelled"]
    assert "cancel" in {row.template for row in office.messages(case, "panel")}
    services.unmerge(
        office.session, application=case, reason="Yanlış", actor=office.actor("manager")
    )
    assert case.state is State.IN_PROGRESS
    assert [(row.state, row.returned_at) for row in office.assignments(case)] == [
        ("accepted", None)
    ]
    assert "restored" in {row.template for row in office.messages(case, "panel")}


# --- chains -----------------------------------------------------------------------------------------------
def test_a_main_case_that_is_merged_takes_its_group_along_and_back(office: Office) -> None:
    session, chief, manager = office.session, office.actor("chief"), office.actor("manager")
    first, second, third = office.register(), office.register(), office.register()
    a, b = merged(office, first), merged(office, first)
    services.merge(session, application=first, master_id=second.id, actor=chief)
    assert {a.master_id, b.master_id, first.master_id} == {second.id}
    services.merge(session, application=second, master_id=third.id, actor=chief)
    assert {x.master_id for x in (a, b, first, second)} == {third.id}
    # Who has left the group meanwhile does not come back with its old main case.
    services.unmerge(session, application=b, reason="Ayrı konu", actor=manager)
    services.unmerge(session, application=first, reason="Yanlış", actor=manager)
    assert (a.master_id, b.master_id, first.master_id) == (first.id, None, None)
    assert second.master_id == third.id
    services.unmerge(session, application=second, reason="Yanlış", actor=manager)
    assert a.master_id == first.id
    assert "repointed" in office.steps(a)


def test_what_cannot_be_merged_says_why(office: Office) -> None:
    session, chief = office.session, office.actor("chief")
    main = office.register()
    inside = merged(office, main)
    case = office.register()
    ended = services.withdraw(
        session, application=office.register(), note="Vazgeçti", actor=office.actor("manager")
    )
    for target, words in (
        (case, "with itself"),
        (inside, "merged itself"),
        (ended, "open or has been answered"),
    ):
        with pytest.raises(RuleViolation, match=words):
            services.merge(session, application=case, master_id=target.id, actor=chief)
    asked = office.register(kind=Kind.INFORMATION)
    with pytest.raises(RuleViolation, match="own kind"):
        services.merge(session, application=asked, master_id=main.id, actor=chief)
    own, other = (
        office.register(kind=Kind.KVKK, citizen={"id": c.id})
        for c in (office.citizen, office.other)
    )
    with pytest.raises(RuleViolation, match="somebody else"):
        services.merge(session, application=other, master_id=own.id, actor=chief)
    with pytest.raises(RuleViolation, match="You may not"):
        services.merge(
            session, application=office.at_work(), master_id=main.id, actor=office.actor("desk")
        )


def test_many_are_merged_at_once_and_each_stands_on_its_own(office: Office) -> None:
    cases = [office.register(), office.at_work(), office.unit_answered(), office.register()]
    results = services.merge_many(
        office.session,
        applications=cases,
        master_id=cases[1].id,
        actor=office.actor("manager"),
        now=day(17),
    )
    assert [r.application.id for r in results if r.is_merged] == [cases[0].id, cases[3].id]
    (refused,) = [r for r in results if not r.is_merged]
    assert refused.application is cases[2]
    assert "cannot be done" in refused.violations[0].message
    assert cases[2].state is State.UNIT_ANSWERED
