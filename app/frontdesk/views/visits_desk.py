"""The fast screen of reception: why, where to, save; who is inside is received and seen off beside it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from sqlalchemy import select

from app.core import clock
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_datetime, format_time, parse_tr_datetime
from app.core.views import formats
from app.frontdesk.models import DeskTicket, ServicePoint, Visit, VisitReason
from app.frontdesk.queries import desk as desk_queries
from app.frontdesk.queries import directory
from app.frontdesk.queries import visits as queries
from app.frontdesk.rules import desk as desk_rules
from app.frontdesk.rules import visits as rules
from app.frontdesk.services import desk as desk_services
from app.frontdesk.services import visits as services
from app.frontdesk.views.directory import place_text
from app.organisation.models import StaffUser

#: So many people have a tile of their own; more are a group, whose number is asked for.
PEOPLE_TILES = (1, 2, 3, 4, 5)
#: Tiles of the two questions; the ninth key opens the search.
MOST_TILES = 9
OTHER = "other"
_BAD_MOMENT = N_("Write date and time, for example 31.12.2026 14:05.")


def read_id(value: str) -> int | None:
    """A record id out of a field; nonsense is None."""
    return int(value) if value.isdigit() and len(value) < 10 else None


def visit_words(visit: Visit) -> str:
    """A visit in one line: why, where to, how many, with what help."""
    goal = visit.service_point or visit.unit or visit.host
    parts = [_("%(n)s people", n=visit.people) if visit.people > 1 else _("1 person")]
    parts += [formats.translated(label) for label in rules.needs_of(visit)]
    if visit.accompanied_by_id is not None:
        parts.append(_("accompanied"))
    head = f"{visit.reason.name} → {goal}" if goal is not None else visit.reason.name
    return f"{head} · {', '.join(parts)}"


class VisitDeskView(BaseView):
    """Log a visit in three clicks, and note who is received and who goes."""

    route_base = "/visits/new"
    default_view = "new"
    class_permission_name = "Visit"
    method_permission_name = {
        "new": "write",
        "serve": "write",
        "finish": "write",
        "leave": "write",
        "undo": "write",
        "slip": "read",
    }
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    # --- the page ------------------------------------------------------------------------------------
    @expose("/", methods=["GET", "POST"])
    @has_access
    def new(self) -> Any:
        """Draw the screen, or log what was pressed; nothing pressed is lost by an error."""
        errors: Sequence[Violation] = ()
        if request.method == "POST":
            try:
                return self._log()
            except RuleViolation as refused:
                self.session.rollback()
                errors = refused.violations
        page = self.render_template("frontdesk/visit_new.html", **self._context(errors))
        return page, 422 if errors else 200

    def _log(self) -> Any:
        values = self._values()
        now = clock.now()
        visit = services.log_visit(
            self.session,
            values=values,
            actor=current_actor(),
            now=now,
            request_key=request.form.get("request_key", "")[:60] or None,
        )
        ticket = self._ticket(visit, now)
        self.session.commit()
        words = _("Logged: %(visit)s", visit=visit_words(visit))
        if ticket is not None:
            words += " · " + _("number %(number)s", number=ticket.shown)
        flash(words, "success")
        if request.form.get("step") == "slip":
            return redirect(url_for("VisitDeskView.slip", pk=visit.id))
        return redirect(url_for("VisitDeskView.new"))

    def _ticket(self, visit: Visit, now: Any) -> DeskTicket | None:
        """Who goes to the Solution Desk takes a number with the same press."""
        point = visit.service_point
        if point is None or not point.is_desk or visit.ended_at is not None:
            return None
        if not current_actor().may("write", "DeskTicket"):
            return None
        needs = {name: getattr(visit, name) for name in rules.NEED_LABELS}
        return desk_services.take_ticket(
            self.session,
            matter=visit.reason.matter,
            group=desk_rules.group_of(needs),
            visit=visit,
            actor=current_actor(),
            now=now,
        )

    def _values(self) -> dict[str, Any]:
        """What was pressed, as the service takes it; RuleViolation for what cannot be read."""
        form = request.form
        values: dict[str, Any] = {
            "reason_id": read_id(form.get("reason", "")),
            "service_point_id": read_id(form.get("point", "")),
            "people": self._people(form),
            "host_id": self._known(StaffUser, form.get("host", "")),
            "has_appointment": bool(form.get("has_appointment")),
            "accompanied": bool(form.get("accompanied")),
            "visitor_name": form.get("visitor_name", "")[:120],
            "note": form.get("note", "")[:300],
            **{name: bool(form.get(name)) for name in rules.NEED_LABELS},
        }
        if form.get("point") == OTHER:
            values["service_point_id"] = self._known(ServicePoint, form.get("other_point", ""))
        when = form.get("at", "").strip()
        if when:
            moment = parse_tr_datetime(when)
            if moment is None:
                raise services.refuse(_BAD_MOMENT, "at")
            values["at"] = moment if moment.tzinfo else moment.replace(tzinfo=clock.ISTANBUL)
        return values

    def _people(self, form: Mapping[str, str]) -> int:
        """How many came; one where nothing was pressed, nought where a group has no number."""
        pressed = form.get("people", "1")
        if pressed == OTHER:
            return read_id(form.get("people_more", "").strip()) or 0
        return read_id(pressed) or 1

    def _known(self, model: Any, value: str) -> int | None:
        pk = read_id(value)
        return pk if pk and self.session.get(model, pk) is not None else None

    def _context(self, errors: Sequence[Violation]) -> dict[str, Any]:
        """Everything the template draws, in few statements."""
        now, today = clock.now(), clock.today()
        inside = queries.list_inside(self.session, today)
        day = queries.count_day(self.session, today)
        form = request.form
        lang = formats.language()
        queue = desk_queries.find_queue(self.session, now)
        return {
            "title": _("Visitor log"),
            "sub": format_datetime(now, lang=lang),
            "reasons": self._reasons(),
            "points": self._points(),
            "people_tiles": PEOPLE_TILES,
            "needs": [(name, formats.translated(lb)) for name, lb in rules.NEED_LABELS.items()],
            "errors": [_told(one) for one in errors],
            "typed": {
                **form.to_dict(),
                "people": form.get("people", "1"),
                "at": formats.typed_moment(form.get("at", "")),
            },
            "other_label": self._label(ServicePoint, form.get("other_point", "")),
            "host_label": self._label(StaffUser, form.get("host", "")),
            "request_key": form.get("request_key") or secrets.token_urlsafe(16),
            "inside": [self._inside_row(visit, now) for visit in inside],
            "day": day,
            "places": self._places(today),
            "latest": [self._latest_row(v, now) for v in queries.list_latest(self.session, today)],
            "queue": queue,
            "list_url": url_for("VisitView.list"),
            "chart_url": url_for("VisitChart.charts"),
        }

    def _reasons(self) -> list[dict[str, Any]]:
        rows: Sequence[VisitReason] = queries.list_reasons(self.session)
        return [
            {
                "id": row.id,
                "name": row.name,
                "hint": row.hint,
                "note": row.asks_note,
                "short": row.is_short,
                "key": place if place <= MOST_TILES else 0,
            }
            for place, row in enumerate(rows, start=1)
        ]

    def _points(self) -> list[dict[str, Any]]:
        rows = directory.list_tiles(self.session, MOST_TILES - 1)
        return [
            {
                "id": row.id,
                "name": row.name,
                "place": place_text(row, with_building=False),
                "desk": row.is_desk,
                "key": place,
            }
            for place, row in enumerate(rows, start=1)
        ]

    def _label(self, model: Any, value: str) -> str:
        pk = read_id(value)
        found = self.session.get(model, pk) if pk else None
        return str(found) if found is not None else ""

    def _places(self, today: Any) -> list[tuple[str, int, str]]:
        rows = queries.count_points_of_day(self.session, today)
        return [
            (
                row["name"] or _("Others"),
                row["people"],
                url_for("VisitView.list", tab="today", point=row["service_point_id"])
                if row["service_point_id"]
                else url_for("VisitView.list", tab="today"),
            )
            for row in rows
        ]

    def _inside_row(self, visit: Visit, now: Any) -> dict[str, Any]:
        waits = visit.served_at is None
        return {
            "id": visit.id,
            "words": visit_words(visit),
            "waits": waits,
            "minutes": rules.minutes_waited(visit.waiting_since, visit.served_at, now),
            "since": format_time(visit.served_at or visit.waiting_since, lang=formats.language()),
            "url": url_for("VisitView.show", pk=visit.id),
        }

    def _latest_row(self, visit: Visit, now: Any) -> dict[str, Any]:
        return {
            "id": visit.id,
            "at": format_time(visit.at, lang=formats.language()),
            "words": visit_words(visit),
            "url": url_for("VisitView.show", pk=visit.id),
            "undo": rules.may_undo(
                created_at=visit.created_at,
                created_by_id=visit.created_by_id,
                user_id=current_actor().user_id,
                now=now,
            ),
        }

    # --- one press each -------------------------------------------------------------------------------
    def _load(self, pk: int) -> Visit:
        return self.session.get(Visit, pk) or abort(404)

    def _back(self) -> Any:
        return redirect(url_for("VisitDeskView.new"))

    @expose("/serve/<int:pk>", methods=["POST"])
    @has_access
    def serve(self, pk: int) -> Any:
        """The conversation has begun."""
        visit = self._load(pk)
        services.receive_visitor(self.session, visit=visit, actor=current_actor(), now=clock.now())
        self.session.commit()
        return self._back()

    @expose("/finish/<int:pk>", methods=["POST"])
    @has_access
    def finish(self, pk: int) -> Any:
        """The conversation is over."""
        visit = self._load(pk)
        services.end_visit(self.session, visit=visit, actor=current_actor(), now=clock.now())
        self.session.commit()
        return self._back()

    @expose("/leave/<int:pk>", methods=["POST"])
    @has_access
    def leave(self, pk: int) -> Any:
        """The visitor went without having been received."""
        visit = self._load(pk)
        services.end_visit(
            self.session,
            visit=visit,
            actor=current_actor(),
            now=clock.now(),
            result=rules.VisitResult.LEFT,
        )
        self.session.commit()
        return self._back()

    @expose("/undo/<int:pk>", methods=["POST"])
    @has_access
    def undo(self, pk: int) -> Any:
        """Take back what was logged a moment ago."""
        visit = self.session.get(Visit, pk)
        if visit is not None:
            words = visit_words(visit)
            services.undo_visit(self.session, visit=visit, actor=current_actor(), now=clock.now())
            self.session.commit()
            flash(_("Taken back: %(visit)s", visit=words), "success")
        return self._back()

    @expose("/slip/<int:pk>")
    @has_access
    def slip(self, pk: int) -> Any:
        """A slip that shows the way, with the number of the queue if one was taken; no name."""
        visit = self.session.scalars(select(Visit).where(Visit.id == pk)).first() or abort(404)
        point = visit.guided_to or visit.service_point
        ticket = desk_queries.find_ticket_of_visit(self.session, visit.id)
        return self.render_template(
            "frontdesk/slip.html",
            title=_("Slip with the way"),
            point=point,
            place=place_text(point),
            unit=visit.unit,
            ticket=ticket.shown if ticket is not None else "",
            at=format_datetime(visit.at, lang=formats.language()),
            back_url=url_for("VisitDeskView.new"),
        )


def _told(one: Violation) -> tuple[str, str]:
    """Field and words of a broken rule, for the summary and for the question."""
    text = _(one.message) % dict(one.params) if one.params else _(one.message)
    return {"service_point": "point", "reason_id": "reason"}.get(one.field, one.field), text
