"""Fictional tickets of the Solution Desk, out of the fictional visits to it of the last sixty days."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.applications.rules import Channel
from app.core import clock
from app.demo.shares import Shares
from app.frontdesk.rules.desk import DeskResult, Matter, PriorityGroup, TicketState, group_of
from app.frontdesk.rules.visits import VisitResult
from app.models import Application, DeskTicket, NumberSeries, StaffUser, Visit, VisitReason

_TICKET_DAYS = 60
_DESK_RESULTS = Shares.of(
    {DeskResult.SOLVED: 42, DeskResult.APPLICATION: 44, DeskResult.GUIDED: 11, DeskResult.UNSOLVED: 3}
)  # fmt: skip
Row = dict[str, Any]


def load_tickets(session: Session, rng: Random, desk_id: int | None) -> None:
    """Write the tickets; without a Solution Desk in the directory there are none."""
    _Tickets(session, rng, desk_id).run()


def holders_of(session: Session, role: str) -> list[int]:
    """The active accounts that have a role, in their order."""
    stmt = select(StaffUser.id).join(StaffUser.roles).where(Role.name == role)
    return list(session.scalars(stmt.where(StaffUser.active.is_(True)).order_by(StaffUser.id)))


class _Tickets:
    """Tickets out of the visits to the Solution Desk of the last sixty days."""

    def __init__(self, session: Session, rng: Random, desk_id: int | None) -> None:
        self.session, self.rng, self.desk_id = session, rng, desk_id
        self.now = clock.now()
        self.officers = holders_of(session, "desk_officer")
        self.cases = self._cases()

    def _cases(self) -> dict[dt.date, list[int]]:
        """Applications taken at the desk, by day."""
        a = Application.__table__.c
        rows = self.session.execute(
            select(a.received_on, a.id).where(
                a.is_demo.is_(True), a.channel == Channel.DESK, a.is_restricted.is_(False)
            )
        )
        found: dict[dt.date, list[int]] = {}
        for day, pk in rows:
            found.setdefault(day, []).append(pk)
        return found

    def run(self) -> None:
        if self.desk_id is None:
            return
        v = Visit.__table__.c
        since = self.now - dt.timedelta(days=_TICKET_DAYS)
        found = self.session.execute(
            select(Visit.id, Visit.at, Visit.served_at, Visit.ended_at, Visit.result, Visit.reason_id,
                   Visit.is_elderly, Visit.is_disabled, Visit.with_child)
            .where(
                v.service_point_id == self.desk_id, v.at >= since, v.is_demo.is_(True),
                v.id.not_in(select(DeskTicket.visit_id).where(DeskTicket.visit_id.is_not(None))),
            )
            .order_by(v.at, v.id)
        ).mappings()  # fmt: skip
        visits = self._settled([dict(visit) for visit in found])
        matters = dict(self.session.execute(select(VisitReason.id, VisitReason.matter)).all())
        # A second load on the same day goes on where the first one ended.
        known = self.session.execute(
            select(DeskTicket.on, func.max(DeskTicket.number)).group_by(DeskTicket.on)
        )
        numbers: Counter[dt.date] = Counter(dict(known.all()))
        rows = [self._ticket(visit, matters, numbers) for visit in visits]
        if rows:
            self.session.connection().execute(insert(DeskTicket.__table__), rows)
        today = self.now.date()
        if numbers[today]:
            # The next number given today follows these.
            series = f"desk:{today:%m-%d}"
            row = self.session.scalars(
                select(NumberSeries).where(
                    NumberSeries.series == series, NumberSeries.year == today.year
                )
            ).first() or NumberSeries(series=series, year=today.year)
            row.last = numbers[today]
            self.session.add(row)
            self.session.flush()

    def _settled(self, visits: list[Row]) -> list[Row]:
        """Two conversations go on, at the counters of colleagues; the others are over.

        The counter of the first account is free, so that whoever tries the desk can call somebody.
        """
        talking = [v for v in visits if v["served_at"] is not None and v["ended_at"] is None]
        for visit in talking[: max(len(talking) - 2, 0)]:
            visit.update(ended_at=self.now, result=VisitResult.SERVED)
            self.session.connection().execute(
                update(Visit.__table__)
                .where(Visit.__table__.c.id == visit["id"])
                .values(ended_at=self.now, result=VisitResult.SERVED)
            )
        for place, visit in enumerate(talking[-2:], start=1):
            visit["counter"] = place
        return visits

    def _ticket(
        self, visit: Mapping[str, Any], matters: Mapping[int, Matter], numbers: Counter[dt.date]
    ) -> Row:
        rng, at = self.rng, clock.to_local(visit["at"])
        day = at.date()
        numbers[day] += 1
        started, ended = visit["served_at"], visit["ended_at"]
        state, result = self._state(visit, started, ended)
        place = visit.get("counter", int(rng.random() * max(len(self.officers), 1)))
        place = min(place, max(len(self.officers) - 1, 0))
        officer = (
            self.officers[place] if self.officers and state is not TicketState.WAITING else None
        )
        group = group_of(visit)
        if group is PriorityGroup.NONE and rng.random() < 0.015:
            group = PriorityGroup.VETERAN
        return {
            "on": day,
            "number": numbers[day],
            "matter": matters.get(visit["reason_id"], Matter.OTHER),
            "priority_group": group,
            "state": state,
            "arrived_at": at,
            "called_at": started,
            "calls": 0 if started is None else 1,
            "started_at": started if state in {TicketState.DONE, TicketState.SERVING} else None,
            "ended_at": ended,
            "counter": place % 4 + 1 if officer is not None else None,
            "officer_id": officer,
            "result": result,
            "note": "",
            "visit_id": visit["id"],
            "application_id": self._case(day, result),
            "request_key": None,
            "is_demo": True,
            "created_at": at,
            "changed_at": at,
            "created_by_id": officer,
            "changed_by_id": officer,
            "version": 1,
        }

    def _state(
        self, visit: Mapping[str, Any], started: Any, ended: Any
    ) -> tuple[TicketState, DeskResult | None]:
        if visit["result"] is VisitResult.LEFT:
            lost = TicketState.LEFT if self.rng.random() < 0.6 else TicketState.NO_SHOW
            return lost, None
        if ended is not None:
            short = started == visit["at"]
            return TicketState.DONE, DeskResult.GUIDED if short else _DESK_RESULTS.draw(self.rng)
        if started is None:
            return TicketState.WAITING, None
        return TicketState.SERVING, None

    def _case(self, day: dt.date, result: DeskResult | None) -> int | None:
        waiting = self.cases.get(day, []) if result is DeskResult.APPLICATION else []
        return waiting.pop() if waiting else None
