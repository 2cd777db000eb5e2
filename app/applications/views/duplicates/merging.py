"""The page on which the main case of picked duplicates is chosen, and the merge itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from app.applications import rules, services
from app.applications.models import Application
from app.applications.queries.clusters import count_merged, list_possible_mains
from app.applications.rules import BulkAct
from app.applications.services import bulk
from app.applications.services.merging import candidate
from app.applications.views.conditions import applicant, place
from app.core import clock
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rules import Violation
from app.core.text import format_date, format_number
from app.core.views import formats
from app.core.views.page import Cell

#: Cases on one page; more are merged as a bulk act from their list.
MOST_CASES = 200
#: So many are merged while one waits; more are merged by a worker.
AT_ONCE = 20
#: Refusals that are told one by one.
_TOLD = 5


@dataclass(frozen=True)
class MergeRow:
    """A case on the page: whether it can lead, whether it can be joined, and how it is told."""

    id: int
    number: str
    url: str
    received: str
    subject: str
    applicant: Cell
    place: str
    state: Cell
    merged: str
    can_lead: bool
    can_join: bool
    is_suggested: bool


class MergeView(BaseView):
    """Joining several cases of one matter under a main case."""

    route_base = "/applications/merge"
    default_view = "choose"
    class_permission_name = "Application"
    method_permission_name = {"choose": "merge", "join": "merge"}
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    @expose("/")
    @has_access
    def choose(self) -> Any:
        """The picked cases, with the suggestion of a main case."""
        return self._page(read_ids(request.args.getlist("id")))

    def _page(self, ids: Sequence[int], error: str = "") -> Any:
        cases = self._load(ids)
        others = list_possible_mains(self.session, cases) if cases else []
        merged = count_merged(self.session, [case.id for case in (*cases, *others)])
        candidates = [candidate(case, merged.get(case.id, 0)) for case in (*cases, *others)]
        suggested = rules.suggest_main(candidates)
        return self.render_template(
            "applications/merge.html",
            rows=[_row(case, merged, suggested) for case in cases],
            others=[_row(case, merged, suggested) for case in others],
            action=url_for("MergeView.join"),
            error=error,
            title=_("Merge duplicates"),
            cancel_url=url_for("ApplicationView.list"),
        ), 422 if error else 200

    def _load(self, ids: Sequence[int]) -> list[Application]:
        return list(
            self.session.scalars(
                select(Application)
                .where(Application.id.in_(ids[:MOST_CASES]))
                .options(
                    defer(Application.body, raiseload=True),
                    defer(Application.due_trail, raiseload=True),
                    defer(Application.search_text, raiseload=True),
                    joinedload(Application.citizen),
                    joinedload(Application.district),
                    joinedload(Application.neighbourhood),
                )
                .order_by(Application.received_at, Application.id)
            ).unique()
        )

    @expose("/join", methods=["POST"])
    @has_access
    def join(self) -> Any:
        """Merge the ticked cases into the chosen one; many of them are left to a worker."""
        ids = read_ids(request.form.getlist("id"))
        mains = read_ids(request.form.getlist("main"))
        note = request.form.get("note", "").strip()
        main = self.session.get(Application, mains[0]) if mains else None
        wanted = [pk for pk in ids if main is None or pk != main.id]
        if main is None:
            return self._page(
                read_ids(request.form.getlist("shown")) or ids, _("Pick the main case.")
            )
        if not wanted:
            shown = read_ids(request.form.getlist("shown")) or ids
            return self._page(shown, _("Tick at least one case that is merged with the main case."))
        if len(wanted) > AT_ONCE:
            return self._order(main, wanted, note)
        cases = self.session.scalars(select(Application).where(Application.id.in_(wanted))).all()
        results = services.merge_many(
            self.session,
            applications=cases,
            master_id=main.id,
            note=note,
            actor=current_actor(),
            now=clock.now(),
        )
        self.session.commit()
        _tell(main, results)
        return redirect(url_for("ApplicationView.show", pk=main.id))

    def _order(self, main: Application, ids: Sequence[int], note: str) -> Any:
        """A large cluster is a bulk act: with its progress, its result and its way back."""
        actor = current_actor()
        # What was picked is looked for again in the actor's own sight.
        seen = self.session.scalars(select(Application.id).where(Application.id.in_(ids))).all()
        run = bulk.create_run(
            self.session, act=BulkAct.MERGE, application_ids=list(seen), actor=actor
        )
        arguments = {"master_id": main.id}
        bulk.prepare_run(self.session, run=run, arguments=arguments, actor=actor, now=clock.now())
        if run.ready_rows and note:
            bulk.confirm_run(self.session, run=run, actor=actor, reason=note, now=clock.now())
        self.session.commit()
        return redirect(url_for("BulkRunView.show", pk=run.id))


def read_ids(values: Sequence[str]) -> list[int]:
    """Keys as the browser sends them; what is none is left out."""
    return [int(v) for v in values if v.isascii() and v.isdigit() and len(v) < 10]


def _row(case: Application, merged: dict[int, int], suggested: int | None) -> MergeRow:
    lang = formats.language()
    number = merged.get(case.id, 0)
    return MergeRow(
        id=case.id,
        number=case.number,
        url=url_for("ApplicationView.show", pk=case.id),
        received=format_date(case.received_on, lang=lang),
        subject=case.subject,
        applicant=applicant(None, case),
        place=place(None, case).text,
        state=formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)(case.state, case),
        merged=_("leads %(n)s cases", n=format_number(number, lang=lang)) if number else "",
        can_lead=case.state in rules.OPEN_STATES | rules.ANSWERING_STATES,
        can_join=case.state in rules.MERGEABLE_STATES,
        is_suggested=case.id == suggested,
    )


def _tell(main: Application, results: Sequence[services.MergeResult]) -> None:
    """Say how many were merged, and why the others were not."""
    done = [result for result in results if result.is_merged]
    refused = [result for result in results if not result.is_merged]
    lang = formats.language()
    if done:
        flash(
            _(
                "%(n)s cases are merged with %(number)s; their applicants are told its result.",
                n=format_number(len(done), lang=lang),
                number=main.number,
            ),
            "success",
        )
    for result in refused[:_TOLD]:
        reasons = " ".join(_sentence(v) for v in result.violations)
        flash(f"{result.application.number}: {reasons}", "warning")
    if len(refused) > _TOLD:
        rest = format_number(len(refused) - _TOLD, lang=lang)
        flash(_("%(n)s more cases could not be merged.", n=rest), "warning")


def _sentence(violation: Violation) -> str:
    params = {
        name: formats.translated(value) if isinstance(value, str) and value else value
        for name, value in violation.params.items()
    }
    text = formats.translated(violation.message)
    return text % params if params else text
