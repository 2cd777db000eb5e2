"""The browser module in a real Chromium under the strict policy of the house."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.core.charts import PALETTE, Axis, Chart
from app.core.charts.bundle import BUNDLE, write_bundle
from app.core.charts.page import chart_answer

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:"
)
STATIC = Path(__file__).resolve().parents[2] / "app" / "static"
PAGE = """<!doctype html><html lang="tr"><head><meta charset="utf-8"><title>Grafik</title>
<link rel="icon" href="data:,">
<script type="module" src="/static/js/charts.js"></script></head><body>
<figure data-chart-src="/chart/{key}" data-chart-table="t" data-error="Grafik çizilemedi."
 data-empty="Bu süzgeçle çizilecek bir şey yok."><figcaption>Kanallar
<span data-chart-as-of></span></figcaption></figure><table id="t"></table></body></html>"""

MONTH = Axis(name="month", title="Ay", kind="temporal", format="month")
COUNT = Axis(name="n", title="Sayı", kind="quantitative")
CHANNEL = Axis(
    name="channel", title="Kanal", kind="nominal", labels={"call": "Çağrı", "web": "Web"}
)
ROWS = [
    {"month": f"2026-{month:02}", "channel": channel, "n": month * weight}
    for month in range(1, 7)
    for channel, weight in (("call", 100), ("web", 30))
]


def _chart(mark: Any) -> Chart:
    return Chart(
        key=mark,
        title="Kanallara göre başvuru",
        mark=mark,
        x=MONTH,
        y=COUNT,
        color=CHANNEL,
        description="Aylar ve kanallar",
        query=lambda session, params: ROWS,
        drill=lambda row: {"month": str(row["month"]), "channel": str(row["channel"])},
        measure_title="Başvuru sayısı",
    )


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, asked: list[str], *args: Any) -> None:
        self.asked = asked
        super().__init__(*args)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        url = urlsplit(self.path)
        kind, _, rest = url.path.strip("/").partition("/")
        if kind == "static":
            self._answer((STATIC / rest).read_bytes(), "text/javascript; charset=utf-8")
        elif kind == "page":
            self._answer(PAGE.format(key=rest).encode(), "text/html; charset=utf-8")
        elif kind == "list":
            self._answer(
                b'<!doctype html><title>list</title><link rel="icon" href="data:,">',
                "text/html; charset=utf-8",
            )
        elif kind == "chart" and rest != "broken":
            args = {name: values[0] for name, values in parse_qs(url.query).items()}
            rows = [] if rest == "empty" else ROWS
            chart = _chart("line" if rest == "line" else "stacked_bar")
            answer = chart_answer(chart, rows, args, link=_link)
            self._answer(json.dumps(answer).encode(), "application/json")
        else:
            self.send_error(500)

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test output quiet."""


def _link(filters: Any) -> str:
    return "/list/?" + "&".join(f"{name}={value}" for name, value in filters.items())


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[str]]]:
    write_bundle(BUNDLE)
    asked: list[str] = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, asked))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}", asked
    running.shutdown()
    running.server_close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    opened = chromium.new_page(viewport={"width": 900, "height": 700}, color_scheme="light")
    opened.complaints = []
    opened.on(
        "console",
        lambda said: said.type == "error" and opened.complaints.append(said.text),
    )
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    opened.close()


def _open(page: Any, server: tuple[str, list[str]], key: str) -> Any:
    page.goto(f"{server[0]}/page/{key}")
    # The drawing for paper may stand beside it already.
    svg = page.locator("figure svg").first
    svg.wait_for()
    return svg


def test_a_chart_is_drawn_under_the_strict_policy_without_a_complaint(page, server):
    svg = _open(page, server, "stacked")
    assert page.locator("figure svg .mark-rect.role-mark path").count() == 12
    assert svg.get_attribute("role") == "img"
    assert "Kanallara göre başvuru" in svg.get_attribute("aria-label")
    assert "Çağrı" in svg.text_content()
    assert page.evaluate("typeof window.vegaEmbed") == "function"
    assert page.complaints == []


