"""A million calls for the bench: written by COPY, and the screens that must stay quick over them."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from random import Random
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import clock
from app.frontdesk.models import Call
from app.frontdesk.rules.calls import CallResult
from app.models import Citizen, StaffUser

#: Calls that a metropolitan municipality takes in three years. Source: domain facts 11.1.
YEARS = 3
#: Hour of the day → weight. Source: domain facts 11.4.
_HOURS = (1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 11, 10, 7, 8, 10, 9, 8, 6, 5, 4, 4, 3, 2, 2)
_RESULTS = (
    (CallResult.INFORMED, 55),
    (CallResult.CASE_OPENED, 24),
    (CallResult.ABANDONED, 8),
    (CallResult.ANSWERED, 6),
    (CallResult.TRANSFERRED, 4),
    (CallResult.WRONG, 2),
    (CallResult.NUISANCE, 1),
)
_COLUMNS = (
    "switch_id", "direction", "source", "phase", "result", "number", "citizen_id", "operator_id",
    "extension", "queue", "started_at", "answered_at", "ended_at", "closed_at", "wait_seconds",
    "talk_seconds", "hold_seconds", "wrap_seconds", "transferred_to", "first_contact",
    "recording_ref", "note", "is_demo", "search_text", "created_at", "changed_at", "version",
)  # fmt: skip

#: What is measured: (name, path). The last two are charts, which may take longer than a list.
SCREENS = (
    ("Çağrı kayıtları", "/calls/list/"),
    ("Çağrı kayıtları, kaçanlar", "/calls/list/?tab=lost"),
    (
        "Çağrı kayıtları, süzgeç: operatör ve sonuç",
        "/calls/list/?result=informed&operator={operator}",
    ),
    ("Çağrı kayıtları, süzgeç: tarih ve kuyruk", "/calls/list/?started_from={month}&queue=153"),
    ("Çağrı kayıtları, numara ile arama", "/calls/list/?q={number}"),
    ("Çağrı kayıtları, en uzun konuşma", "/calls/list/?sort=-talk_seconds"),
    ("Çağrı kaydı", "/calls/show/{call}"),
    ("Vardiyalar", "/shifts/list/"),
    ("Bilgi bankası", "/knowledge/list/?q=fatura"),
    ("Canlı çağrı ekranı", "/calls/now/"),
)
CHARTS = (("Çağrı grafikleri, son 30 gün", "/calls/charts/"),)


def load(session: Session, n: int, *, seed: int = 59) -> None:
    """Write `n` calls over the last years by COPY; PostgreSQL only."""
    rng = Random(seed)
    operators = list(
        session.scalars(select(StaffUser.id).where(StaffUser.username.like("operator%")))
    )
    people = session.execute(
        select(Citizen.id, Citizen.phone).where(Citizen.phone != "").limit(20_000)
    )
    callers: list[tuple[int | None, str]] = [(pk, phone) for pk, phone in people] or [
        (None, "+905321234567")
    ]
    raw: Any = session.connection().connection.driver_connection
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY {Call.__tablename__} ({', '.join(_COLUMNS)}) FROM STDIN") as stream,
    ):
        for row in _rows(rng, n, operators, callers):
            stream.write_row(row)
    last = session.scalar(select(func.max(Call.id)))
    session.execute(
        text("SELECT setval(pg_get_serial_sequence('frontdesk_call', 'id'), :last)"), {"last": last}
    )


def _rows(
    rng: Random, n: int, operators: list[int], callers: list[tuple[int | None, str]]
) -> Iterator[tuple[Any, ...]]:
    now = clock.now()
    days = YEARS * 365
    results = rng.choices([r.value for r, _w in _RESULTS], [w for _r, w in _RESULTS], k=n)
    hours = rng.choices(range(24), _HOURS, k=n)
    for index in range(n):
        day = now.date() - dt.timedelta(days=1 + index * days // n)
        start = dt.datetime.combine(
            day, dt.time(hours[index], rng.randrange(60), rng.randrange(60)), clock.ISTANBUL
        )
        citizen, number = callers[rng.randrange(len(callers))]
        result = results[index]
        wait = int(rng.expovariate(1 / 14))
        lost = result == CallResult.ABANDONED.value
        talk = 0 if lost else int(rng.lognormvariate(4.2, 0.6))
        wrap = 0 if lost else int(rng.expovariate(1 / 20))
        answered = None if lost else start + dt.timedelta(seconds=wait)
        ended = start + dt.timedelta(seconds=wait + talk)
        yield (
            f"bench-{index}", "in", "import", "closed", result, number, citizen,
            None if lost else operators[index % len(operators)], "", "153", start, answered, ended,
            ended + dt.timedelta(seconds=wrap), wait, talk, 0, wrap, "",
            None if lost else result == CallResult.INFORMED.value, "", "", True, "", start, start, 1,
        )  # fmt: skip


def paths(session: Session) -> list[tuple[str, str]]:
    """Names and addresses with the keys of real rows in them."""
    row = session.execute(
        select(Call.id, Call.number, Call.operator_id)
        .where(Call.operator_id.is_not(None), Call.number != "")
        .order_by(Call.id.desc())
        .limit(1)
    ).one()
    month = (clock.today() - dt.timedelta(days=40)).isoformat()
    known = {
        "call": row.id,
        "number": row.number.removeprefix("+9"),
        "operator": row.operator_id,
        "month": month,
    }
    return [(name, path.format(**known)) for name, path in (*SCREENS, *CHARTS)]


def main() -> None:
    """`load N` writes calls, `paths` prints names and addresses, in the database of the environment."""
    from app import create_app
    from app.core.acting import SYSTEM, acting_as
    from app.extensions import db

    with create_app().app_context(), acting_as(SYSTEM):
        if sys.argv[1] == "load":
            load(db.session(), int(sys.argv[2]))
            db.session.commit()
        else:
            for name, path in paths(db.session()):
                print(f"{name}\t{path}")


if __name__ == "__main__":
    main()
