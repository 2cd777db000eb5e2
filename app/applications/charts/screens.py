"""The chart screens of the room: filters of each page and the declarations it shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.charts.declarations import APPLICATION_CHARTS, COUNT, lazy
from app.applications.models import Application, ApplicationEvent, Assignment, ImportBatch, Reply
from app.applications.queries import figures, work_figures
from app.applications.rules.display import ACTION_DONE_LABELS
from app.applications.rules.groups import TOPIC_GROUP_LABELS
from app.applications.rules.vocabulary import (
    ASSIGNMENT_STATE_LABELS,
    CHANNEL_LABELS,
    KIND_LABELS,
    REPLY_KIND_LABELS,
    REPLY_STATE_LABELS,
)
from app.applications.services.imports.fields import field_named
from app.core import clock
from app.core.charts import Axis, Chart
from app.core.text import parse_tr_date
from app.core.views import BackOfficeChart, Choice, Dates, Pick

#: The place of a value in a message.
_VALUE = re.compile(r"%\(\w+\)[a-z]")
#: Longer lines of days cannot be told apart.
_MOST_DAYS = 366


def last_year() -> Mapping[str, str]:
    """From the first day of the month eleven months ago: twelve months with this one."""
    today = clock.today()
    months = today.year * 12 + today.month - 1 - 11
    return {"received_from": dt.date(months // 12, months % 12 + 1, 1).isoformat()}


class ApplicationChart(BackOfficeChart):
    """What comes, from where, about what, and how quickly it is answered."""

    route_base = "/applications/charts"
    class_permission_name = "Application"
    label = _l("Applications, charts")
    view_name = "ApplicationView"
    charts_shown = APPLICATION_CHARTS
    ignores = {"ageing": ("received",), "daily": ("received",)}
    filters = (
        Dates("received", _l("Received"), Application.received_at, instant=True),
        Choice("channel", _l("Channel"), Application.channel, labels=CHANNEL_LABELS),
        Choice("kind", _l("Kind"), Application.kind, labels=KIND_LABELS),
        Pick(
            "unit", _l("Unit"), Application.lead_unit_id, source="unit", condition=figures.in_unit
        ),
        Pick("district", _l("District"), Application.district_id, source="district"),
        Pick("batch", _l("Import"), Application.import_batch_id, source="import_batch"),
    )

    def default_args(self) -> Mapping[str, str]:
        """Twelve months, unless one import is looked at: its cases may be of any year."""
        from flask import request

        return {} if request.args.get("batch") else last_year()


class AssignmentChart(BackOfficeChart):
    """What lies with which unit."""

    route_base = "/assignments/charts"
    class_permission_name = "Assignment"
    label = _l("Assignments, charts")
    view_name = "AssignmentView"
    filters = (
        Dates("sent", _l("Sent"), Assignment.sent_at, instant=True),
        Choice("state", _l("State"), Assignment.state, labels=ASSIGNMENT_STATE_LABELS),
        Pick("unit", _l("Unit"), Assignment.unit_id, source="unit"),
    )
    charts_shown = (
        Chart(
            key="unit_state",
            title=_l("Assignments by unit and state"),
            description=_l("How many assignments each unit has received and how far they are."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Assignments"), kind="quantitative"),
            y=Axis(name="unit", title=_l("Unit"), kind="nominal"),
            color=Axis(
                name="state",
                title=_l("State"),
                kind="ordinal",
                labels=lazy(ASSIGNMENT_STATE_LABELS),
            ),
            measure_title=_l("Assignments"),
            query=lambda s, p: work_figures.count_assignments(s, p["narrow"]),
            drill=lambda row: {"unit": str(row["unit_id"]), "state": str(row["state"])},
            max_categories=20,
        ),
    )


def _days(params: Mapping[str, Any], name: str) -> tuple[dt.date, dt.date]:
    """The span of a chart of days: as filtered, else the last thirty days."""
    args, today = params["args"], params["today"]
    last = parse_tr_date(args.get(f"{name}_to", "")) or today
    first = parse_tr_date(args.get(f"{name}_from", "")) or last - dt.timedelta(days=29)
    return max(first, last - dt.timedelta(days=_MOST_DAYS)), last


class ApplicationEventChart(BackOfficeChart):
    """How much was done on which day."""

    route_base = "/application-events/charts"
    class_permission_name = "ApplicationEvent"
    label = _l("Steps of applications, charts")
    view_name = "ApplicationEventView"
    filters = (
        Dates("at", _l("When"), ApplicationEvent.at, instant=True),
        Pick("unit", _l("Unit"), ApplicationEvent.unit_id, source="unit"),
    )
    charts_shown = (
        Chart(
            key="per_day",
            title=_l("Steps per day"),
            description=_l("Everything done to applications, day by day."),
            mark="area",
            x=Axis(name="day", title=_l("Day"), kind="temporal", format="day"),
            y=Axis(name="count", title=_l("Steps"), kind="quantitative"),
            measure_title=_l("Steps"),
            query=lambda s, p: work_figures.count_events_per_day(s, *_days(p, "at"), p["narrow"]),
            drill=lambda row: {"at_from": str(row["day"]), "at_to": str(row["day"])},
        ),
        Chart(
            key="actions",
            title=_l("Steps by what was done"),
            description=_l("How often each step was taken."),
            mark="bar",
            x=Axis(name="count", title=_l("Steps"), kind="quantitative"),
            y=Axis(
                name="action",
                title=_l("What was done"),
                kind="nominal",
                labels=lazy(ACTION_DONE_LABELS),
            ),
            measure_title=_l("Steps"),
            query=lambda s, p: work_figures.count_events_by_action(s, p["narrow"]),
            drill=lambda row: {"action": str(row["action"])},
            max_categories=15,
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """The last thirty days."""
        return {"at_from": (clock.today() - dt.timedelta(days=29)).isoformat()}


class ReplyChart(BackOfficeChart):
    """Where replies stand and how long their approval takes."""

    route_base = "/replies/charts"
    class_permission_name = "Reply"
    label = _l("Replies, charts")
    view_name = "ReplyView"
    filters = (
        Dates("sent", _l("Sent"), Reply.sent_at, instant=True),
        Choice("kind", _l("Kind of reply"), Reply.kind, labels=REPLY_KIND_LABELS),
    )
    charts_shown = (
        Chart(
            key="states",
            title=_l("Replies by state"),
            description=_l("How far the letters to citizens are."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Replies"), kind="quantitative"),
            y=Axis(
                name="state", title=_l("State"), kind="ordinal", labels=lazy(REPLY_STATE_LABELS)
            ),
            color=Axis(
                name="kind",
                title=_l("Kind of reply"),
                kind="ordinal",
                labels=lazy(REPLY_KIND_LABELS),
            ),
            measure_title=_l("Replies"),
            query=lambda s, p: work_figures.count_replies(s, p["narrow"]),
            drill=lambda row: {"state": str(row["state"]), "kind": str(row["kind"])},
        ),
        Chart(
            key="approval_days",
            title=_l("Days to approval"),
            description=_l("How long a draft waited for its approval, in calendar days."),
            mark="histogram",
            x=Axis(name="days", title=_l("Days"), kind="quantitative"),
            y=Axis(name="count", title=_l("Replies"), kind="quantitative"),
            measure_title=_l("Replies"),
            query=lambda s, p: work_figures.count_days_to_approval(s, p["narrow"]),
        ),
    )


class TopicChart(BackOfficeChart):
    """What applications are about, by group."""

    route_base = "/topics/charts"
    class_permission_name = "Topic"
    label = _l("Topics, charts")
    view_name = "TopicView"
    drill_name = "ApplicationView"
    filters = (Dates("received", _l("Received"), Application.received_at, instant=True),)
    charts_shown = (
        Chart(
            key="groups",
            title=_l("Applications by topic group"),
            description=_l("How many applications each group of topics has."),
            mark="bar",
            x=COUNT,
            y=Axis(
                name="group",
                title=_l("Topic group"),
                kind="nominal",
                labels=lazy(TOPIC_GROUP_LABELS),
            ),
            measure_title=_l("Applications"),
            query=lambda s, p: figures.count_by_topic_group(s, p["narrow"]),
            drill=lambda row: {"group": str(row["group"])} if row["group"] else {},
            max_categories=20,
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """Twelve months."""
        return last_year()


class ReplyTemplateChart(BackOfficeChart):
    """How many texts there are to start from."""

    route_base = "/reply-templates/charts"
    class_permission_name = "ReplyTemplate"
    label = _l("Reply templates, charts")
    view_name = "ReplyTemplateView"
    list_args: Mapping[str, str] = {}
    charts_shown = (
        Chart(
            key="kinds",
            title=_l("Reply templates by kind"),
            description=_l("For which kind of reply a template is meant."),
            mark="bar",
            x=Axis(name="count", title=_l("Reply templates"), kind="quantitative"),
            y=Axis(
                name="kind",
                title=_l("Kind of reply"),
                kind="nominal",
                labels=lazy(REPLY_KIND_LABELS),
            ),
            measure_title=_l("Reply templates"),
            query=lambda s, p: work_figures.count_templates(s, p["narrow"]),
            drill=lambda row: {"reply_kind": str(row["kind"])},
        ),
    )


class ImportChart(BackOfficeChart):
    """What became of the rows of the imported files."""

    route_base = "/imports/charts"
    class_permission_name = "ImportBatch"
    label = _l("Imports, charts")
    view_name = "ImportView"
    list_args: Mapping[str, str] = {}
    filters = (Dates("created", _l("Made"), ImportBatch.created_at, instant=True),)
    charts_shown = (
        Chart(
            key="outcomes",
            title=_l("Rows of the last imports"),
            description=_l("Rows taken over, known already and refused, by import."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Rows"), kind="quantitative"),
            y=Axis(name="batch", title=_l("Import"), kind="nominal", sort="given"),
            color=Axis(
                name="outcome",
                title=_l("Result"),
                kind="ordinal",
                labels={
                    "created": _l("Taken over"),
                    "known": _l("Known already"),
                    "rejected": _l("Refused"),
                },
            ),
            measure_title=_l("Rows"),
            query=lambda s, p: work_figures.list_batch_rows(s, p["narrow"]),
            max_categories=20,
        ),
    )


class ImportMappingChart(BackOfficeChart):
    """Which mappings are used."""

    route_base = "/import-mappings/charts"
    class_permission_name = "ImportMapping"
    label = _l("Column mappings, charts")
    view_name = "ImportMappingView"
    charts_shown = (
        Chart(
            key="rows",
            title=_l("Rows taken over by mapping"),
            description=_l("How many applications came through each mapping."),
            mark="bar",
            x=Axis(name="count", title=_l("Rows"), kind="quantitative"),
            y=Axis(name="mapping", title=_l("Mapping"), kind="nominal"),
            measure_title=_l("Rows"),
            query=lambda s, p: work_figures.count_rows_by_mapping(s, p["narrow"]),
        ),
    )


class ImportRowChart(BackOfficeChart):
    """Why rows were refused."""

    route_base = "/import-rows/charts"
    class_permission_name = "ImportRow"
    label = _l("Refused rows, charts")
    view_name = "ImportRowView"
    charts_shown = (
        Chart(
            key="reasons",
            title=_l("Refused rows by reason"),
            description=_l("The most frequent reasons; a row may have several."),
            mark="bar",
            x=Axis(name="count", title=_l("Rows"), kind="quantitative"),
            y=Axis(name="reason", title=_l("Reason"), kind="nominal"),
            measure_title=_l("Rows"),
            query=lambda s, p: _translated_reasons(work_figures.count_reasons(s, p["narrow"])),
            max_categories=15,
        ),
    )


def _translated_reasons(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Field and reason in the reader's language, without the values that differ from row to row."""
    counted: dict[str, int] = {}
    for row in rows:
        msgid, found = row["reason"], field_named(row["field"] or "")
        words = _VALUE.sub("…", str(_l(msgid))) if msgid else ""
        label = found.label if found is not None else ""
        words = f"{_l(label)}: {words}" if label else words
        counted[words] = counted.get(words, 0) + row["count"]
    return [{"reason": words, "count": n} for words, n in counted.items()]
