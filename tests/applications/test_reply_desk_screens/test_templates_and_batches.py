"""Templates, batches, petitions and machines."""

from __future__ import annotations

from sqlalchemy import func, select

from app.applications.rules import (
    ApprovalState,
    Channel,
    LetterBatchState,
    ReplyKind,
    ReplyState,
    State,
)
from app.core import clock
from app.models import (
    Application,
    ApprovalStep,
    LetterBatch,
    Reply,
    ReplyTemplate,
)
from tests.applications.test_reply_desk_screens.support import case_in, user


# --- templates ---------------------------------------------------------------------------------------------------
def test_a_template_is_filled_for_a_case_and_names_its_gaps(session, client_as):
    case = case_in(session, State.UNIT_ANSWERED)
    template = ReplyTemplate(
        name="Deneme", reply_kind=ReplyKind.FINAL, body="{{basvuru_no}} {{kurum}}", active=True
    )
    session.add(template)
    session.commit()
    case.institution_id = None
    session.commit()
    answer = client_as("masa").get(f"/applications/steps/{case.id}/template/{template.id}")
    assert answer.json["body"] == f"{case.number} ……"
    assert answer.json["missing"] == ["Gönderildiği kurum"]


def test_a_template_is_tried_on_a_real_case_while_it_is_written(session, client_as):
    case = case_in(session, State.UNIT_ANSWERED)
    client = client_as("mudur")
    answer = client.post(
        "/reply-templates/preview",
        data={"body": "Sayın {{ad_soyad}} {{yok}}", "preview_case": case.number},
    )
    assert case.citizen.last_name in answer.text
    assert "{{yok}}" in answer.text
    unknown = client.post("/reply-templates/preview", data={"body": "x", "preview_case": "2020-1"})
    assert unknown.status_code == 200
    assert "Böyle bir başvuru yok" in unknown.text


def test_an_unknown_field_is_told_at_the_field(client_as):
    answer = client_as("mudur").post(
        "/reply-templates/add",
        data={"name": "Yanlış alan", "reply_kind": "final", "body": "Sayın {{adi}}", "active": "y"},
    )
    assert answer.status_code == 422
    assert "{{adi}}" in answer.text


# --- batches ------------------------------------------------------------------------------------------------------
def test_a_batch_is_prepared_looked_through_and_ordered(session, client_as):
    case = case_in(session, State.UNIT_ANSWERED)
    for old in session.scalars(select(Reply).where(Reply.application_id == case.id)):
        old.state = ReplyState.SENT_BACK
    template = session.scalars(
        select(ReplyTemplate).where(ReplyTemplate.name == "İş tamamlandı")
    ).one()
    session.commit()
    client = client_as("sef")
    form = {
        "title": "Deneme yazısı", "template": template.id, "approval": "together",
        "numbers": case.number,
    }  # fmt: skip
    assert client.post("/letter-batches/add", data={**form, "numbers": ""}).status_code == 422
    answer = client.post("/letter-batches/add", data=form)
    assert answer.status_code == 302
    batch = session.scalars(select(LetterBatch).order_by(LetterBatch.id.desc()).limit(1)).one()
    page = client.get(answer.headers["Location"]).text
    assert case.number in page
    row = batch.rows[0]
    client.post(
        f"/letter-batch-rows/edit/{row.id}",
        data={"body": "Sorun giderilmiştir.", "short_text": "", "_version": row.version},
    )
    session.expire_all()
    assert batch.rows[0].body == "Sorun giderilmiştir."
    assert batch.problems == 0
    client.post(f"/letter-batches/act/{batch.id}", data={"act": "submit"})
    session.expire_all()
    assert batch.job_id is not None
    waiting = client.get(f"/letter-batches/show/{batch.id}").text
    assert "data-poll" in waiting
    assert client.get(f"/letter-batches/progress/{batch.id}").json["state"] == "waiting"
    assert client.post(f"/letter-batches/act/{batch.id}", data={"act": "fly"}).status_code == 404


def test_a_batch_is_dropped_with_nothing_written(session, client_as):
    batch = session.scalars(
        select(LetterBatch).where(LetterBatch.state == LetterBatchState.DRAFT).limit(1)
    ).first()
    assert batch is not None
    client_as("sef").post(f"/letter-batches/drop/{batch.id}")
    session.refresh(batch)
    assert batch.state is LetterBatchState.CANCELLED


# --- petitions and promises ------------------------------------------------------------------------------------------
def test_the_desk_notes_the_parts_of_a_petition(session, client_as):
    case = case_in(session, State.TRIAGE)
    case.channel = Channel.PETITION
    session.commit()
    client = client_as("sef")
    client.post(
        f"/applications/petition/{case.id}",
        data={"has_name": "1", "has_signature": "0", "has_address": ""},
    )
    session.refresh(case)
    assert (case.has_name, case.has_signature, case.has_address) == (True, False, None)
    page = client.get(f"/applications/show/{case.id}").text
    place = page.split('id="card-petition"')[1].split('data-card="')[1].split('"')[0]
    card = client.get(place.replace("&amp;", "&")).text
    assert "Eksik: İmza." in card
    asked = client.get(f"/applications/steps/{case.id}/do/request_information").text
    assert "İmza" in asked


def test_the_three_grounds_stand_beside_the_form(session, client_as):
    case = case_in(session, State.TRIAGE)
    page = client_as("sef").get(f"/applications/steps/{case.id}/do/declare_inadmissible").text
    for law in ("3071 m.6/a", "3071 m.6/b", "3071 m.6/c"):
        assert law in page


def test_who_was_promised_a_result_is_listed_the_longest_first(session, client_as):
    case = case_in(session, State.IN_PROGRESS)
    case.progress_told_at = clock.now()
    session.commit()
    page = client_as("mudur").get("/promised/").text
    assert case.number in page
    assert "bugün" in page
    found = client_as("mudur").get(f"/promised/?q={case.number}").text
    assert case.number in found
    total = session.scalar(
        select(func.count())
        .select_from(Application)
        .where(Application.progress_told_at.is_not(None), Application.answered_at.is_(None))
    )
    assert total >= 1


# --- machines ------------------------------------------------------------------------------------------------------------
def test_a_machine_takes_the_same_turn_and_no_other(app, session, token_of, letter):
    reply = letter()
    step = session.scalars(
        select(ApprovalStep).where(
            ApprovalStep.reply_id == reply.id, ApprovalStep.state == ApprovalState.WAITING
        )
    ).one()
    client = app.test_client()
    url = f"/api/v1/approval_step/{step.id}"
    body = {"decision": "approve", "version": step.version}
    refused = client.put(url, json=body, headers=token_of("sef"))
    assert refused.status_code == 422
    done = client.put(url, json=body, headers=token_of("vekil"))
    assert done.status_code == 200, done.text
    session.refresh(reply)
    assert reply.approved_for_id == user(session, "mudur").id
