"""Writing the fictional applications in chunks; the rows come from `plan`, `people`, `plot` and `story`."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.orm import Session

from app.applications.rules import OPEN_STATES, Channel, Kind, Outcome, Priority, State, day_zero
from app.applications.rules.tracking import ALPHABET, CODE_LENGTH
from app.core.calendar import DayKind
from app.core.text import fold, tr_upper
from app.demo import shares
from app.demo.fate import Fates
from app.demo.house import House
from app.demo.people import People, Person, Place
from app.demo.plan import Arrival, Plan, Wave, slowness
from app.demo.plot import Plot
from app.demo.story import Ids, Row, Rows, Story
from app.demo.texts import Words, facts_of
from app.models import (
    Application,
    ApplicationEvent,
    Assignment,
    CalendarDay,
    Citizen,
    NumberSeries,
    Reply,
)
from app.people.rules import CitizenKind

CHUNK = 2_000
SERIES = "application"
#: The trail of a deadline is long; above so many applications only those of the last year keep it.
_TRAILS_FOR_ALL = 50_000
_FOR_A_YEAR = 400
_DUPLICATE, _OPEN = Outcome.DUPLICATE, OPEN_STATES
#: Text of the sources of `search_text`; a test compares it with what the model writes.
_SEARCHED = ("number", "external_ref", "subject", "body", "street", "place_note")
#: Who types an application in, by channel; the others write it themselves.
_REGISTRARS = {
    Channel.CALL_CENTER: "operator", Channel.WHATSAPP: "operator", Channel.SOCIAL_MEDIA: "operator",
    Channel.DESK: "desk_officer", Channel.FIELD: "desk_officer", Channel.PUBLIC_DAY: "desk_officer",
    Channel.CIMER: "cimer_officer", Channel.PETITION: "clerk", Channel.EMAIL: "clerk",
    Channel.KEP: "clerk", Channel.GOVERNOR: "clerk", Channel.MUKHTAR: "clerk",
}  # fmt: skip
_WITH_ADDRESS = frozenset({Channel.PETITION, Channel.KEP, Channel.GOVERNOR})


class DemoRefused(Exception):  # noqa: N818  # It is an answer, no fault of the program.
    """The load would mix fiction with what is there already."""


@dataclass(frozen=True)
class Loaded:
    """What a load has written."""

    applications: int
    citizens: int
    assignments: int
    events: int
    replies: int
    open: int


def refuse_real_data(session: Session) -> None:
    """Raise DemoRefused when there is an application that is no demo record."""
    real = session.scalar(select(Application.id).where(Application.is_demo.is_(False)).limit(1))
    if real is not None:
        raise DemoRefused("real")


def has_demo_data(session: Session) -> bool:
    """Whether a load has been here before."""
    found = session.scalar(select(Application.id).where(Application.is_demo.is_(True)).limit(1))
    return found is not None


def load_applications(
    session: Session,
    *,
    applications: int,
    seed: int,
    progress: Callable[[int], None] = lambda _done: None,
) -> Loaded:
    """Write so many applications with everything that belongs to them.

    The same seed on the same day gives the same stories. Reference data, staff and the calendar must
    be there. Memory holds one chunk; the caller commits.
    """
    return _Loader(session, applications, Random(seed)).run(progress)


class _Loader:
    def __init__(self, session: Session, applications: int, rng: Random) -> None:
        self.session, self.rng, self.total = session, rng, applications
        self.house = House(session, rng)
        holidays = session.scalars(
            select(CalendarDay.on).where(CalendarDay.kind == DayKind.PUBLIC_HOLIDAY)
        )
        self.plan = Plan(
            rng, applications=applications, now=self.house.now, holidays=frozenset(holidays),
            districts=self.house.districts,
        )  # fmt: skip
        self.words = Words()
        self.people = People(rng, self.house.districts, _next_id(session, Citizen))
        self.ids = Ids(
            application=_next_id(session, Application), assignment=_next_id(session, Assignment),
            event=_next_id(session, ApplicationEvent), reply=_next_id(session, Reply),
        )  # fmt: skip
        wanted = max(applications * shares.OPEN_SHARE, min(60, applications / 4))
        past = sum(w for d, w in self.plan.weights.items() if (self.house.today - d).days > 31)
        late = shares.LATE_SHARE * sum(self.plan.weights.values()) / (past or 1) / 0.96
        self.plot = Plot(self.house)
        slow = slowness(self.plan, applications, wanted)
        self.fates = Fates(self.house, slowness=slow, late_share=late)
        self.cimer_kinds, self.other_kinds = shares.channel_kinds()
        self.last = dict(
            session.execute(
                select(NumberSeries.year, NumberSeries.last).where(NumberSeries.series == SERIES)
            ).all()
        )
        self.masters: dict[int, Row] = {}
        self.rows = Rows()
        self.written: Counter[str] = Counter()

    def run(self, progress: Callable[[int], None]) -> Loaded:
        for arrival in self.plan.arrivals():
            self._one(arrival)
            if len(self.rows.applications) >= CHUNK:
                self._write()
                progress(self.written["applications"])
        self._write()
        self._settle()
        progress(self.written["applications"])
        return Loaded(**{name: self.written[name] for name in Loaded.__dataclass_fields__})

    # --- one application -----------------------------------------------------------------------------
    def _one(self, arrival: Arrival) -> None:
        rng, topic = self.rng, self.house.topics[arrival.topic]
        kind = self._kind(arrival)
        if kind is Kind.THANKS and topic.unit_id is None:
            topic = self.house.topics["YOL-01"]
        place = self._place(arrival)
        hidden = arrival.channel is Channel.CIMER and rng.random() < (
            0.6 if kind is Kind.TIPOFF else 0.02
        )
        nameless = (
            not hidden
            and arrival.channel in {Channel.CALL_CENTER, Channel.SOCIAL_MEDIA, Channel.MOBILE}
            and (kind is Kind.TIPOFF or topic.code in shares.NAMELESS)
            and rng.random() < (0.5 if kind is Kind.TIPOFF else 0.12)
        )
        person = None if hidden or nameless else self._person(arrival, place)
        facts = facts_of(
            rng, on=arrival.at.date(), topic=topic.spoken, district=place.district.name,
            neighbourhood=place.neighbourhood, street=place.street, door=place.door,
        )  # fmt: skip
        facts["_municipality"] = str(place.district.municipality_id or "")
        if person is not None:
            facts["_name"] = _written_name(person.name)
        subject, body = self.words.application(rng, topic.code, kind, facts)
        registrar = (
            self.house.one(_REGISTRARS[arrival.channel]) if arrival.channel in _REGISTRARS else None
        )
        case = self._case(arrival, kind, place, person, registrar)
        case.update(
            topic_id=topic.pk, subject=subject, body=body, is_anonymous=nameless, identity_hidden=hidden,
            priority=self._priority(topic.priority),
        )  # fmt: skip
        case["search_text"] = fold(" ".join(str(case[name] or "") for name in _SEARCHED))[:4000]
        story = Story(self.house, self.words, self.ids, self.rows, case, topic, facts)
        story.set_clock(_day_zero(case))
        self.rows.applications.append(case)
        if not self._join_wave(arrival.wave, story, registrar):
            self.plot.tell(story, self.fates.fate(story), registrar=registrar)
        if (
            self.total > _TRAILS_FOR_ALL
            and (self.house.today - case["received_on"]).days > _FOR_A_YEAR
        ):
            case["due_trail"] = None

    def _kind(self, arrival: Arrival) -> Kind:
        if arrival.wave is not None:
            return Kind.REQUEST if self.rng.random() < 0.6 else Kind.COMPLAINT
        return (self.cimer_kinds if arrival.channel is Channel.CIMER else self.other_kinds).draw(
            self.rng
        )

    def _priority(self, proposed: Priority) -> Priority:
        lot = self.rng.random()
        if lot < 0.02:
            return Priority.HIGH
        return Priority.NORMAL if proposed is Priority.URGENT and lot > 0.6 else proposed

    def _place(self, arrival: Arrival) -> Place:
        wave = arrival.wave
        if wave is not None:
            return self.people.place(wave.district, self.rng.choice(wave.neighbourhoods))
        in_summer = arrival.topic in shares.BEACH_TOPICS and 6 <= arrival.at.month <= 9
        return self.people.place(
            self.people.district(shares.BEACH_DISTRICTS if in_summer else None)
        )

    def _person(self, arrival: Arrival, place: Place) -> Person:
        kind = CitizenKind.MUKHTAR if arrival.channel is Channel.MUKHTAR else None
        return self.people.person(place.district, arrival.at, kind=kind)

    def _case(
        self,
        arrival: Arrival,
        kind: Kind,
        place: Place,
        person: Person | None,
        registrar: int | None,
    ) -> Row:
        rng, at = self.rng, arrival.at
        pk = self.ids.take("application")
        is_cimer = arrival.channel is Channel.CIMER
        before = at - dt.timedelta(hours=2 + rng.random() * 30) if is_cimer else None
        return {
            "id": pk,
            "number": self._number(at.year),
            "tracking_code": "".join(rng.choices(ALPHABET, k=CODE_LENGTH)),
            "channel": arrival.channel,
            "kind": kind,
            "state": State.REGISTERED,
            "outcome": None,
            "inadmissible_reason": None,
            "closing_note": "",
            "citizen_id": person.pk if person else None,
            "on_behalf_of": "",
            "is_restricted": is_cimer,
            "contact_phone": person.phone
            if person and arrival.channel in {Channel.CALL_CENTER, Channel.WHATSAPP}
            else "",
            "contact_email": person.email
            if person and arrival.channel in {Channel.EMAIL, Channel.KEP}
            else "",
            "wants_notice": person.wants if person else "none",
            "district_id": place.district.pk,
            "neighbourhood_id": place.neighbourhood_id,
            "street": place.street,
            "place_note": f"No: {place.door}"
            if arrival.channel in _WITH_ADDRESS or rng.random() < 0.55
            else "",
            "latitude": place.latitude,
            "longitude": place.longitude,
            "received_at": at,
            "received_on": at.date(),
            "external_source": "cimer" if is_cimer else None,
            "external_ref": f"{at.year % 100:02}{pk:08}" if is_cimer else None,
            "external_received_at": before,
            "rule_key": None,
            "rule_version": None,
            "due_on": None,
            "due_trail": None,
            "goal_on": None,
            "is_extended": False,
            "extension_reason": "",
            "answered_at": None,
            "closed_at": None,
            "on_time": None,
            "cycle": 1,
            "lead_unit_id": None,
            "owner_id": None,
            "registered_by_id": registrar,
            "institution_id": None,
            "master_id": None,
            "import_batch_id": None,
            "request_key": None,
            "is_demo": True,
            "created_at": at,
            "changed_at": at,
            "created_by_id": registrar,
            "changed_by_id": registrar,
            "version": 1,
        }

    def _number(self, year: int) -> str:
        self.last[year] = self.last.get(year, 0) + 1
        return f"{year}-{self.last[year]:07}"

    def _join_wave(self, wave: Wave | None, story: Story, registrar: int | None) -> bool:
        """Merge a third of a wave's reports with its first one, as the office does."""
        if wave is None:
            return False
        master = self.masters.setdefault(wave.key, story.case)
        if master is story.case or master["state"] is State.MERGED:
            return False
        if self.rng.random() > shares.OUTCOMES[_DUPLICATE] / 100 / shares.OUTAGE_SHARE:
            return False
        self.plot.merge(story, master, registrar=registrar)
        return True

    # --- writing ---------------------------------------------------------------------------------------
    def _write(self) -> None:
        rows, people = self.rows, self.people.take_rows()
        self._insert(Citizen, people)
        self._insert(Application, rows.applications)
        self._insert(Assignment, rows.assignments)
        self._insert(ApplicationEvent, rows.events)
        self._insert(Reply, rows.replies)
        self.written.update(
            applications=len(rows.applications), citizens=len(people), assignments=len(rows.assignments),
            events=len(rows.events), replies=len(rows.replies),
            open=sum(case["state"] in _OPEN for case in rows.applications),
        )  # fmt: skip
        self.rows.__init__()  # type: ignore[misc]

    def _insert(self, model: Any, rows: Sequence[Row]) -> None:
        # Statements on the connection pass by the session's guards: the stories keep their own table.
        if not rows:
            return
        connection = self.session.connection()
        if connection.dialect.name == "postgresql":
            _copy(connection, model.__table__, rows)
        else:
            connection.execute(insert(model.__table__), list(rows))

    def _settle(self) -> None:
        """Leave counters and sequences as if everything had come one by one."""
        for year, last in sorted(self.last.items()):
            row = self.session.scalars(
                select(NumberSeries).where(NumberSeries.series == SERIES, NumberSeries.year == year)
            ).first()
            if row is None:
                row = NumberSeries(series=SERIES, year=year)
                self.session.add(row)
            row.last = last
        self.session.flush()
        if self.session.get_bind().dialect.name == "postgresql":
            for model in (Citizen, Application, Assignment, ApplicationEvent, Reply):
                _advance_sequence(self.session, model.__table__)


def _next_id(session: Session, model: Any) -> int:
    return int(session.scalar(select(func.max(model.id))) or 0) + 1


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """PostgreSQL takes a stream of rows ten times as fast as statements."""
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row([_plain(row[name]) for name in names])


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _advance_sequence(session: Session, table: Table) -> None:
    """PostgreSQL counts keys apart from the rows; the next one must follow the last."""
    last = select(func.max(table.c.id)).scalar_subquery()
    session.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def _day_zero(case: Row) -> dt.date:
    external = case["external_received_at"]
    return day_zero(case["channel"], case["received_on"], external.date() if external else None)


def _written_name(name: str) -> str:
    """`Ayşe YILMAZ`, as letters write a person; a title of a company stays as it is."""
    head, _space, last = name.rpartition(" ")
    return name if "(" in name or not head else f"{head} {tr_upper(last)}"
