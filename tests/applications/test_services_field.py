"""Field visits: planning, the tour of a day, steps on the spot, carrying findings into the case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.models import FieldVisit
from app.applications.queries import field as queries
from app.applications.rules import Outcome, State
from app.applications.rules.field import FieldAction, FieldNextStep, FieldState
from app.applications.services import field as services
from app.applications.services import field_plan as planning
from app.applications.services.unit_work import answer_by_unit
from app.core.acting import acting_as
from app.core.rules import RuleViolation
from app.core.uploads import CheckedUpload, Verdict
from tests.applications.office import MONDAY, Office, day

TUESDAY = dt.date(2026, 3, 17)
AT_TEN = day(17)


def plan(
    office: Office, case: Any, who: str = "chief", officer: str = "liaison_a", **more: Any
) -> FieldVisit:
    given = {
        "planned_on": TUESDAY,
        "officer_id": office.users[officer].id,
        "now": MONDAY,
        **more,
    }
    return planning.plan_visit(office.session, application=case, actor=office.actor(who), **given)


def step(office: Office, visit: FieldVisit, action: FieldAction, **more: Any) -> FieldVisit:
    given = {"actor": office.actor("liaison_a"), "now": AT_TEN, **more}
    return services.take_step(office.session, visit=visit, action=action, **given)


def picture(name: str = "cukur.jpg", mime: str = "image/jpeg") -> CheckedUpload:
    data = b"\xff\xd8\xff a drawn picture"
    kind = name.rpartition(".")[2]
    return CheckedUpload(name, kind, mime, len(data), "0" * 64, data, Verdict.CLEAN)


def finish(office: Office, visit: FieldVisit, **values: Any) -> FieldVisit:
    given = {
        "findings": "Çukur yerinde, 40 cm.",
        "measures": "",
        "next_step": FieldNextStep.NOTE,
        **values,
    }
    return step(office, visit, FieldAction.FINISH, values=given, now=day(17, hour=11))


def refused(call: Any) -> list[str]:
    with pytest.raises(RuleViolation) as told:
        call()
    return [one.field for one in told.value.violations]


# --- planning ------------------------------------------------------------------------------------------
def test_a_planned_visit_is_a_step_of_the_case_and_tells_the_officer(office: Office) -> None:
    case = office.at_work()
    visit = plan(office, case, task="  Rögar kapağı  ")
    assert (visit.state, visit.position, visit.task) == (FieldState.PLANNED, 1, "Rögar kapağı")
    assert visit.unit_id == office.a.id
    assert office.last_step(case).action == "field_plan"
    told = [m for m in office.messages(case) if m.template == "field_plan"]
    assert [m.user_id for m in told] == [office.users["liaison_a"].id]
    assert case.number in told[0].subject
    assert case.state is State.IN_PROGRESS, "a visit changes no state"


def test_a_restricted_case_is_told_without_its_subject(office: Office) -> None:
    case = office.at_work()
    case.is_restricted = True
    office.session.flush()
    visit = plan(office, case)
    told = [m for m in office.messages(case) if m.template == "field_plan"]
    assert visit.id
    assert case.subject not in told[0].subject


def test_one_visit_to_come_for_each_case(office: Office) -> None:
    case = office.at_work()
    plan(office, case)
    assert refused(lambda: plan(office, case)) == ["application"]


def test_an_officer_who_could_not_see_the_case_is_not_sent(office: Office) -> None:
    case = office.at_work()
    assert refused(lambda: plan(office, case, officer="liaison_b")) == ["officer"]
    assert plan(office, case, officer="desk").officer_id == office.users["desk"].id


def test_nothing_is_planned_for_a_case_that_is_over(office: Office) -> None:
    assert refused(lambda: plan(office, office.answered())) == [""]


def test_a_past_day_and_nobody_are_told_at_their_fields(office: Office) -> None:
    case = office.at_work()
    assert refused(
        lambda: plan(office, case, planned_on=dt.date(2026, 3, 13), officer_id=None)
    ) == [
        "planned_on",
        "officer",
    ]


def test_who_has_no_right_plans_nothing(office: Office) -> None:
    assert refused(lambda: plan(office, office.at_work(), who="auditor")) == [""]


# --- the tour -------------------------------------------------------------------------------------------
def tour(office: Office) -> list[int]:
    rows = queries.list_plan(office.session, TUESDAY, office.users["liaison_a"].id)
    return [v.application_id for v in rows]


def three_cases(office: Office) -> list[Any]:
    return [
        office.at_work(neighbourhood_id=office.elsewhere.id, street="Çınar Sokak"),
        office.at_work(neighbourhood_id=office.place.id, street="Zafer Sokak"),
        office.at_work(neighbourhood_id=office.place.id, street="Atatürk Bulvarı"),
    ]


def plan_all(office: Office, cases: list[Any], **more: Any) -> list[FieldVisit]:
    given = {
        "planned_on": TUESDAY, "officer_id": office.users["liaison_a"].id, "now": MONDAY,
        "actor": office.actor("chief"), **more,
    }  # fmt: skip
    return planning.plan_day(office.session, application_ids=[c.id for c in cases], **given)


def test_a_day_is_put_in_order_by_neighbourhood_and_street(office: Office) -> None:
    far, last, first = three_cases(office)
    plan_all(office, [far, last, first], team="1. ekip")
    assert tour(office) == [first.id, last.id, far.id]


def test_stops_change_places_and_the_rule_puts_them_back(office: Office) -> None:
    far, last, first = three_cases(office)
    plan_all(office, [far, last, first])
    chief = office.actor("chief")
    stop = next(
        v
        for v in queries.list_plan(office.session, TUESDAY, office.users["liaison_a"].id)
        if v.application_id == far.id
    )
    planning.move_stop(office.session, visit=stop, up=True, actor=chief)
    assert tour(office) == [first.id, far.id, last.id]
    planning.move_stop(office.session, visit=stop, up=True, actor=chief)
    planning.move_stop(office.session, visit=stop, up=True, actor=chief)
    assert tour(office) == [far.id, first.id, last.id]
    planning.order_day(
        office.session, planned_on=TUESDAY, officer_id=office.users["liaison_a"].id, actor=chief
    )
    assert tour(office) == [first.id, last.id, far.id]


def test_cases_that_are_planned_are_no_candidates(office: Office) -> None:
    far, last, first = three_cases(office)
    before = {c.id for c in queries.list_candidates(office.session)}
    assert {far.id, last.id, first.id} <= before
    plan_all(office, [last])
    after = {c.id for c in queries.list_candidates(office.session)}
    assert after == before - {last.id}


def test_a_case_out_of_sight_is_as_if_it_was_not_picked(office: Office) -> None:
    hidden = office.register()
    own = office.at_work()
    liaison = office.actor("liaison_a")
    with acting_as(liaison):
        made = plan_all(office, [hidden, own], actor=liaison)
    assert [v.application_id for v in made] == [own.id]


def test_a_tour_has_an_end(office: Office) -> None:
    call = lambda: planning.plan_day(  # noqa: E731
        office.session, application_ids=range(1, 60), planned_on=TUESDAY,
        officer_id=office.users["liaison_a"].id, actor=office.actor("chief"), now=MONDAY,
    )  # fmt: skip
    assert refused(call) == [""]


def test_a_stop_that_nobody_began_is_taken_out(office: Office) -> None:
    case = office.at_work()
    visit = plan(office, case)
    planning.drop_stop(office.session, visit=visit, actor=office.actor("chief"), now=MONDAY)
    assert queries.list_of_application(office.session, case.id) == []
    assert office.last_step(case).action == "field_postpone"
    again = plan(office, case)
    step(office, again, FieldAction.ARRIVE)
    call = lambda: planning.drop_stop(  # noqa: E731
        office.session, visit=again, actor=office.actor("chief"), now=AT_TEN
    )
    assert refused(call) == [""]


def test_what_was_not_made_is_carried_over_with_its_reason(office: Office) -> None:
    made, left, over = three_cases(office)
    visits = {v.application_id: v for v in plan_all(office, [made, left, over], team="2. ekip")}
    step(office, visits[made.id], FieldAction.FOUND)
    answer_by_unit(
        office.session, application=over, answer_text="Boru değiştirildi.",
        outcome=Outcome.RESOLVED, actor=office.actor("liaison_a"), now=AT_TEN,
    )  # fmt: skip
    wednesday = dt.date(2026, 3, 18)
    new = planning.carry_over(
        office.session, to=wednesday, officer_id=office.users["liaison_a"].id,
        actor=office.actor("chief"), now=day(18, hour=8),
    )  # fmt: skip
    assert [(v.application_id, v.planned_on, v.team) for v in new] == [
        (left.id, wednesday, "2. ekip")
    ]
    assert new[0].carried_from_id == visits[left.id].id
    assert visits[left.id].state is visits[over.id].state is FieldState.POSTPONED
    assert "18.03.2026" in visits[left.id].postpone_reason
    assert visits[made.id].state is FieldState.FOUND


# --- on the spot ----------------------------------------------------------------------------------------
def test_a_visit_from_setting_out_to_its_end(office: Office) -> None:
    case = office.at_work(latitude=40.978, longitude=27.515)
    visit = plan(office, case)
    step(office, visit, FieldAction.LEAVE, now=day(17, hour=9))
    step(office, visit, FieldAction.ARRIVE, latitude=40.979, longitude=27.515)
    assert (visit.started_at, visit.arrived_at) == (day(17, hour=9), AT_TEN)
    assert visit.distance_m == 111
    step(office, visit, FieldAction.FOUND)
    step(office, visit, FieldAction.FOUND)
    finish(office, visit, measures="Asfalt yama yapıldı.", citizen_confirmed=True)
    assert (visit.state, visit.left_at) == (FieldState.DONE, day(17, hour=11))
    assert visit.citizen_confirmed is True
    assert office.steps(case)[-3:] == ["field_plan", "field_found", "field_finish"]
    assert "40 cm" in office.last_step(case).note


def test_a_second_look_corrects_the_first(office: Office) -> None:
    visit = plan(office, office.at_work())
    step(office, visit, FieldAction.NOT_FOUND)
    step(office, visit, FieldAction.FOUND)
    assert (visit.state, visit.was_found) == (FieldState.FOUND, True)


def test_not_found_needs_a_picture_and_proposes_unfounded(office: Office) -> None:
    visit = plan(office, office.at_work())
    step(office, visit, FieldAction.NOT_FOUND)
    assert refused(lambda: finish(office, visit, findings="Çukur yok.")) == ["photos"]
    services.add_photo(
        office.session,
        visit=visit,
        upload=picture(),
        kind="before",
        actor=office.actor("liaison_a"),
    )
    finish(office, visit, findings="Çukur yok.", next_step=FieldNextStep.UNIT_ANSWER)
    text, outcome = services.proposed_answer(visit)
    assert outcome is Outcome.UNFOUNDED
    assert text.startswith("17.03.2026 günü (saat 10.00) yerinde")
    assert "Çukur yok." in text


def test_a_postponed_visit_tells_why(office: Office) -> None:
    case = office.at_work()
    visit = plan(office, case)
    assert refused(lambda: step(office, visit, FieldAction.POSTPONE, reason=" ")) == ["reason"]
    step(office, visit, FieldAction.POSTPONE, reason="Yol kapalıydı.")
    assert (visit.state, visit.started_at) == (FieldState.POSTPONED, None)
    assert office.last_step(case).note == "Yol kapalıydı."
    assert plan(office, case).id != visit.id


def test_half_a_point_is_none(office: Office) -> None:
    visit = plan(office, office.at_work())
    assert refused(lambda: step(office, visit, FieldAction.ARRIVE, latitude=40.9)) == ["latitude"]


def test_only_pictures_and_not_too_many(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = plan(office, office.at_work())
    actor = office.actor("liaison_a")

    def add(upload: CheckedUpload) -> Any:
        return services.add_photo(
            office.session, visit=visit, upload=upload, kind="after", actor=actor
        )

    assert refused(lambda: add(picture("ek.pdf", "application/pdf"))) == ["photos"]
    monkeypatch.setattr(services, "MOST_PHOTOS", 1)
    assert add(picture()).kind == "after"
    assert refused(lambda: add(picture("b.jpg"))) == ["photos"]


# --- back in the case -----------------------------------------------------------------------------------
def done(office: Office, case: Any, next_step: FieldNextStep, **values: Any) -> FieldVisit:
    visit = plan(office, case)
    step(office, visit, FieldAction.FOUND)
    return finish(office, visit, next_step=next_step, **values)


def report(office: Office, visit: FieldVisit, who: str = "liaison_a", **more: Any) -> FieldVisit:
    text, outcome = services.proposed_answer(visit)
    given = {"text": text, "outcome": outcome, "now": day(17, hour=12), **more}
    return services.report_finding(office.session, visit=visit, actor=office.actor(who), **given)


def test_a_finding_becomes_the_answer_of_the_unit_once(office: Office) -> None:
    case = office.at_work()
    visit = done(office, case, FieldNextStep.UNIT_ANSWER, measures="Asfalt yama yapıldı.")
    report(office, visit)
    assert case.state is State.UNIT_ANSWERED
    assignment = office.assignments(case)[0]
    assert "yama" in assignment.answer_text
    assert assignment.outcome is Outcome.RESOLVED
    assert refused(lambda: report(office, visit)) == [""]


def test_a_finding_becomes_a_note(office: Office) -> None:
    case = office.at_work()
    visit = done(office, case, FieldNextStep.NOTE)
    report(office, visit, who="chief", outcome=None)
    assert office.last_step(case).action == "note"
    assert case.state is State.IN_PROGRESS


def test_an_unfinished_visit_says_nothing_yet(office: Office) -> None:
    visit = plan(office, office.at_work())
    assert refused(lambda: report(office, visit)) == [""]


# --- scope ------------------------------------------------------------------------------------------------
def seen(office: Office, who: str) -> set[int]:
    office.session.expire_all()
    with acting_as(office.actor(who)):
        return set(office.session.scalars(select(FieldVisit.id)))


def test_a_visit_is_seen_where_its_case_is_seen(office: Office) -> None:
    visit = plan(office, office.at_work())
    assert seen(office, "liaison_a") == {visit.id}
    assert seen(office, "liaison_b") == set()
    assert visit.id in seen(office, "operator")


def test_a_restricted_case_takes_its_visits_along(office: Office) -> None:
    case = office.register()
    visit = plan(office, case, officer="chief")
    case.is_restricted = True
    office.session.flush()
    assert visit.id not in seen(office, "operator")
