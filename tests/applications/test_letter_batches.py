"""Batches of letters: chosen, filled, mended, approved in one act or by the route, sent, kept as files."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import LetterBatchRow, Reply, ReplyTemplate
from app.applications.rules import (
    LetterBatchAct,
    LetterBatchApproval,
    LetterBatchState,
    LetterRowState,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
)
from app.applications.services import letter_batches
from app.applications.services.letter_batches import Chosen, numbers_in
from app.core import ports
from app.core.rules import RuleViolation
from app.system.models import Job, Notification
from app.system.rules import JobState
from tests.applications.office import day
from tests.applications.test_approvals.support import LATER, deputy, route

ACT = LetterBatchAct


@pytest.fixture
def template(db):
    made = ReplyTemplate(
        name="Ortak cevap", reply_kind=ReplyKind.FINAL, outcome=Outcome.RESOLVED, active=True,
        body="Sayın {{ad_soyad}}, {{basvuru_no}} numaralı başvurunuz sonuçlanmıştır.",
        short_text="{{basvuru_no}}: sonuçlandı.",
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


@pytest.fixture
def cases(office):
    return [office.unit_answered() for _number in range(3)]


def batch_of(db, office, template, who="chief", approval=LetterBatchApproval.TOGETHER, **chosen):
    given_ = chosen or {"topic": office.topic.id}
    return letter_batches.create_batch(
        db, title="Toplu cevap", template=template, chosen=Chosen(**given_),
        actor=office.actor(who), approval=approval,
    )  # fmt: skip


def rows_of(db, batch):
    rows = select(LetterBatchRow).where(LetterBatchRow.batch_id == batch.id)
    return list(db.scalars(rows.order_by(LetterBatchRow.position)))


def states(db, batch):
    return [row.state for row in rows_of(db, batch)]


def do(db, office, batch, act, who):
    """Order the act and let the worker do it."""
    actor = office.actor(who) if isinstance(who, str) else who
    job = letter_batches.order_act(db, batch=batch, act=act, actor=actor)
    done = letter_batches.run_act(
        db, batch_id=batch.id, act=act, actor=actor, keep=lambda _done, _total: None,
        steps=frozenset(job.arguments.get("steps") or ()), now=LATER,
    )  # fmt: skip
    job.state = JobState.DONE
    db.flush()
    return done


# --- choosing ------------------------------------------------------------------------------------------
@given(
    st.lists(st.integers(1, 99_999), unique=True, max_size=8),
    st.lists(st.text(alphabet=" ,;\nabc", min_size=1, max_size=5), min_size=8, max_size=8),
)
def test_numbers_are_read_out_of_any_text(numbers, between):
    wanted = [f"2026-{number:07d}" for number in numbers]
    text = "".join(f"{gap}{number}" for gap, number in zip(between, wanted, strict=False))
    assert list(numbers_in(text + " " + text)) == wanted


def test_the_choice_is_kept_and_read_again():
    chosen = Chosen(topic=3, state=None, numbers="2026-0000001", outcome_reason=7)
    assert Chosen.from_document(chosen.to_document()) == chosen


def test_a_topic_in_a_state_is_chosen_and_each_letter_is_filled(db, office, template, cases):
    office.at_work()
    batch = batch_of(db, office, template)
    rows = rows_of(db, batch)
    assert [row.application_id for row in rows] == [case.id for case in cases]
    assert states(db, batch) == [LetterRowState.READY] * 3
    assert (batch.letters, batch.problems, batch.sent) == (3, 0, 0)
    assert (
        rows[0].body == f"Sayın Işık Yılmaz, {cases[0].number} numaralı başvurunuz sonuçlanmıştır."
    )
    assert db.scalar(select(Reply.id).limit(1)) is None
    assert office.steps(cases[0])[-1] == "unit_answer"


def test_numbers_stand_alone_and_an_unknown_one_is_told(db, office, template, cases):
    batch = batch_of(db, office, template, numbers=f"{cases[2].number}, {cases[0].number}")
    assert len(rows_of(db, batch)) == 2
    with pytest.raises(RuleViolation, match="2026-9999999"):
        batch_of(db, office, template, numbers="2026-9999999")
    with pytest.raises(RuleViolation):
        batch_of(db, office, template, topic=office.slow_topic.id)


def test_only_who_writes_to_many_prepares_a_batch(db, office, template, cases):
    for who in ("desk", "operator", "auditor", "liaison_a"):
        with pytest.raises(RuleViolation):
            batch_of(db, office, template, who=who)


def test_a_batch_with_a_restricted_case_is_restricted(db, office, template):
    office.unit_answered(is_restricted=True)
    assert batch_of(db, office, template, who="manager").is_restricted


# --- problems --------------------------------------------------------------------------------------------
def test_what_is_wrong_with_a_row_is_told_and_mended_by_hand(db, office, template, cases):
    template.body = "Sayın {{ad_soyad}}, {{kurum}} bilgilendirilmiştir."
    batch = batch_of(db, office, template)
    assert states(db, batch) == [LetterRowState.PROBLEM] * 3
    first = rows_of(db, batch)[0]
    assert first.problems == [
        {"message": rules.FIELD_WITHOUT_VALUE, "params": {"field": "{{kurum}}"}}
    ]
    with pytest.raises(RuleViolation, match="problem"):
        letter_batches.order_act(db, batch=batch, act=ACT.SUBMIT, actor=office.actor("chief"))
    letter_batches.change_row(
        db,
        row=first,
        values={"body": "Belediyemiz bilgilendirilmiştir."},
        actor=office.actor("chief"),
    )
    assert states(db, batch)[0] is LetterRowState.READY
    for row in rows_of(db, batch)[1:]:
        letter_batches.leave_out(db, row=row, actor=office.actor("chief"))
    assert (batch.letters, batch.problems) == (1, 0)
    letter_batches.leave_out(db, row=rows_of(db, batch)[1], actor=office.actor("chief"))
    assert states(db, batch) == [
        LetterRowState.READY, LetterRowState.PROBLEM, LetterRowState.LEFT_OUT,
    ]  # fmt: skip


def test_somebody_elses_number_and_a_letter_on_its_way_are_problems(db, office, template, cases):
    template.body = "Bilgi: 0532 111 22 14"
    other = office.letter(cases[1], approve=False)
    batch = batch_of(db, office, template)
    assert states(db, batch) == [LetterRowState.PROBLEM] * 3
    messages = [row.problems[0]["message"] for row in rows_of(db, batch)]
    assert messages[0] == messages[2] != messages[1]
    assert other.state is ReplyState.IN_APPROVAL


def test_a_result_that_needs_a_reason_says_so(db, office, template, cases):
    template.outcome = Outcome.REJECTED
    batch = batch_of(db, office, template)
    # No reason is in use here, so none can be picked; the remedy comes with the letter.
    assert states(db, batch) == [LetterRowState.READY] * 3
    do(db, office, batch, ACT.SUBMIT, "chief")
    assert all(row.reply.remedy for row in rows_of(db, batch))


def test_a_dropped_batch_has_touched_nothing(db, office, template, cases):
    batch = batch_of(db, office, template)
    letter_batches.drop_batch(db, batch=batch, actor=office.actor("chief"))
    assert batch.state is LetterBatchState.CANCELLED
    assert rows_of(db, batch) == []


# --- together -----------------------------------------------------------------------------------------------
def test_one_act_approves_and_one_sends_every_letter(db, office, template, cases):
    batch = batch_of(db, office, template)
    done = do(db, office, batch, ACT.SUBMIT, "chief")
    assert (done.done, done.refused) == (3, 0)
    assert batch.state is LetterBatchState.IN_APPROVAL
    assert states(db, batch) == [LetterRowState.IN_APPROVAL] * 3
    told = db.scalars(
        select(Notification.user_id).where(
            Notification.template == "letter_batch", Notification.subject.contains("3")
        )
    ).all()
    assert office.users["manager"].id in told
    assert not db.scalars(
        select(Notification.id).where(Notification.template == "submit_reply")
    ).all()
    with pytest.raises(RuleViolation):
        letter_batches.order_act(db, batch=batch, act=ACT.SEND, actor=office.actor("chief"))
    do(db, office, batch, ACT.APPROVE, "manager")
    assert states(db, batch) == [LetterRowState.APPROVED] * 3
    do(db, office, batch, ACT.SEND, "chief")
    assert states(db, batch) == [LetterRowState.SENT] * 3
    assert batch.state is LetterBatchState.SENT
    assert batch.sent == 3
    assert {case.state for case in cases} == {State.ANSWERED}
    assert all(case.on_time is not None for case in cases)


def test_nothing_leaves_without_its_approval(db, office, template, cases):
    batch = batch_of(db, office, template)
    for act in (ACT.APPROVE, ACT.SEND):
        with pytest.raises(RuleViolation):
            letter_batches.order_act(db, batch=batch, act=act, actor=office.actor("manager"))
    do(db, office, batch, ACT.SUBMIT, "chief")
    letter_batches.run_act(
        db, batch_id=batch.id, act=ACT.SEND, actor=office.actor("chief"), keep=lambda _d, _t: None
    )
    assert states(db, batch) == [LetterRowState.IN_APPROVAL] * 3
    assert {case.state for case in cases} == {State.UNIT_ANSWERED}


def test_the_writer_does_not_approve_the_own_batch(db, office, template, cases):
    batch = batch_of(db, office, template, who="manager")
    do(db, office, batch, ACT.SUBMIT, "manager")
    done = do(db, office, batch, ACT.APPROVE, "manager")
    assert (done.done, done.refused) == (0, 3)
    assert states(db, batch) == [LetterRowState.IN_APPROVAL] * 3
    assert all(row.problems for row in rows_of(db, batch))
    assert do(db, office, batch, ACT.APPROVE, "head").done == 3


def test_a_deputy_approves_a_batch_in_the_place_of_the_manager(db, office, template, cases):
    batch = batch_of(db, office, template, who="chief")
    do(db, office, batch, ACT.SUBMIT, "chief")
    do(db, office, batch, ACT.APPROVE, deputy(office, "foi", "manager"))
    assert {row.reply.approved_for_id for row in rows_of(db, batch)} == {office.users["manager"].id}
    assert all(row.reply.signed_as.endswith(" V.") for row in rows_of(db, batch))


def test_each_paraf_of_a_longer_route_is_an_act_of_its_own(db, office, template, cases):
    route(db, "foi_officer", "branch_mgr")
    batch = batch_of(db, office, template)
    do(db, office, batch, ACT.SUBMIT, "chief")
    job = letter_batches.order_act(db, batch=batch, act=ACT.APPROVE, actor=office.actor("manager"))
    seen = frozenset(job.arguments["steps"])
    for _again in range(2):
        # A worker that goes on after another does not sign what was only initialled.
        letter_batches.run_act(
            db, batch_id=batch.id, act=ACT.APPROVE, actor=office.actor("manager"), steps=seen,
            keep=lambda _d, _t: None, now=LATER,
        )  # fmt: skip
    assert states(db, batch) == [LetterRowState.IN_APPROVAL] * 3


def test_a_batch_that_is_worked_at_takes_no_other_order(db, office, template, cases):
    batch = batch_of(db, office, template)
    letter_batches.order_act(db, batch=batch, act=ACT.SUBMIT, actor=office.actor("chief"))
    with pytest.raises(RuleViolation, match="worker"):
        letter_batches.order_act(db, batch=batch, act=ACT.SUBMIT, actor=office.actor("chief"))
    assert db.scalar(select(Job.kind).where(Job.id == batch.job_id)) == letter_batches.JOB_KIND


# --- each on its own -----------------------------------------------------------------------------------------
def test_letters_approved_one_by_one_are_followed(db, office, template, cases):
    batch = batch_of(db, office, template, approval=LetterBatchApproval.EACH)
    do(db, office, batch, ACT.SUBMIT, "chief")
    with pytest.raises(RuleViolation, match="one by one"):
        letter_batches.order_act(db, batch=batch, act=ACT.APPROVE, actor=office.actor("manager"))
    first, second, third = (row.reply for row in rows_of(db, batch))
    services.approve_reply(db, reply=first, actor=office.actor("manager"), now=LATER)
    services.send_back_reply(
        db, reply=second, note="Tarih eksik", actor=office.actor("manager"), now=LATER
    )
    assert states(db, batch) == [
        LetterRowState.APPROVED, LetterRowState.PROBLEM, LetterRowState.IN_APPROVAL,
    ]  # fmt: skip
    assert rows_of(db, batch)[1].problems[0]["params"] == {"note": "Tarih eksik"}
    assert batch.problems == 1
    services.submit_reply(db, reply=second, actor=office.actor("chief"), now=LATER)
    for reply in (second, third):
        services.approve_reply(db, reply=reply, actor=office.actor("manager"), now=LATER)
    do(db, office, batch, ACT.SEND, "chief")
    assert batch.state is LetterBatchState.SENT


def test_a_case_that_changed_meanwhile_fails_alone(db, office, template, cases):
    batch = batch_of(db, office, template)
    services.withdraw(
        db, application=cases[1], note="Vazgeçti", actor=office.actor("chief"), now=LATER
    )
    done = do(db, office, batch, ACT.SUBMIT, "chief")
    assert (done.done, done.refused) == (2, 1)
    assert states(db, batch) == [
        LetterRowState.IN_APPROVAL, LetterRowState.PROBLEM, LetterRowState.IN_APPROVAL,
    ]  # fmt: skip


# --- a group ---------------------------------------------------------------------------------------------------
def test_a_group_gets_letters_of_its_own_and_none_twice(db, office, template):
    main = office.unit_answered()
    merged = office.register(citizen={"id": office.other.id})
    services.take_to_triage(db, application=merged, actor=office.actor("chief"), now=day(16))
    services.merge(
        db, application=merged, master_id=main.id, actor=office.actor("chief"), now=day(16)
    )
    assert merged.state is State.MERGED
    batch = batch_of(db, office, template, master=main.id)
    rows = rows_of(db, batch)
    assert [row.application_id for row in rows] == [merged.id, main.id]
    assert "Ali Demir" in rows[0].body
    do(db, office, batch, ACT.SUBMIT, "chief")
    do(db, office, batch, ACT.APPROVE, "manager")
    do(db, office, batch, ACT.SEND, "chief")
    assert batch.state is LetterBatchState.SENT
    assert merged.state is State.MERGED
    assert merged.answered_at is not None
    assert main.state is State.ANSWERED
    assert len(db.scalars(select(Reply.id).where(Reply.application_id == merged.id)).all()) == 1
    assert office.steps(merged)[-1] == "send_own_reply"


def test_who_got_the_answer_of_the_main_case_gets_no_second_one(db, office, template):
    main = office.unit_answered()
    merged = office.register(citizen={"id": office.other.id})
    services.take_to_triage(db, application=merged, actor=office.actor("chief"), now=day(16))
    services.merge(
        db, application=merged, master_id=main.id, actor=office.actor("chief"), now=day(16)
    )
    batch = batch_of(db, office, template, master=main.id)
    do(db, office, batch, ACT.SUBMIT, "chief")
    do(db, office, batch, ACT.APPROVE, "manager")
    last = rows_of(db, batch)[1].reply
    services.send_reply(db, reply=last, actor=office.actor("chief"), now=LATER)
    do(db, office, batch, ACT.SEND, "chief")
    assert states(db, batch) == [LetterRowState.FAILED, LetterRowState.SENT]


# --- files ------------------------------------------------------------------------------------------------------
def test_the_letters_are_kept_as_one_pdf_and_as_a_zip_with_the_list(
    db, office, template, cases, tmp_path, monkeypatch
):
    from pypdf import PdfReader

    from app.system.services import attachments

    monkeypatch.setattr(attachments.places, "files_folder", lambda: tmp_path)
    noted = []
    monkeypatch.setattr(ports, "record_access", lambda _session, **values: noted.append(values))
    batch = batch_of(db, office, template)
    assert letter_batches.file_letters(db, batch) == []
    do(db, office, batch, ACT.SUBMIT, "chief")
    do(db, office, batch, ACT.APPROVE, "manager")
    kept = letter_batches.file_letters(db, batch)
    assert [file.name for file in kept] == ["toplu-cevap.pdf", "toplu-cevap.zip"]
    book = PdfReader(io.BytesIO(attachments.read(kept[0])))
    assert len(book.pages) == 3
    assert cases[0].number in book.pages[0].extract_text()
    with zipfile.ZipFile(io.BytesIO(attachments.read(kept[1]))) as archive:
        names = archive.namelist()
    assert {f"{case.number}.pdf" for case in cases} < set(names)
    assert [name for name in names if name.endswith(".xlsx")]
    assert noted[-1]["verb"] == "print"
    again = letter_batches.file_letters(db, batch)
    assert len(again) == 2
