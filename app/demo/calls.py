"""Fictional calls, made around the demo applications; shifts, notes and knowledge are in `calls_around`.

Volume and profile: domain facts 11.1 (125,000 calls for 42,000 applications), 11.4 (hours) and 8.5.
Every application of the call centre gets the call in which it was opened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session

from app.applications.queries.figures import day_start
from app.applications.rules import OPEN_STATES, Channel
from app.core import clock
from app.core.text import fold
from app.demo.calls_around import load_knowledge, load_notes, load_shifts, stamp
from app.demo.shares import Shares
from app.frontdesk.rules.calls import CallDirection, CallPhase, CallResult, CallSource
from app.models import Application, Call, StaffUser

#: Source: domain facts 11.1; a demo need not be larger.
CALL_SHARE, MOST_CALLS = 125_000 / 42_000, 60_000
_CHUNK = 2_000
#: Percent of a day's calls by hour; the night has about one percent an hour. Source: domain facts 11.4.
HOURS = Shares.of(
    {0: 1.2, 1: 1, 2: 0.9, 3: 0.8, 4: 0.8, 5: 0.9, 6: 1.4, 7: 2.8, 8: 5.6, 9: 7.6, 10: 9.2, 11: 9.0,
     12: 6.2, 13: 6.4, 14: 8.4, 15: 8.2, 16: 6.6, 17: 5.2, 18: 4.4, 19: 3.8, 20: 3.4, 21: 2.8, 22: 2.0, 23: 1.4}
)  # fmt: skip
WEEKDAYS = (1.12, 1.05, 1.0, 0.98, 0.95, 0.55, 0.4)
#: What comes of a call that opens no application.
_RESULTS = Shares.of(
    {CallResult.INFORMED: 68, CallResult.ABANDONED: 9, CallResult.TRANSFERRED: 6, CallResult.ANSWERED: 8,
     CallResult.WRONG: 4, CallResult.NUISANCE: 3, CallResult.BUSY: 2}
)  # fmt: skip
_TRANSFERS = (
    "İtfaiye",
    "TESKİ Arıza",
    "Zabıta",
    "Ulaşım Daire Başkanlığı",
    "186 Elektrik Arıza",
    "112",
)
_RECORDED_DAYS, _OUTGOING, _ABOUT_A_CASE, _WITH_ITEM = 120, 0.06, 0.18, 0.35
Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """What a call needs of an application."""

    pk: int
    at: dt.datetime
    operator: int | None
    number: str
    citizen: int | None
    is_open: bool


def load_calls(session: Session, rng: Random, applications: int) -> None:
    """Write knowledge items, shifts, calls and notes; the same random numbers give the same records."""
    operators = list(
        session.scalars(
            select(StaffUser.id)
            .where(StaffUser.is_demo.is_(True), StaffUser.username.like("operator%"))
            .order_by(StaffUser.username)
        )
    )
    if not operators:
        return
    items = load_knowledge(session, rng)
    load_shifts(session, rng, operators)
    maker = _Calls(session, rng, operators, items)
    maker.run(min(round(applications * CALL_SHARE), MOST_CALLS))
    load_notes(session, rng, operators, [case.pk for case in maker.cases if case.is_open][-40:])
    session.flush()


# --- calls ---------------------------------------------------------------------------------------------------
class _Calls:
    def __init__(
        self, session: Session, rng: Random, operators: Sequence[int], items: Sequence[int]
    ) -> None:
        self.session, self.rng, self.items = session, rng, items
        self.operators = operators
        self.now = clock.now().replace(microsecond=0)
        self.cases = self._read_cases()
        self.number = int(session.scalar(select(func.count(Call.id))) or 0)
        self.rows: list[Row] = []

    def _read_cases(self) -> list[Case]:
        table = Application.__table__.c
        rows = self.session.execute(
            select(
                table.id, table.received_at, table.registered_by_id, table.contact_phone,
                table.citizen_id, table.state, table.identity_hidden,
            )
            .where(table.channel == Channel.CALL_CENTER, table.is_demo.is_(True))
            .order_by(table.received_at)
        )  # fmt: skip
        return [
            Case(
                pk,
                at,
                operator,
                "" if hidden else phone,
                None if hidden else citizen,
                state in OPEN_STATES,
            )
            for pk, at, operator, phone, citizen, state, hidden in rows
        ]

    def run(self, count: int) -> None:
        rng = self.rng
        for case in self.cases:
            self._opening(case)
        others = max(count - len(self.cases), 0)
        first = self.cases[0].at.date() if self.cases else self.now.date() - dt.timedelta(days=90)
        days = [first + dt.timedelta(days=n) for n in range((self.now.date() - first).days)]
        if days:
            weights = [WEEKDAYS[day.weekday()] for day in days]
            for day in rng.choices(days, weights, k=others):
                at = dt.datetime.combine(
                    day,
                    dt.time(HOURS.draw(rng), rng.randrange(60), rng.randrange(60)),
                    clock.ISTANBUL,
                )
                self._other(at)
        self._today(
            daily=max(round(others / max(len(days), 1)), 24), ratio=others / max(len(self.cases), 1)
        )
        self._write()

    def _today(self, *, daily: int, ratio: float) -> None:
        """The calls since midnight, at the usual hours, and as many for each case as on other days."""
        start, last = day_start(self.now.date()), self.now - dt.timedelta(minutes=6)
        cases = sum(case.at >= start for case in self.cases)
        # Few demo cases crowd around today; the line is not busier than on a bad day for all that.
        wanted = min(round(ratio * cases), 2 * daily)
        made = 0
        for drawn in range(max(daily, 20 * wanted)):
            at = start + dt.timedelta(
                hours=HOURS.draw(self.rng),
                minutes=self.rng.randrange(60),
                seconds=self.rng.randrange(60),
            )
            if at < last:
                self._other(at)
                made += 1
            if made >= wanted and drawn >= daily:
                break

    def _opening(self, case: Case) -> None:
        """The call in which a case was opened: it was registered before the caller hung up."""
        talk = max(int(self.rng.lognormvariate(4.9, 0.4)), 45)
        wait = self._wait(case.at)
        start = case.at - dt.timedelta(seconds=wait + int(talk * 0.85))
        number = case.number or ("" if case.citizen is None else self._number())
        row = self._row(start, CallResult.CASE_OPENED, wait, talk, number, case.citizen)
        row.update(
            operator_id=case.operator or self._operator(),
            application_id=case.pk,
            first_contact=False,
        )
        self._add(row)

    def _other(self, at: dt.datetime) -> None:
        rng = self.rng
        result = _RESULTS.draw(rng)
        wait = self._wait(at)
        if result is CallResult.ABANDONED:
            wait = max(int(rng.expovariate(1 / 22)), 1)
        talk = 0
        if result not in {CallResult.ABANDONED, CallResult.BUSY}:
            median = 3.0 if result in {CallResult.WRONG, CallResult.NUISANCE} else 4.15
            talk = max(int(rng.lognormvariate(median, 0.55)), 6)
        number = "" if rng.random() < 0.04 else self._number()
        row = self._row(at, result, 0 if result is CallResult.BUSY else wait, talk, number, None)
        if result is CallResult.INFORMED:
            self._about(row, at)
        if result is CallResult.TRANSFERRED:
            row["transferred_to"] = rng.choice(_TRANSFERS)
            row["search_text"] = fold(row["transferred_to"])
        if rng.random() < _OUTGOING and result in {
            CallResult.INFORMED,
            CallResult.ANSWERED,
            CallResult.BUSY,
        }:
            row.update(direction=CallDirection.OUT, queue="")
        self._add(row)

    def _about(self, row: Row, at: dt.datetime) -> None:
        """Who asks how a case stands, and who is answered out of the knowledge base."""
        lot = self.rng.random()
        case = self._case_before(at) if lot < _ABOUT_A_CASE else None
        if case is not None:
            row.update(
                application_id=case.pk,
                citizen_id=case.citizen,
                number=case.number or ("" if case.citizen is None else row["number"]),
            )
        elif lot < _ABOUT_A_CASE + _WITH_ITEM and self.items:
            row["knowledge_id"] = self.items[int(self.rng.random() ** 1.6 * len(self.items))]

    def _case_before(self, at: dt.datetime) -> Case | None:
        """A case of the last weeks before a moment."""
        low, high = 0, len(self.cases)
        while low < high:
            middle = (low + high) // 2
            if self.cases[middle].at < at:
                low = middle + 1
            else:
                high = middle
        if low == 0:
            return None
        case = self.cases[max(low - 1 - self.rng.randrange(60), 0)]
        return case if (at - case.at).days < 45 else None

    def _wait(self, at: dt.datetime) -> int:
        """Longer in the busy hours."""
        busy = 14 if at.hour in {10, 11, 14, 15} else 9
        return int(self.rng.expovariate(1 / busy))

    def _number(self) -> str:
        return f"+90532000{self.rng.randrange(10_000):04}"

    def _operator(self) -> int:
        rng = self.rng
        return self.operators[0] if rng.random() < 0.25 else rng.choice(self.operators)

    def _row(
        self,
        start: dt.datetime,
        result: CallResult,
        wait: int,
        talk: int,
        number: str,
        citizen: int | None,
    ) -> Row:
        rng = self.rng
        spoken = result not in {CallResult.ABANDONED, CallResult.BUSY}
        hold = int(rng.expovariate(1 / 25)) if spoken and rng.random() < 0.12 else 0
        wrap = int(rng.expovariate(1 / 18)) if spoken else 0
        answered = start + dt.timedelta(seconds=wait) if spoken else None
        ended = start + dt.timedelta(seconds=wait + talk + hold)
        self.number += 1
        recorded = spoken and (self.now - start).days < _RECORDED_DAYS
        return {
            "switch_id": f"demo-{self.number:07}",
            "direction": CallDirection.IN,
            "source": CallSource.IMPORT,
            "phase": CallPhase.CLOSED,
            "result": result,
            "number": number,
            "citizen_id": citizen,
            "operator_id": self._operator() if spoken else None,
            "extension": "",
            "queue": "153",
            "started_at": start,
            "answered_at": answered,
            "ended_at": ended,
            "closed_at": ended + dt.timedelta(seconds=wrap),
            "notice_at": answered if recorded else None,
            "wait_seconds": wait,
            "talk_seconds": talk,
            "hold_seconds": hold,
            "wrap_seconds": wrap,
            "transferred_to": "",
            "application_id": None,
            "knowledge_id": None,
            "first_contact": True
            if result is CallResult.INFORMED
            else (False if result is CallResult.TRANSFERRED else None),
            "recording_ref": f"{start:%Y/%m/%d}/{self.number:07}.wav" if recorded else "",
            "note": "",
            "import_id": None,
            "is_demo": True,
            "search_text": "",
            **stamp(start),
        }

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        if len(self.rows) >= _CHUNK:
            self._write()

    def _write(self) -> None:
        if not self.rows:
            return
        connection = self.session.connection()
        if connection.dialect.name == "postgresql":
            _copy(connection, self.rows)
        else:
            connection.execute(insert(Call.__table__), self.rows)
        self.rows.clear()


def _copy(connection: Connection, rows: Sequence[Row]) -> None:
    """PostgreSQL takes a stream of rows ten times as fast as statements."""
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    raw: Any = connection.connection.driver_connection
    statement = f"COPY {Call.__tablename__} ({columns}) FROM STDIN"
    with raw.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row([getattr(row[name], "value", row[name]) for name in names])
