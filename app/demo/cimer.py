"""Fictional correspondence with CİMER: lines of each application, answers entered, one list compared.

The days follow from the demo applications; how many are sent again or get more time is invented,
because CİMER publishes neither.
"""

from __future__ import annotations

import datetime as dt
import io
from random import Random
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.applications.queries.cimer import ENDING_LETTERS
from app.applications.rules import (
    CIMER_SOURCE,
    OPEN_STATES,
    Channel,
    ExchangeKind,
    ReplyState,
    ResendEffect,
    ResendReason,
    Visibility,
)
from app.applications.services.reconciling import reconcile
from app.applications.services.resends import resend_reason
from app.core import clock
from app.core.acting import Actor
from app.core.uploads import TABLES, check_upload
from app.demo.rows import Row, insert_rows
from app.models import Application, ApplicationEvent, CimerExchange, Reply, StaffUser

_RESENT, _MORE_TIME = 0.06, 0.05
#: The newest answers are not entered yet, so that the list of the officer is alive.
_STILL_TO_ENTER = 4
_FEWEST_LISTED = 6
_AGAIN = (
    (ResendReason.UNSATISFIED, "Verilen cevap yeterli değildir, sorun sürmektedir."),
    (ResendReason.ADDITION, "Aynı yerin fotoğrafı ekte gönderilmiştir."),
    (ResendReason.RETURNED, "Cevap metninin yeniden düzenlenmesi istenmiştir."),
    (ResendReason.UNKNOWN, ""),
)
_STEPS = {
    ExchangeKind.RESENT: "cimer_resent",
    ExchangeKind.EXTENSION_ASKED: "cimer_extension_asked",
    ExchangeKind.EXTENSION_GRANTED: "cimer_extension_granted",
    ExchangeKind.ANSWER_ENTERED: "cimer_entered",
}
_WHY_LONGER = (
    "Yerinde inceleme ve ölçüm sürüyor.", "Yüklenici firmadan bilgi istendi.",
    "İki birimin ortak görüşü bekleniyor.",
)  # fmt: skip
_HEAD = "Başvuru No;Başvuru Tarihi;Geliş Tarihi;Durum"


def load_cimer(session: Session, rng: Random, applications: int) -> None:
    """Write the correspondence and one comparison; the same random numbers give the same records."""
    officer = session.scalars(select(StaffUser).where(StaffUser.username == "cimer")).first()
    cases = _cases(session)
    if officer is None or not cases:
        return
    _write_lines(session, rng, cases, officer.id)
    _compare(session, cases, officer.id)


def _cases(session: Session) -> list[Found[Any]]:
    a = Application.__table__.c
    stmt = select(
        a.id, a.external_ref, a.external_received_at, a.received_at, a.answered_at, a.due_on,
        a.cycle, a.state,
    ).where(a.channel == Channel.CIMER, a.is_demo.is_(True), a.external_ref.is_not(None))  # fmt: skip
    return list(session.execute(stmt.order_by(a.received_at, a.id)))


def _letters(session: Session) -> dict[int, int]:
    """Application → the letter that ended it."""
    r = Reply.__table__.c
    stmt = select(r.application_id, r.id).where(
        r.kind.in_(ENDING_LETTERS), r.state == ReplyState.SENT
    )
    return {row.application_id: row.id for row in session.execute(stmt.order_by(r.id))}


