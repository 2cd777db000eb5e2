"""Every kind of page in the browser: no fault, no sideways scroll, no serious accessibility finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import picture
from tests.browser.looks import findings, glance_at, look_at, open_whole

pytestmark = pytest.mark.browser

PAGES = {
    "mudur": (
        ("ana-sayfa", "/"),
        ("basvurular", "/applications/list/"),
        ("yeni-basvuru", "/applications/new/"),
        ("grafikler", "/applications/charts/"),
        ("konular", "/topics/list/"),
        ("konu-ekle", "/topics/add"),
        ("birimler", "/units/list/"),
        ("vatandaslar", "/citizens/list/"),
        ("ice-aktar", "/imports/list/"),
        ("raporlar", "/report-runs/list/"),
        ("ara", "/search/?q=su"),
        ("profil", "/profile/"),
        ("bildirimler", "/notifications/"),
    ),
    "birim": (("ana-sayfa-birim", "/"), ("birim-listesi", "/applications/list/")),
    "yonetici": (
        ("sistem", "/settings/list/"),
        ("iz-kaydi", "/audit/list/"),
        ("takvim", "/calendar/list/"),
        ("isler", "/jobs/list/"),
        ("bulunamadi", "/nirgendwo"),
    ),
}


#: Pages that the guide shows on a telephone too.
ON_PHONE = {"ana-sayfa", "basvurular", "yeni-basvuru", "birim-listesi"}


@pytest.mark.parametrize("username", sorted(PAGES))
def test_pages_are_clean_accessible_and_fit(visit: Callable[..., Any], username: str) -> None:
    names = {url: name for name, url in PAGES[username]}
    page = visit(username)

    def on_phone(url: str) -> None:
        if names[url] in ON_PHONE:
            picture(page, f"{names[url]}-telefon")

    assert (
        look_at(page, names, at_desk=lambda url: picture(page, names[url]), on_phone=on_phone) == []
    )


#: Whose menus hold every page between them; each page is looked at once.
MENUS = ("mudur", "cimer", "operator", "masa", "rehber", "yonetici")


def test_every_page_of_the_menus_fits_and_is_accessible(visit: Callable[..., Any]) -> None:
    seen = {url for pages in PAGES.values() for _name, url in pages}
    problems: list[str] = []
    looked_at = 0
    for username in MENUS:
        page = visit(username)
        links = page.eval_on_selector_all(
            "nav a[href^='/']", "links => links.map(link => link.getAttribute('href'))"
        )
        urls = [url for url in dict.fromkeys(links) if url not in seen]
        seen.update(urls)
        looked_at += len(urls)
        problems += glance_at(page, urls)
    assert problems == []
    assert looked_at > 50


def test_the_dark_look_passes_too(visit: Callable[..., Any]) -> None:
    page = visit("mudur")
    page.emulate_media(color_scheme="dark")
    problems: list[str] = []
    for name, url in PAGES["mudur"][:5]:
        open_whole(page, url)
        problems += [f"{name}: {f}" for f in findings(page)]
    picture(page, "koyu")
    assert problems == []


def test_what_pages_are_made_of_is_fetched_once(visit: Callable[..., Any]) -> None:
    page = visit("mudur")
    open_whole(page, "/topics/list/")
    open_whole(page, "/units/list/")
    used, fetched = page.evaluate("""() => {
        const files = performance.getEntriesByType("resource").filter(e => e.name.includes("/static/"))
        return [files.length, files.filter(e => e.transferSize > 0).map(e => e.name)]
    }""")
    assert used > 10
    assert fetched == []


def test_the_door_is_accessible(visit: Callable[..., Any]) -> None:
    page = visit()
    page.goto("/login/")
    picture(page, "giris")
    assert findings(page) == []
