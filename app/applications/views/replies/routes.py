"""Routes of approval: which letters take which way, and the stations on it in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload
from wtforms import SelectField

from app.applications import queries, rules
from app.applications.models import ApprovalRoute, ApprovalRouteStep
from app.core.rules import N_, Violation
from app.core.views import BackOfficeView, Choice, Flag, Interface, Pick, formats
from app.core.views.page import Cell


def station_words(step: ApprovalRouteStep) -> str:
    """A station by its person or its role."""
    if step.user is not None:
        return str(step.user)
    return formats.translated(rules.APPROVAL_ROLE_LABELS.get(step.role, step.role))


def way_cell(value: Any, record: ApprovalRoute) -> Cell:
    """The stations in their order; the last one signs."""
    if not record.stations:
        return Cell("badge", _("no station yet"), tone="warn")
    return Cell("text", " → ".join(station_words(step) for step in record.stations))


def any_cell(labels: Mapping[Any, str]) -> Any:
    """A code by its label; nothing said means any."""

    def cell(value: Any, record: Any) -> Cell:
        if value is None:
            return Cell("text", _("any"))
        return Cell("text", formats.translated(labels[value]), value=value)

    return cell


def station_cell(value: Any, record: ApprovalRouteStep) -> Cell:
    """The role or the person of a station."""
    return Cell("text", station_words(record))


class ApprovalRouteStepView(BackOfficeView):
    """Stations of the routes; each one is a role or one person."""

    datamodel = Interface(ApprovalRouteStep)
    route_base = "/approval-stations"
    class_permission_name = "ApprovalRouteStep"
    label = _l("Station of a route of approval")
    label_plural = _l("Stations")
    icon = "user"
    can_delete = True
    list_columns = ["route", "position", "role"]
    order_columns = ["position"]
    base_order = ("position", "asc")
    link_column = "role"
    add_columns = ["route", "position", "role", "user"]
    show_columns = ["route", "position", "role", "user"]
    label_columns = {
        "route": _l("Route"),
        "position": _l("Place in the chain"),
        "role": _l("Role"),
        "user": _l("Person, instead of a role"),
    }
    description_columns = {
        "position": _l("From 1 on; the last one signs."),
        "role": _l("Whoever holds this role, or stands above it."),
        "user": _l("Only when it must be this very person; leave the role empty then."),
    }
    lookups = {"route": "approval_route", "user": "staff"}
    formats = {"role": station_cell}
    form_extra = {
        "role": SelectField(
            _l("Role"),
            choices=lambda: [
                ("", ""),
                *((name, formats.translated(w)) for name, w in rules.APPROVAL_ROLE_LABELS.items()),
            ],
            default="",
            description=_l("Whoever holds this role, or stands above it."),
        )
    }
    filters = (
        Pick("route", _l("Route"), ApprovalRouteStep.route_id, source="approval_route"),
        Choice("role", _l("Role"), ApprovalRouteStep.role, labels=rules.APPROVAL_ROLE_LABELS),
        Pick("user", _l("Person"), ApprovalRouteStep.user_id, source="staff"),
    )
    form_rule = staticmethod(rules.station_violations)
    constraints = {
        name: ("position", N_("This place in the chain is taken already."))
        for name in (
            "uq_applications_approval_route_step_route_id",
            "applications_approval_route_step.route_id",
        )
    }

    def row_label(self, item: ApprovalRouteStep) -> str:
        """Its place and whom it names."""
        return f"{item.position}. {station_words(item)}"

    def save_new(self, item: ApprovalRouteStep, values: Mapping[str, Any]) -> Any:
        """An empty choice is an empty text."""
        item.role = item.role or ""
        return super().save_new(item, values)

    def save_changed(self, item: ApprovalRouteStep, values: Mapping[str, Any]) -> Any:
        """The same for a changed one."""
        item.role = item.role or ""
        return super().save_changed(item, values)


class ApprovalRouteView(BackOfficeView):
    """Which letters take which way of approval; the one that says most about a letter holds."""

    datamodel = Interface(ApprovalRoute)
    route_base = "/approval-routes"
    class_permission_name = "ApprovalRoute"
    label = _l("Route of approval")
    label_plural = _l("Routes of approval")
    icon = "check"
    can_delete = True
    intro = _l(
        "A letter takes the route that says most about it. Without a route whoever may approve signs, as one step."
    )
    list_columns = ["name", "reply_kind", "outcome", "for_kind", "stations", "active"]
    order_columns = ["name", "position"]
    base_order = ("position", "asc")
    add_fieldsets = [
        (_l("Route"), {"fields": ["name", "active", "position"]}),
        (
            _l("Which letters take it"),
            {
                "fields": ["reply_kind", "outcome", "for_kind"],
                "intro": _l("What is left empty asks for nothing."),
            },
        ),
    ]
    show_fieldsets = [
        (_l("Route"), {"fields": ["name", "active", "position", "stations"]}),
        (_l("Which letters take it"), {"fields": ["reply_kind", "outcome", "for_kind"]}),
    ]
    label_columns = {
        "name": _l("Name"),
        "active": _l("In use"),
        "position": _l("Order"),
        "reply_kind": _l("Kind of reply"),
        "outcome": _l("Outcome"),
        "for_kind": _l("Kind of application"),
        "stations": _l("Stations"),
    }
    description_columns = {
        "position": _l("Between routes that say as much, the lowest holds."),
        "active": _l("A route without a station is not taken."),
    }
    wide = frozenset({"stations"})
    codes = {
        "reply_kind": rules.REPLY_KIND_LABELS,
        "outcome": rules.OUTCOME_LABELS,
        "for_kind": rules.KIND_LABELS,
    }
    formats = {
        "stations": way_cell,
        "reply_kind": any_cell(rules.REPLY_KIND_LABELS),
        "outcome": any_cell(rules.OUTCOME_LABELS),
        "for_kind": any_cell(rules.KIND_LABELS),
    }
    list_options = (selectinload(ApprovalRoute.stations).joinedload(ApprovalRouteStep.user),)
    show_options = list_options
    filters = (
        Choice(
            "reply_kind",
            _l("Kind of reply"),
            ApprovalRoute.reply_kind,
            labels=rules.REPLY_KIND_LABELS,
        ),
        Choice("outcome", _l("Outcome"), ApprovalRoute.outcome, labels=rules.OUTCOME_LABELS),
        Flag("active", _l("In use"), ApprovalRoute.active),
    )
    related = (("stations", ApprovalRouteStepView, "route_id"),)

    def check(self, values: Mapping[str, Any], item: ApprovalRoute | None) -> Iterable[Violation]:
        """The route itself, and whether its last station may sign once it is in use."""
        yield from rules.route_violations(values)
        if item is not None and values.get("active"):
            stations = [queries.station_of(step) for step in item.stations]
            for violation in rules.last_station_violations(stations):
                yield Violation("active", violation.message, violation.params)

    def row_label(self, item: ApprovalRoute) -> str:
        """Its name."""
        return item.name
