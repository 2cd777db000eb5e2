"""Fictional acts over many applications, letters of merged cases, follow-ups of transfers, shared views."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from app.applications.rules import (
    CHANGED_MEANWHILE,
    OUTCOME_LABELS,
    STATE_LABELS,
    BulkAct,
    BulkRowState,
    BulkState,
    FollowUpState,
    Outcome,
    Priority,
    ReplyKind,
    ReplyState,
    State,
    expected_on,
)
from app.applications.services.wording import turkish
from app.core import clock
from app.demo.load import _advance_sequence
from app.demo.rows import Row, insert_rows, stamp
from app.models import (
    Application,
    Assignment,
    BulkRow,
    BulkRun,
    Reply,
    SavedView,
    SavedViewUse,
    StaffUser,
    TransferFollowUp,
    Unit,
)
from app.system.queries import get_number

#: One run for so many applications, and at most so many in all.
_ONE_RUN_IN = 400
_MOST_RUNS = 60
_ROWS = (6, 60)
_ACTS = (
    (BulkAct.ASSIGN, 34), (BulkAct.REMIND, 26), (BulkAct.CLOSE, 18), (BulkAct.NOTE, 9),
    (BulkAct.PRIORITY, 7), (BulkAct.OFFICER, 6),
)  # fmt: skip
_REASONS = {
    BulkAct.ASSIGN: "Aynı arızanın bildirimleri tek birime gidiyor",
    BulkAct.REMIND: "Süresi yaklaşan havaleler için haftalık tekit",
    BulkAct.CLOSE: "Cevaplanan başvuruların ay sonu kapatması",
    BulkAct.NOTE: "Vatandaşa verilecek ortak bilgi",
    BulkAct.PRIORITY: "Okul çevresindeki işler öne alındı",
    BulkAct.OFFICER: "Görevli değişikliği, dosyaların devri",
}
_TEXTS = {
    BulkAct.REMIND: "Süresi dolmak üzere olan başvuruların cevabını bu hafta içinde bekliyoruz.",
    BulkAct.NOTE: "Bölgedeki arıza giderildi; arayanlara bu bilgi verilebilir.",
}
_ANSWERS = (
    "Başvuru konusu yerinde incelenmiş, gereği yapılmıştır.",
    "Talep iş programına alınmış olup yıl içinde yapılacaktır.",
    "Konu ekiplerimizce giderilmiştir; başvuru sahibine bilgi verilmiştir.",
    "Yapılan incelemede sorunun sürmediği görülmüştür.",
)
_REFUSED = "This cannot be done while the application stands at “%(state)s”."
_NOW_KNOWN = "Bu konu, aynı yerdeki diğer başvurularla birlikte ele alınmıştır."


def load_bulk(session: Session, rng: Random, applications: int) -> None:
    """Write them for the demo applications; the same random numbers give the same records."""
    people = dict(session.execute(select(StaffUser.username, StaffUser.id)).all())
    _letters_of_merged(session)
    _follow_ups(session, rng, people)
    _runs(session, rng, people, min(max(applications // _ONE_RUN_IN, 5), _MOST_RUNS))
    _views(session, people)
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        for model in (BulkRun, BulkRow, TransferFollowUp, Reply, SavedView, SavedViewUse):
            _advance_sequence(session, model.__table__)


# --- merged cases ----------------------------------------------------------------------------------------
def _letters_of_merged(session: Session) -> None:
    """Every applicant of a merged case that was answered has an own letter."""
    main = aliased(Application)
    rows = session.execute(
        select(
            Application.id, Application.number, Application.cycle, Application.answered_at,
            main.outcome,
        )
        .join(main, Application.master_id == main.id)
        .where(Application.state == State.MERGED, Application.answered_at.is_not(None))
        .order_by(Application.id)
    ).all()  # fmt: skip
    letters = []
    for pk, number, cycle, at, outcome in rows:
        assert at is not None
        result = turkish(OUTCOME_LABELS[outcome or Outcome.INFORMED])
        letters.append(
            {
                "application_id": pk, "kind": ReplyKind.FINAL, "state": ReplyState.SENT,
                "outcome": outcome or Outcome.INFORMED, "cycle": cycle,
                "subject": f"{number} numaralı başvurunuz",
                "body": f"{_NOW_KNOWN}\n\nSonuç: {result}.", "short_text": "",
                "refusal_article": "", "remedy": "", "letter_no": "",
                "letter_on": clock.to_local(at).date(), "approved_at": at, "approval_note": "",
                "sent_at": at, **stamp(at, None),
            }
        )  # fmt: skip
    insert_rows(session, Reply, letters)


# --- transfers -------------------------------------------------------------------------------------------
def _follow_ups(session: Session, rng: Random, people: dict[str, int]) -> None:
    """What is known of the answers of other institutions."""
    days, now = get_number(session, "transfer_answer_days"), clock.now()
    known = set(session.scalars(select(TransferFollowUp.application_id)))
    rows = session.execute(
        select(
            Application.id, Application.institution_id, Application.cycle, Application.answered_at
        )
        .where(
            Application.institution_id.is_not(None),
            Application.answered_at.is_not(None),
            Application.outcome == Outcome.NOT_COMPETENT,
        )
        .order_by(Application.id)
    ).all()
    found = [
        _follow_up(rng, pk, institution, cycle, at, days, now, people)
        for pk, institution, cycle, at in rows
        if pk not in known and institution is not None and at is not None
    ]
    insert_rows(session, TransferFollowUp, found)


def _follow_up(
    rng: Random,
    pk: int,
    institution: int,
    cycle: int,
    at: dt.datetime,
    days: int,
    now: dt.datetime,
    people: dict[str, int],
) -> Row:
    sent = clock.to_local(at).date()
    row: Row = {
        "application_id": pk, "institution_id": institution, "cycle": cycle,
        "state": FollowUpState.WAITING, "sent_on": sent, "expected_on": expected_on(sent, days),
        "reminders": 0, "reminded_on": None, "reminder_text": "", "answered_on": None,
        "answer_no": "", "answer_text": "", "told_at": None, "closing_note": "",
        **stamp(at, people.get("sef")),
    }  # fmt: skip
    lot, took = rng.random(), dt.timedelta(days=3 + rng.random() * 40)
    came = at + took
    if lot < 0.62 and came < now:
        row.update(
            state=FollowUpState.ANSWERED, answered_on=clock.to_local(came).date(),
            answer_no=f"E-{rng.randint(10_000_000, 99_999_999)}-622.03-{rng.randint(100, 9_999)}",
            answer_text=rng.choice(_ANSWERS), told_at=came if rng.random() < 0.8 else None,
        )  # fmt: skip
    elif lot > 0.93:
        row.update(
            state=FollowUpState.CLOSED, closing_note="Başvuru sahibi sorunun bittiğini bildirdi."
        )
    elif row["expected_on"] < now.date() and lot < 0.85:
        # Reminded within the last weeks, so that its new day still lies ahead.
        reminded = now.date() - dt.timedelta(days=rng.randint(1, max(days - 2, 2)))
        row.update(
            state=FollowUpState.REMINDED, reminders=rng.choice((1, 1, 2)),
            reminded_on=max(reminded, sent), expected_on=expected_on(max(reminded, sent), days),
        )  # fmt: skip
    return row


# --- runs ------------------------------------------------------------------------------------------------
def _runs(session: Session, rng: Random, people: dict[str, int], wanted: int) -> None:
    now = clock.now()
    starters = [people[name] for name in ("sef", "mudur", "cimer") if name in people]
    units = list(session.scalars(select(Unit.id).where(Unit.code.in_(["FEN", "TESKI", "CEVRE"]))))
    if not starters or not units:
        return
    cases = session.execute(
        select(Application.id, Application.state, Application.version)
        .where(Application.is_restricted.is_(False), Application.is_demo.is_(True))
        .order_by(Application.id.desc())
        .limit(wanted * _ROWS[1])
    ).all()
    first = int(session.scalar(select(func.max(BulkRun.id))) or 0) + 1
    runs, rows = [], []
    for number in range(wanted):
        act = rng.choices([a for a, _w in _ACTS], [w for _a, w in _ACTS])[0]
        day = clock.to_local(now).date() - dt.timedelta(days=rng.randint(1, 300))
        at = dt.datetime.combine(
            day, dt.time(rng.randint(8, 16), rng.randint(0, 59)), clock.ISTANBUL
        )
        picked = rng.sample(cases, min(rng.randint(*_ROWS), len(cases)))
        run, lines = _run(rng, first + number, act, at, picked, rng.choice(starters), units)
        runs.append(run)
        rows += lines
    insert_rows(session, BulkRun, runs)
    insert_rows(session, BulkRow, rows)
    _last_run(session, first + wanted, people, now)


def _arguments(rng: Random, act: BulkAct, starter: int, units: Sequence[int]) -> Row:
    known: dict[BulkAct, Row] = {
        BulkAct.ASSIGN: {"lead_unit_id": rng.choice(list(units)), "due_on": None, "note": ""},
        BulkAct.REMIND: {"text": _TEXTS[BulkAct.REMIND]},
        BulkAct.CLOSE: {"note": ""},
        BulkAct.NOTE: {"text": _TEXTS[BulkAct.NOTE]},
        BulkAct.PRIORITY: {"priority": Priority.HIGH.value},
        BulkAct.OFFICER: {"owner_id": starter},
    }
    return known[act]


def _run(
    rng: Random,
    pk: int,
    act: BulkAct,
    at: dt.datetime,
    cases: Sequence[Any],
    starter: int,
    units: Sequence[int],
) -> tuple[Row, list[Row]]:
    ended = at + dt.timedelta(seconds=20 + len(cases))
    undone = rng.random() < 0.08 and act is not BulkAct.REMIND and act is not BulkAct.NOTE
    lines = []
    for case_id, state, version in sorted(cases):
        lot = rng.random()
        found, reasons = BulkRowState.UNDONE if undone else BulkRowState.DONE, []
        if lot < 0.08:
            found = BulkRowState.REFUSED
            reasons = [{"message": _REFUSED, "params": {"state": STATE_LABELS[state]}}]
        elif lot < 0.11:
            found = BulkRowState.CHANGED
            reasons = [{"message": CHANGED_MEANWHILE, "params": {}}]
        did = found in {BulkRowState.DONE, BulkRowState.UNDONE}
        lines.append(
            {
                "run_id": pk, "application_id": case_id, "state": found, "seen_version": version,
                "reasons": reasons, "before": {}, "event_id": None,
                "done_at": ended if did else None,
                "undone_at": ended + dt.timedelta(hours=1) if found is BulkRowState.UNDONE else None,
                **stamp(at, starter),
            }
        )  # fmt: skip
    done = sum(line["done_at"] is not None for line in lines)
    run = {
        "id": pk, "act": act, "state": BulkState.DONE,
        "arguments": _arguments(rng, act, starter, units),
        "whole_filter": rng.random() < 0.5, "filters": [["Liste", "Açık"]],
        "reason": _REASONS[act], "has_restricted": False, "total_rows": len(lines),
        "ready_rows": len(lines), "done_rows": done, "refused_rows": len(lines) - done,
        "undone_rows": done if undone else 0, "starter_id": starter, "confirmed_at": at,
        "second_id": None, "job_id": None, "finished_at": ended,
        "undo_until": ended + dt.timedelta(hours=72),
        "undo_reason": "Yanlış süzgeçle seçilmiş" if undone else "", "error": "",
        **stamp(at, starter),
    }  # fmt: skip
    return run, lines


def _last_run(session: Session, pk: int, people: dict[str, int], now: dt.datetime) -> None:
    """A run of this morning that can still be taken back: its cases stand as it left them."""
    starter = people.get("sef")
    cases = session.execute(
        select(Application.id, Application.version)
        .where(
            Application.state.in_([State.TRIAGE, State.REGISTERED]),
            Application.priority == Priority.NORMAL,
            Application.is_restricted.is_(False),
        )
        .order_by(Application.id.desc())
        .limit(8)
    ).all()
    if not cases or starter is None:
        return
    at = now - dt.timedelta(hours=1)
    ids = [case_id for case_id, _version in cases]
    session.connection().execute(
        update(Application.__table__)
        .where(Application.__table__.c.id.in_(ids))
        .values(priority=Priority.HIGH)
    )
    run, _lines = _run(Random(1), pk, BulkAct.PRIORITY, at, [], starter, [0])  # No secret.
    run.update(total_rows=len(ids), ready_rows=len(ids), done_rows=len(ids), refused_rows=0)
    run.update(undone_rows=0, undo_reason="")
    rows = [
        {
            "run_id": pk, "application_id": case_id, "state": BulkRowState.DONE,
            "seen_version": version, "reasons": [], "before": {"value": Priority.NORMAL.value},
            "event_id": None, "done_at": at, "undone_at": None, **stamp(at, starter),
        }
        for case_id, version in sorted(cases)
    ]  # fmt: skip
    insert_rows(session, BulkRun, [run])
    insert_rows(session, BulkRow, rows)
    # Some units have been reminded of what is late.
    sent = Assignment.__table__.c
    late = select(sent.id).where(
        sent.state.in_(["sent", "accepted"]), sent.due_on < now.date(), sent.id % 4 == 0
    )
    session.connection().execute(
        update(Assignment.__table__).where(sent.id.in_(late)).values(reminders=1, reminded_at=at)
    )


# --- views -----------------------------------------------------------------------------------------------
def _views(session: Session, people: dict[str, int]) -> None:
    """Views that the manager and the chief have shared, and what they do with them."""
    units = dict(session.execute(select(Unit.code, Unit.id)).all())
    at = clock.now()
    wanted: tuple[tuple[str, str, Row, Row], ...] = (
        ("mudur", "Geciken TESKİ işleri", {"tab": ["overdue"], "unit": [str(units.get("TESKI", 0))]},
         {"is_shared": True}),
        ("mudur", "Çorlu, açık", {"tab": ["open"], "q": ["corlu"]}, {"is_shared": False}),
        ("sef", "Değerlendirme bekleyen", {"tab": ["all"], "state": ["registered", "triage"]},
         {"is_shared": True, "share_role": "chief"}),
        ("sef", "Acil ve yüksek öncelikli", {"tab": ["open"], "priority": ["urgent", "high"]},
         {"is_shared": True, "share_role": "desk_officer"}),
        ("mudur", "Fen İşleri: birimde", {"tab": ["all"], "state": ["assigned", "in_progress"]},
         {"is_shared": True, "share_unit_id": units.get("FEN")}),
    )  # fmt: skip
    rows = [
        {
            "screen": "ApplicationView", "owner_id": people[who], "name": name,
            "arguments": arguments, "is_shared": False, "share_role": "", "share_unit_id": None,
            "position": number, **share, **stamp(at, people[who]),
        }
        for number, (who, name, arguments, share) in enumerate(wanted)
        if who in people
    ]  # fmt: skip
    if session.scalar(select(func.count(SavedView.id))) or not rows:
        return
    insert_rows(session, SavedView, rows)
    kept = dict(session.execute(select(SavedView.name, SavedView.id)).all())
    uses = [
        {
            "view_id": kept[name], "user_id": people[who], "is_pinned": True, "is_default": False,
            "alert_above": above, "alerted_on": None, **stamp(at, people[who]),
        }
        for who, name, above in (
            ("mudur", "Geciken TESKİ işleri", 0),
            ("sef", "Değerlendirme bekleyen", 20),
        )
        if who in people and name in kept
    ]  # fmt: skip
    insert_rows(session, SavedViewUse, uses)
