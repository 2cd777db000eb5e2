"""The chart screen of an entity: specs as JSON for the browser, a table beside each chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, current_app, jsonify, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.datastructures import MultiDict

from app.core import clock
from app.core.acting import current_actor
from app.core.charts import Chart, data_table
from app.core.charts.page import chart_answer
from app.core.current import db_session
from app.core.text import format_datetime, parse_tr_date
from app.core.views import formats
from app.core.views.filters import Dates, Filter, FilterError
from app.core.views.page import Button, Cell, ChartPage, ChartPanel, Crumb, FilterChip

Args = MultiDict[str, str]


class BackOfficeChart(BaseView):
    """Charts of one entity; `charts` are declarations, each with its grouped query."""

    method_permission_name: ClassVar[Mapping[str, str]] = {"charts": "read", "spec": "read"}
    previous_method_permission_name: ClassVar[dict[str, str]] = {}
    default_view = "charts"
    label: Any = ""
    #: The list these charts belong to; drills open it. A room names it by `view_name`, because its
    #: charts and views stand on one layer and neither may import the other.
    view: type | None = None
    view_name = ""
    #: Class name of the list that drills open, when it is another one.
    drill_name = ""
    charts_shown: Sequence[Chart] = ()
    filters: Sequence[Filter] = ()
    #: Chart key → names of the filters that do not concern it, e.g. a backlog knows no period.
    ignores: Mapping[str, Sequence[str]] = {}
    #: Arguments that every link to the list carries, e.g. its tab.
    list_args: Mapping[str, str] = {"tab": "all"}

    @property
    def session(self) -> Any:
        """The request's session, scoped to the actor."""
        return db_session()

    def list_view(self, name: str = "") -> Any:
        """The registered list these charts belong to, if there is one that the actor may read."""
        name = name or (self.view.__name__ if self.view is not None else self.view_name)
        views = current_app.extensions["appbuilder"].baseviews
        found = next((view for view in views if type(view).__name__ == name), None)
        return found if found is not None and found.may("read") else None

    def default_args(self) -> Mapping[str, str]:
        """Filter arguments that hold until the reader sets others, e.g. the last twelve months."""
        return {}

    def _args(self, args: Args) -> Args:
        """The arguments with the defaults; an argument given empty is a default taken off."""
        missing = [(k, v) for k, v in self.default_args().items() if k not in args]
        return MultiDict([*args.items(multi=True), *missing])

    def _filters(self, chart: Chart) -> list[Filter]:
        """The filters that concern a chart."""
        return [one for one in self.filters if one.name not in self.ignores.get(chart.key, ())]

    def _params(self, chart: Chart, args: Args) -> dict[str, Any]:
        """What the queries get: `narrow(stmt)` applies the filters that are on."""

        def narrow(stmt: Any) -> Any:
            for one in self._filters(chart):
                try:
                    stmt = one.apply(stmt, args, self.session)
                except FilterError:
                    continue
            return stmt

        return {"narrow": narrow, "args": args, "today": clock.today(), "lang": formats.language()}

    def _link(self, chart: Chart, args: Args) -> Any:
        """Drill filters of a mark → address of the list behind it, with the page's filters kept.

        Where both name a span of days the narrower one holds, so that the list has as many rows as
        the mark counts. A mark without filters of its own leads nowhere.
        """
        view = self.list_view(self.drill_name)
        if view is None:
            return None
        filters = self._filters(chart)
        keep = {a: args.getlist(a) for f in filters for a in f.arguments() if args.get(a)}
        spans = [f.arguments() for f in filters if isinstance(f, Dates)]

        def link(target: Mapping[str, str]) -> str:
            if not target:
                return ""
            both: dict[str, Any] = {**self.list_args, **keep, **target}
            for first, last in spans:
                for name, pick in ((first, max), (last, min)):
                    days = [
                        parse_tr_date(v) for v in (args.get(name, ""), target.get(name, "")) if v
                    ]
                    known = [day for day in days if day is not None]
                    if known and name in both:
                        both[name] = pick(known).isoformat()
            return url_for(f"{view.endpoint}.list", **both)

        return link

    def _chart(self, key: str) -> Chart:
        return next((c for c in self.charts_shown if c.key == key), None) or abort(404)

    def panel(self, chart: Chart, args: Args) -> ChartPanel:
        """One chart with its table."""
        table = data_table(
            chart,
            chart.query(self.session, self._params(chart, args)),
            lang=formats.language(),
            link=self._link(chart, args),
        )
        keep: dict[str, Any] = {
            a: args.getlist(a) for f in self.filters for a in f.arguments() if a in args
        }
        cells = [
            [
                Cell(
                    "link" if url else ("number" if side == "right" else "text"),
                    value,
                    url=url or "",
                )
                for value, url, side in zip(line, urls, table.align, strict=True)
            ]
            for line, urls in zip(table.rows, table.urls, strict=True)
        ]
        return ChartPanel(
            key=chart.key,
            title=formats.translated(chart.title),
            description=formats.translated(chart.description) if chart.description else "",
            source=url_for(f"{self.endpoint}.spec", key=chart.key, **keep),
            headers=[str(h) for h in table.headers],
            rows=cells,
            totals=[str(t) for t in table.totals or ()],
            as_of=format_datetime(clock.now(), lang=formats.language()),
        )

    @expose("/")
    @has_access
    def charts(self) -> Any:
        """All charts of the entity."""
        args = self._args(request.args)
        controls, chips = [], []
        for one in self.filters:
            error = ""
            try:
                words = one.chip(args, self.session)
                if words:
                    gone = set(one.arguments())
                    keep: dict[str, Any] = {k: args.getlist(k) for k in args if k not in gone}
                    keep |= {k: [""] for k in self.default_args() if k in gone}
                    chips.append(
                        FilterChip(
                            formats.translated(one.label),
                            words,
                            url_for(f"{self.endpoint}.charts", **keep),
                        )
                    )
            except FilterError as refused:
                error = str(refused)
            controls.append(one.control(args, self.session, error))
        buttons: list[Button] = []
        crumbs: list[Crumb] = []
        if (view := self.list_view()) is not None:
            crumbs = [
                Crumb(formats.translated(view.label_plural), url_for(f"{view.endpoint}.list"))
            ]
        page = ChartPage(
            title=formats.translated(self.label),
            crumbs=crumbs,
            panels=[self.panel(chart, args) for chart in self.charts_shown],
            filters=controls,
            chips=chips,
            action=url_for(f"{self.endpoint}.charts"),
            buttons=buttons,
        )
        return self.render_template("appbuilder/general/charts/chart.html", page=page)

    @expose("/<string:key>.json")
    @has_access
    def spec(self, key: str) -> Any:
        """JSON {spec} for the browser, in the theme it asks for."""
        chart = self._chart(key)
        args = self._args(request.args)
        rows = chart.query(self.session, self._params(chart, args))
        return jsonify(
            chart_answer(
                chart,
                rows,
                request.args,
                lang="en" if formats.language() == "en" else "tr",
                as_of=clock.now(),
                link=self._link(chart, args),
            )
        )

    def may(self, verb: str) -> bool:
        """Whether the actor holds the verb on this entity."""
        return current_actor().may(verb, str(self.class_permission_name))
