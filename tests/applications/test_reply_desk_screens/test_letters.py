"""Letters, turns, checks and drafts."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.rules import (
    ApprovalState,
    CheckState,
    ReplyState,
    State,
)
from app.models import (
    ApprovalStep,
    AuditEvent,
    OutgoingCheck,
    Reply,
    ReplyVersion,
)
from tests.applications.test_reply_desk_screens.support import case_in, user

FOREIGN = "Ayrıntı için 0532 111 22 14 numarasını arayınız."


# --- the letter --------------------------------------------------------------------------------------------
def test_the_page_of_a_letter_is_the_sheet_with_its_chain(session, client_as, letter):
    reply = letter(("chief", "branch_mgr"))
    page = client_as("mudur").get(f"/replies/show/{reply.id}").text
    assert 'class="sheet"' in page
    assert "(EBYS’den alınacak)" in page
    assert "Gülşen Tuna" in page
    assert "Şef" in page
    noted = session.scalars(
        select(AuditEvent).where(AuditEvent.entity == "Reply", AuditEvent.record_id == reply.id)
    ).all()
    assert "view" in {str(row.verb) for row in noted}


def test_whoever_may_not_read_names_sees_a_mask(session, client_as, letter):
    reply = letter()
    name = reply.application.citizen.last_name.upper()
    page = client_as("denetci").get(f"/replies/show/{reply.id}").text
    assert 'class="sheet"' in page
    assert f"{name}</" not in page
    assert (
        "*" in page.split('class="sheet-to"')[1][:60]
        or "•" in page.split('class="sheet-to"')[1][:60]
    )


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_paper_comes_in_three_kinds(client_as, letter, form):
    reply = letter()
    client = client_as("sef")
    base = f"/applications/steps/{reply.application_id}/letter/{reply.id}.{form}"
    plain, archive = client.get(base), client.get(f"{base}?copy=archive")
    assert plain.status_code == archive.status_code == 200
    assert "arsiv" in archive.headers["Content-Disposition"]
    assert plain.data != archive.data


# --- turns ---------------------------------------------------------------------------------------------------
def approve(client: Any, reply: Reply, decision: str = "approve", **more: Any) -> Any:
    return client.post(
        f"/applications/steps/{reply.application_id}/approve",
        data={"reply_id": reply.id, "decision": decision, **more},
    )


def test_a_paraf_is_given_on_the_page_and_the_next_one_signs(session, client_as, letter):
    reply = letter(("chief", "branch_mgr"))
    assert "Onayla ve gönder" not in client_as("sef").get(f"/replies/show/{reply.id}").text
    approve(client_as("sef"), reply)
    session.refresh(reply)
    assert reply.state is ReplyState.IN_APPROVAL
    page = client_as("mudur").get(f"/applications/show/{reply.application_id}").text
    assert "approve_send" in page
    approve(client_as("mudur"), reply, "approve_send")
    session.refresh(reply)
    assert reply.state is ReplyState.SENT
    assert reply.application.state is State.ANSWERED


def test_who_is_not_asked_has_no_button_and_is_refused(session, client_as, letter):
    reply = letter()
    assert 'name="decision"' not in client_as("sef").get(f"/replies/show/{reply.id}").text
    approve(client_as("sef"), reply)
    session.refresh(reply)
    assert reply.state is ReplyState.IN_APPROVAL


def test_the_deputy_signs_in_the_place_of_the_manager(session, client_as, letter):
    reply = letter()
    client = client_as("vekil")
    listed = client.get("/approvals/list/?tab=deputy").text
    assert reply.application.number in listed
    assert "Nermin Aksoy" in listed
    approve(client, reply)
    session.refresh(reply)
    assert reply.approved_for_id == user(session, "mudur").id
    assert reply.signed_as.endswith(" V.")
    assert "vekâleten" in client.get(f"/applications/show/{reply.application_id}").text
    told = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.entity == "Reply", AuditEvent.record_id == reply.id)
        .order_by(AuditEvent.id.desc())
        .limit(5)
    ).all()
    assert any("vekâleten: Nermin Aksoy" in row.summary for row in told)


def test_home_and_profile_tell_a_deputy_for_whom_and_until_when(client_as):
    client = client_as("vekil")
    for address in ("/", "/profile/"):
        page = client.get(address).text
        assert "Nermin Aksoy" in page
        assert "vekâlet ediyorsunuz" in page
    assert "vekâlet ediyorsunuz" not in client_as("sef").get("/").text


def test_many_are_approved_in_place_and_what_is_refused_is_told(session, client_as, letter):
    good, bad = letter(), letter(body=FOREIGN)
    waiting = select(ApprovalStep.id).where(
        ApprovalStep.state == ApprovalState.WAITING, ApprovalStep.reply_id.in_([good.id, bad.id])
    )
    answer = client_as("mudur").post(
        "/approvals/action",
        data={"action": "approve", "rowid": session.scalars(waiting).all()},
        follow_redirects=True,
    )
    session.expire_all()
    assert good.state is ReplyState.APPROVED
    assert bad.state is ReplyState.IN_APPROVAL
    assert "Giden yazı denetimi" in answer.text


def test_the_list_is_for_those_who_are_asked(client_as):
    assert client_as("sef").get("/approvals/list/").status_code == 200
    assert client_as("operator").get("/approvals/list/").status_code in {302, 403}


# --- the outgoing check ------------------------------------------------------------------------------------------
def test_a_foreign_number_stops_the_letter_and_opens_it_with_the_finding(
    session, client_as, letter
):
    reply = letter(body=FOREIGN)
    answer = approve(client_as("mudur"), reply, "approve_send")
    assert answer.headers["Location"].endswith(f"/replies/show/{reply.id}")
    session.refresh(reply)
    assert reply.state is ReplyState.IN_APPROVAL
    check = session.scalars(select(OutgoingCheck).where(OutgoingCheck.reply_id == reply.id)).one()
    assert check.state is CheckState.BLOCKED
    page = client_as("mudur").get(f"/replies/show/{reply.id}").text
    assert "Muhatabın olmayan telefon" in page
    client_as("mudur").post(
        f"/outgoing-checks/override/{check.id}",
        data={"reason": "Numara başvuru sahibinin işyerine aittir."},
    )
    approve(client_as("mudur"), reply, "approve_send")
    session.refresh(reply)
    assert reply.state is ReplyState.SENT


def test_only_some_may_let_findings_pass(session, client_as, letter):
    reply = letter(body=FOREIGN)
    approve(client_as("mudur"), reply)
    check = session.scalars(select(OutgoingCheck).where(OutgoingCheck.reply_id == reply.id)).one()
    for who in ("sef", "masa", "denetci"):
        client_as(who).post(
            f"/outgoing-checks/override/{check.id}", data={"reason": "Bence bir sakıncası yok."}
        )
    session.refresh(check)
    assert check.state is CheckState.BLOCKED


def test_a_file_is_looked_at_by_hand(session, client_as):
    answer = client_as("sef").post(
        "/outgoing-checks/look",
        data={"file": (io.BytesIO(FOREIGN.encode()), "liste.csv")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "Muhatabın olmayan telefon" in answer.text
    assert "0532 111 22 14" not in answer.text


# --- drafts and versions ---------------------------------------------------------------------------------------
def test_two_who_write_on_one_draft_lose_nothing(session, client_as):
    case = case_in(session, State.IN_PROGRESS)
    client = client_as("masa")
    url = f"/applications/steps/{case.id}/reply"
    client.post(url, data={"kind": "progress", "body": "Birinci", "step": "draft"})
    draft = session.scalars(
        select(Reply).where(Reply.application_id == case.id).order_by(Reply.id.desc())
    ).first()
    seen = draft.version
    form = {"kind": "progress", "step": "draft", "reply_id": draft.id, "_version": seen}
    client.post(f"{url}/{draft.id}", data={**form, "body": "İkinci"})
    client_as("sef").post(f"{url}/{draft.id}", data={**form, "body": "Üçüncü"})
    session.expire_all()
    texts = session.scalars(
        select(Reply.body).where(Reply.application_id == case.id, Reply.id >= draft.id)
    ).all()
    assert set(texts) == {"İkinci", "Üçüncü"}
    page = client.get(f"/applications/show/{case.id}?draft={draft.id}").text
    assert "İkinci" in page
    versions = session.scalars(
        select(ReplyVersion).where(ReplyVersion.reply_id == draft.id).order_by(ReplyVersion.number)
    ).all()
    assert [v.body for v in versions] == ["Birinci", "İkinci"]
    shown = client.get(f"/reply-versions/show/{versions[1].id}").text
    assert "<del>Birinci</del>" in shown
    assert "<ins>İkinci</ins>" in shown
    client.post(f"/reply-versions/restore/{versions[0].id}")
    session.refresh(draft)
    assert draft.body == "Birinci"


def test_what_an_approver_sends_back_stands_above_the_draft(session, client_as, letter):
    reply = letter()
    approve(client_as("mudur"), reply, "send_back", note="Tarihi düzeltin")
    page = client_as("masa").get(f"/applications/show/{reply.application_id}").text
    assert "Tarihi düzeltin" in page
    assert f"/reply/{reply.id}" in page