def test_nothing_is_asked_from_another_host(page, server):
    hosts = set()
    page.on("request", lambda asked: hosts.add(urlsplit(asked.url).netloc))
    _open(page, server, "line")
    assert {host for host in hosts if host} == {urlsplit(server[0]).netloc}


def test_a_mark_leads_to_the_list_behind_it(page, server):
    _open(page, server, "stacked")
    page.locator("figure svg .mark-rect.role-mark path").nth(0).click()
    page.wait_for_url("**/list/**")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"month": ["2026-01"], "channel": ["call"]}
    assert page.complaints == []


def test_a_point_of_a_line_shows_its_value_and_leads_to_its_list(page, server):
    _open(page, server, "line")
    point = page.locator("figure svg .mark-symbol.role-mark path").nth(0)
    point.hover()
    tip = page.locator("figure .tip")
    tip.wait_for()
    assert tip.text_content() == "Ocak 2026, Çağrı: 100"
    point.click()
    page.wait_for_url("**/list/**")
    assert page.complaints == []


def test_the_table_beside_it_holds_the_same_figures_and_links(page, server):
    _open(page, server, "stacked")
    assert page.locator("#t thead th").all_text_contents() == ["Ay", "Çağrı", "Web", "Total"]
    assert page.locator("#t tbody tr").first.locator("th, td").all_text_contents() == [
        "Ocak 2026", "100", "30", "130",
    ]  # fmt: skip
    link = page.locator("#t tbody tr").first.locator("a").first
    assert link.get_attribute("href").endswith("/list/?month=2026-01&channel=call")


def test_another_theme_is_asked_for_and_drawn(page, server):
    _open(page, server, "stacked")
    drawing = page.locator("figure .scroll")
    assert PALETTE["light"].category[0] in drawing.inner_html()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.locator(f"figure .scroll svg [fill='{PALETTE['dark'].category[0]}']").first.wait_for()
    assert PALETTE["light"].category[0] not in drawing.inner_html()
    assert any("theme=dark" in path for path in server[1])
    assert page.complaints == []


def test_paper_is_light_even_when_the_screen_is_dark(page, server):
    page.emulate_media(color_scheme="dark")
    _open(page, server, "stacked")
    page.locator("figure .has-paper").wait_for()
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("figure .scroll").is_visible()
    assert page.locator("figure .paper svg").is_visible()
    assert PALETTE["dark"].surface not in page.locator("figure .paper").inner_html()
    assert page.complaints == []


def test_the_drawing_follows_the_width_of_its_place(page, server):
    svg = _open(page, server, "stacked")
    before = svg.bounding_box()["width"]
    page.set_viewport_size({"width": 560, "height": 700})
    page.wait_for_function(
        "before => document.querySelector('.chart-stage').shadowRoot"
        ".querySelector('svg').getBoundingClientRect().width < before - 200",
        arg=before,
    )
    page.wait_for_timeout(400)
    widths = [parse_qs(urlsplit(p).query)["width"][0] for p in server[1] if "width=" in p]
    assert int(widths[-1]) < int(before) - 200
    assert page.complaints == []


def test_an_empty_answer_and_a_failure_say_so_in_words(page, server):
    page.goto(f"{server[0]}/page/empty")
    page.get_by_text("Bu süzgeçle çizilecek bir şey yok.").wait_for()
    page.goto(f"{server[0]}/page/broken")
    page.get_by_text("Grafik çizilemedi.").wait_for()
    assert page.locator("figure").get_attribute("aria-busy") is None


def test_an_address_of_another_host_in_the_data_is_not_followed(page, server):
    foreign = lambda route: route.fulfill(  # noqa: E731
        json={"spec": chart_answer(_chart("stacked_bar"), ROWS, {},
                                   link=lambda _: "https://example.org/")["spec"]}
    )  # fmt: skip
    page.route("**/chart/**", foreign)
    _open(page, server, "stacked")
    page.locator("figure svg .mark-rect.role-mark path").nth(0).click()
    page.wait_for_timeout(200)
    assert page.url.endswith("/page/stacked")
