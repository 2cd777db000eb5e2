"""Who sees which rows, likely duplicates, work lists, counters and what a letter is filled with."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import aliased

from app.applications import queries, services
from app.applications.models import Application, ApplicationEvent, Assignment, Reply, ReplyTemplate
from app.applications.rules import Kind, Outcome, ReplyKind
from app.core.acting import ANONYMOUS, SYSTEM, acting_as
from tests.applications.office import MONDAY, day


@pytest.fixture
def cases(office, db):
    """One case of each sort: plain, at A, at B below, returned by A, CİMER, CİMER at A."""
    found = {"plain": office.register(), "at_a": office.unit_answered()}
    office.letter(found["at_a"], approve=False)
    below = office.register()
    services.assign(
        db,
        application=below,
        unit_ids=[],
        lead_unit_id=office.b_below.id,
        actor=office.actor("chief"),
    )
    gone = office.assigned()
    services.return_to_office(db, application=gone, reason="x", actor=office.actor("liaison_a"))
    found |= {"below_b": below, "returned_by_a": gone}
    found["cimer"] = office.register(who="cimer", channel="cimer", external_ref="1")
    found["cimer_at_a"] = office.register(who="cimer", channel="cimer", external_ref="2")
    services.assign(
        db,
        application=found["cimer_at_a"],
        unit_ids=[],
        lead_unit_id=office.a.id,
        actor=office.actor("cimer"),
    )
    db.flush()
    return found


ALL = {"plain", "at_a", "below_b", "returned_by_a", "cimer", "cimer_at_a"}
OPENLY = ALL - {"cimer", "cimer_at_a"}
#: Who sees what: the truth table of the row scope.
SEEN = {
    "manager": ALL,
    "head": ALL,
    "cimer": ALL,
    "auditor": ALL,
    "chief": OPENLY,
    "operator": OPENLY,
    "desk": OPENLY,
    "foi": OPENLY,
    "liaison_a": {"at_a", "cimer_at_a"},
    "head_a": {"at_a", "cimer_at_a"},
    "liaison_b": {"below_b"},
    "admin": set(),
}


def names_of(cases, ids):
    seen = set(ids)
    return {name for name, case in cases.items() if case.id in seen}


@pytest.mark.parametrize("who", SEEN)
def test_the_row_scope_is_the_same_on_every_way(office, db, cases, who):
    actor, expected = office.actor(who), SEEN[who]
    with acting_as(actor):
        ids = {case.id for case in cases.values()}
        assert names_of(cases, db.scalars(select(Application.id))) == expected
        assert db.scalar(select(func.count(Application.id))) == len(expected)
        twin = aliased(Application)
        assert names_of(cases, db.scalars(select(twin.id))) == expected
        for model in (Assignment, ApplicationEvent, Reply):
            seen = names_of(
                cases, db.scalars(select(model.application_id).where(model.application_id.in_(ids)))
            )
            assert seen <= expected
            other = aliased(model)
            assert names_of(cases, db.scalars(select(other.application_id))) == seen
        with acting_as(SYSTEM):
            every = names_of(cases, db.scalars(select(ApplicationEvent.application_id)))
        assert (
            names_of(cases, db.scalars(select(ApplicationEvent.application_id))) == every & expected
        )
        db.expunge_all()
        for name, case in cases.items():
            assert (db.get(Application, case.id) is not None) is (name in expected)
        joined = select(Application.id).join(
            Assignment, Assignment.application_id == Application.id
        )
        assert names_of(cases, db.scalars(joined)) <= expected


def test_nobody_sees_nothing(db, cases):
    with acting_as(ANONYMOUS):
        assert list(db.scalars(select(Application.id))) == []
        assert list(db.scalars(select(ApplicationEvent.id))) == []


def test_a_restricted_case_is_seen_where_it_was_sent(office, db, cases):
    """An officer without the right sees a CİMER case that was assigned to the own unit."""
    case = office.register(who="cimer", channel="cimer", external_ref="3")
    services.assign(
        db,
        application=case,
        unit_ids=[],
        lead_unit_id=office.office.id,
        actor=office.actor("cimer"),
    )
    with acting_as(office.actor("chief")):
        assert db.scalars(select(Application.number).where(Application.id == case.id)).all() == [
            case.number
        ]
        assert db.scalars(
            select(ApplicationEvent.id).where(ApplicationEvent.application_id == case.id)
        ).all()


def test_relations_obey_the_scope_too(office, db, cases):
    main, twin = cases["cimer"], office.register()
    services.take_to_triage(db, application=twin, actor=office.actor("chief"))
    services.merge(db, application=twin, master_id=main.id, actor=office.actor("manager"))
    pk = twin.id
    db.flush()
    db.expunge_all()
    with acting_as(office.actor("chief")):
        assert db.get(Application, pk).master is None


# --- finding --------------------------------------------------------------------------------------------
def test_a_case_is_found_by_its_numbers(office, db):
    case = office.register(external_source="web", external_ref="W-1")
    assert queries.find_by_number(db, f" {case.number} ").id == case.id
    assert queries.find_by_external_ref(db, "web", "W-1").id == case.id
    assert queries.find_by_external_ref(db, "web", "W-2") is None
    code = case.tracking_code
    assert queries.find_by_tracking(db, case.number, f"{code[:4].lower()} {code[4:]}").id == case.id
    assert queries.find_by_tracking(db, case.number, "AAAAAAAA") is None
    assert queries.find_by_tracking(db, case.number, "") is None
    assert queries.find_known_refs(db, "web", ["W-1", "W-2"]) == {"W-1": case.number}


def test_open_cases_of_a_citizen_stand_first(office, db):
    old, new = office.register(now=day(2)), office.answered(now=day(3))
    rows = queries.list_cases_of_citizen(db, office.citizen.id)
    assert [c.id for c in rows] == [old.id, new.id]
    assert queries.list_cases_of_citizen(db, office.other.id) == []


def similar(office, db, **typed):
    given = {
        "topic_id": None,
        "neighbourhood_id": None,
        "citizen_id": None,
        "text": "",
        "today": MONDAY.date(),
        **typed,
    }
    return queries.find_similar(db, **given)


def test_likely_duplicates(office, db):
    same = office.register(subject="Altınova sokakta patlak boru")
    elsewhere = office.register(
        neighbourhood_id=office.elsewhere.id,
        citizen={"id": office.other.id},
        subject="Park bankı kırık",
    )
    old = office.register(now=day(1, 2))
    merged = office.register()
    services.take_to_triage(db, application=merged, actor=office.actor("chief"))
    services.merge(db, application=merged, master_id=same.id, actor=office.actor("chief"))
    found = similar(
        office,
        db,
        topic_id=office.topic.id,
        neighbourhood_id=office.place.id,
        text="patlak boru altınova sokakta",
    )
    assert [s.application.id for s in found] == [same.id]
    assert found[0].is_open
    assert "Same topic in the same neighbourhood" in found[0].reasons
    by_person = similar(office, db, citizen_id=office.other.id)
    assert [s.application.id for s in by_person] == [elsewhere.id]
    assert similar(office, db) == []
    assert similar(office, db, text="boru") == []
    assert old.id not in {s.application.id for s in found}
    assert (
        similar(
            office,
            db,
            topic_id=office.topic.id,
            neighbourhood_id=office.place.id,
            exclude_id=same.id,
        )
        == []
    )


def test_duplicates_are_found_without_regard_to_letters(office, db):
    case = office.register(subject="IŞIKLAR YANMIYOR", topic_id=office.slow_topic.id)
    found = similar(
        office,
        db,
        topic_id=office.slow_topic.id,
        neighbourhood_id=office.place.id,
        text="ışıklar yanmıyor",
    )
    assert [s.application.id for s in found] == [case.id]
    assert "Similar words" in found[0].reasons


# --- work lists and counters --------------------------------------------------------------------------------
def test_work_lists(office, db):
    fresh, sent = office.register(), office.assigned()
    ready = office.unit_answered()
    office.letter(ready, approve=False)
    asked = office.at_work()
    services.request_extension(db, application=asked, reason="x", actor=office.actor("liaison_a"))
    done = office.answered()

    def ids(rows):
        return [c.id for c in rows]

    assert ids(queries.list_own(db, office.actor("chief"))) == [sent.id, ready.id, asked.id]
    assert set(ids(queries.list_registered(db, office.actor("operator")))) == {
        fresh.id,
        sent.id,
        ready.id,
        asked.id,
        done.id,
    }
    assert ids(queries.list_for_units(db, office.actor("liaison_a"))) == [sent.id, asked.id]
    assert ids(queries.list_for_units(db, office.actor("liaison_b"))) == []
    assert ids(queries.list_awaiting_approval(db)) == [ready.id, asked.id]
    assert ids(queries.list_in_office(db)) == [fresh.id, ready.id]
    assert ids(queries.list_overdue(db, dt.date(2026, 4, 15))) == []
    assert ids(queries.list_overdue(db, dt.date(2026, 4, 16))) == [
        fresh.id,
        sent.id,
        ready.id,
        asked.id,
    ]
    assert ids(queries.list_due_this_week(db, dt.date(2026, 4, 8))) == [
        fresh.id,
        sent.id,
        ready.id,
        asked.id,
    ]
    assert ids(queries.list_due_this_week(db, dt.date(2026, 4, 7))) == []


def test_counters_of_home_pages(office, db):
    office.register()
    office.assigned()
    office.answered()
    office.register(who="cimer", channel="cimer", external_ref="5")
    chief, today = office.actor("chief"), dt.date(2026, 4, 15)
    with acting_as(SYSTEM):
        assert queries.count_for_home(db, chief, today=today) == {
            "open": 3, "overdue": 0, "due_today": 3, "due_week": 3, "own": 1, "office": 2, "extension": 0, "cimer": 1,
        }  # fmt: skip
        assert queries.count_for_home(db, chief, today=dt.date(2026, 4, 16))["overdue"] == 3
        assert queries.count_overdue(db, dt.date(2026, 4, 16)) == 3
    with acting_as(chief):
        assert queries.count_for_home(db, chief, today=today)["open"] == 2
    liaison = office.actor("liaison_a")
    assert queries.count_for_unit(db, liaison, today=dt.date(2026, 3, 25)) == {
        "new": 1,
        "at_work": 0,
        "overdue": 1,
        "due_week": 0,
    }
    assert queries.count_today(db, office.actor("operator"), today=MONDAY.date()) == {
        "received": 4,
        "own": 3,
        "answered": 1,
    }
    assert queries.count_replies_waiting(db) == 0


def test_counters_of_an_empty_house_are_noughts(office, db):
    chief = office.actor("chief")
    assert set(queries.count_for_home(db, chief).values()) == {0}
    assert set(queries.count_today(db, chief).values()) == {0}


def test_lists_cost_one_statement(office, db):
    for _ in range(12):
        office.register()
    db.flush()
    db.expunge_all()
    statements = []
    engine = db.get_bind().engine

    def note(conn, cursor, statement, *rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        rows = queries.list_in_office(db)
        assert [(str(c.topic), str(c.district), str(c.neighbourhood), c.lead_unit) for c in rows][
            0
        ][1] == "Deneme İlçesi"
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(rows) == 10
    assert len(statements) == 1


# --- legal time before saving, letters -----------------------------------------------------------------------
def test_the_preview_is_what_registration_stores(office, db):
    for kind, topic in (
        (Kind.COMPLAINT, office.topic),
        (Kind.INFORMATION, office.slow_topic),
        (Kind.THANKS, None),
    ):
        deadline, goal = queries.preview_deadline(
            db, kind=kind, topic=topic, received_on=MONDAY.date()
        )
        case = office.register(kind=kind, topic_id=topic.id if topic else None)
        assert (deadline.due_on if deadline else None, goal) == (case.due_on, case.goal_on)


def test_the_timeline_for_the_applicant_leaves_out_what_is_internal(office, db):
    case = office.answered()
    services.add_note(db, application=case, text="Yalnızca içeride", actor=office.actor("chief"))
    inside = [e.action for e in queries.list_timeline(db, case.id)]
    shown = [e.action for e in queries.list_timeline(db, case.id, for_applicant=True)]
    assert inside[0] == "note"
    assert "note" not in shown
    assert "draft_reply" not in shown
    assert shown == ["send_reply", "accept", "assign", "register"]


def test_templates_fit_the_case(office, db):
    case = office.register()
    for name, more in (
        ("Genel", {}), ("Konuya özel", {"topic_id": office.topic.id}), ("Başka konu", {"topic_id": office.slow_topic.id}),
        ("Bilgi", {"for_kind": Kind.INFORMATION}), ("Eski", {"active": False}),
    ):  # fmt: skip
        db.add(
            ReplyTemplate(
                name=name, body="x", reply_kind=ReplyKind.FINAL, outcome=Outcome.RESOLVED, **more
            )
        )
    db.flush()
    assert [t.name for t in queries.list_templates(db, case)] == ["Konuya özel", "Genel"]


def test_merge_values_know_no_hidden_name(office, db):
    case = office.unit_answered(street="Hürriyet Cad.")
    values = queries.merge_values(db, case)
    assert values["ad_soyad"] == "Işık Yılmaz"
    assert values["birim_cevabi"] == "Boru değiştirildi."
    assert values["adres"] == "Hürriyet Cad."
    assert values["son_tarih"] == "15.04.2026"
    hidden = office.register(
        who="cimer", citizen=None, identity_hidden=True, channel="cimer", external_ref="9"
    )
    assert "ad_soyad" not in queries.merge_values(db, hidden)


def test_figures_count_what_the_actor_may_see(office, db, cases):
    """The grouped figures pass through the session like every other statement."""
    with acting_as(office.actor("liaison_a")):
        assert sum(r["count"] for r in queries.count_by_month_and_channel(db)) == 2
    with acting_as(office.actor("chief")):
        assert sum(r["count"] for r in queries.count_by_topic(db)) == len(OPENLY)
        rows = queries.count_by_weekday_and_hour(db)
        assert {(r["weekday"], r["hour"]) for r in rows} == {(1, 10)}
