"""What the generator knows of the house: staff, units, topics, and legal time counted once a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.rules import Competence, Kind, Priority
from app.core import clock
from app.core.calendar import Deadline, Rule, WorkCalendar, compute_deadline
from app.demo.people import District
from app.demo.texts import spoken_name
from app.models import District as DistrictRow
from app.models import Institution, Neighbourhood, StaffUser, Topic, Unit, UnitLiaison
from app.organisation.queries import find_ancestor_ids
from app.people.rules import InstitutionKind
from app.system.queries import find_rule, get_number, load_calendar

_WORK_BEGINS, _WORK_ENDS = dt.time(8, 20), dt.time(17, 20)


@dataclass(frozen=True)
class TopicFacts:
    """A topic as the generator needs it."""

    pk: int
    code: str
    name: str
    spoken: str
    competence: Competence
    unit_id: int | None
    institution_id: int | None
    days: int | None
    priority: Priority


class House:
    """Read once; nothing here changes while applications are made."""

    def __init__(self, session: Session, rng: Random) -> None:
        self.rng = rng
        self.session = session
        self.now = clock.now().replace(microsecond=0)
        self.today = self.now.date()
        self.calendar: WorkCalendar = load_calendar(session)
        self.internal: WorkCalendar = load_calendar(session, internal=True)
        self._percent = get_number(session, "internal_share_percent")
        self._default_days = get_number(session, "internal_days_default")
        self._rules: dict[tuple[str, dt.date], Rule] = {}
        self._deadlines: dict[tuple[str, dt.date], tuple[Deadline, dict[str, Any]]] = {}
        self._goals: dict[tuple[str | None, dt.date, int | None], dt.date | None] = {}
        self.units = dict(session.execute(select(Unit.id, Unit.name)).all())
        self.unit_ids = dict(session.execute(select(Unit.code, Unit.id)).all())
        unit_days = dict(session.execute(select(Unit.id, Unit.internal_days)).all())
        self.topics: Mapping[str, TopicFacts] = {
            row.code: TopicFacts(
                row.id, row.code, row.name, spoken_name(row.name), row.competence, row.unit_id,
                row.institution_id,
                row.internal_days if row.internal_days is not None else unit_days.get(row.unit_id or 0),
                row.priority,
            )
            for row in session.scalars(select(Topic))
        }  # fmt: skip
        self.districts = _districts(session)
        self.institutions = dict(session.execute(select(Institution.id, Institution.name)).all())
        self.staff = _staff_by_role(session)
        self._at_unit = _people_of_units(session)
        self.names = {
            pk: f"{first} {last}"
            for pk, first, last in session.execute(
                select(StaffUser.id, StaffUser.first_name, StaffUser.last_name)
            )
        }

    # --- people ------------------------------------------------------------------------------------
    def one(self, role: str) -> int | None:
        """Somebody who holds a role; the demo account of the role most often."""
        people = self.staff.get(role, ())
        if not people:
            return None
        return (
            people[0] if self.rng.random() < 0.45 else people[int(self.rng.random() * len(people))]
        )

    def at_unit(self, unit_id: int) -> int | None:
        """Somebody who answers for a unit."""
        people = self._at_unit.get(unit_id, ())
        return people[int(self.rng.random() ** 2 * len(people))] if people else None

    # --- time --------------------------------------------------------------------------------------
    def deadline(
        self, kind: Kind, start: dt.date, *, is_extended: bool
    ) -> tuple[Deadline | None, dict[str, Any] | None]:
        """The period of a kind from a day on, with the document that is stored; counted once."""
        key = rules.rule_key_of(kind, is_extended=is_extended)
        if key is None:
            return None, None
        place = (key, start)
        if place not in self._deadlines:
            rule = find_rule(self.session, key, start)
            counted = compute_deadline(rule, start, self.calendar)
            self._deadlines[place] = (counted, {**counted.to_dict(), "interruptions": []})
        return self._deadlines[place]

    def goal(self, deadline: Deadline | None, start: dt.date, days: int | None) -> dt.date | None:
        """The internal goal, as the service computes it."""
        place = (deadline.rule.key if deadline else None, start, days)
        if place not in self._goals:
            self._goals[place] = rules.goal_of(
                deadline, start, self.internal, days=days, percent=self._percent,
                default_days=self._default_days,
            )  # fmt: skip
        return self._goals[place]

    def office_time(self, at: dt.datetime) -> dt.datetime:
        """The same moment, or the next one at which somebody sits at a desk."""
        day, time = at.date(), at.time()
        if self.calendar.is_working(day):
            if _WORK_BEGINS <= time <= _WORK_ENDS:
                return at
            if time < _WORK_BEGINS:
                return self._morning(day)
        return self._morning(self.calendar.next_working(day + dt.timedelta(days=1)))

    def _morning(self, day: dt.date) -> dt.datetime:
        minutes = int(self.rng.random() * 200)
        start = dt.datetime.combine(day, _WORK_BEGINS, clock.ISTANBUL)
        return start + dt.timedelta(minutes=minutes, seconds=int(self.rng.random() * 60))


def _districts(session: Session) -> Sequence[District]:
    municipalities = dict(
        session.execute(
            select(Institution.district_id, Institution.id).where(
                Institution.kind == InstitutionKind.DISTRICT_MUNICIPALITY
            )
        ).all()
    )
    places: dict[int, list[tuple[int, str]]] = {}
    for pk, district, name in session.execute(
        select(Neighbourhood.id, Neighbourhood.district_id, Neighbourhood.name).order_by(
            Neighbourhood.id
        )
    ):
        places.setdefault(district, []).append((pk, name))
    return [
        District.of(
            row.id, row.name, row.weight, municipalities.get(row.id), places.get(row.id, [])
        )
        for row in session.scalars(select(DistrictRow).order_by(DistrictRow.id))
        if places.get(row.id)
    ]


def _staff_by_role(session: Session) -> Mapping[str, Sequence[int]]:
    """Role → ids of demo staff; those who can sign in first."""
    staff: dict[str, list[int]] = {}
    rows = session.execute(
        select(Role.name, StaffUser.id)
        .select_from(StaffUser)
        .join(StaffUser.roles)
        .where(StaffUser.is_demo.is_(True), StaffUser.active.is_(True))
        .order_by(StaffUser.id)
    )
    for role, pk in rows:
        staff.setdefault(role, []).append(pk)
    return staff


def _people_of_units(session: Session) -> Mapping[int, Sequence[int]]:
    """Unit → its liaisons, else those of the unit above."""
    own: dict[int, list[int]] = {}
    for unit, user in session.execute(
        select(UnitLiaison.unit_id, UnitLiaison.user_id)
        .where(UnitLiaison.active.is_(True))
        .order_by(UnitLiaison.role.desc(), UnitLiaison.id)
    ):
        own.setdefault(unit, []).append(user)
    found: dict[int, Sequence[int]] = {}
    for pk in session.scalars(select(Unit.id)):
        found[pk] = next((own[a] for a in find_ancestor_ids(session, pk) if a in own), ())
    return found
