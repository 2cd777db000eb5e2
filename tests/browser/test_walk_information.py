"""The information officer decides on a request, the manager approves, an appeal comes, the report shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from app.core import clock
from tests.browser.conftest import Site, picture
from tests.browser.looks import findings, look_at
from tests.browser.test_walk_main_job import pick, type_a_new_person, wait_for

pytestmark = pytest.mark.browser

SUBJECT = "Çorlu kavşak ihalesinin hakediş belgeleri"


def figure(page: Any, words: str) -> int:
    """The number in the line of the report that holds these words."""
    row = page.locator("tr", has_text=words).first
    return int(row.locator("td").last.inner_text().replace(".", ""))


def read_report(page: Any) -> dict[str, int]:
    page.goto(f"/information-report/?year={clock.today().year}")
    return {
        code: figure(page, words)
        for code, words in (
            ("a", "Yapılan bilgi edinme başvurusu"),
            ("d", "çıkarılarak veya ayrılarak"),
            ("e", "Kurula itiraz edilen"),
            ("ek-1", "Kısmen olumlu"),
        )
    }


def card(page: Any, key: str) -> Any:
    """A card of the record page once it has come."""
    place = page.locator(f"#card-{key}")
    wait_for(lambda: place.get_attribute("aria-busy") is None)
    return place


def press(page: Any) -> None:
    """Press the first button of the form and wait for the page after it."""
    page.click("form[data-form] button[type=submit].btn-primary")
    page.wait_for_load_state()


def test_from_the_request_over_the_decision_to_the_annual_report(
    site: Site, visit: Callable[..., Any]
) -> None:
    officer = visit("bilgi")
    before = read_report(officer)

    # 1. The officer registers a request that came on paper.
    officer.goto("/applications/new/")
    type_a_new_person(officer, "Tuğba Işıldak")
    officer.fill("#phone", "0532 000 45 68")
    officer.check("[name=kind][value=information]", force=True)
    pick(officer, "topic", "cukur")
    officer.wait_for_selector("#proposal .trail td.is-end")
    wait_for(lambda: "Fen İşleri" in officer.input_value("#unit"))
    assert "4982" in officer.inner_text("#proposal")
    officer.fill("#subject", SUBJECT)
    officer.fill("#body", "Hakediş raporlarının ve çalışan listesinin onaylı örneğini istiyorum.")
    pick(officer, "district", "corlu")
    officer.keyboard.press("Control+Enter")
    officer.wait_for_url("**/applications/show/*")
    record = officer.url
    number = officer.inner_text("b.mono")

    # 2. The unit that the topic proposes has it at once, and answers.
    liaison = visit("birim")
    liaison.goto(record)
    liaison.click("a[href$='/do/accept']")
    press(liaison)
    liaison.wait_for_url("**/applications/show/*")
    assert liaison.locator("#card-information").count() == 0
    liaison.fill("#answer_text", "Hakediş raporları ektedir; çalışan listesinde adlar var.")
    liaison.select_option("#outcome", "informed")
    liaison.click("form[aria-labelledby=h-answer] button[type=submit]")
    liaison.wait_for_load_state()

    # 3. The card tells the clock, the day of silence and what is missing.
    officer.goto(record)
    first = card(officer, "information")
    assert "karar taslağı" in first.inner_text()
    assert "Sessizlik" in first.inner_text()
    first.locator("summary").click()
    assert first.locator(".trail td.is-end").count() == 1
    assert findings(officer) == []

    # 4. Partly given: two articles, what was separated, the form of access.
    first.get_by_role("link", name="Karar ver").click()
    officer.wait_for_url("**/decide")
    assert "çalışan listesinde adlar var" in officer.inner_text("aside")
    officer.check("[name=decision][value=refused]", force=True)
    assert not officer.is_visible("#removed")
    officer.check("[name=decision][value=partial]", force=True)
    officer.get_by_label(re.compile(r"^m\.9 ")).check()
    officer.get_by_label(re.compile(r"^m\.21 ")).check()
    officer.fill("#removed", "23 sayfadaki çalışan adları")
    officer.keyboard.press("Control+Enter")
    officer.wait_for_selector("[data-errors]")
    assert officer.input_value("#removed") == "23 sayfadaki çalışan adları"
    assert officer.locator("[aria-invalid=true]").count() >= 1
    officer.fill("#reason", "Çalışanların adları özel hayata ilişkindir.")
    officer.select_option("#access_form", "certified_copy")
    officer.fill("#pages", "188")
    assert findings(officer) == []
    picture(officer, "bilgi-edinme-karar")
    officer.click("button[value=submit]")
    officer.wait_for_url("**/applications/show/*")
    text = officer.inner_text("main")
    assert "23 sayfadaki çalışan adları" in text
    assert "m.9" in card(officer, "information").inner_text()
    picture(officer, "bilgi-edinme")

    # 5. The letter holds articles and remedies; the manager approves and sends it.
    manager = visit("mudur")
    manager.goto(record)
    with manager.expect_download() as got:
        manager.click("section[aria-labelledby=h-replies] a:has-text('PDF')")
    letter = pdf(got.value.path().read_bytes())
    for words in ("özel hayata ilişkindir", "Değerlendirme Kurulu", "2577", "23 sayfadaki"):
        assert words in letter, words
    manager.click("button[value=approve_send]")
    manager.wait_for_load_state()
    assert "Cevaplandı" in manager.inner_text(".page-head")
    wait_for(lambda: [t for t in site.texts if number in str(t)])

    # 6. Days later the applicant goes to the Board.
    officer.goto(record)
    assert "Kısmen verildi" in card(officer, "information").inner_text()
    card(officer, "appeal").get_by_role("link", name="İtiraz geldi, kaydet").click()
    officer.wait_for_url("**/information-appeals/file/*")
    officer.fill("#filed_on", clock.today().isoformat())
    officer.fill("#file_no", "2026/1234")
    officer.fill("#note", "Çalışan adları dışında sayfa çıkarıldığı ileri sürülüyor.")
    press(officer)
    officer.wait_for_url("**/applications/show/*")
    assert "2026/1234" in card(officer, "appeal").inner_text()
    officer.goto("/information-appeals/list/")
    officer.click(f"text={number}")
    officer.goto("/information-cases/list/?tab=appealed")
    assert number in officer.inner_text("main")
    assert findings(officer) == []

    # 7. The report counts it, and its figure leads to the very case.
    after = read_report(officer)
    assert {code: after[code] - before[code] for code in after} == {
        "a": 1, "d": 1, "e": 1, "ek-1": 1,
    }  # fmt: skip
    assert findings(officer) == []
    picture(officer, "bilgi-edinme-rapor")
    officer.locator("tr", has_text="Kurula itiraz edilen").first.locator("a").click()
    officer.wait_for_url("**/information-cases/list/**")
    assert number in officer.inner_text("main")
    assert f"toplam {after['e']} kayıt" in officer.inner_text("main")


#: Two requests that a unit works on, and one that nobody has answered for 29 days.
PREPARE = """
import datetime as dt
import json
from sqlalchemy import select
from app.applications import services
from app.applications.rules import Channel, Kind
from app.core import clock
from app.models import Citizen, Topic
topic = session.scalars(select(Topic).where(Topic.code == "YOL-01")).one()
people = session.scalars(
    select(Citizen).where(Citizen.phone != "").order_by(Citizen.id.desc()).limit(3)).all()
