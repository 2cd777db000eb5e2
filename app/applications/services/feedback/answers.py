"""Questions about satisfaction and their answers: sent by link, written down, cut loose after a time.

A token opens one question once; only its digest is kept. Source: domain facts 1.5, 2.5, 8.1.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, case, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, CallBack, Satisfaction
from app.applications.queries.feedback import find_answer
from app.applications.queries.figures import day_start
from app.applications.queries.surveys import ASKED_STATES, list_for_link
from app.applications.rules import AnswerMethod, Solved
from app.applications.services.moves import check_version, flush, refuse
from app.applications.services.notice_texts import tracking_address
from app.applications.services.notices import way_to, write_to_applicant
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean
from app.people.models import Citizen
from app.system.queries import get_number

#: The letters of the tracking code: none is mistaken for another, and none takes two places in an SMS.
_LETTERS = rules.ALPHABET
_TOKEN_LENGTH = 16
#: A run that did not happen is made up for within so many days.
_CATCH_UP_DAYS = 7
_TAKEN = N_("This application has been rated already.")


# --- tokens ----------------------------------------------------------------------------------------
def make_token() -> str:
    """A random token; 32¹⁶ of them exist."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LENGTH))


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_question(session: Session, token: str, *, now: dt.datetime) -> Satisfaction | None:
    """The question that a token opens, while its link is open; the answer may be there already."""
    found = session.scalars(
        select(Satisfaction).where(Satisfaction.token_hash == token_hash(token.strip()))
    ).first()
    if found is None or found.expires_at is None or found.expires_at < now:
        return None
    return found if found.application_id is not None else None


# --- asking by link ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """What one run did: how many could have been asked, how many were."""

    candidates: int = 0
    asked: int = 0


def send_questions(session: Session, *, now: dt.datetime, limit: int = 200) -> Asked:
    """Ask a share of those answered some days ago, each by a link of their own; at most `limit`.

    Who is asked follows from the case alone, so that a second run asks nobody else. Nobody is asked
    twice within the days of the setting, and nobody who did not want it.
    """
    percent = get_number(session, "survey_share_percent")
    if not percent:
        return Asked()
    last = clock.to_local(now).date() - dt.timedelta(days=get_number(session, "survey_days_after"))
    rows = list_for_link(
        session,
        last - dt.timedelta(days=_CATCH_UP_DAYS - 1),
        last,
        not_since=now - dt.timedelta(days=get_number(session, "survey_gap_days")),
    )
    picked = [row for row in rows if rules.is_picked(row.id, row.cycle, percent)]
    seen: set[int] = set()
    count = 0
    for row in picked:
        if count >= limit:
            break
        if row.citizen_id in seen:
            continue
        seen.add(row.citizen_id)
        application = session.get(Application, row.id)
        if application is not None and _ask(session, application, now):
            count += 1
    return Asked(len(rows), count)


