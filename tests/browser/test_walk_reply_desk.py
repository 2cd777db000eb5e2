"""The reply desk as its people use it: drafted, initialled, signed by a deputy, checked, sent to many."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, picture
from tests.browser.prepare import STAFF_AND_PEOPLE
from tests.browser.test_walk_main_job import pick, wait_for

pytestmark = pytest.mark.browser

FOREIGN_ID = "10000000146"

#: Five cases that a unit has answered, of citizens with a telephone and an address.
PREPARE = (
    STAFF_AND_PEOPLE
    + """
people = session.scalars(reachable.order_by(Citizen.id).limit(5)).all()
for place, person in enumerate(people):
    case = services.register_application(
        session, actor=actors["operator"],
        values={
            "channel": Channel.CALL_CENTER, "kind": Kind.COMPLAINT, "topic_id": topic.id,
            "subject": f"Köprü girişinde çukur {place}", "citizen": {"id": person.id},
            "contact_phone": f"+9053200041{place:02d}", "wants_notice": "sms",
        },
    )
    common = {"application": case}
    services.take_to_triage(session, actor=actors["sef"], **common)
    services.assign(
        session, actor=actors["sef"], unit_ids=[topic.unit_id], lead_unit_id=topic.unit_id, **common
    )
    services.accept(session, actor=actors["birim"], **common)
    services.answer_by_unit(
        session, actor=actors["birim"], answer_text="Çukur sıcak asfaltla kapatıldı.",
        outcome=Outcome.RESOLVED, **common,
    )
    found.append({"id": case.id, "number": case.number})
