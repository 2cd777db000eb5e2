"""The document of the period report: its figures, charts and tables; what may be chosen is not here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.applications.models import Application
from app.applications.queries import figures
from app.applications.queries.figures import Narrow
from app.applications.reports.parameters import Values, period_of
from app.applications.rules.vocabulary import KIND_LABELS, Channel
from app.core.charts import Chart, build_spec, data_table, suppress_small
from app.core.documents import (
    Figure,
    Figures,
    Paragraph,
    ReportDocument,
    TableSection,
)
from app.core.reports import Plot
from app.core.text import format_number, format_percent
from app.organisation.models import Unit
from app.system.queries import get_number

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.documents.report_parts import Section

#: How many topics the table names; the others are one line.
TOPICS_NAMED = 20
#: How many units the drawing shows, those with the most applications; the table has all.
UNITS_DRAWN = 15
_PAPER_WIDTH = 700


class PeriodReport:
    """Builds one document; every figure is read once, all of them as of the same moment."""

    def __init__(self, session: Session, values: Values, charts: Mapping[str, Chart]) -> None:
        self.session, self.values, self.charts = session, values, charts
        self.lang: str = values.get("lang", "tr")
        self.as_of: dt.datetime = values["as_of"]
        self.today = self.as_of.date()
        self.period = period_of(values)
        self.unit = session.get(Unit, values["unit"]) if values.get("unit") else None
        self.narrow = self.within(self.period.first, self.period.last)

    def within(self, first: dt.date, last: dt.date) -> Narrow:
        """Narrow to a span of days, and to the unit of the report."""
        span = figures.received_between(first, last)
        return lambda stmt: self.of_unit(span(stmt))

    def of_unit(self, stmt: Any) -> Any:
        """Narrow to the unit of the report, if it has one."""
        if self.unit is None:
            return stmt
        return stmt.where(figures.in_unit(self.session, self.unit.id))

    def document(self) -> ReportDocument:
        """The whole report; its charts are specifications still."""
        self.main = figures.find_main_figures(self.session, self.narrow, today=self.today)
        self.duration = figures.find_duration(self.session, self.narrow)
        sections: list[Section] = [
            self.lead(),
            Paragraph(self.summary()),
            self.plot("month_channel", self.within(self.year_back(), self.period.last),
                      note=_("The twelve months up to the end of the period.")),
            self.plot("channels"),
            self.plot("kinds"),
            self.topics(),
            self.topic_table(),
            *self.units(),
            self.plot("districts"),
            self.plot("weekday_hour", with_table=False),
            self.plot("outcomes"),
            self.plot("ageing", self.of_unit, note=_("All open cases, whenever they were received.")),
            *self.cimer(),
            Paragraph(self.method(), _("How the figures were made")),
        ]  # fmt: skip
        return ReportDocument(
            _("Application period report"),
            self.as_of,
            sections,
            subtitle=_("Public Relations Branch Directorate"),
            period=self.period.name(self.lang),
            unit=self.unit.name if self.unit is not None else _("The whole municipality"),
            lang=self.lang,
            landscape=False,
        )

    def year_back(self) -> dt.date:
        """The first day of the twelve months that end with the period."""
        last = self.period.last
        months = last.year * 12 + last.month - 12
        return dt.date(months // 12, months % 12 + 1, 1)

    # --- figures that lead ---
    def lead(self) -> Figures:
        """The main figures, each with the period before it."""
        before = self.period.previous
        narrow = self.within(before.first, before.last)
        old = figures.find_main_figures(self.session, narrow, today=self.today)
        old_duration = figures.find_duration(self.session, narrow)
        name = before.name(self.lang)

        def count(key: str, label: str) -> Figure:
            return Figure(label, self.main[key], self.compared(name, self.main[key], old[key]))

        rate, median = self.main["rate"], self.duration["median"]
        return Figures(
            (
                count("received", _("Applications received")),
                count("answered", _("Applications answered")),
                Figure(
                    _("Answered in time"),
                    rate,
                    self.beside(name, old["rate"], percent=True),
                    "percent",
                ),
                Figure(
                    _("Days to the answer (median)"),
                    median,
                    self.beside(name, old_duration["median"]),
                ),
                Figure(_("Still open"), self.main["open"], _("of those received in the period")),
                Figure(
                    _("Past the legal date"), self.main["overdue"], _("open, as of this report")
                ),
                count("extended", _("Period extended")),
                count("reopened", _("Reopened")),
            ),
            _("Main figures"),
        )

    def compared(self, name: str, value: int, old: int) -> str:
        """The count of the period before and the change in percent."""
        text = f"{name}: {format_number(old, lang=self.lang)}"
        if not old:
            return text
        change = 100 * (value - old) / old
        sign = "▲" if change > 0 else "▼" if change < 0 else "="
        return f"{text} ({sign} {format_percent(abs(change), decimals=1, lang=self.lang)})"

    def beside(self, name: str, old: float | None, *, percent: bool = False) -> str:
        """The figure of the period before, without a change: shares are not compared in percent."""
        if old is None:
            return f"{name}: –"
        text = (
            format_percent(old, lang=self.lang) if percent else format_number(old, lang=self.lang)
        )
        return f"{name}: {text}"

    def summary(self) -> str:
        """The period in two sentences."""
        if not self.main["received"]:
            return str(_("No application was received in this period."))
        text: str = _(
            "In the period %(period)s, %(received)s applications were received; %(answered)s of them "
            "have been answered.",
            period=self.period.name(self.lang),
            received=format_number(self.main["received"], lang=self.lang),
            answered=format_number(self.main["answered"], lang=self.lang),
        )
        if self.main["rate"] is None:
            return text
        rate = _(
            "%(rate)s of the answers with a legal period came in time; half of all answers came within "
            "%(median)s days.",
            rate=format_percent(self.main["rate"], lang=self.lang),
            median=format_number(self.duration["median"], lang=self.lang),
        )
        return f"{text} {rate}"

    # --- charts ---
    def plot(
        self,
        key: str,
        narrow: Callable[..., Any] | None = None,
        *,
        note: str = "",
        with_table: bool = True,
    ) -> Plot:
        """A chart of the room over the period, with its table."""
        chart = self.charts[key]
        rows = chart.query(self.session, self.params(narrow))
        return self.drawn(chart, rows, note=note, with_table=with_table)

    def params(self, narrow: Callable[..., Any] | None) -> dict[str, Any]:
        """What the query of a chart gets; the same as on the screen."""
        return {"narrow": narrow or self.narrow, "today": self.today, "lang": self.lang, "args": {}}

    def drawn(self, chart: Chart, rows: Sequence[Any], *, note: str, with_table: bool) -> Plot:
        """The specification for paper and the table of the same rows."""
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

    # --- topics ---
    def topics(self) -> Plot:
        """The Pareto of topics; its table has the names and stands below."""
        return self.plot("topic_pareto", with_table=False)

    def topic_table(self) -> TableSection:
        """The most frequent topics with their shares; the rest is one line."""
        rows = figures.count_by_topic(self.session, self.narrow)
        total = sum(row["count"] for row in rows)
        known = [row for row in rows if row["topic_id"] is not None]
        lines: list[list[Any]] = [
            [row["topic"], row["count"], _share(row["count"], total)]
            for row in known[:TOPICS_NAMED]
        ]
        rest = sum(row["count"] for row in known[TOPICS_NAMED:])
        if rest:
            lines.append([_("Other"), rest, _share(rest, total)])
        missing = sum(row["count"] for row in rows if row["topic_id"] is None)
        if missing:
            lines.append([_("Not stated"), missing, _share(missing, total)])
        return TableSection(
            _("Topics"),
            (_("Topic"), _("Applications"), _("Share")),
            lines,
            ("left", "right", "right"),
            [_("Total"), total, 100 if total else None],
            formats=("text", "number", "percent"),
        )

    # --- units ---
    def units(self) -> list[Section]:
        """Units: answers in time as a chart, everything else as a table."""
        rows = figures.list_unit_figures(self.session, self.narrow, today=self.today)
        days = {
            row["unit_id"]: row["median"]
            for row in figures.list_unit_durations(self.session, self.narrow)
        }
        chart = self.charts["on_time_units"]
        rated = [row for row in rows if row["rate"] is not None][:UNITS_DRAWN]
        table = TableSection(
            _("Units"),
            (
                _("Unit"), _("Applications received"), _("Applications answered"), _("In time (percent)"),
                _("Days to the answer (median)"), _("Still open"), _("Past the legal date"),
            ),
            [
                [r["unit"], r["received"], r["answered"], r["rate"], days.get(r["unit_id"]), r["open"], r["overdue"]]
                for r in rows
            ],
            ("left", *["right"] * 6),  # type: ignore[arg-type]
            None,
            _("A case counts for the department or affiliate of its lead unit; cases without a lead unit are left out."),
            ("text", "number", "number", "percent", "number", "number", "number"),
        )  # fmt: skip
        return [self.drawn(chart, rated, note="", with_table=False), table]

    # --- CİMER ---
    def cimer(self) -> list[Section]:
        """What came through CİMER."""

        def narrow(stmt: Any) -> Any:
            return self.narrow(stmt).where(Application.channel == Channel.CIMER)

        main = figures.find_main_figures(self.session, narrow, today=self.today)
        duration = figures.find_duration(self.session, narrow)
        kinds = figures.count_by(self.session, Application.kind, "kind", narrow)
        kinds.sort(key=lambda row: -row["count"])
        # The report is read by people who may not see these cases, so its small groups stay hidden.
        hidden = suppress_small(
            kinds, get_number(self.session, "statistics_minimum"), count="count"
        )
        return [
            Figures(
                (
                    Figure(_("Applications received"), main["received"]),
                    Figure(_("Applications answered"), main["answered"]),
                    Figure(_("Answered in time"), main["rate"], "", "percent"),
                    Figure(_("Days to the answer (median)"), duration["median"]),
                ),
                _("CİMER"),
            ),
            TableSection(
                _("CİMER by kind"),
                (_("Kind"), _("Applications"), _("Share")),
                [
                    [_(KIND_LABELS[row["kind"]]), _("hidden"), None]
                    if row["count"] is None
                    else [
                        _(KIND_LABELS[row["kind"]]),
                        row["count"],
                        _share(row["count"], main["received"]),
                    ]
                    for row in hidden
                ],
                ("left", "right", "right"),
                formats=("text", "number", "percent"),
            ),
        ]

    def method(self) -> str:
        """Where the figures come from and how they are counted."""
        parts = [
            _(
                "Counted are applications by the moment they reached us, in local time; open and overdue cases as of the moment of the report."
            ),
            _(
                "In time means: answered on or before the last legal day (3071 art. 7, 4982 art. 11), counted among the answered cases that have a legal period."
            ),
            _(
                "Days to the answer are calendar days from receipt to the answer; the median is the value that half of the answers stay below."
            ),
            _(
                "The period before is counted in the same way and as of the same moment, so its cases have had more time to be answered."
            ),
        ]
        if not self.values.get("full", True):
            parts.append(
                _(
                    "Restricted CİMER cases are not included, because the person who ordered the report may not see them."
                )
            )
        return "\n\n".join(parts)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
