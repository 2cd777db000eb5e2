"""Which rows of this room an actor may see; the session applies these rules to every statement.

Inside a condition the tables are named as Core tables, so that a rule is never applied to itself.
Source: domain facts 2.4 and 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from app.applications.models import (
    Appeal,
    Application,
    ApplicationEvent,
    ApprovalStep,
    Assignment,
    BulkRow,
    BulkRun,
    CallBack,
    CimerExchange,
    FieldVisit,
    ImportBatch,
    ImportRow,
    InformationCase,
    LetterBatch,
    LetterBatchRow,
    Open311Request,
    OutgoingCheck,
    Reconciliation,
    ReconciliationItem,
    Reply,
    ReplyVersion,
    Satisfaction,
    TransferFollowUp,
)
from app.applications.rules import AssignmentState
from app.core.acting import Actor
from app.core.scope import ScopeRule
from app.people.queries import is_bound_to_unit

_cases = Application.__table__.c
_sent = Assignment.__table__.c
_batches = ImportBatch.__table__.c
#: A unit that returned a case, or from which it was taken, no longer needs it.
_GONE = (AssignmentState.RETURNED, AssignmentState.CANCELLED)


def _own_cases(actor: Actor) -> Any:
    """Ids of the cases that were sent to the actor's unit or below it."""
    return select(_sent.application_id).where(
        _sent.unit_id.in_(sorted(actor.unit_ids)), _sent.state.not_in(_GONE)
    )


def visible_applications(actor: Actor) -> ColumnElement[bool] | None:
    """Units see what was sent to them; restricted (CİMER) cases need `restricted` or an assignment."""
    if not actor.may("read", "Application"):
        return false()
    if is_bound_to_unit(actor):
        return Application.id.in_(_own_cases(actor))
    if actor.may("restricted", "Application"):
        return None
    if not actor.unit_ids:
        return Application.is_restricted.is_(False)
    return or_(Application.is_restricted.is_(False), Application.id.in_(_own_cases(actor)))


def _parts_of_visible(column: Any, actor: Actor) -> ColumnElement[bool] | None:
    """The condition on a part of a case: its case must be visible."""
    if not actor.may("read", "Application"):
        return false()
    if is_bound_to_unit(actor):
        return column.in_(_own_cases(actor))  # type: ignore[no-any-return]
    if actor.may("restricted", "Application"):
        return None
    # Asked of each part by the key of its case, because few cases are restricted and no index
    # lists them.
    hidden = (
        select(_cases.id)
        .where(_cases.id == column, _cases.is_restricted.is_(True))
        .correlate_except(_cases.id.table)
        .exists()
    )
    if not actor.unit_ids:
        return ~hidden
    return or_(~hidden, column.in_(_own_cases(actor)))


def visible_assignments(actor: Actor) -> ColumnElement[bool] | None:
    """Those of visible cases: a unit sees which others work on its case."""
    return _parts_of_visible(Assignment.application_id, actor)


def visible_events(actor: Actor) -> ColumnElement[bool] | None:
    """The timeline of visible cases."""
    return _parts_of_visible(ApplicationEvent.application_id, actor)


def visible_replies(actor: Actor) -> ColumnElement[bool] | None:
    """The letters of visible cases."""
    return _parts_of_visible(Reply.application_id, actor)


def visible_field_visits(actor: Actor) -> ColumnElement[bool] | None:
    """The visits to the places of visible cases."""
    return _parts_of_visible(FieldVisit.application_id, actor)


def seen_through_application(column: Any, actor: Actor) -> ColumnElement[bool] | None:
    """For a table of a room above that may name a case: rows without one, or with a visible one."""
    visible = _parts_of_visible(column, actor)
    return None if visible is None else or_(column.is_(None), visible)


def visible_open311_requests(actor: Actor) -> ColumnElement[bool] | None:
    """What apps sent, of visible cases."""
    return _parts_of_visible(Open311Request.application_id, actor)


def visible_information_cases(actor: Actor) -> ColumnElement[bool] | None:
    """What law 4982 adds to visible requests."""
    return _parts_of_visible(InformationCase.application_id, actor)


def visible_appeals(actor: Actor) -> ColumnElement[bool] | None:
    """Appeals about visible requests."""
    return _parts_of_visible(Appeal.application_id, actor)


def visible_exchanges(actor: Actor) -> ColumnElement[bool] | None:
    """The correspondence with CİMER about visible cases."""
    return _parts_of_visible(CimerExchange.application_id, actor)


def visible_batches(actor: Actor) -> ColumnElement[bool] | None:
    """Imports; files of CİMER only for those who may see its cases."""
    if actor.may("restricted", "Application"):
        return None
    return ImportBatch.is_restricted.is_(False)


