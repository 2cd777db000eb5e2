"""A small municipality for tests of services and queries: units, people, topics, actors."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import services
from app.applications.models import Application, ApplicationEvent, Assignment, Topic
from app.applications.rules import Channel, Competence, Kind, Outcome
from app.core.acting import Actor
from app.core.clock import ISTANBUL
from app.organisation.models import District, Neighbourhood, StaffUser, Unit, UnitLiaison
from app.organisation.rules import UnitKind
from app.people.models import Citizen, Institution
from app.people.rules import InstitutionKind
from app.roles import ROLES
from app.system.models import Notification

#: Monday 16 March 2026: a petition is due on 15 April, information on 7 April.
MONDAY = dt.datetime(2026, 3, 16, 10, 0, tzinfo=ISTANBUL)


def day(number: int, month: int = 3, hour: int = 10) -> dt.datetime:
    """A moment of 2026 in Istanbul."""
    return dt.datetime(2026, month, number, hour, tzinfo=ISTANBUL)


class Office:
    """Units A and B with liaisons and heads, a directorate with everybody in it, two topics."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._count = 0
        self.top = self._unit("TST-TOP", UnitKind.TOP, None)
        self.office = self._unit("TST-HIM", UnitKind.BRANCH, self.top)
        self.a = self._unit("TST-A", UnitKind.DEPARTMENT, self.top)
        self.b = self._unit("TST-B", UnitKind.DEPARTMENT, self.top)
        self.b_below = self._unit("TST-B1", UnitKind.OFFICE, self.b)
        self.district = District(name="Deneme İlçesi")
        session.add(self.district)
        session.flush()
        self.place = Neighbourhood(district_id=self.district.id, name="Altınova")
        self.elsewhere = Neighbourhood(district_id=self.district.id, name="Bahçelievler")
        self.institution = Institution(
            name="Deneme Belediyesi", kind=InstitutionKind.DISTRICT_MUNICIPALITY
        )
        self.citizen = Citizen(
            first_name="Işık", last_name="Yılmaz", phone="+905320000101", email="isik@ornek.com"
        )
        self.other = Citizen(first_name="Ali", last_name="Demir", phone="+905320000102")
        session.add_all([self.place, self.elsewhere, self.institution, self.citizen, self.other])
        session.flush()
        self.topic = self._topic("TST-01", self.a, 5)
        self.slow_topic = self._topic("TST-02", self.b, None)
        self.users: dict[str, StaffUser] = {}
        for name, role, unit in (
            ("head", "dept_head", self.office), ("manager", "branch_mgr", self.office),
            ("chief", "chief", self.office), ("operator", "operator", self.office),
            ("desk", "desk_officer", self.office), ("cimer", "cimer_officer", self.office),
            ("foi", "foi_officer", self.office), ("auditor", "auditor", self.office),
            ("liaison_a", "unit_liaison", self.a), ("head_a", "unit_manager", self.a),
            ("liaison_b", "unit_liaison", self.b), ("admin", "sys_admin", self.office),
        ):  # fmt: skip
            self.users[name] = self._user(name, role, unit)
        self.a.manager_id = self.users["head_a"].id
        session.add_all(
            [
                UnitLiaison(unit_id=self.a.id, user_id=self.users["liaison_a"].id),
                UnitLiaison(unit_id=self.b.id, user_id=self.users["liaison_b"].id),
            ]
        )
        session.flush()

    def seen_by(self, session: Session) -> Office:
        """The same municipality, kept in its database, for another session; nothing is read for it."""
        other = copy.copy(self)
        other.session = session
        for name, value in vars(self).items():
            if isinstance(value, Model):
                setattr(other, name, session.merge(value, load=False))
        other.users = {name: session.merge(user, load=False) for name, user in self.users.items()}
        return other

    def _unit(self, code: str, kind: UnitKind, parent: Unit | None) -> Unit:
        unit = Unit(code=code, name=code, kind=kind, parent_id=parent.id if parent else None)
        self.session.add(unit)
        self.session.flush()
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
        self.session.flush()
        return unit

    def _topic(self, code: str, unit: Unit, days: int | None) -> Topic:
        topic = Topic(
            code=code,
            name=code,
            group="TST",
            competence=Competence.BB,
            unit_id=unit.id,
            internal_days=days,
        )
        self.session.add(topic)
        self.session.flush()
        return topic

    def _user(self, name: str, role: str, unit: Unit) -> StaffUser:
        found = self.session.scalars(select(Role).where(Role.name == role)).first() or Role(
            name=role
        )
        user = StaffUser(
            first_name=name, last_name="Deneme", username=f"tst_{name}", email=f"{name}@ornek.bel.tr",
            password="!", active=True, unit_id=unit.id, roles=[found],
        )  # fmt: skip
        self.session.add(user)
        self.session.flush()
        return user

    def actor(self, name: str, *extra_roles: str) -> Actor:
        """The actor value of somebody, with the rights that the roles give."""
        user = self.users[name]
        roles = frozenset([*(role.name for role in user.roles), *extra_roles])
        grants = frozenset(
            (f"can_{verb}", resource)
            for role in roles
            for resource, verbs in ROLES[role].items()
            for verb in verbs
        )
        below = self.session.scalars(select(Unit.id).where(Unit.path.startswith(user.unit.path)))
        return Actor(
            user_id=user.id, name=user.name, roles=roles, grants=grants, unit_id=user.unit_id,
            unit_ids=frozenset(below),
        )  # fmt: skip

    # --- cases ------------------------------------------------------------------------------------
    def register(
        self,
        who: str = "operator",
        now: dt.datetime = MONDAY,
        key: str | None = None,
        **values: Any,
    ) -> Application:
        """A request of the first citizen about the first topic, unless told otherwise."""
        self._count += 1
        given: dict[str, Any] = {
            "channel": Channel.CALL_CENTER,
            "kind": Kind.REQUEST,
            "topic_id": self.topic.id,
            "subject": f"Sokakta patlak boru {self._count}",
            "citizen": {"id": self.citizen.id},
            "district_id": self.district.id,
            "neighbourhood_id": self.place.id,
            **values,
        }
        return services.register_application(
            self.session, values=given, actor=self.actor(who), now=now, request_key=key
        )

    def assigned(
        self, now: dt.datetime = MONDAY, others: tuple[int, ...] = (), **values: Any
    ) -> Application:
        """A case sent to unit A, and perhaps to others."""
        case = self.register(now=now, **values)
        return services.assign(
            self.session,
            application=case,
            unit_ids=others,
            lead_unit_id=self.a.id,
            actor=self.actor("chief"),
            now=now,
        )

    def at_work(self, now: dt.datetime = MONDAY, **values: Any) -> Application:
        """A case that unit A has accepted."""
        case = self.assigned(now=now, **values)
        return services.accept(
            self.session, application=case, actor=self.actor("liaison_a"), now=now
        )

    def unit_answered(self, now: dt.datetime = MONDAY, **values: Any) -> Application:
        """A case that unit A has answered."""
        case = self.at_work(now=now, **values)
        return services.answer_by_unit(
            self.session, application=case, answer_text="Boru değiştirildi.", outcome=Outcome.RESOLVED,
            actor=self.actor("liaison_a"), now=now,
        )  # fmt: skip

    def letter(
        self, case: Application, *, now: dt.datetime = MONDAY, approve: bool = True, **values: Any
    ) -> Any:
        """A letter of the chief, approved by the branch manager."""
        given = {
            "outcome": Outcome.RESOLVED,
            "body": "Sayın ilgili, boru değiştirilmiştir.",
            **values,
        }
        reply = services.draft_reply(
            self.session, application=case, actor=self.actor("chief"), now=now, **given
        )
        services.submit_reply(self.session, reply=reply, actor=self.actor("chief"), now=now)
        if approve:
            services.approve_reply(self.session, reply=reply, actor=self.actor("manager"), now=now)
        return reply

    def answered(
        self, now: dt.datetime = MONDAY, at: dt.datetime | None = None, **values: Any
    ) -> Application:
        """A case whose final letter was sent at `at`."""
        case = self.unit_answered(now=now, **values)
        reply = self.letter(case, now=now)
        services.send_reply(self.session, reply=reply, actor=self.actor("chief"), now=at or now)
        return case

    # --- what came of it -----------------------------------------------------------------------------
    def steps(self, case: Application) -> list[str]:
        """Actions on the timeline, the first first."""
        rows = select(ApplicationEvent.action).where(ApplicationEvent.application_id == case.id)
        return list(self.session.scalars(rows.order_by(ApplicationEvent.id)))

    def last_step(self, case: Application) -> ApplicationEvent:
        """The newest event."""
        rows = select(ApplicationEvent).where(ApplicationEvent.application_id == case.id)
        return self.session.scalars(rows.order_by(ApplicationEvent.id.desc())).first()

    def messages(self, case: Application, channel: str | None = None) -> list[Notification]:
        """Messages about a case, the first first."""
        rows = select(Notification).where(
            Notification.owner_type == "Application", Notification.owner_id == case.id
        )
        if channel:
            rows = rows.where(Notification.channel == channel)
        return list(self.session.scalars(rows.order_by(Notification.id)))

    def assignments(self, case: Application) -> list[Assignment]:
        """Assignments in the order of sending."""
        rows = select(Assignment).where(Assignment.application_id == case.id)
        return list(self.session.scalars(rows.order_by(Assignment.id)))
