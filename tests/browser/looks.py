"""What every page must stand: no serious accessibility finding, one heading, Turkish, no sideways scroll."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

#: Wide as a desk, narrow as a telephone. Pixels.
DESK, PHONE = (1440, 900), (390, 844)


def findings(page: Any) -> list[str]:
    """Serious and critical findings of axe-core on this page."""
    from axe_core_python.sync_playwright import Axe

    results = Axe().run(
        page,
        options={
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
            "resultTypes": ["violations"],
        },
    )
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}"
        for v in results["violations"]
        if v["impact"] in {"serious", "critical"}
    ]


def open_whole(page: Any, url: str) -> None:
    """Open a page and wait until it has fetched what it fetches afterwards."""
    page.goto(url)
    page.wait_for_load_state("networkidle")


def faults_of(page: Any, url: str, width: int) -> list[str]:
    """What is wrong with an opened page, beside what axe-core finds."""
    problems: list[str] = []
    if page.evaluate("document.documentElement.scrollWidth") > width:
        problems.append(f"{url} scrolls sideways at {width}")
    if page.evaluate("document.documentElement.lang") != "tr":
        problems.append(f"{url} is not in Turkish")
    if page.locator("h1").count() != 1:
        problems.append(f"{url} has no single h1")
    return problems


def look_at(
    page: Any,
    urls: Iterable[str],
    *,
    at_desk: Callable[[str], None] | None = None,
    on_phone: Callable[[str], None] | None = None,
) -> list[str]:
    """What is wrong with these pages, opened at a desk and anew on a telephone; callbacks may take pictures."""
    problems: list[str] = []
    for (width, height), keep in ((DESK, at_desk), (PHONE, on_phone)):
        page.set_viewport_size({"width": width, "height": height})
        for url in urls:
            open_whole(page, url)
            problems += faults_of(page, url, width)
            problems += [f"{url} at {width}: {found}" for found in findings(page)]
            if keep is not None:
                keep(url)
    return problems


def glance_at(page: Any, urls: Iterable[str]) -> list[str]:
    """The same for many pages: each is opened once, and made narrow where it stands."""
    problems: list[str] = []
    for url in urls:
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        page.goto(url)
        if page.locator("[data-chart-src], [data-card], [data-preview]").count():
            page.wait_for_load_state("networkidle")
        problems += faults_of(page, url, DESK[0])
        problems += [f"{url}: {found}" for found in findings(page)]
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        problems += faults_of(page, url, PHONE[0])
    return problems
