"""The chart screens of the call centre: filters of each page and the declarations it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Choice, Dates, Pick
from app.core.views.entities import Exact
from app.frontdesk.charts.calls import CALL_CHARTS, LEVEL
from app.frontdesk.models import Call, CallImport, KnowledgeItem, Shift, ShiftNote
from app.frontdesk.queries import calls_imports, knowledge, shifts
from app.frontdesk.rules.calls import DIRECTION_LABELS
from app.frontdesk.rules.knowledge import VALIDITY_LABELS
from app.frontdesk.rules.shifts import SHIFT_KIND_LABELS
from app.system.queries import get_number

DAYS_SHOWN = 30


def lazy(labels: Mapping[Any, str]) -> dict[Any, Any]:
    """Labels that are translated when a chart is drawn."""
    return {str(getattr(key, "value", key)): _l(label) for key, label in labels.items()}


class CallChart(BackOfficeChart):
    """How well calls are answered, when they come, and what comes of them."""

    route_base = "/calls/charts"
    class_permission_name = "Call"
    label = _l("Calls, charts")
    view_name = "CallView"
    charts_shown = CALL_CHARTS
    ignores = {"today": ("started", "operator", "direction", "queue")}
    filters = (
        Dates("started", _l("Call began"), Call.started_at, instant=True),
        Pick("operator", _l("Operator"), Call.operator_id, source="staff"),
        Choice("direction", _l("Direction"), Call.direction, labels=DIRECTION_LABELS),
        Exact("queue", _l("Queue of the switch"), Call.queue),
    )

    def default_args(self) -> Mapping[str, str]:
        """The last thirty days."""
        return {"started_from": (clock.today() - dt.timedelta(days=DAYS_SHOWN - 1)).isoformat()}

    def _with_goal(self, chart: Chart) -> Chart:
        """The goal of the level is a setting."""
        if chart.key != LEVEL.key:
            return chart
        return replace(chart, goal=float(get_number(self.session, "call_goal_percent")))

    def _chart(self, key: str) -> Chart:
        return self._with_goal(super()._chart(key))

    def panel(self, chart: Chart, args: Any) -> Any:
        """One chart with its table."""
        return super().panel(self._with_goal(chart), args)


class ShiftChart(BackOfficeChart):
    """Who is planned how often."""

    route_base = "/shifts/charts"
    class_permission_name = "Shift"
    label = _l("Shifts, charts")
    view_name = "ShiftView"
    filters = (
        Dates("on", _l("Day"), Shift.on),
        Choice("kind", _l("Part of the day"), Shift.kind, labels=SHIFT_KIND_LABELS),
    )
    charts_shown = (
        Chart(
            key="people",
            title=_l("Shifts by operator"),
            description=_l("How many shifts of each part of the day everybody is planned for."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Shifts"), kind="quantitative"),
            y=Axis(name="operator", title=_l("Operator"), kind="nominal"),
            color=Axis(
                name="kind",
                title=_l("Part of the day"),
                kind="ordinal",
                labels=lazy(SHIFT_KIND_LABELS),
            ),
            measure_title=_l("Shifts"),
            query=lambda s, p: shifts.count_shifts(s, p["narrow"]),
            drill=lambda row: {"operator": str(row["operator_id"]), "kind": str(row["kind"])},
            max_categories=20,
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """The two weeks behind us and those that are planned."""
        return {"on_from": (clock.today() - dt.timedelta(days=14)).isoformat()}


class ShiftNoteChart(BackOfficeChart):
    """Which shifts leave notes."""

    route_base = "/shift-notes/charts"
    class_permission_name = "ShiftNote"
    label = _l("Hand-over notes, charts")
    view_name = "ShiftNoteView"
    list_args: Mapping[str, str] = {}
    filters = (Dates("on", _l("Day"), ShiftNote.on),)
    charts_shown = (
        Chart(
            key="kinds",
            title=_l("Hand-over notes by part of the day"),
            description=_l("How many notes each shift has left."),
            mark="bar",
            x=Axis(name="count", title=_l("Hand-over notes"), kind="quantitative"),
            y=Axis(
                name="kind",
                title=_l("Part of the day"),
                kind="nominal",
                labels=lazy(SHIFT_KIND_LABELS),
            ),
            measure_title=_l("Hand-over notes"),
            query=lambda s, p: shifts.count_notes(s, p["narrow"]),
            drill=lambda row: {"kind": str(row["kind"])},
        ),
    )


class KnowledgeItemChart(BackOfficeChart):
    """Whether the knowledge base is true, and what it is used for."""

    route_base = "/knowledge/charts"
    class_permission_name = "KnowledgeItem"
    label = _l("Knowledge base, charts")
    view_name = "KnowledgeItemView"
    filters = (
        Pick("topic", _l("Topic"), KnowledgeItem.topic_id, source="topic"),
        Pick("owner", _l("Owner"), KnowledgeItem.owner_id, source="staff"),
    )
    charts_shown = (
        Chart(
            key="validity",
            title=_l("Items by state"),
            description=_l("How many items in use are up to date."),
            mark="bar",
            x=Axis(name="count", title=_l("Items"), kind="quantitative"),
            y=Axis(
                name="validity", title=_l("State"), kind="nominal", labels=lazy(VALIDITY_LABELS)
            ),
            measure_title=_l("Items"),
            query=lambda s, p: knowledge.count_by_validity(s, p["narrow"]),
            drill=lambda row: {
                "tab": {"review_due": "review", "out_of_date": "old"}.get(
                    str(row["validity"]), "active"
                )
            },
        ),
        Chart(
            key="topics",
            title=_l("Calls answered, by topic"),
            description=_l("How often the items of a topic answered a call."),
            mark="bar",
            x=Axis(name="count", title=_l("Calls"), kind="quantitative"),
            y=Axis(name="topic", title=_l("Topic"), kind="nominal"),
            measure_title=_l("Calls"),
            query=lambda s, p: knowledge.count_use_by_topic(s, p["narrow"]),
            drill=lambda row: {"topic": str(row["topic_id"])} if row["topic_id"] else {},
            max_categories=15,
        ),
    )


class CallImportChart(BackOfficeChart):
    """What became of the rows of the imported files."""

    route_base = "/call-imports/charts"
    class_permission_name = "CallImport"
    label = _l("Call imports, charts")
    view_name = "CallImportView"
    list_args: Mapping[str, str] = {}
    filters = (Dates("made", _l("Chosen"), CallImport.created_at, instant=True),)
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
            query=lambda s, p: calls_imports.list_batch_rows(s, p["narrow"]),
            max_categories=20,
        ),
    )


class CallMappingChart(BackOfficeChart):
    """Which mappings are used."""

    route_base = "/call-mappings/charts"
    class_permission_name = "CallMapping"
    label = _l("Call mappings, charts")
    view_name = "CallMappingView"
    charts_shown = (
        Chart(
            key="rows",
            title=_l("Calls taken over by mapping"),
            description=_l("How many calls came through each mapping."),
            mark="bar",
            x=Axis(name="count", title=_l("Rows"), kind="quantitative"),
            y=Axis(name="mapping", title=_l("Mapping"), kind="nominal"),
            measure_title=_l("Rows"),
            query=lambda s, p: calls_imports.count_rows_by_mapping(s, p["narrow"]),
        ),
    )


#: Every chart screen of the call centre.
CALL_CHART_SCREENS: tuple[type, ...] = (
    CallChart,
    ShiftChart,
    ShiftNoteChart,
    KnowledgeItemChart,
    CallImportChart,
    CallMappingChart,
)
