"""Extension, appeals and the catalogue."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.applications import services
from app.applications.models import (
    Appeal,
    Application,
    ApplicationEvent,
    PublishedInformation,
    Reply,
)
from app.applications.rules import (
    Channel,
    Kind,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
)
from app.applications.rules.information import (
    AppealForum,
    AppealResult,
    AppealState,
    ExtensionReason,
    InformationDecision,
    UpdateCycle,
)
from app.core.rules import ConflictError, RuleViolation
from tests.applications.office import MONDAY, day
from tests.applications.test_information_services.support import (
    D,
    appeal,
    case_of,
    fields,
    foi,
    in_triage,
    partial_sent,
    send,
    told,
)


# --- extension ------------------------------------------------------------------------------------------------
def prepare(office, db, application, now, **values):
    given = {"extension_reason": ExtensionReason.ANOTHER_UNIT, **values}
    return foi.prepare_extension(
        db, application=application, actor=office.actor("foi"), now=now, **given
    )


def test_an_extension_is_prepared_told_and_granted(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    case = prepare(office, db, application, day(1, 4), note="Hakedişler Mali Hizmetlerde.")
    assert application.state is State.EXTENSION_REQUESTED
    assert case.extension_reason is ExtensionReason.ANOTHER_UNIT
    letter = db.scalars(select(Reply).where(Reply.application_id == application.id)).one()
    assert (letter.kind, letter.state) == (ReplyKind.EXTENSION_NOTICE, ReplyState.IN_APPROVAL)
    assert "29.04.2026" in letter.body
    assert "Hakedişler Mali Hizmetlerde." in letter.body
    assert "11" in letter.body
    send(office, db, letter, now=day(2, 4))
    assert (case.extension_notified_on, case.extension_reply_id) == (D("2026-04-02"), letter.id)
    services.grant_extension(
        db, application=application, actor=office.actor("manager"), now=day(2, 4)
    )
    assert (application.is_extended, case.due_on, case.alarm_on) == (
        True, D("2026-04-29"), None,
    )  # fmt: skip
    with pytest.raises(RuleViolation):
        prepare(office, db, application, day(3, 4))


def test_a_late_extension_is_refused_with_the_day(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    with pytest.raises(RuleViolation) as refused:
        prepare(office, db, application, day(8, 4))
    assert "07.04.2026" in told(refused)
    assert application.state is State.IN_PROGRESS
    # Nor by a letter written by hand, nor by one that was approved in time and sent too late.
    with pytest.raises(RuleViolation) as refused:
        office.letter(application, kind=ReplyKind.EXTENSION_NOTICE, outcome=None, now=day(8, 4))
    assert "no longer possible" in told(refused)
    prepare(office, db, office.at_work(kind=Kind.INFORMATION), day(7, 4))
    letter = db.scalars(select(Reply).order_by(Reply.id.desc())).first()
    services.approve_reply(db, reply=letter, actor=office.actor("manager"), now=day(7, 4))
    with pytest.raises(RuleViolation), db.begin_nested():
        services.send_reply(db, reply=letter, actor=office.actor("foi"), now=day(8, 4))


def test_an_extension_has_one_of_three_reasons_and_one_letter(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    with pytest.raises(RuleViolation) as refused:
        prepare(office, db, application, day(1, 4), extension_reason=None)
    assert fields(refused) == {"extension_reason"}
    prepare(office, db, application, day(1, 4))
    with pytest.raises(RuleViolation) as refused:
        prepare(office, db, application, day(1, 4))
    assert "on its way" in told(refused)


def test_an_appeal_to_the_board_has_its_own_clocks(office, db, law):
    application = partial_sent(office, db, law)
    made = appeal(office, db, application)
    assert application.state is State.APPEALED
    assert (made.appeal_by, made.is_in_time) == (D("2026-04-07"), True)
    assert made.decision_due_on == D("2026-05-13")
    act = {"appeal": made, "actor": office.actor("foi")}
    foi.take_appeal_step(
        db, step="ask", values={"on": D("2026-04-06"), "number": "2026/114"}, now=day(6, 4), **act
    )
    assert (made.state, made.documents_due_on) == (
        AppealState.DOCUMENTS_ASKED, D("2026-04-28"),
    )  # fmt: skip
    foi.take_appeal_step(db, step="send", values={"on": D("2026-04-10")}, now=day(10, 4), **act)
    foi.take_appeal_step(
        db, step="decide",
        values={"on": D("2026-05-05"), "result": "partly", "number": "2026/881", "note": "x"},
        now=day(5, 5), **act,
    )  # fmt: skip
    assert (made.state, made.result, made.decision_no) == (
        AppealState.DECIDED, AppealResult.PARTLY, "2026/881",
    )  # fmt: skip
    foi.take_appeal_step(
        db, step="follow", values={"on": D("2026-05-08"), "follow_up": "access_partly"},
        now=day(8, 5), **act,
    )  # fmt: skip
    assert office.steps(application)[-5:] == [
        "appeal", "appeal_documents_asked", "appeal_documents_sent", "appeal_decided",
        "appeal_followed",
    ]  # fmt: skip
    # The first decision stands in the figures, whatever the Board said.
    assert case_of(db, application).decision is InformationDecision.PARTIAL


def test_steps_of_an_appeal_keep_their_order(office, db, law):
    made = appeal(office, db, partial_sent(office, db, law))
    act = {"appeal": made, "actor": office.actor("foi"), "now": day(20, 4)}
    with pytest.raises(RuleViolation):
        foi.take_appeal_step(db, step="send", values={"on": D("2026-04-10")}, **act)
    with pytest.raises(RuleViolation):
        foi.take_appeal_step(db, step="follow", values={"on": D("2026-04-10")}, **act)
    for values, field in (
        ({"on": None}, "on"), ({"on": D("2026-05-01")}, "on"), ({"on": D("2026-03-29")}, "on"),
    ):  # fmt: skip
        with pytest.raises(RuleViolation) as refused:
            foi.take_appeal_step(db, step="ask", values=values, **act)
        assert fields(refused) == {field}
    with pytest.raises(RuleViolation) as refused:
        foi.take_appeal_step(db, step="decide", values={"on": D("2026-04-10")}, **act)
    assert fields(refused) == {"result"}
    with pytest.raises(ConflictError):
        foi.take_appeal_step(
            db, step="ask", values={"on": D("2026-04-10")}, version=made.version + 1, **act
        )


def test_a_closed_case_can_still_be_appealed(office, db, law):
    application = partial_sent(office, db, law)
    services.close(db, application=application, actor=office.actor("foi"), now=day(24))
    appeal(office, db, application)
    assert application.state is State.APPEALED
    services.close(db, application=application, actor=office.actor("foi"), now=day(31))


def test_the_court_leaves_the_case_where_it_is(office, db, law):
    application = partial_sent(office, db, law)
    made = appeal(office, db, application, forum=AppealForum.COURT)
    assert application.state is State.ANSWERED
    assert (made.appeal_by, made.decision_due_on) == (None, None)
    assert office.steps(application)[-1] == "appeal_filed"


def test_silence_is_appealed_while_the_case_is_still_open(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    early = {"filed_on": D("2026-04-15"), "notified_on": None, "now": day(20, 4)}
    with pytest.raises(RuleViolation) as refused:
        appeal(office, db, application, **early)
    assert fields(refused) == {"filed_on"}
    made = appeal(
        office, db, application, filed_on=D("2026-04-16"), notified_on=None, now=day(20, 4)
    )
    assert application.state is State.IN_PROGRESS
    assert made.is_in_time is None


def test_only_information_requests_are_appealed(office, db):
    with pytest.raises(RuleViolation):
        appeal(office, db, office.answered())
    with pytest.raises(RuleViolation) as refused:
        appeal(office, db, in_triage(office, db), filed_on=None)
    assert fields(refused) == {"filed_on"}


def test_an_appeal_that_was_only_noted_gets_its_record(office, db, law):
    application = partial_sent(office, db, law)
    services.appeal(
        db, application=application, note="BEDK", actor=office.actor("foi"), now=day(25)
    )
    made = db.scalars(select(Appeal).where(Appeal.application_id == application.id)).one()
    assert (made.filed_on, made.notified_on) == (D("2026-03-25"), D("2026-03-20"))
    assert made.appeal_by == D("2026-04-06")


# --- the catalogue ------------------------------------------------------------------------------------------
def test_an_entry_is_due_again_after_its_cycle(db):
    item = foi.settle_published(
        db,
        item=PublishedInformation(
            title="Meclis kararları", url="https://ornek.bel.tr", cycle=UpdateCycle.MONTHLY,
            published_on=D("2026-01-31"),
        ),
    )  # fmt: skip
    assert item.next_due_on == D("2026-02-28")
    assert item.search_text == "meclis kararlari"
    assert foi.mark_updated(db, items=[item], on=D("2026-03-05")) == 1
    assert (item.updated_on, item.next_due_on) == (D("2026-03-05"), D("2026-04-05"))


# --- imports ------------------------------------------------------------------------------------------------
def test_a_step_written_in_bulk_is_followed_too(office, db):
    """Imports write rows and steps by themselves and tell the followers."""
    from app.applications.services.moves import tell_followers

    application = Application(
        number="2026-9999999", tracking_code="X", channel=Channel.PETITION, kind=Kind.INFORMATION,
        subject="x", received_at=MONDAY, received_on=MONDAY.date(), due_on=D("2026-04-07"),
        outcome=Outcome.INFORMED, answered_at=day(20), state=State.REGISTERED,
    )  # fmt: skip
    db.add(application)
    db.flush()
    step = ApplicationEvent(application_id=application.id, action="import", at=MONDAY, details={})
    db.add(step)
    db.flush()
    tell_followers(db, application, step)
    case = case_of(db, application)
    assert (case.decision, case.decided_on) == (
        InformationDecision.GRANTED, D("2026-03-20"),
    )  # fmt: skip
