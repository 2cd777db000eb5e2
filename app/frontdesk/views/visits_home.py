"""Home page blocks of reception and of the Solution Desk."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.applications.views.home_parts import Block, Tile, count, head
from app.core import clock
from app.core.acting import Actor
from app.core.views.page import Button
from app.frontdesk.queries import desk as desk_queries
from app.frontdesk.queries import visits as queries
from app.frontdesk.rules.visits import minutes_waited
from app.frontdesk.views.visits_desk import visit_words


def _minutes(value: int | None) -> str:
    return "–" if value is None else _("%(n)s min", n=value)


def guide_home(session: Any, actor: Actor) -> Block:
    """What reception has today: figures, who is inside, and the button that logs: four statements."""
    today, now = clock.today(), clock.now()
    day = queries.count_day(session, today)
    inside = queries.list_inside(session, today, limit=8)
    today_url = url_for("VisitView.list", tab="today")
    tiles = [
        Tile(
            _("Visitors today"),
            count(day["people"]),
            _("in %(n)s visits", n=count(day["entries"])),
            today_url,
        ),
        Tile(
            _("Waiting inside"),
            count(day["waiting"]),
            _("%(n)s in conversation", n=count(day["talking"])),
            url_for("VisitView.list", tab="inside"),
        ),
        Tile(_("Waiting time (mean)"), _minutes(day["waited"]), _("of those received today")),
        Tile(
            _("Needed help"), count(day["helped"]), _("elderly, disabled, with a child, language")
        ),
    ]
    rows = [
        (
            visit_words(visit),
            _("waiting for %(n)s min", n=minutes_waited(visit.waiting_since, None, now))
            if visit.served_at is None
            else _("in conversation"),
            url_for("VisitView.show", pk=visit.id),
            None,
        )
        for visit in inside
    ]
    return "frontdesk/home_guide.html", {
        **head(actor),
        "buttons": [
            Button(_("Directory page"), url_for("DirectoryView.find"), "search"),
            Button(_("New visit"), url_for("VisitDeskView.new"), "plus", primary=True, key="N"),
        ],
        "figures": tiles,
        "inside": rows,
        "inside_count": count(day["waiting"] + day["talking"]) if rows else "",
        "inside_url": url_for("VisitView.list", tab="inside"),
        "places": [
            (
                row["name"] or _("Others"),
                "",
                url_for("VisitView.list", tab="today", point=row["service_point_id"])
                if row["service_point_id"]
                else today_url,
                count(row["people"]),
            )
            for row in queries.count_points_of_day(session, today, limit=6)
        ],
        "today_url": today_url,
    }


def desk_block(session: Any, actor: Actor) -> Block:
    """The queue of the Solution Desk in figures, for its officers: two statements."""
    day = desk_queries.count_day(session, clock.today())
    desk_url = url_for("DeskView.page")
    tiles = [
        Tile(_("In the queue now"), count(day["waiting"]), "", desk_url),
        Tile(
            _("Numbers taken today"),
            count(day["taken"]),
            _("%(n)s done", n=count(day["done"])),
            url_for("DeskTicketView.list", tab="today"),
        ),
        Tile(_("Waiting time (mean)"), _minutes(day["waited"]), _("at the desk today")),
        Tile(_("Conversation (mean)"), _minutes(day["served"]), _("at the desk today")),
        Tile(_("Went unserved"), count(day["lost"]), _("left or did not come when called")),
    ]
    return "frontdesk/home_desk.html", {
        "buttons": [Button(_("Solution Desk"), desk_url, "users")],
        "figures": tiles,
    }


#: Role → block of this room; the calls of the room add theirs.
VISIT_HOMES = {"guide": guide_home, "desk_officer": desk_block}
