"""The one endpoint behind every picker, and the search over everything (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, jsonify, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import case, select

from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rooms import LookupSource, lookup_source, rooms
from app.core.search import like_escape, matches
from app.core.text import fold
from app.core.views.formats import translated

PAGE = 20


class LookupView(BaseView):
    """Rows for pickers: searched on the server, in the actor's scope, twenty at a time."""

    route_base = "/lookup"
    default_view = "find"

    @expose("/<string:name>")
    @login_required
    def find(self, name: str) -> Any:
        """JSON {results: [{id, text, sub}], more}."""
        source = lookup_source(name)
        actor = current_actor()
        if source is None or not (
            actor.may("lookup", source.resource) or actor.may("read", source.resource)
        ):
            abort(404)
        query = request.args.get("q", "")[:100]
        raw_page = request.args.get("page", "1")
        page = max(int(raw_page), 1) if raw_page.isdigit() and len(raw_page) < 5 else 1
        model: Any = source.model
        stmt: Any = select(model)
        if source.condition is not None:
            stmt = stmt.where(source.condition())
        for argument, column in source.depends.items():
            value = request.args.get(argument, "")
            if value.isdigit() and len(value) < 10:
                stmt = stmt.where(getattr(model, column) == int(value))
        if source.options is not None:
            stmt = stmt.options(*source.options())
        folded = fold(query)
        if folded and source.find is not None:
            return self._answer(source, list(source.find(db_session(), query, PAGE + 1)))
        if folded:
            column = model.search_text
            stmt = stmt.where(matches(column, query))
            # What begins with the typed letters stands first.
            stmt = stmt.order_by(
                case((column.like(f"{like_escape(folded)}%", escape="\\"), 0), else_=1)
            )
        stmt = stmt.order_by(*(getattr(model, o) for o in source.order), model.id)
        rows = list(db_session().scalars(stmt.offset((page - 1) * PAGE).limit(PAGE + 1)))
        return self._answer(source, rows)

    def _answer(self, source: LookupSource, rows: Sequence[Any]) -> Any:
        results = [
            {"id": r.id, "text": source.label(r), "sub": source.sub(r) if source.sub else ""}
            for r in rows[:PAGE]
        ]
        return jsonify(results=results, more=len(rows) > PAGE)


class SearchView(BaseView):
    """Search over everything the actor may read, as a page and for the palette."""

    route_base = "/search"
    default_view = "page"
    label = _l("Search over everything")

    def _groups(self, query: str, limit: int) -> list[dict[str, Any]]:
        actor = current_actor()
        folded = fold(query)
        groups: list[dict[str, Any]] = []
        if len(folded) < 2:
            return groups
        for room in rooms():
            for source in room.searches:
                if not actor.may("read", source.resource):
                    continue
                rows = source.find(db_session(), query, limit)
                if rows:
                    items = [
                        dict(zip(("title", "sub", "url"), source.item(r), strict=True))
                        for r in rows
                    ]
                    groups.append(
                        {"label": translated(source.label), "icon": source.icon, "items": items}
                    )
        return groups

    @expose("/")
    @login_required
    def page(self) -> Any:
        """The page of results."""
        query = request.args.get("q", "")[:100].strip()
        groups = [
            (g["label"], g["icon"], [(i["title"], i["sub"], i["url"], None) for i in g["items"]])
            for g in self._groups(query, 20)
        ]
        return self.render_template("search.html", groups=groups, query=query, title=_("Search"))

    @expose("/palette")
    @login_required
    def palette(self) -> Any:
        """JSON for the palette."""
        return jsonify(groups=self._groups(request.args.get("q", "")[:100], 6))