found = []
for place, person in enumerate(people):
    now = clock.now() - dt.timedelta(days=29 if place == 2 else 1)
    case = services.register_application(
        session, actor=SYSTEM, now=now,
        values={
            "channel": Channel.WEB, "kind": Kind.INFORMATION, "topic_id": topic.id,
            "subject": f"Asfalt ihalesi belgeleri {place}", "citizen": {"id": person.id},
            "contact_phone": f"+9053200066{place:02d}", "wants_notice": "sms",
        },
    )
    services.assign(session, application=case, lead_unit_id=topic.unit_id, unit_ids=(), actor=SYSTEM, now=now)
    services.accept(session, application=case, actor=SYSTEM, now=now)
    found.append({"id": case.id, "number": case.number})
print(json.dumps(found))
"""


def test_cost_extension_silence_and_what_is_published(
    site: Site, visit: Callable[..., Any]
) -> None:
    costly, long, silent = json.loads(site.python(PREPARE).strip().splitlines()[-1])
    officer = visit("bilgi")

    # 1. The cost is told; the clock stands still until it is paid.
    officer.goto(f"/applications/show/{costly['id']}")
    card(officer, "information").get_by_role("link", name="Erişim ücreti iste").click()
    officer.wait_for_url("**/do/demand_fee")
    officer.fill("#note", "240 sayfa fotokopi")
    officer.fill("#amount", "240,50")
    assert findings(officer) == []
    press(officer)
    shown = card(officer, "information").inner_text()
    assert "240,50 TL" in shown
    assert "Ödeme" in shown
    picture(officer, "bilgi-edinme-ucret")
    wait_for(
        lambda: [t for t in site.texts if costly["number"] in str(t) and "ücretinin" in str(t)]
    )
    officer.goto("/information-cases/list/?tab=fee")
    assert costly["number"] in officer.inner_text("main")
    officer.goto(f"/applications/steps/{costly['id']}/do/receive_fee")
    officer.fill("#note", "Dekont 18")
    press(officer)
    assert "ödendi" in card(officer, "information").inner_text().lower()

    # 2. Thirty working days: a ground of article 11, a letter, the manager’s signature.
    officer.goto(f"/applications/show/{long['id']}")
    due = officer.inner_text("main")
    card(officer, "information").get_by_role("link", name="30 iş gününe uzat").click()
    officer.wait_for_url("**/extend")
    officer.fill("#note", "Hakediş dosyaları arşivdedir.")
    press(officer)
    assert officer.locator("[aria-invalid=true]").count() > 0
    officer.check("[name=extension_reason][value=another_unit]", force=True)
    assert findings(officer) == []
    press(officer)
    assert "Uzatma yazısı" in card(officer, "information").inner_text()
    manager = visit("mudur")
    manager.goto(f"/applications/show/{long['id']}")
    manager.click("button[value=approve_send]")
    manager.wait_for_load_state()
    manager.goto(f"/applications/steps/{long['id']}/do/grant_extension")
    press(manager)
    officer.goto(f"/applications/show/{long['id']}")
    assert "30 iş günü" in officer.inner_text("main")
    assert officer.inner_text("main") != due
    wait_for(lambda: [t for t in site.texts if long["number"] in str(t) and "extension" in str(t)])

    # 3. Silence nears: the card, the list and the home page say so.
    officer.goto(f"/applications/show/{silent['id']}")
    assert (
        "essizlik"
        in card(officer, "information").locator(".notice, [role=note]").first.inner_text()
    )
    officer.goto("/information-cases/list/?tab=silence")
    assert silent["number"] in officer.inner_text("main")
    officer.goto("/")
    assert silent["number"] in officer.inner_text("section[aria-labelledby=h-silent]")
    picture(officer, "ana-sayfa-bilgi")

    # 4. What is published already is kept in a catalogue; a late entry is brought up to date.
    officer.goto("/published-information/add")
    officer.fill("#title", "Otopark tarifesi")
    officer.fill("#place", "Kurumsal internet sitesi")
    officer.fill("#url", "https://ornek.bel.tr/otopark")
    officer.select_option("#cycle", "monthly")
    officer.fill("#published_on", "2026-01-31")
    officer.click("form[data-form] button[type=submit].btn-primary")
    officer.wait_for_url("**/published-information/show/*")
    assert "Otopark tarifesi" in officer.inner_text("main")
    officer.goto("/published-information/list/?tab=overdue&q=otopark")
    officer.check("thead input[type=checkbox]")
    picture(officer, "yayimlanmis-bilgiler")
    officer.get_by_role("button", name="Bugün güncellendi").click()
    officer.locator("[popover]:popover-open, dialog[open]").locator("button[type=submit]").click()
    officer.wait_for_load_state("networkidle")
    officer.goto("/published-information/list/?tab=overdue&q=otopark")
    assert officer.locator("tbody tr", has_text="Otopark tarifesi").count() == 0


def pdf(data: bytes) -> str:
    from tests.core.pdf_text import pdf_text

    return re.sub(r"\s+", " ", pdf_text(data))


def test_its_pages_are_clean_accessible_and_fit(visit: Callable[..., Any]) -> None:
    urls = (
        "/",
        "/information-cases/list/?tab=all",
        "/information-appeals/list/?tab=all",
        f"/information-report/?year={clock.today().year}",
        "/published-information/list/",
        "/published-information/add",
        "/refusal-grounds/list/",
        "/information-report-lines/list/",
    )
    assert look_at(visit("bilgi"), urls) == []


def test_the_dark_look_passes_too(visit: Callable[..., Any]) -> None:
    page = visit("bilgi")
    page.emulate_media(color_scheme="dark")
    for url in ("/", "/information-cases/list/?tab=all", "/information-report/"):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert findings(page) == [], url
