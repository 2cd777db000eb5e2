"""The annual report of article 30 on a screen: every figure leads to the very cases behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications.queries import information as queries
from app.applications.queries.information.figures import COMPARED, GROUND_DECISIONS
from app.applications.rules import information as foi
from app.applications.rules.information import InformationFigure
from app.core import clock
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.text import format_datetime, format_number
from app.core.text.formats import MONTHS
from app.core.views import formats
from app.core.views.page import Button, Crumb

_FIRST_YEAR = foi.FIRST_DAY.year


@dataclass(frozen=True)
class Linked:
    """A figure as written and the list behind it; a figure of nought leads nowhere."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a table: its words and its figures."""

    label: str
    cells: Sequence[Linked]
    code: str = ""
    basis: str = ""


def behind(year: int, **filters: str) -> str:
    """The list of the cases that a figure of a year counts."""
    first, last = queries.year_span(year)
    span = {"received_from": first.isoformat(), "received_to": last.isoformat()}
    return url_for("InformationCaseView.list", **{"tab": "all", **span, **filters})  # type: ignore[arg-type]


def month_span(year: int, month: int) -> dict[str, str]:
    """Filters for one month of a year."""
    first = dt.date(year, month, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return {"received_from": first.isoformat(), "received_to": last.isoformat()}


class ReportPage:
    """The tables of one year; every figure is read once."""

    def __init__(self, session: Any, year: int) -> None:
        self.session, self.year = session, year
        self.today, self.lang = clock.today(), formats.language()
        self.counts = queries.count_figures(session, year, today=self.today)

    def linked(self, count: int, **filters: str) -> Linked:
        """A count with the list behind it."""
        text = format_number(count, lang=self.lang)
        return Linked(text, behind(self.year, **filters) if count else "")

    def figure(self, figure: InformationFigure) -> Linked:
        """A figure of the year."""
        if figure is InformationFigure.RECEIVED:
            return self.linked(self.counts[figure])
        return self.linked(self.counts[figure], figure=figure.value)

    def lines(self) -> list[Line]:
        """The lines of the form."""
        return [
            Line(line.text, [self.figure(line.figure)], line.code, line.basis)
            for line in queries.list_report_lines(self.session, self.year)
        ]

    def grounds(self) -> list[Line]:
        """Refusals by article, and those without one."""
        rows = [
            Line(
                row["title"],
                [
                    *(
                        self.linked(
                            row[d.value], ground=str(row["ground_id"]), figure=_FIGURE_OF[d.value]
                        )
                        for d in GROUND_DECISIONS
                    ),
                    self.linked(
                        row["total"],
                        ground=str(row["ground_id"]),
                        figure=[_FIGURE_OF[d.value] for d in GROUND_DECISIONS],  # type: ignore[arg-type]
                    ),
                ],
                row["code"],
            )
            for row in queries.count_grounds(self.session, self.year)
        ]
        without = self.counts[InformationFigure.NO_ARTICLE]
        if without:
            blank = [Linked("–")] * len(GROUND_DECISIONS)
            words = formats.translated(foi.FIGURE_LABELS[InformationFigure.NO_ARTICLE])
            rows.append(Line(words, [*blank, self.figure(InformationFigure.NO_ARTICLE)]))
        return rows

    def months(self) -> list[Line]:
        """What was received in each month and what came of it."""
        return [
            Line(
                MONTHS["tr" if self.lang == "tr" else "en"][row["month"] - 1],
                [self._compared(row, f, **month_span(self.year, row["month"])) for f in COMPARED],
            )
            for row in queries.list_month_figures(self.session, self.year, today=self.today)
        ]

    def units(self) -> list[Line]:
        """The same by lead unit, with the mean days to the answer."""
        lines = []
        for row in queries.list_unit_figures(self.session, self.year, today=self.today):
            where = {"unit": str(row["unit_id"])} if row["unit_id"] else {"unitless": "1"}
            cells = [self._compared(row, f, **where) for f in COMPARED]
            days = Linked(self.mean(row["days"]))
            lines.append(Line(row["unit"] or _("No unit yet"), [*cells, days]))
        return lines

    def _compared(self, row: Mapping[str, Any], figure: InformationFigure, **where: str) -> Linked:
        count = int(row[figure.value])
        if figure is not InformationFigure.RECEIVED:
            where["figure"] = figure.value
        return self.linked(count, **where)

    def mean(self, days: float | None) -> str:
        """Mean days with one decimal, so that nobody takes them for a count."""
        return "–" if days is None else format_number(days, decimals=1, lang=self.lang)

    def tiles(self) -> list[tuple[str, Linked, str]]:
        """The figures that lead: label, figure, hint."""
        f = InformationFigure
        days = queries.average_days(self.session, self.year)
        of_them = behind(self.year, figure=f.ANSWERED.value) if days is not None else ""
        answered = Linked(self.mean(days), of_them)
        return [
            (_("Requests received"), self.figure(f.RECEIVED), ""),
            (_("Access given"), self.figure(f.GRANTED), _("answered positively")),
            (_("Partly given"), self.figure(f.PARTIAL), ""),
            (_("Access refused"), self.figure(f.REFUSED), ""),
            (_("Days to the answer (mean)"), answered, _("calendar days from receipt")),
            (_("Past the legal date"), self.figure(f.LATE), ""),
        ]


_FIGURE_OF = {"refused": "refused", "partial": "partial", "published": "published"}


class InformationReportView(BaseView):
    """The report of a year with links, and the way to its PDF and Excel file."""

    route_base = "/information-report"
    default_view = "year"
    class_permission_name = "InformationCase"
    method_permission_name = {"year": "read"}
    previous_method_permission_name: dict[str, str] = {}

    @expose("/")
    @has_access
    def year(self) -> Any:
        """The tables of one year; without an argument the last one that is over."""
        today = clock.today()
        year = read_year(request.args.get("year", ""), today)
        page = ReportPage(db_session(), year)
        actor = current_actor()
        buttons = []
        if actor.may("write", "ReportRun"):
            buttons.append(
                Button(
                    _("PDF and Excel file"),
                    url_for("ReportRunView.new", key="information_year"),
                    "download",
                    primary=True,
                )
            )
        f = InformationFigure
        return self.render_template(
            "applications/information_report.html",
            title=_("Annual report on the right to information, %(year)s", year=year),
            crumbs=[
                Crumb(_("Information requests (4982)"), url_for("InformationCaseView.list")),
                Crumb(_("Annual report")),
            ],
            year=year,
            years=[(y, y == year) for y in range(today.year, max(_FIRST_YEAR, today.year - 9), -1)],
            buttons=buttons,
            tiles=page.tiles(),
            lines=page.lines(),
            grounds=page.grounds(),
            months=page.months(),
            units=page.units(),
            compared=[formats.translated(foi.FIGURE_HEADS[figure]) for figure in COMPARED],
            decisions=[formats.translated(foi.DECISION_LABELS[d]) for d in GROUND_DECISIONS],
            partition=[
                (formats.translated(foi.FIGURE_LABELS[figure]), page.figure(figure))
                for figure in foi.PARTITION
            ],
            total=page.figure(f.RECEIVED),
            is_whole=actor.may("restricted", "Application"),
            as_of=format_datetime(clock.now(), lang=page.lang),
        )


def read_year(text: str, today: dt.date) -> int:
    """A year of the law written in four digits, else the last one that is over."""
    if text.isascii() and text.isdigit() and _FIRST_YEAR <= int(text[:5]) <= today.year:
        return int(text)
    return today.year - 1
