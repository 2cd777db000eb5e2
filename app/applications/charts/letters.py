"""Charts of the reply desk: chains of approval, routes, versions, outgoing checks, batches of letters."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.charts.declarations import lazy
from app.applications.models import (
    ApprovalStep,
    LetterBatch,
    LetterBatchRow,
    OutgoingCheck,
    ReplyVersion,
)
from app.applications.queries import approvals, letter_figures
from app.applications.rules import (
    APPROVAL_ROLE_LABELS,
    APPROVAL_STATE_LABELS,
    CHECK_STATE_LABELS,
    LETTER_BATCH_STATE_LABELS,
    LETTER_ROW_STATE_LABELS,
)
from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Choice, Dates, Pick

_ROLES = {"": _l("Whoever may approve, or a person"), **lazy(APPROVAL_ROLE_LABELS)}
_STEPS = Axis(name="count", title=_l("Steps"), kind="quantitative")


class ApprovalStepChart(BackOfficeChart):
    """Where letters wait, and how long a paraf takes."""

    route_base = "/approvals/charts"
    class_permission_name = "ApprovalStep"
    label = _l("Approvals, charts")
    view_name = "ApprovalStepView"
    filters = (
        Dates("since", _l("Waits since"), ApprovalStep.waiting_since, instant=True),
        Pick("by", _l("Done by"), ApprovalStep.by_id, source="staff"),
    )
    charts_shown = (
        Chart(
            key="roles",
            title=_l("Steps by post and state"),
            description=_l("Whose paraf was given, whose is waited for."),
            mark="stacked_bar",
            x=_STEPS,
            y=Axis(name="role", title=_l("Whose turn"), kind="ordinal", labels=_ROLES),
            color=Axis(
                name="state", title=_l("State"), kind="ordinal", labels=lazy(APPROVAL_STATE_LABELS)
            ),
            measure_title=_l("Steps"),
            query=lambda s, p: approvals.count_steps(s, p["narrow"]),
            drill=lambda row: (
                {"role": str(row["role"]), "state": str(row["state"])} if row["role"] else {}
            ),
        ),
        Chart(
            key="days",
            title=_l("Days that a paraf took"),
            description=_l("From the turn to the paraf, in calendar days."),
            mark="histogram",
            x=Axis(name="days", title=_l("Days"), kind="quantitative"),
            y=_STEPS,
            measure_title=_l("Steps"),
            query=lambda s, p: approvals.count_waiting_days(s, p["narrow"]),
        ),
    )


class ApprovalRouteChart(BackOfficeChart):
    """How long the routes are."""

    route_base = "/approval-routes/charts"
    class_permission_name = "ApprovalRoute"
    label = _l("Routes of approval, charts")
    view_name = "ApprovalRouteView"
    charts_shown = (
        Chart(
            key="length",
            title=_l("Stations of each route"),
            description=_l("How many people a letter of each route passes."),
            mark="bar",
            x=Axis(name="count", title=_l("Stations"), kind="quantitative"),
            y=Axis(name="route", title=_l("Route"), kind="nominal"),
            measure_title=_l("Stations"),
            query=lambda s, p: approvals.count_routes_by_length(s, p["narrow"]),
            max_categories=30,
        ),
    )


class ApprovalRouteStepChart(BackOfficeChart):
    """Which posts stand on the routes."""

    route_base = "/approval-stations/charts"
    class_permission_name = "ApprovalRouteStep"
    label = _l("Stations, charts")
    view_name = "ApprovalRouteStepView"
    charts_shown = (
        Chart(
            key="roles",
            title=_l("Stations by role"),
            description=_l("On how many routes each post gives a paraf or signs."),
            mark="bar",
            x=Axis(name="count", title=_l("Stations"), kind="quantitative"),
            y=Axis(
                name="role",
                title=_l("Role"),
                kind="ordinal",
                labels={"": _l("A named person"), **lazy(APPROVAL_ROLE_LABELS)},
            ),
            measure_title=_l("Stations"),
            query=lambda s, p: approvals.count_stations_by_role(s, p["narrow"]),
            drill=lambda row: {"role": str(row["role"])} if row["role"] else {},
            max_categories=12,
        ),
    )


class ReplyVersionChart(BackOfficeChart):
    """Who writes, and how often letters are rewritten."""

    route_base = "/reply-versions/charts"
    class_permission_name = "ReplyVersion"
    label = _l("Versions, charts")
    view_name = "ReplyVersionView"
    filters = (Dates("at", _l("When"), ReplyVersion.at, instant=True),)
    charts_shown = (
        Chart(
            key="letters",
            title=_l("Letters by number of versions"),
            description=_l("How often the text of a letter was changed before it left."),
            mark="bar",
            x=Axis(
                name="versions",
                title=_l("Versions"),
                kind="ordinal",
                labels={1: "1", 2: "2", 3: "3", 4: "4", 5: _l("5 and more")},
            ),
            y=Axis(name="count", title=_l("Letters"), kind="quantitative"),
            measure_title=_l("Letters"),
            query=lambda s, p: letter_figures.count_letters_by_versions(s, p["narrow"]),
        ),
        Chart(
            key="writers",
            title=_l("Versions by writer"),
            description=_l("How many texts each person has kept."),
            mark="bar",
            x=Axis(name="count", title=_l("Versions"), kind="quantitative"),
            y=Axis(name="who", title=_l("Who"), kind="nominal"),
            measure_title=_l("Versions"),
            query=lambda s, p: letter_figures.count_versions_by_writer(s, p["narrow"]),
            drill=lambda row: {"by": str(row["by_id"])} if row.get("by_id") else {},
            max_categories=20,
        ),
    )


class OutgoingCheckChart(BackOfficeChart):
    """How often something was held back, and how often it was let pass."""

    route_base = "/outgoing-checks/charts"
    class_permission_name = "OutgoingCheck"
    label = _l("Outgoing checks, charts")
    view_name = "OutgoingCheckView"
    filters = (
        Dates("at", _l("Looked at"), OutgoingCheck.created_at, instant=True),
        Choice("state", _l("State"), OutgoingCheck.state, labels=CHECK_STATE_LABELS),
    )
    charts_shown = (
        Chart(
            key="months",
            title=_l("Outgoing checks by month"),
            description=_l("What was clean, what is held back, what was let pass with a reason."),
            mark="stacked_bar",
            x=Axis(name="month", title=_l("Month"), kind="temporal", format="month"),
            y=Axis(name="count", title=_l("Checks"), kind="quantitative"),
            color=Axis(
                name="state", title=_l("State"), kind="ordinal", labels=lazy(CHECK_STATE_LABELS)
            ),
            measure_title=_l("Checks"),
            query=lambda s, p: letter_figures.count_checks_by_month(s, p["narrow"]),
            drill=lambda row: {"tab": "all", "state": str(row["state"])},
        ),
    )


class LetterBatchChart(BackOfficeChart):
    """How many batches there are and where they stand."""

    route_base = "/letter-batches/charts"
    class_permission_name = "LetterBatch"
    label = _l("Batches of letters, charts")
    view_name = "LetterBatchView"
    filters = (Pick("template", _l("Template"), LetterBatch.template_id, source="reply_template"),)
    charts_shown = (
        Chart(
            key="states",
            title=_l("Batches by state"),
            description=_l("How far the batches of letters are."),
            mark="bar",
            x=Axis(name="count", title=_l("Batches"), kind="quantitative"),
            y=Axis(
                name="state",
                title=_l("State"),
                kind="ordinal",
                labels=lazy(LETTER_BATCH_STATE_LABELS),
            ),
            measure_title=_l("Batches"),
            query=lambda s, p: letter_figures.count_batches(s, p["narrow"]),
            drill=lambda row: {"state": str(row["state"])},
        ),
    )


class LetterBatchRowChart(BackOfficeChart):
    """What became of the letters of the newest batches."""

    route_base = "/letter-batch-rows/charts"
    class_permission_name = "LetterBatchRow"
    label = _l("Letters of batches, charts")
    view_name = "LetterBatchRowView"
    filters = (Choice("state", _l("State"), LetterBatchRow.state, labels=LETTER_ROW_STATE_LABELS),)
    charts_shown = (
        Chart(
            key="batches",
            title=_l("Letters of the newest batches"),
            description=_l("How far the letters of each batch are."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Letters"), kind="quantitative"),
            y=Axis(name="batch", title=_l("Batch"), kind="nominal"),
            color=Axis(
                name="state",
                title=_l("State"),
                kind="ordinal",
                labels=lazy(LETTER_ROW_STATE_LABELS),
            ),
            measure_title=_l("Letters"),
            query=lambda s, p: letter_figures.count_batch_letters(s, p["narrow"]),
            drill=lambda row: {"batch": str(row["batch_id"]), "state": str(row["state"])},
            max_categories=20,
        ),
    )


#: Every chart screen of the reply desk.
LETTER_CHART_SCREENS: tuple[type[Any], ...] = (
    ApprovalStepChart,
    ApprovalRouteChart,
    ApprovalRouteStepChart,
    ReplyVersionChart,
    OutgoingCheckChart,
    LetterBatchChart,
    LetterBatchRowChart,
)
