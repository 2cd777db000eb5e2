"""The plan of a day: candidates by neighbourhood, the tour in its order, the sheet for the team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import segno
from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from markupsafe import Markup

from app.applications.models import Application, FieldVisit
from app.applications.queries import field as queries
from app.applications.rules import field as rules
from app.applications.rules.groups import TOPIC_GROUP_LABELS
from app.applications.services import field_plan as services
from app.applications.views.field_cells import place_text
from app.core import clock, places, ports
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_date, format_datetime, format_long_date, parse_tr_date, sort_key
from app.core.views import formats
from app.organisation.models import District, StaffUser

#: Names of teams of the last days are offered.
_TEAMS_OF_DAYS = 120


def read_id(value: str) -> int | None:
    """A record id out of an argument; nonsense is None."""
    return int(value) if value.isdigit() and len(value) < 10 else None


class FieldPlanView(BaseView):
    """Choose day and officer, pick cases by neighbourhood, get the tour in its order."""

    route_base = "/field-plan"
    default_view = "page"
    class_permission_name = "FieldVisit"
    method_permission_name = {
        "page": "read",
        "add": "write",
        "order": "write",
        "move": "write",
        "drop": "write",
        "carry": "write",
        "sheet": "read",
    }
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    # --- what the address says -------------------------------------------------------------------------
    def _day(self) -> dt.date:
        return parse_tr_date(request.values.get("day", "")) or clock.today()

    def _officer(self) -> StaffUser | None:
        pk = read_id(request.values.get("officer", "")) or current_actor().user_id
        found: StaffUser | None = self.session.get(StaffUser, pk) if pk else None
        return found

    def _address(self, day: dt.date, officer: StaffUser | None) -> dict[str, Any]:
        """Day, officer and filters as they stand, for every address of the page."""
        kept = {
            name: request.values.get(name, "")
            for name in ("district", "group", "team")
            if request.values.get(name)
        }
        return {
            "day": day.isoformat(),
            "officer": str(officer.id) if officer is not None else "",
            **kept,
        }

    # --- the page ------------------------------------------------------------------------------------
    @expose("/")
    @has_access
    def page(self) -> Any:
        """Candidates on one side, the tour of the day on the other."""
        day, officer = self._day(), self._officer()
        today = clock.today()
        district_id = read_id(request.args.get("district", ""))
        group = request.args.get("group", "")
        group = group if group in TOPIC_GROUP_LABELS else ""
        candidates = queries.list_candidates(self.session, district_id=district_id, group=group)
        visits = queries.list_plan(self.session, day, officer.id) if officer is not None else []
        left = queries.list_left_over(self.session, day, officer.id) if officer is not None else []
        district = self.session.get(District, district_id) if district_id else None
        address = self._address(day, officer)
        return self.render_template(
            "applications/field_plan.html",
            title=_("Plan of the day"),
            sub=format_long_date(day, lang=formats.language()),
            day=format_date(day, lang=formats.language()),
            officer=officer,
            district=district,
            group=group,
            team=request.args.get("team", "") or (visits[0].team if visits else ""),
            teams=queries.list_teams(self.session, today - dt.timedelta(days=_TEAMS_OF_DAYS)),
            groups=sorted(
                ((key, formats.translated(label)) for key, label in TOPIC_GROUP_LABELS.items()),
                key=lambda pair: sort_key(pair[1]),
            ),
            candidates=by_place(candidates),
            candidate_count=len(candidates),
            tour=[tour_row(v, place) for place, v in enumerate(visits, start=1)],
            left_over=[tour_row(v, 0) for v in left],
            is_past=day < today,
            may_write=current_actor().may("write", "FieldVisit"),
            address=address,
            sheet_url=url_for("FieldPlanView.sheet", **address),
            tour_url=url_for("FieldTourView.today", day=day.isoformat()),
        )

    def _back(self, day: dt.date, officer: StaffUser | None) -> Any:
        self.session.commit()
        return redirect(url_for("FieldPlanView.page", **self._address(day, officer)))

    def _needed(self) -> tuple[dt.date, StaffUser]:
        officer = self._officer()
        if officer is None:
            raise RuleViolation(Violation("officer", N_("Pick who goes there.")))
        return self._day(), officer

    @expose("/add", methods=["POST"])
    @has_access
    def add(self) -> Any:
        """Plan the picked cases and put the tour in order."""
        day, officer = self._needed()
        picked = [pk for pk in map(read_id, request.form.getlist("case")) if pk]
        if not picked:
            flash(_("Pick at least one row first."), "warning")
            return redirect(url_for("FieldPlanView.page", **self._address(day, officer)))
        made = services.plan_day(
            self.session,
            application_ids=picked,
            planned_on=day,
            officer_id=officer.id,
            team=request.form.get("team", ""),
            actor=current_actor(),
            now=clock.now(),
        )
        flash(_("Stops planned: %(n)s", n=len(made)), "success")
        return self._back(day, officer)

    @expose("/order", methods=["POST"])
    @has_access
    def order(self) -> Any:
        """Put the stops that are left in the order of the rule again."""
        day, officer = self._needed()
        services.order_day(
            self.session, planned_on=day, officer_id=officer.id, actor=current_actor()
        )
        return self._back(day, officer)

    @expose("/move/<int:pk>", methods=["POST"])
    @has_access
    def move(self, pk: int) -> Any:
        """One place up or down."""
        visit = queries.get_visit(self.session, pk) or abort(404)
        services.move_stop(
            self.session,
            visit=visit,
            up=request.form.get("way") == "up",
            actor=current_actor(),
        )
        day, officer = self._needed()
        return self._back(day, officer)

    @expose("/drop/<int:pk>", methods=["POST"])
    @has_access
    def drop(self, pk: int) -> Any:
        """Take a stop out of the plan that nobody has begun."""
        visit = queries.get_visit(self.session, pk) or abort(404)
        services.drop_stop(self.session, visit=visit, actor=current_actor(), now=clock.now())
        day, officer = self._needed()
        flash(_("The stop has been taken out of the plan."), "success")
        return self._back(day, officer)

    @expose("/carry", methods=["POST"])
    @has_access
    def carry(self) -> Any:
        """Take over what was not made on earlier days."""
        day, officer = self._needed()
        made = services.carry_over(
            self.session, to=day, officer_id=officer.id, actor=current_actor(), now=clock.now()
        )
        flash(_("Stops carried over: %(n)s", n=len(made)), "success")
        return self._back(day, officer)

    # --- paper -----------------------------------------------------------------------------------------
    @expose("/sheet")
    @has_access
    def sheet(self) -> Any:
        """One line for each stop with a code that opens it on the phone; printing is logged."""
        day, officer = self._day(), self._officer()
        visits = queries.list_plan(self.session, day, officer.id) if officer is not None else []
        if visits:
            ports.record_access(
                self.session,
                verb="print",
                entity="FieldVisit",
                record_id=None,
                summary=f"{day.isoformat()}, {len(visits)}",
                changes={"officer_id": officer.id if officer is not None else None},
            )
        return self.render_template(
            "applications/field_sheet.html",
            title=_("Sheet of the tour"),
            sub=format_long_date(day, lang=formats.language()),
            officer=officer,
            team=next((v.team for v in visits if v.team), ""),
            tour=[tour_row(v, n, with_code=True) for n, v in enumerate(visits, start=1)],
            as_of=format_datetime(clock.now(), lang=formats.language()),
            back_url=url_for("FieldPlanView.page", **self._address(day, officer)),
        )


def by_place(cases: Sequence[Application]) -> list[dict[str, Any]]:
    """Cases grouped by district and neighbourhood; the group with the nearest date first."""
    groups: dict[tuple[str, str], list[Application]] = {}
    for case in cases:
        key = (str(case.district or ""), str(case.neighbourhood or ""))
        groups.setdefault(key, []).append(case)
    return [
        {
            "district": district or _("District not entered"),
            "neighbourhood": neighbourhood,
            "cases": [
                {
                    "id": case.id,
                    "number": case.number,
                    "subject": case.subject,
                    "street": ", ".join(t for t in (case.street, case.place_note) if t),
                    "topic": str(case.topic) if case.topic is not None else "",
                    "due": formats.due(case.due_on),
                    "url": url_for("ApplicationView.show", pk=case.id),
                }
                for case in rows
            ],
        }
        for (district, neighbourhood), rows in groups.items()
    ]


def tour_row(visit: FieldVisit, place: int, *, with_code: bool = False) -> dict[str, Any]:
    """A stop as the plan and the sheet draw it; nothing of the applicant stands there."""
    case = visit.application
    url = url_for("FieldVisitView.show", pk=visit.id)
    return {
        "id": visit.id,
        "no": place,
        "number": case.number,
        "subject": case.subject,
        "topic": str(case.topic) if case.topic is not None else "",
        "place": place_text(case),
        "task": visit.task,
        "due": formats.due(case.due_on),
        "day": format_date(visit.planned_on, lang=formats.language()),
        "state": formats.labelled(rules.FIELD_STATE_LABELS, rules.FIELD_STATE_TONES)(
            visit.state, visit
        ),
        "live": visit.state in rules.LIVE_VISITS,
        "fresh": visit.state is rules.FieldState.PLANNED,
        "url": url,
        "code": code_of(url) if with_code else "",
    }


def code_of(path: str) -> Markup:
    """A QR code that opens an address of this house, as a drawing in the page; no personal data in it."""
    drawing = segno.make(places.address() + path, error="m").svg_inline(
        omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return Markup(drawing)  # noqa: S704  # Made here out of an address of ours.
