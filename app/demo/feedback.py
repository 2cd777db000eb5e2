"""Fictional feedback: reasons of results, answers about satisfaction, call-backs, messages to applicants.

Shares of the scores: domain facts 11.4; late answers are taken 0.6 points worse.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from app.applications.queries.figures import day_start
from app.applications.rules import (
    SILENT_KINDS,
    AnswerMethod,
    CallState,
    Kind,
    Outcome,
    ReplyKind,
    ReplyState,
    Solved,
    State,
    month_of,
    needs_reason,
    week_start,
)
from app.core import clock
from app.models import (
    Application,
    CallBack,
    CallBackSample,
    Citizen,
    Notification,
    OutcomeReason,
    Reply,
    Satisfaction,
    StaffUser,
)
from app.system.queries import get_number
from app.system.rules import NotificationChannel, NotificationState

#: 2,500 answers for 42,000 applications. Source: domain facts 11.1.
_ANSWERED_SHARE = 2_500 / 42_000
_SCORES = ((5, 45), (4, 32), (3, 12), (2, 6), (1, 5))
_LATE_SHIFT = 0.63
#: Links that stay unanswered for each answered one.
_UNANSWERED = 2.4
_METHODS = ((AnswerMethod.LINK, 66), (AnswerMethod.CALL_BACK, 26), (AnswerMethod.DESK, 8))
_CALLED = (
    (CallState.ANSWERED, 56), (CallState.REFUSED, 11), (CallState.NOT_REACHED, 28),
    (CallState.DROPPED, 5),
)  # fmt: skip
_SOLVED = {
    5: ((Solved.YES, 92), (Solved.PARTLY, 7), (Solved.NO, 1)),
    4: ((Solved.YES, 80), (Solved.PARTLY, 16), (Solved.NO, 4)),
    3: ((Solved.YES, 40), (Solved.PARTLY, 38), (Solved.NO, 22)),
    2: ((Solved.YES, 12), (Solved.PARTLY, 30), (Solved.NO, 58)),
    1: ((Solved.YES, 4), (Solved.PARTLY, 16), (Solved.NO, 80)),
}
_GOOD = (
    "Çok hızlı geldiler, teşekkür ederim.", "Ekip ilgiliydi.", "Sorun aynı gün çözüldü.",
    "Bilgilendirme için teşekkürler.", "Memnun kaldım.",
)  # fmt: skip
_BAD = (
    "İki kez aramak zorunda kaldım.", "Sorun birkaç gün sonra yine başladı.", "Çok uzun sürdü.",
    "Gelen olmadı ama yapıldı yazıyor.", "Cevap geldi ama iş yapılmadı.",
)  # fmt: skip
_MOST_MESSAGES = 300
Row = dict[str, Any]


def load_feedback(session: Session, rng: Random, applications: int) -> None:
    """Write feedback for the demo applications; the same random numbers give the same records."""
    _reasons(session)
    cases = _cases(session)
    if cases:
        _Maker(session, rng, cases, round(applications * _ANSWERED_SHARE)).run()
    _messages(session)


# --- reasons -----------------------------------------------------------------------------------------
def _reasons(session: Session) -> None:
    """Give each finished case a reason of its result, the first ones of the list more often."""
    a, r = Application.__table__, Reply.__table__
    reasons: dict[Outcome, list[int]] = {}
    for pk, outcome in session.execute(
        select(OutcomeReason.id, OutcomeReason.outcome)
        .where(OutcomeReason.active.is_(True))
        .order_by(OutcomeReason.order_no, OutcomeReason.id)
    ):
        reasons.setdefault(outcome, []).append(pk)
    connection = session.connection()
    for outcome, keys in reasons.items():
        if not needs_reason(outcome):
            continue
        # Ten lots: four for the first reason, three for the second, the rest in turn.
        lots = [keys[0]] * 4 + [keys[1 % len(keys)]] * 3
        lots += [keys[(2 + n) % len(keys)] for n in range(3)]
        pick = case(*((a.c.id % 10 == n, key) for n, key in enumerate(lots)))
        connection.execute(
            update(a)
            .where(
                a.c.is_demo.is_(True),
                a.c.outcome == outcome,
                a.c.outcome_reason_id.is_(None),
                # An information request names the article of its law instead (4982 m.12).
                a.c.kind != Kind.INFORMATION,
            )
            .values(outcome_reason_id=pick)
        )
        of_case = select(a.c.outcome_reason_id).where(a.c.id == r.c.application_id)
        demo = select(a.c.id).where(a.c.is_demo.is_(True), a.c.outcome == outcome)
        connection.execute(
            update(r)
            .where(
                r.c.outcome == outcome,
                r.c.kind == ReplyKind.FINAL,
                r.c.state == ReplyState.SENT,
                r.c.outcome_reason_id.is_(None),
                r.c.application_id.in_(demo),
            )
            .values(outcome_reason_id=of_case.scalar_subquery())
        )


# --- answers and call-backs ---------------------------------------------------------------------------
def _cases(session: Session) -> list[Row]:
    """Demo cases whose applicants could have been asked, in the order of their answers."""
    a, c = Application.__table__.c, Citizen.__table__.c
    known = select(Satisfaction.application_id).where(Satisfaction.application_id.is_not(None))
    rows = session.execute(
        select(
            a.id, a.cycle, a.citizen_id, a.answered_at, a.on_time, a.topic_id, a.lead_unit_id,
            a.district_id, a.wants_notice, a.contact_phone, c.phone,
        )
        .join(Citizen.__table__, c.id == a.citizen_id)
        .where(
            a.is_demo.is_(True),
            a.state.in_([State.ANSWERED, State.CLOSED]),
            a.answered_at.is_not(None),
            a.outcome.is_not(None),
            a.outcome != Outcome.DUPLICATE,
            a.kind.not_in(sorted(SILENT_KINDS)),
            a.is_restricted.is_(False),
            a.identity_hidden.is_(False),
            a.is_anonymous.is_(False),
            a.id.not_in(known),
        )
        .order_by(a.answered_at, a.id)
    ).mappings()  # fmt: skip
    return [dict(row) for row in rows]


def _lot(rng: Random, shares: Sequence[tuple[Any, int]]) -> Any:
    values, weights = zip(*shares, strict=True)
    return rng.choices(values, weights)[0]


class _Maker:
    """Makes the rows of answers and call-backs and writes them at the end."""

    def __init__(self, session: Session, rng: Random, cases: list[Row], wanted: int) -> None:
        self.session, self.rng, self.wanted = session, rng, wanted
        self.cases = cases
        self.now = clock.now()
        self.cut = self.now - dt.timedelta(days=get_number(session, "survey_unlink_days"))
        self.open_days = get_number(session, "survey_link_days")
        staff = dict(session.execute(select(StaffUser.username, StaffUser.id)).all())
        self.operator, self.desk = staff.get("operator"), staff.get("masa")
        self.used: set[int] = set()
        self.answers: list[Row] = []
        self.samples: list[Row] = []
        self.calls: list[Row] = []

    def run(self) -> None:
        """Call-backs week by week, then links and the desk."""
        shares = dict(_METHODS)
        self._call_backs(self.wanted * shares[AnswerMethod.CALL_BACK] / 100)
        left = max(self.wanted - len(self.answers), 0)
        rest = [row for row in self.cases if row["id"] not in self.used]
        self.rng.shuffle(rest)
        links = [row for row in rest if row["wants_notice"] in {"sms", "email"}]
        by_link = round(left * shares[AnswerMethod.LINK] / (100 - shares[AnswerMethod.CALL_BACK]))
        for row in links[:by_link]:
            self._answer(row, AnswerMethod.LINK)
        for row in links[by_link : by_link + round(by_link * _UNANSWERED)]:
            self._unanswered(row)
        others = (row for row in rest if row["id"] not in self.used)
        for row in list(others)[: left - by_link]:
            self._answer(row, AnswerMethod.DESK)
        self._write()

    # --- by telephone ---------------------------------------------------------------------------------
    def _call_backs(self, wanted: float) -> None:
        weeks: dict[dt.date, list[Row]] = {}
        for row in self.cases:
            if row["contact_phone"] or row["phone"]:
                day = clock.to_local(row["answered_at"]).date()
                weeks.setdefault(week_start(day), []).append(row)
        this_week = week_start(self.now.date())
        over = sorted(week for week in weeks if week < this_week)
        size = max(round(wanted / max(len(over), 1) / 0.56), 3)
        known = set(self.session.scalars(select(CallBackSample.week_on)))
        for week in over:
            if week in known:
                continue
            people = {row["citizen_id"]: row for row in weeks[week]}
            drawn = self.rng.sample(sorted(people), min(size, len(people)))
            at = day_start(week + dt.timedelta(days=7)) + dt.timedelta(hours=8, minutes=10)
            self.samples.append(
                {
                    "week_on": week, "seed": int(f"{week:%Y%m%d}"), "wanted": size,
                    "population": len(people), "drawn": len(drawn), "drawn_at": at, "is_demo": True,
                    **self._stamps(at),
                }
            )  # fmt: skip
            for person in drawn:
                self._call(people[person], week, at, is_new=week == over[-1])

    def _call(self, row: Row, week: dt.date, at: dt.datetime, *, is_new: bool) -> None:
        rng = self.rng
        state = CallState.WAITING if is_new and rng.random() < 0.7 else _lot(rng, _CALLED)
        called = min(at + dt.timedelta(hours=2 + rng.random() * 70), self.now)
        is_cut = at < self.cut
        tries = {CallState.WAITING: int(rng.random() < 0.3), CallState.NOT_REACHED: 3}.get(state, 1)
        self.used.add(row["id"])
        self.calls.append(
            {
                "sample_id": week, "application_id": None if is_cut else row["id"],
                "cycle": row["cycle"], "topic_id": row["topic_id"], "unit_id": row["lead_unit_id"],
                "state": state, "tries": tries if state is not CallState.DROPPED else 0,
                "next_on": self.now.date() if state is CallState.WAITING else None,
                "last_try_at": None if is_cut or not tries else called,
                "called_by_id": self.operator if tries else None, "note": "", "is_demo": True,
                **self._stamps(at),
            }
        )  # fmt: skip
        if state is CallState.ANSWERED:
            self._answer(row, AnswerMethod.CALL_BACK, at=called)

    # --- answers ----------------------------------------------------------------------------------------
    def _answer(self, row: Row, method: AnswerMethod, at: dt.datetime | None = None) -> None:
        rng = self.rng
        score = _lot(rng, _SCORES)
        if row["on_time"] is False and rng.random() < _LATE_SHIFT:
            score = max(score - 1, 1)
        sent = self._sent(row) if method is AnswerMethod.LINK else None
        at = at or min((sent or row["answered_at"]) + dt.timedelta(days=rng.random() * 6), self.now)
        words = _GOOD if score > 3 else _BAD
        manner = min(max(score + _lot(rng, ((0, 60), (1, 25), (-1, 15))), 1), 5)
        officer = {AnswerMethod.CALL_BACK: self.operator, AnswerMethod.DESK: self.desk}.get(method)
        self._keep(
            row, method=method, sent=sent, at=at, score=score, solved=_lot(rng, _SOLVED[score]),
            manner=manner if rng.random() < 0.75 else None,
            comment=rng.choice(words) if rng.random() < 0.22 else "", officer=officer,
        )  # fmt: skip

    def _unanswered(self, row: Row) -> None:
        self._keep(row, method=AnswerMethod.LINK, sent=self._sent(row))

    def _sent(self, row: Row) -> dt.datetime:
        day = clock.to_local(row["answered_at"]).date() + dt.timedelta(days=3)
        return min(day_start(day) + dt.timedelta(hours=10, minutes=15), self.now)

    def _keep(
        self, row: Row, *, method: AnswerMethod, sent: dt.datetime | None,
        at: dt.datetime | None = None, score: int | None = None, solved: Solved | None = None,
        manner: int | None = None, comment: str = "", officer: int | None = None,
    ) -> None:  # fmt: skip
        self.used.add(row["id"])
        made = sent or at or self.now
        month = month_of(clock.to_local(row["answered_at"]).date())
        is_cut = made < self.cut
        first = day_start(month)
        ends = sent + dt.timedelta(days=self.open_days) if sent else None
        self.answers.append(
            {
                "application_id": None if is_cut else row["id"], "cycle": row["cycle"],
                "method": method, "score": score, "solved": solved, "manner": manner,
                "comment": "" if is_cut else comment,
                "answered_at": (first if is_cut else at) if at else None,
                "collected_by_id": None if is_cut else officer, "token_hash": None,
                "sent_at": (first if is_cut else sent) if sent else None,
                "expires_at": None if is_cut else ends, "topic_id": row["topic_id"],
                "unit_id": row["lead_unit_id"], "district_id": row["district_id"], "month": month,
                "on_time": row["on_time"], "is_demo": True,
                **self._stamps(first if is_cut else made),
            }
        )  # fmt: skip

    @staticmethod
    def _stamps(at: dt.datetime) -> Row:
        return {
            "created_at": at, "changed_at": at, "created_by_id": None, "changed_by_id": None,
            "version": 1,
        }  # fmt: skip

    def _write(self) -> None:
        connection = self.session.connection()
        if self.samples:
            connection.execute(insert(CallBackSample.__table__), self.samples)
        ids = dict(self.session.execute(select(CallBackSample.week_on, CallBackSample.id)).all())
        calls = [{**row, "sample_id": ids[row["sample_id"]]} for row in self.calls]
        for table, rows in ((CallBack.__table__, calls), (Satisfaction.__table__, self.answers)):
            if rows:
                connection.execute(insert(table), rows)


# --- messages ----------------------------------------------------------------------------------------
def _messages(session: Session) -> None:
    """The SMS that told the results of the last weeks, as the provider has accepted them."""
    a, c = Application.__table__.c, Citizen.__table__.c
    known = set(
        session.scalars(
            select(Notification.dedupe_key).where(Notification.dedupe_key.like("demo:result:%"))
        )
    )
    phone = case((a.contact_phone != "", a.contact_phone), else_=c.phone)
    rows = session.execute(
        select(a.id, a.number, a.tracking_code, a.answered_at, phone.label("phone"))
        .join(Citizen.__table__, c.id == a.citizen_id)
        .where(
            a.is_demo.is_(True),
            a.state.in_([State.ANSWERED, State.CLOSED]),
            a.answered_at >= clock.now() - dt.timedelta(days=30),
            a.wants_notice == "sms",
            a.identity_hidden.is_(False),
            phone != "",
        )
        .order_by(a.answered_at.desc(), a.id.desc())
        .limit(_MOST_MESSAGES)
    ).all()
    made = []
    for row in rows:
        key = f"demo:result:{row.id}"
        if key in known:
            continue
        failed = row.id % 53 == 0
        made.append(
            {
                "channel": NotificationChannel.SMS, "dedupe_key": key, "recipient": row.phone,
                "subject": "", "url": "", "owner_type": "Application", "owner_id": row.id,
                "body": f"{row.number} numaralı başvurunuz cevaplandı. Sonucu {row.tracking_code} koduyla takip "
                "sayfasından ya da ALO 153’ten öğrenebilirsiniz.".replace("’", "'"),
                "template": "send_reply", "attachment_ids": [],
                "state": NotificationState.FAILED if failed else NotificationState.SENT,
                "attempts": 5 if failed else 1, "run_after": row.answered_at,
                "sent_at": None if failed else row.answered_at + dt.timedelta(seconds=50),
                "provider_ref": "", "error": "Numara kullanılmıyor." if failed else "",
                "created_at": row.answered_at, "changed_at": row.answered_at, "version": 1,
            }
        )  # fmt: skip
    if made:
        session.connection().execute(insert(Notification.__table__), made)
