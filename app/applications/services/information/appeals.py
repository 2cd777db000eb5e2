"""Appeals to the Board or the court: recorded, documents, decision, and what followed.

Source: 4982 m.13; domain facts 2.1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications import queries, rules
from app.applications.models import Appeal, Application
from app.applications.queries.information import find_information_case, has_open_appeal
from app.applications.rules import Action, Kind
from app.applications.rules import information as foi
from app.applications.rules.information import (
    AppealFollowUp,
    AppealForum,
    AppealResult,
    AppealState,
)
from app.applications.services.moves import (
    apply_action,
    check_verb,
    check_version,
    flush,
    record_step,
    refuse,
)
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation
from app.core.text import clean

_STILL_OPEN = N_(
    "An appeal about this request is still open there; enter its decision before another one is recorded."
)
#: Step of an appeal → the step on the timeline of its application.
_STEPS = {
    "ask": "appeal_documents_asked",
    "send": "appeal_documents_sent",
    "decide": "appeal_decided",
    "follow": "appeal_followed",
}


def new_appeal(
    session: Session,
    *,
    application: Application,
    forum: AppealForum,
    filed_on: dt.date,
    notified_on: dt.date | None,
    note: str = "",
    file_no: str = "",
) -> Appeal:
    """The record of an appeal with the days that the law counts for the Board; not flushed."""
    appeal = Appeal(
        application_id=application.id,
        forum=forum,
        filed_on=filed_on,
        notified_on=notified_on,
        note=note,
        file_no=file_no,
    )
    if forum is AppealForum.BOARD:
        if notified_on is not None:
            appeal.appeal_by = queries.count_deadline(session, foi.APPEAL_RULE, notified_on).due_on
        appeal.decision_due_on = queries.count_deadline(session, foi.BOARD_RULE, filed_on).due_on
    session.add(appeal)
    return appeal


def file_appeal(
    session: Session,
    *,
    application: Application,
    forum: AppealForum | None,
    filed_on: dt.date | None,
    actor: Actor,
    notified_on: dt.date | None = None,
    note: str = "",
    file_no: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Appeal:
    """Record that the applicant went to the Board or the court.

    A decided case stands at “appealed” from now on; an open one, whose silence counts as a refusal,
    stays where it is, because its answer is still owed. RuleViolation for any other kind, before the
    decision and before the day of silence, while another one is open there, and with every broken
    rule of appeals.
    """
    check_verb(actor, "reply")
    if application.kind is not Kind.INFORMATION:
        raise refuse(N_("Only a refused information request goes to the Board (4982 art. 13)."))
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    values = {
        "forum": forum,
        "filed_on": filed_on,
        "notified_on": notified_on,
        "file_no": file_no,
    }
    if broken := tuple(foi.appeal_violations(values, today=today)):
        raise RuleViolation(broken)
    assert forum is not None
    assert filed_on is not None
    is_open = application.state in rules.OPEN_STATES
    if is_open:
        _refuse_before_silence(session, application, filed_on)
    if has_open_appeal(session, application.id, AppealForum(forum)):
        raise refuse(_STILL_OPEN)
    appeal = new_appeal(
        session,
        application=application,
        forum=AppealForum(forum),
        filed_on=filed_on,
        notified_on=notified_on,
        note=clean(note, multiline=True),
        file_no=clean(file_no),
    )
    try:
        flush(session)
    except IntegrityError as twin:
        raise refuse(_STILL_OPEN) from twin
    told = appeal.note or appeal.file_no or filed_on.isoformat()
    details = {"appeal_id": appeal.id, "forum": appeal.forum.value}
    moves_on = rules.find_transition(application.state, Action.APPEAL) is not None
    if forum is AppealForum.BOARD and moves_on:
        apply_action(
            session, application, Action.APPEAL, actor=actor, now=moment, given={"note": told},
            note=appeal.note, details=details, version=version,
        )  # fmt: skip
    else:
        record_step(
            session, application, "appeal_filed", actor=actor, now=moment, note=appeal.note,
            details=details,
        )  # fmt: skip
    return appeal


def _refuse_before_silence(session: Session, application: Application, filed_on: dt.date) -> None:
    """An open request can be appealed once its silence counts as a refusal. Source: 2577 m.10."""
    case = find_information_case(session, application.id)
    if case is None or case.silence_on is None or filed_on <= case.silence_on:
        raise refuse(
            N_("This request is still open, and its silence does not count as a refusal yet."),
            "filed_on",
        )


def take_appeal_step(
    session: Session,
    *,
    appeal: Appeal,
    step: str,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Appeal:
    """Note a step of an appeal: `ask`, `send`, `decide` or `follow`, with its day and its facts.

    `values`: on, number (of the file or the decision), result, follow_up, note. Raises RuleViolation
    for a step out of order, ConflictError for a stale version.
    """
    check_verb(actor, "reply")
    check_version(appeal, version)
    if appeal.state not in foi.APPEAL_STEPS[step]:
        raise refuse(N_("This step does not follow from where the appeal stands."))
    moment = now or clock.now()
    broken = tuple(
        foi.appeal_step_violations(
            step,
            values,
            filed_on=appeal.decided_on or appeal.filed_on if step == "follow" else appeal.filed_on,
            asked_on=appeal.documents_asked_on,
            today=clock.to_local(moment).date(),
        )
    )
    if broken:
        raise RuleViolation(broken)
    on: dt.date = values["on"]
    number = clean(str(values.get("number") or ""))[:60]
    note = clean(str(values.get("note") or ""), multiline=True)
    if step == "ask":
        appeal.state, appeal.documents_asked_on = AppealState.DOCUMENTS_ASKED, on
        appeal.documents_due_on = queries.count_deadline(session, foi.DOCUMENTS_RULE, on).due_on
        appeal.file_no = number or appeal.file_no
    elif step == "send":
        appeal.state, appeal.documents_sent_on = AppealState.DOCUMENTS_SENT, on
    elif step == "decide":
        appeal.state, appeal.decided_on = AppealState.DECIDED, on
        appeal.result, appeal.decision_no = AppealResult(values["result"]), number
        appeal.result_note = note
    else:
        appeal.follow_up, appeal.followed_on = AppealFollowUp(values["follow_up"]), on
        appeal.follow_up_note = note
    flush(session)
    details: dict[str, Any] = {"appeal_id": appeal.id}
    if step == "decide":
        details["result"] = values["result"] and AppealResult(values["result"]).value
    record_step(
        session, appeal.application, _STEPS[step], actor=actor, now=moment, note=note,
        details=details,
    )  # fmt: skip
    return appeal
