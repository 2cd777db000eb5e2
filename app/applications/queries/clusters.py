"""Open cases that are likely about one event, found by few statements however many cases there are.

Topics and places with several fresh cases are counted in SQL; only their cases are compared word by
word, and never more than a fixed number of them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, defer, joinedload

from app.applications import rules
from app.applications.models import Application, Topic
from app.applications.queries.figures import day_start
from app.applications.rules import OPEN_STATES, State
from app.core import clock
from app.organisation.models import District, Neighbourhood
from app.system.queries import get_number

_A = Application
#: States in which a duplicate can be joined to a main case.
_FRESH = sorted(rules.MERGEABLE_STATES & OPEN_STATES)
#: Topics and places looked at, and cases compared, at most.
MOST_GROUPS = 60
MOST_CASES = 3_000
#: So much of what was said is compared.
_WORDS = 400


@dataclass(frozen=True)
class ClusterCase:
    """A case of a cluster, as much as its line needs."""

    id: int
    number: str
    subject: str
    state: State
    received_at: dt.datetime
    citizen_id: int | None
    unit_id: int | None
    merged: int


@dataclass(frozen=True)
class Cluster:
    """Cases of one topic and neighbourhood that are likely one event; `main_id` is the suggestion."""

    topic_id: int
    topic: str
    place: str
    cases: Sequence[ClusterCase]
    main_id: int


def find_clusters(
    session: Session,
    *,
    days: int | None = None,
    today: dt.date | None = None,
    district_id: int | None = None,
    topic_id: int | None = None,
    limit: int = 20,
) -> list[Cluster]:
    """The largest clusters of the last weeks: three statements.

    `days` is the longest pause within an event; the setting when it is not given. How far back is
    looked is the setting for duplicates.
    """
    gap = days or get_number(session, "cluster_days")
    day = today or clock.today()
    back = max(get_number(session, "duplicate_days"), gap)
    wanted: list[Any] = [
        _A.state.in_(_FRESH),
        _A.received_at >= day_start(day - dt.timedelta(days=back)),
        _A.topic_id.is_not(None),
        _A.neighbourhood_id.is_not(None),
    ]
    if district_id is not None:
        wanted.append(_A.district_id == district_id)
    if topic_id is not None:
        wanted.append(_A.topic_id == topic_id)
    several = (
        select(_A.topic_id, _A.neighbourhood_id)
        .where(*wanted)
        .group_by(_A.topic_id, _A.neighbourhood_id)
        .having(func.count(_A.id) >= rules.CLUSTER_SMALLEST)
        .order_by(func.count(_A.id).desc(), func.max(_A.received_at).desc())
        .limit(MOST_GROUPS)
    )
    pairs = [tuple(row) for row in session.execute(several)]
    if not pairs:
        return []
    rows = session.execute(
        select(
            _A.id, _A.number, _A.subject, _A.state, _A.kind, _A.received_at, _A.citizen_id,
            _A.lead_unit_id, _A.topic_id, _A.neighbourhood_id,
            func.substr(_A.body, 1, _WORDS).label("said"),
            Topic.code.label("code"), Topic.name.label("topic"),
            Neighbourhood.name.label("place"), District.name.label("district"),
        )
        .join(Topic, _A.topic_id == Topic.id)
        .join(Neighbourhood, _A.neighbourhood_id == Neighbourhood.id)
        .join(District, Neighbourhood.district_id == District.id)
        .where(*wanted, tuple_(_A.topic_id, _A.neighbourhood_id).in_(pairs))
        .order_by(_A.received_at.desc(), _A.id.desc())
        .limit(MOST_CASES)
    ).all()  # fmt: skip
    groups: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.topic_id, row.neighbourhood_id].append(row)
    merged = count_merged(session, [row.id for row in rows])
    found = [cluster for group in groups.values() for cluster in _clusters_of(group, merged, gap)]
    return sorted(found, key=lambda c: (-len(c.cases), c.main_id))[:limit]


def count_merged(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Main case → how many cases follow it, for those of `ids` that lead a group."""
    cases = _A.__table__.c
    rows = session.execute(
        select(cases.master_id, func.count())
        .where(cases.master_id.in_(ids), cases.state == State.MERGED)
        .group_by(cases.master_id)
    )
    return {int(pk): int(n) for pk, n in rows}


def list_possible_mains(
    session: Session, cases: Sequence[Application], *, today: dt.date | None = None, limit: int = 3
) -> list[Application]:
    """Open cases beside these of the same topic and neighbourhood that may lead them, the oldest first."""
    matters = {(c.topic_id, c.neighbourhood_id) for c in cases if c.topic_id and c.neighbourhood_id}
    if not matters:
        return []
    day = today or clock.today()
    back = get_number(session, "duplicate_days")
    stmt = (
        select(_A)
        .where(
            tuple_(_A.topic_id, _A.neighbourhood_id).in_(sorted(matters)),
            _A.state.in_(sorted(OPEN_STATES)),
            _A.received_at >= day_start(day - dt.timedelta(days=back)),
            _A.id.not_in([case.id for case in cases]),
        )
        .options(
            defer(_A.body, raiseload=True),
            defer(_A.due_trail, raiseload=True),
            defer(_A.search_text, raiseload=True),
            joinedload(_A.citizen),
            joinedload(_A.district),
            joinedload(_A.neighbourhood),
        )
        .order_by(_A.received_at, _A.id)
        .limit(limit)
    )
    return list(session.scalars(stmt).unique())


def _clusters_of(group: Sequence[Any], merged: dict[int, int], days: int) -> list[Cluster]:
    by_id = {row.id: row for row in group}
    reports = [rules.Report(r.id, r.received_at, f"{r.subject} {r.said}") for r in group]
    found = []
    for event in rules.cluster_reports(reports, days=days):
        rows = [by_id[report.id] for report in event]
        main_id = rules.suggest_main(
            [
                rules.Candidate(
                    r.id, r.state, r.kind, r.topic_id, r.neighbourhood_id, r.citizen_id,
                    r.received_at, merged.get(r.id, 0),
                )
                for r in rows
            ]
        )  # fmt: skip
        if main_id is None:
            continue
        first = rows[0]
        cases = [
            ClusterCase(
                r.id, r.number, r.subject, r.state, r.received_at, r.citizen_id, r.lead_unit_id,
                merged.get(r.id, 0),
            )
            for r in rows
        ]  # fmt: skip
        place = f"{first.district}, {first.place}"
        found.append(Cluster(first.topic_id, f"{first.code} {first.topic}", place, cases, main_id))
    return found
