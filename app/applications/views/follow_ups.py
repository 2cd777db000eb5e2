"""Transfers whose answer is awaited: the list, the record, and what is done about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import abort, flash, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.applications import rules, services
from app.applications.models import Application, TransferFollowUp
from app.applications.queries.follow_ups import find_follow_up, is_awaited, is_unanswered
from app.applications.rules import FollowUpState
from app.applications.services.follow_ups import default_reminder, institution_letter
from app.applications.views.conditions import words_of_case
from app.applications.views.reference import case_link
from app.core import clock, ports
from app.core.acting import current_actor
from app.core.documents import letter_docx, letter_pdf
from app.core.rooms import Card
from app.core.rules import ConflictError, RuleViolation, Violation
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, fields, formats
from app.core.views.base import VERBS
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Button, Cell, Crumb, FormPage, FormSection

_F = TransferFollowUp
_WHY = rules.NEEDED["reason"]
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class AnswerForm(BackOfficeForm):
    """What the institution has answered."""

    answered_on = fields.DayField(
        _l("Day of the answer"), [InputRequired(_l("Give the day of the institution’s answer."))]
    )
    answer_no = StringField(
        _l("Number of its letter"),
        [Optional(), Length(max=60, message=_l("At most %(max)d characters."))],
    )
    answer_text = TextAreaField(
        _l("What it has answered"),
        [InputRequired(_l("Write what the institution has answered.")), Length(max=4_000)],
    )
    tell = BooleanField(
        _l("Tell the applicant"),
        description=_l("By SMS or e-mail, as wished; applicants of merged cases too."),
    )


class RemindForm(BackOfficeForm):
    """The reminder to the institution."""

    text = TextAreaField(
        _l("Text of the letter"),
        [Optional(), Length(max=4_000)],
        render_kw={"rows": 8},
        description=_l("A draft: EBYS numbers and signs it. No applicant is named."),
    )


class CloseForm(BackOfficeForm):
    """Why nothing more is awaited."""

    note = TextAreaField(_l("Reason"), [InputRequired(_l(_WHY)), Length(max=300)])


@dataclass(frozen=True)
class Act:
    """One act on a follow-up: its words, form, service and the words of its success."""

    label: Any
    form: type[BackOfficeForm]
    service: Callable[..., Any]
    done: Any
    icon: str


ACTS: Mapping[str, Act] = {
    "answer": Act(
        _l("Record the institution’s answer"),
        AnswerForm,
        services.record_institution_answer,
        _l("The answer of the institution has been recorded."),
        "check",
    ),
    "remind": Act(
        _l("Remind the institution"),
        RemindForm,
        services.remind_institution,
        _l("The reminder has been drafted; send it with EBYS."),
        "alert",
    ),
    "close": Act(
        _l("Close the follow-up"),
        CloseForm,
        services.close_follow_up,
        _l("Nothing more is awaited here."),
        "close",
    ),
}


def expected(value: dt.date | None, record: TransferFollowUp) -> Cell:
    """The day of the expected answer with its word; plain once nothing is awaited."""
    if record.state not in rules.AWAITED_STATES:
        return formats.plain(value)
    return formats.due(value)


class TransferFollowUpView(BackOfficeView):
    """Cases passed to another institution of which no answer is known."""

    datamodel = Interface(TransferFollowUp)
    route_base = "/transfer-follow-ups"
    class_permission_name = "TransferFollowUp"
    method_permission_name = {**VERBS, "act": "write", "letter": "read"}
    label = _l("Follow-up of a transfer")
    label_plural = _l("Transfers awaiting an answer")
    icon = "out"
    can_add = False
    can_edit = False
    list_columns = [
        "application", "institution", "expected_on", "state", "reminders", "sent_on", "answered_on",
    ]  # fmt: skip
    order_columns = ["expected_on", "sent_on"]
    base_order = ("expected_on", "asc")
    link_column = "institution"
    export_columns = ["reminded_on", "answer_no", "told_at", "closing_note"]
    show_fieldsets = [
        (
            _l("The transfer"),
            {"fields": ["application", "institution", "state", "sent_on", "expected_on"]},
        ),
        (_l("Reminders"), {"fields": ["reminders", "reminded_on", "reminder_text"]}),
        (
            _l("Answer of the institution"),
            {"fields": ["answered_on", "answer_no", "answer_text", "told_at", "closing_note"]},
        ),
    ]
    label_columns = {
        "application": _l("Application"),
        "institution": _l("Institution"),
        "state": _l("State"),
        "cycle": _l("Cycle"),
        "sent_on": _l("Passed on at"),
        "expected_on": _l("Answer expected by"),
        "reminders": _l("Reminders"),
        "reminded_on": _l("Last reminder"),
        "reminder_text": _l("Text of the last reminder"),
        "answered_on": _l("Answered on"),
        "answer_no": _l("Number of its letter"),
        "answer_text": _l("What it has answered"),
        "told_at": _l("Told to the applicant"),
        "closing_note": _l("Why it was closed"),
    }
    wide = frozenset({"answer_text", "reminder_text", "closing_note"})
    codes = {"state": rules.FOLLOW_UP_STATE_LABELS}
    formats = {
        "application": case_link,
        "state": formats.labelled(rules.FOLLOW_UP_STATE_LABELS, rules.FOLLOW_UP_STATE_TONES),
        "expected_on": expected,
        "answer_text": formats.long_text,
        "reminder_text": formats.long_text,
    }
    list_options = (
        joinedload(_F.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    search = words_of_case(TransferFollowUp.application_id)
    filters = (
        Choice("state", _l("State"), _F.state, labels=rules.FOLLOW_UP_STATE_LABELS),
        Pick("institution", _l("Institution"), _F.institution_id, source="institution"),
        Dates("sent", _l("Passed on at"), _F.sent_on),
        Dates("expected", _l("Answer expected by"), _F.expected_on),
    )
    tabs = (
        ("late", _l("No answer in time"), lambda: is_unanswered(clock.today()), "bad"),
        ("waiting", _l("Waiting"), is_awaited, ""),
        ("answered", _l("Answered"), lambda: _F.state == FollowUpState.ANSWERED, ""),
        ("all", _l("All"), None, ""),
    )
    intro = _l("Cases that were passed on and of which no answer of the institution is known.")
    empty_text = _l("Nothing that was passed on waits for an answer here.")

    def row_label(self, item: TransferFollowUp) -> str:
        """Number of the case and the institution."""
        return f"{item.application.number} · {item.institution}"

    def show_buttons(self, item: TransferFollowUp) -> list[Button]:
        """The acts that are open, and the letter of the last reminder."""
        buttons = []
        if item.reminders:
            for form, label in (("pdf", _("Letter, PDF")), ("docx", _("Letter, Word"))):
                buttons.append(Button(label, self.url("letter", pk=item.id, form=form), "download"))
        if self.may("write"):
            awaited = item.state in rules.AWAITED_STATES
            names = ("close", "remind", "answer") if awaited else ("answer",)
            buttons += [
                Button(
                    str(ACTS[name].label),
                    self.url("act", pk=item.id, name=name),
                    ACTS[name].icon,
                    primary=name == "answer" and awaited,
                )
                for name in names
                if awaited or item.state is FollowUpState.CLOSED
            ]
        return buttons

    @expose("/act/<int:pk>/<string:name>", methods=["GET", "POST"])
    @has_access
    def act(self, pk: int, name: str) -> Any:
        """The form of an act, and the act itself."""
        item = self.load(pk)
        act = ACTS.get(name) or abort(404)
        form = act.form(
            request.form if request.method == "POST" else None, data=self._known(item, name)
        )
        version = item.version
        if request.method == "POST" and form.validate():
            opened = request.form.get("_version", "")
            try:
                act.service(
                    self.session,
                    follow_up=item,
                    actor=current_actor(),
                    now=clock.now(),
                    version=int(opened) if opened.isdigit() else None,
                    **_written(form),
                )
                self.session.commit()
                flash(str(act.done), "success")
                return redirect(self.url("show", pk=pk))
            except RuleViolation as refused:
                self.session.rollback()
                form.add_violations(refused.violations)
            except ConflictError as stale:
                self.session.rollback()
                form.add_violations([Violation("", stale.message)])
            item = self.load(pk)
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        page = FormPage(
            title=str(act.label),
            crumbs=[
                Crumb(formats.translated(self.label_plural), self.url("list")),
                Crumb(self.row_label(item), self.url("show", pk=pk)),
            ],
            form=form,
            sections=[FormSection("", list(form.values()))],
            action=self.url("act", pk=pk, name=name),
            submit=str(act.label),
            cancel_url=self.url("show", pk=pk),
            wide=frozenset({"answer_text", "text", "note"}),
            errors=errors,
            version=version,
            intro=f"{item.application.number} · {item.application.subject}",
        )
        return self.render_template(self.add_template, page=page), 422 if errors else 200

    def _known(self, item: TransferFollowUp, name: str) -> dict[str, Any]:
        if name == "answer":
            return {"answered_on": clock.today(), "tell": True}
        return {"text": default_reminder(item)} if name == "remind" else {}

    @expose("/letter/<int:pk>/<string:form>")
    @has_access
    def letter(self, pk: int, form: str) -> Any:
        """The letter of the last reminder as PDF or Word; printing is logged."""
        item = self.load(pk)
        if form not in {"pdf", "docx"} or not item.reminders:
            abort(404)
        letter = institution_letter(self.session, item)
        data = letter_pdf(letter) if form == "pdf" else letter_docx(letter)
        ports.record_access(
            self.session,
            verb="print",
            entity="TransferFollowUp",
            record_id=item.id,
            summary=form,
            changes={"application": item.application.number},
        )
        return send_file(
            BytesIO(data),
            mimetype="application/pdf" if form == "pdf" else _DOCX,
            as_attachment=True,
            download_name=f"{item.application.number}-tekit.{form}",
        )


def _written(form: BackOfficeForm) -> dict[str, Any]:
    """What was typed; a text that was not sent is empty, a day that was not sent is none."""
    values = form.values()
    return {k: "" if v is None and k != "answered_on" else v for k, v in values.items()}


def draw_follow_up(
    session: Any, item: Application, actor: Any
) -> tuple[str, dict[str, Any]] | None:
    """The card on the page of a case that was passed on: what is known of the answer."""
    row = find_follow_up(session, item.id)
    if row is None:
        return None
    return "applications/card_follow_up.html", {
        "row": row,
        "institution": str(row.institution),
        "state": formats.labelled(rules.FOLLOW_UP_STATE_LABELS, rules.FOLLOW_UP_STATE_TONES)(
            row.state, row
        ),
        "expected": expected(row.expected_on, row),
        "answered": formats.plain(row.answered_on).text if row.answered_on else "",
        "url": url_for("TransferFollowUpView.show", pk=row.id),
        "acts": [
            (act.label, act.icon, url_for("TransferFollowUpView.act", pk=row.id, name=name))
            for name, act in ACTS.items()
            if name != "close" and row.state in rules.AWAITED_STATES
        ]
        if actor.may("write", "TransferFollowUp")
        else [],
    }


#: Beside the facts of a case that was passed on.
FOLLOW_UP_CARDS = (
    Card(
        "follow_up",
        _l("Answer of the other institution"),
        draw_follow_up,
        shown=lambda item, actor: (
            item.institution_id is not None and actor.may("read", "TransferFollowUp")
        ),
        beside=True,
    ),
)
