"""Findings of the outgoing check in the reader's language: what, where, and a masked excerpt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.outgoing import FINDING_LABELS, Finding
from app.core.views import formats


@dataclass(frozen=True)
class FindingLine:
    """One finding as it is told."""

    what: str
    place: str
    excerpt: str


def finding_line(finding: Finding) -> FindingLine:
    """One finding; the place of a file stands before the place inside it."""
    parts = []
    for part in finding.place.split(" · "):
        words = formats.translated(part)
        parts.append(words % finding.params if finding.params else words)
    return FindingLine(
        formats.translated(FINDING_LABELS[finding.kind]), " · ".join(parts), finding.excerpt
    )


def finding_lines(kept: Iterable[Mapping[str, Any]]) -> list[FindingLine]:
    """The findings of a check as they were kept."""
    return [finding_line(Finding.from_dict(one)) for one in kept]
