"""Everything that was sent to units, with each unit’s own clock."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import rules
from app.applications.models import Application, Assignment
from app.applications.views.conditions import words_of_case
from app.core.acting import current_actor
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Pick, formats
from app.core.views.page import Button, Cell


class AssignmentView(BackOfficeView):
    """Everything that was sent to units, with each unit's own clock."""

    datamodel = Interface(Assignment)
    route_base = "/assignments"
    class_permission_name = "Assignment"
    label = _l("Assignment")
    label_plural = _l("Assignments")
    can_add = False
    can_edit = False
    list_columns = ["application", "unit", "role", "state", "due_on", "sent_at", "answered_at"]
    order_columns = ["due_on", "sent_at", "answered_at"]
    base_order = ("sent_at", "desc")
    show_fieldsets = [
        (
            _l("Assignment"),
            {
                "fields": [
                    "application",
                    "unit",
                    "role",
                    "state",
                    "responsible",
                    "note",
                    "sent_at",
                    "accepted_at",
                    "due_on",
                    "reminders",
                    "reminded_at",
                ]
            },
        ),
        (
            _l("Answer of the unit"),
            {"fields": ["answered_at", "outcome", "answer_text", "returned_at", "return_reason"]},
        ),
    ]
    label_columns = {
        "application": _l("Application"),
        "unit": _l("Unit"),
        "role": _l("Asked for"),
        "state": _l("State"),
        "due_on": _l("Unit’s due date"),
        "sent_at": _l("Sent"),
        "accepted_at": _l("Accepted"),
        "reminders": _l("Reminders (tekit)"),
        "reminded_at": _l("Last reminder"),
        "answered_at": _l("Answered"),
        "responsible": _l("Person in charge"),
        "note": _l("Note"),
        "outcome": _l("Outcome"),
        "answer_text": _l("Answer of the unit"),
        "returned_at": _l("Sent back at"),
        "return_reason": _l("Why sent back"),
    }
    wide = frozenset({"note", "answer_text", "return_reason"})
    codes = {"role": rules.ASSIGNMENT_ROLE_LABELS, "outcome": rules.OUTCOME_LABELS}
    formats = {
        "state": formats.labelled(rules.ASSIGNMENT_STATE_LABELS, rules.ASSIGNMENT_STATE_TONES),
        "due_on": lambda value, record: formats.due(
            value,
            on_time=None
            if record.answered_at is None
            else record.answered_at.date() <= value
            if value
            else None,
        ),
        "application": lambda value, record: Cell(
            "link",
            value.number,
            url=url_for("ApplicationView.show", pk=value.id),
            sub=value.subject,
        ),
        "answer_text": formats.long_text,
        "note": formats.long_text,
    }
    search = words_of_case(Assignment.application_id)
    filters = (
        Choice("state", _l("State"), Assignment.state, labels=rules.ASSIGNMENT_STATE_LABELS),
        Choice("role", _l("Asked for"), Assignment.role, labels=rules.ASSIGNMENT_ROLE_LABELS),
        Pick("unit", _l("Unit"), Assignment.unit_id, source="unit"),
        Flag("reminded", _l("Reminded (tekit)"), Assignment.reminders > 0),
        Dates("sent", _l("Sent"), Assignment.sent_at, instant=True),
        Dates("due", _l("Unit’s due date"), Assignment.due_on),
    )
    list_options = (
        joinedload(Assignment.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    tabs = (
        (
            "open",
            _l("Open"),
            lambda: Assignment.state.in_(
                [rules.AssignmentState.SENT, rules.AssignmentState.ACCEPTED]
            ),
            "",
        ),
        ("all", _l("All"), None, ""),
    )

    def show_buttons(self, item: Assignment) -> list[Button]:
        """A reminder to the unit, while it has to answer."""
        waits = item.state in rules.LIVE_ASSIGNMENTS and item.role in rules.MANDATORY_ROLES
        if not waits or not current_actor().may("assign", "Application"):
            return []
        return [
            Button(
                _("Send a reminder (tekit)"),
                url_for("WorkView.remind", pk=item.application_id),
                "alert",
                post=True,
                confirm=_("Every unit that has the application in hand is reminded."),
                ask=("text", _("What is the unit reminded of?"), True),
                fields=(("next", self.url("show", pk=item.id)),),
            )
        ]

    def row_label(self, item: Assignment) -> str:
        """Number of the case and the unit."""
        return f"{item.application.number} · {item.unit}"
