"""Call-backs: the weekly draw, what each try ended in, and those that need not be called any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import CallBack, CallBackSample
from app.applications.queries.surveys import find_sample, list_for_call_back, stale_call_backs
from app.applications.rules import AnswerMethod, CallResult, CallState
from app.applications.services.feedback.answers import ask_no_more, record_answer
from app.applications.services.moves import check_version, flush, refuse
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean
from app.system.queries import get_number

_MAY_NOT = N_("You may not do this step.")


def seed_of_week(week_on: dt.date) -> int:
    """The usual seed of a week's draw: its date as a number, so that anybody can repeat it."""
    return int(f"{week_on:%Y%m%d}")


def draw_call_backs(
    session: Session,
    *,
    week_on: dt.date,
    actor: Actor,
    wanted: int | None = None,
    seed: int | None = None,
    now: dt.datetime | None = None,
) -> CallBackSample:
    """Draw whom to call back of those answered in a week, in proportion to unit and topic.

    A person with several cases is drawn for the newest at most. The same week, cases and seed give the
    same sample. RuleViolation for a week that is not over, or that has its sample already.
    """
    if not actor.may("write", "CallBackSample"):
        raise refuse(_MAY_NOT)
    moment = now or clock.now()
    size = wanted if wanted is not None else get_number(session, "callback_weekly_size")
    values = {"week_on": week_on, "wanted": size, "seed": seed}
    today = clock.to_local(moment).date()
    if broken := collect(rules.sample_violations(values, today=today)):
        raise RuleViolation(broken)
    if find_sample(session, week_on) is not None:
        raise refuse(N_("This week has its sample already."), "week_on")
    gap = dt.timedelta(days=get_number(session, "survey_gap_days"))
    with acting_as(SYSTEM):
        people = list_for_call_back(
            session, week_on, week_on + dt.timedelta(days=6), not_since=moment - gap
        )
    number = seed_of_week(week_on) if seed is None else seed
    population = [(row.id, (row.lead_unit_id or 0, row.topic_id or 0)) for row in people]
    drawn = set(rules.draw_sample(population, size, number))
    sample = CallBackSample(
        week_on=week_on, seed=number, wanted=size, population=len(population), drawn=len(drawn),
        drawn_at=moment,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(sample)
            session.flush()
    except IntegrityError as twin:
        raise RuleViolation(Violation("week_on", N_("This week has its sample already."))) from twin
    rows = [
        {
            "sample_id": sample.id,
            "application_id": row.id,
            "cycle": row.cycle,
            "topic_id": row.topic_id,
            "unit_id": row.lead_unit_id,
            "next_on": today,
            "created_at": moment,
            "changed_at": moment,
        }
        for row in people
        if row.id in drawn
    ]
    if rows:
        session.execute(insert(CallBack), rows)
    return sample


def draw_last_week(session: Session, *, now: dt.datetime) -> int:
    """Draw the sample of the week that is over, unless it exists or none is wanted; how many."""
    week_on = rules.week_start(clock.to_local(now).date()) - dt.timedelta(days=7)
    if not get_number(session, "callback_weekly_size") or find_sample(session, week_on) is not None:
        return 0
    return draw_call_backs(session, week_on=week_on, actor=SYSTEM, now=now).drawn


def record_try(
    session: Session,
    *,
    call: CallBack,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> CallBack:
    """Note one try: answered (with the answer itself), refused, not reached, wrong number.

    `values` hold result, note, no_more and the fields of an answer. Who is not reached is tried again
    the next day, as often as the setting says. RuleViolation when something is missing or the
    call-back is over; ConflictError when a colleague was quicker.
    """
    if not actor.may("write", "CallBack"):
        raise refuse(_MAY_NOT)
    check_version(call, version)
    if call.state is not CallState.WAITING or call.application is None:
        raise refuse(N_("This call-back is over."))
    if broken := collect(rules.call_violations(values)):
        raise RuleViolation(broken)
    moment = now or clock.now()
    result = CallResult(values["result"])
    if result is CallResult.ANSWERED:
        record_answer(
            session, application=call.application, values=values, method=AnswerMethod.CALL_BACK,
            actor=actor, now=moment,
        )  # fmt: skip
    call.tries += 1
    call.state = rules.call_state_after(result, call.tries, get_number(session, "callback_tries"))
    call.last_try_at = moment
    call.called_by_id = actor.user_id
    call.note = clean(str(values.get("note") or ""))
    is_waiting = call.state is CallState.WAITING
    tomorrow = clock.to_local(moment).date() + dt.timedelta(days=1)
    call.next_on = tomorrow if is_waiting else None
    if values.get("no_more"):
        ask_no_more(session, call.application)
    flush(session)
    return call


def drop_stale(session: Session) -> int:
    """Take off the list who need not be called any more: reopened, restricted, opted out."""
    with acting_as(SYSTEM):
        ids = list(session.execute(stale_call_backs()).scalars())
        for start in range(0, len(ids), 500):
            session.execute(
                update(CallBack)
                .where(CallBack.id.in_(ids[start : start + 500]))
                .values(state=CallState.DROPPED, next_on=None, version=CallBack.version + 1),
                execution_options={"synchronize_session": False},
            )
    return len(ids)
