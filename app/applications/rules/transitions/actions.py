"""What can be done with an application, and the shape of one row of the table; no row stands here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.applications.rules.vocabulary import State, Visibility


class Action(StrEnum):
    """What moves an application from one state to another."""

    REGISTER = "register"
    DISCARD = "discard"
    TAKE_TO_TRIAGE = "take_to_triage"
    TRIAGE_AGAIN = "triage_again"
    ASSIGN = "assign"
    ACCEPT = "accept"
    RETURN_TO_OFFICE = "return_to_office"
    SCHEDULE = "schedule"
    START_WORK = "start_work"
    REQUEST_INFORMATION = "request_information"
    RECEIVE_INFORMATION = "receive_information"
    REQUEST_EXTENSION = "request_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    DEMAND_FEE = "demand_fee"
    RECEIVE_FEE = "receive_fee"
    WITHDRAW_FEE = "withdraw_fee"
    UNIT_ANSWER = "unit_answer"
    SEND_BACK_TO_UNIT = "send_back_to_unit"
    APPROVE_REPLY = "approve_reply"
    RECALL_REPLY = "recall_reply"
    SEND_REPLY = "send_reply"
    SEND_REFUSAL = "send_refusal"
    CLOSE = "close"
    REOPEN = "reopen"
    TRANSFER_OUT = "transfer_out"
    WITHDRAW = "withdraw"
    REJECT = "reject"
    DECLARE_INADMISSIBLE = "declare_inadmissible"
    TAKE_DECISION_BACK = "take_decision_back"
    MERGE = "merge"
    UNMERGE = "unmerge"
    UNDO_ASSIGN = "undo_assign"
    UNDO_CLOSE = "undo_close"
    DEEM_WITHDRAWN = "deem_withdrawn"
    APPEAL = "appeal"
    CLOSE_NO_REPLY = "close_no_reply"
    CLOSE_FIRST_CONTACT = "close_first_contact"


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    `verbs` are acts on Application of which the actor holds at least one; `needs` names the fields
    that must be given; `at_unit` tells two rows of one action apart: True when a unit has the case.
    A row that `restores` takes a step back to where the case stood; whoever takes it back names that
    state, and it is never offered beside the ordinary ways.
    """

    action: Action
    from_states: frozenset[State]
    to_state: State
    verbs: tuple[str, ...]
    label: str
    done: str
    needs: tuple[str, ...] = ()
    stops_clock: bool = False
    at_unit: bool | None = None
    visibility: Visibility = Visibility.INTERNAL
    tone: str = "info"
    restores: bool = False

    @property
    def verb(self) -> str:
        """The act that is named first, for menus and documents."""
        return self.verbs[0]
