"""The outgoing check of letters and files: held back, corrected, let pass with a reason, never forgotten."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from app.applications import services
from app.applications.models import OutgoingCheck
from app.applications.rules import CheckState, Outcome, ReplyKind, ReplyState, State
from app.core.rules import RuleViolation
from app.core.uploads import CheckedUpload
from tests.applications.office import day
from tests.applications.test_approvals.support import LATER, approve, deputy, waiting

FOREIGN = "Komşunuz 0532 111 22 14 numaralı telefondan bilgi verebilir."
REASON = "Numara başvuru sahibinin kendi işyerine aittir."


def sent(db, office, reply, who="chief"):
    return services.send_reply(db, reply=reply, actor=office.actor(who), now=LATER)


def check(db, office, reply, who="chief"):
    return services.check_letter(db, reply=reply, actor=office.actor(who), now=LATER)


def upload(name: str, content: bytes) -> CheckedUpload:
    return CheckedUpload(
        name=name, extension=name.rsplit(".", 1)[1], mime="text/csv", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), data_or_path=content,
    )  # fmt: skip


def test_a_letter_with_somebody_elses_number_is_not_signed(db, office):
    reply = waiting(db, office, body=FOREIGN)
    with pytest.raises(RuleViolation) as held:
        approve(db, office, reply, "manager")
    assert held.value.violations[0].field == "outgoing"
    assert reply.state is ReplyState.IN_APPROVAL


def test_the_recipients_own_number_may_stand_in_it(db, office):
    reply = waiting(db, office, body="Size 0532 000 01 01 numaranızdan ulaşılmıştır.")
    approve(db, office, reply, "manager")
    sent(db, office, reply)
    assert reply.state is ReplyState.SENT


def test_numbers_of_a_hidden_applicant_are_nobodys(db, office):
    from app.applications.services.outgoing import marks_of

    case = office.at_work()
    assert "+905320000101" in marks_of(db, case)
    case.identity_hidden = True
    assert "+905320000101" not in marks_of(db, case)


def test_the_check_keeps_what_it_found_and_where(db, office):
    reply = waiting(db, office, body=f"Sayın ilgili,\n\n{FOREIGN}")
    row = check(db, office, reply)
    assert row.state is CheckState.BLOCKED
    assert row.found == 1
    assert row.findings[0]["kind"] == "phone"
    assert "111 22 14" not in str(row.findings)
    assert office.steps(reply.application)[-1] == "hold_back_reply"
    assert check(db, office, reply).id == row.id


def test_a_corrected_letter_is_looked_at_anew(db, office):
    reply = waiting(db, office, body=FOREIGN)
    check(db, office, reply)
    services.send_back_reply(
        db, reply=reply, note="Telefonu çıkar", actor=office.actor("manager"), now=LATER
    )
    services.draft_reply(
        db, application=reply.application, reply=reply, actor=office.actor("desk"), body="Temiz.",
        outcome=Outcome.RESOLVED,
    )  # fmt: skip
    services.submit_reply(db, reply=reply, actor=office.actor("desk"), now=LATER)
    assert check(db, office, reply).state is CheckState.CLEAN
    approve(db, office, reply, "manager")
    sent(db, office, reply)
    assert reply.state is ReplyState.SENT


def test_letting_it_pass_needs_the_right_a_reason_and_another_person(db, office):
    reply = waiting(db, office, body=FOREIGN)
    row = check(db, office, reply)

    def override(who, reason=REASON, actor=None):
        return services.override_check(
            db, check=row, reason=reason, actor=actor or office.actor(who), now=LATER
        )

    for who in ("chief", "desk", "operator", "auditor"):
        with pytest.raises(RuleViolation):
            override(who)
    with pytest.raises(RuleViolation):
        override("manager", reason="olur")
    override("manager")
    assert row.state is CheckState.OVERRIDDEN
    assert row.override_by_id == office.users["manager"].id
    assert office.last_step(reply.application).note == REASON
    with pytest.raises(RuleViolation):
        override("head")
    approve(db, office, reply, "manager")
    sent(db, office, reply)
    assert reply.state is ReplyState.SENT


def test_the_writer_does_not_let_the_own_findings_pass(db, office):
    reply = waiting(db, office, who="manager", body=FOREIGN)
    row = check(db, office, reply)
    with pytest.raises(RuleViolation):
        services.override_check(
            db, check=row, reason=REASON, actor=office.actor("manager"), now=LATER
        )
    # A deputy may, and both names are on record.
    services.override_check(
        db, check=row, reason=REASON, actor=deputy(office, "foi", "manager"), now=LATER
    )
    assert row.override_for_id == office.users["manager"].id


def test_what_was_let_pass_is_this_text_and_no_other(db, office):
    case = office.at_work()
    reply = waiting(db, office, case=case, body=FOREIGN, kind=ReplyKind.PROGRESS, outcome=None)
    row = check(db, office, reply)
    services.override_check(db, check=row, reason=REASON, actor=office.actor("manager"), now=LATER)
    approve(db, office, reply, "manager")
    reply.body += " Ayrıca 0532 111 22 15."
    db.flush()
    with pytest.raises(RuleViolation):
        sent(db, office, reply)
    assert db.scalars(
        select(OutgoingCheck.state).where(OutgoingCheck.reply_id == reply.id)
    ).all() == [CheckState.OVERRIDDEN]


@pytest.mark.parametrize("field", ["body", "short_text", "remedy", "subject"])
def test_every_text_that_leaves_is_looked_at(db, office, field):
    case = office.at_work()
    values = {"kind": ReplyKind.PROGRESS, "outcome": None, "body": "Metin", field: FOREIGN}
    reply = waiting(db, office, case=case, **values)
    with pytest.raises(RuleViolation):
        approve(db, office, reply, "manager")


def test_a_gap_of_a_template_does_not_leave(db, office):
    reply = waiting(db, office, body="Çalışma …… tarihinde bitecektir.")
    with pytest.raises(RuleViolation):
        approve(db, office, reply, "manager")


# --- files ------------------------------------------------------------------------------------------------
def test_files_are_looked_into_and_can_be_taken_off(db, office, tmp_path, monkeypatch):
    from app.system.services import attachments

    monkeypatch.setattr(attachments.places, "files_folder", lambda: tmp_path)
    case = office.at_work()
    reply = services.draft_reply(
        db, application=case, actor=office.actor("desk"), kind=ReplyKind.PROGRESS, body="Ekte."
    )
    file = services.attach_file(
        db, reply=reply, upload=upload("liste.csv", FOREIGN.encode()), actor=office.actor("desk")
    )
    services.submit_reply(db, reply=reply, actor=office.actor("desk"))
    row = check(db, office, reply)
    assert row.findings[0]["params"]["file"] == "liste.csv"
    with pytest.raises(RuleViolation):
        services.detach_file(db, reply=reply, file_id=file.id, actor=office.actor("desk"))
    services.send_back_reply(db, reply=reply, note="Listeyi çıkar", actor=office.actor("manager"))
    services.detach_file(db, reply=reply, file_id=file.id, actor=office.actor("desk"))
    services.submit_reply(db, reply=reply, actor=office.actor("desk"))
    assert check(db, office, reply).state is CheckState.CLEAN


def test_what_is_attached_after_the_submission_does_not_leave(db, office, tmp_path, monkeypatch):
    from app.applications.services.outgoing import files_of_letter
    from app.system.services import attachments

    monkeypatch.setattr(attachments.places, "files_folder", lambda: tmp_path)
    case = office.at_work()
    reply = waiting(db, office, case=case, kind=ReplyKind.PROGRESS, outcome=None)
    attachments.store(
        db, owner_type="Reply", owner_id=reply.id, upload=upload("geç.csv", FOREIGN.encode())
    )
    assert list(files_of_letter(db, reply)) == []
    approve(db, office, reply, "manager")


def test_a_file_is_looked_at_by_hand_and_is_not_kept(db):
    row = services.check_file(db, name="liste.csv", data=FOREIGN.encode())
    assert row.state is CheckState.BLOCKED
    assert row.reply_id is None
    own = services.check_file(db, name="liste.csv", data=FOREIGN.encode(), own=["05321112214"])
    assert own.state is CheckState.CLEAN


# --- texts that go out at once -------------------------------------------------------------------------------
def test_a_question_to_the_applicant_names_nobody_else(db, office):
    case = services.take_to_triage(
        db, application=office.register(), actor=office.actor("chief"), now=day(16)
    )
    with pytest.raises(RuleViolation):
        services.request_information(
            db, application=case, note=FOREIGN, actor=office.actor("chief"), now=day(16)
        )
    assert case.state is State.TRIAGE
    services.request_information(
        db, application=case, note="Açık adres nedir?", actor=office.actor("chief"), now=day(16)
    )
    assert case.state is State.INFO_REQUESTED
