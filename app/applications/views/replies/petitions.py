"""The parts of a petition on the page of its case: what is there, what is missing, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import queries, rules, services
from app.applications.models import Application
from app.applications.queries.approvals import has_been_asked
from app.applications.views.intake_form import PART_CHOICES, found_part
from app.core import clock
from app.core.acting import Actor, current_actor
from app.core.current import db_session
from app.core.rooms import Card
from app.core.text import format_date
from app.core.views import formats
from app.core.views.page import Button, Cell

Drawn = tuple[str, dict[str, Any]] | None


@dataclass(frozen=True)
class Part:
    """One part that the law asks for: its name, its words, what was found."""

    name: str
    label: str
    value: str
    is_missing: bool


def is_petition(item: Application, actor: Actor) -> bool:
    """Whether the page has a place for the card: paper that anybody of the office may look at."""
    return item.channel in rules.PETITION_CHANNELS or item.progress_told_at is not None


def draw_petition(session: Any, item: Application, actor: Actor) -> Drawn:
    """The checklist of 3071 m.4, what can be done about a missing part, and what was promised."""
    parts = [
        Part(
            name,
            formats.translated(label),
            {True: "1", False: "0"}.get(getattr(item, name), ""),
            getattr(item, name) is False,
        )
        for name, label in rules.PETITION_PARTS.items()
    ]
    missing = [part.label for part in parts if part.is_missing]
    is_open = item.state in rules.OPEN_STATES
    may_note = is_open and any(
        actor.may(verb, "Application") for verb in ("write", "register", "triage")
    )
    return "applications/card_petition.html", {
        "parts": parts if item.channel in rules.PETITION_CHANNELS else [],
        "choices": [(value, str(label)) for value, label in PART_CHOICES],
        "missing": missing,
        "was_asked": bool(missing) and has_been_asked(session, item),
        "may_note": may_note,
        "buttons": _buttons(item, actor, missing),
        "promise": _promise(item),
    }


def _buttons(item: Application, actor: Actor, missing: list[str]) -> list[Button]:
    """Asking comes first; leaving it unexamined is the last way."""
    if not missing:
        return []
    verbs = {v.removeprefix("can_") for v, resource in actor.grants if resource == "Application"}
    allowed = {row.action for row in rules.allowed_actions(item.state, verbs, at_unit=False)}
    buttons = []
    if rules.Action.REQUEST_INFORMATION in allowed:
        url = url_for("WorkView.do", pk=item.id, action="request_information")
        buttons.append(Button(_("Ask the applicant"), url, "phone"))
    if rules.Action.DECLARE_INADMISSIBLE in allowed:
        url = url_for("WorkView.do", pk=item.id, action="declare_inadmissible")
        buttons.append(Button(_("Leave unexamined (3071 art. 6)"), url, "close"))
    return buttons


def _promise(item: Application) -> Cell | None:
    """That the result was promised, since when, and for how long it has not been told."""
    if item.progress_told_at is None:
        return None
    day = clock.to_local(item.progress_told_at).date()
    told = format_date(day, lang=formats.language())
    if item.answered_at is not None:
        return Cell(
            "text", _("The state of progress was told on %(day)s, the result followed.", day=told)
        )
    days = (clock.today() - day).days
    words = _(
        "The state of progress was told on %(day)s; the result is still to be told (3071 art. 7). It has been promised for %(n)s days.",
        day=told,
        n=days,
    )
    return Cell("text", words, tone="bad" if days >= 30 else "warn")


PETITION_CARD = Card("petition", _l("Petition (3071)"), draw_petition, is_petition, beside=True)


class PetitionView(BaseView):
    """Notes what the desk found of a petition."""

    route_base = "/applications/petition"
    default_view = "note"
    class_permission_name = "Application"
    method_permission_name = {"note": "read"}
    previous_method_permission_name: dict[str, str] = {}

    @expose("/<int:pk>", methods=["POST"])
    @has_access
    def note(self, pk: int) -> Any:
        """Keep which parts are there and which are missing."""
        session = db_session()
        application = queries.get_application(session, pk) or abort(404)
        services.note_parts(
            session,
            application=application,
            parts={name: found_part(request.form.get(name)) for name in rules.PETITION_PARTS},
            actor=current_actor(),
            now=clock.now(),
        )
        session.commit()
        flash(_("What was found of the petition has been kept."), "success")
        return redirect(url_for("ApplicationView.show", pk=pk))
