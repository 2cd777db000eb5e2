"""The queue of the Solution Desk: who comes next, what may happen to a ticket, how long it takes.

Source: the directorate's duty j; domain facts 1.1 (desk) and 8.4. How far a priority group goes
ahead is a decision of the directorate and therefore a setting, no law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Any

from app.core.rules import N_, RuleViolation, Violation


class Matter(StrEnum):
    """What somebody at the desk wants."""

    APPLICATION = "application"
    FOLLOW_UP = "follow_up"
    ENQUIRY = "enquiry"
    DOCUMENT = "document"
    OTHER = "other"


class PriorityGroup(StrEnum):
    """Who goes ahead in the queue."""

    NONE = "none"
    ELDERLY = "elderly"
    DISABLED = "disabled"
    WITH_CHILD = "with_child"
    VETERAN = "veteran"


class TicketState(StrEnum):
    """Life of a ticket."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    NO_SHOW = "no_show"
    LEFT = "left"
    CANCELLED = "cancelled"


class DeskResult(StrEnum):
    """What came of a conversation at the desk."""

    SOLVED = "solved"
    APPLICATION = "application"
    GUIDED = "guided"
    UNSOLVED = "unsolved"


MATTER_LABELS = {
    Matter.APPLICATION: N_("New application"),
    Matter.FOLLOW_UP: N_("Asks after an application"),
    Matter.ENQUIRY: N_("Wants information"),
    Matter.DOCUMENT: N_("Brings or takes a document"),
    Matter.OTHER: N_("Something else"),
}

PRIORITY_GROUP_LABELS = {
    PriorityGroup.NONE: N_("No priority"),
    PriorityGroup.ELDERLY: N_("Aged 65 or over"),
    PriorityGroup.DISABLED: N_("Disabled person"),
    PriorityGroup.WITH_CHILD: N_("Pregnant or with a small child"),
    PriorityGroup.VETERAN: N_("Veteran or relative of a martyr"),
}

TICKET_STATE_LABELS = {
    TicketState.WAITING: N_("In the queue"),
    TicketState.CALLED: N_("Called to the desk"),
    TicketState.SERVING: N_("At the desk"),
    TicketState.DONE: N_("Done at the desk"),
    TicketState.NO_SHOW: N_("Did not come when called"),
    TicketState.LEFT: N_("Left the queue"),
    TicketState.CANCELLED: N_("Ticket cancelled"),
}

TICKET_STATE_TONES = {
    TicketState.WAITING: "wait",
    TicketState.CALLED: "info",
    TicketState.SERVING: "info",
    TicketState.DONE: "ok",
    TicketState.NO_SHOW: "bad",
    TicketState.LEFT: "bad",
    TicketState.CANCELLED: "",
}

DESK_RESULT_LABELS = {
    DeskResult.SOLVED: N_("Solved at first contact"),
    DeskResult.APPLICATION: N_("Application registered"),
    DeskResult.GUIDED: N_("Sent to another unit"),
    DeskResult.UNSOLVED: N_("Could not be helped"),
}

#: Somebody still waits for the desk or sits at it.
LIVE_TICKETS = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING})
#: The visitor went without having been received.
LOST_TICKETS = frozenset({TicketState.NO_SHOW, TicketState.LEFT})


class TicketAction(StrEnum):
    """What is done with a ticket."""

    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    LEAVE = "leave"
    BACK = "back"
    CANCEL = "cancel"


_S = TicketState
#: Action → states from which it may be taken, and the state it leads to.
TICKET_MOVES: Mapping[TicketAction, tuple[frozenset[TicketState], TicketState]] = {
    TicketAction.CALL: (frozenset({_S.WAITING}), _S.CALLED),
    TicketAction.RECALL: (frozenset({_S.CALLED}), _S.CALLED),
    TicketAction.START: (frozenset({_S.WAITING, _S.CALLED}), _S.SERVING),
    TicketAction.FINISH: (frozenset({_S.SERVING}), _S.DONE),
    TicketAction.NO_SHOW: (frozenset({_S.CALLED}), _S.NO_SHOW),
    TicketAction.LEAVE: (frozenset({_S.WAITING, _S.CALLED}), _S.LEFT),
    # Whoever was in the corridor keeps the place of the first arrival.
    TicketAction.BACK: (frozenset({_S.NO_SHOW, _S.LEFT}), _S.WAITING),
    TicketAction.CANCEL: (frozenset({_S.WAITING}), _S.CANCELLED),
}


def ticket_state_after(state: TicketState, action: TicketAction) -> TicketState:
    """Return the state after an action; a move that is not in the table is a RuleViolation."""
    sources, target = TICKET_MOVES[action]
    if state not in sources:
        raise RuleViolation(
            Violation(
                "",
                N_("This cannot be done now: the ticket stands at “%(state)s”."),
                {"state": TICKET_STATE_LABELS[state]},
            )
        )
    return target


# --- the order ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Waiting:
    """A ticket as the order of the queue sees it."""

    number: int
    arrived_at: dt.datetime
    group: PriorityGroup = PriorityGroup.NONE


def queue_key(ticket: Waiting, head_start: dt.timedelta) -> tuple[dt.datetime, int]:
    """Return what a ticket is sorted by: its arrival, earlier by the head start for a priority group.

    So nobody waits for ever: somebody without priority is overtaken only by those who came at most
    one head start later. Two who would stand at the same moment keep the order of their numbers.
    """
    ahead = head_start if ticket.group is not PriorityGroup.NONE else dt.timedelta()
    return ticket.arrived_at - ahead, ticket.number


def order_queue(tickets: Iterable[Waiting], *, head_start: dt.timedelta) -> list[Waiting]:
    """Return the tickets in the order in which they are called."""
    return sorted(tickets, key=lambda ticket: queue_key(ticket, head_start))


def minutes_to_wait(ahead: int, *, service_minutes: float, counters: int) -> int:
    """Return about how many minutes somebody waits with so many ahead and so many counters open."""
    if ahead <= 0:
        return 0
    return ceil(ahead * max(service_minutes, 1.0) / max(counters, 1))


def display_number(number: int) -> str:
    """Return the number as it is called and printed: 007."""
    return f"{number:03d}"


def group_of(needs: Mapping[str, Any]) -> PriorityGroup:
    """Return the priority group that follows from what reception has ticked for a visitor."""
    if needs.get("is_disabled"):
        return PriorityGroup.DISABLED
    if needs.get("is_elderly"):
        return PriorityGroup.ELDERLY
    return PriorityGroup.WITH_CHILD if needs.get("with_child") else PriorityGroup.NONE


def counter_violation(counter: Any, counters: int) -> Violation | None:
    """Return what is wrong with the number of a counter, or None."""
    if isinstance(counter, int) and 1 <= counter <= counters:
        return None
    return Violation(
        "counter",
        N_("Pick your counter, from 1 to %(most)s."),
        {"most": counters},
    )


def calls_to_show(calls: Sequence[Any], most: int = 4) -> list[Any]:
    """Return the calls for the display of the waiting hall, the newest first."""
    known = [call for call in calls if call.called_at is not None]
    return sorted(known, key=lambda call: call.called_at, reverse=True)[:most]
