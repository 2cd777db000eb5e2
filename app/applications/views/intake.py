"""The intake screen: one page for a phone call, from the first digits of a number to the case number."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications import queries, rules, services
from app.applications.models import Application
from app.applications.views.intake_form import (
    APPLICANT_FIELDS,
    CHANNELS,
    QUICK_KINDS,
    IntakeForm,
)
from app.applications.views.intake_parts import person_parts, proposal_parts
from app.applications.views.personal_words import warn_once
from app.core import clock, ports, uploads
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.identifiers import mask_phone
from app.core.rooms import panels_of
from app.core.rules import RuleViolation, Violation
from app.core.uploads import CheckedUpload
from app.core.views import formats
from app.core.views.forms import BackOfficeForm
from app.people.models import Citizen
from app.people.queries import find_citizens
from app.system.services import attachments

#: Column of a rule → field of the form.
_RENAMED = {
    "topic_id": "topic",
    "unit_id": "unit",
    "district_id": "district",
    "neighbourhood_id": "neighbourhood",
    "citizen": "citizen_id",
}


def number(value: str) -> int | None:
    """A record id out of an argument; nonsense is None."""
    return int(value) if value.isdigit() and len(value) < 10 else None


class IntakeView(BaseView):
    """Register an application: find the citizen, see what is open, say what and where, save."""

    route_base = "/applications/new"
    default_view = "new"
    class_permission_name = "Application"
    method_permission_name = {
        "new": "register",
        "people": "register",
        "citizen": "register",
        "proposal": "register",
        "similar": "register",
        "join": "register",
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
        """Draw the screen, or register what was typed; nothing typed is lost by an error."""
        form = IntakeForm(request.form if request.method == "POST" else None, data=self._defaults())
        if form.identity_hidden.data:
            form.forget_applicant()
        if request.method == "POST":
            done = self._register(form)
            if done is not None:
                return self._done(*done)
        return self._page(form)

    def _page(self, form: IntakeForm) -> Any:
        """The screen with what was typed and everything that is wrong with it."""
        errors = [(_goal(form, f), str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        citizen = self._citizen(form.citizen_id.data)
        page = self.render_template(
            "applications/intake.html",
            form=form,
            errors=errors,
            quick_kinds=[(k.value, formats.translated(rules.KIND_LABELS[k])) for k in QUICK_KINDS],
            other_kinds=[
                (k.value, formats.translated(label))
                for k, label in rules.KIND_LABELS.items()
                if k not in QUICK_KINDS
            ],
            channels=formats.choices(CHANNELS),
            petition_channels=" ".join(sorted(rules.PETITION_CHANNELS)),
            person=person_parts(self.session, citizen) if citizen else None,
            proposal=proposal_parts(self.session, form.topic.data, form.kind.data, form.unit.data),
            origin=self._origin(),
            panels=[
                (panel.key, formats.translated(panel.label), panel.url())
                for panel in panels_of("intake", current_actor())
            ],
            title=_("New application"),
        )
        return page, 422 if errors else 200

    def _origin(self) -> str:
        """The arguments with which intake was opened; they travel with the form."""
        return str(request.form.get("origin", request.query_string.decode("utf-8", "replace")))[
            :500
        ]

    def _arguments(self) -> dict[str, Any]:
        """The same by name; what begins with an underscore would speak to `url_for`."""
        return {k: v for k, v in parse_qsl(self._origin()) if not k.startswith("_")}

    def _linked(self, application: Application) -> str:
        """Let the rooms above link where the citizen came from; the address to go to, or nothing."""
        told = [
            hook(self.session, application, self._arguments(), current_actor())
            for hook in ports.after_register
        ]
        return next((address for address in told if address), "")

    def _defaults(self) -> dict[str, Any]:
        """A fresh key against double submits, the channel of the role, a caller from the address."""
        roles = current_actor().roles
        channel = rules.Channel.CALL_CENTER
        if "cimer_officer" in roles:
            channel = rules.Channel.CIMER
        elif "desk_officer" in roles:
            channel = rules.Channel.DESK
        named = request.args.get("channel", "")
        channel = next((known for known in CHANNELS if known.value == named), channel)
        values: dict[str, Any] = {
            "request_key": secrets.token_urlsafe(16),
            "channel": channel,
            "kind": rules.Kind.REQUEST,
            "citizen_id": number(request.args.get("citizen", "")),
        }
        for hook in ports.before_intake:
            values.update(hook(self.session, self._arguments(), current_actor()))
        return values

    def _register(self, form: IntakeForm) -> tuple[Application, str] | None:
        """One transaction: the case, its citizen, its messages, its files and where it came from.

        What is wrong is told all at once: what could not be read, what the rules say, the files.
        """
        form.validate()
        checked, broken = _checked_files(form)
        values = form.to_values()
        if values["identity_hidden"]:
            values = services.without_identity(values)
            broken += warn_once(values)
        request_key = form.request_key.data or None
        broken += services.registration_violations(
            self.session, values=values, now=clock.now(), request_key=request_key
        )
        if request.form.get("step") == "close":
            broken += services.first_contact_violations(form.channel.data)
        _field_errors(form, broken)
        if form.errors:
            return None
        try:
            application = services.register_application(
                self.session,
                values=values,
                actor=current_actor(),
                now=clock.now(),
                request_key=request_key,
            )
            for upload in checked:
                attachments.store(
                    self.session,
                    owner_type="Application",
                    owner_id=application.id,
                    upload=upload,
                    kind="intake",
                )
            step = request.form.get("step", "assign")
            if step == "close":
                services.close_first_contact(
                    self.session,
                    application=application,
                    note=form.body.data or form.subject.data,
                    actor=current_actor(),
                    now=clock.now(),
                )
            elif (
                step in {"assign", "again"}
                and form.unit.data
                and current_actor().may("assign", "Application")
            ):
                self._assign(application, form.unit.data)
            address = self._linked(application)
            self.session.commit()
            return application, address
        except RuleViolation as refused:
            self.session.rollback()
            _field_errors(form, refused.violations)
            return None

    def _assign(self, application: Application, unit_id: int) -> None:
        """Assess and assign in one go: the clerk has done both by picking topic and unit."""
        common: dict[str, Any] = {
            "application": application,
            "actor": current_actor(),
            "now": clock.now(),
        }
        services.take_to_triage(self.session, **common)
        services.assign(self.session, unit_ids=[unit_id], lead_unit_id=unit_id, **common)

    def _done(self, application: Application, address: str) -> Any:
        flash(
            _(
                "%(number)s has been registered. Tracking code: %(code)s",
                number=application.number,
                code=application.tracking_code,
            ),
            "success",
        )
        if request.form.get("step") == "again":
            # The same visitor or caller may have another matter.
            return redirect(url_for("IntakeView.new", **self._arguments()))
        return redirect(address or url_for("ApplicationView.show", pk=application.id))

    # --- parts that the page fetches while the clerk types --------------------------------------------
    @expose("/people")
    @has_access
    def people(self) -> Any:
        """People found by telephone, national id or name."""
        query = request.args.get("q", "")[:60]
        found = find_citizens(self.session, query, limit=8) if len(query.strip()) >= 2 else []
        return self.render_template(
            "applications/intake_people.html", people=found, query=query, mask_phone=mask_phone
        )

    @expose("/citizen/<int:pk>")
    @has_access
    def citizen(self, pk: int) -> Any:
        """The picked person with the open cases first."""
        citizen = self._citizen(pk) or abort(404)
        return self.render_template(
            "applications/intake_person.html", person=person_parts(self.session, citizen)
        )

    @expose("/proposal")
    @has_access
    def proposal(self) -> Any:
        """Unit, advice and the day-by-day legal time of what was picked."""
        kind = request.args.get("kind", "")
        known = {k.value: k for k in rules.Kind}
        return self.render_template(
            "applications/intake_proposal.html",
            proposal=proposal_parts(
                self.session,
                number(request.args.get("topic", "")),
                known.get(kind),
                number(request.args.get("unit", "")),
            ),
        )

    @expose("/similar")
    @has_access
    def similar(self) -> Any:
        """Likely duplicates of the last thirty days."""
        found = queries.find_similar(
            self.session,
            topic_id=number(request.args.get("topic", "")),
            neighbourhood_id=number(request.args.get("neighbourhood", "")),
            citizen_id=number(request.args.get("citizen", "")),
            text=request.args.get("text", "")[:400],
            today=clock.today(),
        )
        return self.render_template(
            "applications/intake_similar.html", similar=found, due=formats.due
        )

    @expose("/join/<int:pk>", methods=["POST"])
    @has_access
    def join(self, pk: int) -> Any:
        """Add what was typed to an open case instead of making another one."""
        form = IntakeForm(request.form)
        if form.identity_hidden.data:
            form.forget_applicant()
        application = self.session.get(Application, pk) or abort(404)
        form.validate()
        # A call that is joined needs its person; topic and summary are those of the case.
        form.keep_errors(APPLICANT_FIELDS)
        if form.errors:
            return self._page(form)
        values = form.to_values()
        try:
            services.join_application(
                self.session,
                application=application,
                text="\n".join(t for t in (values["subject"], values["body"]) if t),
                citizen=values["citizen"],
                on_behalf_of=values["on_behalf_of"],
                actor=current_actor(),
                now=clock.now(),
            )
        except RuleViolation as refused:
            self.session.rollback()
            _field_errors(form, refused.violations)
            return self._page(form)
        address = self._linked(application)
        self.session.commit()
        flash(
            _(
                "The call has been added to %(number)s; no new case was opened.",
                number=application.number,
            ),
            "success",
        )
        return redirect(address or url_for("ApplicationView.show", pk=application.id))

    # --- what the parts need -------------------------------------------------------------------------
    def _citizen(self, pk: int | None) -> Citizen | None:
        return self.session.get(Citizen, pk) if pk else None


def _goal(form: IntakeForm, field: Any) -> str:
    """The place on the page to which the summary of errors leads."""
    if field is not form.citizen_id:
        return str(field.id)
    return "person" if form.who.data == "known" else "who"


def _checked_files(form: IntakeForm) -> tuple[list[CheckedUpload], list[Violation]]:
    """The files that may be kept, and what is wrong with the others."""
    checked: list[CheckedUpload] = []
    broken: list[Violation] = []
    for file in form.files.data or ():
        if not getattr(file, "filename", ""):
            continue
        try:
            checked.append(uploads.check_upload(file.filename or "", file.stream, field="files"))
        except RuleViolation as refused:
            broken += refused.violations
    return checked, broken


def _field_errors(form: BackOfficeForm, violations: Iterable[Violation]) -> None:
    """Put violations at their fields; one that could not be read has been told of already.

    Rules speak of columns; the form's pickers are called by their relation.
    """
    unread = {field.name for field in form if field.errors}
    named = (
        replace(v, field=_RENAMED.get(v.field, v.field.removeprefix("citizen.")))
        for v in violations
    )
    form.add_violations(v for v in named if v.field not in unread)
