"""The call report of a period: service level, abandoned calls, times, operators, hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.queries.figures import Narrow, day_start
from app.applications.reports import period_of, settle_period
from app.applications.reports.parameters import PARAMETERS
from app.core.charts import Chart, build_spec, data_table
from app.core.documents import Figure, Figures, Paragraph, ReportDocument, TableSection
from app.core.reports import Plot, Report
from app.core.text import format_number, format_percent
from app.frontdesk.queries import calls_figures as figures
from app.frontdesk.queries.shifts import staffed_seconds
from app.frontdesk.rules.calls_figures import Counts, agents_needed, occupancy
from app.system.queries import get_number

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.documents.report_parts import Section

Values = Mapping[str, Any]

_PAPER_WIDTH = 700


class CallReport:
    """Builds one document; every figure is read once, all of them as of the same moment."""

    def __init__(self, session: Session, values: Values, charts: Mapping[str, Chart]) -> None:
        self.session, self.charts = session, charts
        self.lang: str = values.get("lang", "tr")
        self.as_of: dt.datetime = values["as_of"]
        self.period = period_of(values)
        self.narrow = figures.started_between(self.period.first, self.period.last)
        self.within = get_number(session, "call_answer_seconds")
        self.goal = get_number(session, "call_goal_percent")
        self.short = get_number(session, "call_short_abandon_seconds")

    def document(self) -> ReportDocument:
        """The whole report; its charts are specifications still."""
        self.main = figures.find_counts(self.session, self.narrow)
        last = self.period.last
        months = last.year * 12 + last.month - 12
        year = figures.started_between(dt.date(months // 12, months % 12 + 1, 1), last)
        sections: list[Section] = [
            self.lead(),
            Paragraph(self.summary()),
            self.plot("level", with_table=False),
            self.plot("days", with_table=False),
            self.plot("weekday_hour", with_table=False),
            self.half_hours(),
            self.plot("results"),
            self.plot("shares", year, note=_("The twelve months up to the end of the period.")),
            self.operators(),
            Paragraph(self.method(), _("How the figures were made")),
        ]
        return ReportDocument(
            _("Call centre report"),
            self.as_of,
            sections,
            subtitle=_("Public Relations Branch Directorate"),
            period=self.period.name(self.lang),
            unit=_("The whole municipality"),
            lang=self.lang,
            landscape=False,
        )

    # --- figures that lead ---
    def lead(self) -> Figures:
        """The main figures, each with the period before it."""
        before = self.period.previous
        old = figures.find_counts(self.session, figures.started_between(before.first, before.last))
        name, main = before.name(self.lang), self.main

        def count(label: str, read: Callable[[Counts], int]) -> Figure:
            return Figure(label, read(main), f"{name}: {self.number(read(old))}")

        def rate(label: str, read: Callable[[Counts], float | None]) -> Figure:
            return Figure(label, read(main), f"{name}: {self.percent(read(old))}", "percent")

        def seconds(label: str, read: Callable[[Counts], float | None]) -> Figure:
            return Figure(label, read(main), f"{name}: {self.number(read(old))}")

        return Figures(
            (
                count(_("Calls offered"), lambda c: c.offered),
                count(_("Calls answered"), lambda c: c.answered),
                rate(_("Answered within %(n)s seconds", n=self.within), lambda c: c.service_level),
                rate(_("Abandon rate"), lambda c: c.abandon_rate),
                seconds(_("Seconds to the answer (mean)"), lambda c: c.asa),
                seconds(_("Seconds a call takes (mean)"), lambda c: c.aht),
                rate(_("Settled at first contact"), lambda c: c.fcr),
                rate(_("Became an application"), lambda c: c.case_share),
            ),
            _("Main figures"),
        )

    def number(self, value: float | None) -> str:
        """A number as it is written here, a dash for nothing."""
        return "–" if value is None else format_number(value, lang=self.lang)

    def percent(self, value: float | None) -> str:
        """A share as it is written here, a dash for nothing."""
        return "–" if value is None else format_percent(value, lang=self.lang)

    def summary(self) -> str:
        """The period in two sentences."""
        main = self.main
        if not main.offered:
            return str(_("No call reached the queue in this period."))
        text: str = _(
            "In the period %(period)s, %(offered)s calls reached the queue and %(answered)s of them were "
            "answered.",
            period=self.period.name(self.lang),
            offered=self.number(main.offered),
            answered=self.number(main.answered),
        )
        level: str = _(
            "%(level)s were answered within %(seconds)s seconds; the goal is %(goal)s.",
            level=self.percent(main.service_level),
            seconds=self.within,
            goal=self.percent(self.goal),
        )
        return f"{text} {level}"

    # --- charts and tables ---
    def plot(
        self, key: str, narrow: Narrow | None = None, *, note: str = "", with_table: bool = True
    ) -> Plot:
        """A chart of the room over the period, with its table."""
        chart = self.charts[key]
        if key == "level":
            chart = replace(chart, goal=float(self.goal))
        params = {
            "narrow": narrow or self.narrow,
            "today": self.as_of.date(),
            "lang": self.lang,
            "args": {},
        }
        rows = chart.query(self.session, params)
        lang: Any = "en" if self.lang == "en" else "tr"
        spec = build_spec(
            chart, rows, theme="print", lang=lang, width=_PAPER_WIDTH, as_of=self.as_of
        )
        table = None
        if with_table:
            made = data_table(chart, rows, lang=lang, as_of=self.as_of)
            unit: Any = "percent" if chart.unit == "percent" else "number"
            table = TableSection.from_chart(str(chart.title), made, unit=unit, note=note)
        return Plot(str(chart.title), table=table, description=str(chart.description), spec=spec)

    def half_hours(self) -> TableSection:
        """Each half hour of the day: load, level, and how many operators it needs by Erlang C."""
        days = (self.period.last - self.period.first).days + 1
        rows = []
        for half, counts in figures.list_half_hours(self.session, self.narrow):
            mean = counts.offered / days
            needed = agents_needed(mean, counts.aht or 0, within=self.within, goal=self.goal)
            rows.append(
                [
                    f"{half // 2:02}.{30 * (half % 2):02}", round(mean, 1), counts.offered,
                    counts.service_level, counts.abandon_rate, counts.aht, needed,
                ]
            )  # fmt: skip
        return TableSection(
            _("Calls by half hour"),
            (
                _("Half hour"),
                _("Calls on a day (mean)"),
                _("Calls offered"),
                _("Within the set seconds (percent)"),
                _("Abandon rate (percent)"),
                _("Seconds a call takes (mean)"),
                _("Operators needed"),
            ),
            rows,
            ("left", "right", "right", "right", "right", "right", "right"),
            None,
            _(
                "Operators needed: the fewest that keep the goal by Erlang C, for the mean day of the period."
            ),
            ("text", "number", "number", "percent", "percent", "number", "number"),
        )

    def operators(self) -> TableSection:
        """Each operator: calls, times, first contact, and the share of the shift that was spent on calls."""
        end = min(day_start(self.period.last + dt.timedelta(days=1)), self.as_of)
        staffed = staffed_seconds(self.session, day_start(self.period.first), end)
        rows = [
            [
                name, c.answered, c.asa, c.aht, c.fcr, c.case_share,
                occupancy(c.handled, staffed.get(pk, 0)),
            ]
            for pk, name, c in figures.list_operators(self.session, self.narrow)
        ]  # fmt: skip
        return TableSection(
            _("Operators"),
            (
                _("Operator"),
                _("Calls answered"),
                _("Seconds to the answer (mean)"),
                _("Seconds a call takes (mean)"),
                _("First contact (percent)"),
                _("Applications (percent)"),
                _("Occupancy (percent)"),
            ),
            rows,
            ("left", *["right"] * 6),  # type: ignore[arg-type]
            None,
            _("Occupancy is the share of the planned shifts that was spent on calls."),
            ("text", "number", "number", "number", "percent", "percent", "percent"),
        )

    def method(self) -> str:
        """Where the figures come from and how they are counted."""
        return "\n\n".join(
            (
                _(
                    "Counted are incoming calls by the moment at which they began, in local time. A call that "
                    "found the line busy never reached the queue and is not offered."
                ),
                _(
                    "Service level: calls answered within %(within)s seconds, divided by the calls offered "
                    "without those that were given up in less than %(short)s seconds; the abandon rate leaves "
                    "these out as well.",
                    within=self.within,
                    short=self.short,
                ),
                _(
                    "First contact counts calls of which the operator said whether the matter was settled; wrong "
                    "numbers and nuisance calls are left out."
                ),
            )
        )


def call_period(charts: Sequence[Chart]) -> Report:
    """The call report over the room's charts; the manifest hands them in."""
    by_key = {chart.key: chart for chart in charts}

    def title_of(values: Values, lang: str) -> str:
        return f"{_('Call centre report')}, {period_of(values).name(lang)}"

    return Report(
        key="call_period",
        title=_l("Call centre report"),
        description=_l(
            "Service level, abandoned calls, times, first contact; by half hour and operator, with the "
            "period before."
        ),
        group=_l("Calls and reception"),
        resource="Call",
        parameters=tuple(one for one in PARAMETERS if one.name != "unit"),
        settle=settle_period,
        title_of=title_of,
        build=lambda session, values: CallReport(session, values, by_key).document(),
    )
