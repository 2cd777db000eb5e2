"""Letters by hand, other ends and consent."""

from __future__ import annotations

import pytest

from app.applications import services
from app.applications.models import (
    Reply,
)
from app.applications.rules import (
    InadmissibleReason,
    Kind,
    Outcome,
    State,
)
from app.applications.rules.information import (
    AccessForm,
    InformationDecision,
)
from app.core.rules import RuleViolation
from tests.applications.office import MONDAY, day
from tests.applications.test_information_services.support import (
    D,
    case_of,
    decide,
    fields,
    foi,
    in_triage,
    partial,
    partial_sent,
    send,
    told,
)


# --- letters written by hand ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "article", "decision", "codes"),
    [
        (Outcome.INFORMED, "", InformationDecision.GRANTED, []),
        (Outcome.PARTLY_RESOLVED, "4982 m.9, m.23", InformationDecision.PARTIAL, ["m.9", "m.23"]),
        (Outcome.REJECTED, "4982 m.20", InformationDecision.REFUSED, ["m.20"]),
    ],
)
def test_a_letter_without_the_form_is_read_for_its_decision(
    office, db, law, outcome, article, decision, codes
):
    application = in_triage(office, db)
    reply = office.letter(application, outcome=outcome, refusal_article=article)
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=day(20))
    case = case_of(db, application)
    assert (case.decision, case.decided_on) == (decision, D("2026-03-20"))
    assert [g.code for g in case.grounds] == codes
    assert case.reply_id == reply.id


def test_the_letter_that_left_is_what_was_decided(office, db, law):
    """The writer has made a refusal of the drafted access."""
    application = in_triage(office, db)
    case = decide(
        office, db, application, InformationDecision.GRANTED, access_form=AccessForm.ELECTRONIC
    )
    reply = services.draft_reply(
        db, application=application, reply=db.get(Reply, case.reply_id), actor=office.actor("foi"),
        outcome=Outcome.REJECTED, body="Verilemez.", refusal_article="4982 m.16",
    )  # fmt: skip
    services.submit_reply(db, reply=reply, actor=office.actor("foi"))
    send(office, db, reply, now=day(20))
    assert (case.decision, case.articles) == (InformationDecision.REFUSED, "4982 m.16")


def test_a_partial_answer_names_article_and_remedy_too(office, db, law):
    application = in_triage(office, db)
    reply = services.draft_reply(
        db, application=application, actor=office.actor("chief"), body="Bir kısmı ektedir.",
        outcome=Outcome.PARTLY_RESOLVED,
    )  # fmt: skip
    assert "2577" in reply.remedy
    with pytest.raises(RuleViolation) as refused:
        services.submit_reply(db, reply=reply, actor=office.actor("chief"))
    assert fields(refused) == {"refusal_article"}


# --- other ends ---------------------------------------------------------------------------------------------
def test_steps_that_end_a_request_decide_it(office, db):
    withdrawn = in_triage(office, db)
    services.withdraw(
        db, application=withdrawn, note="Vazgeçti", actor=office.actor("foi"), now=day(19)
    )
    assert case_of(db, withdrawn).decision is InformationDecision.WITHDRAWN
    paying = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(db, application=paying, note="x", actor=office.actor("foi"), now=day(24))
    services.deem_withdrawn(db, application=paying, actor=office.actor("foi"), now=day(15, 4))
    assert case_of(db, paying).decision is InformationDecision.DEEMED_WITHDRAWN
    odd = office.register(kind=Kind.INFORMATION)
    services.declare_inadmissible(
        db, application=odd, inadmissible_reason=InadmissibleReason.JUDICIAL_MATTER,
        actor=office.actor("chief"),
    )  # fmt: skip
    assert case_of(db, odd).decision is None


def test_a_direct_refusal_keeps_its_article(office, db, law):
    application = in_triage(office, db)
    services.reject(
        db, application=application, reason="Ticari sır", article="4982 m.23",
        actor=office.actor("manager"), now=day(18),
    )  # fmt: skip
    case = case_of(db, application)
    assert (case.decision, case.articles) == (InformationDecision.REFUSED, "4982 m.23")
    assert [g.code for g in case.grounds] == ["m.23"]
    assert case.reason == "Ticari sır"


def test_a_merged_request_shares_the_answer_of_its_main_case(office, db, law):
    main = in_triage(office, db)
    twin = in_triage(office, db, citizen={"id": office.other.id})
    services.merge(
        db, application=twin, master_id=main.id, actor=office.actor("manager"), now=MONDAY
    )
    case = partial(office, db, law, main, submit=True)
    send(office, db, db.get(Reply, case.reply_id), now=day(20))
    other = case_of(db, twin)
    assert (other.decision, other.decided_on) == (InformationDecision.PARTIAL, D("2026-03-20"))
    assert [g.code for g in other.grounds] == ["m.9", "m.21"]


def test_a_new_cycle_decides_anew(office, db, law):
    application = partial_sent(office, db, law)
    services.reopen(
        db, application=application, reason="Eksik", actor=office.actor("chief"), now=day(1, 4)
    )
    case = case_of(db, application)
    assert (case.decision, case.decided_on, case.reply_id) == (None, None, None)
    assert (case.articles, case.grounds, case.is_separated) == ("", [], False)
    assert case.due_on == application.due_on == D("2026-04-22")
    assert case.silence_on == D("2026-05-04")


# --- consent ------------------------------------------------------------------------------------------------
def test_personal_information_waits_for_consent_and_seven_days(office, db, law):
    application = in_triage(office, db)
    foi.note_consent(
        db, application=application, consent_asked_on=D("2026-03-17"), actor=office.actor("foi"),
        now=day(17),
    )  # fmt: skip
    case = decide(
        office, db, application, InformationDecision.GRANTED, access_form=AccessForm.ELECTRONIC,
        submit=True,
    )  # fmt: skip
    reply = db.get(Reply, case.reply_id)
    services.approve_reply(db, reply=reply, actor=office.actor("manager"), now=day(18))
    with pytest.raises(RuleViolation) as refused, db.begin_nested():
        services.send_reply(db, reply=reply, actor=office.actor("foi"), now=day(25))
    assert fields(refused) == {"consent_given_on"}
    db.expire_all()
    assert application.state is State.TRIAGE
    foi.note_consent(
        db, application=application, consent_asked_on=D("2026-03-17"),
        consent_given_on=D("2026-03-19"), actor=office.actor("foi"), now=day(19),
    )  # fmt: skip
    with pytest.raises(RuleViolation) as refused, db.begin_nested():
        services.send_reply(db, reply=reply, actor=office.actor("foi"), now=day(23))
    assert "24.03.2026" in told(refused)
    db.expire_all()
    services.send_reply(db, reply=reply, actor=office.actor("foi"), now=day(24))
    assert case_of(db, application).decided_on == D("2026-03-24")


def test_consent_has_its_order(office, db):
    application = in_triage(office, db)
    for given, field in (
        ({"consent_asked_on": None}, "consent_asked_on"),
        ({"consent_asked_on": D("2026-03-19")}, "consent_asked_on"),
        (
            {"consent_asked_on": D("2026-03-17"), "consent_given_on": D("2026-03-16")},
            "consent_given_on",
        ),
    ):
        with pytest.raises(RuleViolation) as refused:
            foi.note_consent(
                db, application=application, actor=office.actor("foi"), now=day(18), **given
            )
        assert fields(refused) == {field}
