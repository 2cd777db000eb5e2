"""Saved views of lists: with whom they are shared, and when somebody is told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.rules import N_, Violation

#: A message about more rows than a tab counts would say nothing.
MOST_ROWS = 1_000


def saved_view_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """A view has a name; a role or a unit narrows only what is shared at all."""
    if not str(values.get("name") or "").strip():
        yield Violation("name", N_("Give the view a name."))
    if not values.get("is_shared"):
        for field in ("share_role", "share_unit_id"):
            if values.get(field):
                yield Violation(field, N_("Tick “Shared with colleagues” first."))


def alert_violations(text: str) -> Iterator[Violation]:
    """A message comes when there are more rows than a whole number."""
    if not text.strip().isascii() or not text.strip().isdigit() or int(text) >= MOST_ROWS:
        yield Violation(
            "alert_above", N_("Write a whole number below %(most)s."), {"most": MOST_ROWS}
        )
