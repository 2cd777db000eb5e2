"""Steps of one application: each act is one form and one service call."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications import rules, services
from app.applications.models import Application, Assignment
from app.applications.views.personal_words import KEEP, MASK, mask_or_warn, warn_of_step
from app.applications.views.replies.steps import ReplySteps
from app.applications.views.unit_steps import UnitSteps
from app.applications.views.work_forms import NoteForm, form_for, names_for
from app.core import clock, uploads
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rules import RuleViolation, Violation
from app.core.views import formats
from app.core.views.page import Crumb, FormPage, FormSection
from app.system.services import attachments

#: Steps whose service is called by another name.
SERVICE_OF = {
    rules.Action.UNIT_ANSWER: "answer_by_unit",
    rules.Action.SEND_BACK_TO_UNIT: "send_back",
}

#: Steps that are taken with a letter or at intake, never with a form of their own.
WITHOUT_FORM = frozenset(
    {
        rules.Action.APPROVE_REPLY,
        rules.Action.SEND_REPLY,
        rules.Action.SEND_REFUSAL,
        rules.Action.REGISTER,
        rules.Action.DISCARD,
    }
)


class WorkView(ReplySteps, UnitSteps, BaseView):
    """What is done with an application after it has been registered."""

    route_base = "/applications/steps"
    default_view = "do"
    class_permission_name = "Application"
    #: Reading is the least; each service checks the act itself.
    method_permission_name = dict.fromkeys(
        (
            "do",
            "add_unit",
            "note",
            "remind",
            "reply",
            "approve",
            "send",
            "take_back",
            "letter",
            "number",
            "template",
        ),
        "read",
    )
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    def _load(self, pk: int) -> Application:
        return self.session.get(Application, pk) or abort(404)

    def _back(self, application: Application) -> Any:
        """To the page that the form names, else to the record."""
        target = request.form.get("next", "")
        safe = target.startswith("/") and not target.startswith(("//", "/\\"))
        return redirect(target if safe else url_for("ApplicationView.show", pk=application.id))

    def _row(self, application: Application, action: str) -> rules.Transition:
        """The row of the state table for this step, if the actor may take it."""
        at_unit = (
            self.session.query(Assignment.id).filter_by(application_id=application.id).first()
            is not None
        )
        actor = current_actor()
        row = rules.find_transition(application.state, action, at_unit=at_unit)
        if row is None:
            flash(
                _(
                    "This step is not possible now: the application stands at “%(state)s”.",
                    state=formats.translated(rules.STATE_LABELS[application.state]),
                ),
                "error",
            )
            abort(redirect(url_for("ApplicationView.show", pk=application.id)))
        if not any(actor.may(verb, "Application") for verb in row.verbs):
            abort(403)
        return row

    # --- steps ---------------------------------------------------------------------------------------
    @expose("/<int:pk>/do/<string:action>", methods=["GET", "POST"])
    @has_access
    def do(self, pk: int, action: str) -> Any:
        """The form of a step, and the step itself."""
        if action in WITHOUT_FORM:
            abort(404)
        application = self._load(pk)
        row = self._row(application, action)
        form = form_for(row)(
            request.form if request.method == "POST" else None,
            data=self._defaults(application, row),
        )
        if request.method == "POST" and form.validate():
            try:
                self._take(application, row, form.values())
                self.session.commit()
                flash(
                    _(
                        "%(number)s: %(step)s.",
                        number=application.number,
                        step=formats.translated(row.done),
                    ),
                    "success",
                )
                return self._back(application)
            except RuleViolation as refused:
                self.session.rollback()
                form.add_violations(refused.violations)
                application = self._load(pk)
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        page = FormPage(
            title=formats.translated(row.label),
            crumbs=[
                Crumb(_("Applications"), url_for("ApplicationView.list")),
                Crumb(application.number, url_for("ApplicationView.show", pk=pk)),
            ],
            form=form,
            sections=[FormSection("", names_for(row))],
            action=url_for("WorkView.do", pk=pk, action=action),
            submit=formats.translated(row.label),
            cancel_url=url_for("ApplicationView.show", pk=pk),
            wide=frozenset({"note", "reason", "remedy", "answer_text", "inadmissible_reason"}),
            errors=errors,
            intro=f"{application.number} · {application.subject}",
            multipart="files" in names_for(row),
        )
        template, more = _drawn_with(application, row)
        return self.render_template(template, page=page, **more), 422 if errors else 200

    def _defaults(self, application: Application, row: rules.Transition) -> dict[str, Any]:
        topic = application.topic
        asked = row.action is rules.Action.REQUEST_INFORMATION
        return {
            "note": services.words_to_ask(application) if asked else None,
            "lead_unit_id": application.lead_unit_id or (topic.unit_id if topic else None),
            "institution_id": topic.institution_id if topic else None,
        }

    def _take(
        self, application: Application, row: rules.Transition, values: dict[str, Any]
    ) -> None:
        """Call the service of the step with what its form gave."""
        common: dict[str, Any] = {
            "application": application,
            "actor": current_actor(),
            "now": clock.now(),
        }
        checked = [
            uploads.check_upload(file.filename, file.stream, field="files")
            for file in values.pop("files", None) or ()
            if getattr(file, "filename", "")
        ]
        values = {k: v for k, v in values.items() if v not in (None, "")}
        if row.action == rules.Action.ASSIGN:
            lead = values.pop("lead_unit_id")
            more = [values.pop(name, None) for name in ("more_unit_id", "second_unit_id")]
            values.update(lead_unit_id=lead, unit_ids=[u for u in (lead, *more) if u])
            informed = values.pop("informed_unit_id", None)
        warn_of_step(application, values)
        service = getattr(services, SERVICE_OF.get(row.action, row.action.value))
        service(self.session, **common, **values)
        if row.action == rules.Action.ASSIGN and informed:
            role = rules.AssignmentRole.INFORMATION
            services.assign(
                self.session, **common, unit_ids=[informed], lead_unit_id=None, role=role
            )
        for upload in checked:
            attachments.store(
                self.session,
                owner_type="Application",
                owner_id=application.id,
                upload=upload,
                kind="answer",
            )

    @expose("/<int:pk>/note", methods=["POST"])
    @has_access
    def note(self, pk: int) -> Any:
        """Add a note to the history."""
        application = self._load(pk)
        text = request.form.get("note", "")
        if application.identity_hidden:
            text, warnings = mask_or_warn(text, "note", request.form)
            if warnings:
                return self._warned(application, warnings)
        services.add_note(
            self.session,
            application=application,
            text=text,
            actor=current_actor(),
            now=clock.now(),
        )
        self.session.commit()
        return self._back(application)

    @expose("/<int:pk>/remind", methods=["POST"])
    @has_access
    def remind(self, pk: int) -> Any:
        """Remind the units that have the case in hand (tekit)."""
        application = self._load(pk)
        text = request.form.get("text", "")
        services.remind_units(
            self.session,
            application=application,
            text=services.mask_personal(text) if application.identity_hidden else text,
            actor=current_actor(),
            now=clock.now(),
        )
        self.session.commit()
        flash(_("The unit has been reminded."), "success")
        return self._back(application)

    def _warned(self, application: Application, warnings: list[Violation]) -> Any:
        """The note once more, with what it tells about a hidden identity and a way to mask that."""
        form = NoteForm(request.form)
        form.add_violations(warnings)
        shown = url_for("ApplicationView.show", pk=application.id)
        page = FormPage(
            title=_("Note"),
            crumbs=[
                Crumb(_("Applications"), url_for("ApplicationView.list")),
                Crumb(application.number, shown),
            ],
            form=form,
            sections=[FormSection("", ["note"])],
            action=request.path,
            submit=_("Mask and save"),
            submit_name=MASK,
            cancel_url=shown,
            wide=frozenset({"note"}),
            errors=[(f.id, str(f.label.text), str(e)) for f in form for e in f.errors],
            extra_submits=[(KEEP, _("Keep them and save"))],
        )
        return self.render_template("appbuilder/general/model/edit.html", page=page), 422


def _drawn_with(application: Application, row: rules.Transition) -> tuple[str, dict[str, Any]]:
    """The template of a step and what only it draws; most steps are a plain form."""
    if row.action is not rules.Action.DECLARE_INADMISSIBLE:
        return "appbuilder/general/model/edit.html", {}
    parts = {name: getattr(application, name) for name in rules.PETITION_PARTS}
    return "applications/step_inadmissible.html", {
        "grounds": [
            (
                formats.translated(rules.INADMISSIBLE_REASON_LABELS[reason]),
                formats.translated(ground.law),
                formats.translated(ground.meaning),
                formats.translated(ground.consequence),
            )
            for reason, ground in rules.GROUNDS.items()
        ],
        "missing": [
            formats.translated(rules.PETITION_PARTS[name]) for name in rules.missing_parts(parts)
        ],
    }
