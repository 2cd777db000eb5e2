"""Static files: an address changes when a file does, and only such an address is kept for long."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for

from app.core.static import init_static, version_of

LONG, SHORT = "public, max-age=31536000, immutable", "public, max-age=3600"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "main.js").write_text('import "./words.js";\n')
    (tmp_path / "js" / "words.js").write_text("export const WORD = 1;\n")
    return tmp_path


def house(folder: Path, *, debug: bool = False) -> Flask:
    """A small application with these files."""
    made = Flask(__name__, static_folder=str(folder), static_url_path="/static")
    made.debug = debug
    init_static(made)
    return made


def address(made: Flask, filename: str = "js/main.js") -> str:
    """Where a page would fetch a file."""
    with made.test_request_context():
        return url_for("static", filename=filename)


def fetch(made: Flask, path: str, **headers: str) -> Any:
    """What is answered there, read to its end."""
    return made.test_client().get(path, headers=headers, buffered=True)


def test_an_address_changes_with_the_contents_the_name_and_the_number_of_files(
    folder: Path,
) -> None:
    seen = [version_of(folder)]
    assert version_of(folder) == seen[0]
    (folder / "js" / "words.js").write_text("export const WORD = 2;\n")
    seen.append(version_of(folder))
    (folder / "js" / "words.js").rename(folder / "js" / "texts.js")
    seen.append(version_of(folder))
    (folder / "js" / "empty.js").touch()
    seen.append(version_of(folder))
    assert len(set(seen)) == 4
    assert all(re.fullmatch("[0-9a-f]{12}", version) for version in seen)


def test_a_module_finds_its_neighbour_under_the_same_version(folder: Path) -> None:
    made = house(folder)
    main = address(made)
    assert main == f"/static/{version_of(folder)}/js/main.js"
    beside = fetch(made, main.replace("main.js", "words.js"))
    assert beside.text == "export const WORD = 1;\n"
    assert beside.headers["Cache-Control"] == LONG


def test_a_page_that_was_open_while_a_new_version_came_still_gets_its_files(folder: Path) -> None:
    old = address(house(folder))
    (folder / "js" / "main.js").write_text("// new\n")
    made = house(folder)
    assert address(made) != old
    answer = fetch(made, old)
    assert answer.text == "// new\n"
    assert answer.headers["Cache-Control"] == SHORT
    plain = fetch(made, "/static/js/main.js")
    assert plain.text == "// new\n"
    assert plain.headers["Cache-Control"] == SHORT


@pytest.mark.parametrize(
    "path", ["js/none.js", "{version}/../../secret", "{version}/%2e%2e/secret"]
)
def test_what_is_not_there_or_not_beneath_is_not_given(folder: Path, path: str) -> None:
    made = house(folder / "js")
    (folder / "secret").write_text("secret")
    answer = fetch(made, "/static/" + path.format(version=version_of(folder / "js")))
    assert answer.status_code == 404


def test_whoever_develops_sees_each_change_at_once(folder: Path) -> None:
    made = house(folder, debug=True)
    assert address(made) == "/static/js/main.js"
    assert fetch(made, address(made)).headers["Cache-Control"] == SHORT


def test_a_second_look_is_answered_without_the_file(folder: Path) -> None:
    made = house(folder)
    first = fetch(made, address(made))
    again = fetch(made, address(made), **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == LONG


def test_every_file_a_page_names_is_kept_and_has_the_headers_of_all(client_as: Any) -> None:
    browser = client_as("mudur")
    names = set()
    for path in ("/", "/applications/new/", "/applications/charts/"):
        names |= set(re.findall(r'(?:src|href)="(/static/[^"#]+)', browser.get(path).text))
    assert len(names) >= 10
    for name in sorted(names):
        answer = browser.get(name, buffered=True)
        assert answer.status_code == 200, name
        assert answer.headers["Cache-Control"] == LONG, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
