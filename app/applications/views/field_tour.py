"""The tour of an officer on the phone: one press for each step, pictures, and carrying findings over."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications.models import FieldVisit
from app.applications.queries import field as queries
from app.applications.rules import field as rules
from app.applications.rules.field import FieldAction, FieldNextStep
from app.applications.services import field as services
from app.applications.views.field_cells import map_url, place_text, step_buttons
from app.applications.views.field_forms import FinishForm, PostponeForm, ReportForm
from app.core import clock, uploads
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.redirects import is_local_path
from app.core.rules import RuleViolation
from app.core.text import format_long_date, parse_tr_date
from app.core.views import formats
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Crumb, FormPage, FormSection

#: What a phone's camera makes; each picture is drawn anew without its hidden data.
PICTURES = frozenset({"jpg", "jpeg", "png", "webp"})
MAX_PICTURE = 12 * 1024 * 1024
MOST_AT_ONCE = 6
#: Steps without a form.
ONE_PRESS = (FieldAction.LEAVE, FieldAction.ARRIVE, FieldAction.FOUND, FieldAction.NOT_FOUND)


class FieldTourView(BaseView):
    """The stops of today in their order, with one-hand buttons."""

    route_base = "/field-tour"
    default_view = "today"
    class_permission_name = "FieldVisit"
    method_permission_name = {
        "today": "read",
        "step": "write",
        "photo": "write",
        "finish": "write",
        "postpone": "write",
        "report": "write",
    }
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    def _load(self, pk: int) -> FieldVisit:
        return queries.get_visit(self.session, pk) or abort(404)

    # --- the tour ------------------------------------------------------------------------------------
    @expose("/")
    @has_access
    def today(self) -> Any:
        """My stops of a day; today's unless the address names another one."""
        day = parse_tr_date(request.args.get("day", "")) or clock.today()
        actor = current_actor()
        visits = queries.list_plan(self.session, day, actor.user_id or 0)
        left = queries.list_left_over(self.session, clock.today(), actor.user_id or 0)
        may_write = actor.may("write", "FieldVisit")
        return self.render_template(
            "applications/field_tour.html",
            title=_("My tour"),
            sub=format_long_date(day, lang=formats.language()),
            day=day,
            stops=[self._stop(v, may_write=may_write) for v in visits],
            done=sum(v.state not in rules.UNFINISHED_VISITS for v in visits),
            left_over=len(left) if day == clock.today() else 0,
            may_write=may_write,
            before=(day - dt.timedelta(days=1)).isoformat(),
            after=(day + dt.timedelta(days=1)).isoformat(),
            plan_url=url_for("FieldPlanView.page", day=day.isoformat()),
        )

    def _stop(self, visit: FieldVisit, *, may_write: bool) -> dict[str, Any]:
        case = visit.application
        judged = visit.state in rules.JUDGED_VISITS
        return {
            "id": visit.id,
            "number": case.number,
            "subject": case.subject,
            "place": place_text(case),
            "task": visit.task,
            "topic": str(case.topic) if case.topic is not None else "",
            "due": formats.due(case.due_on),
            "state": formats.labelled(rules.FIELD_STATE_LABELS, rules.FIELD_STATE_TONES)(
                visit.state, visit
            ),
            "over": visit.state not in rules.UNFINISHED_VISITS,
            "url": url_for("FieldVisitView.show", pk=visit.id),
            "map_url": map_url(case),
            "steps": step_buttons(visit) if may_write else [],
            "finish_url": url_for("FieldTourView.finish", pk=visit.id)
            if judged and may_write
            else "",
            "postpone_url": url_for("FieldTourView.postpone", pk=visit.id)
            if visit.state in rules.LIVE_VISITS and may_write
            else "",
        }

    @expose("/step/<int:pk>", methods=["POST"])
    @has_access
    def step(self, pk: int) -> Any:
        """One press: arrived, found, not found; with the place of the phone when it tells it."""
        visit = self._load(pk)
        actions = {a.value: a for a in ONE_PRESS}
        action = actions.get(request.form.get("action", "")) or abort(400)
        services.take_step(
            self.session,
            visit=visit,
            action=action,
            latitude=_coordinate(request.form.get("latitude", "")),
            longitude=_coordinate(request.form.get("longitude", "")),
            actor=current_actor(),
            now=clock.now(),
        )
        self.session.commit()
        if visit.state in rules.JUDGED_VISITS:
            return redirect(url_for("FieldTourView.finish", pk=pk))
        return self._back(pk)

    def _back(self, pk: int) -> Any:
        target = request.form.get("next", "")
        safe = is_local_path(target)
        return redirect(target if safe else url_for("FieldVisitView.show", pk=pk))

    # --- pictures --------------------------------------------------------------------------------------
    def _keep(self, visit: FieldVisit, files: list[Any], kind: str) -> int:
        """Check and keep pictures; RuleViolation at `photos` for what is none."""
        kept = 0
        for file in [f for f in files if getattr(f, "filename", "")][:MOST_AT_ONCE]:
            upload = uploads.check_upload(
                file.filename,
                file.stream,
                field="photos",
                allowed=PICTURES,
                max_size=MAX_PICTURE,
            )
            services.add_photo(
                self.session, visit=visit, upload=upload, kind=kind, actor=current_actor()
            )
            kept += 1
        return kept

    @expose("/photo/<int:pk>", methods=["POST"])
    @has_access
    def photo(self, pk: int) -> Any:
        """Add pictures, taken before or after the work."""
        visit = self._load(pk)
        kept = self._keep(visit, request.files.getlist("photos"), request.form.get("kind", ""))
        self.session.commit()
        if kept:
            flash(_("Pictures added: %(n)s", n=kept), "success")
        else:
            flash(_("Choose a file first."), "error")
        return self._back(pk)

    # --- forms ------------------------------------------------------------------------------------------
    def _form_page(
        self,
        visit: FieldVisit,
        form: BackOfficeForm,
        names: list[str],
        *,
        title: str,
        submit: str,
        method: str,
        intro: str = "",
    ) -> Any:
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        case = visit.application
        page = FormPage(
            title=title,
            crumbs=[
                Crumb(_("My tour"), url_for("FieldTourView.today")),
                Crumb(case.number, url_for("FieldVisitView.show", pk=visit.id)),
            ],
            form=form,
            sections=[FormSection("", names)],
            action=url_for(f"FieldTourView.{method}", pk=visit.id),
            submit=submit,
            cancel_url=url_for("FieldVisitView.show", pk=visit.id),
            wide=frozenset(names),
            errors=errors,
            intro=intro or f"{case.number} · {case.subject} · {place_text(case)}",
            multipart="photos" in names,
        )
        status = 422 if errors else 200
        return self.render_template("appbuilder/general/model/edit.html", page=page), status

    @expose("/finish/<int:pk>", methods=["GET", "POST"])
    @has_access
    def finish(self, pk: int) -> Any:
        """Words, measures and what follows; pictures come along."""
        visit = self._load(pk)
        if visit.state not in rules.JUDGED_VISITS:
            if visit.state in rules.LIVE_VISITS:
                flash(_("First press whether it was found there."), "info")
            return redirect(url_for("FieldVisitView.show", pk=pk))
        posted = request.method == "POST"
        form = FinishForm(
            request.form if posted else None,
            data={
                "findings": visit.findings,
                "measures": visit.measures,
                "next_step": visit.next_step,
            },
        )
        if posted and form.validate():
            try:
                self._keep(visit, request.files.getlist("photos"), _kind_of(visit))
                services.take_step(
                    self.session,
                    visit=visit,
                    action=FieldAction.FINISH,
                    values={
                        "findings": form.findings.data,
                        "measures": form.measures.data,
                        "next_step": form.next_step.data,
                        "citizen_confirmed": {"1": True, "0": False}.get(
                            form.citizen_confirmed.data or ""
                        ),
                    },
                    actor=current_actor(),
                    now=clock.now(),
                )
                self.session.commit()
                flash(_("The visit has been completed."), "success")
                return redirect(url_for("FieldVisitView.show", pk=pk))
            except RuleViolation as refused:
                self.session.rollback()
                form.add_violations(refused.violations)
                visit = self._load(pk)
        found = _("Found") if visit.was_found else _("Not found")
        return self._form_page(
            visit,
            form,
            ["findings", "measures", "next_step", "citizen_confirmed", "photos"],
            title=_("Complete the visit: %(found)s", found=found),
            submit=_("Complete the visit"),
            method="finish",
        )

    @expose("/postpone/<int:pk>", methods=["GET", "POST"])
    @has_access
    def postpone(self, pk: int) -> Any:
        """Put a visit off, with the reason."""
        visit = self._load(pk)
        form = PostponeForm(request.form if request.method == "POST" else None)
        if request.method == "POST" and form.validate():
            try:
                services.take_step(
                    self.session,
                    visit=visit,
                    action=FieldAction.POSTPONE,
                    reason=form.reason.data,
                    actor=current_actor(),
                    now=clock.now(),
                )
                self.session.commit()
                flash(_("The visit has been postponed."), "success")
                return redirect(url_for("FieldTourView.today"))
            except RuleViolation as refused:
                self.session.rollback()
                form.add_violations(refused.violations)
                visit = self._load(pk)
        return self._form_page(
            visit,
            form,
            ["reason"],
            title=_("Postpone the visit"),
            submit=_("Postpone the visit"),
            method="postpone",
        )

    @expose("/report/<int:pk>", methods=["GET", "POST"])
    @has_access
    def report(self, pk: int) -> Any:
        """Carry the finding into the case: as the unit's answer or as a note."""
        visit = self._load(pk)
        answers = visit.next_step is FieldNextStep.UNIT_ANSWER
        text, outcome = services.proposed_answer(visit)
        form = ReportForm(
            request.form if request.method == "POST" else None,
            data={"text": text, "outcome": outcome},
        )
        if request.method == "POST" and form.validate():
            try:
                services.report_finding(
                    self.session,
                    visit=visit,
                    text=form.text.data,
                    outcome=form.outcome.data if answers else None,
                    actor=current_actor(),
                    now=clock.now(),
                )
                self.session.commit()
                flash(_("The finding stands in the case now."), "success")
                return redirect(url_for("ApplicationView.show", pk=visit.application_id))
            except RuleViolation as refused:
                self.session.rollback()
                form.add_violations(refused.violations)
                visit = self._load(pk)
        return self._form_page(
            visit,
            form,
            ["text", "outcome"] if answers else ["text"],
            title=_("Answer for the unit") if answers else _("Note to the unit"),
            submit=_("Send as the unit’s answer") if answers else _("Add note"),
            method="report",
        )


def _kind_of(visit: FieldVisit) -> str:
    """Pictures that come with the end of a visit show what was done, or that nothing is there."""
    return "after" if visit.was_found else "before"


def _coordinate(text: str) -> float | None:
    """A coordinate as a browser writes it; nonsense is none at all."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
