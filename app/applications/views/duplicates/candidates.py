"""Clusters of cases that are likely about one event, each merged with one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import rules
from app.applications.models import Application
from app.applications.queries.clusters import Cluster, ClusterCase, find_clusters
from app.core.current import db_session
from app.core.text import format_datetime, format_number
from app.core.views import Pick, formats
from app.core.views.filters import FilterError
from app.core.views.page import Cell, Empty
from app.system.queries import get_number

#: Pauses within one event that can be chosen, in days.
SPANS = (1, 3, 7, 14, 30)
#: Cases of a cluster that are seen at once; the others stand behind a word.
_SEEN = 6


@dataclass(frozen=True)
class CaseLine:
    """A case of a cluster as the page tells it."""

    id: int
    number: str
    url: str
    received: str
    subject: str
    state: Cell
    merged: str
    is_main: bool


@dataclass(frozen=True)
class ClusterCard:
    """A cluster as the page tells it."""

    key: str
    title: str
    count: str
    span: str
    seen: Sequence[CaseLine]
    rest: Sequence[CaseLine]


class DuplicateView(BaseView):
    """Cases of one topic and neighbourhood within a few days that are told in like words."""

    route_base = "/applications/duplicates"
    default_view = "find"
    class_permission_name = "Application"
    method_permission_name = {"find": "merge"}
    previous_method_permission_name: dict[str, str] = {}
    filters = (
        Pick("topic", _l("Topic"), Application.topic_id, source="topic"),
        Pick("district", _l("District"), Application.district_id, source="district"),
    )

    @expose("/")
    @has_access
    def find(self) -> Any:
        """The clusters of the last weeks, the largest first."""
        session, args = db_session(), request.args
        usual = get_number(session, "cluster_days")
        days = int(args["days"]) if args.get("days", "") in {str(n) for n in SPANS} else usual
        errors, picked = {}, {}
        for one in self.filters:
            try:
                picked[one.name] = one._id(args)
            except FilterError as error:
                errors[one.name] = str(error)
        clusters = (
            []
            if errors
            else find_clusters(
                session, days=days, district_id=picked["district"], topic_id=picked["topic"]
            )
        )
        controls = [one.control(args, session, errors.get(one.name, "")) for one in self.filters]
        return self.render_template(
            "applications/duplicates.html",
            title=_("Candidates for duplicates"),
            clusters=[_card(cluster) for cluster in clusters],
            spans=sorted({*SPANS, usual}),
            days=days,
            filters=controls,
            chips=[control.value_label for control in controls if control.value_label],
            clear_url=url_for("DuplicateView.find"),
            action=url_for("MergeView.join"),
            empty=Empty(
                _("No cluster was found"),
                _(
                    "No two open cases of one topic and neighbourhood within %(n)s days are told "
                    "in like words.",
                    n=days,
                ),
            ),
        ), 422 if errors else 200


def _card(cluster: Cluster) -> ClusterCard:
    lang = formats.language()
    lines = [_line(case, cluster.main_id) for case in cluster.cases]
    # The suggested main case is seen first.
    lines.sort(key=lambda line: not line.is_main)
    first, last = cluster.cases[0].received_at, cluster.cases[-1].received_at
    return ClusterCard(
        key=str(cluster.main_id),
        title=f"{cluster.topic} · {cluster.place}",
        count=format_number(len(lines), lang=lang),
        span=f"{format_datetime(first, lang=lang)} – {format_datetime(last, lang=lang)}",
        seen=lines[:_SEEN],
        rest=lines[_SEEN:],
    )


def _line(case: ClusterCase, main_id: int) -> CaseLine:
    lang = formats.language()
    return CaseLine(
        id=case.id,
        number=case.number,
        url=url_for("ApplicationView.show", pk=case.id),
        received=format_datetime(case.received_at, lang=lang),
        subject=case.subject,
        state=formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)(case.state, None),
        merged=_("leads %(n)s cases", n=format_number(case.merged, lang=lang))
        if case.merged
        else "",
        is_main=case.id == main_id,
    )
