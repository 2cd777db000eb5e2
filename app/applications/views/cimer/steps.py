"""What is noted at a CİMER application: sent again, more text, more time, elsewhere; and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import Application
from app.applications.views.cimer.step_forms import (
    AnswerForm,
    AskExtensionForm,
    DecideExtensionForm,
    ResendForm,
    StateForm,
    TextForm,
    TransferForm,
)
from app.applications.views.personal_words import KEEP, MASK, mask_or_warn
from app.core import clock
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rules import ConflictError, RuleViolation, Violation
from app.core.text import format_date, format_number
from app.core.views import formats
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Crumb, FormPage, FormSection

Values = Mapping[str, Any]
Act = Callable[[Application, dict[str, Any]], object]


class CimerStepView(BaseView):
    """One form for each line of the correspondence that a person notes."""

    route_base = "/cimer/cases"
    default_view = "answer"
    class_permission_name = "CimerExchange"
    method_permission_name = {
        "answer": "read",
        "entered": "write",
        **dict.fromkeys(("resend", "text", "state", "ask", "decide", "transfer"), "write"),
    }
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    def _load(self, pk: int) -> Application:
        """A CİMER application in the actor's scope; any other is not found."""
        found: Application | None = self.session.scalars(
            select(Application).where(
                Application.id == pk, Application.channel == rules.Channel.CIMER
            )
        ).first()
        return found if found is not None else abort(404)

    # --- what CİMER sent -------------------------------------------------------------------------------
    @expose("/<int:pk>/resend", methods=["GET", "POST"])
    @has_access
    def resend(self, pk: int) -> Any:
        """CİMER sent the application again."""
        item = self._load(pk)
        effect = rules.resend_effect(item.state)
        intro = (
            _("The application is open: the text is added to it, its period runs on.")
            if effect is rules.ResendEffect.ADD
            else _("The application has ended: it is reopened with a new period from that date.")
        )
        return self._step(
            item, ResendForm, _("Sent again by CİMER"), _("Note that it was sent again"), intro,
            lambda case, values: services.receive_resend(
                self.session, application=case, actor=current_actor(), now=clock.now(),
                at=values["at"], reason=values["reason"], reference=values["reference"] or "",
                text=values["text"] or "", version=item.version,
            ),
        )  # fmt: skip

    @expose("/<int:pk>/text", methods=["GET", "POST"])
    @has_access
    def text(self, pk: int) -> Any:
        """The citizen has added something at CİMER."""
        item = self._load(pk)
        intro = _("An open application gets the text; an ended one is reopened from that date.")
        return self._step(
            item, TextForm, _("Additional text from CİMER"), _("Add the text"), intro,
            lambda case, values: services.receive_text(
                self.session, application=case, actor=current_actor(), now=clock.now(),
                at=values["at"], text=values["text"] or "", reference=values["reference"] or "",
                version=item.version,
            ),
        )  # fmt: skip

    @expose("/<int:pk>/state", methods=["GET", "POST"])
    @has_access
    def state(self, pk: int) -> Any:
        """The state in the words of CİMER."""
        item = self._load(pk)
        return self._step(
            item, StateForm, _("State at CİMER"), _("Keep the state"),
            _("Kept as CİMER writes it; it changes nothing here."),
            lambda case, values: services.note_state(
                self.session, application=case, actor=current_actor(), now=clock.now(),
                at=clock.now(), word=values["word"],
            ),
            data={"word": item.external_state},
        )  # fmt: skip

    @expose("/<int:pk>/transfer", methods=["GET", "POST"])
    @has_access
    def transfer(self, pk: int) -> Any:
        """CİMER gave the application to another institution."""
        item = self._load(pk)
        intro = _(
            "Only noted: end the application here with the step “Pass to another institution” or by an answer."
        )
        return self._step(
            item, TransferForm, _("Sent elsewhere by CİMER"), _("Note it"), intro,
            lambda case, values: services.note_transfer(
                self.session, application=case, actor=current_actor(), now=clock.now(),
                at=values["at"], text=values["text"] or "", reference=values["reference"] or "",
                version=item.version,
            ),
        )  # fmt: skip

    # --- more time -------------------------------------------------------------------------------------
    @expose("/<int:pk>/ask", methods=["GET", "POST"])
    @has_access
    def ask(self, pk: int) -> Any:
        """More time was asked for at CİMER."""
        item = self._load(pk)
        return self._step(
            item, AskExtensionForm, _("Ask for more time at CİMER"), _("Note the request"),
            law_on_time(item),
            lambda case, values: services.ask_extension(
                self.session, application=case, actor=current_actor(), now=clock.now(),
                reason=values["reason"] or "", asked_on=values["asked_on"],
                until_on=values["until_on"], reference=values["reference"] or "",
                version=item.version,
            ),
        )  # fmt: skip

    @expose("/<int:pk>/decide", methods=["GET", "POST"])
    @has_access
    def decide(self, pk: int) -> Any:
        """What CİMER answered about more time."""
        item = self._load(pk)
        return self._step(
            item, DecideExtensionForm, _("Answer of CİMER about more time"), _("Note the answer"),
            law_on_time(item),
            lambda case, values: services.decide_extension(
                self.session, application=case, actor=current_actor(), now=clock.now(),
                granted=values["answer"] == "granted", until_on=values["until_on"],
                text=values["text"] or "", reference=values["reference"] or "",
                version=item.version,
            ),
        )  # fmt: skip

    # --- the answer --------------------------------------------------------------------------------------
    @expose("/<int:pk>/answer", methods=["GET"])
    @has_access
    def answer(self, pk: int) -> Any:
        """The text for CİMER with its length, a button that copies it, and the note that it stands there."""
        return self._draw_answer(self._load(pk), AnswerForm(data={"at": clock.now()}))

    @expose("/<int:pk>/entered", methods=["POST"])
    @has_access
    def entered(self, pk: int) -> Any:
        """The answer stands at CİMER since a moment."""
        item, form = self._load(pk), AnswerForm(request.form)
        if form.validate() and form.at.data:
            try:
                services.mark_entered(
                    self.session, application=item, at=form.at.data, actor=current_actor(),
                    now=clock.now(), reference=form.reference.data or "",
                )  # fmt: skip
                self.session.commit()
                flash(_("%(number)s: the answer stands at CİMER.", number=item.number), "success")
                return redirect(url_for("CimerAnswerView.list"))
            except RuleViolation as refused:
                self.session.rollback()
                form.add_violations(refused.violations)
        return self._draw_answer(self._load(pk), form)

    def _draw_answer(self, item: Application, form: AnswerForm) -> Any:
        found = services.answer_for(self.session, item)
        lang = formats.language()
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        page = self.render_template(
            "applications/cimer_answer.html",
            title=_("Answer for CİMER"),
            item=item,
            form=form,
            errors=errors,
            answer=found,
            length=format_number(found.length, lang=lang),
            limit=format_number(found.limit, lang=lang),
            due=formats.due(item.due_on),
            crumbs=[
                Crumb(_("CİMER answers to be entered"), url_for("CimerAnswerView.list")),
                Crumb(item.number, url_for("ApplicationView.show", pk=item.id)),
            ],
            entered=formats.plain(item.external_answered_at).text
            if item.external_answered_at
            else "",
        )
        return page, 422 if errors else 200

    # --- shared ------------------------------------------------------------------------------------------
    def _step(
        self,
        item: Application,
        form_class: type[BackOfficeForm],
        title: str,
        submit: str,
        intro: str,
        act: Act,
        data: Values | None = None,
    ) -> Any:
        """Draw a form, or do what it says; on any error what was typed stays."""
        given = {"at": clock.now(), "asked_on": clock.today(), **(data or {})}
        form = form_class(request.form if request.method == "POST" else None, data=given)
        if request.method == "POST" and form.validate() and self._do(item, form, act):
            flash(_("%(number)s: %(step)s.", number=item.number, step=title), "success")
            return redirect(url_for("ApplicationView.show", pk=item.id))
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        text = str(form.data.get("text") or "")
        warned = bool(
            errors and item.identity_hidden and services.look_through({"text": text}, ("text",))
        )
        page = FormPage(
            title=title,
            crumbs=[
                Crumb(_("Applications"), url_for("ApplicationView.list")),
                Crumb(item.number, url_for("ApplicationView.show", pk=item.id)),
            ],
            form=form,
            sections=[FormSection("", [n for n in form._fields if n != "csrf_token"], intro)],
            action=request.path,
            submit=_("Mask and save") if warned else submit,
            submit_name=MASK if warned else "",
            cancel_url=url_for("ApplicationView.show", pk=item.id),
            wide=frozenset({"text", "reason_text", "reason", "word"}),
            errors=errors,
            extra_submits=[(KEEP, _("Keep them and save"))] if warned else [],
        )
        drawn = self.render_template("appbuilder/general/model/edit.html", page=page)
        return drawn, 422 if errors else 200

    def _do(self, item: Application, form: BackOfficeForm, act: Act) -> bool:
        values = form.values()
        if item.identity_hidden and values.get("text"):
            values["text"], warnings = mask_or_warn(str(values["text"]), "text", request.form)
            if warnings:
                form.add_violations(warnings)
                return False
        try:
            act(item, values)
            self.session.commit()
            return True
        except RuleViolation as refused:
            self.session.rollback()
            form.add_violations(refused.violations)
        except ConflictError as conflict:
            self.session.rollback()
            form.add_violations([Violation("", conflict.message)])
        return False


def law_on_time(item: Application) -> str:
    """What the law says about more time for this kind; CİMER cannot give what the law does not."""
    day = format_date(item.due_on, lang=formats.language()) if item.due_on else "–"
    if item.kind is rules.Kind.INFORMATION:
        return str(
            _(
                "Right to information: only the step “Ask for more time” with its letter extends the 15 working days to 30 (4982 art. 11). Time given by CİMER moves the internal goal; the last day stays %(day)s.",
                day=day,
            )
        )
    return str(
        _(
            "The Petition Act knows no extension (3071 art. 7): time given by CİMER moves the internal goal, the last day stays %(day)s. Tell the applicant the state of progress until then.",
            day=day,
        )
    )
