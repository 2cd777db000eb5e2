"""Acts on the letters of one application: drafted, approved, sent, printed, numbered."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import abort, flash, jsonify, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications import rules, services
from app.applications.models import Application, Reply, ReplyTemplate
from app.applications.services.letters import letter_for, number_letter
from app.applications.services.reply_texts import merge_template
from app.applications.views.intake import number as read_id
from app.core import clock, ports
from app.core.acting import current_actor
from app.core.documents import letter_docx, letter_pdf
from app.core.rules import ConflictError, RuleViolation
from app.core.text import parse_tr_date
from app.core.views import formats

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ReplySteps:
    """Mixed into WorkView: what is done with the letters of an application."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Whatever the view declares."""

    @expose("/<int:pk>/reply", methods=["POST"])
    @expose("/<int:pk>/reply/<int:draft>", methods=["POST"])
    @has_access
    def reply(self, pk: int, draft: int = 0) -> Any:
        """Keep a draft, or send it for approval; the browser keeps what is typed by the address."""
        application = self._load(pk)
        kinds = {k.value: k for k in rules.ReplyKind}
        outcomes = {o.value: o for o in rules.Outcome}
        typed: dict[str, Any] = {
            "kind": kinds.get(request.form.get("kind", ""), rules.ReplyKind.FINAL),
            "outcome": outcomes.get(request.form.get("outcome", "")),
            "outcome_reason_id": read_id(request.form.get("outcome_reason_id", "")),
            **{
                name: request.form.get(name, "")
                for name in ("subject", "body", "short_text", "refusal_article", "remedy")
            },
        }
        try:
            reply = services.draft_reply(
                self.session,
                application=application,
                reply=self._reply(application, request.form.get("reply_id", "")),
                actor=current_actor(),
                now=clock.now(),
                version=read_id(request.form.get("_version", "")),
                **typed,
            )
        except ConflictError:
            return self._keep_beside(pk, typed)
        # The draft is kept even when something is still missing for the approval.
        self.session.commit()
        if request.form.get("step") == "submit":
            services.submit_reply(self.session, reply=reply, actor=current_actor(), now=clock.now())
            self.session.commit()
            flash(_("The reply waits for approval."), "success")
        else:
            flash(_("The draft has been kept."), "success")
        return self._back(application)

    def _keep_beside(self, pk: int, typed: dict[str, Any]) -> Any:
        """Two people wrote on one draft: the later text becomes a draft of its own."""
        self.session.rollback()
        application = self._load(pk)
        services.draft_reply(
            self.session, application=application, actor=current_actor(), now=clock.now(), **typed
        )
        self.session.commit()
        flash(
            _(
                "Somebody else has changed this draft meanwhile. Your text was kept as a draft of its own; compare the two."
            ),
            "warning",
        )
        return self._back(application)

    def _reply(self, application: Application, value: str) -> Reply | None:
        pk = read_id(value)
        if pk is None:
            return None
        reply: Reply | None = self.session.get(Reply, pk)
        if reply is None or reply.application_id != application.id:
            abort(404)
        return reply

    @expose("/<int:pk>/approve", methods=["POST"])
    @has_access
    def approve(self, pk: int) -> Any:
        """Take one's turn at a waiting letter, perhaps send it at once, or give it back."""
        application = self._load(pk)
        reply = self._reply(application, request.form.get("reply_id", "")) or abort(404)
        decision, note = request.form.get("decision", ""), request.form.get("note", "")
        common: dict[str, Any] = {
            "reply": reply,
            "actor": current_actor(),
            "now": clock.now(),
            "version": read_id(request.form.get("_version", "")),
        }
        if decision == "send_back":
            services.send_back_reply(self.session, note=note, **common)
            self.session.commit()
            flash(_("The reply went back to its writer."), "success")
            return self._back(application)
        self._look(reply)
        try:
            services.approve_reply(
                self.session, note=note, step_id=read_id(request.form.get("step_id", "")), **common
            )
            is_signed = reply.state is rules.ReplyState.APPROVED
            if decision == "approve_send" and is_signed:
                self._send(application, reply)
        except RuleViolation as refused:
            return self._held_back(application, reply.id, refused)
        self.session.commit()
        flash(self._words_of(decision, is_signed=is_signed), "success")
        return self._back(application)

    def _words_of(self, decision: str, *, is_signed: bool) -> str:
        if not is_signed:
            return _("The paraf has been given; the letter goes on to the next one.")
        if decision == "approve_send":
            return _("The reply is approved and on its way.")
        return _("The reply is approved.")

    @expose("/<int:pk>/send", methods=["POST"])
    @has_access
    def send(self, pk: int) -> Any:
        """Send an approved reply."""
        application = self._load(pk)
        reply = self._reply(application, request.form.get("reply_id", "")) or abort(404)
        self._look(reply)
        try:
            self._send(application, reply)
        except RuleViolation as refused:
            return self._held_back(application, reply.id, refused)
        self.session.commit()
        flash(_("The reply is on its way to the citizen."), "success")
        return self._back(application)

    def _send(self, application: Application, reply: Reply) -> None:
        services.send_reply(self.session, reply=reply, actor=current_actor(), now=clock.now())

    def _look(self, reply: Reply) -> None:
        """Keep what the outgoing check finds, whatever becomes of the act."""
        if reply.state in {rules.ReplyState.IN_APPROVAL, rules.ReplyState.APPROVED}:
            services.check_letter(self.session, reply=reply, actor=current_actor(), now=clock.now())
            self.session.commit()

    def _held_back(self, application: Application, reply_id: int, refused: RuleViolation) -> Any:
        """A letter that is held back opens with its findings; any other refusal goes its usual way."""
        if not any(v.field == "outgoing" for v in refused.violations):
            raise refused
        self.session.rollback()
        for violation in refused.violations:
            flash(formats.translated(violation.message) % dict(violation.params), "error")
        return redirect(url_for("ReplyView.show", pk=reply_id))

    @expose("/<int:pk>/take-back", methods=["POST"])
    @has_access
    def take_back(self, pk: int) -> Any:
        """Take the approval of a letter back, so that it can be corrected."""
        application = self._load(pk)
        reply = self._reply(application, request.form.get("reply_id", "")) or abort(404)
        services.take_back_reply(
            self.session,
            reply=reply,
            note=request.form.get("note", ""),
            actor=current_actor(),
            now=clock.now(),
        )
        self.session.commit()
        flash(_("The approval has been taken back; the letter can be corrected."), "success")
        return self._back(application)

    @expose("/<int:pk>/letter/<int:reply>.<string:form>")
    @has_access
    def letter(self, pk: int, reply: int, form: str) -> Any:
        """The letter as PDF or Word; `copy=archive` has the parafs. Printing an identity is logged."""
        application = self._load(pk)
        row = self.session.get(Reply, reply)
        if row is None or row.application_id != application.id or form not in {"pdf", "docx"}:
            abort(404)
        is_archive = request.args.get("copy") == "archive"
        letter = letter_for(self.session, row, for_archive=is_archive)
        data = letter_pdf(letter) if form == "pdf" else letter_docx(letter)
        ports.record_access(
            self.session,
            verb="print",
            entity="Reply",
            record_id=row.id,
            summary=f"{form}, archive" if is_archive else form,
            changes={"application": application.number},
        )
        mime = "application/pdf" if form == "pdf" else DOCX
        stem = f"{application.number}-cevap" + ("-arsiv" if is_archive else "")
        return send_file(
            BytesIO(data), mimetype=mime, as_attachment=True, download_name=f"{stem}.{form}"
        )

    @expose("/<int:pk>/number", methods=["POST"])
    @has_access
    def number(self, pk: int) -> Any:
        """Enter the number that EBYS gave to a letter."""
        application = self._load(pk)
        reply = self._reply(application, request.form.get("reply_id", "")) or abort(404)
        number_letter(
            self.session,
            reply=reply,
            letter_no=request.form.get("letter_no", ""),
            letter_on=parse_tr_date(request.form.get("letter_on", "")),
            actor=current_actor(),
        )
        self.session.commit()
        flash(_("The number of the letter has been kept."), "success")
        return self._back(application)

    @expose("/<int:pk>/template/<int:template>")
    @has_access
    def template(self, pk: int, template: int) -> Any:
        """A template filled for this application: {body, short_text, kind, outcome, missing}."""
        application = self._load(pk)
        row = self.session.get(ReplyTemplate, template) or abort(404)
        merged = merge_template(
            self.session,
            row,
            application,
            outcome_reason_id=read_id(request.args.get("reason", "")),
            refusal_article=request.args.get("article", "")[:60],
        )
        return jsonify(
            body=merged.body,
            short_text=merged.short_text,
            kind=row.reply_kind.value,
            outcome=row.outcome.value if row.outcome else "",
            missing=[formats.translated(rules.MERGE_FIELD_LABELS[name]) for name in merged.missing],
        )
