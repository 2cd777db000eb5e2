"""Charts of acts over many applications and of transfers that wait for an answer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.applications.charts.declarations import COUNT, lazy
from app.applications.models import BulkRow, BulkRun, TransferFollowUp
from app.applications.queries import bulk, follow_ups
from app.applications.rules import (
    BULK_ACT_LABELS,
    BULK_ROW_STATE_LABELS,
    BULK_STATE_LABELS,
    FOLLOW_UP_STATE_LABELS,
)
from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Choice, Dates, Pick

_RUNS = Axis(name="count", title=_l("Bulk acts"), kind="quantitative")
_FOLLOWED = Axis(name="count", title=_l("Transfers"), kind="quantitative")
#: Groups of follow-ups as the list filters them.
_GROUPS = {
    "answered": _l("Answered"),
    "waiting": _l("Waiting"),
    "late": _l("No answer in time"),
    "closed": _l("Closed without an answer"),
}
_TAB_OF = {"answered": "answered", "waiting": "waiting", "late": "late", "closed": "all"}


class BulkRunChart(BackOfficeChart):
    """Which acts over many applications there were, and how many applications they have dealt with."""

    route_base = "/bulk-runs/charts"
    class_permission_name = "BulkRun"
    label = _l("Bulk acts, charts")
    view_name = "BulkRunView"
    filters = (
        Choice("act", _l("What is done"), BulkRun.act, labels=BULK_ACT_LABELS),
        Pick("starter", _l("Ordered by"), BulkRun.starter_id, source="staff"),
        Dates("made", _l("Picked at"), BulkRun.created_at, instant=True),
    )
    charts_shown = (
        Chart(
            key="runs",
            title=_l("Bulk acts by kind and state"),
            description=_l("How many acts there were and how they have ended."),
            mark="stacked_bar",
            x=_RUNS,
            y=Axis(
                name="act", title=_l("What is done"), kind="nominal", labels=lazy(BULK_ACT_LABELS)
            ),
            color=Axis(
                name="state", title=_l("State"), kind="nominal", labels=lazy(BULK_STATE_LABELS)
            ),
            measure_title=_l("Bulk acts"),
            query=lambda s, p: bulk.count_runs_by_act(s, p["narrow"]),
            drill=lambda row: {"tab": "all", "act": str(row["act"]), "state": str(row["state"])},
        ),
        Chart(
            key="rows",
            title=_l("What became of the applications in bulk acts"),
            description=_l("Done, refused by a rule, changed meanwhile, taken back."),
            mark="bar",
            x=COUNT,
            y=Axis(
                name="state", title=_l("Result"), kind="nominal", labels=lazy(BULK_ROW_STATE_LABELS)
            ),
            measure_title=_l("Applications"),
            query=lambda s, p: bulk.count_rows_of_runs(s, p["narrow"]),
        ),
    )


class BulkRowChart(BackOfficeChart):
    """What became of single applications in bulk acts."""

    route_base = "/bulk-rows/charts"
    class_permission_name = "BulkRow"
    label = _l("Applications in bulk acts, charts")
    view_name = "BulkRowView"
    filters = (
        Choice("state", _l("Result"), BulkRow.state, labels=BULK_ROW_STATE_LABELS),
        Dates("done", _l("Done at"), BulkRow.done_at, instant=True),
    )
    charts_shown = (
        Chart(
            key="states",
            title=_l("Applications in bulk acts by result"),
            description=_l("Done, refused by a rule, changed meanwhile, taken back."),
            mark="bar",
            x=COUNT,
            y=Axis(
                name="state", title=_l("Result"), kind="nominal", labels=lazy(BULK_ROW_STATE_LABELS)
            ),
            measure_title=_l("Applications"),
            query=lambda s, p: bulk.count_rows_by_state(s, p["narrow"]),
            drill=lambda row: {"state": str(row["state"])},
        ),
    )


class TransferFollowUpChart(BackOfficeChart):
    """Which institutions answer, and which do not."""

    route_base = "/transfer-follow-ups/charts"
    class_permission_name = "TransferFollowUp"
    label = _l("Transfers awaiting an answer, charts")
    view_name = "TransferFollowUpView"
    filters = (
        Choice("state", _l("State"), TransferFollowUp.state, labels=FOLLOW_UP_STATE_LABELS),
        Pick(
            "institution", _l("Institution"), TransferFollowUp.institution_id, source="institution"
        ),
        Dates("sent", _l("Passed on at"), TransferFollowUp.sent_on),
    )
    charts_shown = (
        Chart(
            key="institutions",
            title=_l("Transfers by institution and answer"),
            description=_l("Of what was passed to each institution, how much it has answered."),
            mark="stacked_bar",
            x=_FOLLOWED,
            y=Axis(name="institution", title=_l("Institution"), kind="nominal"),
            color=Axis(name="group", title=_l("Answer"), kind="ordinal", labels=_GROUPS),
            measure_title=_l("Transfers"),
            query=lambda s, p: follow_ups.count_follow_ups_by_institution(s, p["narrow"]),
            drill=lambda row: {
                "tab": _TAB_OF[str(row["group"])],
                "institution": str(row["institution_id"]),
                **({"state": "closed"} if row["group"] == "closed" else {}),
            },
            max_categories=20,
        ),
    )


BULK_CHART_SCREENS = (BulkRunChart, BulkRowChart, TransferFollowUpChart)
