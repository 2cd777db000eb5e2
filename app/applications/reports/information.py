"""The annual report of article 30 as PDF and Excel file, for the Information Review Board.

Its figures are those of the screen; which lines it has is data. Source: 4982 m.30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.queries import information as queries
from app.applications.queries.information.figures import COMPARED, GROUND_DECISIONS
from app.applications.rules import information as foi
from app.applications.rules.information import InformationFigure
from app.core.charts import Chart, build_spec
from app.core.documents import Figure, Figures, Paragraph, ReportDocument, TableSection
from app.core.reports import Parameter, ParameterKind, Plot, Report
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_date
from app.core.text.formats import MONTHS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.documents.report_parts import Section

Values = Mapping[str, Any]

_F = InformationFigure
_PAPER_WIDTH = 700
_LAST_YEAR = 2100


def settle_year(values: Values, today: dt.date) -> dict[str, Any]:
    """Refuse a year that has not begun."""
    if values["year"] > today.year:
        raise RuleViolation(Violation("year", N_("This year has not begun yet.")))
    return dict(values)


PARAMETERS = (
    Parameter(
        name="year",
        label=_l("Year"),
        kind=ParameterKind.NUMBER,
        low=foi.FIRST_DAY.year,
        high=_LAST_YEAR,
        help=_l("The year in which the requests were received; the report is due in February."),
        default=lambda today: today.year - 1,
    ),
)


def information_year(charts: Sequence[Chart]) -> Report:
    """The annual report over the room's charts; the manifest hands them in."""
    by_key = {chart.key: chart for chart in charts}

    def title_of(values: Values, lang: str) -> str:
        return f"{_('Annual report on the right to information')}, {values['year']}"

    return Report(
        key="information_year",
        title=_l("Annual report on the right to information"),
        description=_l(
            "4982 art. 30: requests, access, refusals by article, appeals; by month and unit."
        ),
        group=_l("Right to information"),
        resource="InformationCase",
        parameters=PARAMETERS,
        settle=settle_year,
        title_of=title_of,
        build=lambda session, values: YearReport(session, values, by_key).document(),
    )


