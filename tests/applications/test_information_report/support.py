"""The annual report of article 30 against forty requests counted by hand, on screen, paper and Excel.

The table below is the whole truth of the year 2019, in which the demo data has nothing; what the
report must say was counted from it with a pencil. Two requests at the edges belong to other years.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import insert, select

from app.applications.models import (
    Appeal,
    Application,
    InformationCase,
    RefusalGround,
)
from app.applications.rules import Channel, Kind, Outcome, Priority, State
from app.applications.rules import information as foi
from app.applications.rules.information import (
    AppealForum,
    AppealResult,
    AppealState,
    InformationDecision,
    InformationFigure,
)
from app.core import clock

YEAR = 2019


F = InformationFigure


#: no | received | unit | what it came to | articles | days to the answer | further facts
#: Further facts: late, extended, fee, restricted, board=result, court=result, overdue (open, past its date).
TABLE = """
 1 | 08.01 | FEN    | granted          |                  |  1 |
 2 | 15.01 | FEN    | granted          |                  |  2 |
 3 | 04.02 | FEN    | granted          |                  |  3 | extended
 4 | 11.02 | FEN    | granted          |                  |  4 |
 5 | 05.03 | FEN    | granted          |                  |  5 | late
 6 | 12.03 | FEN    | granted          |                  |  6 |
 7 | 02.04 | MALI   | granted          |                  |  7 | fee
 8 | 06.05 | MALI   | granted          |                  |  8 |
 9 | 13.05 | MALI   | granted          |                  |  9 |
