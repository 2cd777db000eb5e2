"""Listens to every flush and writes down what it changed, field by field, masked and short."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any
from weakref import WeakSet

from sqlalchemy import Text, event, insert, inspect, select
from sqlalchemy.orm import InstanceState, Mapper, PassiveFlag, Session, UOWTransaction

from app.core import clock
from app.core.acting import current_actor, noted_mandate
from app.core.identifiers import scrub
from app.core.personal import is_personal, mask_column
from app.core.security.signals import sign_in_failed, signed_in, signed_out
from app.core.text import excerpt
from app.system.models import AuditEvent
from app.system.rules import AuditVerb
from app.system.services.audit import trail

#: Classes whose rows are not audited, each with its reason.
EXCLUDED: Mapping[str, str] = MappingProxyType(
    {
        "AuditEvent": "It is the trail.",
        "ApplicationEvent": "Append-only history of its own; nothing in it is ever changed.",
        "CimerExchange": "Append-only correspondence of its own; nothing in it is ever changed.",
        "Reminder": "Written once by the clock and never changed.",
        "NumberSeries": "Counts with each number given, and the number stands on its record.",
        "Job": "Progress and leases change by the second; retry and cancel are recorded as acts.",
        "Notification": "Delivery states change by the minute; retry and cancel are recorded as acts.",
        "BulkRow": "Result of one row; its run and the change of its application are audited.",
        "ImportRow": "Raw lines of a file; their batch and the records made of them are audited.",
        "Satisfaction": "Cut from its application after a time; a trail would keep what is cut.",
        "CallBack": "Cut from its application after a time; each try stands on the row itself.",
        "Permission": "Vocabulary of the program; who is granted it stands on the role.",
        "ViewMenu": "Vocabulary of the program; who is granted it stands on the role.",
        "PermissionView": "Vocabulary of the program; who is granted it stands on the role.",
    }
)

#: Columns that say nothing about a change: keys, stamps, search copies, counters of the door.
LEFT_OUT = frozenset(
    {
        "id",
        "version",
        "search_text",
        "created_at",
        "changed_at",
        "created_by_id",
        "changed_by_id",
        "created_on",
        "changed_on",
        "created_by_fk",
        "changed_by_fk",
        "due_trail",
        "session_stamp",
        "login_count",
        "last_login",
        "fail_login_count",
        "last_used_at",
        "failed_logins",
    }
)
#: That it changed is told, never what it is.
SECRET = frozenset({"password", "token", "secret", "secret_digest"})

_HIDDEN = "***"
_EXCERPT = 160
_LONG_COLUMN = 160
_BEFORE = "audit_before"
# `event.contains` goes by id(), which a new factory may inherit from one that is gone.
_LISTENED: WeakSet[Any] = WeakSet()


def install(session_factory: Any = Session) -> None:
    """Listen on every session of `session_factory`, and at the door."""
    if session_factory not in _LISTENED:
        _LISTENED.add(session_factory)
        event.listen(session_factory, "before_flush", _before_flush)
        event.listen(session_factory, "after_flush", _after_flush)
    signed_in.connect(_on_signed_in)
    signed_out.connect(_on_signed_out)
    sign_in_failed.connect(_on_sign_in_failed)


# --- what changed -----------------------------------------------------------------------------------
def _is_audited(item: object) -> bool:
    return type(item).__name__ not in EXCLUDED


def _before_flush(session: Session, context: UOWTransaction, instances: object) -> None:
    """Read values that are about to be overwritten unseen (set on an expired attribute)."""
    unseen: dict[InstanceState[Any], Mapping[str, Any]] = {}
    for item in session.dirty:
        if not _is_audited(item):
            continue
        state: InstanceState[Any] = inspect(item)
        names = [
            column.key
            for column in state.mapper.column_attrs
            if (found := state.attrs[column.key].history).added and not found.deleted
        ]
        if names and state.identity:
            columns = [state.mapper.columns[name].label(name) for name in names]
            keys = zip(state.mapper.primary_key, state.identity, strict=True)
            query = select(*columns).where(*(column == value for column, value in keys))
            row = session.connection().execute(query).mappings().first()
            unseen[state] = dict(row) if row is not None else {}
    session.info[_BEFORE] = unseen


def _after_flush(session: Session, context: UOWTransaction) -> None:
    """Write one row for each record that the flush inserted, changed or deleted."""
    unseen = session.info.pop(_BEFORE, {})
    rows: list[dict[str, Any]] = []
    for verb, items in (
        (AuditVerb.INSERT, session.new),
        (AuditVerb.UPDATE, session.dirty),
        (AuditVerb.DELETE, session.deleted),
    ):
        for item in items:
            if not _is_audited(item):
                continue
            state: InstanceState[Any] = inspect(item)
            changes = dict(_changes(verb, state, unseen.get(state, {})))
            if changes or verb is not AuditVerb.UPDATE:
                rows.append(_row(verb, state, changes))
    if rows:
        session.connection().execute(insert(AuditEvent), rows)


def _row(verb: AuditVerb, state: InstanceState[Any], changes: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    key = state.mapper.primary_key_from_instance(state.object)[0]
    return {
        "at": clock.now(),
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "address": actor.address,
        "request_id": actor.request_id,
        "verb": verb,
        "entity": state.mapper.class_.__name__,
        "record_id": key if isinstance(key, int) else None,
        "summary": _in_whose_place(),
        "changes": changes,
    }


def _in_whose_place() -> str:
    """That something was done as a deputy, and for whom; the word is that of official papers."""
    mandate = noted_mandate()
    return f"vekâleten: {mandate.name}"[:300] if mandate is not None else ""


def _changes(
    verb: AuditVerb, state: InstanceState[Any], unseen: Mapping[str, Any]
) -> Iterator[tuple[str, list[Any]]]:
    mapper = state.mapper
    for attribute in mapper.column_attrs:
        name = attribute.key
        if name in LEFT_OUT:
            continue
        if verb is AuditVerb.UPDATE:
            found = state.attrs[name].history
            if not found.added:
                continue
            before = found.deleted[0] if found.deleted else unseen.get(name)
            after = found.added[0]
        else:
            value = state.dict.get(name)
            before, after = (None, value) if verb is AuditVerb.INSERT else (value, None)
        if before == after or (before in (None, "") and after in (None, "")):
            continue
        yield name, [_shown(mapper, name, before), _shown(mapper, name, after)]
    yield from _links(state)


def _links(state: InstanceState[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Changes of many-to-many links, such as the roles of a user or the grants of a role."""
    for relation in state.mapper.relationships:
        if relation.secondary is None or relation.key not in state.dict:
            continue
        found = state.get_history(relation.key, PassiveFlag.PASSIVE_NO_INITIALIZE)
        if found.added or found.deleted:
            yield relation.key, [_names(found.deleted or ()), _names(found.added or ())]


