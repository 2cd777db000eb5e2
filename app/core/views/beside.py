"""What stands beside a record: its files, its audit trail, and identities revealed a moment ago."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from flask import session, url_for
from flask_babel import gettext as _
from sqlalchemy import inspect
from sqlalchemy.orm.util import identity_key

from app.core import clock, ports
from app.core.text import format_date, format_datetime, format_number
from app.core.views import formats
from app.core.views.page import FileEntry, HistoryEntry

#: Seconds a revealed identity stays open.
REVEAL_SECONDS = 300
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def remember_reveal(key: str) -> None:
    """Keep a revealed record open in this session for a few minutes."""
    now = clock.now().timestamp()
    kept = {k: until for k, until in session.get("revealed", {}).items() if until > now}
    kept[key] = now + REVEAL_SECONDS
    session["revealed"] = dict(sorted(kept.items(), key=lambda pair: pair[1])[-20:])


def file_entries(db_session: Any, item: Any) -> list[FileEntry]:
    """Attachments of a record, as the template lists them."""
    entries = []
    for row in ports.files_of(db_session, type(item).__name__, item.id):
        locked = str(row.scan) != "clean"
        entries.append(
            FileEntry(
                row.name,
                "" if locked else url_for("AttachmentView.fetch", pk=row.id),
                _size(row.size),
                _("not scanned yet")
                if str(row.scan) == "unscanned"
                else _("locked: infected")
                if locked
                else "",
                locked,
            )
        )
    return entries


def _size(size: int) -> str:
    if size < 1024 * 1024:
        return f"{format_number(max(size // 1024, 1))} KB"
    return f"{format_number(round(size / 1024 / 1024, 1))} MB"


def history_entries(
    db_session: Any,
    entity: str,
    pk: int,
    label_of: Any,
    word_of: Callable[[str, Any], Any] = lambda field, value: value,
) -> list[HistoryEntry]:
    """The audit trail of a record in people's words; `word_of` tells a code by its label."""
    lang = formats.language()
    entries = []
    for row in ports.history(db_session, entity, pk, 50):
        changes = [
            (label, told(word_of(field, pair[0])), told(word_of(field, pair[1])))
            for field, pair in (row.changes or {}).items()
            if isinstance(pair, list) and len(pair) == 2 and (label := label_of(field))
        ]
        entries.append(
            HistoryEntry(
                format_datetime(row.at, lang=lang),
                _("System") if row.actor_name in ("", "system") else row.actor_name,
                formats.translated(ports.verb_label(row.verb)),
                changes,
                row.summary,
            )
        )
    return entries


def related_name(db_session: Any, model: type, field: str, value: Any) -> Any:
    """The name of a related record that this page has read anyway, else its key; no statement is sent.

    People are not named: what is personal is shown by their own record.
    """
    relationships: Any = inspect(model).relationships
    relation = next(
        (
            r
            for r in relationships
            if r.uselist is False and field in {c.key for c in r.local_columns}
        ),
        None,
    )
    if relation is None or not isinstance(value, int):
        return value
    found = db_session.identity_map.get(identity_key(relation.mapper.class_, value))
    is_open = found is not None and not getattr(type(found), "PERSONAL", ())
    return str(found) if is_open else f"#{value}"


def told(value: Any) -> str:
    """A stored value as people write it: days and moments, yes and no, a dash for nothing."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, ""):
        return "–"
    text = str(value)
    try:
        # The trail keeps moments and days as ISO 8601.
        if _MOMENT.match(text):
            return format_datetime(dt.datetime.fromisoformat(text), lang=formats.language())
        if _DAY.match(text):
            return format_date(dt.date.fromisoformat(text), lang=formats.language())
    except ValueError:
        return text[:120]
    return text[:120]
