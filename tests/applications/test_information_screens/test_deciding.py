"""Deciding, extension and consent."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import func, select

from app.applications import services
from app.applications.models import (
    Application,
    PublishedInformation,
    Reply,
    Topic,
)
from app.applications.rules import ReplyState, State
from app.applications.rules.information import (
    InformationDecision,
)
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.text import format_date
from app.models import Institution
from tests.applications.test_information_screens.support import (
    card_of,
    case_of,
    grounds,
    partial,
    register,
    text_of,
)


def put_to_work(session: Any, asked: Application) -> None:
    """A unit has the request in hand."""
    with acting_as(SYSTEM):
        case = session.get(Application, asked.id)
        unit = session.scalar(select(Topic.unit_id).where(Topic.unit_id.is_not(None)).limit(1))
        services.assign(session(), application=case, lead_unit_id=unit, unit_ids=(), actor=SYSTEM)
        services.accept(session(), application=case, actor=SYSTEM)
        session.commit()


# --- deciding ---------------------------------------------------------------------------------------------
def test_from_the_decision_to_the_letter_that_left(
    client_as: Any, session: Any, asked: Application
) -> None:
    officer, url = client_as("bilgi"), f"/information-cases/of/{asked.id}/decide"
    page = officer.get(url)
    assert page.status_code == 200
    for words in ("m.9", "m.21", "m.27", "Kısmen verildi", "Sözleşmenin bir örneğini"):
        assert words in page.text
    assert officer.post(url, data=partial(session)).status_code == 302
    case = case_of(session, asked)
    assert (case.decision, case.decided_on) == (InformationDecision.PARTIAL, None)
    reply = session.get(Reply, case.reply_id)
    assert reply.state is ReplyState.IN_APPROVAL
    assert "2577" in reply.remedy
    assert "4982 m.9, m.21" in reply.refusal_article
    own = officer.post(
        f"/applications/steps/{asked.id}/approve",
        data={"reply_id": reply.id, "decision": "approve_send"},
        follow_redirects=True,
    )
    assert "Gönderildi" not in own.text.split("Bildirimler")[0]
    manager = client_as("mudur")
    done = manager.post(
        f"/applications/steps/{asked.id}/approve",
        data={"reply_id": reply.id, "decision": "approve_send"},
    )
    assert done.status_code == 302
    session.expire_all()
    case = case_of(session, asked)
    assert (case.decision, case.decided_on) == (InformationDecision.PARTIAL, clock.today())
    with acting_as(SYSTEM):
        assert session.get(Application, asked.id).state is State.ANSWERED
    letter = officer.get(f"/applications/steps/{asked.id}/letter/{reply.id}.pdf")
    if letter.status_code == 200:
        assert letter.data.startswith(b"%PDF")
    again = officer.post(url, data=partial(session))
    assert again.status_code == 422
    assert "Karar gönderildi" in again.text


def test_a_refused_form_keeps_what_was_typed(
    client_as: Any, session: Any, asked: Application
) -> None:
    url = f"/information-cases/of/{asked.id}/decide"
    refused = client_as("bilgi").post(
        url, data=partial(session, reason="", removed="23 sayfa <b>", pages="yüz")
    )
    assert refused.status_code == 422
    assert "23 sayfa &lt;b&gt;" in refused.text
    assert 'value="yüz"' in refused.text
    checked = re.findall(r'<input[^>]*name="grounds"[^>]*value="(\d+)"[^>]*checked', refused.text)
    assert {int(pk) for pk in checked} == set(grounds(session, "m.9", "m.21"))
    assert case_of(session, asked).decision is None
    empty = client_as("bilgi").post(url, data={"step": "submit"})
    assert empty.status_code == 422
    forged = client_as("bilgi").post(
        url, data=partial(session, decision="withdrawn", grounds=[999_999])
    )
    assert forged.status_code == 422


def test_a_stale_form_is_told_so(client_as: Any, session: Any, asked: Application) -> None:
    officer, url = client_as("bilgi"), f"/information-cases/of/{asked.id}/decide"
    version = re.search(r'name="_version"[^>]*value="(\d+)"', officer.get(url).text)
    assert version is not None
    draft = partial(session, step="draft", _version=version[1])
    assert officer.post(url, data=draft).status_code == 302
    stale = client_as("mudur").post(url, data={**draft, "reason": "Başka gerekçe"})
    assert stale.status_code == 422
    assert "Başka gerekçe" in stale.text
    assert case_of(session, asked).reason == "İşçi adları özel hayata ilişkindir."
    count = select(func.count(Reply.id)).where(Reply.application_id == asked.id)
    assert session.scalar(count) == 1


def test_published_information_is_picked_and_pointed_to(
    client_as: Any, session: Any, asked: Application
) -> None:
    item = session.scalars(select(PublishedInformation).where(PublishedInformation.active)).first()
    done = client_as("bilgi").post(
        f"/information-cases/of/{asked.id}/decide",
        data={"decision": "published", "published_id": item.id, "step": "draft"},
    )
    assert done.status_code == 302
    case = case_of(session, asked)
    assert case.published_id == item.id
    assert item.title in session.get(Reply, case.reply_id).body
    shown = text_of(client_as("bilgi").get(f"/published-information/show/{item.id}"))
    assert item.title in shown


def test_forwarding_ends_the_request_at_once(
    client_as: Any, session: Any, asked: Application
) -> None:
    institution = session.scalar(select(func.min(Institution.id)))
    done = client_as("bilgi").post(
        f"/information-cases/of/{asked.id}/decide",
        data={
            "decision": "forwarded", "institution_id": institution, "reason": "İlçenindir.",
            "step": "submit",
        },
    )  # fmt: skip
    assert done.status_code == 302
    case = case_of(session, asked)
    assert (case.decision, case.decided_on) == (InformationDecision.FORWARDED, clock.today())


# --- extension, consent ------------------------------------------------------------------------------------
def test_an_extension_asks_its_reason_and_writes_its_letter(
    client_as: Any, session: Any, asked: Application
) -> None:
    officer, url = client_as("bilgi"), f"/information-cases/of/{asked.id}/extend"
    case = case_of(session, asked)
    assert format_date(case.notice_by) in officer.get(url).text
    refused = officer.post(url, data={"note": "Hakedişler"})
    assert refused.status_code == 422
    assert "Hakedişler" in refused.text
    put_to_work(session, asked)
    sent = officer.post(url, data={"extension_reason": "another_unit", "note": "Hakedişler"})
    assert sent.status_code == 302
    with acting_as(SYSTEM):
        assert session.get(Application, asked.id).state is State.EXTENSION_REQUESTED
    card = card_of(officer, asked)
    assert "Uzatma yazısı" in card


def test_a_late_extension_is_refused_with_the_day_that_was_missed(
    client_as: Any, session: Any
) -> None:
    late = register(session, days_ago=40)
    case = case_of(session, late)
    refused = client_as("bilgi").post(
        f"/information-cases/of/{late.id}/extend",
        data={"extension_reason": "another_unit", "note": "Geç"},
    )
    assert refused.status_code == 422
    assert format_date(case.notice_by) in text_of(refused)
    assert "Geç" in refused.text


def test_consent_is_noted_in_its_order(client_as: Any, session: Any, asked: Application) -> None:
    officer, url = client_as("bilgi"), f"/information-cases/of/{asked.id}/consent"
    today = clock.today()
    wrong = officer.post(url, data={"consent_given_on": format_date(today)})
    assert wrong.status_code == 422
    asked_on = today - dt.timedelta(days=1)
    done = officer.post(url, data={"consent_asked_on": format_date(asked_on)})
    assert done.status_code == 302
    assert case_of(session, asked).consent_asked_on == asked_on
    assert "Rıza" in card_of(officer, asked) or "ilgili" in card_of(officer, asked).lower()


def test_the_fee_form_asks_the_amount_and_the_card_shows_it(
    client_as: Any, session: Any, asked: Application
) -> None:
    officer = client_as("bilgi")
    put_to_work(session, asked)
    url = f"/applications/steps/{asked.id}/do/demand_fee"
    wrong = officer.post(url, data={"note": "240 sayfa", "amount": "çok"})
    assert wrong.status_code == 422
    done = officer.post(url, data={"note": "240 sayfa", "amount": "240,50"})
    assert done.status_code == 302
    case = case_of(session, asked)
    assert str(case.fee_amount) == "240.50"
    card = card_of(officer, asked)
    assert "240,50 TL" in card
    assert format_date(case.fee_pay_by) in card
    listed = officer.get("/information-cases/list/?tab=fee").text
    assert asked.number in listed
    back = f"/applications/steps/{asked.id}/do/withdraw_fee"
    assert "Ücret bildirimini geri al" in card
    assert officer.post(back, data={"reason": ""}).status_code == 422
    assert officer.post(back, data={"reason": "Tutar yanlış yazıldı"}).status_code == 302
    assert "240,50 TL" not in card_of(officer, asked)
    assert officer.post(url, data={"note": "24 sayfa", "amount": "24"}).status_code == 302
    paid = officer.post(
        f"/applications/steps/{asked.id}/do/receive_fee",
        data={"paid_on": format_date(clock.today()), "note": "Dekont"},
    )
    assert paid.status_code == 302
    assert case_of(session, asked).fee_paid_on == clock.today()