reason = session.scalar(select(OutcomeReason.id).where(OutcomeReason.outcome == Outcome.REJECTED))
print(json.dumps({"cases": found, "reason": reason}))
"""
)


@pytest.fixture(scope="module")
def prepared(site: Site) -> dict[str, Any]:
    """Answered cases, and the key of a reason for refusals."""
    told: dict[str, Any] = json.loads(site.python(PREPARE).strip().splitlines()[-1])
    assert len(told["cases"]) == 5, told
    return told


def test_a_refusal_goes_from_the_desk_over_the_chief_to_the_deputy(
    site: Site, visit: Callable[..., Any], prepared: dict[str, Any]
) -> None:
    case = prepared["cases"][0]
    record = f"/applications/show/{case['id']}"

    # 1. The Solution Desk writes from a template; the reason is picked, the gap is filled.
    desk = visit("masa")
    desk.goto(record)
    desk.select_option("#template", label="Olumsuz cevap")
    wait_for(lambda: case["number"] in desk.input_value("#reply-body"))
    assert desk.input_value("#reply-outcome") == "rejected"
    desk.select_option("#reply-reason", str(prepared["reason"]))
    text = desk.input_value("#reply-body").replace("……", "program dışı")
    desk.fill("#reply-body", text)
    picture(desk, "cevap-taslak")
    desk.click("form[aria-labelledby=h-reply] button[value=submit]")
    desk.wait_for_load_state()
    assert "Şef: bekliyor" in desk.inner_text("main")

    # 2. The chief finds it on the own list, reads the letter and gives the paraf.
    chief = visit("sef")
    chief.goto("/approvals/list/?tab=turn")
    chief.click(f"tr:has-text('{case['number']}') th a")
    chief.wait_for_url("**/replies/show/*")
    letter = chief.url
    assert "(EBYS’den alınacak)" in chief.inner_text(".sheet")
    picture(chief, "cevap-yazisi")
    chief.click("button[value=approve]")
    chief.wait_for_load_state()
    assert "Sibel Koç" in chief.inner_text("aside")

    # 3. The manager is away: the deputy sees for whom and until when, and signs in that place.
    deputy = visit("vekil")
    deputy.goto("/")
    assert "Nermin Aksoy" in deputy.inner_text("section[aria-labelledby=h-standing]")
    deputy.click("section[aria-labelledby=h-standing] a")
    deputy.wait_for_url("**/approvals/list/**")
    picture(deputy, "onay-bekleyen")
    deputy.click(f"tr:has-text('{case['number']}') th a")
    assert "Nermin Aksoy yerine" in deputy.inner_text("aside")
    deputy.click("button[value=approve_send]")
    deputy.wait_for_load_state()

    # 4. The letter is signed with “V.”, the record tells both names, the citizen is told.
    deputy.goto(letter)
    assert re.search(r"Tülay ERDEM\s+.*V\.", deputy.inner_text(".sheet-sign"), re.S)
    deputy.goto(record)
    assert "Cevaplandı" in deputy.inner_text(".page-head")
    assert "vekâleten" in deputy.inner_text(".timeline")
    wait_for(lambda: [t for t in site.texts if case["number"] in str(t)])
    with deputy.expect_download() as archive:
        deputy.goto(letter)
        deputy.click("text=Paraflı arşiv nüshası")
    assert archive.value.path().read_bytes().startswith(b"%PDF")


def test_the_outgoing_check_stops_somebody_elses_identity_number(
    site: Site, visit: Callable[..., Any], prepared: dict[str, Any]
) -> None:
    case = prepared["cases"][1]
    record = f"/applications/show/{case['id']}"
    chief = visit("sef")
    chief.goto(record)
    chief.fill("#reply-body", f"Çukur kapatıldı. Bildiren: {FOREIGN_ID}.")
    chief.select_option("#reply-outcome", "resolved")
    chief.click("form[aria-labelledby=h-reply] button[value=submit]")
    chief.wait_for_load_state()

    manager = visit("mudur")
    manager.goto(record)
    manager.click("button[value=approve_send]")
    manager.wait_for_url("**/replies/show/*")
    told = manager.inner_text("aside")
    assert "T.C. kimlik numarası" in told
    assert FOREIGN_ID not in told
    picture(manager, "giden-yazi-denetimi")
    manager.fill("#approval_note", "Kimlik numarasını çıkarın")
    manager.click("button[value=send_back]")
    manager.wait_for_load_state()

    # Corrected, it leaves; the earlier text is still there to be compared.
    chief.goto(record)
    assert "Kimlik numarasını çıkarın" in chief.inner_text("main")
    chief.fill("#reply-body", "Çukur kapatıldı.")
    chief.click("form[aria-labelledby=h-reply] button[value=submit]")
    chief.wait_for_load_state()
    manager.goto(record)
    manager.click("button[value=approve_send]")
    manager.wait_for_load_state()
    assert "Cevaplandı" in manager.inner_text(".page-head")
    texts = str([t for t in site.texts if case["number"] in str(t)])
    assert FOREIGN_ID not in texts
    chief.goto(record)
    chief.click("text=Yazıyı aç")
    chief.click("text=/Metnin \\d+ sürümü/")
    chief.wait_for_url("**/reply-versions/list/**")
    assert chief.locator("tbody tr").count() == 2


def test_three_letters_of_one_template_leave_together(
    site: Site, visit: Callable[..., Any], prepared: dict[str, Any]
) -> None:
    cases = prepared["cases"][2:5]
    chief = visit("sef")
    chief.goto("/letter-batches/add")
    chief.fill("#title", "Yağış sonrası onarımlar")
    pick(chief, "template", "bilgi verildi")
    chief.fill("#numbers", "\n".join(case["number"] for case in cases))
    chief.click("button[data-submit]")
    chief.wait_for_url("**/letter-batches/show/*")
    batch = chief.url
    page = chief.inner_text("main")
    assert all(case["number"] in page for case in cases)
    assert "Hazır" in page
    picture(chief, "toplu-yazi")

    def act(page: Any, word: str) -> None:
        """Press the button, agree, and wait until the worker is done."""
        page.goto(batch)
        page.click(f".page-head button:has-text('{word}')")
        page.click(f"dialog[open] button[type=submit]:has-text('{word}')")
        page.wait_for_url("**/letter-batches/show/*")
        wait_for(lambda: not page.goto(batch) or page.locator("[data-poll]").count() == 0, 40)

    act(chief, "Onaya sun")
    assert "Mektupları gönder" not in chief.inner_text(".page-head")
    act(visit("mudur"), "Mektupları onayla")
    act(chief, "Mektupları gönder")
    assert "Gönderildi" in chief.inner_text(".page-head")
    assert chief.locator("text=.zip").count() == 1
    for case in cases:
        wait_for(lambda number=case["number"]: [t for t in site.texts if number in str(t)])
        chief.goto(f"/applications/show/{case['id']}")
        assert "Cevaplandı" in chief.inner_text(".page-head")
    chief.goto(batch)
    with chief.expect_download() as book:
        chief.click("text=.pdf")
    assert book.value.path().read_bytes().startswith(b"%PDF")
