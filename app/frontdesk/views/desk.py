"""The Solution Desk at work: the officer's page with the queue, a number in one press, the display."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.core import clock
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.text import format_datetime, format_time
from app.core.views import formats
from app.frontdesk.models import DeskTicket
from app.frontdesk.queries import desk as queries
from app.frontdesk.queries import directory
from app.frontdesk.rules import desk as rules
from app.frontdesk.rules.desk import DeskResult, Matter, PriorityGroup, TicketAction, TicketState
from app.frontdesk.rules.visits import minutes_waited
from app.frontdesk.services import desk as services
from app.frontdesk.views.desk_tickets import application_cell
from app.frontdesk.views.directory import place_text
from app.frontdesk.views.visits_desk import read_id


class DeskView(BaseView):
    """The queue of today as officers and reception work it."""

    route_base = "/desk"
    default_view = "page"
    class_permission_name = "DeskTicket"
    method_permission_name = {
        "page": "read",
        "take": "write",
        "call": "call",
        "again": "call",
        "start": "call",
        "finish": "call",
        "miss": "call",
        "leave": "write",
        "back": "write",
        "cancel": "write",
        "ticket": "read",
        "display": "read",
        "board": "read",
    }
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    # --- the page ------------------------------------------------------------------------------------
    @expose("/")
    @has_access
    def page(self) -> Any:
        """My number, the queue in its order, the counters, what was done today."""
        now, today, actor = clock.now(), clock.today(), current_actor()
        live = queries.list_live(self.session, today)
        own = next((t for t in live if t.officer_id == actor.user_id and _is_up(t)), None)
        counters = queries.count_counters(self.session)
        counter = queries.find_last_counter(self.session, actor.user_id, today) or 1
        ordered = queries.in_order(live, queries.find_head_start(self.session))
        return self.render_template(
            "frontdesk/desk.html",
            title=_("Solution Desk"),
            sub=format_datetime(now, lang=formats.language()),
            own=self._ticket_row(own, now) if own is not None else None,
            serving=own is not None and own.state is TicketState.SERVING,
            queue=[self._ticket_row(t, now) for t in ordered],
            others=[self._ticket_row(t, now) for t in live if _is_up(t) and t is not own],
            recent=[self._done_row(t) for t in queries.list_recent(self.session, today)],
            numbers=queries.count_day(self.session, today),
            counters=list(range(1, counters + 1)),
            counter=min(counter, counters),
            matters=formats.choices(rules.MATTER_LABELS),
            groups=formats.choices(rules.PRIORITY_GROUP_LABELS),
            results=[
                (r.value, formats.translated(label))
                for r, label in rules.DESK_RESULT_LABELS.items()
                if r is not DeskResult.APPLICATION
            ],
            may_call=actor.may("call", "DeskTicket"),
            may_take=actor.may("write", "DeskTicket"),
            may_register=actor.may("register", "Application"),
            request_key=secrets.token_urlsafe(16),
            point=directory.find_desk(self.session),
        )

    def _ticket_row(self, ticket: DeskTicket, now: Any) -> dict[str, Any]:
        group = ticket.priority_group
        linked = ticket.application_id is not None
        return {
            "id": ticket.id,
            "number": ticket.shown,
            "matter": formats.translated(rules.MATTER_LABELS[ticket.matter]),
            "group": formats.translated(rules.PRIORITY_GROUP_LABELS[group])
            if group is not PriorityGroup.NONE
            else "",
            "minutes": minutes_waited(ticket.arrived_at, ticket.started_at, now),
            "since": format_time(ticket.arrived_at, lang=formats.language()),
            "state": formats.labelled(rules.TICKET_STATE_LABELS, rules.TICKET_STATE_TONES)(
                ticket.state, ticket
            ),
            "calls": ticket.calls,
            "counter": ticket.counter,
            "officer": str(ticket.officer) if ticket.officer is not None else "",
            "linked": linked,
            "result": ticket.result.value if ticket.result is not None else "",
            "result_label": formats.translated(rules.DESK_RESULT_LABELS[ticket.result])
            if ticket.result is not None
            else "",
            "intake_url": url_for("IntakeView.new", channel="desk", ticket=ticket.id),
            "application_url": url_for("ApplicationView.show", pk=ticket.application_id)
            if linked
            else "",
        }

    def _done_row(self, ticket: DeskTicket) -> dict[str, Any]:
        lost = ticket.state in rules.LOST_TICKETS
        return {
            "id": ticket.id,
            "number": ticket.shown,
            "ended": format_time(ticket.ended_at, lang=formats.language()),
            "state": formats.labelled(rules.TICKET_STATE_LABELS, rules.TICKET_STATE_TONES)(
                ticket.state, ticket
            ),
            "result": formats.translated(rules.DESK_RESULT_LABELS[ticket.result])
            if ticket.result is not None
            else "",
            "application": application_cell(None, ticket),
            "may_return": lost,
            "url": url_for("DeskTicketView.show", pk=ticket.id),
        }

    # --- reception --------------------------------------------------------------------------------------
    @expose("/take", methods=["POST"])
    @has_access
    def take(self) -> Any:
        """A number in one press: the button says what is wanted."""
        matters = {m.value: m for m in Matter}
        groups = {g.value: g for g in PriorityGroup}
        ticket = services.take_ticket(
            self.session,
            matter=matters.get(request.form.get("matter", ""), Matter.OTHER),
            group=groups.get(request.form.get("group", ""), PriorityGroup.NONE),
            actor=current_actor(),
            now=clock.now(),
            request_key=request.form.get("request_key", "")[:60] or None,
        )
        self.session.commit()
        return redirect(url_for("DeskView.ticket", pk=ticket.id))

    @expose("/ticket/<int:pk>")
    @has_access
    def ticket(self, pk: int) -> Any:
        """The number on a slip: nothing personal stands on it."""
        ticket = queries.get_ticket(self.session, pk) or abort(404)
        live = queries.list_live(self.session, ticket.on)
        ordered = queries.in_order(live, queries.find_head_start(self.session))
        ahead = next((n for n, one in enumerate(ordered) if one.id == ticket.id), 0)
        point = directory.find_desk(self.session)
        return self.render_template(
            "frontdesk/ticket.html",
            title=_("Number %(number)s", number=ticket.shown),
            number=ticket.shown,
            matter=formats.translated(rules.MATTER_LABELS[ticket.matter]),
            at=format_datetime(ticket.arrived_at, lang=formats.language()),
            waiting=ahead,
            point=point,
            place=place_text(point),
            may_cancel=ticket.state is TicketState.WAITING
            and current_actor().may("write", "DeskTicket"),
            ticket=ticket,
            back_url=url_for("DeskView.page"),
        )

    # --- the officer --------------------------------------------------------------------------------------
    def _load(self) -> DeskTicket:
        pk = read_id(request.form.get("ticket", "")) or abort(404)
        return queries.get_ticket(self.session, pk) or abort(404)

    def _common(self) -> dict[str, Any]:
        return {"actor": current_actor(), "now": clock.now()}

    def _back(self) -> Any:
        self.session.commit()
        return redirect(url_for("DeskView.page"))

    @expose("/call", methods=["POST"])
    @has_access
    def call(self) -> Any:
        """Call whoever is next to my counter."""
        counter = read_id(request.form.get("counter", "")) or 0
        ticket = services.call_next(self.session, counter=counter, **self._common())
        if ticket is None:
            flash(_("Nobody is waiting."), "info")
        else:
            flash(
                _(
                    "Number %(number)s is called to counter %(counter)s.",
                    number=ticket.shown,
                    counter=ticket.counter,
                ),
                "success",
            )
        return self._back()

    @expose("/again", methods=["POST"])
    @has_access
    def again(self) -> Any:
        """Show the number once more."""
        services.call_again(self.session, ticket=self._load(), **self._common())
        return self._back()

    @expose("/start", methods=["POST"])
    @has_access
    def start(self) -> Any:
        """Begin the conversation; intake opens when the button says so."""
        ticket = services.start_ticket(
            self.session,
            ticket=self._load(),
            counter=read_id(request.form.get("counter", "")),
            **self._common(),
        )
        self.session.commit()
        if request.form.get("intake") and current_actor().may("register", "Application"):
            return redirect(url_for("IntakeView.new", channel="desk", ticket=ticket.id))
        return redirect(url_for("DeskView.page"))

    @expose("/finish", methods=["POST"])
    @has_access
    def finish(self) -> Any:
        """End the conversation with what came of it."""
        results = {r.value: r for r in DeskResult}
        ticket = services.finish_ticket(
            self.session,
            ticket=self._load(),
            result=results.get(request.form.get("result", "")),
            note=request.form.get("note", ""),
            **self._common(),
        )
        flash(_("Number %(number)s: done.", number=ticket.shown), "success")
        return self._back()

    @expose("/miss", methods=["POST"])
    @has_access
    def miss(self) -> Any:
        """Nobody came when the number was called."""
        services.lose_ticket(
            self.session, ticket=self._load(), action=TicketAction.NO_SHOW, **self._common()
        )
        return self._back()

    @expose("/leave", methods=["POST"])
    @has_access
    def leave(self) -> Any:
        """Somebody has left the queue."""
        services.lose_ticket(
            self.session, ticket=self._load(), action=TicketAction.LEAVE, **self._common()
        )
        return self._back()

    @expose("/back", methods=["POST"])
    @has_access
    def back(self) -> Any:
        """Somebody who was called in vain has come after all."""
        services.take_back(self.session, ticket=self._load(), actor=current_actor())
        return self._back()

    @expose("/cancel", methods=["POST"])
    @has_access
    def cancel(self) -> Any:
        """A number that was taken by mistake."""
        services.cancel_ticket(self.session, ticket=self._load(), **self._common())
        return self._back()

    # --- the waiting hall ---------------------------------------------------------------------------------
    @expose("/display")
    @has_access
    def display(self) -> Any:
        """The big page for the waiting hall: numbers and counters, nothing else."""
        return self.render_template(
            "frontdesk/display.html", title=_("Called numbers"), **self._board()
        )

    @expose("/board")
    @has_access
    def board(self) -> Any:
        """What changes on it, fetched every few seconds."""
        return self.render_template("frontdesk/display_board.html", **self._board())

    def _board(self) -> dict[str, Any]:
        now = clock.now()
        live = queries.list_live(self.session, clock.today())
        calls = rules.calls_to_show([t for t in live if _is_up(t)])
        waiting = queries.in_order(live, queries.find_head_start(self.session))
        return {
            "calls": [{"number": t.shown, "counter": t.counter} for t in calls],
            "next": [t.shown for t in waiting[:6]],
            "waiting": len(waiting),
            "time": format_time(now, lang=formats.language()),
        }


def _is_up(ticket: DeskTicket) -> bool:
    """Called to a counter, or sitting at it."""
    return ticket.state in {TicketState.CALLED, TicketState.SERVING}
