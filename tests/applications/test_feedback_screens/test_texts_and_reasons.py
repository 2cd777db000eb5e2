"""Texts and reasons."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.applications.test_feedback_screens.support import one
from tests.support import registered_case

TEXT = {
    "step": "register",
    "channel": "sms",
    "active": "y",
    "valid_from": "01.03.2031",
    "valid_until": "",
    "subject": "",
    "body": "Kaydınız alındı: {{basvuru_no}}",
}


REASON = {
    "outcome": "rejected",
    "code": "deneme-neden",
    "name": "Deneme nedeni",
    "order_no": "90",
    "active": "y",
    "citizen_text": "Bu bir deneme nedenidir.",
}


def in_triage(session: Any) -> Any:
    """A case that the chief is assessing."""
    from app.applications import services
    from app.core.acting import SYSTEM

    case = registered_case(session)
    services.take_to_triage(session, application=case, actor=SYSTEM)
    session.commit()
    return case


# --- texts ----------------------------------------------------------------------------------------------
def test_a_text_is_added_corrected_and_shown_as_it_arrives(client_as: Any, session: Any) -> None:
    from app.applications.models import NoticeText

    chief = client_as("sef")
    refused = chief.post("/notice-texts/add", data={**TEXT, "body": "{{ad_soyad}} {{konu}}"})
    assert refused.status_code == 422
    assert "{{ad_soyad}} {{konu}}" in refused.text.replace("&#123;", "{").replace("&#125;", "}")
    assert chief.post("/notice-texts/add", data=TEXT).status_code == 302
    row = one(session, NoticeText, NoticeText.valid_from == dt.date(2031, 3, 1))
    assert row.body == "Kaydınız alındı: {{basvuru_no}}"
    page = chief.get(f"/notice-texts/show/{row.id}").text
    assert "Kaydınız alındı: 2026-0001234" in page
    assert "1 SMS" in page
    twice = chief.post("/notice-texts/add", data=TEXT)
    assert twice.status_code == 422
    assert "zaten var" in twice.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("a" * 161, ["2 SMS", "düz harfler"]),
        ("ş" * 80, ["tek kaydırma", "ş"]),
        ("Ж" * 71, ["2 SMS", "UCS-2", "Ж"]),
        ("Merhaba {{takip_kodu}} <b>", ["K7MP4X2Q", "&lt;b&gt;"]),
    ],
)
def test_the_preview_counts_what_is_typed(client_as: Any, body: str, words: list[str]) -> None:
    page = client_as("sef").get(
        "/notice-texts/preview", query_string={"body": body, "channel": "sms"}
    )
    assert page.status_code == 200
    for word in words:
        assert word in page.text


def test_the_form_of_a_text_names_where_its_preview_comes_from(client_as: Any) -> None:
    page = client_as("mudur").get("/notice-texts/add").text
    assert "/notice-texts/preview" in page
    assert "data-preview" in page


# --- reasons ---------------------------------------------------------------------------------------------
def test_a_new_reason_is_offered_at_once_and_a_used_one_stays(client_as: Any, session: Any) -> None:
    from app.applications.models import Application, OutcomeReason

    case = in_triage(session)
    offer = f"/applications/steps/{case.id}/do/reject"
    manager = client_as("mudur")
    wrong = manager.post("/outcome-reasons/add", data={**REASON, "code": "Büyük Kod"})
    assert wrong.status_code == 422
    assert manager.post("/outcome-reasons/add", data=REASON).status_code == 302
    row = one(session, OutcomeReason, OutcomeReason.code == "deneme-neden")
    assert "Deneme nedeni" in manager.get(offer).text
    pk = row.id
    form = manager.get(f"/outcome-reasons/edit/{pk}").text
    version = re.search(r'name="_version"[^>]*value="(\d+)"', form)
    assert version is not None
    changed = {**REASON, "name": "Başka ad", "_version": version[1]}
    assert manager.post(f"/outcome-reasons/edit/{pk}", data=changed).status_code == 302
    assert "Başka ad" in manager.get(offer).text
    used = session.scalar(
        select(Application.outcome_reason_id)
        .where(Application.outcome_reason_id.is_not(None))
        .limit(1)
    )
    assert used is not None, "the demo data must give closed cases their reasons"
    manager.post(f"/outcome-reasons/delete/{used}", data={"_version": "1"})
    session.expire_all()
    assert session.get(OutcomeReason, used) is not None
    assert manager.post(f"/outcome-reasons/delete/{pk}", data={"_version": "2"}).status_code == 302
    session.expire_all()
    assert session.get(OutcomeReason, pk) is None
    manager.get("/")  # The page after a deletion says that it was deleted.
    assert "Başka ad" not in manager.get(offer).text


def test_the_forms_of_a_case_ask_for_the_reason(client_as: Any, session: Any) -> None:
    case = in_triage(session)
    page = client_as("mudur").get(f"/applications/steps/{case.id}/do/reject").text
    assert 'name="outcome_reason_id"' in page
    sent = client_as("mudur").post(
        f"/applications/steps/{case.id}/do/reject", data={"reason": "Bütçe yok"}
    )
    assert sent.status_code == 422
    assert "Bütçe yok" in sent.text
    assert "Nedeni seçin" in sent.text
