"""The monthly report of CİMER: what came, how it was answered, what was sent again, what did not agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.applications.models import Application, CimerExchange, Reconciliation
from app.applications.queries import cimer, figures
from app.applications.reports.document import PeriodReport
from app.applications.reports.parameters import Values, period_of, settle_period
from app.applications.rules import (
    EXCHANGE_KIND_LABELS,
    RESEND_REASON_LABELS,
    Channel,
    ExchangeKind,
)
from app.applications.rules.cimer import CIMER_KIND_LABELS
from app.applications.rules.vocabulary import KIND_LABELS
from app.core.charts import Chart
from app.core.documents import Figure, Figures, Paragraph, ReportDocument, TableSection
from app.core.reports import Parameter, ParameterKind, PeriodKind, Report, last_finished
from app.core.reports.periods import FIRST_YEAR
from app.core.text import format_date

if TYPE_CHECKING:
    from app.core.documents.report_parts import Section

_LAST_YEAR = 2100

PARAMETERS = (
    Parameter(
        name="year",
        label=_l("Year"),
        kind=ParameterKind.NUMBER,
        required=False,
        low=FIRST_YEAR,
        high=_LAST_YEAR,
        default=lambda today: last_finished(PeriodKind.MONTH, today).year,
    ),
    Parameter(
        name="number",
        label=_l("Month"),
        kind=ParameterKind.NUMBER,
        required=False,
        low=1,
        high=12,
        default=lambda today: last_finished(PeriodKind.MONTH, today).number,
    ),
)


def settle_month(values: Values, today: dt.date) -> dict[str, Any]:
    """Complete the month; the last finished one when none is given."""
    settled = settle_period({**values, "period": PeriodKind.MONTH.value}, today)
    return {"year": settled["year"], "number": settled["number"]}


def _with_period(values: Values) -> dict[str, Any]:
    return {**values, "period": PeriodKind.MONTH.value}


def cimer_month(charts: Sequence[Chart]) -> Report:
    """The monthly report over the charts of CİMER; the manifest hands them in."""
    by_key = {chart.key: chart for chart in charts}

    def title_of(values: Values, lang: str) -> str:
        return f"{_('CİMER monthly report')}, {period_of(_with_period(values)).name(lang)}"

    return Report(
        key="cimer_month",
        title=_l("CİMER monthly report"),
        description=_l(
            "Received, answered in time, days, by unit and kind, sent again, more time, and what did not agree with the list of CİMER."
        ),
        group=_l("Applications"),
        resource="CimerExchange",
        parameters=PARAMETERS,
        settle=settle_month,
        title_of=title_of,
        build=lambda session, values: CimerReport(session, _with_period(values), by_key).document(),
    )


class CimerReport(PeriodReport):
    """The period report narrowed to CİMER, with its correspondence and comparisons."""

    def of_unit(self, stmt: Any) -> Any:
        """Narrow to CİMER."""
        return stmt.where(Application.channel == Channel.CIMER)

    def document(self) -> ReportDocument:
        """The whole report; its charts are specifications still."""
        self.main = figures.find_main_figures(self.session, self.narrow, today=self.today)
        self.duration = figures.find_duration(self.session, self.narrow)
        year = self.within(self.year_back(), self.period.last)
        twelve = _("The twelve months up to the end of the period.")
        sections: list[Section] = [
            self.lead(),
            Paragraph(self.summary()),
            self.plot("monthly", year, note=twelve),
            self.plot("in_time", year, note=twelve),
            self.plot("days", year, note=twelve),
            self.kinds(),
            *self.units(),
            self.correspondence(),
            *self.comparisons(),
            Paragraph(self.method(), _("How the figures were made")),
        ]
        return ReportDocument(
            _("CİMER monthly report"),
            self.as_of,
            sections,
            subtitle=_("Public Relations Branch Directorate"),
            period=self.period.name(self.lang),
            unit=_("The whole municipality"),
            lang=self.lang,
            landscape=False,
        )

    def kinds(self) -> TableSection:
        """What the applications are, in the words of CİMER."""
        rows = figures.count_by(self.session, Application.kind, "kind", self.narrow)
        total = sum(row["count"] for row in rows)
        labels: Mapping[Any, str] = {**KIND_LABELS, **CIMER_KIND_LABELS}
        return TableSection(
            _("CİMER by kind"),
            (_("Kind"), _("Applications"), _("Share")),
            [
                [_(labels[r["kind"]]), r["count"], round(100 * r["count"] / total, 1)]
                for r in sorted(rows, key=lambda row: -row["count"])
            ],
            ("left", "right", "right"),
            [_("Total"), total, 100 if total else None],
            formats=("text", "number", "percent"),
        )

    def units(self) -> list[Section]:
        """Which department answers how many, as a drawing and as the table of the period report."""
        rows = figures.list_unit_figures(self.session, self.narrow, today=self.today)
        days = {
            row["unit_id"]: row["median"]
            for row in figures.list_unit_durations(self.session, self.narrow)
        }
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
            formats=("text", "number", "number", "percent", "number", "number", "number"),
        )  # fmt: skip
        return [self.plot("units", with_table=False), table]

    def correspondence(self) -> TableSection:
        """What passed between CİMER and the municipality in the month, re-sends by their reason."""
        first, last = self.period.first, self.period.last
        start = figures.day_start(first)
        end = figures.day_start(last + dt.timedelta(days=1))

        def narrow(stmt: Any) -> Any:
            return stmt.where(CimerExchange.at >= start, CimerExchange.at < end)

        counts = {r["kind"]: r["count"] for r in cimer.count_exchanges(self.session, narrow)}
        lines: list[list[Any]] = [
            [_(EXCHANGE_KIND_LABELS[kind]), counts.get(kind, 0)] for kind in ExchangeKind
        ]
        reasons = cimer.count_resent_by_month(self.session, narrow)
        lines += [
            [_("of these: %(reason)s", reason=_(RESEND_REASON_LABELS[reason])), number]
            for reason in RESEND_REASON_LABELS
            if (number := sum(r["count"] for r in reasons if r["reason"] == reason))
        ]
        return TableSection(
            _("Correspondence with CİMER"),
            (_("What passed"), _("Lines")),
            lines,
            ("left", "right"),
            formats=("text", "number"),
        )

    def comparisons(self) -> list[Section]:
        """The newest comparison that touches the month."""
        row = self.session.scalars(
            select(Reconciliation)
            .where(
                Reconciliation.period_from <= self.period.last,
                Reconciliation.period_to >= self.period.first,
            )
            .order_by(Reconciliation.compared_at.desc())
            .limit(1)
        ).first()
        if row is None:
            count = self.session.scalar(select(func.count(Reconciliation.id))) or 0
            text = (
                _("No list of CİMER has been compared for this month.")
                if count == 0
                else _("No comparison with the list of CİMER touches this month.")
            )
            return [Paragraph(str(text), _("Comparison with the list of CİMER"))]
        days = f"{format_date(row.period_from, lang=self.lang)} – {format_date(row.period_to, lang=self.lang)}"
        return [
            Figures(
                (
                    Figure(_("In their list, not in ours"), row.missing_here),
                    Figure(_("In ours, not in their list"), row.missing_there),
                    Figure(_("State or date differs"), row.state_differs + row.date_differs),
                    Figure(_("Overdue at CİMER"), row.overdue_there),
                ),
                _("Comparison with the list of CİMER"),
            ),
            Paragraph(
                str(
                    _(
                        "List of %(days)s with %(total)s applications; %(matched)s agree, %(open)s differences are open.",
                        days=days,
                        total=row.total_rows,
                        matched=row.matched_rows,
                        open=row.open_items,
                    )
                )
            ),
        ]
