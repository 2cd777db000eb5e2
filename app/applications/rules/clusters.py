"""Which cases are likely reports of one event: near in time and in words; place and topic are the same.

After an outage one event brings 20 to 200 applications. Source: domain facts 11.4.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.core.text import fold

#: Reports of one event are told by different people, so fewer words are common than in one text.
CLUSTER_ALIKE = 0.18
#: A cluster has so many cases at least.
CLUSTER_SMALLEST = 2


@dataclass(frozen=True)
class Report:
    """What is compared of a case: when it came and what was said."""

    id: int
    received_at: dt.datetime
    text: str


def cluster_reports(reports: Iterable[Report], *, days: int) -> list[list[Report]]:
    """Split the reports of one topic and place into events, the largest first; single ones are left out.

    An event ends when nothing came for `days`. Within it a report belongs to the event whose first
    report is told in the likeliest words.
    """
    found: list[list[Report]] = []
    for stretch in _stretches(sorted(reports, key=lambda r: (r.received_at, r.id)), days):
        found += _alike(stretch)
    events = [event for event in found if len(event) >= CLUSTER_SMALLEST]
    return sorted(events, key=lambda event: (-len(event), event[0].id))


def _stretches(reports: Sequence[Report], days: int) -> Iterator[list[Report]]:
    stretch: list[Report] = []
    for report in reports:
        if stretch and report.received_at - stretch[-1].received_at > dt.timedelta(days=days):
            yield stretch
            stretch = []
        stretch.append(report)
    if stretch:
        yield stretch


def _alike(reports: Sequence[Report]) -> list[list[Report]]:
    leaders: list[tuple[frozenset[str], list[Report]]] = []
    for report in reports:
        words = _trigrams(report.text)
        best = max(leaders, key=lambda leader: _share(leader[0], words), default=None)
        if best is not None and _share(best[0], words) >= CLUSTER_ALIKE:
            best[1].append(report)
        else:
            leaders.append((words, [report]))
    return [event for _words, event in leaders]


def _trigrams(text: str) -> frozenset[str]:
    """As `app.core.text.similarity` compares them, made once for each report."""
    return frozenset(
        padded[i : i + 3]
        for padded in (f"  {word} " for word in fold(text).split())
        for i in range(len(padded) - 2)
    )


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    union = len(a | b)
    return len(a & b) / union if union else 0.0
