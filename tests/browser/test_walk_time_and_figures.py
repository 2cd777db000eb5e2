"""Legal time, reminders, imports and figures as the liaison, the manager and the administrator meet them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Site, picture

pytestmark = pytest.mark.browser
DATA = Path(__file__).resolve().parents[1] / "data"


def number(text: str) -> int:
    """The first number of a text as people here write it."""
    found = re.search(r"\d[\d.]*", text)
    assert found, text
    return int(found.group().replace(".", ""))


def figure(page: Any, label: str) -> int:
    """The number of a figure with this caption."""
    box = page.locator(".figure", has=page.get_by_text(label, exact=True))
    return number(box.locator(".val").inner_text())


def option_with(page: Any, select: str, words: str) -> int:
    """The place of the option that holds these words."""
    texts = page.locator(f"{select} option").all_inner_texts()
    return next(i for i, text in enumerate(texts) if words in text)


def finished(page: Any) -> None:
    """Wait until an import has run."""
    page.wait_for_url("**/imports/show/*")
    page.wait_for_selector("h2:has-text('Satırların sonucu')", timeout=120_000)


#: The open complaint whose legal day is the farthest.
LAST_DUE = """
from sqlalchemy import select
from app.applications.rules import Kind, OPEN_STATES
from app.models import Application
print(session.scalars(
    select(Application.id)
    .where(
        Application.kind == Kind.COMPLAINT, Application.state.in_(OPEN_STATES),
        Application.is_restricted.is_(False), Application.due_on.is_not(None),
    )
    .order_by(Application.due_on.desc(), Application.id)
).first())
"""


def test_the_law_is_counted_day_by_day_and_a_leave_moves_open_dates(
    site: Site, visit: Callable[..., Any]
) -> None:
    # The command tells the same law that the record draws.
    told = json.loads(site.flask("deadline", "foi_access", "2026-03-16", "--json"))
    assert told["due_on"] == "2026-04-07"
    assert told["trail"]
    page = visit("bilgi")
    record = f"{site.url}/applications/show/{site.python(LAST_DUE).strip().splitlines()[-1]}"
    page.goto(record)
    page.click("text=Gün gün gör")
    assert page.locator(".trail td.is-end").count() == 1
    last = page.inner_text("aside b.big")
    due = dt.datetime.strptime(" ".join(last.split()[:1]), "%d").day

    # The governor declares the last day a leave that does not count: the house says first what moves.
    day = page.locator(".trail td.is-end").inner_text()
    moved_on = dt.datetime.strptime(
        f"{re.search(r'[0-9]{2}[.][0-9]{2}', day).group()}.{last.split()[2]}", "%d.%m.%Y"
    ).date()
    assert moved_on.day == due
    admin = visit("yonetici")
    admin.goto("/calendar/add")
    admin.fill("#on", moved_on.isoformat())
    admin.fill("#name", "Kar tatili")
    admin.select_option("#kind", "administrative_leave")
    admin.check("[name=counts_as_working_day][value='0']", force=True)
    admin.fill("#authority", "Tekirdağ Valiliği")
    admin.click("form.form-card button[data-submit]")
    admin.wait_for_selector("text=Ekle ve yeniden hesapla")
    picture(admin, "idari-izin")
    admin.click("button:has-text('Ekle ve yeniden hesapla')")
    admin.wait_for_url("**/calendar/show/*")
    page.goto(record)
    assert page.inner_text("aside b.big") != last
    assert "Yasal son tarih değişti" in page.inner_text(".timeline li >> nth=0")


def test_reminders_reach_the_bell_and_lead_to_the_case(visit: Callable[..., Any]) -> None:
    page = visit("birim")
    page.click(".top a[href^='/notifications']")
    page.wait_for_url("**/notifications/**")
    line = page.locator(".list-page li").first
    assert re.search(r"20[0-9]{2}-[0-9]{7}", line.inner_text())
    picture(page, "hatirlatmalar")
    line.locator("a").click()
    page.wait_for_url("**/applications/show/*")


def test_a_real_file_and_one_of_another_city_come_in_without_code(
    visit: Callable[..., Any],
) -> None:
    page = visit("mudur")
    page.goto("/imports/new")
    page.set_input_files("#file", str(DATA / "nyc311_2022-05-01.csv"))
    page.select_option("#mapping", index=option_with(page, "#mapping", "nyc311"))
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_url("**/imports/preview/*")
    page.click("button:has-text('İçe aktarmayı başlat')")
    finished(page)
    taken, refused = figure(page, "Alınan"), figure(page, "Reddedilen")
    assert taken + refused == 924
    assert taken > 800
    picture(page, "ice-aktarma-sonucu")

    # Another city's requests have other columns; their meaning is said on the screen.
    page.goto("/imports/new")
    page.set_input_files("#file", str(DATA / "other_city.csv"))
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_url("**/imports/columns/*")
    column = {
        page.locator("tr", has=page.locator(f"#target-{n}")).locator("th").inner_text().strip(): n
        for n in range(page.locator("[id^=target-]").count())
    }
    page.select_option(f"#target-{column['SR_NUMBER']}", "external_ref")
    page.select_option(f"#target-{column['SR_TYPE']}", "subject")
    page.select_option(f"#target-{column['CREATED_DATE']}", "received_at")
    page.select_option("#constant-kind", "complaint")
    page.fill("#source", "baska_sehir")
    page.fill("#save_as", "Başka şehir")
    picture(page, "sutun-esleme")
    page.click("button[value=next]")
    page.wait_for_load_state()
    if page.locator("[data-errors]").count():
        raise AssertionError(page.inner_text("[data-errors]"))
    page.wait_for_url("**/imports/preview/*")
    page.click("button:has-text('İçe aktarmayı başlat')")
    finished(page)
    rows = len((DATA / "other_city.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert figure(page, "Alınan") + figure(page, "Reddedilen") == rows
    assert figure(page, "Alınan") > 0

    # Its cases stand in the charts.
    page.click("a.figure >> nth=0")
    page.wait_for_url("**/applications/list/**")
    assert page.locator("table tbody tr").count() > 0


def test_a_row_of_a_chart_leads_to_the_very_cases_behind_it(visit: Callable[..., Any]) -> None:
    page = visit("mudur")
    page.goto("/applications/charts/")
    page.locator("#chart-kinds svg").first.wait_for()
    row = page.locator("section[aria-labelledby=table-kinds] tbody tr").first
    shown = number(row.locator("td").first.inner_text())
    row.locator("a").first.click()
    page.wait_for_url("**/applications/list/**")
    total = page.inner_text(".pager").split("·")[1]
    assert number(total) == shown