def _write_lines(session: Session, rng: Random, cases: list[Found[Any]], officer: int) -> None:
    """The lines in the order of time, and since when the answers stand at CİMER."""
    letters, lines, now = _letters(session), [], clock.now()
    answered = sorted((c for c in cases if c.answered_at), key=lambda c: c.answered_at)
    entered = {c.id: c.answered_at for c in answered[:-_STILL_TO_ENTER]}
    resent: list[int] = []
    for case in cases:
        end = case.answered_at or now

        def line(kind: ExchangeKind, at: dt.datetime, case: Any = case, **more: Any) -> None:
            base = {
                "application_id": case.id, "kind": kind, "at": at, "noted_at": at, "reference": "",
                "reason": None, "text": "", "until_on": None, "cycle": case.cycle, "reply_id": None,
                "actor_id": officer, "dedupe_key": None,
            }  # fmt: skip
            lines.append({**base, **more})

        line(
            ExchangeKind.RECEIVED, case.external_received_at or case.received_at,
            noted_at=case.received_at, reference=case.external_ref,
            dedupe_key=f"{case.id}:received",
        )  # fmt: skip
        span = end - case.received_at
        if rng.random() < _RESENT and span > dt.timedelta(days=3):
            reason, text = rng.choice(_AGAIN)
            line(
                ExchangeKind.RESENT, case.received_at + span * rng.uniform(0.2, 0.6),
                reason=reason, text=text,
            )  # fmt: skip
            resent.append(case.id)
        if rng.random() < _MORE_TIME and case.due_on and span > dt.timedelta(days=5):
            asked = case.received_at + span * rng.uniform(0.65, 0.8)
            line(
                ExchangeKind.EXTENSION_ASKED, asked, text=rng.choice(_WHY_LONGER),
                until_on=case.due_on,
            )  # fmt: skip
            line(ExchangeKind.EXTENSION_GRANTED, asked + (end - asked) / 3, until_on=case.due_on)
        if case.id in entered:
            line(ExchangeKind.ANSWER_ENTERED, case.answered_at, reply_id=letters.get(case.id))
    lines.sort(key=lambda one: one["at"])
    session.execute(insert(CimerExchange.__table__), lines)
    _write_steps(session)
    table = Application.__table__
    if entered:
        session.execute(
            update(table)
            .where(table.c.id == bindparam("pk"))
            .values(external_answered_at=bindparam("moment")),
            [{"pk": pk, "moment": moment} for pk, moment in entered.items()],
        )
    if resent:
        session.execute(update(table).where(table.c.id.in_(resent)).values(resend_count=1))


def _write_steps(session: Session) -> None:
    """What the timeline of each case tells of its lines; a first receipt is told by the registration."""
    x = CimerExchange.__table__.c
    found = session.execute(
        select(x.id, x.application_id, x.kind, x.at, x.reason, x.text, x.until_on, x.actor_id)
        .join(Application.__table__, Application.__table__.c.id == x.application_id)
        .where(Application.__table__.c.is_demo.is_(True), x.kind.in_(_STEPS))
        .order_by(x.at, x.id)
    )
    steps: list[Row] = []
    for line in found:
        details, note = {"exchange": line.id}, line.text
        if line.kind is ExchangeKind.RESENT:
            details |= {"effect": ResendEffect.ADD.value, "at": line.at.isoformat()}
            note = "\n".join(part for part in (resend_reason(line.reason), line.text) if part)
        elif line.until_on is not None:
            details["until_on"] = line.until_on.isoformat()
        steps.append(
            {
                "application_id": line.application_id, "at": line.at, "actor_id": line.actor_id,
                "deputy_for_id": None, "action": _STEPS[line.kind], "from_state": None,
                "to_state": None, "unit_id": None, "note": note, "details": details,
                "visibility": Visibility.INTERNAL,
            }
        )  # fmt: skip
    insert_rows(session, ApplicationEvent, steps)


def _compare(session: Session, cases: list[Found[Any]], officer: int) -> None:
    """The list of past months: a number that is not here, a case that it lacks, a state that lags."""
    last = clock.today().replace(day=1) - dt.timedelta(days=1)
    first = last.replace(day=1)
    days = {c.id: clock.to_local(c.external_received_at or c.received_at).date() for c in cases}
    # A small demo has few of them in a month, so the list goes back until it holds some.
    while sum(first <= day <= last for day in days.values()) < _FEWEST_LISTED:
        if first <= min(days.values()):
            return
        first = (first - dt.timedelta(days=1)).replace(day=1)
    inside = [c for c in cases if first <= days[c.id] <= last]
    rows = [_HEAD, f"{last.year % 100:02}99000417;{last:%d.%m.%Y};{last:%d.%m.%Y};İşlemde"]
    for place, case in enumerate(inside[1:]):
        is_open = case.state in OPEN_STATES or place == 0
        word = "İşlemde" if is_open else "Cevaplandı"
        here = clock.to_local(case.received_at)
        rows.append(f"{case.external_ref};{days[case.id]:%d.%m.%Y};{here:%d.%m.%Y};{word}")
    name = f"{CIMER_SOURCE}-{first:%Y-%m}.csv"
    upload = check_upload(name, io.BytesIO("\r\n".join(rows).encode("utf-8-sig")), allowed=TABLES)
    reconcile(
        session, upload=upload, period_from=first, period_to=last,
        actor=Actor(user_id=officer, name="cimer", is_system=True), now=clock.now(),
        note="Ay sonu mutabakatı",
    )  # fmt: skip
