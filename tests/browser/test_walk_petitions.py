"""A petition under law 3071: its parts, the three grounds, the competent authority, progress and result."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, picture
from tests.browser.looks import findings
from tests.browser.prepare import STAFF_AND_PEOPLE
from tests.browser.test_walk_main_job import pick, wait_for

pytestmark = pytest.mark.browser

#: Paper petitions of people who can be reached: four in assessment, two at a unit that works on them.
PREPARE = (
    STAFF_AND_PEOPLE
    + """
people = session.scalars(reachable.order_by(Citizen.id.desc()).limit(6)).all()
for place, person in enumerate(people):
    case = services.register_application(
        session, actor=actors["masa"],
        values={
            "channel": Channel.PETITION, "kind": Kind.REQUEST, "topic_id": topic.id,
            "subject": f"Dilekçe denemesi {place}", "citizen": {"id": person.id},
            "contact_phone": f"+9053200055{place:02d}", "wants_notice": "sms",
            "has_name": True, "has_signature": place != 2, "has_address": True,
        },
    )
    services.take_to_triage(session, actor=actors["sef"], application=case)
    if place > 3:
        services.assign(
            session, actor=actors["sef"], application=case, unit_ids=[topic.unit_id],
            lead_unit_id=topic.unit_id,
        )
        services.accept(session, actor=actors["birim"], application=case)
    if place > 4:
        services.answer_by_unit(
            session, actor=actors["birim"], application=case, answer_text="Bordür yenilendi.",
            outcome=Outcome.RESOLVED,
        )
    found.append({"id": case.id, "number": case.number})
