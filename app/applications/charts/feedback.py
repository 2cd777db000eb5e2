"""Charts of feedback beyond satisfaction: reopenings, reasons of results, messages, call-backs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.applications.charts.declarations import COUNT, lazy
from app.applications.charts.satisfaction import GROUP, UNIT, SatisfactionChart
from app.applications.models import Application, CallBack
from app.applications.queries import figures
from app.applications.queries import satisfaction_figures as answers
from app.applications.rules import (
    CALL_STATE_LABELS,
    NOTICE_CHANNEL_LABELS,
    NOTICE_STEP_LABELS,
    OUTCOME_LABELS,
)
from app.core import clock
from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Choice, Dates, Pick
from app.system.models import Notification
from app.system.rules import NOTIFICATION_STATE_LABELS

REOPENED = Axis(name="rate", title=_l("Reopened (percent)"), kind="quantitative")


class ReopeningChart(BackOfficeChart):
    """How often answered applications are reopened."""

    route_base = "/applications/reopenings"
    class_permission_name = "Application"
    label = _l("Reopenings")
    view_name = "ApplicationView"
    list_args: Mapping[str, str] = {"tab": "all", "reopened": "1"}
    filters = (
        Dates("received", _l("Received"), Application.received_at, instant=True),
        Pick(
            "unit", _l("Unit"), Application.lead_unit_id, source="unit", condition=figures.in_unit
        ),
        Pick("district", _l("District"), Application.district_id, source="district"),
    )
    charts_shown = (
        Chart(
            key="units",
            title=_l("Reopened applications, by unit"),
            description=_l(
                "Applications that were reopened, in percent of those that had been answered."
            ),
            mark="bar",
            x=REOPENED,
            y=UNIT,
            measure_title=_l("Reopened (percent)"),
            unit="percent",
            query=lambda s, p: answers.reopenings_by_unit(s, p["narrow"]),
            drill=lambda row: {"unit": str(row["unit_id"])},
            max_categories=20,
        ),
        Chart(
            key="groups",
            title=_l("Reopened applications, by topic group"),
            description=_l(
                "Applications that were reopened, in percent of those that had been answered."
            ),
            mark="bar",
            x=REOPENED,
            y=GROUP,
            measure_title=_l("Reopened (percent)"),
            unit="percent",
            query=lambda s, p: answers.reopenings_by_topic_group(s, p["narrow"]),
            drill=lambda row: {"group": str(row["group"])} if row["group"] else {},
            max_categories=20,
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """Twelve months."""
        today = clock.today()
        months = today.year * 12 + today.month - 1 - 11
        return {"received_from": dt.date(months // 12, months % 12 + 1, 1).isoformat()}


class OutcomeReasonChart(BackOfficeChart):
    """Why results are what they are."""

    route_base = "/outcome-reasons/charts"
    class_permission_name = "OutcomeReason"
    label = _l("Reasons of results, charts")
    view_name = "OutcomeReasonView"
    drill_name = "ApplicationView"
    filters = (
        Dates("received", _l("Received"), Application.received_at, instant=True),
        Choice("outcome", _l("Outcome"), Application.outcome, labels=OUTCOME_LABELS),
        Pick(
            "unit", _l("Unit"), Application.lead_unit_id, source="unit", condition=figures.in_unit
        ),
        Pick("topic", _l("Topic"), Application.topic_id, source="topic"),
    )
    charts_shown = (
        Chart(
            key="reasons",
            title=_l("Applications by reason of the result"),
            description=_l("Why applications were not, not yet or not wholly solved."),
            mark="stacked_bar",
            x=COUNT,
            y=Axis(name="reason", title=_l("Reason"), kind="nominal"),
            color=Axis(
                name="outcome", title=_l("Outcome"), kind="ordinal", labels=lazy(OUTCOME_LABELS)
            ),
            measure_title=_l("Applications"),
            query=lambda s, p: answers.count_reasons_of_results(s, p["narrow"]),
            drill=lambda row: {"reason": str(row["reason_id"])},
            max_categories=25,
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """Twelve months."""
        today = clock.today()
        months = today.year * 12 + today.month - 1 - 11
        return {"received_from": dt.date(months // 12, months % 12 + 1, 1).isoformat()}


class NoticeTextChart(BackOfficeChart):
    """What was written to applicants, and whether it arrived."""

    route_base = "/notice-texts/charts"
    class_permission_name = "NoticeText"
    label = _l("Message texts, charts")
    view_name = "NoticeTextView"
    list_args: Mapping[str, str] = {}
    ignores: Mapping[str, tuple[str, ...]] = {"texts": ("written",)}
    filters = (Dates("written", _l("Written at"), Notification.created_at, instant=True),)
    charts_shown = (
        Chart(
            key="steps",
            title=_l("Messages to applicants by step"),
            description=_l("SMS and e-mails of each step, and how far they came."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Messages"), kind="quantitative"),
            y=Axis(name="step", title=_l("Step"), kind="nominal", labels=lazy(NOTICE_STEP_LABELS)),
            color=Axis(
                name="state",
                title=_l("State"),
                kind="ordinal",
                labels=lazy(NOTIFICATION_STATE_LABELS),
            ),
            measure_title=_l("Messages"),
            query=lambda s, p: answers.count_messages_by_step(s, p["narrow"]),
            drill=lambda row: (
                {"step": str(row["step"])} if row["step"] in NOTICE_STEP_LABELS else {}
            ),
            max_categories=20,
        ),
        Chart(
            key="texts",
            title=_l("Message texts by way"),
            description=_l("How many texts there are, and how many of them are in use."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Texts"), kind="quantitative"),
            y=Axis(
                name="channel", title=_l("Way"), kind="nominal", labels=lazy(NOTICE_CHANNEL_LABELS)
            ),
            color=Axis(
                name="active",
                title=_l("In use"),
                kind="ordinal",
                labels={True: _l("In use"), False: _l("Not in use")},
            ),
            measure_title=_l("Texts"),
            query=lambda s, p: answers.count_texts(s, p["narrow"]),
            drill=lambda row: {
                "channel": str(row["channel"]),
                "active": "1" if row["active"] else "0",
            },
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """The last ninety days."""
        return {"written_from": (clock.today() - dt.timedelta(days=89)).isoformat()}


class CallBackChart(BackOfficeChart):
    """What calls ended in."""

    route_base = "/call-backs/charts"
    class_permission_name = "CallBack"
    label = _l("Call-backs, charts")
    view_name = "CallBackView"
    filters = (
        Pick("unit", _l("Unit"), CallBack.unit_id, source="unit"),
        Pick("topic", _l("Topic"), CallBack.topic_id, source="topic"),
        Pick("sample", _l("Sample of the week"), CallBack.sample_id, source="call_back_sample"),
    )
    charts_shown = (
        Chart(
            key="states",
            title=_l("Call-backs by state"),
            description=_l("How many were reached, how many did not want to answer."),
            mark="bar",
            x=Axis(name="count", title=_l("Call-backs"), kind="quantitative"),
            y=Axis(name="state", title=_l("State"), kind="ordinal", labels=lazy(CALL_STATE_LABELS)),
            measure_title=_l("Call-backs"),
            query=lambda s, p: answers.count_call_backs(s, p["narrow"]),
            drill=lambda row: {"state": str(row["state"])},
        ),
    )


class CallBackSampleChart(BackOfficeChart):
    """How far the weekly samples are."""

    route_base = "/call-back-samples/charts"
    class_permission_name = "CallBackSample"
    label = _l("Call-back samples, charts")
    view_name = "CallBackSampleView"
    drill_name = "CallBackView"
    charts_shown = (
        Chart(
            key="weeks",
            title=_l("Call-backs by week"),
            description=_l("What became of the sample of each week; the newest half year."),
            mark="stacked_bar",
            x=Axis(name="week", title=_l("Week from Monday"), kind="temporal", format="week"),
            y=Axis(name="count", title=_l("Call-backs"), kind="quantitative"),
            color=Axis(
                name="state", title=_l("State"), kind="ordinal", labels=lazy(CALL_STATE_LABELS)
            ),
            measure_title=_l("Call-backs"),
            query=lambda s, p: answers.count_call_backs_by_week(s, p["narrow"]),
            drill=lambda row: {"sample": str(row["sample_id"]), "state": str(row["state"])},
        ),
    )


#: Every chart screen of feedback.
FEEDBACK_CHARTS = (
    SatisfactionChart,
    ReopeningChart,
    OutcomeReasonChart,
    NoticeTextChart,
    CallBackChart,
    CallBackSampleChart,
)
