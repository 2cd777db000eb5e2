"""Charts of the system room: each entity in figures that the database has grouped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.charts import Axis, Chart
from app.core.rooms import Words
from app.core.views import BackOfficeChart
from app.core.views.entities import entity_label
from app.system.queries import figures
from app.system.queries.keys import keys_by_state
from app.system.rules import (
    AUDIT_VERB_LABELS,
    DAY_KIND_LABELS,
    JOB_STATE_LABELS,
    KEY_CHANNEL_LABELS,
    KEY_STATE_LABELS,
    NOTIFICATION_CHANNEL_LABELS,
    NOTIFICATION_STATE_LABELS,
    PERIOD_UNIT_LABELS,
    SCAN_STATE_LABELS,
)
from app.system.services.requests import HIDDEN_KINDS

Params = Mapping[str, Any]
Rows = Sequence[Mapping[str, Any]]
_OCCASIONS, _SERIES = Words("Reminder.kind"), Words("NumberSeries.series")


def _query(find: Callable[..., Rows], *more: Any) -> Callable[[Any, Params], Rows]:
    """A chart's query from a figure, narrowed by the filters."""
    return lambda session, params: find(session, params["narrow"], *more)


def _named(find: Callable[..., Rows], column: str) -> Callable[[Any, Params], Rows]:
    """The same, with class names told as people call them."""

    def query(session: Any, params: Params) -> Rows:
        rows = find(session, params["narrow"])
        return [{**row, column: entity_label(row[column])} for row in rows]

    return query


def _words(labels: Mapping[Any, str]) -> dict[Any, Any]:
    return {key: _l(label) for key, label in labels.items()}


_KEY_CHANNELS = _words(KEY_CHANNEL_LABELS)


def _drill(**arguments: str) -> Callable[[Mapping[str, Any]], Mapping[str, str]]:
    """Filter argument → row key: the list behind a mark."""
    return lambda row: {
        arg: str(getattr(row[key], "value", row[key])) for arg, key in arguments.items()
    }


def _day_drill(argument: str) -> Callable[[Mapping[str, Any]], Mapping[str, str]]:
    def drill(row: Mapping[str, Any]) -> Mapping[str, str]:
        day = row["day"].strftime("%d.%m.%Y")
        return {f"{argument}_from": day, f"{argument}_to": day}

    return drill


_COUNT = Axis(name="n", title=_l("Number"), kind="quantitative")
_DAY = Axis(name="day", title=_l("Day"), kind="temporal", format="day")


def _by_day(key: str, title: Any, find: Callable[..., Rows], measure: Any, argument: str) -> Chart:
    return Chart(
        key=key,
        title=title,
        description=_l("The last sixty days."),
        mark="line",
        x=_DAY,
        y=_COUNT,
        query=_query(find),
        measure_title=measure,
        drill=_day_drill(argument),
    )


class AuditEventChart(BackOfficeChart):
    """The audit trail in figures."""

    route_base = "/charts/audit"
    class_permission_name = "AuditEvent"
    label = _l("Audit trail: charts")
    charts_shown = (
        Chart(
            key="verbs",
            title=_l("What was done"),
            description=_l("Entries of the audit trail by act."),
            mark="bar",
            x=_COUNT,
            y=Axis(name="verb", title=_l("What"), kind="nominal", labels=_words(AUDIT_VERB_LABELS)),
            query=_query(figures.audit_by_verb),
            measure_title=_l("Entries"),
            max_categories=12,
            drill=_drill(verb="verb"),
        ),
        _by_day("days", _l("Entries by day"), figures.audit_by_day, _l("Entries"), "at"),
    )


class JobChart(BackOfficeChart):
    """Background jobs in figures."""

    route_base = "/charts/jobs"
    class_permission_name = "Job"
    label = _l("Background jobs: charts")
    charts_shown = (
        Chart(
            key="states",
            title=_l("Jobs by state"),
            description=_l("Reports, imports and exports."),
            mark="bar",
            x=_COUNT,
            y=Axis(
                name="state", title=_l("State"), kind="nominal", labels=_words(JOB_STATE_LABELS)
            ),
            query=_query(figures.jobs_by_state, HIDDEN_KINDS),
            measure_title=_l("Jobs"),
            drill=_drill(state="state"),
        ),
    )


