"""Reading settings: the row if there is one, else the default of the rules."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.system.models import Parameter
from app.system.queries.cache import kept
from app.system.rules import SETTINGS, parse_bounds, parse_percentages, read_value


def _load(session: Session) -> Mapping[str, str]:
    table = Parameter.__table__
    rows = session.connection().execute(select(table.c.key, table.c.value))
    return {key: value for key, value in rows if key in SETTINGS}


def get_setting(session: Session, key: str) -> str | int | bool:
    """The typed value of a setting; a key that the rules do not know is a KeyError."""
    setting = SETTINGS[key]
    text = kept(session, "settings", _load).get(key)
    return setting.default if text is None else read_value(setting, text)


def get_flag(session: Session, key: str) -> bool:
    """A setting that is yes or no."""
    value = get_setting(session, key)
    if not isinstance(value, bool):
        raise TypeError(f"{key} is no flag")
    return value


def get_number(session: Session, key: str) -> int:
    """A setting that is a whole number."""
    value = get_setting(session, key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{key} is no number")
    return value


def get_text(session: Session, key: str) -> str:
    """A setting that is a text."""
    value = get_setting(session, key)
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


def get_reminder_points(session: Session) -> tuple[int, ...]:
    """The percentages of the internal time at which somebody is reminded, rising."""
    return parse_percentages(get_text(session, "reminder_points"))


def get_bounds(session: Session, key: str) -> tuple[float, float, float, float] | None:
    """South, west, north and east of a setting that bounds points on the map; None: no bounds."""
    return parse_bounds(get_text(session, key))