def _names(items: Any) -> str | None:
    return excerpt(", ".join(sorted(str(i) for i in items)), 4_000) or None


# --- how a value is written down -------------------------------------------------------------------
def _shown(mapper: Mapper[Any], name: str, value: Any) -> Any:
    """A value as the trail keeps it: plain, short, masked where it is personal."""
    if value is None or value == "":
        return None
    if name in SECRET:
        return _HIDDEN
    if is_personal(mapper.class_, name):
        return mask_column(name, str(value))
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.datetime):
        return clock.to_local(value).isoformat(timespec="seconds") if value.tzinfo else str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return excerpt(scrub(json.dumps(value, ensure_ascii=False, default=str)), _EXCERPT)
    column = mapper.columns[name].type
    is_long = isinstance(column, Text) or (getattr(column, "length", None) or 0) >= _LONG_COLUMN
    return excerpt(scrub(str(value)) if is_long else str(value), _EXCERPT)


# --- the door ------------------------------------------------------------------------------------------
def _at_door(sender: Any, verb: AuditVerb, user: Any, summary: str = "") -> None:
    who = getattr(user, "id", None)
    trail.record_access(
        sender.session,
        verb=verb,
        entity=type(user).__name__ if user is not None else "",
        record_id=who,
        summary=summary,
    )


def _on_signed_in(sender: Any, user: Any) -> None:
    _at_door(sender, AuditVerb.LOGIN, user, user.get_full_name())


def _on_signed_out(sender: Any, user: Any) -> None:
    _at_door(sender, AuditVerb.LOGOUT, user, user.get_full_name())


def _on_sign_in_failed(sender: Any, username: str, user: Any) -> None:
    # What was typed is not kept: people type their password into the wrong field.
    _at_door(sender, AuditVerb.LOGIN_FAILED, user, user.get_full_name() if user else "")
