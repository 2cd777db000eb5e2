"""Promise 19: hostile text in every text column is drawn as text, on every screen and in every file."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import Enum, String, inspect, select

from tests.trust.roles_support import screens

#: Short enough for most columns; each one breaks out of another place.
CORPUS = (
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "</title><script>alert(1)</script>",
    "</template><script>x</script>",
    "javascript:alert(1)",
    "{{731*731}}${731*731}",
)
JSON = {"Accept": "application/json"}
#: Columns whose words are codes of the program, or that must keep their form to be read at all.
_KEPT = re.compile(
    r"(^|_)(code|key|hash|token|stamp|path|number|username|password|language|theme|screen|template|seal_no)$"
)


class Reader(HTMLParser):
    """Notes every script without a source, every handler and every address that is a script."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "script" and "src" not in names and names.get("type") not in {"application/json"}:
            self.bad.append(tag)
        if names.get("src") == "x" or tag in {"base", "iframe", "object", "embed"}:
            self.bad.append(f"{tag} {attrs}")
        for name, value in attrs:
            if name.startswith("on"):
                self.bad.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and (
                value or ""
            ).strip().lower().startswith("javascript:"):
                self.bad.append(f"{tag} {name} {value}")


def poison(row: Any, turn: int) -> None:
    """Put one of the corpus into each text column of a row, past every form and service."""
    for attribute in inspect(type(row)).column_attrs:
        column = attribute.columns[0]
        if (
            not isinstance(column.type, String)
            or isinstance(column.type, Enum)
            or _KEPT.search(column.key)
        ):
            continue
        if (
            column.primary_key
            or column.foreign_keys
            or column.key in {"state", "kind", "entity", "owner_type", "verb", "mime"}
        ):
            continue
        if (column.unique or column.key == "external_ref") and getattr(row, attribute.key) is None:
            continue
        text = CORPUS[turn % len(CORPUS)]
        if column.type.length is not None and column.type.length < len(text):
            continue
        setattr(row, attribute.key, text)
        turn += 1


def test_reader_finds_what_it_looks_for() -> None:
    for text in CORPUS[:2] + CORPUS[4:6]:
        reader = Reader()
        reader.feed(f"<p>{text}</p>")
        assert reader.bad, text
    for text in CORPUS[2:4]:
        quote = text[0]
        reader = Reader()
        reader.feed(f"<p title={quote}{text}{quote}>a</p>")
        assert reader.bad, text
    reader = Reader()
    reader.feed(f'<a href="{CORPUS[6]}">a</a>')
    assert reader.bad


def test_no_text_becomes_markup(app: Any, session: Any, client_as: Any) -> None:
    from app.applications.services import add_note
    from app.core import clock
    from app.core.acting import SYSTEM
    from app.models import Application, AuditEvent

    case = session.scalars(select(Application).order_by(Application.id)).first()
    add_note(session, application=case, text=CORPUS[0], actor=SYSTEM, now=clock.now())
    targets = []
    for number, view in enumerate(screens(app)):
        if view.model.__name__ in {"AuditEvent", "ApplicationEvent", "Parameter", "LegalRule"}:
            continue
        rows = list(session.scalars(select(view.model).order_by(view.model.id).limit(3)).unique())
        for turn, row in enumerate(rows):
            before = {a.key: getattr(row, a.key) for a in inspect(type(row)).column_attrs}
            try:
                with session.begin_nested():
                    poison(row, number + turn * 3)
                    session.flush()
            except Exception:
                # A constraint of the database knows the column better than this test.
                session.refresh(row)
                assert before
                continue
            targets.append((view, row.id))
    session.commit()
    assert len({view for view, _pk in targets}) > 12
    assert session.scalars(select(AuditEvent).limit(1)).first()
    wrong, seen = [], ""
    for username in ("mudur", "yonetici"):
        browser = client_as(username)
        paths = [
            "/",
            "/search/?q=alert",
            "/search/palette?q=alert",
            "/notifications/",
            "/profile/",
            "/applications/new/",
            "/report-runs/library",
        ]
        paths += [
            f"/applications/list/?q={text}"
            for text in ("%3Cscript%3Ealert(1)%3C/script%3E", "%22%20onfocus=%22alert(1)")
        ]
        for view in {view for view, _pk in targets}:
            paths.append(f"{view.route_base}/list/?tab=all")
        for view, pk in targets:
            paths.append(f"{view.route_base}/show/{pk}")
            if view.can_edit:
                paths.append(f"{view.route_base}/edit/{pk}")
        paths += ["/audit/list/", "/application-events/list/"]
        for path in paths:
            answer = browser.get(path)
            if answer.status_code >= 500:
                wrong.append((path, answer.status_code))
            if not answer.mimetype.startswith("text/html") or answer.status_code in {302, 403, 404}:
                continue
            text = answer.get_data(as_text=True)
            seen += text if "alert(1)" in text else ""
            reader = Reader()
            reader.feed(text)
            raw = [c for c in CORPUS[:6] if c in text and c[0] in '<"']
            if reader.bad or raw or str(731 * 731) in text:
                wrong.append((path, reader.bad, raw))
    assert wrong == []
    assert seen.count("&lt;img src=x onerror=alert(1)&gt;") > 5


def test_what_a_form_repeats_is_text(client_as: Any) -> None:
    for path, field in (
        ("/citizens/add", "first_name"),
        ("/topics/add", "name"),
        ("/applications/new/", "subject"),
    ):
        for text in CORPUS[:6]:
            answer = client_as("mudur").post(path, data={field: text, "email": text, "phone": text})
            assert answer.status_code == 422, path
            reader = Reader()
            reader.feed(answer.get_data(as_text=True))
            assert reader.bad == [], (path, text)
