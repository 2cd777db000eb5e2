"""CİMER answers to be entered: approved or given, and not at CİMER yet."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from app.applications import rules
from app.applications.models import Application, Topic
from app.applications.queries.cimer import waits_for_entry
from app.applications.views.conditions import due_of, under, unit_of, what
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, Words, formats


class CimerAnswerView(BackOfficeView):
    """The work list of the CİMER officer: each row leads to the text to copy."""

    datamodel = Interface(Application)
    route_base = "/cimer/answers"
    class_permission_name = "CimerExchange"
    exclude_route_methods = {
        "download", "action_post", "show", "add", "edit", "delete", "reveal",
    }  # fmt: skip
    label = _l("CİMER answer to be entered")
    label_plural = _l("CİMER answers to be entered")
    icon = "send"
    can_add = False
    can_edit = False
    has_history = False
    intro = _l(
        "The legal period ends when the answer stands at CİMER: open a row, copy the text, note the date."
    )
    empty_text = _l("Every answer that is ready stands at CİMER.")
    list_columns = ["number", "due_on", "subject", "external_ref", "lead_unit", "state"]
    show_columns = list_columns
    order_columns = ["number", "due_on"]
    base_order = ("due_on", "asc")
    export_columns = ["kind", "external_received_at", "received_at", "answered_at"]
    label_columns = {
        "number": _l("Case no"),
        "due_on": _l("Due"),
        "subject": _l("Subject"),
        "external_ref": _l("Number at CİMER"),
        "lead_unit": _l("Unit"),
        "state": _l("State"),
        "kind": _l("Kind"),
        "external_received_at": _l("Date at CİMER"),
        "received_at": _l("Received"),
        "answered_at": _l("Answered"),
    }
    codes = {"kind": rules.KIND_LABELS}
    formats = {
        "state": formats.labelled(rules.STATE_LABELS, rules.STATE_TONES),
        "due_on": due_of,
        "subject": what,
        "lead_unit": unit_of,
    }
    list_options = (
        defer(Application.body, raiseload=True),
        defer(Application.due_trail, raiseload=True),
        defer(Application.search_text, raiseload=True),
        joinedload(Application.topic).load_only(Topic.code, Topic.name),
    )
    search = Words("q", _l("Search in this list"), columns=(Application.search_text,))
    filters = (
        Choice("kind", _l("Kind"), Application.kind, labels=rules.CIMER_KIND_LABELS),
        Pick("unit", _l("Unit"), Application.lead_unit_id, source="unit", condition=under),
        Dates("due", _l("Due"), Application.due_on),
    )

    def base_query(self) -> Any:
        """Those that wait, in the actor's scope."""
        return select(Application).where(waits_for_entry())

    def row_label(self, item: Application) -> str:
        """Its number."""
        return item.number

    def row_url(self, item: Application) -> str:
        """The page with the text to copy."""
        return url_for("CimerStepView.answer", pk=item.id)
