"""The Turkish catalogue is complete; screens load nothing from a foreign host and run nothing inline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogue_is_complete() -> None:
    from bin.messages import extracted, load, problems

    assert problems(load(), extracted()) == []


def test_templates_have_no_inline_script_style_or_handler() -> None:
    bad = []
    for path in (ROOT / "app" / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for pattern in (
            r"<script(?![^>]*\bsrc=)",
            r"<style",
            r"\sstyle=",
            r"\son(click|change|submit|load|input)=",
        ):
            if re.search(pattern, text):
                bad.append((path.name, pattern))
    assert bad == []


def test_no_page_names_a_foreign_host() -> None:
    bad = []
    for folder in ("templates", "static/js", "static/css"):
        for path in (ROOT / "app" / folder).rglob("*.*"):
            if path.suffix in {".html", ".js", ".css"}:
                for host in re.findall(r"https?://[^\s\"'<>)]+", path.read_text(encoding="utf-8")):
                    if not host.startswith(
                        ("http://127.0.0.1", "http://www.w3.org", "https://ornek", 'https://"')
                    ):
                        bad.append((path.name, host))
    assert bad == []


def test_turkish_is_the_first_language_and_english_can_be_chosen(client_as: Any) -> None:
    client = client_as("mudur")
    turkish = client.get("/applications/list/").get_data(as_text=True)
    assert '<html lang="tr"' in turkish
    assert "Başvurular" in turkish
    assert client.get("/language/en?next=/").status_code == 302
    english = client.get("/applications/list/").get_data(as_text=True)
    assert '<html lang="en"' in english
    assert "Applications" in english


def test_no_english_is_left_on_turkish_pages(client_as: Any) -> None:
    client = client_as("mudur")
    for url in (
        "/",
        "/applications/list/",
        "/applications/new/",
        "/topics/add",
        "/units/list/",
        "/applications/charts/",
    ):
        text = re.sub(r"<[^>]+>", " ", client.get(url).get_data(as_text=True))
        found = re.search(
            r"\b(The|Applications|Charts|Save|Search|Edit|Delete|Unit|State|Records)\b", text
        )
        assert found is None, (url, text[max(found.start() - 60, 0) : found.end() + 60])