10 | 03.06 | MALI   | granted          |                  | 10 |
11 | 01.07 | MALI   | granted          |                  | 11 |
12 | 05.08 | MALI   | granted          |                  | 12 | restricted
13 | 02.09 | ULASIM | granted          |                  | 13 |
14 | 01.10 | ULASIM | granted          |                  | 14 |
15 | 04.11 | ULASIM | granted          |                  | 15 |
16 | 22.01 | FEN    | partial          | m.9 m.21         | 10 | board=rejected
17 | 19.03 | FEN    | partial          | m.9 m.21 m.23    | 10 | extended
18 | 20.05 | MALI   | partial          | m.9 m.23         | 10 |
19 | 08.07 | ULASIM | partial          | m.9 m.26         | 10 | fee
20 | 12.08 | ULASIM | partial          | m.21             | 10 | board=partly
21 | 08.10 | ULASIM | partial          | m.23             | 10 |
22 | 11.11 | ULASIM | partial          |                  | 10 | late
23 | 29.01 | FEN    | refused          | m.7              | 10 | board=rejected
24 | 18.02 | ULASIM | refused          | m.19             | 10 | board=accepted
25 | 26.03 | ULASIM | refused          | m.20             | 10 | board=rejected court=rejected
26 | 09.04 | MALI   | refused          | m.21 m.23        | 10 | extended board=accepted
27 | 27.05 | ULASIM | refused          | m.7              | 10 | board=waits
28 | 10.06 | ULASIM | refused          | m.16             | 10 | court=waits
29 | 09.09 | ULASIM | refused          | m.27             | 10 |
30 | 18.11 | ULASIM | refused          | m.25             | 10 |
31 | 28.03 | MALI   | published        | m.8              | 10 |
32 | 19.08 | ULASIM | published        | m.8              | 10 |
33 | 25.11 | ULASIM | published        | m.8              | 10 |
34 | 29.05 |        | forwarded        |                  | 10 |
35 | 16.09 |        | forwarded        |                  | 10 |
36 | 23.09 | ULASIM | withdrawn        |                  | 10 |
37 | 15.10 | ULASIM | deemed_withdrawn |                  | 10 | fee
38 | 02.12 |        | open             |                  |    |
39 | 09.12 |        | open             |                  |    | extended overdue
40 | 31.12 |        | inadmissible     |                  |  2 |
"""


#: Every figure of the report, counted by hand from the table.
FIGURES = {
    F.RECEIVED: 40, F.GRANTED: 15, F.REFUSED: 8, F.SEPARATED: 4, F.PARTIAL: 7, F.PUBLISHED: 3,
    F.FORWARDED: 2, F.WITHDRAWN: 1, F.DEEMED_WITHDRAWN: 1, F.PENDING: 2, F.ENDED_OTHERWISE: 1,
    F.APPEALED: 7, F.APPEAL_ACCEPTED: 2, F.APPEAL_PARTLY: 1, F.APPEAL_REJECTED: 3,
    F.APPEAL_PENDING: 1, F.COURT: 2, F.LATE: 3, F.EXTENDED: 4, F.FEE: 3, F.ANSWERED: 38,
    F.NO_ARTICLE: 1,
}  # fmt: skip


#: The very requests behind them, by their numbers in the table.
BEHIND = {
    F.RECEIVED: set(range(1, 41)), F.GRANTED: set(range(1, 16)), F.REFUSED: set(range(23, 31)),
    F.SEPARATED: {16, 17, 18, 19}, F.PARTIAL: set(range(16, 23)), F.PUBLISHED: {31, 32, 33},
    F.FORWARDED: {34, 35}, F.WITHDRAWN: {36}, F.DEEMED_WITHDRAWN: {37}, F.PENDING: {38, 39},
    F.ENDED_OTHERWISE: {40}, F.APPEALED: {16, 20, 23, 24, 25, 26, 27},
    F.APPEAL_ACCEPTED: {24, 26}, F.APPEAL_PARTLY: {20}, F.APPEAL_REJECTED: {16, 23, 25},
    F.APPEAL_PENDING: {27}, F.COURT: {25, 28}, F.LATE: {5, 22, 39}, F.EXTENDED: {3, 17, 26, 39},
    F.FEE: {7, 19, 37}, F.ANSWERED: set(range(1, 38)) | {40}, F.NO_ARTICLE: {22},
}  # fmt: skip


#: Line of the form → figure.
LINES = {
    "a": 40, "b": 15, "c": 8, "d": 4, "e": 7, "e-1": 2, "e-2": 1, "e-3": 3, "e-4": 1,
    "ek-1": 7, "ek-2": 2, "ek-3": 3, "ek-4": 1, "ek-5": 1, "ek-6": 2, "ek-7": 1, "ek-8": 2,
    "ek-9": 3,
}  # fmt: skip


#: Article → refused, partly given, already published, together.
ARTICLES = {
    "m.7": (2, 0, 0, 2), "m.8": (0, 0, 3, 3), "m.9": (0, 4, 0, 4), "m.16": (1, 0, 0, 1),
    "m.19": (1, 0, 0, 1), "m.20": (1, 0, 0, 1), "m.21": (1, 3, 0, 4), "m.23": (1, 3, 0, 4),
    "m.25": (1, 0, 0, 1), "m.26": (0, 1, 0, 1), "m.27": (1, 0, 0, 1),
}  # fmt: skip


#: Received in each month.
MONTHS = (4, 3, 5, 2, 5, 2, 2, 3, 4, 3, 4, 3)


#: Unit → received, granted, partial, refused, published, forwarded, open, late, mean days.
UNITS = {
    "FEN": (9, 6, 2, 1, 0, 0, 0, 1, 5.7),
    "MALI": (9, 6, 1, 1, 1, 0, 0, 0, 9.7),
    "ULASIM": (17, 3, 4, 6, 2, 0, 0, 1, 10.7),
    "": (5, 0, 0, 0, 0, 2, 2, 1, 7.3),
}


_STATES = {
    "granted": State.CLOSED, "partial": State.ANSWERED, "refused": State.REJECTED,
    "published": State.CLOSED, "forwarded": State.TRANSFERRED_OUT, "withdrawn": State.WITHDRAWN,
    "deemed_withdrawn": State.DEEMED_WITHDRAWN, "open": State.IN_PROGRESS,
    "inadmissible": State.INADMISSIBLE,
}  # fmt: skip


def facts() -> list[dict[str, Any]]:
    """The table as values."""
    rows = []
    for line in TABLE.strip().splitlines():
        no, received, unit, ended, articles, days, more = (part.strip() for part in line.split("|"))
        day, month = received.split(".")
        rows.append(
            {
                "no": int(no), "received": dt.date(YEAR, int(month), int(day)), "unit": unit,
                "ended": ended, "articles": articles.split(), "days": int(days) if days else None,
                "more": set(more.split()),
            }
        )  # fmt: skip
    return rows


def plant(session: Any) -> dict[int, int]:
    """Write the forty requests and one on each side of the year: number in the table → key."""
    from app.models import Unit

    units = dict(session.execute(select(Unit.code, Unit.id)).all())
    grounds = {g.code: g for g in session.scalars(select(RefusalGround))}
    ids: dict[int, int] = {}
    edges = [
        {"no": 98, "received": dt.date(YEAR - 1, 12, 31), "unit": "FEN", "ended": "granted",
         "articles": [], "days": 3, "more": set()},
        {"no": 99, "received": dt.date(YEAR + 1, 1, 1), "unit": "FEN", "ended": "refused",
         "articles": ["m.7"], "days": 3, "more": {"board=accepted"}},
    ]  # fmt: skip
    for row in [*facts(), *edges]:
        ids[row["no"]] = _write(session, row, units, grounds)
    session.commit()
    return ids


def _write(session: Any, row: dict[str, Any], units: Any, grounds: Any) -> int:
    no, more, received = row["no"], row["more"], row["received"]
    at = dt.datetime.combine(received, dt.time(9), clock.ISTANBUL)
    answered = at + dt.timedelta(days=row["days"]) if row["days"] is not None else None
    is_late = "late" in more
    is_open = row["ended"] == "open"
    due = dt.date(YEAR, 12, 20) if "overdue" in more else dt.date(2199, 1, 1)
    pk = 900_000 + no
    session.execute(
        insert(Application.__table__).values(
            id=pk, number=f"{received.year}-99{no:05}", tracking_code=f"T{no}",
            channel=Channel.CIMER if "restricted" in more else Channel.PETITION,
            kind=Kind.INFORMATION, subject=f"Elle sayılan {no}", body="", priority=Priority.NORMAL,
            state=_STATES[row["ended"]], outcome=Outcome.INFORMED, is_anonymous=False,
            identity_hidden=False, is_restricted="restricted" in more, wants_notice="none",
            received_at=at, received_on=received, rule_key="foi_access", due_on=due,
            is_extended="extended" in more, extension_reason="", answered_at=answered,
            on_time=None if is_open else not is_late, cycle=1, closing_note="", on_behalf_of="",
            contact_phone="", contact_email="", street="", place_note="",
            lead_unit_id=units.get(row["unit"]), is_demo=False, search_text=f"elle sayilan {no}",
            created_at=at, changed_at=at, version=1,
        )
    )  # fmt: skip
    decision = row["ended"] if row["ended"] in {d.value for d in InformationDecision} else None
    case = InformationCase(
        application_id=pk, received_on=received, due_on=due,
        decision=InformationDecision(decision) if decision else None,
        decided_on=answered.date() if decision and answered else None,
        articles=foi.written_articles(row["articles"]), is_separated="m.9" in row["articles"],
        fee_notified_on=received if "fee" in more else None,
    )  # fmt: skip
    case.grounds = [grounds[code] for code in row["articles"]]
    session.add(case)
    for fact in more:
        forum, _sign, result = fact.partition("=")
        if forum not in {"board", "court"}:
            continue
        is_decided = result != "waits"
        session.add(
            Appeal(
                application_id=pk, forum=AppealForum(forum), filed_on=received,
                state=AppealState.DECIDED if is_decided else AppealState.FILED,
                result=AppealResult(result) if is_decided else None,
                decided_on=received if is_decided else None,
            )
        )  # fmt: skip
    session.flush()
    return pk
