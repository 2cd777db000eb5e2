"""Deciding, extending and noting consent on an information request: forms over the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications import queries as cases
from app.applications import services
from app.applications.models import Application, InformationCase
from app.applications.queries.information import find_information_case, list_grounds
from app.applications.rules import information as foi
from app.applications.views.information.forms import ConsentForm, DecisionForm, ExtensionForm
from app.applications.views.information.small_forms import (
    errors_of,
    read_version,
    small_form,
    try_act,
)
from app.core import clock
from app.core.acting import current_actor
from app.core.text import format_date
from app.core.views import formats
from app.core.views.page import Crumb

#: Fields of the decision that are taken over as they are.
_CHOSEN = ("access_form", "pages", "published_id", "institution_id")

_NEEDED = ("reason", "removed", "access_form", "published_id", "institution_id")


class DecisionPages:
    """Mixed into the view of information cases; it uses the view's declaration and routes."""

    if TYPE_CHECKING:
        # The declaration stands in the view, which inherits from this part.
        def __getattr__(self, name: str) -> Any:
            """Whatever the view declares."""

    def _open(self, application_id: int) -> tuple[InformationCase, Application]:
        """An application in the actor's scope with its information case, or 404."""
        application = self.session.get(Application, application_id) or abort(404)
        return find_information_case(self.session, application_id) or abort(404), application

    def _back(self, application: Application) -> str:
        return url_for("ApplicationView.show", pk=application.id)

    def _crumbs(self, application: Application) -> list[tuple[str, str]]:
        return [
            (formats.translated(self.label_plural), self.url("list")),
            (application.number, self._back(application)),
        ]

    # --- the decision --------------------------------------------------------------------------------
    @expose("/of/<int:application_id>/decide", methods=["GET", "POST"])
    @has_access
    def decide(self, application_id: int) -> Any:
        """Draft the decision with its letter, or send it for approval at once."""
        case, application = self._open(application_id)
        grounds = list_grounds(self.session, clock.today())
        form = DecisionForm(
            request.form if request.method == "POST" else None, data=self._drafted(case)
        )
        form.grounds.choices = [(ground.id, ground.code) for ground in grounds]
        for name in _NEEDED:
            # Each is shown only with the result that needs it, so none is marked as optional.
            form[name].flags.required = True
        if request.method == "POST":
            submit = request.form.get("step") == "submit"
            done = try_act(
                self.session, form, lambda values: self._take(application_id, values, submit)
            )
            if done is not None:
                flash(self._said(done, submit), "success")
                return redirect(self._back(application))
            case, application = self._open(application_id)
        errors = errors_of(form)
        return self.render_template(
            "applications/information_decide.html",
            title=_("Decision on %(number)s", number=application.number),
            crumbs=[Crumb(label, url) for label, url in self._crumbs(application)],
            item=application,
            case=case,
            form=form,
            grounds=[(g.id, g.code, g.title, g.id in (form.grounds.data or ())) for g in grounds],
            errors=errors,
            answers=[
                (str(row.unit), row.answer_text)
                for row in cases.list_assignments(self.session, application.id)
                if row.answer_text
            ],
            back=self._back(application),
            is_final=case.decided_on is not None,
        ), 422 if errors else 200

    def _drafted(self, case: InformationCase) -> dict[str, Any]:
        """What stands in the form: the draft, or what the link of the record page proposes."""
        decision = case.decision.value if case.decision else request.args.get("decision", "")
        if decision not in {d.value for d in foi.DECIDABLE}:
            decision = ""
        return {
            "decision": decision or None,
            "grounds": [ground.id for ground in case.grounds],
            "reason": case.reason,
            "removed": case.removed,
            "access_form": case.access_form,
            "pages": case.pages,
            "published_id": case.published_id,
        }

    def _take(self, application_id: int, values: dict[str, Any], submit: bool) -> InformationCase:
        _case, application = self._open(application_id)
        decision = values.pop("decision")
        known = {d.value: d for d in foi.DECIDABLE}
        return services.information.decide(
            self.session,
            application=application,
            decision=known.get(decision or ""),
            ground_ids=values.pop("grounds") or (),
            actor=current_actor(),
            now=clock.now(),
            version=read_version(),
            submit=submit,
            reason=values["reason"] or "",
            removed=values["removed"] or "",
            **{name: values[name] for name in _CHOSEN},
        )

    def _said(self, case: InformationCase, submit: bool) -> str:
        if case.decided_on is not None:
            return _("The request was passed on, and the applicant is told.")
        if submit:
            return _("The letter of the decision waits for the manager’s approval.")
        return _("The decision and its letter have been drafted; look at the letter below.")

    # --- the extension -------------------------------------------------------------------------------
    @expose("/of/<int:application_id>/extend", methods=["GET", "POST"])
    @has_access
    def extend(self, application_id: int) -> Any:
        """Prepare the letter that makes fifteen working days thirty."""
        case, application = self._open(application_id)
        form = ExtensionForm(
            request.form if request.method == "POST" else None,
            data={"extension_reason": case.extension_reason},
        )

        def act(values: dict[str, Any]) -> Any:
            _case, again = self._open(application_id)
            known = {r.value: r for r in foi.ExtensionReason}
            return services.information.prepare_extension(
                self.session,
                application=again,
                extension_reason=known.get(values["extension_reason"] or ""),
                note=values["note"] or "",
                actor=current_actor(),
                now=clock.now(),
                version=read_version(),
            )

        intro = _(
            "The letter must leave by %(day)s; afterwards the law knows no extension. The manager approves the letter, sends it and grants the time.",
            day=format_date(case.notice_by) or "–",
        )
        return small_form(
            self,
            form,
            title=_("Extension to thirty working days"),
            submit=_("Send the letter for approval"),
            names=("extension_reason", "note"),
            crumbs=self._crumbs(application),
            act=act,
            done=_("The extension letter waits for the manager’s approval."),
            back=self._back(application),
            intro=intro,
            version=case.version,
            wide=frozenset({"extension_reason", "note"}),
        )

    # --- consent ---------------------------------------------------------------------------------------
    @expose("/of/<int:application_id>/consent", methods=["GET", "POST"])
    @has_access
    def consent(self, application_id: int) -> Any:
        """Note the notice to the person concerned and the consent."""
        case, application = self._open(application_id)
        form = ConsentForm(
            request.form if request.method == "POST" else None,
            data={
                "consent_asked_on": case.consent_asked_on,
                "consent_given_on": case.consent_given_on,
            },
        )

        def act(values: dict[str, Any]) -> Any:
            _case, again = self._open(application_id)
            return services.information.note_consent(
                self.session,
                application=again,
                consent_asked_on=values["consent_asked_on"],
                consent_given_on=values["consent_given_on"],
                actor=current_actor(),
                now=clock.now(),
                version=read_version(),
            )

        return small_form(
            self,
            form,
            title=_("Consent of the person concerned (4982 art. 21)"),
            submit=_("Save"),
            names=("consent_asked_on", "consent_given_on"),
            crumbs=self._crumbs(application),
            act=act,
            done=_("The consent has been noted."),
            back=self._back(application),
            intro=_(
                "Personal information is given out only when the person was told at least seven days before and agrees in writing."
            ),
            version=case.version,
        )
