"""Fictional shifts, hand-over notes and knowledge items of the call centre."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.data.files import read_rows
from app.frontdesk.models.shifts import note_cases, note_readings
from app.frontdesk.queries.shifts import find_kind_at, find_span
from app.frontdesk.rules.shifts import ShiftKind, ShiftState, overlaps, week_of
from app.models import KnowledgeItem, Shift, ShiftNote, StaffUser, Topic, Unit

_SWAP_NOTE = "Çocuğumun okulunda toplantı var; ertesi gün yerine ben gelirim."
#: Extensions of the room.
_SEATS = tuple(str(1201 + n) for n in range(8))
_NOTES = (
    ("Çorlu Şeyhsinan’da ana hat patladı, ekip yerinde. Arayanlara saat 18.00’den sonra su verileceği söylenecek.",
     "18.00’de TESKİ Arıza aranıp suyun verildiği doğrulanacak."),
    ("Otobüs saatleri değişti; 14 numaralı hat sabah 06.20’de başlıyor. Bilgi bankasındaki kayıt güncellendi.", ""),
    ("Gece boyunca sakindi. İki yangın ihbarı itfaiyeye aktarıldı.", ""),
    ("Fırtına uyarısı var; devrilen ağaç ihbarları Park ve Bahçeler nöbetçisine aktarılacak.",
     "Nöbetçi telefonu: dahili 2140.\nHayrabolu’daki devrilen ağaç için geri arama bekleniyor."),
    ("Kart merkezinin sistemi öğleden sonra kapalıydı, açıldı. Bekleyen kartlar yarın verilecek.", ""),
    ("Süleymanpaşa sahilinde etkinlik nedeniyle yol kapalı; alternatif güzergâh duyuruda.",
     "Yol saat 23.00’te açılacak."),
)  # fmt: skip
Row = dict[str, Any]


# --- knowledge ---------------------------------------------------------------------------------------------
def load_knowledge(session: Session, rng: Random) -> list[int]:
    """Thirty items, most of them up to date; those that are there already are left alone."""
    topics = dict(session.execute(select(Topic.code, Topic.id)).all())
    units = dict(session.execute(select(Unit.code, Unit.id)).all())
    owner = session.scalar(select(StaffUser.id).where(StaffUser.username == "sef"))
    known = set(session.scalars(select(KnowledgeItem.title)))
    today = clock.today()
    for index, row in enumerate(read_rows("demo_knowledge.csv")):
        if row["title"] in known:
            continue
        looked = today - dt.timedelta(days=20 + rng.randrange(150))
        review = looked + dt.timedelta(days=180)
        # Two are overdue and one has ended, so that the marks can be seen.
        if index in {4, 17}:
            looked, review = today - dt.timedelta(days=200), today - dt.timedelta(days=12)
        session.add(
            KnowledgeItem(
                title=row["title"],
                questions=row["questions"],
                answer=row["answer"],
                topic_id=topics.get(row["topic"]),
                unit_id=units.get(row["unit"]),
                owner_id=owner,
                review_on=review,
                reviewed_on=looked,
                valid_until=today - dt.timedelta(days=3) if index == 11 else None,
                edition=1 + rng.randrange(3),
                used_count=round(400 * rng.random() ** 2) + 5,
            )
        )
    session.flush()
    return list(session.scalars(select(KnowledgeItem.id).order_by(KnowledgeItem.id)))


# --- shifts ------------------------------------------------------------------------------------------------
#: Turns of a week by place in the rota, and the weekdays on which each place is free: the line is
#: never without somebody, and who leaves one turn has eight hours before the next.
_TURNS = (*[ShiftKind.NIGHT] * 2, *[ShiftKind.EVENING] * 2, *[ShiftKind.DAY] * 4)
_FREE = ((1, 2), (4, 5), (0, 1), (3, 4), (5, 6), (5, 6), (2, 3), (4, 6))
#: What lies between two shifts of one person at least.
_REST = dt.timedelta(hours=8)


def load_shifts(session: Session, rng: Random, operators: Sequence[int]) -> None:
    """Four weeks around today by turns, the demo account in the shift of this hour; one swap is asked for."""
    now = clock.now()
    kind_now, day_now = find_kind_at(session, now)
    first = now.date() - dt.timedelta(days=14)
    rows: list[Row] = []
    for offset in range(28):
        day = first + dt.timedelta(days=offset)
        week = (day - week_of(first)).days // 7
        for index, operator in enumerate(operators):
            place = (index + 2 * week) % len(_TURNS)
            kind = _TURNS[place]
            if index == 0 and abs((day - day_now).days) <= 1:
                kind = kind_now
            elif day != day_now and day.weekday() in _FREE[place]:
                continue
            starts, ends = find_span(session, kind, day)
            is_leave = kind is ShiftKind.DAY and day > now.date() and rng.random() < 0.05
            begun = starts - dt.timedelta(minutes=rng.randrange(1, 9))
            rows.append(
                {
                    "operator_id": operator,
                    "on": day,
                    "kind": kind,
                    "starts_at": starts,
                    "ends_at": ends,
                    "seat": _SEATS[index % len(_SEATS)],
                    "state": ShiftState.LEAVE if is_leave else ShiftState.PLANNED,
                    # The demo account begins its shift by hand.
                    "signed_in_at": begun if starts < now and index else None,
                    "swap_to_id": None,
                    "swap_note": "",
                    "note": "",
                    **stamp(now),
                }
            )
    _ask_swap(rows, operators, now.date())
    session.connection().execute(insert(Shift.__table__), rows)


def _ask_swap(rows: Sequence[Row], operators: Sequence[int], today: dt.date) -> None:
    """Let one colleague ask another one, who is free on that day and rested before and after it, to take a shift."""
    for row in rows:
        if row["operator_id"] == operators[0] or not 2 <= (row["on"] - today).days <= 6:
            continue
        from_, until = row["starts_at"] - _REST, row["ends_at"] + _REST
        busy = {
            other["operator_id"]
            for other in rows
            if other["on"] == row["on"]
            or overlaps(from_, until, other["starts_at"], other["ends_at"])
        }
        free = [pk for pk in operators[1:] if pk not in busy]
        if free and row["state"] is ShiftState.PLANNED:
            row.update(state=ShiftState.SWAP_ASKED, swap_to_id=free[0], swap_note=_SWAP_NOTE)
            return


def stamp(at: dt.datetime) -> Row:
    """The stamps of a row that is written past the session."""
    return {"created_at": at, "changed_at": at, "version": 1}


# --- notes -----------------------------------------------------------------------------------------------------
def load_notes(
    session: Session, rng: Random, operators: Sequence[int], opened: Sequence[int]
) -> None:
    """A note of most shifts of the last days; the newest ones nobody has read yet."""
    now = clock.now()
    others = operators[1:] or operators
    kind, day = find_kind_at(session, now)
    moments: list[tuple[dt.date, ShiftKind, dt.datetime]] = []
    order = list(ShiftKind)
    for back in range(1, 13):
        position = order.index(kind) - back
        on = day + dt.timedelta(days=position // len(order))
        wrote = order[position % len(order)]
        _start, end = find_span(session, wrote, on)
        moments.append((on, wrote, min(end, now) - dt.timedelta(minutes=rng.randrange(4, 20))))
    for number, (on, wrote, at) in enumerate(moments):
        if number > 1 and rng.random() < 0.25:
            continue
        text, still = _NOTES[number % len(_NOTES)]
        note = ShiftNote(
            on=on,
            kind=wrote,
            author_id=rng.choice(others),
            written_at=at,
            text=text,
            open_matters=still,
        )
        session.add(note)
        session.flush()
        if opened and number % 3 == 0:
            session.execute(
                note_cases.insert().values(note_id=note.id, application_id=rng.choice(opened))
            )
        if number > 0:
            session.execute(
                note_readings.insert(),
                [
                    {"note_id": note.id, "user_id": pk, "at": at + dt.timedelta(minutes=30)}
                    for pk in operators
                    if pk != note.author_id
                ],
            )
