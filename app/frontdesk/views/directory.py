"""The directory of units and rooms: the list that is kept, the page that finds, the signs on the wall."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.current import db_session
from app.core.identifiers import format_phone
from app.core.text import format_datetime
from app.core.views import BackOfficeView, Flag, Interface, Pick, Words, formats
from app.core.views.filters import Choice
from app.core.views.page import Button, Cell
from app.frontdesk.models import ServicePoint
from app.frontdesk.queries import directory as queries
from app.frontdesk.rules import directory as rules

FLOORS = range(rules.LOWEST_FLOOR, 16)


def floor_text(floor: int | None) -> str:
    """The floor in words: “zemin kat”, “3. kat”."""
    message, params = rules.floor_words(floor)
    return str(_(message, **params)) if message else ""


def place_text(point: ServicePoint | None, *, with_building: bool = True) -> str:
    """Where a point is, as it is said to a visitor: building, floor, room."""
    if point is None:
        return ""
    room = _("room %(number)s", number=point.room) if point.room else ""
    parts = [point.building if with_building else "", floor_text(point.floor), room]
    return ", ".join(part for part in parts if part)


def floor_cell(value: Any, record: ServicePoint) -> Cell:
    """The floor in words."""
    text = floor_text(value)
    return Cell("text", text, value=value) if text else formats.EMPTY


class ServicePointView(BackOfficeView):
    """Rooms and counters that visitors are sent to, with what is done there in plain words."""

    datamodel = Interface(ServicePoint)
    route_base = "/service-points"
    class_permission_name = "ServicePoint"
    label = _l("Service point")
    label_plural = _l("Service points")
    icon = "map"
    can_delete = True
    empty_text = _l("Enter the Solution Desk first, then the rooms that are asked for most.")
    list_columns = ["name", "unit", "building", "floor", "room", "phone", "is_tile", "active"]
    order_columns = ["name", "building", "position"]
    base_order = ("name", "asc")
    export_columns = ["what_for", "keywords", "opening_hours", "directions", "is_accessible"]
    add_fieldsets = [
        (_l("What it is"), {"fields": ["name", "unit", "what_for", "keywords", "active"]}),
        (
            _l("Where it is"),
            {"fields": ["building", "floor", "room", "directions", "is_accessible"]},
        ),
        (_l("When and how to reach"), {"fields": ["opening_hours", "phone"]}),
        (_l("Fast screen"), {"fields": ["is_tile", "position", "is_desk"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "name": _l("Name"),
        "unit": _l("Unit"),
        "what_for": _l("What can be done there"),
        "keywords": _l("Words that people ask with"),
        "building": _l("Building"),
        "floor": _l("Floor"),
        "room": _l("Room"),
        "directions": _l("Way from the entrance"),
        "is_accessible": _l("Can be reached with a wheelchair"),
        "opening_hours": _l("Opening hours"),
        "phone": _l("Telephone"),
        "is_tile": _l("Tile of the fast screen"),
        "position": _l("Place among the tiles"),
        "is_desk": _l("Visitors take a ticket here"),
        "active": _l("In use"),
    }
    description_columns = {
        "what_for": _l("As a citizen would say it; no names of laws or branches."),
        "keywords": _l("Separated by spaces; found although they are not shown."),
        "floor": _l("0 is the ground floor, -1 the first basement."),
        "is_tile": _l("The first eight stand on the fast screen of reception."),
        "is_desk": _l("Only for the Solution Desk: a visit takes a number of its queue at once."),
        "opening_hours": _l("For example 08.00–12.00, 13.00–17.00."),
    }
    wide = frozenset({"what_for", "keywords", "directions"})
    lookups = {"unit": "unit"}
    formats = {
        "floor": floor_cell,
        "phone": formats.phone,
        "what_for": formats.long_text,
    }
    search = Words(
        "q",
        _l("Search by name, matter or unit"),
        columns=(ServicePoint.search_text,),
        also=lambda session, query: [queries.of_unit_words(query)],
    )
    filters = (
        Pick("unit", _l("Unit"), ServicePoint.unit_id, source="unit"),
        Choice(
            "floor",
            _l("Floor"),
            ServicePoint.floor,
            labels={floor: str(floor) for floor in FLOORS},
        ),
        Flag("accessible", _l("Can be reached with a wheelchair"), ServicePoint.is_accessible),
        Flag("tile", _l("Tile of the fast screen"), ServicePoint.is_tile),
        Flag("active", _l("In use"), ServicePoint.active),
    )
    form_rule = staticmethod(rules.point_violations)

    def list_buttons(self) -> list[Button]:
        """The page that finds, and the list for the wall."""
        return [
            Button(_("Directory page"), url_for("DirectoryView.find"), "search"),
            Button(_("Signs to print"), url_for("DirectoryView.signs"), "print"),
        ]


class DirectoryView(BaseView):
    """Where is what: found while one types, by the words of a citizen."""

    route_base = "/directory"
    default_view = "find"
    class_permission_name = "ServicePoint"
    method_permission_name = {"find": "read", "results": "read", "signs": "read"}
    previous_method_permission_name: dict[str, str] = {}

    def _context(self) -> dict[str, Any]:
        query = request.args.get("q", "")[:100].strip()
        points = queries.find_points(db_session(), query, limit=24)
        return {"points": [point_context(p) for p in points], "query": query}

    @expose("/")
    @has_access
    def find(self) -> Any:
        """The page with its box; it also works without script."""
        return self.render_template(
            "frontdesk/directory.html", title=_("Directory of units and rooms"), **self._context()
        )

    @expose("/results")
    @has_access
    def results(self) -> Any:
        """The found points alone, fetched while one types."""
        return self.render_template("frontdesk/directory_results.html", **self._context())

    @expose("/signs")
    @has_access
    def signs(self) -> Any:
        """Every point by building and floor, to be printed for the entrance."""
        session = db_session()
        buildings = queries.list_buildings(session)
        wanted = request.args.get("building", "")
        chosen = wanted if wanted in buildings else ""
        groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for point in queries.list_signs(session, chosen):
            groups.setdefault((point.building, floor_text(point.floor)), []).append(
                point_context(point)
            )
        return self.render_template(
            "frontdesk/signs.html",
            title=_("Signs: where is what"),
            groups=groups,
            buildings=buildings,
            chosen=chosen,
            as_of=format_datetime(clock.now(), lang=formats.language()),
        )


def point_context(point: ServicePoint) -> dict[str, Any]:
    """A point as the directory page and the signs draw it."""
    return {
        "id": point.id,
        "name": point.name,
        "unit": str(point.unit) if point.unit is not None else "",
        "place": place_text(point),
        "room": point.room,
        "floor": floor_text(point.floor),
        "what_for": point.what_for,
        "hours": point.opening_hours,
        "phone": format_phone(point.phone) if point.phone else "",
        "tel": point.phone,
        "directions": point.directions,
        "accessible": point.is_accessible,
        "url": url_for("ServicePointView.show", pk=point.id),
    }


def point_sub(point: ServicePoint) -> str:
    """Second line of a picker: where it is."""
    return place_text(point)


def point_item(point: ServicePoint) -> tuple[str, str, str]:
    """Title, second line and address of a hit of Ctrl+K."""
    sub = " · ".join(t for t in (place_text(point), point.opening_hours) if t)
    return point.name, sub, url_for("ServicePointView.show", pk=point.id)
