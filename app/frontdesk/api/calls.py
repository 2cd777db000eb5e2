"""REST resources of the call centre, and the webhook by which a switch tells of live calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_appbuilder.api import expose
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from app.core.acting import SYSTEM, acting_as
from app.core.api import BackOfficeApi
from app.core.api.guard import answer
from app.core.database import writing
from app.core.rules import N_, RuleViolation, Violation
from app.core.security.throttle import is_within
from app.core.views import Interface
from app.frontdesk.models import Call, CallImport, CallMapping, KnowledgeItem, Shift, ShiftNote
from app.frontdesk.rules.calls_live import MOST_BYTES
from app.frontdesk.rules.knowledge import knowledge_violations
from app.frontdesk.rules.shifts import note_violations, shift_violations
from app.frontdesk.services import calls as acts
from app.frontdesk.services import calls_live
from app.frontdesk.services import knowledge as knowledge_acts
from app.frontdesk.services import shifts as shift_acts
from app.system.queries import find_key
from app.system.services.keys import note_use

#: Header in which a program sends its key.
KEY_HEADER = "X-API-Key"
_SCOPE = "calls"
#: Wrong keys of one address in a minute; above it the answer no longer says that the key is wrong.
_WRONG_KEYS = 60
#: Wrong keys of one address in a minute; above it the answer no longer says that the key is wrong.
_WRONG_KEYS = 60


def update_call(session: Any, *, item: Call, values: Mapping[str, Any]) -> Call:
    """What an operator may correct of a call."""
    for name, value in values.items():
        setattr(item, name, value)
    return acts.after_call_changed(session, call=item, values=values)


class CallApi(BackOfficeApi):
    """/api/v1/call/, and /api/v1/call/live for the switch."""

    datamodel = Interface(Call)
    resource_name = "call"
    class_permission_name = "Call"
    list_columns = [
        "id", "direction", "source", "phase", "result", "number", "operator_id", "queue", "started_at",
        "answered_at", "ended_at", "wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds",
        "application_id", "first_contact",
    ]  # fmt: skip
    show_columns = [*list_columns, "knowledge_id", "transferred_to", "extension", "note"]
    add_columns: list[str] = []
    edit_columns = ["result", "first_contact", "transferred_to", "application_id", "note"]
    search_columns = [
        "direction", "result", "phase", "source", "queue", "operator", "application", "started_at",
        "first_contact",
    ]  # fmt: skip
    order_columns = ["id", "started_at", "talk_seconds", "wait_seconds"]
    base_order = ("started_at", "desc")
    update = staticmethod(update_call)

    @expose("/live", methods=["POST"])
    def live(self) -> Response:
        """One message of the switch about a live call; the same one again changes nothing.

        401 without a key that opens calls, 429 above the bound of the key, 413 for a long body, 400
        for a body that is no JSON, 422 with `errors` by field.
        """
        with acting_as(SYSTEM), writing():
            key = find_key(self.session, request.headers.get(KEY_HEADER, ""), _SCOPE)
            if key is None:
                # Who tries keys is slowed down by address.
                if not is_within("calls-wrong-key", request.remote_addr or "", _WRONG_KEYS):
                    return answer(429, message=_("Too many calls; wait a minute."))
                return answer(401, message=_("Send a key that opens calls in X-API-Key."))
            if not is_within("calls-key", str(key.id), key.rate_limit):
                return answer(429, message=_("Too many calls; wait a minute."))
            if (request.content_length or 0) > MOST_BYTES:
                return answer(413, message=_("The message is too long."))
            try:
                data = json.loads(request.stream.read(MOST_BYTES + 1))
            except (ValueError, UnicodeDecodeError, RecursionError):
                return answer(400, message=_("The body is no JSON."))
            note_use(self.session, key)
            return self._receive(data)

    def _receive(self, data: Any) -> Response:
        try:
            done = calls_live.receive(self.session, data=data)
            self.session.commit()
        except RuleViolation as refused:
            self.session.rollback()
            errors: dict[str, list[str]] = {}
            for one in refused.violations:
                text = _(one.message) % dict(one.params) if one.params else _(one.message)
                errors.setdefault(one.field, []).append(text)
            texts = " ".join(text for told in errors.values() for text in told)
            return answer(422, message=texts, errors=errors)
        except DBAPIError:
            self.session.rollback()
            return answer(
                503, message=_("The message could not be stored just now; send it again.")
            )
        return answer(
            201 if done.is_new else 200,
            id=done.call_id,
            phase=done.phase.value,
            changed=done.is_changed,
        )

    def add_api_spec(self, api_spec: Any) -> None:
        """Describe the resource and the webhook."""
        super().add_api_spec(api_spec)
        text = {"type": "string"}
        names = (
            "switch_id", "event", "at", "number", "direction", "extension", "operator", "queue",
            "transferred_to", "recording",
        )  # fmt: skip
        body = {
            "type": "object",
            "properties": dict.fromkeys(names, text),
            "required": ["switch_id", "event", "at"],
        }
        done = {
            "description": "Taken",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "id": {"type": "integer"},
                            "phase": text,
                            "changed": {"type": "boolean"},
                        },
                    }
                }
            },
        }
        error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        refusals = {
            code: {"description": why, "content": error}
            for code, why in (
                ("400", "The body is no JSON."),
                ("401", "There is no key that opens calls."),
                ("413", "The body is too long."),
                ("422", "Fields are refused; `errors` names them."),
                ("429", "There are more calls than the key allows in a minute."),
                ("429", "There are more calls than the key allows in a minute."),
            )
        }
        operation = {
            "tags": ["Call"],
            "summary": "One message of the telephone switch about a live call",
            "security": [],
            "parameters": [{"in": "header", "name": KEY_HEADER, "required": True, "schema": text}],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": body}},
            },
            "responses": {"200": done, "201": done, **refusals},
        }
        api_spec.path(path=f"{self.route_base}/live", operations={"post": operation})


class CallMappingApi(BackOfficeApi):
    """/api/v1/call_mapping/"""

    datamodel = Interface(CallMapping)
    resource_name = "call_mapping"
    class_permission_name = "CallMapping"
    list_columns = ["id", "name", "description", "is_shipped", "version"]
    show_columns = [*list_columns, "document"]
    add_columns: list[str] = []
    edit_columns = ["description"]
    search_columns = ["name", "is_shipped"]
    order_columns = ["id", "name"]


class CallImportApi(BackOfficeApi):
    """/api/v1/call_import/"""

    datamodel = Interface(CallImport)
    resource_name = "call_import"
    class_permission_name = "CallImport"
    list_columns = [
        "id", "file_name", "state", "total_rows", "created_rows", "known_rows", "rejected_rows",
        "created_at", "finished_at",
    ]  # fmt: skip
    show_columns = [*list_columns, "mapping_id", "error"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["state", "created_at"]
    order_columns = ["id", "created_at"]


def create_shift(session: Any, *, values: Mapping[str, Any]) -> Shift:
    """A shift gets its hours and must not meet another one of its person."""
    return shift_acts.place_shift(session, shift=Shift(**values))


def update_shift(session: Any, *, item: Shift, values: Mapping[str, Any]) -> Shift:
    """The same for a changed one."""
    for name, value in values.items():
        setattr(item, name, value)
    return shift_acts.place_shift(session, shift=item)


class ShiftApi(BackOfficeApi):
    """/api/v1/shift/"""

    datamodel = Interface(Shift)
    resource_name = "shift"
    class_permission_name = "Shift"
    list_columns = [
        "id", "operator_id", "on", "kind", "starts_at", "ends_at", "seat", "state", "version",
    ]  # fmt: skip
    show_columns = [*list_columns, "signed_in_at", "note"]
    add_columns = ["operator_id", "on", "kind", "seat", "state", "note"]
    edit_columns = add_columns
    search_columns = ["operator", "on", "kind", "state", "seat"]
    order_columns = ["id", "on", "starts_at"]
    can_delete = True
    create = staticmethod(create_shift)
    update = staticmethod(update_shift)
    form_rule = staticmethod(shift_violations)


def create_note(session: Any, *, values: Mapping[str, Any], actor: Any) -> ShiftNote:
    """The shift of this hour writes it."""
    return shift_acts.write_note(
        session,
        text=values.get("text") or "",
        open_matters=values.get("open_matters") or "",
        application_ids=(),
        actor=actor,
    )


def update_note(
    session: Any, *, item: ShiftNote, values: Mapping[str, Any], actor: Any
) -> ShiftNote:
    """Only whoever wrote a note may change it."""
    if item.author_id != actor.user_id:
        raise RuleViolation(Violation("", N_("Only whoever wrote a note may change it.")))
    for name, value in values.items():
        setattr(item, name, value)
    return shift_acts.store_note(session, note=item, application_ids=None)


class ShiftNoteApi(BackOfficeApi):
    """/api/v1/shift_note/"""

    datamodel = Interface(ShiftNote)
    resource_name = "shift_note"
    class_permission_name = "ShiftNote"
    list_columns = [
        "id",
        "on",
        "kind",
        "author_id",
        "written_at",
        "text",
        "open_matters",
        "version",
    ]
    show_columns = list_columns
    add_columns = ["text", "open_matters"]
    edit_columns = add_columns
    search_columns = ["on", "kind", "author"]
    order_columns = ["id", "written_at"]
    create = staticmethod(create_note)
    update = staticmethod(update_note)
    form_rule = staticmethod(note_violations)


def create_item(session: Any, *, values: Mapping[str, Any]) -> KnowledgeItem:
    """A new item is its first edition."""
    item = KnowledgeItem(**values)
    knowledge_acts.prepare_item(session, item=item)
    session.add(item)
    session.flush()
    return item


def update_item(session: Any, *, item: KnowledgeItem, values: Mapping[str, Any]) -> KnowledgeItem:
    """A changed answer is a new edition."""
    for name, value in values.items():
        setattr(item, name, value)
    knowledge_acts.prepare_item(session, item=item)
    session.flush()
    return item


class KnowledgeItemApi(BackOfficeApi):
    """/api/v1/knowledge_item/"""

    datamodel = Interface(KnowledgeItem)
    resource_name = "knowledge_item"
    class_permission_name = "KnowledgeItem"
    list_columns = [
        "id", "title", "topic_id", "unit_id", "owner_id", "valid_until", "review_on", "edition", "active",
        "used_count", "version",
    ]  # fmt: skip
    show_columns = [*list_columns, "questions", "answer", "reviewed_on"]
    add_columns = [
        "title", "questions", "answer", "topic_id", "unit_id", "owner_id", "valid_until", "review_on", "active",
    ]  # fmt: skip
    edit_columns = add_columns
    search_columns = ["title", "topic", "unit", "owner", "review_on", "active"]
    order_columns = ["id", "title", "used_count", "review_on"]
    can_delete = True
    create = staticmethod(create_item)
    update = staticmethod(update_item)
    form_rule = staticmethod(knowledge_violations)


#: Every resource of the call centre.
CALL_APIS: tuple[type, ...] = (
    CallApi,
    CallMappingApi,
    CallImportApi,
    ShiftApi,
    ShiftNoteApi,
    KnowledgeItemApi,
)
