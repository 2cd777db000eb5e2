"""Reads of feedback: the text for a step, reasons of results, messages of a case, what was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.applications.models import Application, CallBack, NoticeText, OutcomeReason, Satisfaction
from app.applications.rules import CITIZEN_NOTICES, NoticeChannel, Outcome
from app.system.models import Notification
from app.system.queries.cache import kept
from app.system.rules import NotificationChannel, NotificationState

#: Messages shown on the page of one case.
_MOST_MESSAGES = 50
#: How the key of an e-mail ends that repeats a line of a colleague's panel.
COPY_BY_EMAIL = ":email"


@dataclass(frozen=True)
class ReasonChoice:
    """A reason as a form offers it."""

    id: int
    code: str
    outcome: Outcome
    name: str
    citizen_text: str


def list_reasons(session: Session) -> Sequence[ReasonChoice]:
    """Reasons in use by result and place; kept in the process, because they rarely change."""

    def load(session: Session) -> tuple[ReasonChoice, ...]:
        r = OutcomeReason.__table__.c
        rows = session.execute(
            select(r.id, r.code, r.outcome, r.name, r.citizen_text)
            .where(r.active.is_(True))
            .order_by(r.outcome, r.order_no, r.id)
        )
        return tuple(ReasonChoice(*row) for row in rows)

    return kept(session, "outcome_reasons", load)


def find_reason(session: Session, reason_id: int | None) -> ReasonChoice | None:
    """The reason in use with this key."""
    return next((r for r in list_reasons(session) if r.id == reason_id), None)


def usual_reason(session: Session, outcome: Outcome) -> ReasonChoice | None:
    """The first reason of a result, for steps that say the reason by themselves."""
    return next((r for r in list_reasons(session) if r.outcome is outcome), None)


@dataclass(frozen=True)
class FoundText:
    """What the table says for a step and a way: nothing at all, silence, or a text."""

    is_kept: bool
    subject: str = ""
    body: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether the office has decided not to tell this."""
        return self.is_kept and not self.body


def find_notice_text(
    session: Session, step: str, channel: NoticeChannel, *, today: dt.date, language: str = "tr"
) -> FoundText:
    """The newest text in use that is valid today; silence when there are texts and none is."""
    t = NoticeText.__table__.c
    rows = session.execute(
        select(t.active, t.valid_from, t.valid_until, t.subject, t.body)
        .where(t.step == step, t.channel == channel, t.language == language)
        .order_by(t.valid_from.desc(), t.id.desc())
    ).all()
    for active, first, last, subject, body in rows:
        if active and first <= today and (last is None or last >= today):
            return FoundText(True, subject, body)
    return FoundText(bool(rows))


@dataclass(frozen=True)
class SentMessage:
    """One message about a case, as its page tells it."""

    id: int
    step: str
    channel: NotificationChannel
    recipient: str
    subject: str
    body: str
    state: NotificationState
    error: str
    written_at: dt.datetime
    not_before: dt.datetime
    sent_at: dt.datetime | None


def is_to_citizen(n: Any) -> ColumnElement[bool]:
    """What was written to the applicant or to a caller; colleagues get their e-mails from the same outbox."""
    return and_(
        n.owner_type == "Application",
        n.channel != NotificationChannel.PANEL,
        n.template.in_(sorted(CITIZEN_NOTICES)),
        or_(n.dedupe_key.is_(None), ~n.dedupe_key.endswith(COPY_BY_EMAIL)),
    )


def list_messages(session: Session, application: Application) -> Sequence[SentMessage]:
    """E-mails and SMS written about a case, the newest first.

    Whoever may see the case may see that it was written to; the outbox itself needs a right of its
    own. Nothing is listed where the identity is hidden, for nobody is written to there.
    """
    if application.identity_hidden:
        return ()
    n = Notification.__table__.c
    rows = session.execute(
        select(
            n.id, n.template, n.channel, n.recipient, n.subject, n.body, n.state, n.error,
            n.created_at, n.run_after, n.sent_at,
        )
        .where(n.owner_id == application.id, is_to_citizen(n))
        .order_by(n.id.desc())
        .limit(_MOST_MESSAGES)
    )  # fmt: skip
    return [SentMessage(*row) for row in rows]


def find_answer(session: Session, application_id: int, cycle: int) -> Satisfaction | None:
    """The question about one cycle of a case, answered or not."""
    return session.scalars(
        select(Satisfaction).where(
            Satisfaction.application_id == application_id, Satisfaction.cycle == cycle
        )
    ).first()


def list_answers(session: Session, application_id: int) -> Sequence[Satisfaction]:
    """Questions about a case with their answers, the newest cycle first."""
    return session.scalars(
        select(Satisfaction)
        .where(Satisfaction.application_id == application_id)
        .options(joinedload(Satisfaction.collected_by))
        .order_by(Satisfaction.cycle.desc())
    ).all()


def find_call_back(session: Session, application_id: int, cycle: int) -> CallBack | None:
    """The call-back about one cycle of a case."""
    return session.scalars(
        select(CallBack).where(CallBack.application_id == application_id, CallBack.cycle == cycle)
    ).first()
