"""Fictional visitors: service points, visits with their waiting times, tickets of the Solution Desk.

Volume and profile: domain facts 11.1 (18,000 visits for 42,000 applications) and 11.4 (hours). The
rooms are invented; the units are those of the reference data.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.applications.queries.figures import day_start
from app.core import clock
from app.core.calendar import DayKind
from app.data.files import read_names, read_rows
from app.demo.desk import holders_of, load_tickets
from app.demo.plan import span_days
from app.demo.shares import Shares
from app.frontdesk.rules.visits import VisitResult
from app.models import (
    CalendarDay,
    ServicePoint,
    Unit,
    Visit,
    VisitReason,
)

#: Source: domain facts 11.1.
VISIT_SHARE = 18_000 / 42_000
#: So many visitors stand on the screen of today, however small the demo is.
LEAST_TODAY = 14
_JUST_COME = 8
#: So many have taken a number of the Solution Desk and wait for it, whatever chance has drawn.
_AT_THE_DESK = 4
_CHUNK = 5_000
#: A reception is open while the office is; Mondays are the fullest.
WEEKDAYS = (1.25, 1.05, 1.0, 0.95, 0.85, 0.0, 0.0)
HOURS = Shares.of({8: 7, 9: 14, 10: 18, 11: 15, 12: 4, 13: 12, 14: 15, 15: 11, 16: 6})
_REASONS = Shares.of(
    {"bilgi": 24, "dilekce": 21, "basvuru_sorma": 13, "odeme": 15, "sosyal": 11, "randevu": 6,
     "etkinlik": 4, "imar": 4, "baska": 2}
)  # fmt: skip
#: Reason → points that are asked for, by name; the rest is drawn from all.
_GOALS: Mapping[str, Mapping[str, float]] = {
    "bilgi": {"Danışma": 50, "Çözüm Masası": 20, "Ulaşım ve Kart": 10, "Nikâh ve Salon": 5},
    "dilekce": {"Çözüm Masası": 78, "Evrak Kayıt": 18, "Fen İşleri Kayıt": 4},
    "basvuru_sorma": {"Çözüm Masası": 70, "Evrak Kayıt": 8, "Fen İşleri Kayıt": 12, "İmar Durumu": 10},
    "odeme": {"Tahsilat Veznesi": 70, "TESKİ Vezne": 22, "Gelirler": 8},
    "sosyal": {"Sosyal Yardım Masası": 78, "Evde Bakım ve Hasta Nakil": 14, "Kadın ve Aile Danışma": 8},
    "randevu": {"Başkanlık Sekretaryası": 40, "Genel Sekreterlik": 20, "Halkla İlişkiler": 20, "İmar Durumu": 20},
    "etkinlik": {"Kültür ve Kurs": 60, "Spor Tesisleri": 25, "Gençlik Merkezi": 15},
    "imar": {"İmar Durumu": 45, "İşyeri Ruhsatı": 30, "Numarataj": 15, "Yapı Denetim": 10},
    "baska": {"Muhtarlık Masası": 20, "Zabıta Amirliği": 20, "İnsan Kaynakları": 40, "TESKİ Abone Merkezi": 20},
}  # fmt: skip
_PEOPLE = Shares.of({1: 780, 2: 140, 3: 42, 4: 18, 5: 8, 12: 4, 20: 4, 35: 2})
_NEEDS = {"is_elderly": 0.14, "is_disabled": 0.05, "with_child": 0.07, "needs_language": 0.02}
_RESULTS = Shares.of(
    {VisitResult.SERVED: 85, VisitResult.NOT_AVAILABLE: 5, VisitResult.LEFT: 7, VisitResult.GUIDED: 3}
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """A service point as the generator needs it."""

    pk: int
    unit_id: int | None
    is_desk: bool
    slowness: float


def load_visits(session: Session, rng: Random, applications: int) -> None:
    """Write points, visits and tickets; the same random numbers give the same records."""
    load_points(session)
    maker = _Visits(session, rng, round(applications * VISIT_SHARE), span_days(applications))
    maker.run()
    load_tickets(session, rng, maker.desk_id)


def load_points(session: Session) -> int:
    """Add the invented rooms that are missing; returns how many."""
    units = dict(session.execute(select(Unit.code, Unit.id)).all())
    known = set(session.scalars(select(ServicePoint.name)))
    made = [
        ServicePoint(
            name=row["name"],
            unit_id=units.get(row["unit"]),
            building=row["building"],
            floor=int(row["floor"]),
            room=row["room"],
            what_for=row["what_for"],
            keywords=row["keywords"],
            opening_hours=row["opening_hours"],
            phone=row["phone"],
            directions=row["directions"],
            is_accessible=row["is_accessible"] == "1",
            is_desk=row["is_desk"] == "1",
            is_tile=row["position"] != "0",
            position=int(row["position"]),
        )
        for row in read_rows("demo_service_points.csv")
        if row["name"] not in known
    ]
    session.add_all(made)
    session.flush()
    return len(made)


def _minutes(rng: Random, median: float, spread: float = 0.7) -> dt.timedelta:
    return dt.timedelta(seconds=max(20, round(60 * median * rng.lognormvariate(0, spread))))


class _Visits:
    def __init__(self, session: Session, rng: Random, count: int, days: int) -> None:
        self.session, self.rng, self.count = session, rng, count
        self.now = clock.now().replace(microsecond=0)
        self.reasons = {
            row.code: row for row in session.scalars(select(VisitReason).order_by(VisitReason.id))
        }
        self.points = {
            name: Goal(pk, unit, desk, 0.6 + Random(name).random() * 1.1)
            for pk, name, unit, desk in session.execute(
                select(
                    ServicePoint.id, ServicePoint.name, ServicePoint.unit_id, ServicePoint.is_desk
                )
            )
        }
        self.desk_id = next((goal.pk for goal in self.points.values() if goal.is_desk), None)
        self.goals = {
            code: Shares.of(
                {self.points[name]: w for name, w in goals.items() if name in self.points}
            )
            for code, goals in _GOALS.items()
        }
        self.guides = holders_of(session, "guide")
        self.first, self.last = read_names("first_names.csv"), read_names("last_names.csv")
        holidays = set(
            session.scalars(
                select(CalendarDay.on).where(CalendarDay.kind == DayKind.PUBLIC_HOLIDAY)
            )
        )
        today = self.now.date()
        self.days = [today - dt.timedelta(days=back) for back in range(days, 0, -1)]
        self.weights = [0.0 if day in holidays else WEEKDAYS[day.weekday()] for day in self.days]

    def run(self) -> None:
        rows: list[Row] = []
        for at in self._moments():
            rows.append(self._visit(at))
            if len(rows) >= _CHUNK:
                self._write(rows)
        self._write(rows + self._waiting_at_the_desk())

    def _moments(self) -> Iterator[dt.datetime]:
        """Moments in rising order; today's lie in the last hours, as if the morning had been busy."""
        counts = Counter(self.rng.choices(self.days, self.weights, k=self.count))
        for day in self.days:
            moments = [
                dt.datetime.combine(
                    day, dt.time(HOURS.draw(self.rng), self.rng.randrange(60), self.rng.randrange(60)), clock.ISTANBUL
                )
                for _n in range(counts[day])
            ]  # fmt: skip
            yield from sorted(moments)
        start = max(day_start(self.now.date()), self.now - dt.timedelta(hours=3))
        span = (self.now - start).total_seconds()
        today = max(LEAST_TODAY, round(self.count / max(sum(w > 0 for w in self.weights), 1)))
        # Some have come a moment ago, so that somebody is waiting.
        lots = [self.rng.random() for _n in range(today)]
        lots += [1 - self.rng.random() * 0.07 for _n in range(_JUST_COME)]
        yield from (start + dt.timedelta(seconds=int(lot * span)) for lot in sorted(lots))

    def _waiting_at_the_desk(self) -> list[Row]:
        """Somebody for the officer who tries the queue: they came minutes ago and wait."""
        goal = next((g for g in self.points.values() if g.is_desk), None)
        reason = self.reasons.get("dilekce")
        midnight = day_start(self.now.date())
        if goal is None or reason is None:
            return []
        rows = []
        for back in range(3 * _AT_THE_DESK, 0, -3):
            row = self._visit(max(self.now - dt.timedelta(minutes=back), midnight))
            row.update(
                reason_id=reason.id, service_point_id=goal.pk, unit_id=goal.unit_id, people=1,
                served_at=None, ended_at=None, result=None, visitor_name="",
            )  # fmt: skip
            rows.append(row)
        return rows

    def _visit(self, at: dt.datetime) -> Row:
        rng = self.rng
        code = _REASONS.draw(rng)
        reason = self.reasons.get(code) or next(iter(self.reasons.values()))
        goal = self.goals[code].draw(rng)
        needs = {name: rng.random() < share for name, share in _NEEDS.items()}
        guide = self.guides[int(rng.random() * len(self.guides))] if self.guides else None
        helped = any(needs.values())
        accompanied = rng.random() < (0.55 if needs["is_disabled"] else 0.3 if helped else 0.03)
        served, ended, result = self._course(at, reason.is_short, goal)
        named = code == "randevu" and not needs["is_disabled"] and rng.random() < 0.15
        name = f"{rng.choice(self.first)} {rng.choice(self.last)}" if named else ""
        return {
            "at": at,
            "people": _PEOPLE.draw(rng),
            "reason_id": reason.id,
            "service_point_id": goal.pk,
            "unit_id": goal.unit_id,
            "host_id": None,
            "has_appointment": rng.random() < (0.85 if code == "randevu" else 0.03),
            **needs,
            "accompanied_by_id": guide if accompanied else None,
            "guided_to_id": None,
            "waiting_since": at,
            "served_at": served,
            "ended_at": ended,
            "result": result,
            "visitor_name": name,
            "note": "",
            "request_key": None,
            "is_demo": True,
            "created_at": at,
            "changed_at": at,
            "created_by_id": guide,
            "changed_by_id": guide,
            "version": 1,
        }

    def _course(
        self, at: dt.datetime, is_short: bool, goal: Goal
    ) -> tuple[dt.datetime | None, dt.datetime | None, VisitResult | None]:
        """When somebody was received and went, and what came of it; now ends what lies ahead."""
        if is_short:
            return at, at, VisitResult.GUIDED
        busy = 1.6 if at.hour in {10, 11, 14} else 1.0
        served = at + _minutes(self.rng, 5.5 * goal.slowness * busy)
        ended = served + _minutes(self.rng, 9.0)
        result = _RESULTS.draw(self.rng)
        if result is VisitResult.LEFT:
            return (None, served, result) if served <= self.now else (None, None, None)
        if served > self.now:
            return None, None, None
        return (served, ended, result) if ended <= self.now else (served, None, None)

    def _write(self, rows: list[Row]) -> None:
        if rows:
            self.session.connection().execute(insert(Visit.__table__), rows)
            rows.clear()


__all__: Sequence[str] = ["HOURS", "VISIT_SHARE", "WEEKDAYS", "load_points", "load_visits"]
