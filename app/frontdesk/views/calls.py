"""The list and the record of calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select
from sqlalchemy.orm import defer, joinedload
from wtforms import SelectField
from wtforms.validators import Optional

from app.applications.models import Application
from app.applications.queries.figures import day_start
from app.applications.queries.moments import local_hour, local_weekday
from app.core import clock, ports
from app.core.acting import current_actor
from app.core.identifiers import parse_phone
from app.core.rules import Violation
from app.core.text import clean
from app.core.views import (
    BackOfficeView,
    Choice,
    Dates,
    Flag,
    Interface,
    Numbers,
    Pick,
    Words,
    formats,
)
from app.core.views.base import VERBS
from app.core.views.beside import remember_reveal
from app.core.views.entities import Exact
from app.core.views.page import Button, Cell
from app.frontdesk.models import Call
from app.frontdesk.queries.calls_figures import local_half_hour
from app.frontdesk.queries.calls_live import IS_LIVE, IS_LOST
from app.frontdesk.rules.calls import (
    DIRECTION_LABELS,
    PHASE_LABELS,
    PHASE_TONES,
    RESULT_LABELS,
    SOURCE_LABELS,
    CallPhase,
    result_violations,
)
from app.frontdesk.services import calls as acts
from app.frontdesk.views.calls_cells import (
    caller_cell,
    case_cell,
    number_cell,
    number_text,
    result_cell,
    seconds_cell,
)
from app.people.models import Citizen

WEEKDAYS = {
    1: _l("Mon"), 2: _l("Tue"), 3: _l("Wed"), 4: _l("Thu"), 5: _l("Fri"), 6: _l("Sat"), 7: _l("Sun"),
}  # fmt: skip
HOURS = {hour: f"{hour:02}.00" for hour in range(24)}
HALVES = {half: f"{half // 2:02}.{30 * (half % 2):02}" for half in range(48)}


def by_number(session: Any, query: str) -> Sequence[Any]:
    """A telephone number typed whole finds its calls; the number of a case those about it."""
    word = clean(query)
    found: list[Any] = []
    if (number := parse_phone(word)) is not None:
        found.append(Call.number == number)
    cases = Application.__table__.c
    if word[:4].isdigit() and "-" in word:
        case = select(cases.id).where(cases.number == word).scalar_subquery()
        found.append(Call.application_id == case)
    return found


def is_today() -> Any:
    """Began since midnight."""
    return Call.started_at >= day_start(clock.today())


def is_lost() -> Any:
    """Nobody answered in time."""
    return IS_LOST


def is_open() -> Any:
    """Somebody is on it, or has not finished it."""
    return IS_LIVE


def is_mine() -> Any:
    """Taken by the actor."""
    return Call.operator_id == current_actor().user_id


def is_unsaid() -> Any:
    """Over, and nobody said what came of it."""
    return and_(Call.phase == CallPhase.CLOSED, Call.result.is_(None))


def recording_cell(value: Any, record: Call) -> Cell:
    """Where the recording lies, for whoever has just said why; else only that there is one."""
    if not record.recording_ref:
        return formats.EMPTY
    if f"CallRecording:{record.id}" in current_actor().revealed:
        return Cell("code", record.recording_ref)
    return Cell("text", str(_("kept, restricted")))


def item_cell(value: Any, record: Call) -> Cell:
    """The knowledge item that answered the call, with a link for whoever may read it."""
    item = record.knowledge
    if item is None:
        return formats.EMPTY
    if not current_actor().may("read", "KnowledgeItem"):
        return Cell("text", item.title)
    return Cell("link", item.title, url=url_for("KnowledgeItemView.show", pk=item.id))


class CallView(BackOfficeView):
    """Every call the actor may see: operators their own, chiefs and managers all."""

    datamodel = Interface(Call)
    route_base = "/calls"
    class_permission_name = "Call"
    method_permission_name = {**VERBS, "listen": "listen"}
    label = _l("Call")
    label_plural = _l("Calls")
    icon = "phone"
    can_add = False
    list_columns = [
        "started_at",
        "number",
        "citizen",
        "operator",
        "wait_seconds",
        "talk_seconds",
        "result",
        "application",
    ]
    order_columns = ["started_at", "wait_seconds", "talk_seconds"]
    base_order = ("started_at", "desc")
    link_column = "started_at"
    export_columns = [
        "direction",
        "source",
        "queue",
        "answered_at",
        "ended_at",
        "hold_seconds",
        "wrap_seconds",
        "transferred_to",
        "first_contact",
        "note",
    ]
    edit_fieldsets = [
        (
            _l("What came of it"),
            {"fields": ["result", "first_contact", "transferred_to", "application", "note"]},
        )
    ]
    show_fieldsets = [
        (
            _l("Call"),
            {
                "fields": [
                    "number", "citizen", "direction", "queue", "operator", "extension", "source", "phase",
                ]
            },
        ),
        (
            _l("What came of it"),
            {
                "fields": [
                    "result", "first_contact", "application", "knowledge", "transferred_to", "recording_ref",
                    "note",
                ]
            },
        ),
        (
            _l("Times"),
            {
                "fields": [
                    "started_at", "answered_at", "ended_at", "notice_at", "wait_seconds", "talk_seconds",
                    "hold_seconds", "wrap_seconds",
                ]
            },
        ),
    ]  # fmt: skip
    label_columns = {
        "started_at": _l("Call began"),
        "answered_at": _l("Call was answered"),
        "ended_at": _l("Call ended"),
        "notice_at": _l("Privacy notice read out"),
        "direction": _l("Direction"),
        "source": _l("Where the record comes from"),
        "phase": _l("Where the call is"),
        "number": _l("Telephone number"),
        "citizen": _l("Caller"),
        "operator": _l("Operator"),
        "extension": _l("Extension"),
        "queue": _l("Queue of the switch"),
        "wait_seconds": _l("Time in the queue"),
        "talk_seconds": _l("Talk time"),
        "hold_seconds": _l("Time on hold"),
        "wrap_seconds": _l("After-call work"),
        "result": _l("Result"),
        "first_contact": _l("Settled at first contact"),
        "application": _l("Application"),
        "knowledge": _l("Knowledge item"),
        "transferred_to": _l("Transferred to"),
        "recording_ref": _l("Recording"),
        "note": _l("Note"),
    }
    description_columns = {
        "first_contact": _l("The caller need not call again about the same matter."),
        "recording_ref": _l("Each look at it is asked for a reason and logged (6698 art. 12)."),
        "transferred_to": _l("Unit, institution or number to which the caller was passed on."),
    }
    wide = frozenset({"note"})
    codes = {
        "direction": DIRECTION_LABELS,
        "source": SOURCE_LABELS,
        "result": RESULT_LABELS,
    }
    formats = {
        "number": number_cell,
        "citizen": caller_cell,
        "result": result_cell,
        "phase": formats.labelled(PHASE_LABELS, PHASE_TONES),
        "application": case_cell,
        "recording_ref": recording_cell,
        "knowledge": item_cell,
        "note": formats.long_text,
        **dict.fromkeys(
            ("wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds"), seconds_cell
        ),
    }
    column_css = {"wait_seconds": "c-num", "talk_seconds": "c-num"}
    personal = frozenset(Call.PERSONAL)
    lookups = {"application": "application"}
    form_extra = {
        "first_contact": SelectField(
            _l("Settled at first contact"),
            [Optional()],
            description=_l("The caller need not call again about the same matter."),
            choices=lambda: [("", _("Not known")), ("1", _("Yes")), ("0", _("No"))],
            coerce=lambda v: None if v in (None, "", "None") else v in (True, "1", "True"),
        )
    }
    list_options = (
        defer(Call.events, raiseload=True),
        defer(Call.search_text, raiseload=True),
        joinedload(Call.citizen).load_only(Citizen.first_name, Citizen.last_name, Citizen.title),
        joinedload(Call.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    show_options = (
        joinedload(Call.application).load_only(
            Application.number,
            Application.subject,
            Application.identity_hidden,
            Application.is_restricted,
        ),
    )
    search = Words(
        "q",
        _l("Search by number, case or words of the note"),
        columns=(Call.search_text,),
        also=by_number,
    )
    filters = (
        Dates("started", _l("Call began"), Call.started_at, instant=True),
        Choice("result", _l("Result"), Call.result, labels=RESULT_LABELS),
        Choice("direction", _l("Direction"), Call.direction, labels=DIRECTION_LABELS),
        Pick("operator", _l("Operator"), Call.operator_id, source="staff"),
        Exact("queue", _l("Queue of the switch"), Call.queue),
        Flag("answered", _l("Call was answered"), Call.answered_at.is_not(None)),
        Flag("first_contact", _l("Settled at first contact"), Call.first_contact),
        Numbers("wait", _l("Seconds in the queue"), Call.wait_seconds),
        Numbers("talk", _l("Seconds of talk"), Call.talk_seconds),
        Choice("weekday", _l("Day of the week"), local_weekday(Call.started_at), labels=WEEKDAYS),
        Choice("hour", _l("Hour"), local_hour(Call.started_at), labels=HOURS),
        Choice("half", _l("Half hour"), local_half_hour(Call.started_at), labels=HALVES),
        Choice("source", _l("Where the record comes from"), Call.source, labels=SOURCE_LABELS),
        Pick("citizen", _l("Caller"), Call.citizen_id, source="citizen"),
        Pick("application", _l("Application"), Call.application_id, source="application"),
        Pick("knowledge", _l("Knowledge item"), Call.knowledge_id, source="knowledge"),
        Pick("file", _l("Call import"), Call.import_id, source="call_import"),
    )
    tabs = (
        ("all", _l("All"), None, ""),
        ("today", _l("Today"), is_today, ""),
        ("lost", _l("Abandoned"), is_lost, ""),
        ("mine", _l("My calls"), is_mine, ""),
        ("open", _l("Not finished"), is_open, "warn"),
        ("unsaid", _l("Result not entered"), is_unsaid, ""),
    )
    empty_text = _l("Calls come from the switch, live or as a file, and from the call screen.")

    def visible_tabs(self) -> Sequence[Any]:
        """Who sees the own calls only needs no tab for them; who handles none has none."""
        actor = current_actor()
        if actor.may("oversee", "Call") and actor.may("handle", "Call"):
            return self.tabs
        return [tab for tab in self.tabs if tab[0] != "mine"]

    def row_label(self, item: Call) -> str:
        """Moment and number, as far as it may be read."""
        moment = formats.plain(item.started_at).text
        return f"{moment} · {number_text(item)}"

    def list_buttons(self) -> list[Button]:
        """The call screen and files of the switch."""
        actor, buttons = current_actor(), []
        if actor.may("write", "CallImport"):
            buttons.append(Button(_("Bring in a file"), url_for("CallImportView.new"), "upload"))
        if actor.may("handle", "Call"):
            buttons.append(
                Button(_("Call screen"), url_for("CallNowView.now"), "phone", primary=True)
            )
        return buttons

    def show_buttons(self, item: Call) -> list[Button]:
        """Hearing the recording is asked for a reason."""
        shown = f"CallRecording:{item.id}" in current_actor().revealed
        if not item.recording_ref or shown or not self.may("listen"):
            return []
        return [
            Button(
                _("Recording"),
                self.url("listen", pk=item.id),
                "eye",
                post=True,
                confirm=_(
                    "The place of the recording is shown for five minutes; your reason is logged."
                ),
                ask=("reason", _("Why do you need to hear it?"), True),
            )
        ]

    @expose("/listen/<int:pk>", methods=["POST"])
    @has_access
    def listen(self, pk: int) -> Any:
        """Show where a recording lies for five minutes; the reason is logged."""
        item = self.load(pk)
        reason = clean(request.form.get("reason", ""))
        if not item.recording_ref:
            abort(404)
        if len(reason) < 5:
            flash(_("Write in a few words why you need to hear the recording."), "error")
            return redirect(self.url("show", pk=pk))
        ports.record_access(
            self.session,
            verb="reveal",
            entity="Call",
            record_id=pk,
            summary=reason[:300],
            changes={"fields": ["recording_ref"]},
        )
        remember_reveal(f"CallRecording:{pk}")
        return redirect(self.url("show", pk=pk))

    def check(self, values: Mapping[str, Any], item: Call | None) -> Iterable[Violation]:
        """The result must fit a call that was answered, or that was not."""
        return result_violations(values, answered=item is not None and item.is_answered)

    def save_changed(self, item: Call, values: Mapping[str, Any]) -> Call:
        """A changed record goes through the service, which guards the link to a case."""
        return acts.after_call_changed(self.session, call=item, values=values)
