"""What the tracking page shows of a case: state, dates, unit, answer; no name, no address, no number to call.

It is read as the system, because whoever asks has no account; so nothing leaves here but `Tracked`.
Source: domain facts 1.5, 2.4, 2.5.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Reply
from app.applications.queries.feedback import find_answer
from app.applications.rules import OPEN_STATES, Outcome, ReplyKind, ReplyState, State, Visibility
from app.core import clock
from app.core.text import clean

_NUMBER = re.compile(r"[0-9]{4}-[0-9]{7}")
#: Compared with when there is no such case, so that both refusals cost the same.
_NO_CODE = "-" * 8
_MOST_STEPS = 30


@dataclass(frozen=True)
class PublicStep:
    """One step that the applicant may know of: its msgid and its day."""

    label: str
    on: dt.date


@dataclass(frozen=True)
class Tracked:
    """A case as the public page may tell it. Texts are msgids, but those of letters and reasons."""

    number: str
    state: State
    sentence: str
    stage: int
    received_on: dt.date
    only_state: bool = False
    cycle: int = 1
    due_on: dt.date | None = None
    ended_on: dt.date | None = None
    unit: str = ""
    institution: str = ""
    steps: Sequence[PublicStep] = ()
    outcome: Outcome | None = None
    reason: str = ""
    answer: str = ""
    is_answer_withheld: bool = False
    remedy: str = ""
    is_rated: bool = False
    may_be_rated: bool = False


def read_number(text: str) -> str:
    """A number as it is kept: 2026-0001234, also typed as 2026/1234 or 2026 0001234."""
    parts = re.findall(r"[0-9]+", clean(text))
    if len(parts) == 1 and len(parts[0]) == 11:
        parts = [parts[0][:4], parts[0][4:]]
    if len(parts) != 2 or len(parts[0]) != 4 or len(parts[1]) > 7:
        return ""
    number = f"{parts[0]}-{parts[1]:0>7}"
    return number if _NUMBER.fullmatch(number) else ""


def find_by_code(session: Session, number: str, code: str) -> Application | None:
    """The case of whoever gives its number and its code; every refusal takes the same one statement."""
    read = rules.read_tracking_code(code) or ""
    found = session.scalars(
        select(Application)
        .where(Application.number == read_number(number))
        .options(joinedload(Application.lead_unit), joinedload(Application.institution))
    ).first()
    kept = found.tracking_code if found is not None else _NO_CODE
    fits = hmac.compare_digest(kept.encode(), read.encode())
    if found is None or not fits or found.state in rules.UNTRACKED_STATES:
        return None
    return found


def tracked(session: Session, application: Application) -> Tracked:
    """A case as its applicant may read it; of a restricted or hidden one nothing but the state."""
    # What was decided but not signed has not been told to anybody yet.
    waits = rules.awaits_letter(application.state, application.answered_at)
    state = State.TRIAGE if waits else application.state
    stage = next(
        (i for i, (_label, states) in enumerate(rules.PUBLIC_STAGES) if state in states),
        0,
    )
    sentence = rules.PUBLIC_STATES[state]
    received = application.received_on
    if application.is_restricted or application.identity_hidden:
        return Tracked(application.number, state, sentence, stage, received, only_state=True)
    letter = _letter(session, application)
    is_open = state in OPEN_STATES
    ended = application.closed_at or application.answered_at
    rated = find_answer(session, application.id, application.cycle)
    withheld = application.kind in rules.SILENT_KINDS
    has_result = application.state in {State.ANSWERED, State.CLOSED}
    return Tracked(
        number=application.number,
        state=state,
        sentence=sentence,
        stage=stage,
        received_on=received,
        cycle=application.cycle,
        due_on=application.due_on if is_open else None,
        ended_on=None if is_open or ended is None else clock.to_local(ended).date(),
        unit=str(application.lead_unit or ""),
        institution="" if waits else str(application.institution or ""),
        steps=_steps(session, application),
        outcome=None if is_open else application.outcome,
        reason="" if is_open else _reason(application),
        answer=_words(application, letter) if letter is not None and not withheld else "",
        is_answer_withheld=letter is not None and withheld,
        remedy=rules.public_text(letter.remedy) if letter is not None else "",
        is_rated=rated is not None and rated.score is not None,
        may_be_rated=has_result and application.answered_at is not None and not withheld,
    )


def _reason(application: Application) -> str:
    reason = application.outcome_reason
    return reason.citizen_text if reason is not None else ""


def _letter(session: Session, application: Application) -> Reply | None:
    """The letter that told the result of this cycle."""
    return session.scalars(
        select(Reply)
        .where(
            Reply.application_id == application.id,
            Reply.cycle == application.cycle,
            Reply.state == ReplyState.SENT,
            Reply.kind.in_([ReplyKind.FINAL, ReplyKind.FORWARDING_NOTICE]),
        )
        .order_by(Reply.id.desc())
        .limit(1)
    ).first()


def _words(application: Application, letter: Reply) -> str:
    """The text of a letter without whom it was written to."""
    citizen = application.citizen
    personal = [application.on_behalf_of]
    if citizen is not None:
        personal += [
            citizen.full_name,
            citizen.first_name,
            citizen.last_name,
            citizen.title,
            citizen.address,
        ]
    return rules.public_text(letter.body, personal=[p for p in personal if p])


def _steps(session: Session, application: Application) -> Sequence[PublicStep]:
    e = ApplicationEvent.__table__.c
    rows = session.execute(
        select(e.action, e.at)
        .where(
            e.application_id == application.id,
            e.visibility == Visibility.APPLICANT,
            e.action.not_in(sorted(rules.UNTOLD_STEPS)),
        )
        .order_by(e.id.desc())
        .limit(_MOST_STEPS)
    ).all()
    return [
        PublicStep(
            rules.PUBLIC_STEPS.get(action) or rules.step_label(action), clock.to_local(at).date()
        )
        for action, at in reversed(rows)
    ]
