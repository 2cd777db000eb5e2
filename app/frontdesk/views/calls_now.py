"""The call screen: what rings now, whose cases are open, and everything done with a call by keyboard."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications.models import Application
from app.core import clock
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rules import N_, RuleViolation
from app.core.text import format_number
from app.core.views import formats
from app.frontdesk.models import Call
from app.frontdesk.queries import calls_now
from app.frontdesk.rules.calls import LIVE_PHASES, CallDirection, CallResult
from app.frontdesk.rules.calls_live import LiveEvent
from app.frontdesk.services import calls as acts
from app.frontdesk.views.calls_cells import name_of, number_text, seconds_text
from app.frontdesk.views.calls_now_parts import aside_of, bar_of, desk_of, recent_of, said_of
from app.frontdesk.views.shifts_duty import duty_of

#: Results that one press gives; a transfer asks to whom.
_PLAIN_RESULTS = {
    "informed": CallResult.INFORMED,
    "wrong": CallResult.WRONG,
    "nuisance": CallResult.NUISANCE,
    "answered": CallResult.ANSWERED,
}
_DONE = {
    "informed": N_("Information given: the call has been closed."),
    "wrong": N_("Wrong number: the call has been closed."),
    "nuisance": N_("Nuisance call: the call has been closed."),
    "answered": N_("The call has been closed."),
}


def number(value: str) -> int | None:
    """A record id out of an argument; nonsense is None."""
    return int(value) if value.isdigit() and len(value) < 10 else None


class CallNowView(BaseView):
    """The live call of an operator; it comes by itself and also begins by hand."""

    route_base = "/calls/now"
    default_view = "now"
    class_permission_name = "Call"
    method_permission_name = {
        "now": "handle",
        "state": "handle",
        "desk": "handle",
        "start": "handle",
        "act": "handle",
        "about": "handle",
    }
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    # --- the page ----------------------------------------------------------------------------------------
    @expose("/")
    @has_access
    def now(self) -> Any:
        """The whole screen; its middle is fetched anew whenever the call changes."""
        return self._page(request.args.get("call", ""))

    def _page(self, named: str = "", **desk: Any) -> str:
        """The screen with the call that an address names, or with an error at the field."""
        actor, moment = current_actor(), clock.now()
        return str(
            self.render_template(
                "frontdesk/calls_now.html",
                title=_("Live call"),
                desk={**self._desk(), **desk},
                key=self._key(),
                aside=aside_of(self.session, actor, moment),
                duty=duty_of(self.session, actor, moment),
                state_url=url_for("CallNowView.state"),
                desk_url=url_for("CallNowView.desk", call=named),
            )
        )

    @expose("/desk")
    @has_access
    def desk(self) -> Any:
        """The middle of the screen: bar, cases, knowledge."""
        return self.render_template("frontdesk/calls_desk.html", desk=self._desk(), key=self._key())

    def _desk(self) -> dict[str, Any]:
        actor = current_actor()
        call = self._chosen()
        context: dict[str, Any] = {
            "start_url": url_for("CallNowView.start"),
            "others": [self._other(one) for one in calls_now.list_unfinished(
                self.session, actor, call.id if call is not None else None
            )],
            "waiting": [self._waiting(one) for one in calls_now.list_waiting(self.session)],
            "recent": recent_of(self.session, actor),
            "list_url": url_for("CallView.list", tab="all"),
            "call": call,
        }  # fmt: skip
        if call is not None:
            context["bar"] = bar_of(call)
            context["desk"] = desk_of(self.session, call, actor)
        return context

    def _chosen(self) -> Call | None:
        """The call that the address names, while it is live and mine; else the one in hand."""
        named = number(request.args.get("call", ""))
        if named is not None:
            call = calls_now.get_call(self.session, named)
            own = call is not None and call.operator_id in {None, current_actor().user_id}
            if call is not None and own and call.phase in LIVE_PHASES:
                return call
        found = calls_now.find_now(self.session, current_actor())
        return calls_now.get_call(self.session, found.call_id) if found.call_id else None

    @staticmethod
    def _other(call: Call) -> dict[str, Any]:
        who = name_of(call.citizen) if call.citizen is not None else number_text(call)
        return {"who": who, "url": url_for("CallNowView.now", call=call.id)}

    @staticmethod
    def _waiting(call: Call) -> dict[str, Any]:
        who = name_of(call.citizen) if call.citizen is not None else number_text(call)
        waited = (clock.now() - call.started_at).total_seconds()
        return {
            "who": who,
            "waited": seconds_text(max(waited, 0)),
            "url": url_for("CallNowView.act", act="take", pk=call.id),
        }

    # --- what changes ------------------------------------------------------------------------------------
    @expose("/state")
    @has_access
    def state(self) -> Any:
        """JSON of what is in hand, asked every second; 304 while nothing has changed."""
        found = calls_now.find_now(self.session, current_actor())
        tag = self._tag(found)
        if request.if_none_match.contains(tag):
            return Response(status=304, headers={"ETag": f'"{tag}"'})
        oldest = (clock.now() - found.oldest).total_seconds() if found.oldest else 0
        answer = jsonify(
            call=found.call_id,
            key=tag,
            phase=found.phase,
            waiting=found.waiting,
            waiting_text=_(
                "%(n)s waiting, the longest %(time)s",
                n=format_number(found.waiting, lang=formats.language()),
                time=seconds_text(max(oldest, 0)),
            )
            if found.waiting
            else _("nobody is waiting"),
        )
        answer.headers["ETag"] = f'"{tag}"'
        return answer

    def _key(self) -> str:
        return self._tag(calls_now.find_now(self.session, current_actor()))

    @staticmethod
    def _tag(found: calls_now.Now) -> str:
        parts = (found.call_id, found.version, found.phase, found.others, found.waiting)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    # --- acts ----------------------------------------------------------------------------------------------
    @expose("/start", methods=["POST"])
    @has_access
    def start(self) -> Any:
        """Begin a call by hand, with a number or with a withheld one."""
        withheld = bool(request.form.get("withheld"))
        typed = "" if withheld else request.form.get("number", "")
        direction = (
            CallDirection.OUT if request.form.get("direction") == "out" else CallDirection.IN
        )
        try:
            if not withheld and not typed.strip():
                raise acts.refuse(N_("Write the number, or tick that it is withheld."), "number")
            call = acts.start_call(
                self.session, number=typed, direction=direction, actor=current_actor()
            )
            self.session.commit()
        except RuleViolation as refused:
            self.session.rollback()
            return self._start_refused(refused, typed)
        return redirect(url_for("CallNowView.now", call=call.id))

    def _start_refused(self, refused: RuleViolation, typed: str) -> Any:
        """The screen with the error at the field and what was typed."""
        text = " ".join(_(v.message) % dict(v.params) for v in refused.violations)
        return self._page(error=text, typed=typed), 422

    @expose("/act/<string:act>/<int:pk>", methods=["POST"])
    @has_access
    def act(self, act: str, pk: int) -> Any:
        """Do something with a call: take it, note the notice, hold, end, close with a result."""
        call = calls_now.get_call(self.session, pk) or abort(404)
        work = self._acts().get(act) or abort(404)
        return self._try(call, lambda: work(call))

    def _acts(self) -> dict[str, Callable[[Call], str]]:
        """Name → what it does; each answers what is told afterwards."""
        common: dict[str, Any] = {"actor": current_actor()}
        session = self.session

        def take(call: Call) -> str:
            acts.take_call(session, call=call, **common)
            return ""

        def notice(call: Call) -> str:
            acts.read_notice(session, call=call, **common)
            return ""

        def tell(event: LiveEvent) -> Callable[[Call], str]:
            def work(call: Call) -> str:
                acts.tell_event(session, call=call, event=event, **common)
                return ""

            return work

        def who(call: Call) -> str:
            acts.choose_citizen(
                session, call=call, citizen_id=number(request.form.get("citizen", "")), **common
            )
            return ""

        def transfer(call: Call) -> str:
            to = request.form.get("to", "")
            acts.close_call(
                session, call=call, result=CallResult.TRANSFERRED, transferred_to=to, **common
            )
            return str(_("The call has been passed on to %(to)s.", to=to))

        def close(name: str) -> Callable[[Call], str]:
            def work(call: Call) -> str:
                acts.close_call(
                    session,
                    call=call,
                    result=_PLAIN_RESULTS[name],
                    note=request.form.get("note", ""),
                    knowledge_id=number(request.form.get("knowledge", "")),
                    **common,
                )
                return str(_(_DONE[name]))

            return work

        return {
            "take": take,
            "notice": notice,
            "hold": tell(LiveEvent.HOLD),
            "resume": tell(LiveEvent.RESUME),
            "hangup": tell(LiveEvent.HANGUP),
            "who": who,
            "transfer": transfer,
            **{name: close(name) for name in _PLAIN_RESULTS},
        }

    @expose("/about/<string:act>/<int:pk>/<int:case>", methods=["POST"])
    @has_access
    def about(self, act: str, pk: int, case: int) -> Any:
        """Do something with a case of the caller: its state was told, a note, an SMS."""
        call = calls_now.get_call(self.session, pk) or abort(404)
        application = self.session.get(Application, case) or abort(404)
        common: dict[str, Any] = {"call": call, "application": application}

        def told() -> str:
            acts.tell_state(
                self.session, **common, actor=current_actor(), said=said_of(application)
            )
            return str(
                _(
                    "The state of %(number)s was told: the call has been closed.",
                    number=application.number,
                )
            )

        def note() -> str:
            acts.note_on_case(
                self.session, **common, text=request.form.get("note", ""), actor=current_actor()
            )
            return str(_("The note stands in %(number)s.", number=application.number))

        def sms() -> str:
            acts.check_handler(current_actor(), call)
            sent = acts.send_state(self.session, **common, text=said_of(application))
            return (
                str(_("The SMS will be sent."))
                if sent
                else str(_("It is sent only to the number of the applicant."))
            )

        work = {"told": told, "note": note, "sms": sms}.get(act) or abort(404)
        return self._try(call, work)

    def _try(self, call: Call, work: Callable[[], str]) -> Any:
        """Do it and commit, or say what is wrong; then back to the screen."""
        pk = call.id
        try:
            told = work()
            self.session.commit()
            if told:
                flash(told, "success")
        except RuleViolation as refused:
            self.session.rollback()
            for one in refused.violations:
                flash(_(one.message) % dict(one.params) if one.params else _(one.message), "error")
        still = calls_now.get_call(self.session, pk)
        if still is not None and still.phase in LIVE_PHASES:
            return redirect(url_for("CallNowView.now", call=pk))
        return redirect(url_for("CallNowView.now"))
