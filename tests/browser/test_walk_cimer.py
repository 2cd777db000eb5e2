"""The CİMER officer's day: quick entry, a file, a re-send, more time, the answer, the list of CİMER compared."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from app.core.clock import today
from tests.browser.conftest import Site, picture
from tests.browser.looks import findings
from tests.browser.test_walk_main_job import pick
from tests.browser.test_walk_time_and_figures import figure, finished, option_with

pytestmark = pytest.mark.browser

#: Numbers that no demo application has: its numbers begin with the year.
NAMED, TIPPED, FILED, FILED_TIP, LISTED = (f"9926110000{n}" for n in range(1, 6))
IDENTITY = (
    "[name=first_name], [name=last_name], [name=title], [name=phone], [name=email], [name=who]"
)
HEAD = (
    "Başvuru No;Başvuru Tarihi;Geliş Tarihi;Ad;Soyad;Telefon;E-posta;Başvuru Türü;Konu;İl;İlçe;Mahalle;"
    "Adres;Metin;Kimlik Gizli;Durum;Tekrar Gönderim Tarihi"
)

#: One application of CİMER whose answer was approved by the manager and waits to be entered there.
APPROVED = """
import json
from app.applications import services
from app.applications.rules import Channel, Kind, Outcome
from app.models import StaffUser, Topic
from app.core import clock
from sqlalchemy import select
manager = app.extensions["appbuilder"].sm
actors = {
    name: manager.actor_of(session.scalars(select(StaffUser).where(StaffUser.username == name)).one())
    for name in ("cimer", "mudur", "birim")
}
topic = session.scalars(select(Topic).where(Topic.code == "YOL-01")).one()
case = services.register_application(session, actor=actors["cimer"], values={
    "channel": Channel.CIMER, "kind": Kind.COMPLAINT, "topic_id": topic.id, "external_ref": "99261100009",
    "external_source": "cimer", "external_received_at": clock.now(), "subject": "Köprü girişinde çukur",
    "citizen": {"first_name": "Gülten", "last_name": "Çakmak"}, "wants_notice": "none"})
services.take_to_triage(session, application=case, actor=actors["mudur"])
services.assign(session, application=case, actor=actors["mudur"], unit_ids=[topic.unit_id],
                lead_unit_id=topic.unit_id)
services.accept(session, application=case, actor=actors["birim"])
services.answer_by_unit(session, application=case, actor=actors["birim"], outcome=Outcome.RESOLVED,
                        answer_text="Çukur sıcak asfaltla kapatıldı.")
reply = services.draft_reply(session, application=case, actor=actors["cimer"], outcome=Outcome.RESOLVED,
                             body="Başvurunuz incelendi.\\n\\nÇukur sıcak asfaltla kapatılmıştır.")
