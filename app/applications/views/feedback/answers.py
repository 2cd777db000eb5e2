"""What applicants answered about their satisfaction, and writing an answer down at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import defer, joinedload
from wtforms.validators import InputRequired

from app.applications import rules, services
from app.applications.models import Application, Satisfaction
from app.applications.queries.satisfaction_figures import is_below_unit
from app.applications.views.feedback.questions import question_fields, score_words
from app.core import clock
from app.core.acting import current_actor
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Pick, fields, formats
from app.core.views.page import Cell

SCORE_TONES = {1: "bad", 2: "bad", 3: "soon", 4: "ok", 5: "ok"}


def score_cell(value: Any, record: Any) -> Cell:
    """The score with its words."""
    if value is None:
        return Cell("empty", _("not answered"))
    return Cell("badge", score_words(value), tone=SCORE_TONES[value], value=value)


def manner_cell(value: Any, record: Any) -> Cell:
    """One to five."""
    return formats.EMPTY if value is None else Cell("number", f"{value} / 5", value=value)


def case_cell(value: Any, record: Satisfaction) -> Cell:
    """The case, as long as the answer is linked to it."""
    if value is not None:
        return Cell("link", value.number, url=url_for("ApplicationView.show", pk=value.id))
    if record.application_id is None:
        return Cell("empty", _("no longer linked"))
    return formats.EMPTY


def month_cell(value: Any, record: Any) -> Cell:
    """A month as 11.2026."""
    return Cell("text", f"{value:%m.%Y}", value=value) if value else formats.EMPTY


class SatisfactionView(BackOfficeView):
    """Questions to applicants and their answers; after some months an answer belongs to nobody."""

    datamodel = Interface(Satisfaction)
    route_base = "/satisfaction"
    class_permission_name = "Satisfaction"
    label = _l("Satisfaction answer")
    label_plural = _l("Satisfaction")
    icon = "survey"
    can_edit = False
    has_history = False
    intro = _l(
        "Answers are linked to their application for some months only; afterwards topic, unit, district and month stay."
    )
    list_columns = ["score", "solved", "application", "topic", "unit", "method", "answered_at"]
    order_columns = ["answered_at"]
    base_order = ("id", "desc")
    link_column = "score"
    export_columns = ["manner", "district", "month", "on_time", "sent_at"]
    add_fieldsets = [
        (
            _l("Answer of the applicant"),
            {"fields": ["application", "score", "solved", "manner", "comment"]},
        )
    ]
    show_fieldsets = [
        (
            _l("Answer of the applicant"),
            {
                "fields": [
                    "score",
                    "solved",
                    "manner",
                    "comment",
                    "method",
                    "answered_at",
                    "collected_by",
                ]
            },
        ),
        (
            _l("What it is about"),
            {"fields": ["application", "topic", "unit", "district", "month", "on_time"]},
        ),
        (_l("Link"), {"fields": ["sent_at", "expires_at"]}),
    ]
    label_columns = {
        "application": _l("Application"),
        "score": _l("How satisfied"),
        "solved": _l("Solved"),
        "manner": _l("Manner of the staff"),
        "comment": _l("In the applicant’s own words"),
        "method": _l("By which way"),
        "answered_at": _l("Answered"),
        "collected_by": _l("Written down by"),
        "topic": _l("Topic"),
        "unit": _l("Unit"),
        "district": _l("District"),
        "month": _l("Month of the result"),
        "on_time": _l("In time"),
        "sent_at": _l("Link sent"),
        "expires_at": _l("Link open until"),
    }
    description_columns = {
        "month": _l("The month in which the application was answered."),
    }
    wide = frozenset({"application", "score", "solved", "comment"})
    codes = {"method": rules.ANSWER_METHOD_LABELS}
    formats = {
        "score": score_cell,
        "solved": formats.labelled(rules.SOLVED_LABELS, rules.SOLVED_TONES),
        "manner": manner_cell,
        "application": case_cell,
        "month": month_cell,
        "comment": formats.long_text,
    }
    form_extra = {
        "application": fields.LookupField(
            _l("Application"),
            [InputRequired(fields.REQUIRED)],
            source="application",
            description=_l("Type its number; it must have a result already."),
        ),
        **question_fields(),
    }
    list_options = (
        joinedload(Satisfaction.application).load_only(
            Application.number, Application.is_restricted
        ),
        defer(Satisfaction.comment),
    )
    filters = (
        Choice("score", _l("How satisfied"), Satisfaction.score, labels=rules.SCORE_LABELS),
        Choice("solved", _l("Solved"), Satisfaction.solved, labels=rules.SOLVED_LABELS),
        Choice(
            "method", _l("By which way"), Satisfaction.method, labels=rules.ANSWER_METHOD_LABELS
        ),
        Pick("unit", _l("Unit"), Satisfaction.unit_id, source="unit", condition=is_below_unit),
        Pick("topic", _l("Topic"), Satisfaction.topic_id, source="topic"),
        Pick("district", _l("District"), Satisfaction.district_id, source="district"),
        Dates("month", _l("Month of the result"), Satisfaction.month),
        Flag("on_time", _l("In time"), Satisfaction.on_time),
    )
    tabs = (
        ("answered", _l("Answered"), lambda: Satisfaction.score.is_not(None), ""),
        ("unsolved", _l("Not solved"), lambda: Satisfaction.solved == rules.Solved.NO, "bad"),
        ("sent", _l("Waiting for an answer"), lambda: Satisfaction.score.is_(None), ""),
        ("all", _l("All"), None, ""),
    )

    def row_label(self, item: Satisfaction) -> str:
        """The number of the case, while it is linked."""
        return item.application.number if item.application is not None else f"#{item.id}"

    def save_new(self, item: Satisfaction, values: Mapping[str, Any]) -> Satisfaction:
        """The service keeps one answer for each cycle of a case."""
        application = self.session.get(Application, values["application"])
        return services.record_answer(
            self.session,
            application=application,
            values=values,
            method=rules.AnswerMethod.DESK,
            actor=current_actor(),
            now=clock.now(),
        )

    def after_save_url(self, item: Satisfaction) -> str:
        """Who may not read answers goes back to the case."""
        if self.may("read"):
            return super().after_save_url(item)
        return url_for("ApplicationView.show", pk=item.application_id)
