"""Appeals to the Board and the court: their list, their clocks, and the steps taken on each."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from app.applications import services
from app.applications.models import Appeal, Application
from app.applications.queries.information import find_information_case
from app.applications.rules import Kind
from app.applications.rules import information as foi
from app.applications.rules.information import AppealState
from app.applications.views.information.forms import (
    AppealForm,
    AskedForm,
    FollowUpForm,
    ResultForm,
    SentForm,
)
from app.applications.views.information.small_forms import read_version, small_form
from app.core import clock
from app.core.acting import current_actor
from app.core.views import BackOfficeView, Choice, Dates, Interface, Words, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell

#: Step → form, title, button, fields.
STEP_FORMS: dict[str, tuple[type[Any], Any, Any, tuple[str, ...]]] = {
    "ask": (
        AskedForm,
        _l("The Board asks for documents"),
        _l("Note the request"),
        ("on", "number", "note"),
    ),
    "send": (SentForm, _l("Documents sent to the Board"), _l("Note the sending"), ("on", "note")),
    "decide": (
        ResultForm,
        _l("Decision on the appeal"),
        _l("Keep the decision"),
        ("on", "result", "number", "note"),
    ),
    "follow": (
        FollowUpForm,
        _l("What followed from the appeal"),
        _l("Keep what followed"),
        ("on", "follow_up", "note"),
    ),
}


def application_cell(value: Any, record: Appeal) -> Cell:
    """Number and subject of the application, leading to its page."""
    url = url_for("ApplicationView.show", pk=value.id)
    return Cell("two_line", value.number, url=url, sub=value.subject, title=value.subject)


def result_cell(value: Any, record: Appeal) -> Cell:
    """The result; while there is none, where the appeal stands."""
    if value is None:
        make = formats.labelled(foi.APPEAL_STATE_LABELS, foi.APPEAL_STATE_TONES)
        return make(record.state, record)
    return formats.labelled(foi.APPEAL_RESULT_LABELS, foi.APPEAL_RESULT_TONES)(value, record)


def documents_cell(value: Any, record: Appeal) -> Cell:
    """Until when the Board waits for its documents; met when they were sent in time."""
    if value is None:
        return formats.EMPTY
    sent = record.documents_sent_on
    return formats.due(value, on_time=None if sent is None else sent <= value)


def decision_due_cell(value: Any, record: Appeal) -> Cell:
    """Until when the Board decides; afterwards when it did."""
    if record.decided_on is not None or value is None:
        return formats.plain(record.decided_on)
    return formats.due(value)


def in_time_cell(value: Any, record: Appeal) -> Cell:
    """Whether the appeal came within its days."""
    if record.is_in_time is None:
        return formats.EMPTY
    return Cell("bool", _("Yes") if record.is_in_time else _("No"), value=record.is_in_time)


class AppealView(BackOfficeView):
    """Who went to the Board or the court, what it waits for, what it decided, what followed."""

    datamodel = Interface(Appeal)
    route_base = "/information-appeals"
    class_permission_name = "Appeal"
    method_permission_name = {**VERBS, "file": "write", "step": "write"}
    label = _l("Appeal")
    label_plural = _l("Appeals (4982)")
    can_add = False
    can_edit = False
    list_columns = [
        "application",
        "forum",
        "result",
        "filed_on",
        "documents_due_on",
        "decision_due_on",
        "file_no",
    ]
    order_columns = ["filed_on", "documents_due_on", "decision_due_on", "decided_on"]
    base_order = ("filed_on", "desc")
    export_columns = ["notified_on", "appeal_by", "decided_on", "decision_no", "follow_up"]
    show_fieldsets = [
        (
            _l("Appeal"),
            {
                "fields": [
                    "application",
                    "forum",
                    "state",
                    "file_no",
                    "notified_on",
                    "appeal_by",
                    "filed_on",
                    "is_in_time",
                    "note",
                ]
            },
        ),
        (
            _l("Documents for the Board"),
            {"fields": ["documents_asked_on", "documents_due_on", "documents_sent_on"]},
        ),
        (
            _l("Decision on the appeal"),
            {
                "fields": [
                    "decision_due_on",
                    "decided_on",
                    "decision_no",
                    "result",
                    "result_note",
                ]
            },
        ),
        (_l("What followed"), {"fields": ["follow_up", "followed_on", "follow_up_note"]}),
    ]
    label_columns = {
        "application": _l("Application"),
        "forum": _l("Where"),
        "state": _l("State"),
        "result": _l("Result"),
        "file_no": _l("File number"),
        "notified_on": _l("Decision reached the applicant on"),
        "appeal_by": _l("Appeal possible until"),
        "filed_on": _l("Appealed on"),
        "is_in_time": _l("Appealed in time"),
        "note": _l("What is objected to"),
        "documents_asked_on": _l("Documents asked for on"),
        "documents_due_on": _l("Documents due"),
        "documents_sent_on": _l("Documents sent on"),
        "decision_due_on": _l("Board decides by"),
        "decided_on": _l("Decided on"),
        "decision_no": _l("Number of the decision"),
        "result_note": _l("Decision in short"),
        "follow_up": _l("What followed"),
        "followed_on": _l("It followed on"),
        "follow_up_note": _l("What followed, in words"),
    }
    description_columns = {
        "appeal_by": _l("Fifteen days from the day the decision reached the applicant (art. 13)."),
        "documents_due_on": _l("Fifteen working days from the request of the Board (art. 13)."),
        "decision_due_on": _l("The Board decides within thirty working days (art. 13)."),
    }
    wide = frozenset({"note", "result_note", "follow_up_note"})
    codes = {
        "forum": foi.APPEAL_FORUM_LABELS,
        "result": foi.APPEAL_RESULT_LABELS,
        "follow_up": foi.FOLLOW_UP_LABELS,
    }
    formats = {
        "application": application_cell,
        "state": formats.labelled(foi.APPEAL_STATE_LABELS, foi.APPEAL_STATE_TONES),
        "result": result_cell,
        "documents_due_on": documents_cell,
        "decision_due_on": decision_due_cell,
        "is_in_time": in_time_cell,
        "note": formats.long_text,
        "result_note": formats.long_text,
        "follow_up_note": formats.long_text,
    }
    list_options = (
        joinedload(Appeal.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    show_options = list_options
    search = Words(
        "q",
        _l("Search in this list"),
        columns=(Appeal.search_text, Application.search_text),
    )
    filters = (
        Choice("forum", _l("Where"), Appeal.forum, labels=foi.APPEAL_FORUM_LABELS),
        Choice("state", _l("State"), Appeal.state, labels=foi.APPEAL_STATE_LABELS),
        Choice("result", _l("Result"), Appeal.result, labels=foi.APPEAL_RESULT_LABELS),
        Choice("follow_up", _l("What followed"), Appeal.follow_up, labels=foi.FOLLOW_UP_LABELS),
        Dates("filed", _l("Appealed on"), Appeal.filed_on),
        Dates("decided", _l("Decided on"), Appeal.decided_on),
    )
    tabs = (
        ("open", _l("Open"), lambda: Appeal.state.in_(sorted(foi.OPEN_APPEALS)), ""),
        (
            "documents",
            _l("Waiting for our documents"),
            lambda: Appeal.state == AppealState.DOCUMENTS_ASKED,
            "warn",
        ),
        (
            "overdue",
            _l("Documents overdue"),
            lambda: and_(
                Appeal.state == AppealState.DOCUMENTS_ASKED, Appeal.documents_due_on < clock.today()
            ),
            "bad",
        ),
        ("decided", _l("Decided"), lambda: Appeal.state == AppealState.DECIDED, ""),
        ("all", _l("All"), None, ""),
    )
    empty_text = _l("An appeal is recorded on the page of its application.")

    def base_query(self) -> Any:
        """Every appeal joined to its application, whose words are searched."""
        return select(Appeal).join(Appeal.application)

    def row_label(self, item: Appeal) -> str:
        """Number of the application and the forum."""
        return (
            f"{item.application.number} · {formats.translated(foi.APPEAL_FORUM_LABELS[item.forum])}"
        )

    def show_buttons(self, item: Appeal) -> list[Button]:
        """The steps that follow from where it stands; the nearest one first."""
        if not self.may("write"):
            return []
        return [
            Button(
                formats.translated(STEP_FORMS[step][1]),
                self.url("step", pk=item.id, step=step),
                primary=index == 0,
            )
            for index, step in enumerate(
                s for s in foi.APPEAL_STEPS if item.state in foi.APPEAL_STEPS[s]
            )
        ]

    # --- recording ---------------------------------------------------------------------------------
    @expose("/file/<int:pk>", methods=["GET", "POST"])
    @has_access
    def file(self, pk: int) -> Any:
        """Record an appeal about an application."""
        application = self.session.get(Application, pk) or abort(404)
        if application.kind is not Kind.INFORMATION:
            abort(404)
        case = find_information_case(self.session, pk)
        form = AppealForm(
            request.form if request.method == "POST" else None,
            data={
                "forum": foi.AppealForum.BOARD,
                "notified_on": case.decided_on if case is not None else None,
            },
        )

        def act(values: dict[str, Any]) -> Any:
            known = {f.value: f for f in foi.AppealForum}
            again = self.session.get(Application, pk) or abort(404)
            return services.information.file_appeal(
                self.session,
                application=again,
                forum=known.get(values["forum"] or ""),
                filed_on=values["filed_on"],
                notified_on=values["notified_on"],
                note=values["note"] or "",
                file_no=values["file_no"] or "",
                actor=current_actor(),
                now=clock.now(),
            )

        return small_form(
            self,
            form,
            title=_("Appeal about %(number)s", number=application.number),
            submit=_("Record the appeal"),
            names=("forum", "filed_on", "notified_on", "file_no", "note"),
            crumbs=self._crumbs(application),
            act=act,
            done=_("The appeal has been recorded; its clocks stand on its page."),
            back=url_for("ApplicationView.show", pk=pk),
            intro=_("An appeal to the Board stops the time for suing (4982 art. 13)."),
            wide=frozenset({"note"}),
        )

    @expose("/step/<int:pk>/<string:step>", methods=["GET", "POST"])
    @has_access
    def step(self, pk: int, step: str) -> Any:
        """Note the next step of an appeal."""
        item = self.load(pk)
        if step not in STEP_FORMS:
            abort(404)
        form_class, title, submit, names = STEP_FORMS[step]
        form = form_class(request.form if request.method == "POST" else None)

        def act(values: dict[str, Any]) -> Any:
            return services.information.take_appeal_step(
                self.session,
                appeal=self.load(pk),
                step=step,
                values=values,
                actor=current_actor(),
                now=clock.now(),
                version=read_version(),
            )

        return small_form(
            self,
            form,
            title=formats.translated(title),
            submit=formats.translated(submit),
            names=names,
            crumbs=[*self._crumbs(item.application), (self.row_label(item), self._url_of(item))],
            act=act,
            done=_("The step has been noted."),
            back=self._url_of(item),
            version=item.version,
            wide=frozenset({"note"}),
        )

    def _url_of(self, item: Appeal) -> str:
        return str(self.url("show", pk=item.id))

    def _crumbs(self, application: Application) -> list[tuple[str, str]]:
        return [
            (formats.translated(self.label_plural), self.url("list")),
            (application.number, url_for("ApplicationView.show", pk=application.id)),
        ]