services.submit_reply(session, reply=reply, actor=actors["cimer"])
services.approve_reply(session, reply=reply, actor=actors["mudur"])
print(json.dumps({"id": case.id, "number": case.number, "state": case.state}))
"""


def day(before: int) -> dt.date:
    """A day of the last week."""
    return today() - dt.timedelta(days=before)


def tr(when: dt.date) -> str:
    """A day as the files of CİMER write it."""
    return when.strftime("%d.%m.%Y")


def sheet(folder: Path, name: str, *rows: str) -> str:
    """A file as CİMER gives it: semicolons and the Turkish code page of Windows."""
    path = folder / name
    path.write_bytes("\r\n".join((HEAD, *rows)).encode("cp1254"))
    return str(path)


def clean(page: Any, name: str) -> None:
    """No serious finding, no sideways scroll on the desk and on a telephone; and a picture."""
    page.wait_for_load_state("networkidle")
    assert findings(page) == [], name
    page.evaluate("scrollTo(0, 0)")
    picture(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    page.set_viewport_size({"width": 1440, "height": 900})


def send(page: Any) -> None:
    """Press the main button of a form."""
    page.click("main form[data-form] button[type=submit].btn-primary")


def step(page: Any, record: str, label: str, **typed: str) -> None:
    """Note one line of the correspondence through its menu on the record."""
    page.goto(record)
    card = page.locator("#card-cimer")
    card.get_by_text("Satır işle").click()
    card.get_by_role("link", name=label, exact=True).click()
    page.wait_for_url("**/cimer/cases/**")
    assert findings(page) == [], label
    for name, text in typed.items():
        page.fill(f"#{name}", text)
    send(page)
    page.wait_for_url("**/applications/show/*")


def type_case(page: Any, ref: str, subject: str, body: str) -> None:
    """What every application has in quick entry."""
    page.fill("#external_ref", ref)
    page.fill("#external_on", day(4).isoformat())
    page.fill("#received_on", day(1).isoformat())
    pick(page, "topic", "cukur")
    page.fill("#subject", subject)
    page.fill("#body", body)


def test_the_officer_takes_in_follows_and_answers(
    site: Site, visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit("cimer")
    page.goto("/")
    assert "Bugün CİMER" in page.inner_text("main") or page.get_by_label("Bugün CİMER").count()
    clean(page, "ana-sayfa-cimer")

    # 1. Quick entry: both dates, both last days, the earlier one counts.
    page.click("main a:has-text('Hızlı kayıt')")
    page.wait_for_url("**/cimer/new/**")
    page.keyboard.press("Alt+1")
    assert page.evaluate("document.activeElement.id") == "external_ref"
    type_case(
        page, NAMED, "Köprü girişindeki çukur derinleşti", "Akşam görünmüyor, iki lastik patladı."
    )
    page.fill("#first_name", "Şengül")
    page.fill("#last_name", "Işıltan")
    page.fill("#phone", "0532 000 45 68")
    times = page.locator("#times")
    times.get_by_text("Bize geliş tarihinden").wait_for()
    assert times.locator("[data-counts]").inner_text().startswith("CİMER’deki tarihten")
    assert "İki tarihten önce olanı esas alınır." in times.inner_text()
    clean(page, "cimer-hizli-kayit")
    page.keyboard.press("Control+Enter")
    told = page.locator(".toast, [role=status]").filter(has_text="kayda alındı").first
    told.wait_for()
    found = re.search(r"20\d\d-\d{7}", told.inner_text())
    assert found is not None
    number = found[0]
    assert page.input_value("#external_ref") == ""

    # 2. The same number a second time is told while it is typed, and refused; nothing typed is lost.
    type_case(page, NAMED, "Aynı başvuru ikinci kez", "Aynı metin.")
    known = page.locator("#known")
    known.get_by_text("Zaten kayıtlı").wait_for()
    assert number in known.inner_text()
    page.fill("#last_name", "Başkası")
    page.keyboard.press("Control+Enter")
    page.locator("[data-errors], .error").first.wait_for()
    assert number in page.inner_text("main")
    assert page.input_value("#subject") == "Aynı başvuru ikinci kez"
    record = site.url + str(known.locator("a").first.get_attribute("href"))

    # 3. The record shows both dates and both last days; the earlier one is its own.
    page.goto(record)
    beside = page.locator("#card-cimer-time")
    beside.get_by_text("İki tarihten önce olanı esas alınır.").wait_for()
    assert beside.locator("dd").count() >= 2
    expect(page.locator("#card-cimer .timeline li")).to_have_count(1)
    clean(page, "cimer-kayit")

    # 4. Sent again and given more time: the lines stand there, the legal date stays.
    last_day = beside.locator("[data-counts]").inner_text()
    at = f"{day(0).isoformat()}T00:01"
    step(page, record, "Tekrar gönderildi", at=at, text="Çukur hâlâ kapanmadı.")
    step(page, record, "Ek süre iste", reason="Yerinde inceleme sürüyor.")
    step(page, record, "Ek süre cevabı", until_on=(today() + dt.timedelta(days=10)).isoformat())
    card = page.locator("#card-cimer")
    card.locator(".timeline li").nth(3).wait_for()
    lines = card.inner_text()
    for word in ("CİMER’den tekrar gönderildi", "Çukur hâlâ kapanmadı.", "CİMER ek süre verdi"):
        assert word in lines
    beside = page.locator("#card-cimer-time")
    beside.get_by_text("3071 m.7").first.wait_for()
    assert beside.locator("[data-counts]").inner_text() == last_day

    # 5. A hidden identity: no name is asked for; what the text tells is masked; none is shown.
    page.goto("/cimer/new/")
    page.keyboard.press("Alt+g")
    page.locator("#identity").locator("[data-identity]").wait_for(state="detached")
    assert page.locator(IDENTITY).count() == 0
    page.check("[name=kind][value=tipoff]", force=True)
    type_case(
        page, TIPPED, "Kaçak kat çıkılıyor", "Adım Zübeyde Karacaoğlan, 0532 123 45 67 arayın."
    )
    page.click("button[value=open]")
    page.locator("mark").first.wait_for()
    assert findings(page) == []
    picture(page, "cimer-gizli-kimlik")
    assert page.locator(IDENTITY).count() == 0
    page.click("button[value=mask]")
    page.locator("text=kayda alındı").first.wait_for()
    page.goto(f"/applications/list/?tab=all&q={TIPPED}")
    page.locator("tbody th a, tbody td a").first.click()
    page.wait_for_url("**/applications/show/*")
    shown = page.inner_text("main")
    assert "Kimlik CİMER’de gizli" in shown
    assert "Karacaoğlan" not in page.content()
    assert "123 45 67" not in page.content()
    assert page.get_by_text("Kimliği göster").count() == 0

    # 6. A file of CİMER: preview, what is refused and why, and a known number that was sent again.
    rows = [
        f"{FILED};{tr(day(3))} 21:40;{tr(day(2))} 09:05;AYŞE NUR;YILDIRIM;0532 000 18 40;;Şikâyet;Gürültü;TEKİRDAĞ;ÇORLU;;;Gece yarısına dek müzik var.;Hayır;Yeni;",
        f"{FILED_TIP};{tr(day(3))} 22:05;{tr(day(2))} 09:05;ZÜBEYDE;KARACAOĞLAN;0532 123 45 67;;İhbar;Kaçak kat;TEKİRDAĞ;KAPAKLI;;;Ruhsatsız kat çıkılıyor.;Evet;Yeni;",
        f"99261100006;{tr(day(3))} 12:00;31.11.2026 09:10;FATMA;KURT;;;İstek;Park;TEKİRDAĞ;ÇORLU;;;Salıncak istiyoruz.;Hayır;Yeni;",
        f"99261100007;{tr(day(3))} 12:30;{tr(day(2))} 09:10;ALİ;ÖZ;;;Rica;Park;TEKİRDAĞ;ÇORLU;;;Bank istiyoruz.;Hayır;Yeni;",
        f"{NAMED};{tr(day(4))} 09:00;{tr(day(1))} 09:00;GÜLŞAH;IŞIKDAĞ;0532 000 45 68;;Şikâyet;Çukur;TEKİRDAĞ;ÇORLU;;;Akşam görünmüyor, iki lastik patladı.;Hayır;İşlemde;",
    ]  # fmt: skip
    page.goto("/imports/new")
    page.set_input_files("#file", sheet(tmp_path, "cimer-kasim.csv", *rows))
    page.select_option("#mapping", index=option_with(page, "#mapping", "cimer"))
    send(page)
    page.wait_for_url("**/imports/preview/*")
    counts = [figure(page, name) for name in ("Alınacak", "Zaten kayıtlı", "Reddedilecek")]
    assert counts == [2, 1, 2]
    assert "KARACAOĞLAN" not in page.inner_text("main").upper()
    clean(page, "cimer-dosya-onizleme")
    page.click("button:has-text('İçe aktarmayı başlat')")
    finished(page)
    assert [figure(page, n) for n in ("Alınan", "Yeniliği olan", "Reddedilen")] == [2, 1, 2]
    refused = page.locator("section[aria-labelledby=h-refused]").inner_text()
    assert "99261100006" in refused
    assert "Rica" in refused
    clean(page, "cimer-dosya-sonucu")


def test_the_answer_is_copied_and_noted(site: Site, visit: Callable[..., Any]) -> None:
    case = json.loads(site.python(APPROVED).strip().splitlines()[-1])
    page = visit("cimer")
    page.goto("/cimer/answers/list/")
    row = page.locator("tbody tr", has_text=case["number"])
    assert row.count() == 1
    clean(page, "cimer-girilecek-cevaplar")
    row.locator("a").first.click()
    page.wait_for_url("**/cimer/cases/*/answer")
    text = page.input_value("#cimer-text")
    assert "Çukur sıcak asfaltla kapatılmıştır." in text
    assert "Halkla İlişkiler Şube Müdürlüğü" in text
    clean(page, "cimer-cevap")
    page.get_by_role("button", name="Metni kopyala").click()
    page.get_by_text("Kopyalandı").first.wait_for()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cimer/answers/list/**")
    assert f"{case['number']}: cevap CİMER’e girildi." in page.inner_text("body")
    assert page.locator("tbody tr", has_text=case["number"]).count() == 0
    page.goto(f"/applications/show/{case['id']}")
    page.locator("#card-cimer").get_by_text("Cevap CİMER’e girildi").wait_for()
    assert "Cevaplandı" in page.inner_text(".page-head")


def test_the_list_of_cimer_is_compared_and_a_difference_dealt_with(
    site: Site, visit: Callable[..., Any], tmp_path: Path
) -> None:
    case = json.loads(site.python(APPROVED.replace("99261100009", "99261100010")).splitlines()[-1])
    page = visit("cimer")
    page.goto("/reconciliations/list/")
    page.get_by_role("link", name=re.compile("Liste karşılaştır")).first.click()
    page.wait_for_url("**/reconciliations/new")
    clean(page, "cimer-liste-sec")
    listed = (
        f"{LISTED};{tr(day(0))} 08:12;{tr(day(0))} 09:10;;;;;Şikâyet;Gürültü;TEKİRDAĞ;ÇORLU;;;"
        "Gece gürültüsü.;Hayır;İşlemde;"
    )
    page.set_input_files("#file", sheet(tmp_path, "cimer-liste.csv", listed))
    send(page)
    page.wait_for_url("**/reconciliations/show/*")
    comparison = page.url

    # In their list, not in ours; and the other way round.
    theirs, ours = page.locator("#d-missing_here"), page.locator("#d-missing_there")
    assert LISTED in theirs.inner_text()
    assert "99261100010" in ours.inner_text()
    assert case["number"] in ours.inner_text()
    missing = figure(page, "Bizde var, onların listesinde yok")
    clean(page, "cimer-mutabakat")

    # The one that we lack is registered from its row, with what the list says.
    theirs.get_by_role("link", name="Kayda al").click()
    page.wait_for_url("**/cimer/new/**")
    assert page.input_value("#external_ref") == LISTED
    assert page.input_value("#external_on") == tr(day(0))
    if not page.input_value("#topic-value"):
        pick(page, "topic", "gurultu")
    page.fill("#subject", "Gece gürültüsü")
    page.fill("#first_name", "Ayla")
    page.fill("#last_name", "Sezgin")
    page.click("button[value=open]")
    page.wait_for_url("**/applications/show/*")

    # The other one is explained; compared again, what was done stays.
    page.goto(comparison)
    assert "Listeden kayda alındı" in page.locator("#d-missing_here").inner_text()
    row = page.locator("#d-missing_there tbody tr", has_text="99261100010")
    row.get_by_text("Açıkla…").click()
    row.locator("select").select_option("late_at_cimer")
    row.locator("input[name=note]").fill("Yarın görünecek")
    row.get_by_role("button", name="Açıklandı olarak işle").click()
    page.wait_for_load_state()
    row = page.locator("#d-missing_there tbody tr", has_text="99261100010")
    assert "CİMER’e sonradan yansıyor: Yarın görünecek" in row.inner_text()
    page.get_by_role("button", name=re.compile("Yeniden karşılaştır")).click()
    page.locator("text=Yeniden karşılaştırıldı").first.wait_for()
    assert figure(page, "Onların listesinde var, bizde yok") == 0
    assert figure(page, "Bizde var, onların listesinde yok") == missing
    page.goto("/reconciliation-items/list/?tab=all")
    assert LISTED in page.inner_text("main")
    clean(page, "cimer-farklar")


def test_an_operator_finds_nothing_of_cimer(site: Site, visit: Callable[..., Any]) -> None:
    found = re.search(r"CASE (\d+) (\d+)", site.python(
        "from sqlalchemy import select\n"
        "from app.applications.models import Application\n"
        "one = session.scalars(select(Application).where(Application.channel == 'cimer')).first()\n"
        "print('CASE', one.id, one.external_ref)"
    ))  # fmt: skip
    assert found is not None
    page = visit("operator")
    page.goto("/")
    assert "Hızlı kayıt" not in page.inner_text("body")
    for path in (
        "/cimer/new/", "/cimer/answers/list/", "/cimer/exchanges/list/", "/reconciliations/list/",
        "/reconciliation-items/list/", "/cimer/charts/", f"/applications/show/{found[1]}",
        f"/cimer/cases/{found[1]}/answer", f"/cards/Application/{found[1]}/cimer",
    ):  # fmt: skip
        answer = page.goto(path)
        assert answer is not None
        assert answer.status in {403, 404} or not page.url.endswith(path), path
        assert found[2] not in page.content(), path
    page.goto(f"/applications/list/?tab=all&q={found[2]}")
    assert page.locator("tbody tr a").count() == 0
