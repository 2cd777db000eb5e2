"""The group of a main case: every applicant of a merged case gets an own letter and an own message.

Who called about the matter without a case of their own is told as well. How a case joins a group or
leaves it stands in `merging`. Source: domain facts 1.4.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Reply
from app.applications.rules import Outcome, ReplyKind, ReplyState, State
from app.applications.services.moves import flush, record_step, stop_clock
from app.applications.services.notice_texts import caller_words
from app.applications.services.notices import sms_time, tell_citizen
from app.applications.services.reasons import with_reason
from app.applications.services.wording import remedy_for, turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_
from app.core.text import format_date
from app.people.models import Citizen
from app.system.queries import get_flag
from app.system.services import outbox

_NEUTRAL = N_(
    "Your application is about a matter that was dealt with together with other applications. "
    "Result: %(outcome)s."
)
_SUBJECT = N_("Your application numbered %(number)s")


@dataclass(frozen=True)
class GroupAnswer:
    """What the main case tells: its letter, and the notice that goes out with it.

    `remedy` says that the letter ends with the way to object; it is that of each applicant's kind.
    A letter that nobody has signed yet follows when that of the main case is sent.
    """

    template: str
    outcome: Outcome | None
    body: str
    subject: str = ""
    kind: ReplyKind = ReplyKind.FINAL
    short_text: str = ""
    article: str = ""
    remedy: bool = False
    is_signed: bool = True
    outcome_reason_id: int | None = None
    drafted_by_id: int | None = None
    approved_by_id: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def answer_of(reply: Reply, template: str = "send_reply", **params: Any) -> GroupAnswer:
    """The answer that a letter of the main case holds for its group."""
    return GroupAnswer(
        template=template,
        outcome=reply.outcome,
        body=reply.body,
        subject=reply.subject,
        kind=reply.kind,
        short_text=reply.short_text,
        article=reply.refusal_article,
        remedy=bool(reply.remedy),
        is_signed=reply.state in {ReplyState.APPROVED, ReplyState.SENT},
        outcome_reason_id=reply.outcome_reason_id,
        drafted_by_id=reply.drafted_by_id,
        approved_by_id=reply.approved_by_id,
        params=params,
    )


def answer_of_case(session: Session, main: Application) -> GroupAnswer | None:
    """What a finished main case has told its applicant; None when it ended without an answer."""
    if main.answered_at is None or main.state not in rules.ANSWERING_STATES:
        return None
    with acting_as(SYSTEM):
        letter = session.scalars(
            select(Reply)
            .where(
                Reply.application_id == main.id,
                Reply.cycle == main.cycle,
                Reply.state.in_([ReplyState.IN_APPROVAL, ReplyState.APPROVED, ReplyState.SENT]),
                Reply.kind.in_([ReplyKind.FINAL, ReplyKind.FORWARDING_NOTICE]),
                # The letter to another institution is no answer to the applicant.
                Reply.institution_id.is_(None),
            )
            .order_by(Reply.id.desc())
            .limit(1)
        ).first()
    if letter is not None:
        if letter.kind is ReplyKind.FORWARDING_NOTICE:
            return answer_of(letter, "transfer_out", institution=str(main.institution or ""))
        return answer_of(letter, "reject" if letter.outcome is Outcome.REJECTED else "send_reply")
    if main.outcome is None or not main.closing_note:
        return None
    return GroupAnswer("send_reply", main.outcome, main.closing_note)


def list_group(session: Session, main_id: int) -> Sequence[Application]:
    """The cases merged into a main case, the oldest first; nobody's sight leaves one out."""
    with acting_as(SYSTEM):
        return session.scalars(
            select(Application)
            .where(Application.master_id == main_id, Application.state == State.MERGED)
            .order_by(Application.received_at, Application.id)
        ).all()


# --- answering -----------------------------------------------------------------------------------------
def answer_group(
    session: Session,
    main: Application,
    answer: GroupAnswer,
    *,
    actor: Actor,
    now: dt.datetime,
    step: ApplicationEvent,
) -> int:
    """Answer every merged case that has no answer yet, and tell the callers; how many were answered.

    Their clocks stop with that of the main case. `step` is what happened to the main case.
    """
    group = list_group(session, main.id)
    waiting = [case for case in group if case.answered_at is None]
    answer_cases(session, main, waiting, answer, actor=actor, now=now)
    tell_callers(session, main, group, "matter_answered", step=step)
    return len(waiting)


