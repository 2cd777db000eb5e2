"""Topics, reply templates, replies and events as lists and records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Topic
from app.applications.views.open311_services import ServiceAttributeView
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Pick, Words, formats
from app.core.views.page import Cell, RelatedList


def case_link(value: Any, record: Any) -> Cell:
    """The case a row belongs to, by number, with its subject."""
    if value is None:
        return formats.EMPTY
    return Cell(
        "link", value.number, url=url_for("ApplicationView.show", pk=value.id), sub=value.subject
    )


class TopicView(BackOfficeView):
    """What applications are about, whose task it is and where they go."""

    datamodel = Interface(Topic)
    route_base = "/topics"
    class_permission_name = "Topic"
    label = _l("Topic")
    label_plural = _l("Topics")
    can_delete = True
    list_columns = ["code", "name", "competence", "unit", "institution", "internal_days", "active"]
    order_columns = ["code", "name", "group"]
    base_order = ("code", "asc")
    add_fieldsets = [
        (_l("Topic"), {"fields": ["code", "name", "group", "synonyms", "active"]}),
        (_l("Whose task"), {"fields": ["competence", "unit", "institution"]}),
        (_l("At intake"), {"fields": ["priority", "internal_days", "advice"]}),
        (
            _l("Public service (Open311)"),
            {
                "fields": [
                    "is_public_service",
                    "public_name",
                    "public_group",
                    "public_keywords",
                    "public_description",
                    "public_notice",
                ],
                "intro": _l(
                    "What apps of citizens are offered. Requests of a public service can be followed by everybody, without names and texts."
                ),
            },
        ),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "code": _l("Code"),
        "name": _l("Name"),
        "group": _l("Group"),
        "synonyms": _l("Other words"),
        "competence": _l("Competent"),
        "unit": _l("Unit"),
        "institution": _l("Institution"),
        "internal_days": _l("Internal days"),
        "priority": _l("Priority"),
        "advice": _l("Advice to the caller"),
        "active": _l("In use"),
        "is_public_service": _l("Offered to apps"),
        "public_name": _l("Name in apps"),
        "public_group": _l("Heading in apps"),
        "public_keywords": _l("Words that find it"),
        "public_description": _l("Description in apps"),
        "public_notice": _l("What happens with a request"),
    }
    description_columns = {
        "code": _l("Letters of the group and a number, for example SU-02."),
        "group": _l("Letters before the dash; charts add up by group."),
        "synonyms": _l("Words that people really use, separated by commas; the search finds them."),
        "unit": _l("Proposed at intake."),
        "institution": _l("Where the case is passed on to when it is not our task."),
        "internal_days": _l(
            "Days the house gives itself; empty: the setting of the unit or of the house."
        ),
        "advice": _l("What to tell the caller at once, for example an emergency number."),
        "public_name": _l("In the citizen’s words; empty: the name of the topic."),
        "public_keywords": _l("Separated by commas."),
        "public_notice": _l(
            "Told to whoever sends a request, for example how soon somebody comes."
        ),
    }
    wide = frozenset({"name", "synonyms", "advice", "public_description", "public_notice"})
    codes = {"competence": rules.COMPETENCE_LABELS, "priority": rules.PRIORITY_LABELS}
    lookups = {"unit": "unit", "institution": "institution"}
    search = Words("q", _l("Search topics"), columns=(Topic.search_text,))
    filters = (
        Choice("competence", _l("Competent"), Topic.competence, labels=rules.COMPETENCE_LABELS),
        Pick("unit", _l("Unit"), Topic.unit_id, source="unit"),
        Flag("active", _l("In use"), Topic.active),
        Flag("public", _l("Offered to apps"), Topic.is_public_service),
    )
    related = (("questions", ServiceAttributeView, "topic_id"),)
    form_rule = staticmethod(rules.topic_violations)

    def _related_lists(self, item: Topic) -> list[RelatedList]:
        """Questions in the order in which they are asked; their place is their first cell."""
        return [
            replace(one, rows=sorted(one.rows, key=lambda row: row.cells[0].value))
            for one in super()._related_lists(item)
        ]


class ApplicationEventView(BackOfficeView):
    """Every step of every application; rows are added by the work itself and never changed."""

    datamodel = Interface(ApplicationEvent)
    route_base = "/application-events"
    class_permission_name = "ApplicationEvent"
    label = _l("Step")
    label_plural = _l("Steps of applications")
    can_add = False
    can_edit = False
    has_history = False
    list_columns = [
        "at",
        "application",
        "action",
        "from_state",
        "to_state",
        "actor",
        "unit",
        "note",
    ]
    order_columns = ["at"]
    base_order = ("id", "desc")
    show_columns = [
        "at",
        "application",
        "action",
        "from_state",
        "to_state",
        "actor",
        "unit",
        "note",
        "visibility",
    ]
    show_fieldsets = [(_l("Step"), {"fields": show_columns})]
    label_columns = {
        "at": _l("When"),
        "application": _l("Application"),
        "action": _l("What was done"),
        "from_state": _l("State before"),
        "to_state": _l("State after"),
        "actor": _l("Who"),
        "unit": _l("Unit"),
        "note": _l("Note"),
        "visibility": _l("Who may read it"),
    }
    wide = frozenset({"note"})
    codes = {
        "action": rules.ACTION_DONE_LABELS,
        "from_state": rules.STATE_LABELS,
        "to_state": rules.STATE_LABELS,
        "visibility": rules.VISIBILITY_LABELS,
    }
    formats = {"application": case_link}
    list_options = (
        joinedload(ApplicationEvent.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    filters = (
        Choice(
            "action", _l("What was done"), ApplicationEvent.action, labels=rules.ACTION_DONE_LABELS
        ),
        Dates("at", _l("When"), ApplicationEvent.at, instant=True),
        Pick("unit", _l("Unit"), ApplicationEvent.unit_id, source="unit"),
    )

    def base_query(self) -> Any:
        """All steps in scope."""
        return select(ApplicationEvent)

    def row_label(self, item: ApplicationEvent) -> str:
        """The action in words."""
        return formats.translated(rules.ACTION_DONE_LABELS.get(item.action, item.action))
