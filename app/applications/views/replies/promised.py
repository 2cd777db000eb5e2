"""Cases whose applicants were told how far it is and wait for the result (3071 m.7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import defer, joinedload

from app.applications import queries, rules
from app.applications.models import Application, Topic
from app.applications.views.conditions import due_of, unit_of, what
from app.core import clock
from app.core.current import db_session
from app.core.search import matches
from app.core.text import fold, format_date, format_number, format_time
from app.core.views import formats
from app.core.views.page import Button, Cell, Empty, ListColumn, ListPage, ListRow

PAGE = 100


def age_cell(told_at: dt.datetime, today: dt.date) -> Cell:
    """For how many days the result has been promised; thirty and more is long."""
    days = (today - clock.to_local(told_at).date()).days
    tone = "bad" if days >= 30 else "warn" if days >= 15 else ""
    return Cell(
        "badge", _("today") if days == 0 else _("%(n)s days", n=days), tone=tone, value=days
    )


def _page_url(number: int, query: str) -> str:
    return url_for("PromisedView.list", page=number, q=query or None)


class PromisedView(BaseView):
    """What was promised longest stands first; a case leaves the list with its final answer."""

    route_base = "/promised"
    default_view = "list"
    class_permission_name = "Application"
    method_permission_name = {"list": "read"}
    previous_method_permission_name: dict[str, str] = {}

    @expose("/")
    @has_access
    def list(self) -> Any:
        """The list, a hundred to a page."""
        page = request.args.get("page", "1")
        number = max(int(page), 1) if page.isdigit() and len(page) < 5 else 1
        return self.render_template(
            "appbuilder/general/model/list.html", page=self._list_page(number)
        )

    def _list_page(self, number: int) -> ListPage:
        a, today, session = Application, clock.today(), db_session()
        query = request.args.get("q", "").strip()[:200]
        wanted = [queries.is_promised()]
        if fold(query):
            wanted.append(or_(a.number == query, matches(a.search_text, query)))
        rows = list(
            session.scalars(
                select(a)
                .where(*wanted)
                .options(
                    defer(a.body, raiseload=True),
                    defer(a.due_trail, raiseload=True),
                    defer(a.search_text, raiseload=True),
                    joinedload(a.topic).load_only(Topic.code, Topic.name),
                    joinedload(a.lead_unit),
                )
                .order_by(a.progress_told_at, a.id)
                .offset((number - 1) * PAGE)
                .limit(PAGE + 1)
            )
        )
        total = int(session.scalar(select(func.count()).select_from(a).where(*wanted)) or 0)
        names = {
            "number": _("Case no"),
            "age": _("Promised for"),
            "told": _("Told on"),
            "subject": _("Subject"),
            "unit": _("Unit"),
            "due": _("Due"),
            "state": _("State"),
        }
        shown = rows[:PAGE]
        return ListPage(
            title=_("Results to be told"),
            screen="Application",
            columns=[
                ListColumn(name, label, css=f"c-{name}", primary=name == "number")
                for name, label in names.items()
            ],
            rows=[self._row(item, today) for item in shown],
            total=format_number(total),
            range_text=_("%(n)s rows on this page", n=len(shown)),
            as_of=format_time(clock.now()),
            query=query,
            search_label=_("Search in this list"),
            search_url=url_for("PromisedView.list"),
            hidden_args=[],
            prev_url=_page_url(number - 1, query) if number > 1 else "",
            next_url=_page_url(number + 1, query) if len(rows) > PAGE else "",
            empty=None if shown else self._empty(),
            intro=_(
                "Whoever was told how far it is, is told the result as well when the work is finished (3071 art. 7)."
            ),
        )

    @staticmethod
    def _empty() -> Empty:
        return Empty(
            _("Nobody waits for a promised result"),
            _("Cases appear here when a progress answer was sent and the final one was not."),
            [Button(_("Applications"), url_for("ApplicationView.list"))],
        )

    @staticmethod
    def _row(item: Application, today: dt.date) -> ListRow:
        told = item.progress_told_at
        day = format_date(clock.to_local(told).date(), lang=formats.language()) if told else ""
        age = age_cell(told, today) if told else formats.EMPTY
        state = formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)(item.state, item)
        cells = [
            Cell("code", item.number),
            age,
            Cell("date", day),
            what(item.subject, item),
            unit_of(item.lead_unit, item),
            due_of(item.due_on, item),
            state,
        ]
        url = url_for("ApplicationView.show", pk=item.id)
        return ListRow(item.id, item.number, url, cells, f"{item.subject} · {age.text}")
