"""How a list page and its export are made from the declaration of a view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import Response, abort, request, send_file
from flask_babel import gettext as _
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from app.core import clock, ports
from app.core.exports import write_csv, write_xlsx
from app.core.seen import count_seen
from app.core.text import excerpt, fold, format_datetime, format_time
from app.core.views import counting, formats, listing, picking, saved
from app.core.views.filters import FilterError
from app.core.views.page import (
    Button,
    Cell,
    Empty,
    FilterChip,
    ListColumn,
    ListPage,
    ListRow,
)

Args = MultiDict[str, str]
#: Arguments of a list that are no filter.
OWN_ARGS = frozenset({"sort", "at", "tab", "size", "q"})


class ListPages:
    """Mixed into BackOfficeView; it uses the view's declaration and routes."""

    if TYPE_CHECKING:
        # The declaration stands in BackOfficeView, which inherits from this part.
        def __getattr__(self, name: str) -> Any:
            """Whatever the view declares."""

    # --- the statement -----------------------------------------------------------------------------
    def visible_tabs(self) -> Sequence[Any]:
        """The tabs that mean something to the actor; rooms leave out the others."""
        return self.tabs

    def _tab(self, args: Args) -> tuple[str, Any, Any, str] | None:
        """The tab that is on: the named one, else the first."""
        if not self.visible_tabs():
            return None
        wanted = args.get("tab", "")
        return next((t for t in self.visible_tabs() if t[0] == wanted), self.visible_tabs()[0])

    def filtered(
        self, args: Args, *, with_tab: bool = True, session: Any = None
    ) -> tuple[Select[Any], dict[str, str]]:
        """The statement narrowed by tab, search box and filters, with errors by argument."""
        stmt, errors = self.base_query(), {}
        tab = self._tab(args)
        if with_tab and tab is not None and tab[2] is not None:
            stmt = stmt.where(tab[2]())
        for one in self._active_filters():
            try:
                stmt = one.apply(stmt, args, self.session if session is None else session)
            except FilterError as error:
                errors[one.name] = str(error)
        return stmt, errors

    def _active_filters(self) -> list[Any]:
        search = self.offered_search()
        return [*([search] if search is not None else []), *self.filters]

    def offered_search(self) -> Any:
        """The search box of the list; None where nothing is searched, or nothing for the actor."""
        return self.search if self.search is not None and self.search.is_offered() else None

    def _order(self, args: Args) -> listing.Order:
        key, direction = self.base_order
        wanted = args.get("sort", "")
        name = wanted.removeprefix("-")
        if name in self.order_columns:
            key, direction = name, "desc" if wanted.startswith("-") else "asc"
        column = getattr(self.model, key)
        return listing.Order(key, column, direction == "desc")

    # --- the page ----------------------------------------------------------------------------------
    def list_page(self, args: Args) -> ListPage:
        """Everything the list template draws."""
        stmt, errors = self.filtered(args)
        order = self._order(args)
        options = [*self._joins(self.list_columns), *self.list_options]
        part = listing.fetch_slice(
            self.session,
            stmt,
            self.model,
            order,
            cursor=args.get("at"),
            size=self.page_size,
            options=options,
        )
        tabs, total = counting.counted(self, args, stmt)
        chips = self._chips(args)
        search = self.offered_search()
        controls = [f.control(args, self.session, errors.get(f.name, "")) for f in self.filters]
        return ListPage(
            title=formats.translated(self.label_plural),
            screen=self.resource,
            save_view_url=saved.save_view_url(self),
            manage_views_url=saved.manage_views_url(self),
            columns=self._columns(args, order),
            rows=[self._row(item) for item in part.rows],
            total=total,
            range_text=_("%(n)s rows on this page", n=len(part.rows)),
            as_of=format_time(clock.now()),
            query=args.get("q", ""),
            search_label=formats.translated(search.label) if search is not None else "",
            search_url=self.url("list"),
            hidden_args=[(k, v) for k, v in args.items(multi=True) if k not in {"q", "at"}],
            tabs=tabs,
            filters=controls,
            chips=chips,
            clear_url=self._with(
                args, drop=[a for f in self._active_filters() for a in f.arguments()]
            ),
            prev_url=self._with(args, at=part.before) if part.before else "",
            next_url=self._with(args, at=part.after) if part.after else "",
            first_url=self._with(args, drop=["at"]) if args.get("at") else "",
            actions=self._action_buttons(),
            action_url=self.action_target(),
            pick_all=_("Pick all %(total)s records of this filter", total=total)
            if self.acts_on_all
            else "",
            buttons=self._list_buttons(),
            exports=self._export_buttons(args),
            empty=None if part.rows else self._empty(args, chips),
            dense=self.dense,
            intro=formats.translated(self.intro) if self.intro else "",
        )

    def _with(self, args: Args, *, drop: Sequence[str] = (), **change: Any) -> str:
        """The address of this list with some arguments changed; paging starts anew unless it is set."""
        gone = {*drop, *change, "at"}
        values: dict[str, Any] = {}
        for key in args:
            if key not in gone:
                values[key] = args.getlist(key)
        values.update({k: v for k, v in change.items() if v is not None})
        return str(self.url("list", **values))

    def _columns(self, args: Args, order: listing.Order) -> list[ListColumn]:
        columns = []
        for index, name in enumerate(self.list_columns):
            sortable = name in self.order_columns
            is_on = name == order.key
            target = f"-{name}" if is_on and not order.descending else name
            columns.append(
                ListColumn(
                    name=name,
                    label=self.label_of(name),
                    sort_url=self._with(args, sort=target) if sortable else "",
                    sorted=("descending" if order.descending else "ascending") if is_on else "",
                    css=self.column_css.get(name, f"c-{name.replace('.', '-').replace('_', '-')}"),
                    primary=(name == self.link_column) if self.link_column else index == 0,
                )
            )
        return columns

    def _row(self, item: Any) -> ListRow:
        cells = [self.cell(item, name) for name in self.list_columns]
        sub = " · ".join(
            c.text for c in cells[1:4] if c.kind in {"text", "badge", "masked"} and c.text
        )
        return ListRow(item.id, self.row_label(item), self.row_url(item), cells, excerpt(sub, 90))

    def row_url(self, item: Any) -> str:
        """Where a row leads."""
        return str(self.url("show", pk=item.id))

    def cell(self, item: Any, name: str) -> Cell:
        """The cell of a column, dotted names and methods included."""
        value: Any = item
        for part in name.split("."):
            value = getattr(value, part, None)
            if value is None:
                break
        if callable(value):
            value = value()
        if isinstance(value, Cell):
            return value
        make = self.formats.get(name)
        if make is not None:
            return make(value, item)
        labels = self.codes.get(name)
        if labels is not None:
            return formats.labelled(labels)(value, item)
        return formats.plain(value, item)

    # --- around the rows -----------------------------------------------------------------------------
    def _chips(self, args: Args) -> list[FilterChip]:
        chips = []
        for one in self._active_filters():
            try:
                words = one.chip(args, self.session)
            except FilterError:
                continue
            if words:
                chips.append(
                    FilterChip(
                        formats.translated(one.label), words, self._with(args, drop=one.arguments())
                    )
                )
        return chips

    def _action_buttons(self) -> list[Button]:
        return [
            Button(
                formats.translated(a.text),
                icon=a.icon or "",
                name=name,
                confirm=formats.translated(a.confirmation or ""),
                post=True,
            )
            for name, a in sorted(self.actions.items())
            if a.multiple and self.may(name)
        ]

    def action_target(self) -> str:
        """Where the picked rows are sent."""
        return str(self.url("action"))

    def _list_buttons(self) -> list[Button]:
        buttons = list(self.list_buttons())
        chart = f"{self.endpoint.removesuffix('View')}Chart.charts"
        from flask import current_app, url_for

        if chart in current_app.view_functions:
            buttons.append(Button(_("Charts"), url_for(chart), "chart"))
        if self.can_add and self.may("write"):
            buttons.append(Button(self.new_label(), self.url("add"), "plus", primary=True, key="N"))
        return buttons

    def new_label(self) -> str:
        """Words of the button that begins a new record."""
        return _("New record")

    def _export_buttons(self, args: Args) -> list[Button]:
        if not (self.can_export and self.may("export")):
            return []
        keep = {k: args.getlist(k) for k in args if k != "at"}
        url = self.url("export", **keep)
        return [
            Button(
                _("Excel, with this filter"), url, "file", post=True, fields=[("format", "xlsx")]
            ),
            Button(_("CSV, with this filter"), url, "file", post=True, fields=[("format", "csv")]),
        ]

    def _empty(self, args: Args, chips: Sequence[FilterChip]) -> Empty:
        name = formats.translated(self.label_plural)
        if chips:
            gone = [a for f in self._active_filters() for a in f.arguments()]
            return Empty(
                _("No record matches these filters"),
                _(
                    "Loosen or remove a filter: %(filters)s",
                    filters=", ".join(f"{c.label} {c.text}" for c in chips),
                ),
                [Button(_("Remove all filters"), self._with(args, drop=gone))],
            )
        add = []
        if self.can_add and self.may("write"):
            add = [Button(self.new_label(), self.url("add"), "plus", primary=True)]
        why = (
            formats.translated(self.empty_text)
            if self.empty_text
            else _("Nothing has been entered yet.")
        )
        return Empty(_("%(list)s: no record here", list=name), why, add)

    # --- export ------------------------------------------------------------------------------------
    def export_names(self) -> list[str]:
        """Columns of the export."""
        return [*self.list_columns, *(c for c in self.export_columns if c not in self.list_columns)]

    def export_rows(self, args: Args) -> Iterator[list[Any]]:
        """Rows with the same masks as the list, read with a server-side cursor.

        Where rows were picked, those of them that the filter finds.
        """
        stmt, _errors = self.filtered(args)
        if request.form.getlist("rowid") and not picking.means_all(request.form):
            stmt = picking.picked(self, request.form)
        names = self.export_names()
        options = [*self._joins(names), *self.list_options]
        order = self._order(args)
        key = order.column.desc() if order.descending else order.column.asc()
        result = self.session.execute(
            stmt.options(*options).order_by(key, self.model.id).execution_options(yield_per=1000)
        )
        for item in result.scalars():
            yield [_exported(self.cell(item, name)) for name in names]

    def export_response(self, args: Args, kind: str) -> Response:
        """The file; what was exported is written to the audit trail."""
        if not self.can_export or kind not in {"xlsx", "csv"}:
            abort(404)
        title = formats.translated(self.label_plural)
        headers = [self.label_of(name) for name in self.export_names()]
        chips = self._chips(args)
        meta = [_("As of %(at)s", at=format_datetime(clock.now(), lang=formats.language()))]
        meta += [f"{c.label}: {c.text}" for c in chips]
        buffer = BytesIO()
        writer = write_xlsx if kind == "xlsx" else write_csv
        count = writer(buffer, headers, self.export_rows(args), title=title, meta_lines=meta)
        ports.record_access(
            self.session,
            verb="export",
            entity=self.model.__name__,
            record_id=None,
            summary=f"{kind}, {count} rows",
            changes={
                "filters": [f"{c.label}: {c.text}" for c in chips],
                "columns": self.export_names(),
                **count_seen(),
            },
        )
        buffer.seek(0)
        mime = (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            if kind == "xlsx"
            else "text/csv; charset=utf-8"
        )
        stem = fold(title).replace(" ", "-") or "liste"
        name = f"{stem}-{clock.today().isoformat()}.{kind}"
        return send_file(buffer, mimetype=mime, as_attachment=True, download_name=name)


def _exported(cell: Cell) -> Any:
    """A cell as a spreadsheet wants it: dates and numbers stay what they are."""
    if cell.kind in {"date", "datetime", "number", "due"} and cell.value is not None:
        return cell.value
    return "" if cell.kind == "empty" else cell.text


def request_args() -> Args:
    """The arguments of this request."""
    return request.args


def label_map(labels: Mapping[str, Any], name: str) -> str:
    """A label translated, or the name itself."""
    return formats.translated(labels.get(name, name))
