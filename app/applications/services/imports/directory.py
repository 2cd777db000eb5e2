"""Topics and places of the house by every name that a file may use; read once for each import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import queries, rules
from app.applications.models import Application, Topic
from app.applications.rules import Channel, Kind
from app.applications.services.clocks import own_days, set_clock
from app.core.calendar import Deadline
from app.core.text import fold
from app.organisation.models import District, Neighbourhood
from app.system.queries import get_text

_PLACE_WORDS = frozenset({"mah", "mh", "mahalle", "mahallesi", "ilcesi", "ilce", "belediyesi"})


@dataclass(frozen=True)
class TopicEntry:
    """What is needed of a topic; `unit_id` is the unit proposed at intake."""

    id: int
    code: str
    name: str
    unit_id: int | None


@dataclass(frozen=True)
class Clock:
    """The legal time of one row as it is stored."""

    rule_key: str | None
    rule_version: int | None
    due_on: dt.date | None
    due_trail: dict[str, Any] | None
    goal_on: dt.date | None


@dataclass
class Directory:
    """Names → records; a word that means two things means nothing."""

    topics: dict[str, TopicEntry] = field(default_factory=dict)
    districts: dict[str, tuple[int, str]] = field(default_factory=dict)
    neighbourhoods: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)

    def topic(self, word: str) -> TopicEntry | None:
        """A topic by code, name, "code name" or another word people use."""
        return self.topics.get(fold(word))

    def district(self, word: str) -> tuple[int, str] | None:
        """(id, name) of a district."""
        return self.districts.get(_place(word))

    def neighbourhood(self, word: str, district_id: int | None) -> tuple[int, str] | None:
        """(id, name) of a neighbourhood; without a district only where no other has that name."""
        name = _place(word)
        if district_id is None:
            places = self.by_name.get(name, [])
            if len(places) != 1:
                return None
            district_id = places[0]
        return self.neighbourhoods.get((district_id, name))

    def district_of(self, word: str) -> int | None:
        """The one district that has a neighbourhood of this name."""
        places = self.by_name.get(_place(word), [])
        return places[0] if len(places) == 1 else None


def _place(word: str) -> str:
    return " ".join(part for part in fold(word).split() if part not in _PLACE_WORDS)


def load_directory(session: Session) -> Directory:
    """Read topics in use, districts and neighbourhoods: three statements."""
    found = Directory()
    _load_topics(session, found)
    districts, places = District.__table__.c, Neighbourhood.__table__.c
    for row in session.execute(select(districts.id, districts.name)):
        found.districts[_place(row.name)] = (row.id, row.name)
    for row in session.execute(select(places.id, places.name, places.district_id)):
        name = _place(row.name)
        found.neighbourhoods[row.district_id, name] = (row.id, row.name)
        found.by_name.setdefault(name, []).append(row.district_id)
    return found


def _load_topics(session: Session, found: Directory) -> None:
    c = Topic.__table__.c
    rows = session.execute(
        select(c.id, c.code, c.name, c.unit_id, c.synonyms)
        .where(c.active.is_(True))
        .order_by(c.code)
    ).all()
    entries = [(TopicEntry(r.id, r.code, r.name, r.unit_id), r.synonyms or "") for r in rows]
    others: dict[str, set[int]] = {}
    for entry, synonyms in entries:
        for word in synonyms.split(","):
            others.setdefault(fold(word), set()).add(entry.id)
    for entry, synonyms in entries:
        for word in synonyms.split(","):
            if fold(word) and len(others[fold(word)]) == 1:
                found.topics.setdefault(fold(word), entry)
    # Codes and names are put in last: another topic's loose word must not stand before them.
    for entry, _ in entries:
        for word in (entry.name, f"{entry.code} {entry.name}", entry.code):
            found.topics[fold(word)] = entry


class Clocks:
    """Legal and internal time of many rows; each period, day and topic is counted once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._which = get_text(session, "cimer_day_zero")
        self._periods: dict[tuple[str | None, dt.date], tuple[Application, Deadline | None]] = {}
        self._days: dict[int, int | None] = {}
        self._goals: dict[tuple[str | None, dt.date, int | None], dt.date | None] = {}

    def of(
        self,
        kind: Kind,
        channel: Channel,
        received_on: dt.date,
        external_on: dt.date | None,
        topic_id: int | None,
    ) -> Clock:
        """The clock that registration would store. RuleViolation when no law was in force that day."""
        start = rules.day_zero(channel, received_on, external_on, self._which)
        place = (rules.rule_key_of(kind, channel=channel), start)
        if place not in self._periods:
            pattern = Application(kind=kind, channel=channel, is_extended=False)
            deadline = set_clock(self._session, pattern, start=start)
            self._periods[place] = (pattern, deadline)
        pattern, deadline = self._periods[place]
        days = self._topic_days(topic_id)
        goal = (*place, days)
        if goal not in self._goals:
            self._goals[goal] = queries.count_goal(self._session, deadline, start, days=days)
        return Clock(
            pattern.rule_key,
            pattern.rule_version,
            pattern.due_on,
            pattern.due_trail,
            self._goals[goal],
        )

    def _topic_days(self, topic_id: int | None) -> int | None:
        if topic_id is None:
            return None
        if topic_id not in self._days:
            self._days[topic_id] = own_days(self._session, Application(topic_id=topic_id))
        return self._days[topic_id]


def joined(parts: Iterable[str]) -> str:
    """Parts of a place in one line; what is said twice is said once (BRONX, BRONX)."""
    kept: dict[str, str] = {}
    for part in parts:
        for words in part.split(","):
            if words.strip():
                kept.setdefault(fold(words), words.strip())
    return ", ".join(kept.values())
