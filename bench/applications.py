"""Screens over applications that must stay quick, each with the address of real rows."""

from __future__ import annotations

import re
import time
import urllib.parse

from bench.client import Figure, Visitor, ask, measure, statistics_of


def measure_applications(visitor: Visitor, url: str, *, rows: int) -> list[Figure]:
    """Lists, deep page, folded search, filters, record and intake, as the branch manager."""
    last = ask(url, "SELECT max(id) FROM applications_application")
    offset = min(150_000, rows * 3 // 4)
    deep = ask(
        url,
        "SELECT to_char(received_at AT TIME ZONE 'Europe/Istanbul', 'YYYY-MM-DD')"
        f" FROM applications_application ORDER BY received_at DESC OFFSET {offset} LIMIT 1",
    )
    topic = ask(url, "SELECT id FROM applications_topic WHERE code = 'YOL-01'")
    unit = ask(url, "SELECT id FROM organisation_unit WHERE code = 'FEN'")
    everything = "/applications/list/?tab=all"
    pages = (
        ("İş listesi (açık)", "/applications/list/"),
        ("Tümü, yeni gelen önce", f"{everything}&sort=-received_at"),
        (f"Derin sayfa ({offset:,}. satır)".replace(",", "."), deep_cursor(visitor, deep)),
        ("Katlanmış arama: cukur", f"{everything}&q=cukur"),
        ("Katlanmış arama: mazgal tikandi", f"{everything}&q=mazgal+tikan"),
        ("Süzgeç: birim ve durum", f"{everything}&unit={unit}&state=in_progress"),
        (
            "Süzgeç: ilçe, kanal, tarih",
            f"{everything}&district=1&channel=cimer&received_from=2026-06-01",
        ),
        ("Kayıt sayfası", f"/applications/show/{last}"),
        ("Kayıt ekranı (GET)", "/applications/new/"),
        ("Open311: 50 başvuru", "/open311/v2/requests.json?page_size=50"),
    )
    figures = [measure(visitor, name, path) for name, path in pages]
    return [*figures, measure_intake(visitor, topic)]


def measure_intake(visitor: Visitor, topic: str, runs: int = 25) -> Figure:
    """Registering an application of an anonymous caller, the whole POST."""
    token = visitor.token("/applications/new/")
    times: list[float] = []
    for index in range(runs + 2):
        fields = {
            "csrf_token": token,
            "request_key": f"bench-{time.time_ns()}",
            "who": "anonymous",
            "channel": "call_center",
            "kind": "complaint",
            "topic": topic,
            "priority": "normal",
            "subject": "Yol çukuru",
            "wants_notice": "none",
            "body": "Kavşakta çukur var.",
            "step": "save",
        }
        status, text, _headers, seconds = visitor.request("POST", "/applications/new/", fields)
        assert status == 302, (status, text[-400:])
        if index > 1:
            times.append(seconds * 1000)
    return statistics_of("Kayıt (POST)", times, 0)


def deep_cursor(visitor: Visitor, day: str) -> str:
    """A page far down: jump to a day, then follow "next" once."""
    path = f"/applications/list/?tab=all&sort=-received_at&received_to={day}"
    text = visitor.request("GET", path)[1]
    found = re.search(r'href="([^"]*[?&](?:amp;)?at=[^"]+)"[^>]*rel="next"', text)
    assert found is not None, path
    at = urllib.parse.parse_qs(urllib.parse.urlsplit(found.group(1).replace("&amp;", "&")).query)[
        "at"
    ][0]
    return f"/applications/list/?tab=all&sort=-received_at&at={urllib.parse.quote(at)}"
