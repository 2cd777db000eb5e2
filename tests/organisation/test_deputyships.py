"""Deputyship (vekâlet): no overlap, no circle, and rights that begin and end at midnight."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import g
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock
from app.core.acting import Actor, Mandate
from app.core.rules import RuleViolation
from app.organisation import queries, services
from app.organisation.models import Deputyship, StaffUser
from app.organisation.rules import (
    DEPUTY_ACT_LABELS,
    DeputyAct,
    StandIn,
    acts_of,
    circle_violations,
    deputyship_violations,
    overlap_violations,
    verbs_of_acts,
)
from app.system.models import Notification

DAY = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 12))
MONDAY = dt.date(2026, 3, 16)


@st.composite
def stand_ins(draw, people=4):
    first, second = draw(DAY), draw(DAY)
    return StandIn(
        draw(st.integers(1, people)),
        draw(st.integers(1, people)),
        min(first, second),
        max(first, second),
        draw(st.integers(100, 10_000)),
    )


def days(one: StandIn):
    return {one.from_on + dt.timedelta(days=n) for n in range((one.to_on - one.from_on).days + 1)}


# --- rules ---------------------------------------------------------------------------------------------
@given(stand_ins(), st.lists(stand_ins(), max_size=5))
def test_one_person_has_at_most_one_deputy_on_a_day(new, others):
    clash = any(
        o.principal_id == new.principal_id and o.pk != new.pk and days(o) & days(new)
        for o in others
    )
    assert bool(list(overlap_violations(new, others))) == clash


@given(stand_ins(), stand_ins())
def test_days_that_two_share_are_the_same_from_both_sides(one, two):
    shared = days(one) & days(two)
    span = one.overlap(two)
    assert span == two.overlap(one)
    assert (span is None) == (not shared)
    if span is not None:
        assert span == (min(shared), max(shared))


def leads_back(new, others, day):
    """Whether on this day a walk from the deputy of `new` comes back to its principal."""
    here, seen = new.deputy_id, set()
    while here not in seen:
        if here == new.principal_id:
            return True
        seen.add(here)
        following = [o for o in others if o.principal_id == here and day in days(o)]
        if not following:
            return False
        here = following[0].deputy_id
    return False


@given(stand_ins(), st.lists(stand_ins(), max_size=5, unique_by=lambda one: one.pk))
def test_a_circle_is_one_that_stands_on_some_day(new, others):
    others = [o for o in others if o.principal_id != o.deputy_id and o.pk != new.pk]
    # One deputy a day, as the house keeps it.
    kept = []
    for other in others:
        if not list(overlap_violations(other, kept)):
            kept.append(other)
    if new.principal_id == new.deputy_id or list(overlap_violations(new, kept)):
        return
    expected = any(leads_back(new, kept, day) for day in days(new))
    assert bool(list(circle_violations(new, kept))) == expected


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"deputy": 2}, "principal"),
        ({"principal": 1}, "deputy"),
        ({"principal": 1, "deputy": 1}, "deputy"),
        (
            {"principal": 1, "deputy": 2, "from_on": MONDAY, "to_on": MONDAY - dt.timedelta(1)},
            "to_on",
        ),
        ({"principal": 1, "deputy": 2, "reason": " "}, "reason"),
        ({"principal": 1, "deputy": 2, "acts": "fly"}, "acts"),
    ],
)
def test_what_is_wrong_with_a_deputyship(values, field):
    assert field in {v.field for v in deputyship_violations(values)}


def test_acts_hand_over_what_they_name_and_what_must_be_seen():
    assert verbs_of_acts(" ") is None
    assert acts_of("approve unit") == {DeputyAct.APPROVE, DeputyAct.UNIT}
    verbs = verbs_of_acts("approve")
    assert {"approve", "initial", "read"} <= verbs
    assert not {"reject", "assign", "write", "answer"} & verbs
    assert set(DEPUTY_ACT_LABELS) == set(DeputyAct)
    # A limit that nobody can read is still a limit.
    assert acts_of("fly") == frozenset()
    assert "approve" not in (verbs_of_acts("fly") or {"approve"})


# --- the actor -----------------------------------------------------------------------------------------
OWN = Actor(
    user_id=2, name="Tülay", roles=frozenset({"chief"}),
    grants=frozenset({("can_reply", "Application"), ("can_read", "Application")}),
    unit_ids=frozenset({7}),
)  # fmt: skip
MANDATE = Mandate(
    1, "Nermin", roles=frozenset({"branch_mgr"}),
    grants=frozenset({("can_approve", "Application"), ("can_read", "Application")}),
    unit_ids=frozenset({7, 8}),
)  # fmt: skip


def test_a_deputy_has_both_rights_and_the_own_come_first():
    both = OWN.standing_in([MANDATE])
    assert both.may("approve", "Application")
    assert both.may("reply", "Application")
    assert not both.own.may("approve", "Application")
    assert both.unit_ids == {7, 8}
    assert both.mandate_for(["reply"], "Application") is None
    assert both.mandate_for(["approve"], "Application") is MANDATE
    assert both.mandate_for(["read"], "Application", unit_id=8) is MANDATE
    assert both.mandate_for(["read"], "Application", unit_id=7) is None
    assert OWN.standing_in([]) is OWN


# --- services --------------------------------------------------------------------------------------------
@pytest.fixture
def people(session):
    return {
        user.username: user
        for user in session.scalars(
            select(StaffUser).where(StaffUser.username.in_(["baskan", "sef", "masa", "cimer"]))
        )
    }


def deputyship(session, people, who, deputy, first, last, acts=""):
    return services.settle_deputyship(
        session,
        deputyship=Deputyship(
            principal_id=people[who].id, deputy_id=people[deputy].id, from_on=first, to_on=last,
            reason="Yıllık izin", acts=acts, active=True,
        ),
    )  # fmt: skip


def test_both_are_told_and_the_rights_are_renewed(session, people):
    row = deputyship(session, people, "baskan", "sef", MONDAY, MONDAY)
    told = set(
        session.scalars(
            select(Notification.user_id).where(
                Notification.owner_type == "Deputyship", Notification.owner_id == row.id
            )
        )
    )
    assert told == {people["baskan"].id, people["sef"].id}


def test_a_second_deputy_and_a_circle_are_refused(session, people):
    deputyship(session, people, "baskan", "sef", MONDAY, MONDAY + dt.timedelta(5))
    with pytest.raises(RuleViolation):
        deputyship(
            session, people, "baskan", "masa", MONDAY + dt.timedelta(5), MONDAY + dt.timedelta(9)
        )
    with pytest.raises(RuleViolation):
        deputyship(session, people, "sef", "baskan", MONDAY, MONDAY)
    deputyship(session, people, "sef", "masa", MONDAY, MONDAY)
    with pytest.raises(RuleViolation):
        deputyship(session, people, "masa", "baskan", MONDAY, MONDAY)
    assert deputyship(
        session, people, "masa", "baskan", MONDAY + dt.timedelta(6), MONDAY + dt.timedelta(6)
    )


def test_who_comes_back_early_takes_the_post_back(session, people):
    row = deputyship(session, people, "baskan", "sef", MONDAY, MONDAY + dt.timedelta(9))
    services.end_deputyship(session, deputyship=row, today=MONDAY + dt.timedelta(2))
    assert row.to_on == MONDAY + dt.timedelta(1)
    with pytest.raises(RuleViolation):
        services.end_deputyship(session, deputyship=row, today=MONDAY + dt.timedelta(5))
    same_day = deputyship(
        session, people, "baskan", "sef", MONDAY + dt.timedelta(20), MONDAY + dt.timedelta(21)
    )
    services.end_deputyship(session, deputyship=same_day, today=MONDAY + dt.timedelta(20))
    assert not same_day.active


@pytest.mark.parametrize(
    ("offset", "runs"), [(-1, False), (0, True), (1, True), (3, True), (4, False), (30, False)]
)
def test_it_runs_from_the_first_to_the_last_day(session, people, offset, runs):
    deputyship(session, people, "baskan", "sef", MONDAY, MONDAY + dt.timedelta(3))
    found = queries.find_running_deputyships(
        session, people["sef"].id, MONDAY + dt.timedelta(offset)
    )
    assert bool(list(found)) == runs


# --- the security manager ---------------------------------------------------------------------------------
def at(day: dt.date, hour: int, minute: int = 0):
    return lambda: dt.datetime.combine(day, dt.time(hour, minute, 59), clock.ISTANBUL)


def test_the_rights_begin_and_end_at_midnight_with_nobody_touching_a_thing(
    app, session, people, monkeypatch
):
    first, last = MONDAY, MONDAY + dt.timedelta(1)
    deputyship(session, people, "baskan", "sef", first, last)
    g.permission_stamp = "one"
    manager = app.extensions["appbuilder"].sm
    eve, after = first - dt.timedelta(1), last + dt.timedelta(1)
    # The same stamp all the time: what is kept must fall with the day alone.
    for moment, may in (
        (at(eve, 23, 59), False), (at(first, 0), True), (at(last, 23, 59), True), (at(after, 0), False),
    ):  # fmt: skip
        monkeypatch.setattr(clock, "now", moment)
        actor = manager.actor_of(people["sef"])
        assert actor.may("approve", "Application") == may, moment()
        assert manager._has_view_access(people["sef"], "can_approve", "Application") == may
        assert bool(actor.mandates) == may


def test_a_limited_deputyship_hands_over_no_more_than_its_acts(app, session, people, monkeypatch):
    monkeypatch.setattr(clock, "now", at(MONDAY, 9))
    deputyship(session, people, "baskan", "masa", MONDAY, MONDAY, acts="approve")
    g.permission_stamp = "two"
    actor = app.extensions["appbuilder"].sm.actor_of(people["masa"])
    (mandate,) = actor.mandates
    assert mandate.principal_id == people["baskan"].id
    assert mandate.until == MONDAY
    assert actor.may("approve", "Application")
    assert not actor.may("reject", "Application")
    assert not actor.may("write", "Deputyship")


def test_a_deputyship_is_not_handed_on(app, session, people, monkeypatch):
    monkeypatch.setattr(clock, "now", at(MONDAY, 9))
    deputyship(session, people, "baskan", "sef", MONDAY, MONDAY)
    deputyship(session, people, "sef", "masa", MONDAY, MONDAY)
    g.permission_stamp = "three"
    actor = app.extensions["appbuilder"].sm.actor_of(people["masa"])
    assert [m.principal_id for m in actor.mandates] == [people["sef"].id]
    assert not actor.may("approve", "Application")


def test_the_mandate_of_a_closed_account_gives_nothing(app, session, people, monkeypatch):
    monkeypatch.setattr(clock, "now", at(MONDAY, 9))
    deputyship(session, people, "baskan", "sef", MONDAY, MONDAY)
    people["baskan"].active = False
    session.flush()
    g.permission_stamp = "four"
    actor = app.extensions["appbuilder"].sm.actor_of(people["sef"])
    # Whoever is away for good is no principal any more.
    assert not actor.mandates


def test_the_list_says_what_is_in_force(client_as, session, people):
    today = clock.today()
    deputyship(session, people, "baskan", "sef", today, today + dt.timedelta(1))
    session.commit()
    page = client_as("yonetici").get("/deputyships/list/").text
    assert "Yürürlükte" in page
    assert "Hazırlama" not in page
