"""Charts of satisfaction: by score, unit, topic, place and time.

Groups with few answers are hidden by the queries; what is hidden leads nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.applications.charts.declarations import lazy
from app.applications.models import (
    Satisfaction,
)
from app.applications.queries import satisfaction_figures as answers
from app.applications.rules import (
    ANSWER_METHOD_LABELS,
    SATISFACTION_GOAL,
    SCORE_LABELS,
    SOLVED_LABELS,
)
from app.applications.rules.groups import TOPIC_GROUP_LABELS
from app.core import clock
from app.core.charts import Axis, Chart, Row
from app.core.charts.privacy import SUPPRESSED
from app.core.views import BackOfficeChart, Choice, Dates, Pick
from app.core.views.page import ChartPanel

RATE = Axis(name="rate", title=_l("Satisfied (percent)"), kind="quantitative")
ANSWERS = Axis(name="count", title=_l("Answers"), kind="quantitative")
UNIT = Axis(name="unit", title=_l("Unit"), kind="nominal")
GROUP = Axis(name="group", title=_l("Topic group"), kind="nominal", labels=lazy(TOPIC_GROUP_LABELS))
TIMES = {
    "kept": _l("Answered in time"),
    "late": _l("Answered late"),
    "none": _l("Without a legal period"),
}


def month_args(month: dt.date) -> dict[str, str]:
    """Filters of the list of answers for one month."""
    return {"month_from": month.isoformat(), "month_to": month.isoformat()}


def shown(row: Row, **args: str) -> Mapping[str, str]:
    """The filters behind a mark; a hidden one leads nowhere."""
    return {} if row.get(SUPPRESSED) else args


def _rate_chart(
    key: str, title: Any, query: Any, base: Axis, drill: Any, *, most: int = 20, **more: Any
) -> Chart:
    return Chart(
        key=key,
        title=title,
        description=_l(
            "Answers of 4 and 5 in percent of all valid answers. Groups with too few answers are hidden, so that nobody can be recognised."
        ),
        mark="bar",
        x=RATE,
        y=base,
        measure_title=_l("Satisfied (percent)"),
        unit="percent",
        goal=SATISFACTION_GOAL,
        query=lambda s, p: query(s, p["narrow"]),
        drill=drill,
        max_categories=most,
        **more,
    )


class SatisfactionChart(BackOfficeChart):
    """How satisfied applicants are, by unit, topic, place and time."""

    route_base = "/satisfaction/charts"
    class_permission_name = "Satisfaction"
    label = _l("Satisfaction, charts")
    view_name = "SatisfactionView"
    list_args: Mapping[str, str] = {"tab": "answered"}
    filters = (
        Dates("month", _l("Month of the result"), Satisfaction.month),
        Pick(
            "unit", _l("Unit"), Satisfaction.unit_id, source="unit", condition=answers.is_below_unit
        ),
        Pick("topic", _l("Topic"), Satisfaction.topic_id, source="topic"),
        Pick("district", _l("District"), Satisfaction.district_id, source="district"),
        Choice("method", _l("By which way"), Satisfaction.method, labels=ANSWER_METHOD_LABELS),
    )
    charts_shown = (
        Chart(
            key="scores",
            title=_l("Answers by score"),
            description=_l("How satisfied applicants are with the result of their application."),
            mark="bar",
            x=ANSWERS,
            y=Axis(
                name="score", title=_l("How satisfied"), kind="ordinal", labels=lazy(SCORE_LABELS)
            ),
            measure_title=_l("Answers"),
            query=lambda s, p: answers.count_scores(s, p["narrow"]),
            drill=lambda row: shown(row, score=str(row["score"])),
        ),
        Chart(
            key="months",
            title=_l("Satisfied, month by month"),
            description=_l("By the month in which the application was answered."),
            mark="line",
            x=Axis(name="month", title=_l("Month"), kind="temporal", format="month"),
            y=Axis(name="rate", title=_l("Satisfied (percent)"), kind="quantitative", zero=False),
            measure_title=_l("Satisfied (percent)"),
            unit="percent",
            goal=SATISFACTION_GOAL,
            query=lambda s, p: answers.rate_by_month(s, p["narrow"]),
            drill=lambda row: shown(row, **month_args(row["month"])),
        ),
        _rate_chart(
            "units",
            _l("Satisfied, by unit"),
            answers.rate_by_unit,
            UNIT,
            lambda row: shown(row, unit=str(row["unit_id"])),
        ),
        _rate_chart(
            "groups",
            _l("Satisfied, by topic group"),
            answers.rate_by_topic_group,
            GROUP,
            None,
        ),
        _rate_chart(
            "topics",
            _l("Satisfied, by topic"),
            answers.rate_by_topic,
            Axis(name="topic", title=_l("Topic"), kind="nominal", short="code"),
            lambda row: shown(row, topic=str(row["topic_id"])) if row["topic_id"] else {},
            most=15,
        ),
        _rate_chart(
            "districts",
            _l("Satisfied, by district"),
            answers.rate_by_district,
            Axis(name="district", title=_l("District"), kind="nominal"),
            lambda row: shown(row, district=str(row["district_id"])) if row["district_id"] else {},
        ),
        _rate_chart(
            "times",
            _l("Satisfied, answered in time and late"),
            answers.rate_by_time,
            Axis(name="time", title=_l("Legal period"), kind="ordinal", labels=TIMES),
            lambda row: (
                shown(row, on_time={"kept": "1", "late": "0"}[row["time"]])
                if row["time"] != "none"
                else {}
            ),
        ),
        Chart(
            key="solved",
            title=_l("Is the matter solved, in the applicant’s own view?"),
            description=_l("Answers by whether the matter is solved and by score."),
            mark="stacked_bar",
            x=ANSWERS,
            y=Axis(name="solved", title=_l("Solved"), kind="ordinal", labels=lazy(SOLVED_LABELS)),
            color=Axis(
                name="score", title=_l("How satisfied"), kind="ordinal", labels=lazy(SCORE_LABELS)
            ),
            measure_title=_l("Answers"),
            query=lambda s, p: answers.count_solved(s, p["narrow"]),
            drill=lambda row: shown(row, solved=str(row["solved"]), score=str(row["score"])),
        ),
        Chart(
            key="response",
            title=_l("Answered links, month by month"),
            description=_l("How many of those who got a link answered, in percent."),
            mark="line",
            x=Axis(name="month", title=_l("Month"), kind="temporal", format="month"),
            y=Axis(name="rate", title=_l("Answered (percent)"), kind="quantitative"),
            measure_title=_l("Answered (percent)"),
            unit="percent",
            query=lambda s, p: answers.response_by_month(s, p["narrow"]),
            drill=lambda row: shown(row, tab="all", **month_args(row["month"])),
        ),
        Chart(
            key="methods",
            title=_l("Answers by way"),
            description=_l("By which way answers came."),
            mark="bar",
            x=ANSWERS,
            y=Axis(
                name="method",
                title=_l("By which way"),
                kind="nominal",
                labels=lazy(ANSWER_METHOD_LABELS),
            ),
            measure_title=_l("Answers"),
            query=lambda s, p: answers.count_methods(s, p["narrow"]),
            drill=lambda row: {"method": str(row["method"])},
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """Twelve months."""
        today = clock.today()
        months = today.year * 12 + today.month - 1 - 11
        return {"month_from": dt.date(months // 12, months % 12 + 1, 1).isoformat()}

    def panel(self, chart: Chart, args: MultiDict[str, str]) -> ChartPanel:
        """A chart with a hidden value says why it is hidden."""
        made = super().panel(chart, args)
        hidden = str(_("hidden"))
        if not any(cell.text == hidden for row in made.rows for cell in row):
            return made
        return replace(
            made,
            note=_(
                "“%(word)s”: fewer than %(n)s answers, or the neighbour of such a group; otherwise it could be found from the total (6698 art. 12).",
                word=hidden,
                n=answers.smallest_group(self.session),
            ),
        )