class YearReport:
    """Builds one document; every figure is read once, all of them as of the same moment."""

    def __init__(self, session: Session, values: Values, charts: Mapping[str, Chart]) -> None:
        self.session, self.values, self.charts = session, values, charts
        self.lang: str = values.get("lang", "tr")
        self.year: int = values["year"]
        self.as_of: dt.datetime = values["as_of"]
        self.today = self.as_of.date()
        self.counts = queries.count_figures(session, self.year, today=self.today)

    def document(self) -> ReportDocument:
        """The whole report; its charts are specifications still."""
        sections: list[Section] = [
            self.lead(),
            self.lines(),
            self.together(),
            self.grounds(),
            self.plot("grounds"),
            self.months(),
            self.plot("decisions"),
            self.units(),
            Paragraph(self.method(), _("How the figures were made")),
        ]
        return ReportDocument(
            _("Annual report on the right to information"),
            self.as_of,
            sections,
            subtitle=_("Right to Information Act (law 4982), article 30"),
            period=str(self.year),
            unit=_("The whole municipality"),
            lang=self.lang,
            landscape=False,
        )

    def lead(self) -> Figures:
        """The figures that lead."""
        days = queries.average_days(self.session, self.year)
        n = self.counts
        return Figures(
            (
                Figure(_("Requests received"), n[_F.RECEIVED]),
                Figure(_("Access given"), n[_F.GRANTED]),
                Figure(_("Partly given"), n[_F.PARTIAL]),
                Figure(_("Access refused"), n[_F.REFUSED]),
                Figure(_("Taken to the Board"), n[_F.APPEALED]),
                Figure(_("Still open"), n[_F.PENDING]),
                Figure(_("Past the legal date"), n[_F.LATE]),
                Figure(_("Days to the answer (mean)"), days),
            ),
            _("Main figures"),
        )

    def lines(self) -> TableSection:
        """The lines of the form for this year."""
        return TableSection(
            _("Lines of the report"),
            (_("Line no"), _("Line"), _("Basis"), _("Number")),
            [
                [line.code, line.text, line.basis, self.counts[line.figure]]
                for line in queries.list_report_lines(self.session, self.year)
            ],
            ("left", "left", "left", "right"),
            formats=("text", "text", "text", "number"),
        )

    def together(self) -> TableSection:
        """That nothing is missing and nothing counted twice."""
        return TableSection(
            _("All requests of the year"),
            (_("What came of them"), _("Number")),
            [[_(foi.FIGURE_LABELS[f]), self.counts[f]] for f in foi.PARTITION],
            ("left", "right"),
            [_("Total"), self.counts[_F.RECEIVED]],
        )

    def grounds(self) -> TableSection:
        """Refusals by article (30/c)."""
        rows: list[list[Any]] = [
            [row["code"], row["title"], *(row[d.value] for d in GROUND_DECISIONS), row["total"]]
            for row in queries.count_grounds(self.session, self.year)
        ]
        if without := self.counts[_F.NO_ARTICLE]:
            blank = [None] * len(GROUND_DECISIONS)
            rows.append(["–", _(foi.FIGURE_LABELS[_F.NO_ARTICLE]), *blank, without])
        return TableSection(
            _("Refusals by article"),
            (
                _("Article"),
                _("Heading"),
                *(_(foi.DECISION_LABELS[d]) for d in GROUND_DECISIONS),
                _("Total"),
            ),
            rows,
            ("left", "left", "right", "right", "right", "right"),
            note=_("A request that names two articles stands in both lines."),
        )

    def months(self) -> TableSection:
        """By month of receipt."""
        names = MONTHS["tr" if self.lang == "tr" else "en"]
        rows = queries.list_month_figures(self.session, self.year, today=self.today)
        return TableSection(
            _("By month of receipt"),
            (_("Month"), *(_(foi.FIGURE_HEADS[f]) for f in COMPARED)),
            [[names[row["month"] - 1], *(row[f.value] for f in COMPARED)] for row in rows],
            ("left", *["right"] * len(COMPARED)),  # type: ignore[arg-type]
            [_("Total"), *(sum(row[f.value] for row in rows) for f in COMPARED)],
        )

    def units(self) -> TableSection:
        """By lead unit, with the mean days to the answer."""
        rows = queries.list_unit_figures(self.session, self.year, today=self.today)
        return TableSection(
            _("By lead unit"),
            (
                _("Unit"),
                *(_(foi.FIGURE_HEADS[f]) for f in COMPARED),
                _("Days (mean)"),
            ),
            [
                [row["unit"] or _("No unit yet"), *(row[f.value] for f in COMPARED), row["days"]]
                for row in rows
            ],
            ("left", *["right"] * (len(COMPARED) + 1)),  # type: ignore[arg-type]
        )

    def plot(self, key: str) -> Plot:
        """A chart of the room over the year; its figures stand in the table beside it."""
        chart = self.charts[key]
        rows = chart.query(
            self.session,
            {
                "narrow": lambda stmt: stmt.where(queries.is_in_year(self.year)),
                "today": self.today,
                "lang": self.lang,
                "args": {},
            },
        )
        lang: Any = "en" if self.lang == "en" else "tr"
        spec = build_spec(
            chart, rows, theme="print", lang=lang, width=_PAPER_WIDTH, as_of=self.as_of
        )
        return Plot(str(chart.title), description=str(chart.description), spec=spec)

    def method(self) -> str:
        """Where the figures come from and how they are counted."""
        parts = [
            _(
                "Counted are the information requests received from %(first)s to %(last)s, with what they came to until the moment of the report.",
                first=format_date(queries.year_span(self.year)[0], lang=self.lang),
                last=format_date(queries.year_span(self.year)[1], lang=self.lang),
            ),
            _(
                "A decision counts from the day its letter left. Partly given requests of which secret parts were removed or separated stand in their own line as well."
            ),
            _(
                "Appeals are counted by the request they concern; one request is counted once in each line."
            ),
            _(
                "Days to the answer are calendar days from receipt to the answer of the requests that have one."
            ),
        ]
        if not self.values.get("full", True):
            parts.append(
                _(
                    "Restricted CİMER cases are not included, because the person who ordered the report may not see them."
                )
            )
        return "\n\n".join(parts)
