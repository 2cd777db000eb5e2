"""What intake learns of a call, and what a call learns of the case that was registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.applications.models import Application
from app.applications.rules import Channel
from app.core.acting import Actor
from app.core.identifiers import format_phone
from app.core.rooms import Panel
from app.frontdesk.models import Call
from app.frontdesk.queries.calls_now import get_call
from app.frontdesk.services.calls import after_registered


def _named(session: Any, arguments: Mapping[str, Any], actor: Actor) -> Call | None:
    """The call with which intake was opened, while it is the actor's own."""
    text = str(arguments.get("call", ""))
    if not (text.isdigit() and len(text) < 10 and actor.may("handle", "Call")):
        return None
    call = get_call(session, int(text))
    return call if call is not None and call.operator_id in {None, actor.user_id} else None


def begin_intake(session: Any, arguments: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The caller for the form of intake: a known person, else the number of a new one."""
    call = _named(session, arguments, actor)
    if call is None:
        return {}
    values: dict[str, Any] = {"channel": Channel.CALL_CENTER}
    if call.citizen_id is not None:
        values["citizen_id"] = call.citizen_id
    elif call.number:
        values.update(who="new", phone=format_phone(call.number))
    return values


def link_intake(
    session: Any, application: Application, arguments: Mapping[str, Any], actor: Actor
) -> str | None:
    """Keep with the call which case was opened, or joined, in it."""
    call = _named(session, arguments, actor)
    if call is not None:
        after_registered(session, call=call, application=application, actor=actor)
    return None


#: The knowledge box beside intake.
CALL_PANELS = {
    "intake": (
        Panel(
            "knowledge",
            _l("Knowledge base"),
            lambda: url_for("KnowledgeItemView.box"),
            shown=lambda actor: actor.may("lookup", "KnowledgeItem"),
        ),
    )
}
