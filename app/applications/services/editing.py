"""Notes and corrections: what a clerk may change of a case without moving it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent
from app.applications.services.clocks import interruptions_of, set_clock, started_on
from app.applications.services.moves import (
    DETAILS,
    check_verb,
    check_version,
    edited_details,
    flush,
    record_step,
    refuse,
)
from app.applications.services.registration import refuse_known_reference
from app.applications.services.routing import own_assignment
from app.core.acting import Actor
from app.core.identifiers import parse_phone
from app.core.rules import N_, RuleViolation, collect
from app.core.text import clean
from app.people.queries import is_bound_to_unit

#: A change of these moves a clock: the kind the legal one, all of them the internal goal.
_CLOCK = frozenset({"kind", "topic_id"})
#: Told in the event by their names only; the audit trail has before and after.
_PRIVATE = frozenset({"contact_phone", "contact_email", "citizen_id", "body", "on_behalf_of"})


def add_note(
    session: Session,
    *,
    application: Application,
    text: str,
    actor: Actor,
    now: dt.datetime | None = None,
    shown: bool = False,
) -> ApplicationEvent:
    """Add a note to the timeline; `shown` lets the applicant read it."""
    check_verb(actor, "write", "answer", "triage")
    note = clean(text, multiline=True)
    if not note:
        raise refuse(rules.NEEDED["note"], "text")
    unit_id = None
    if is_bound_to_unit(actor):
        every = frozenset(rules.AssignmentState)
        unit_id = own_assignment(session, application, actor, states=every).unit_id
    return record_step(
        session,
        application,
        "note",
        actor=actor,
        now=now,
        note=note,
        unit_id=unit_id,
        visibility=rules.Visibility.APPLICANT if shown else rules.Visibility.INTERNAL,
    )


def change_details(
    session: Session,
    *,
    application: Application,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Correct details of an open case; another kind or topic computes its clock anew.

    `values` are some of `DETAILS`. Raises RuleViolation with every broken rule, ConflictError for a
    stale version.
    """
    check_version(application, version)
    if unknown := set(values) - DETAILS:
        raise TypeError(f"not a detail of an application: {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(application, name, _tidy(name, value))
    return after_details_changed(session, application=application, actor=actor, now=now)


def _tidy(name: str, value: Any) -> Any:
    if name == "kind":
        return rules.Kind(value)
    if name == "priority":
        return rules.Priority(value)
    if name == "contact_phone":
        return parse_phone(value or "") or clean(value or "")
    if name == "external_ref":
        return clean(value or "") or None
    if isinstance(value, str):
        return clean(value, multiline=name == "body")
    return value


def after_details_changed(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    now: dt.datetime | None = None,
) -> Application:
    """Finish an edit whose values already stand on the object: check, clock, event.

    Called by the form, which fills the object itself. Raises RuleViolation with every broken rule;
    the caller rolls back.
    """
    check_verb(actor, "write")
    # Nothing may be written before the rules have been asked.
    with session.no_autoflush:
        changes = _changes(application)
        if not changes:
            return application
        _check(session, application, changes)
        before = application.due_on
        if changes.keys() & _CLOCK and application.answered_at is None:
            stops = interruptions_of(application) if "kind" not in changes else ()
            if "kind" in changes:
                application.is_extended = False
            set_clock(session, application, start=started_on(application), stops=stops)
    details = {
        "fields": sorted(changes),
        **{
            name: [_plain(old), _plain(new)]
            for name, (old, new) in changes.items()
            if name not in _PRIVATE
        },
    }
    if application.due_on != before:
        details["due_on"] = [_plain(before), _plain(application.due_on)]
    flush(session)
    record_step(session, application, "change_details", actor=actor, now=now, details=details)
    return application


def _changes(application: Application) -> dict[str, tuple[Any, Any]]:
    changes: dict[str, tuple[Any, Any]] = {}
    for name, old in edited_details(application).items():
        new = getattr(application, name)
        if (old or None) != (new or None):
            changes[name] = (old, new)
    return changes


def _check(
    session: Session, application: Application, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    if application.state not in rules.OPEN_STATES:
        raise refuse(N_("Only an open application is corrected; add a note instead."))
    if application.state is rules.State.FEE_PENDING and "kind" in changes:
        raise refuse(N_("The kind cannot change while the fee is awaited."), "kind")
    values = {
        name: getattr(application, name)
        for name in (*DETAILS, "channel", "identity_hidden", "external_source", "id")
    }
    known = collect(rules.application_violations(values))
    # A row that came from a file may break a rule of today; only what is changed is held to it.
    touched = set(changes) | (
        {"citizen"} if {"citizen_id", "is_anonymous", "kind"} & set(changes) else set()
    )
    if broken := tuple(v for v in known if v.field in touched):
        raise RuleViolation(broken)
    if "external_ref" in changes:
        refuse_known_reference(session, values)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value) if value is not None and not isinstance(value, bool | int | float) else value