def _ask(session: Session, application: Application, now: dt.datetime) -> bool:
    """Write one question and its message; False when nobody can be reached or it exists already."""
    if way_to(session, application) is None:
        return False
    days = get_number(session, "survey_link_days")
    token = make_token()
    question = Satisfaction(
        **_place_of(application),
        method=AnswerMethod.LINK,
        token_hash=token_hash(token),
        sent_at=now,
        expires_at=now + dt.timedelta(days=days),
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(question)
            session.flush()
            written = write_to_applicant(
                session, application, rules.SURVEY_STEP,
                key=f"app:{application.id}:survey:{application.cycle}", now=now, days=days,
                link=f"{tracking_address(session)}/{token}",
            )  # fmt: skip
            if written is None:
                raise _NotWritten
    except (IntegrityError, _NotWritten):
        return False
    return True


class _NotWritten(Exception):  # noqa: N818  # No fault: the office has switched the text off.
    """No message was written, so no question was asked."""


def _place_of(application: Application) -> dict[str, Any]:
    """What of a case is kept with its answer."""
    answered = application.answered_at or application.closed_at or application.received_at
    return {
        "application_id": application.id,
        "cycle": application.cycle,
        "topic_id": application.topic_id,
        "unit_id": application.lead_unit_id,
        "district_id": application.district_id,
        "month": rules.month_of(clock.to_local(answered).date()),
        "on_time": application.on_time,
        "is_demo": application.is_demo,
    }


# --- answering ---------------------------------------------------------------------------------------
def record_answer(
    session: Session,
    *,
    application: Application,
    values: Mapping[str, Any],
    method: AnswerMethod,
    actor: Actor,
    now: dt.datetime | None = None,
) -> Satisfaction:
    """Keep the one answer about the present cycle of a case; `values` hold score, solved, manner, comment.

    RuleViolation when the case has no result yet, came through CİMER, was answered about already, or
    something is missing.
    """
    if not actor.may("write", "Satisfaction"):
        raise refuse(N_("You may not do this step."))
    if application.is_restricted or application.identity_hidden:
        raise refuse(N_("CİMER asks its applicants itself; nobody here does."), "application")
    if application.state not in ASKED_STATES or application.answered_at is None:
        raise refuse(N_("The applicant has no result yet; nothing can be rated."), "application")
    if broken := collect(rules.satisfaction_violations(values)):
        raise RuleViolation(broken)
    moment = now or clock.now()
    answer = find_answer(session, application.id, application.cycle)
    if answer is None:
        answer = Satisfaction(**_place_of(application), created_at=moment)
    elif answer.score is not None:
        raise refuse(_TAKEN, "application")
    _write(answer, values, method, actor, moment)
    try:
        with session.begin_nested():
            session.add(answer)
            session.flush()
    except IntegrityError as twin:
        # Somebody else wrote the answer down in the same moment.
        raise RuleViolation(Violation("application", _TAKEN)) from twin
    return answer


def answer_by_token(
    session: Session,
    *,
    question: Satisfaction,
    values: Mapping[str, Any],
    now: dt.datetime,
    no_more: bool = False,
    version: int | None = None,
) -> Satisfaction:
    """Keep what the applicant answers by link; `no_more` asks never to be asked again."""
    check_version(question, version)
    if question.score is not None:
        raise refuse(_TAKEN)
    if broken := collect(rules.satisfaction_violations(values)):
        raise RuleViolation(broken)
    _write(question, values, AnswerMethod.LINK, None, now)
    if no_more and question.application is not None:
        ask_no_more(session, question.application)
    flush(session)
    return question


def ask_no_more(session: Session, application: Application) -> None:
    """Note that the applicant of a case does not want to be asked about satisfaction."""
    if application.citizen_id is None:
        return
    citizen = session.get(Citizen, application.citizen_id)
    if citizen is not None:
        citizen.no_surveys = True
        flush(session)


def _write(
    answer: Satisfaction,
    values: Mapping[str, Any],
    method: AnswerMethod,
    actor: Actor | None,
    now: dt.datetime,
) -> None:
    answer.score = int(values["score"])
    answer.solved = Solved(values["solved"])
    manner = values.get("manner")
    answer.manner = int(manner) if manner not in {None, ""} else None
    answer.comment = clean(str(values.get("comment") or ""), multiline=True)
    answer.method = method
    answer.answered_at = now
    answer.collected_by_id = actor.user_id if actor is not None else None


# --- cutting loose -------------------------------------------------------------------------------------
def cut_answers(session: Session, *, now: dt.datetime) -> int:
    """Cut old questions and call-backs from their applications; returns how many questions.

    What stays says nothing about a person: score, topic, unit, district and month. Words of the
    applicant, who wrote them down, and every moment finer than a month go. Written past the trail,
    which would keep what is taken away here.
    """
    before = now - dt.timedelta(days=get_number(session, "survey_unlink_days"))
    q: Table = Satisfaction.__table__
    old = and_(q.c.application_id.is_not(None), q.c.created_at < before)
    count = 0
    for month in session.execute(select(q.c.month).where(old).distinct()).scalars().all():
        first = literal(day_start(month), q.c.answered_at.type)
        done = session.connection().execute(
            update(q)
            .where(old, q.c.month == month)
            .values(
                application_id=None,
                comment="",
                token_hash=None,
                expires_at=None,
                collected_by_id=None,
                created_by_id=None,
                changed_by_id=None,
                answered_at=case((q.c.answered_at.is_not(None), first)),
                sent_at=case((q.c.sent_at.is_not(None), first)),
                created_at=first,
                changed_at=first,
                version=q.c.version + 1,
            )
        )
        count += done.rowcount
    b: Table = CallBack.__table__
    session.connection().execute(
        update(b)
        .where(b.c.application_id.is_not(None), b.c.created_at < before)
        .values(application_id=None, note="", last_try_at=None, version=b.c.version + 1)
    )
    session.expire_all()
    return count
