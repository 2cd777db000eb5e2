"""Questions of public services, kept on the page of their topic."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.models import ServiceAttribute
from app.applications.queries import open311 as queries
from app.applications.rules import open311 as rules
from app.core.rules import N_
from app.core.views import BackOfficeView, Choice, Flag, Interface, Pick
from app.core.views.page import Cell

_CODE_TAKEN = N_("This service has a question of this name already.")
_PLACE_TAKEN = N_("Another question of this service stands at this place.")
_TABLE = "applications_service_attribute"


def choices_cell(value: Any, row: ServiceAttribute) -> Cell:
    """The names of the choices."""
    names = [choice.name for choice in rules.read_choices(value or "")]
    return Cell("long", ", ".join(names)) if names else Cell("empty", "–")


class ServiceAttributeView(BackOfficeView):
    """What apps ask for a public service, in order."""

    datamodel = Interface(ServiceAttribute)
    route_base = "/service-questions"
    class_permission_name = "ServiceAttribute"
    label = _l("Question of a service")
    label_plural = _l("Questions of services")
    icon = "survey"
    can_delete = True
    link_column = "question"
    list_columns = ["position", "question", "topic", "datatype", "is_required", "choices", "code"]
    order_columns = ["position", "code"]
    base_order = ("id", "desc")
    add_fieldsets = [
        (
            _l("Question"),
            {"fields": ["topic", "position", "question", "code", "hint"]},
        ),
        (_l("Answer"), {"fields": ["datatype", "choices", "is_required", "is_asked"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "topic": _l("Topic"),
        "position": _l("Place in the order"),
        "question": _l("What is asked"),
        "code": _l("Name for programs"),
        "hint": _l("Help for the answer"),
        "datatype": _l("Kind of answer"),
        "choices": _l("Choices"),
        "is_required": _l("Must be answered"),
        "is_asked": _l("An answer is taken"),
    }
    description_columns = {
        "position": _l("1 is asked first; each place is taken once."),
        "code": _l("Letters, digits, - and _; apps send the answer under this name."),
        "hint": _l("For example: the number stands on the pole."),
        "choices": _l("One a line: key = name. A name alone gets a key made of it."),
        "is_asked": _l("Without the tick apps only show the text and take no answer."),
    }
    codes = {"datatype": rules.DATA_TYPE_LABELS}
    formats = {"choices": choices_cell}
    lookups = {"topic": "topic"}
    wide = frozenset({"question", "choices"})
    filters = (
        Pick("topic", _l("Topic"), ServiceAttribute.topic_id, source="topic"),
        Choice(
            "datatype",
            _l("Kind of answer"),
            ServiceAttribute.datatype,
            labels=rules.DATA_TYPE_LABELS,
        ),
        Flag("required", _l("Must be answered"), ServiceAttribute.is_required),
    )
    form_rule = staticmethod(rules.question_violations)
    constraints = {
        f"uq_{_TABLE}_topic_id_code": ("code", _CODE_TAKEN),
        f"{_TABLE}.topic_id, {_TABLE}.code": ("code", _CODE_TAKEN),
        f"uq_{_TABLE}_topic_id_position": ("position", _PLACE_TAKEN),
        f"{_TABLE}.topic_id, {_TABLE}.position": ("position", _PLACE_TAKEN),
    }
    empty_text = _l("Open a topic that is a public service and add what apps shall ask.")

    def row_label(self, item: ServiceAttribute) -> str:
        """The question itself."""
        return item.question or _("Question")

    def defaults(self) -> dict[str, Any]:
        """The topic that the form was opened from, and the next free place of it."""
        values = super().defaults()
        if request.method == "GET" and "topic" in values:
            values["position"] = queries.next_position(self.session, values["topic"])
        return {"is_asked": True, **values}

    def after_save_url(self, item: ServiceAttribute) -> str:
        """Back to the topic whose question it is."""
        return url_for("TopicView.show", pk=item.topic_id, _anchor="rel-questions")