class NotificationChart(BackOfficeChart):
    """The outbox in figures."""

    route_base = "/charts/outbox"
    class_permission_name = "Notification"
    label = _l("Outbox: charts")
    charts_shown = (
        Chart(
            key="states",
            title=_l("Messages by way and state"),
            description=_l("What was sent and what waits."),
            mark="stacked_bar",
            x=_COUNT,
            y=Axis(
                name="channel",
                title=_l("Way"),
                kind="nominal",
                labels=_words(NOTIFICATION_CHANNEL_LABELS),
            ),
            color=Axis(
                name="state",
                title=_l("State"),
                kind="nominal",
                labels=_words(NOTIFICATION_STATE_LABELS),
            ),
            query=_query(figures.messages_by_channel),
            measure_title=_l("Messages"),
            drill=_drill(channel="channel", state="state"),
        ),
        _by_day("days", _l("Messages by day"), figures.messages_by_day, _l("Messages"), "created"),
    )


class ReminderChart(BackOfficeChart):
    """Reminders in figures."""

    route_base = "/charts/reminders"
    class_permission_name = "Reminder"
    label = _l("Reminders: charts")
    charts_shown = (
        Chart(
            key="kinds",
            title=_l("Reminders by occasion"),
            description=_l("At which points of the clock somebody was reminded."),
            mark="bar",
            x=_COUNT,
            y=Axis(name="kind", title=_l("Occasion"), kind="nominal", labels=_OCCASIONS),
            query=_query(figures.reminders_by_kind),
            measure_title=_l("Reminders"),
            max_categories=12,
        ),
    )


class NumberSeriesChart(BackOfficeChart):
    """Number series in figures."""

    route_base = "/charts/number-series"
    class_permission_name = "NumberSeries"
    label = _l("Number series: charts")
    charts_shown = (
        Chart(
            key="years",
            title=_l("Numbers given by year"),
            description=_l("The last number of each series."),
            mark="bar",
            x=Axis(name="year", title=_l("Year"), kind="ordinal", sort="given"),
            y=_COUNT,
            color=Axis(name="series", title=_l("Series"), kind="nominal", labels=_SERIES),
            query=_query(figures.numbers_by_year),
            measure_title=_l("Numbers"),
            drill=_drill(year="year", series="series"),
        ),
    )


class CalendarDayChart(BackOfficeChart):
    """The working calendar in figures."""

    route_base = "/charts/calendar"
    class_permission_name = "CalendarDay"
    label = _l("Working calendar: charts")
    charts_shown = (
        Chart(
            key="years",
            title=_l("Special days by year"),
            description=_l("Holidays, half days and leave; also those on weekends."),
            mark="stacked_bar",
            x=Axis(name="year", title=_l("Year"), kind="ordinal", sort="given"),
            y=_COUNT,
            color=Axis(
                name="kind", title=_l("Kind of day"), kind="nominal", labels=_words(DAY_KIND_LABELS)
            ),
            query=_query(figures.days_by_year),
            measure_title=_l("Days"),
            max_categories=30,
            drill=lambda row: {
                "kind": str(getattr(row["kind"], "value", row["kind"])),
                "on_from": f"01.01.{row['year']}",
                "on_to": f"31.12.{row['year']}",
            },
        ),
    )


class LegalRuleChart(BackOfficeChart):
    """Legal periods in figures."""

    route_base = "/charts/legal-rules"
    class_permission_name = "LegalRule"
    label = _l("Legal periods: charts")
    charts_shown = (
        Chart(
            key="lengths",
            title=_l("Length of the periods in force"),
            description=_l("Days, each period in its version of today."),
            mark="bar",
            x=_COUNT,
            y=Axis(name="label", title=_l("Period"), kind="nominal"),
            color=Axis(
                name="unit",
                title=_l("Counted in"),
                kind="nominal",
                labels=_words(PERIOD_UNIT_LABELS),
            ),
            query=lambda session, params: [
                {**row, "label": _l(row["label"])}
                for row in figures.rule_lengths(session, params["narrow"])
            ],
            measure_title=_l("Days"),
            unit="number",
            max_categories=30,
            drill=_drill(unit="unit"),
        ),
    )