def visible_import_rows(actor: Actor) -> ColumnElement[bool] | None:
    """Refused rows of visible imports."""
    if actor.may("restricted", "Application"):
        return None
    hidden = (
        select(_batches.id)
        .where(_batches.id == ImportRow.batch_id, _batches.is_restricted.is_(True))
        .correlate_except(_batches.id.table)
        .exists()
    )
    return ~hidden


def of_cimer_officers(actor: Actor) -> ColumnElement[bool] | None:
    """Comparisons with the list of CİMER speak of every restricted case."""
    return None if actor.may("restricted", "Application") else false()


def visible_approval_steps(actor: Actor) -> ColumnElement[bool] | None:
    """The chains of approval of visible cases."""
    return _parts_of_visible(ApprovalStep.application_id, actor)


def visible_versions(actor: Actor) -> ColumnElement[bool] | None:
    """Earlier texts of the letters of visible cases."""
    return _parts_of_visible(ReplyVersion.application_id, actor)


def visible_checks(actor: Actor) -> ColumnElement[bool] | None:
    """What was found in letters of visible cases; a file checked by hand is its bringer's."""
    column = OutgoingCheck.application_id
    visible = _parts_of_visible(column, actor)
    if visible is None or actor.may("export", "OutgoingCheck"):
        return None if visible is None else or_(column.is_(None), visible)
    own = and_(column.is_(None), OutgoingCheck.created_by_id == actor.user_id)
    return or_(own, visible)


def visible_letter_batches(actor: Actor) -> ColumnElement[bool] | None:
    """Batches of letters; one with a restricted case only for those who may see such cases."""
    if not actor.may("read", "Application") or is_bound_to_unit(actor):
        return false()
    if actor.may("restricted", "Application"):
        return None
    return LetterBatch.is_restricted.is_(False)


def visible_letter_rows(actor: Actor) -> ColumnElement[bool] | None:
    """Letters of batches about visible cases."""
    return _parts_of_visible(LetterBatchRow.application_id, actor)


def visible_runs(actor: Actor) -> ColumnElement[bool] | None:
    """Acts over many cases: the own ones, and those of others that hold no restricted case."""
    if is_bound_to_unit(actor) or not actor.may("read", "Application"):
        return false()
    if actor.may("restricted", "Application"):
        return None
    return or_(BulkRun.starter_id == actor.user_id, BulkRun.has_restricted.is_(False))


def visible_bulk_rows(actor: Actor) -> ColumnElement[bool] | None:
    """What became of visible cases in such acts."""
    return _parts_of_visible(BulkRow.application_id, actor)


def visible_follow_ups(actor: Actor) -> ColumnElement[bool] | None:
    """What is followed up of visible cases that were passed on."""
    return _parts_of_visible(TransferFollowUp.application_id, actor)


def visible_answers(actor: Actor) -> ColumnElement[bool] | None:
    """Satisfaction: those of cases that are not restricted, and what is no longer linked to any.

    Who may read answers need not read cases: the figures are for many, the case itself stays hidden.
    """
    if is_bound_to_unit(actor):
        return Satisfaction.application_id.in_(_own_cases(actor))
    if actor.may("restricted", "Application"):
        return None
    hidden = (
        select(_cases.id)
        .where(_cases.id == Satisfaction.application_id, _cases.is_restricted.is_(True))
        .correlate_except(_cases.id.table)
        .exists()
    )
    return ~hidden


def visible_call_backs(actor: Actor) -> ColumnElement[bool] | None:
    """Call-backs about visible cases, and what is no longer linked to any."""
    seen = _parts_of_visible(CallBack.application_id, actor)
    return None if seen is None else or_(CallBack.application_id.is_(None), seen)


SCOPES: Mapping[type, ScopeRule] = {
    CallBack: visible_call_backs,
    Satisfaction: visible_answers,
    Application: visible_applications,
    Assignment: visible_assignments,
    ApplicationEvent: visible_events,
    Reply: visible_replies,
    CimerExchange: visible_exchanges,
    ImportBatch: visible_batches,
    ImportRow: visible_import_rows,
    Reconciliation: of_cimer_officers,
    ReconciliationItem: of_cimer_officers,
    InformationCase: visible_information_cases,
    Appeal: visible_appeals,
    Open311Request: visible_open311_requests,
    FieldVisit: visible_field_visits,
    ApprovalStep: visible_approval_steps,
    ReplyVersion: visible_versions,
    OutgoingCheck: visible_checks,
    LetterBatch: visible_letter_batches,
    LetterBatchRow: visible_letter_rows,
    BulkRun: visible_runs,
    BulkRow: visible_bulk_rows,
    TransferFollowUp: visible_follow_ups,
}
#: What messages and reminders are about.
SUBJECTS = frozenset({"Application", "BulkRun", "ImportBatch", "LetterBatch"})
