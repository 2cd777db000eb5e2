"""The visitor report of a period: its figures, charts and tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.queries.figures import Narrow
from app.applications.reports import period_of, settle_period
from app.applications.reports.parameters import PARAMETERS
from app.core.charts import Chart, build_spec, data_table
from app.core.documents import Figure, Figures, Paragraph, ReportDocument, TableSection
from app.core.reports import Plot, Report
from app.core.text import format_number, format_percent
from app.frontdesk.queries import visits as queries
from app.frontdesk.queries import visits_figures
from app.frontdesk.rules.visits import SHORT_WAIT
from app.organisation.models import Unit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.documents.report_parts import Section

Values = Mapping[str, Any]

_PAPER_WIDTH = 700


def _own_parameters() -> tuple[Any, ...]:
    """Those of the period; the unit is told in the words of a visit."""
    help_text = _l("Only visits to this unit and to those below it; empty: the whole house.")
    return tuple(replace(p, help=help_text) if p.name == "unit" else p for p in PARAMETERS)


class VisitReport:
    """Builds one document; every figure is read once, all of them as of the same moment."""

    def __init__(self, session: Session, values: Values, charts: Mapping[str, Chart]) -> None:
        self.session, self.values, self.charts = session, values, charts
        self.lang: str = values.get("lang", "tr")
        self.as_of: dt.datetime = values["as_of"]
        self.period = period_of(values)
        self.unit = session.get(Unit, values["unit"]) if values.get("unit") else None
        self.narrow = self.within(self.period.first, self.period.last)

    def within(self, first: dt.date, last: dt.date) -> Narrow:
        """Narrow to a span of days, and to the unit of the report."""
        span = queries.is_between(first, last)

        def narrow(stmt: Any) -> Any:
            if self.unit is None:
                return span(stmt)
            return span(stmt).where(queries.is_for_unit(self.session, self.unit.id))

        return narrow

    def document(self) -> ReportDocument:
        """The whole report; its charts are specifications still."""
        self.main = visits_figures.find_main_figures(self.session, self.narrow)
        self.wait = visits_figures.find_wait(self.session, self.narrow)
        last = self.period.last
        months = last.year * 12 + last.month - 12
        year = self.within(dt.date(months // 12, months % 12 + 1, 1), last)
        sections: list[Section] = [
            self.lead(),
            Paragraph(self.summary()),
            self.plot(
                "visit_months", year, note=_("The twelve months up to the end of the period.")
            ),
            self.plot("visit_days", with_table=False),
            self.plot("visit_hours", with_table=False),
            self.plot("visit_reasons"),
            self.plot("visit_units"),
            self.plot("visit_points"),
            self.plot("visit_bands"),
            self.waits(),
            self.plot("visit_needs"),
            self.plot("visit_results"),
            Paragraph(self.method(), _("How the figures were made")),
        ]
        return ReportDocument(
            _("Visitor report"),
            self.as_of,
            sections,
            subtitle=_("Public Relations Branch Directorate"),
            period=self.period.name(self.lang),
            unit=self.unit.name if self.unit is not None else _("The whole municipality"),
            lang=self.lang,
            landscape=False,
        )

    # --- figures that lead ---
    def lead(self) -> Figures:
        """The main figures, each with the period before it."""
        before = self.period.previous
        narrow = self.within(before.first, before.last)
        old = visits_figures.find_main_figures(self.session, narrow)
        old_wait = visits_figures.find_wait(self.session, narrow)
        name = before.name(self.lang)

        def count(key: str, label: str) -> Figure:
            text = f"{name}: {format_number(old[key], lang=self.lang)}"
            return Figure(label, self.main[key], text)

        def minutes(key: str, label: str) -> Figure:
            told = "–" if old_wait[key] is None else format_number(old_wait[key], lang=self.lang)
            return Figure(label, self.wait[key], f"{name}: {told}")

        short = old_wait["short"]
        return Figures(
            (
                count("people", _("Visitors")),
                count("entries", _("Visits logged")),
                count("groups", _("Groups of five or more")),
                count("appointments", _("With an appointment")),
                minutes("median", _("Waiting time in minutes (median)")),
                minutes("p90", _("Nine of ten waited less (minutes)")),
                Figure(
                    _("Received within %(n)s minutes", n=SHORT_WAIT),
                    self.wait["short"],
                    f"{name}: {'–' if short is None else format_percent(short, lang=self.lang)}",
                    "percent",
                ),
                count("accompanied", _("Accompanied visits")),
            ),
            _("Main figures"),
        )

    def summary(self) -> str:
        """The period in two sentences."""
        if not self.main["entries"]:
            return str(_("No visit was logged in this period."))
        text: str = _(
            "In the period %(period)s, %(people)s visitors came in %(entries)s visits; help was needed at "
            "%(helped)s of them.",
            period=self.period.name(self.lang),
            people=format_number(self.main["people"], lang=self.lang),
            entries=format_number(self.main["entries"], lang=self.lang),
            helped=format_number(self.main["helped"], lang=self.lang),
        )
        if self.wait["median"] is None:
            return text
        wait: str = _(
            "Half of those received waited at most %(median)s minutes, nine of ten at most %(p90)s.",
            median=format_number(self.wait["median"], lang=self.lang),
            p90=format_number(self.wait["p90"], lang=self.lang),
        )
        return f"{text} {wait}"

    # --- charts and tables ---
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

    def waits(self) -> TableSection:
        """Waiting time of each service point."""
        rows: Sequence[Mapping[str, Any]] = visits_figures.list_waits(
            self.session, self.narrow, limit=40
        )
        return TableSection(
            _("Waiting time by service point"),
            (
                _("Service point"),
                _("Visits received"),
                _("Minutes (median)"),
                _("Nine of ten waited less (minutes)"),
            ),
            [[r["point"], r["count"], r["median"], r["p90"]] for r in rows],
            ("left", "right", "right", "right"),
            formats=("text", "number", "number", "number"),
        )

    def method(self) -> str:
        """Where the figures come from and how they are counted."""
        return "\n\n".join(
            (
                _(
                    "Counted are the visits that reception has logged; a group counts with its people."
                ),
                _(
                    "Waiting time runs from coming to the beginning of the conversation; visits that nobody "
                    "has marked as received are left out of it."
                ),
                _("No name is needed for a visit, and none stands in this report (6698 art. 4)."),
            )
        )


def visit_period(charts: Sequence[Chart]) -> Report:
    """The visitor report over the room's charts; the manifest hands them in."""
    by_key = {chart.key: chart for chart in charts}

    def title_of(values: Values, lang: str) -> str:
        return f"{_('Visitor report')}, {period_of(values).name(lang)}"

    return Report(
        key="visit_period",
        title=_l("Visitor report"),
        description=_l(
            "Visitors by hour, unit and reason; waiting time, accompaniment, with the period before."
        ),
        group=_l("Calls and reception"),
        resource="Visit",
        parameters=_own_parameters(),
        settle=settle_period,
        title_of=title_of,
        build=lambda session, values: VisitReport(session, values, by_key).document(),
    )