def answer_cases(
    session: Session,
    main: Application,
    cases: Sequence[Application],
    answer: GroupAnswer,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Give these merged cases the answer of their main case: a letter, a step and a message each."""
    for case, letter in _letters(session, main, cases, answer, now):
        stop_clock(case, now)
        _tell_with(session, case, letter, answer, "master_answered", main, actor, now)


def follow_letter(
    session: Session, main: Application, reply: Reply, *, actor: Actor, now: dt.datetime
) -> int:
    """Give the group a letter of the main case that is no final answer; how many got it.

    News of progress and of more time go to whoever still waits. The letter of a decision goes to
    those who were told the decision before it was signed.
    """
    if reply.institution_id is not None:
        return 0
    group = list_group(session, main.id)
    if reply.kind in {ReplyKind.PROGRESS, ReplyKind.EXTENSION_NOTICE}:
        is_extension = reply.kind is ReplyKind.EXTENSION_NOTICE
        name = "send_extension_notice" if is_extension else "send_progress"
        cases = [case for case in group if case.answered_at is None]
        answer = answer_of(reply, "send_progress")
        for case, letter in _letters(session, main, cases, answer, now):
            if not is_extension:
                case.progress_told_at = now
            _tell_with(session, case, letter, answer, name, main, actor, now)
        return len(cases)
    cases = _without_letter(session, [case for case in group if case.answered_at is not None])
    answer = answer_of(reply)
    for case, letter in _letters(session, main, cases, answer, now):
        record_step(
            session, case, "master_answered", actor=actor, now=now,
            details={"master_id": main.id, "number": main.number, "reply_id": letter.id},
        )  # fmt: skip
    return len(cases)


def _without_letter(session: Session, cases: Sequence[Application]) -> list[Application]:
    letters = Reply.__table__.c
    known = set(
        session.execute(
            select(letters.application_id).where(
                letters.application_id.in_([case.id for case in cases]),
                letters.kind.in_([ReplyKind.FINAL, ReplyKind.FORWARDING_NOTICE]),
                letters.state == ReplyState.SENT,
            )
        ).scalars()
    )
    return [case for case in cases if case.id not in known]


def _tell_with(
    session: Session,
    case: Application,
    letter: Reply,
    answer: GroupAnswer,
    name: str,
    main: Application,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write the step of a merged case and the message to its applicant."""
    step = record_step(
        session, case, name, actor=actor, now=now,
        details={"master_id": main.id, "number": main.number, "reply_id": letter.id},
    )  # fmt: skip
    text = with_reason(session, letter.body, letter.outcome_reason_id)
    tell_citizen(
        session,
        case,
        answer.template,
        step=step,
        short_text=letter.short_text,
        subject=letter.subject,
        body="\n\n".join(part for part in (text, letter.remedy) if part),
        **answer.params,
    )


def _letters(
    session: Session,
    main: Application,
    cases: Sequence[Application],
    answer: GroupAnswer,
    now: dt.datetime,
) -> Iterator[tuple[Application, Reply]]:
    """Each case with its own letter; kept only when the letter of the main case is signed."""
    people = _addressees(session, [main, *cases])
    first = people[main.id]
    for case in cases:
        # One person who applied twice reads the own letter, whatever stands in it.
        known = case.citizen_id is not None and case.citizen_id == main.citizen_id
        of = rules.Addressee(first.number, first.code) if known else first
        letter = _letter(case, answer, of, people[case.id], now)
        if answer.is_signed:
            session.add(letter)
            flush(session)
        yield case, letter


def _letter(
    case: Application,
    answer: GroupAnswer,
    of: rules.Addressee,
    to: rules.Addressee,
    now: dt.datetime,
) -> Reply:
    body = rules.retell(answer.body, of=of, to=to)
    if body is None:
        words = turkish(rules.OUTCOME_LABELS[answer.outcome]) if answer.outcome else "–"
        body = turkish(_NEUTRAL, outcome=words)
    usual = turkish(_SUBJECT, number=case.number)
    return Reply(
        application_id=case.id,
        kind=answer.kind,
        state=ReplyState.SENT,
        outcome=answer.outcome,
        outcome_reason_id=answer.outcome_reason_id,
        subject=rules.retell(answer.subject, of=of, to=to) or usual,
        body=body,
        short_text=rules.retell(answer.short_text, of=of, to=to) or "",
        refusal_article=answer.article,
        remedy=remedy_for(case) if answer.remedy else "",
        cycle=case.cycle,
        drafted_by_id=answer.drafted_by_id,
        approved_by_id=answer.approved_by_id,
        approved_at=now,
        sent_at=now,
        letter_on=clock.to_local(now).date(),
    )


def _addressees(session: Session, cases: Sequence[Application]) -> dict[int, rules.Addressee]:
    """What a letter may say of the applicant of each case; one statement."""
    people = Citizen.__table__.c
    ids = {c.citizen_id for c in cases if c.citizen_id and not c.identity_hidden}
    rows = {
        row.id: row
        for row in session.execute(
            select(
                people.id, people.first_name, people.last_name, people.title, people.phone,
                people.phone2, people.email, people.national_id, people.address,
            ).where(people.id.in_(sorted(ids)))
        )
    }  # fmt: skip
    found = {}
    for case in cases:
        row = None if case.identity_hidden else rows.get(case.citizen_id or 0)
        secrets = [case.contact_phone, case.contact_email]
        if row is not None:
            secrets += [row.phone, row.phone2, row.email, row.national_id or "", row.address]
        found[case.id] = rules.Addressee(
            case.number,
            case.tracking_code,
            first_name=row.first_name if row is not None else "",
            last_name=row.last_name if row is not None else "",
            title=row.title if row is not None else "",
            received=format_date(case.received_on),
            private=tuple(secret for secret in secrets if secret),
        )
    return found


# --- callers -------------------------------------------------------------------------------------------
def note_join(
    session: Session,
    application: Application,
    *,
    citizen_id: int | None,
    actor: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    on_behalf_of: str = "",
) -> ApplicationEvent:
    """Write that somebody joined this case: the person stands beside the step, for whom in its details."""
    step = record_step(
        session,
        application,
        "join",
        actor=actor,
        now=now,
        note=note,
        details={"on_behalf_of": on_behalf_of} if on_behalf_of else None,
    )
    step.citizen_id = citizen_id
    flush(session)
    return step


def callers_of(session: Session, case_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Who called about these cases without a case of their own: citizen id → details of the step."""
    steps = ApplicationEvent.__table__.c
    joined = session.execute(
        select(steps.citizen_id, steps.details)
        .where(
            steps.application_id.in_(sorted(case_ids)),
            steps.action == "join",
            steps.citizen_id.is_not(None),
        )
        .order_by(steps.id)
    )
    return {row.citizen_id: row.details for row in joined}


def tell_callers(
    session: Session,
    main: Application,
    group: Sequence[Application],
    template: str,
    *,
    step: ApplicationEvent,
) -> None:
    """Tell those whose call was joined to a case of the group; they are not told whose case it is."""
    text = caller_words(session, main.number, template, now=step.at)
    if text is None or not get_flag(session, "sms_enabled"):
        return
    # Whoever has a case of their own in the group is told by that one.
    own = {case.citizen_id for case in (main, *group)}
    callers = callers_of(session, [main.id, *(case.id for case in group)]).keys() - own
    people = Citizen.__table__.c
    rows = session.execute(
        select(people.id, people.phone).where(people.id.in_(sorted(callers)), people.phone != "")
    )
    later = sms_time(session, main, step.at)
    for citizen_id, phone in rows:
        outbox.queue_sms(
            session,
            to=phone,
            body=text,
            run_after=later,
            owner_type="Application",
            owner_id=main.id,
            template=template,
            dedupe_key=f"app:{main.id}:matter:{step.id}:{citizen_id}",
        )