print(json.dumps(found))
"""
)


@pytest.fixture(scope="module")
def petitions(site: Site) -> list[dict[str, Any]]:
    """Keys and numbers of the six petitions."""
    found: list[dict[str, Any]] = json.loads(site.python(PREPARE).strip().splitlines()[-1])
    assert len(found) == 6
    return found


def record(case: dict[str, Any]) -> str:
    return f"/applications/show/{case['id']}"


def step(case: dict[str, Any], action: str) -> str:
    return f"/applications/steps/{case['id']}/do/{action}"


def press(page: Any) -> None:
    """Press the button of the form and wait for the page after it."""
    page.click("form[data-form] button[type=submit].btn-primary")
    page.wait_for_load_state()


def told(site: Site, case: dict[str, Any]) -> list[dict[str, Any]]:
    return [t for t in site.texts if case["number"] in str(t)]


def letters(page: Any) -> str:
    return str(page.inner_text("section[aria-labelledby=h-replies]"))


def test_three_grounds_leave_a_petition_unexamined(
    site: Site, visit: Callable[..., Any], petitions: list[dict[str, Any]]
) -> None:
    unclear, judicial, unsigned = petitions[:3]
    chief = visit("sef")

    # a and b: the ground is picked beside its meaning; the letter names it and the way to object.
    for case, ground, words in (
        (unclear, "no_specific_subject", "belli bir konuyu ihtiva etmediğinden"),
        (judicial, "judicial_matter", "yargı mercilerinin görevine girdiğinden"),
    ):
        chief.goto(step(case, "declare_inadmissible"))
        for law in ("3071 m.6/a", "3071 m.6/b", "3071 m.6/c"):
            assert law in chief.inner_text("main")
        assert findings(chief) == []
        picture(chief, "dilekce-nedenler")
        chief.select_option("#inadmissible_reason", ground)
        press(chief)
        assert "İşleme alınmadı" in chief.inner_text(".page-head")
        assert words in letters(chief)

    # c: a signature is missing, and the applicant can be reached; so the applicant is asked first.
    chief.goto(record(unsigned))
    card = chief.locator("#card-petition")
    card.get_by_text("Eksik: İmza.").first.wait_for()
    assert findings(chief) == []
    picture(chief, "dilekce")
    chief.goto(step(unsigned, "declare_inadmissible"))
    chief.select_option("#inadmissible_reason", "missing_mandatory_parts")
    press(chief)
    assert "önce eksik olanı isteyin" in chief.inner_text("main")
    chief.goto(record(unsigned))
    card.get_by_role("link", name="Başvuru sahibinden iste").click()
    chief.wait_for_url("**/do/request_information")
    assert "İmza" in chief.input_value("#note")
    press(chief)
    wait_for(lambda: [t for t in told(site, unsigned) if "İmza" in str(t)])
    chief.goto(step(unsigned, "receive_information"))
    chief.fill("#note", "İmzaya gelmeyeceğini telefonla bildirdi.")
    press(chief)
    chief.goto(step(unsigned, "declare_inadmissible"))
    chief.select_option("#inadmissible_reason", "missing_mandatory_parts")
    press(chief)
    assert "İşleme alınmadı" in chief.inner_text(".page-head")
    assert "m.6/c" in letters(chief)

    # The letters wait for the manager, who is not their writer.
    manager = visit("mudur")
    manager.goto(record(unsigned))
    manager.click("button[value=approve_send]")
    manager.wait_for_load_state()
    assert "Gönderildi" in letters(manager)


def test_a_picker_answers_what_was_typed_before_its_script_came(
    visit: Callable[..., Any], petitions: list[dict[str, Any]]
) -> None:
    page = visit("mudur")
    held: list[Any] = []
    page.route("**/js/lookup.js*", lambda route: held.append(route))
    with page.expect_request("**/js/lookup.js*"):
        page.goto(step(petitions[3], "transfer_out"))
    # Somebody quick: the other acts of a walk wait until the page is ready.
    page.focus("#institution_id")
    page.keyboard.type("Kaymakam")
    assert page.evaluate("document.querySelectorAll('.lookup [role=option]').length") == 0
    for route in held:
        route.continue_()
    page.locator(".lookup [role=option]").first.wait_for()
    assert "Kaymakam" in page.locator(".lookup [role=option]").first.inner_text()


def test_the_competent_authority_gets_it_and_the_applicant_is_told(
    site: Site, visit: Callable[..., Any], petitions: list[dict[str, Any]]
) -> None:
    case = petitions[3]
    manager = visit("mudur")
    manager.goto(step(case, "transfer_out"))
    pick(manager, "institution_id", "Kaymakam")
    name = manager.input_value("#institution_id")
    assert findings(manager) == []
    press(manager)
    # One letter to the institution, one notice to the applicant, and an SMS.
    assert letters(manager).count("Yönlendirme bildirimi") == 2
    assert "3071 sayılı Kanunun 5 inci maddesi" in letters(manager)
    assert "3071" in letters(manager)
    assert name.split(" ")[0] in letters(manager)
    wait_for(lambda: len(told(site, case)) > 1)
    card = manager.locator("#card-follow_up, #card-follow-up")
    card.get_by_text("Kurumun cevabını işle").wait_for()
    picture(manager, "aktarilan-basvuru")


def test_how_far_it_is_and_the_result_are_two_letters(
    site: Site, visit: Callable[..., Any], petitions: list[dict[str, Any]]
) -> None:
    case = petitions[4]
    desk = visit("masa")
    desk.goto(record(case))
    desk.select_option("#reply-kind", "progress")
    desk.fill("#reply-body", "Bordür yenilenecek; iş programa alındı.")
    desk.click("form[aria-labelledby=h-reply] button[value=draft]")
    desk.wait_for_load_state()
    assert desk.input_value("#reply-body").startswith("Bordür yenilenecek")
    desk.click("form[aria-labelledby=h-reply] button[value=submit]")
    desk.wait_for_load_state()
    assert desk.locator("button[value=approve_send]").count() == 0

    manager = visit("mudur")
    manager.goto(record(case))
    manager.click("button[value=approve_send]")
    manager.wait_for_load_state()
    # The promise does not stop the clock: the case is still in hand and stands in a list of its own.
    assert "Cevaplandı" not in manager.inner_text(".page-head")
    card = manager.locator("#card-petition")
    card.get_by_text("sonucu henüz bildirilmedi").wait_for()
    picture(manager, "safahat-bildirimi")
    manager.goto(f"/promised/?q={case['number']}")
    assert case["number"] in manager.inner_text("main")
    assert findings(manager) == []
    manager.goto("/promised/")
    picture(manager, "sonuc-bekleyenler")

    liaison = visit("birim")
    liaison.goto(record(case))
    liaison.fill("#answer_text", "Bordür yenilendi.")
    liaison.select_option("#outcome", "resolved")
    liaison.click("form[aria-labelledby=h-answer] button[type=submit]")
    liaison.wait_for_load_state()
    desk.goto(record(case))
    desk.fill("#reply-body", "Bordür yenilendi.")
    desk.select_option("#reply-kind", "final")
    desk.select_option("#reply-outcome", "resolved")
    desk.click("form[aria-labelledby=h-reply] button[value=submit]")
    desk.wait_for_load_state()
    manager.goto(record(case))
    manager.click("button[value=approve_send]")
    manager.wait_for_load_state()
    assert "Cevaplandı" in manager.inner_text(".page-head")
    manager.locator("#card-petition").get_by_text("sonucu da bildirildi").wait_for()
    manager.goto(f"/promised/?q={case['number']}")
    assert case["number"] not in manager.inner_text("tbody, .empty")


def test_a_telephone_and_an_iban_pass_only_with_a_reason(
    visit: Callable[..., Any], petitions: list[dict[str, Any]]
) -> None:
    case = petitions[5]
    iban, phone = "TR33 0006 1005 1978 6457 8413 26", "0532 111 22 14"
    desk = visit("masa")
    desk.goto(record(case))
    desk.fill("#reply-body", f"Bordür yenilendi. Bedel {iban} hesabına yatırılır; bilgi: {phone}.")
    desk.select_option("#reply-outcome", "resolved")
    desk.click("form[aria-labelledby=h-reply] button[value=submit]")
    desk.wait_for_load_state()

    manager = visit("mudur")
    manager.goto(record(case))
    manager.click("button[value=approve_send]")
    manager.wait_for_url("**/replies/show/*")
    shown = manager.inner_text("aside")
    assert "IBAN" in shown
    assert re.search(r"[Tt]elefon", shown)
    for secret in (iban, phone, iban.replace(" ", "")):
        assert secret not in shown
    assert findings(manager) == []
    letter = manager.url
    manager.click("text=Bulguları geçir…")
    manager.fill("#override-reason", "Hesap ve santral numarası belediyenindir, ilan edilmiştir.")
    manager.click("text=Bu gerekçeyle geçir")
    manager.wait_for_load_state()
    manager.goto(letter)
    manager.click("button[value=approve_send]")
    manager.wait_for_load_state()
    manager.goto(record(case))
    assert "Cevaplandı" in manager.inner_text(".page-head")
    manager.goto("/outgoing-checks/list/?tab=all")
    assert "Gerekçeyle" in manager.inner_text("main") or "geçirildi" in manager.inner_text("main")
