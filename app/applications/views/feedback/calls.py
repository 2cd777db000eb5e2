"""Call-backs: the weekly sample, the work list of operators, and what a try ended in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from wtforms import RadioField, StringField
from wtforms.validators import Length, Optional

from app.applications import rules, services
from app.applications.models import Application, CallBack, CallBackSample
from app.applications.queries.surveys import is_callable
from app.applications.views.conditions import applicant
from app.applications.views.feedback.answers import case_cell
from app.applications.views.feedback.questions import no_more_field, question_fields
from app.core import clock
from app.core.acting import current_actor
from app.core.identifiers import format_phone, mask_phone
from app.core.rules import ConflictError, RuleViolation
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, formats
from app.core.views.base import VERBS
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Button, Cell, Crumb, FormPage, FormSection
from app.system.queries import get_number


def result_field() -> RadioField:
    """What a try ended in."""
    return RadioField(
        _l("What did the call end in?"),
        [Optional()],
        choices=lambda: [
            (r.value, formats.translated(label)) for r, label in rules.CALL_RESULT_LABELS.items()
        ],
        validate_choice=False,
    )


#: The form of one try.
TryForm: type[BackOfficeForm] = type(
    "TryForm",
    (BackOfficeForm,),
    {
        "result": result_field(),
        **question_fields(),
        "note": StringField(
            _l("Note for the next colleague"),
            [Optional(), Length(max=300, message=_l("At most %(max)d characters."))],
        ),
        "no_more": no_more_field(),
    },
)


def number_cell(value: Any, record: CallBack) -> Cell:
    """The number of the case as text; the row itself leads to the call-back."""
    cell = case_cell(value, record)
    return Cell("text", cell.text) if cell.kind == "link" else cell


def shown_phone(value: Any, record: Any) -> Cell:
    """A revealed number that can be dialled."""
    return Cell("phone", format_phone(value), value=value)


def called_person(value: Any, record: CallBack) -> Cell:
    """The applicant as far as the actor may read the name."""
    return applicant(None, record.application) if record.application is not None else formats.EMPTY


class CallBackView(BackOfficeView):
    """Applicants to be called back about their answered application."""

    datamodel = Interface(CallBack)
    route_base = "/call-backs"
    class_permission_name = "CallBack"
    method_permission_name = {**VERBS, "call": "write"}
    label = _l("Call-back")
    label_plural = _l("Call-backs")
    icon = "phone"
    can_add = False
    can_edit = False
    has_history = False
    list_columns = ["application", "topic", "unit", "state", "tries", "next_on", "called_by"]
    order_columns = ["next_on", "last_try_at"]
    base_order = ("next_on", "asc")
    show_fieldsets = [
        (_l("Whom to call"), {"fields": ["person", "phone", "application"]}),
        (
            _l("About what"),
            {
                "fields": [
                    "application.subject",
                    "topic",
                    "unit",
                    "application.outcome",
                    "application.answered_at",
                ]
            },
        ),
        (
            _l("Calls so far"),
            {"fields": ["state", "tries", "next_on", "last_try_at", "called_by", "note", "sample"]},
        ),
    ]
    label_columns = {
        "application": _l("Application"),
        "application.subject": _l("Summary"),
        "application.outcome": _l("Outcome"),
        "application.answered_at": _l("Answered"),
        "person": _l("Applicant"),
        "phone": _l("Telephone"),
        "topic": _l("Topic"),
        "unit": _l("Unit"),
        "state": _l("State"),
        "tries": _l("Tries"),
        "next_on": _l("Next try"),
        "last_try_at": _l("Last try"),
        "called_by": _l("Who tried last"),
        "note": _l("Note for the next colleague"),
        "sample": _l("Sample of the week"),
    }
    description_columns = {
        "phone": _l("Shown against a reason; the reason is logged."),
        "next_on": _l("At most one try a day."),
    }
    codes = {"application.outcome": rules.OUTCOME_LABELS}
    formats = {
        "state": formats.labelled(rules.CALL_STATE_LABELS, rules.CALL_STATE_TONES),
        "application": number_cell,
        "person": called_person,
        "phone": formats.masked(mask_phone, "CallBack", shown=shown_phone),
    }
    personal = frozenset({"phone"})
    list_options = (
        joinedload(CallBack.application).load_only(Application.number, Application.is_restricted),
    )
    show_options = (joinedload(CallBack.application).joinedload(Application.citizen),)
    filters = (
        Choice("state", _l("State"), CallBack.state, labels=rules.CALL_STATE_LABELS),
        Pick("unit", _l("Unit"), CallBack.unit_id, source="unit"),
        Pick("topic", _l("Topic"), CallBack.topic_id, source="topic"),
        Pick("sample", _l("Sample of the week"), CallBack.sample_id, source="call_back_sample"),
        Dates("next", _l("Next try"), CallBack.next_on),
    )
    tabs = (
        ("due", _l("To be called today"), lambda: is_callable(clock.today()), "soon"),
        ("waiting", _l("To be called"), lambda: CallBack.state == rules.CallState.WAITING, ""),
        (
            "done",
            _l("Done"),
            lambda: CallBack.state != rules.CallState.WAITING,
            "",
        ),
        ("all", _l("All"), None, ""),
    )
    empty_text = _l("The sample of a week is drawn on Monday morning.")

    def row_label(self, item: CallBack) -> str:
        """The number of the case, while it is linked."""
        return item.application.number if item.application is not None else f"#{item.id}"

    def show_buttons(self, item: CallBack) -> list[Button]:
        """Note the call, open the case."""
        buttons = []
        if item.application is not None:
            from flask import url_for

            url = url_for("ApplicationView.show", pk=item.application.id)
            buttons.append(Button(_("Open the case"), url, "inbox"))
        if self.may("write") and item.state is rules.CallState.WAITING and item.application:
            url = self.url("call", pk=item.id)
            buttons.append(Button(_("Note the call"), url, "phone", primary=True))
        return buttons

    @expose("/call/<int:pk>", methods=["GET", "POST"])
    @has_access
    def call(self, pk: int) -> Any:
        """The form of one try, and the try itself."""
        item = self.load(pk)
        form = TryForm(request.form if request.method == "POST" else None)
        if request.method == "POST" and form.validate() and self._kept(item, form):
            flash(_("%(number)s: the call has been noted.", number=self.row_label(item)), "success")
            return redirect(self.url("list", tab="due"))
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        page = FormPage(
            title=_("Call: %(number)s", number=self.row_label(item)),
            crumbs=[
                Crumb(formats.translated(self.label_plural), self.url("list")),
                Crumb(self.row_label(item), self.url("show", pk=pk)),
            ],
            form=form,
            sections=[
                FormSection("", ["result"]),
                FormSection(
                    _("Only if the questions were answered"),
                    ["score", "solved", "manner", "comment"],
                ),
                FormSection("", ["note", "no_more"]),
            ],
            action=self.url("call", pk=pk),
            submit=_("Note the call"),
            cancel_url=self.url("show", pk=pk),
            wide=frozenset({"result", "score", "solved", "comment", "note"}),
            errors=errors,
            version=item.version,
            intro=item.application.subject if item.application is not None else "",
        )
        return self.render_template(self.edit_template, page=page), 422 if errors else 200

    def _kept(self, item: CallBack, form: BackOfficeForm) -> bool:
        """Store the try; what is refused stands in the form."""
        version = request.form.get("_version", "")
        try:
            services.record_try(
                self.session,
                call=item,
                values=form.values(),
                actor=current_actor(),
                now=clock.now(),
                version=int(version) if version.isdigit() and len(version) < 10 else 0,
            )
            self.session.commit()
        except RuleViolation as refused:
            self.session.rollback()
            form.add_violations(refused.violations)
        except ConflictError as stale:
            self.session.rollback()
            form.form_errors.append(_(stale.message))
        else:
            return True
        return False


class CallBackSampleView(BackOfficeView):
    """Samples of applicants to be called back, week by week; the seed lets anybody draw them again."""

    datamodel = Interface(CallBackSample)
    route_base = "/call-back-samples"
    class_permission_name = "CallBackSample"
    label = _l("Call-back sample")
    label_plural = _l("Call-back samples")
    can_edit = False
    list_columns = ["week_on", "wanted", "population", "drawn", "seed", "drawn_at"]
    order_columns = ["week_on"]
    base_order = ("week_on", "desc")
    add_fieldsets = [(_l("Sample"), {"fields": ["week_on", "wanted", "seed"]})]
    show_fieldsets = [
        (
            _l("Sample"),
            {"fields": ["week_on", "wanted", "population", "drawn", "seed", "drawn_at"]},
        )
    ]
    label_columns = {
        "week_on": _l("Week from Monday"),
        "wanted": _l("Wanted"),
        "population": _l("Could have been drawn"),
        "drawn": _l("Drawn"),
        "seed": _l("Seed of the draw"),
        "drawn_at": _l("Drawn at"),
    }
    description_columns = {
        "week_on": _l("Applicants are drawn whose application was answered in this week."),
        "wanted": _l("Shared out over units and topics as their answers were."),
        "population": _l(
            "Known, with a telephone, not asked lately, and not unwilling to be asked."
        ),
        "seed": _l("The same seed draws the same sample; the date of the Monday is the usual one."),
    }
    formats = {"seed": lambda value, record: Cell("text", str(value), value=value)}
    related = (("calls", CallBackView, "sample_id"),)
    filters = (Dates("week", _l("Week from Monday"), CallBackSample.week_on),)

    def defaults(self) -> dict[str, Any]:
        """The week that is over, as many as the setting says."""
        monday = rules.week_start(clock.today()) - dt.timedelta(days=7)
        return {
            "week_on": monday,
            "wanted": get_number(self.session, "callback_weekly_size") or 1,
            "seed": services.seed_of_week(monday),
        }

    def save_new(self, item: CallBackSample, values: Mapping[str, Any]) -> CallBackSample:
        """The service draws."""
        return services.draw_call_backs(
            self.session,
            week_on=values["week_on"],
            wanted=values["wanted"],
            seed=values["seed"],
            actor=current_actor(),
            now=clock.now(),
        )

    def row_label(self, item: CallBackSample) -> str:
        """Its week."""
        return _("Week of %(day)s", day=formats.plain(item.week_on).text)
