"""Which watched rows a request has read, so that each page that showed some leaves one note in the trail.

A room names the rows in its manifest: a model and the flag of a row that is watched. Whatever page,
list, picker, search or resource reads such a row for the acting user, now or in time to come, is
noted without doing anything for it. A file that leaves (export, print, download) has a note of its
own and gets no second one; cards belong to the page that asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request
from sqlalchemy import event, select

from app.core import ports
from app.core.acting import current_actor
from app.core.current import db_session

#: Model → name of the column that says whether a row is watched.
_watched: dict[type, str] = {}
#: Statuses of answers that show something: a page, a form with errors, a conflict with both versions.
_SHOWING = frozenset({200, 409, 422})
#: Acts that have a note of their own, which says what left the house.
_OWN_NOTE = frozenset({"export", "print", "download"})
_MOST_NAMED = 200


@dataclass
class _Seen:
    """What one request has read: keys of watched rows, keys whose flag was not read, own notes."""

    known: dict[type, set[int]] = field(default_factory=dict)
    unclear: dict[type, set[int]] = field(default_factory=dict)
    is_told: bool = False


_seen: ContextVar[_Seen | None] = ContextVar("seen", default=None)


def watch(flags: Mapping[type, str]) -> None:
    """Watch the rows of these models whose flag is set; naming one again does no harm."""
    for model, flag in flags.items():
        if model not in _watched:
            _watched[model] = flag
            event.listen(model, "load", _note)


def _note(target: Any, _context: Any) -> None:
    seen = _seen.get()
    if seen is None or current_actor().is_system:
        return
    model = type(target)
    flag = target.__dict__.get(_watched[model])
    if flag is None:
        seen.unclear.setdefault(model, set()).add(target.id)
    elif flag:
        seen.known.setdefault(model, set()).add(target.id)


def belongs_to_a_page() -> None:
    """Say that what this request reads is part of a page that has been noted."""
    if (seen := _seen.get()) is not None:
        seen.is_told = True


def count_seen() -> dict[str, int]:
    """Facts for the note of an export: how many watched rows were in it, if any."""
    seen = _seen.get()
    if seen is None:
        return {}
    number = sum(len(keys) for keys in _settled(seen).values())
    return {"restricted": number} if number else {}


def _settled(seen: _Seen) -> dict[type, set[int]]:
    """Every watched row that was read; flags that no statement had asked for are asked for now."""
    for model, keys in list(seen.unclear.items()):
        left = sorted(keys - seen.known.get(model, set()))
        del seen.unclear[model]
        table: Any = model.__table__  # type: ignore[attr-defined]
        for start in range(0, len(left), 500):
            found = db_session().execute(
                select(table.c.id).where(
                    table.c.id.in_(left[start : start + 500]), table.c[_watched[model]].is_(True)
                )
            )
            seen.known.setdefault(model, set()).update(pk for (pk,) in found)
    return seen.known


def _write(seen: _Seen) -> None:
    for model, keys in _settled(seen).items():
        if not keys:
            continue
        one = next(iter(keys)) if len(keys) == 1 else None
        more = {} if one is not None else {"records": sorted(keys)[:_MOST_NAMED], "n": len(keys)}
        ports.record_access(
            db_session(),
            verb="view",
            entity=model.__name__,
            record_id=one,
            summary="restricted",
            changes={"page": request.endpoint or "", **more},
        )


def init_seen(app: Flask) -> None:
    """Begin each request with nothing seen, and note at its end what it showed."""

    @app.before_request
    def begin() -> None:
        _seen.set(_Seen() if request.endpoint not in {None, "static"} else None)

    @app.after_request
    def end(response: Any) -> Any:
        seen = _seen.get()
        _seen.set(None)
        if seen is not None and not seen.is_told and response.status_code in _SHOWING:
            _write(seen)
        return response

    noted = ports.record_access

    def record_access(session: Any, **values: Any) -> None:
        seen = _seen.get()
        if seen is not None and str(values.get("verb")) in _OWN_NOTE:
            seen.is_told = True
        noted(session, **values)

    ports.record_access = record_access
