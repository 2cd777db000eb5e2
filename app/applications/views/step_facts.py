"""What a step on the timeline changed, in words: the days that it moved, from which to which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.text import format_date
from app.core.views import formats

#: Key in the facts of a step → what the day is called.
_DAYS = {"due_on": _l("Last day"), "goal_on": _l("Internal goal")}


def moved_days(details: Mapping[str, Any] | None) -> str:
    """A line for each day that a step moved: “Last day: 30.12.2026 → 31.12.2026”; else nothing."""
    lines = []
    for name, label in _DAYS.items():
        pair = (details or {}).get(name)
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
            continue
        lines.append(f"{label}: {_written(pair[0])} → {_written(pair[1])}")
    return "\n".join(lines)


def _written(day: Any) -> str:
    return format_date(dt.date.fromisoformat(day), lang=formats.language()) if day else "–"