class SavedViewChart(BackOfficeChart):
    """Saved views in figures."""

    route_base = "/charts/saved-views"
    class_permission_name = "SavedView"
    label = _l("Saved views: charts")
    charts_shown = (
        Chart(
            key="screens",
            title=_l("Saved views by list"),
            description=_l("The own ones and those that are shared."),
            mark="bar",
            x=_COUNT,
            y=Axis(name="screen", title=_l("List"), kind="nominal"),
            query=_query(figures.views_by_screen),
            measure_title=_l("Saved views"),
            max_categories=20,
            drill=_drill(screen="screen"),
        ),
    )


class SavedViewUseChart(BackOfficeChart):
    """What people do with saved views."""

    route_base = "/charts/saved-view-uses"
    class_permission_name = "SavedViewUse"
    label = _l("Own use of saved views: charts")
    charts_shown = (
        Chart(
            key="uses",
            title=_l("Own use of saved views by list"),
            description=_l("On the home page, first of its list, with a message."),
            mark="bar", x=_COUNT, y=Axis(name="screen", title=_l("List"), kind="nominal"),
            query=_query(figures.uses_by_screen), measure_title=_l("Saved views"),
        ),
    )  # fmt: skip


class ParameterChart(BackOfficeChart):
    """Settings in figures."""

    route_base = "/charts/settings"
    class_permission_name = "Parameter"
    label = _l("Settings: charts")
    charts_shown = (
        Chart(
            key="groups",
            title=_l("Settings by heading"),
            description=_l("How much of the house can be set."),
            mark="bar",
            x=_COUNT,
            y=Axis(name="group", title=_l("Heading"), kind="nominal"),
            query=lambda session, params: [
                {**row, "heading": row["group"], "group": _l(row["group"])}
                for row in figures.settings_by_group(session, params["narrow"])
            ],
            measure_title=_l("Settings"),
            drill=_drill(group="heading"),
        ),
    )


class AttachmentChart(BackOfficeChart):
    """Attachments in figures."""

    route_base = "/charts/files"
    class_permission_name = "Attachment"
    label = _l("Attachments: charts")
    charts_shown = (
        Chart(
            key="records",
            title=_l("Attachments by record"),
            description=_l("With the result of the virus scan."),
            mark="stacked_bar",
            x=_COUNT,
            y=Axis(name="owner_type", title=_l("Record"), kind="nominal"),
            color=Axis(
                name="scan",
                title=_l("Virus scan"),
                kind="nominal",
                labels=_words(SCAN_STATE_LABELS),
            ),
            query=_named(figures.files_by_kind, "owner_type"),
            measure_title=_l("Files"),
            drill=_drill(scan="scan"),
        ),
        _by_day("days", _l("Attachments by day"), figures.files_by_day, _l("Files"), "created"),
    )


class ApiKeyChart(BackOfficeChart):
    """Keys of other programs in figures."""

    route_base = "/charts/api-keys"
    class_permission_name = "ApiKey"
    label = _l("API keys: charts")
    charts_shown = (
        Chart(
            key="states",
            title=_l("Keys by state"),
            description=_l("With the channel of what comes in through them."),
            mark="stacked_bar",
            x=_COUNT,
            y=Axis(
                name="state", title=_l("State"), kind="nominal", labels=_words(KEY_STATE_LABELS)
            ),
            color=Axis(name="channel", title=_l("Channel"), kind="nominal", labels=_KEY_CHANNELS),
            query=_query(keys_by_state),
            measure_title=_l("Keys"),
            drill=_drill(tab="state", channel="channel"),
        ),
    )


CHARTS = (
    ApiKeyChart,
    AuditEventChart,
    JobChart,
    NotificationChart,
    ReminderChart,
    NumberSeriesChart,
    CalendarDayChart,
    LegalRuleChart,
    SavedViewChart,
    SavedViewUseChart,
    ParameterChart,
    AttachmentChart,
)
