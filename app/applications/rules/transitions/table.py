"""The one table of what may happen to an application; who is told of it is not decided here.

Source: domain facts 1.4; 3071 m.4–7; 4982 m.7, m.11–13. What the facts do not list but practice
needs stands in `BEYOND_THE_FACTS` with its reason, so that nobody takes it for law.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.applications.rules.transitions.actions import Action, Transition
from app.applications.rules.vocabulary import OPEN_STATES, State, Visibility
from app.core.rules import N_

_S = State
_SHOWN = Visibility.APPLICANT


def _row(
    action: Action,
    from_states: Collection[State],
    to_state: State,
    verbs: str,
    label: str,
    done: str,
    *,
    needs: tuple[str, ...] = (),
    stops_clock: bool = False,
    at_unit: bool | None = None,
    shown: bool = False,
    tone: str = "info",
    restores: bool = False,
) -> Transition:
    return Transition(
        action=action,
        from_states=frozenset(from_states),
        to_state=to_state,
        verbs=tuple(verbs.split()),
        label=label,
        done=done,
        needs=needs,
        stops_clock=stops_clock,
        at_unit=at_unit,
        visibility=_SHOWN if shown else Visibility.INTERNAL,
        tone=tone,
        restores=restores,
    )


_WITHDRAWABLE = OPEN_STATES - {_S.REPLY_APPROVED}
_ENDED = {
    _S.ANSWERED,
    _S.REJECTED,
    _S.INADMISSIBLE,
    _S.TRANSFERRED_OUT,
    _S.WITHDRAWN,
    _S.DEEMED_WITHDRAWN,
    _S.APPEALED,
}
#: Duplicates that a unit has in hand; taking them from it needs the verb of its own.
_MERGED_AT_UNIT = {_S.ASSIGNED, _S.IN_PROGRESS, _S.SCHEDULED}
_MERGED_IN_OFFICE = {_S.REGISTERED, _S.TRIAGE, _S.RETURNED, _S.REOPENED}
#: States from which a case is assigned, directly or with its assessment in between.
_ASSIGNED_FROM = {_S.REGISTERED, _S.TRIAGE, _S.RETURNED, _S.REOPENED}


def _restoring(
    action: Action,
    from_state: State,
    to_states: Collection[State],
    verbs: str,
    label: str,
    done: str,
) -> tuple[Transition, ...]:
    """One row for each state that a step may be taken back to."""
    return tuple(
        _row(action, {from_state}, state, verbs, label, done, needs=("reason",), restores=True)
        for state in sorted(to_states)
    )


TRANSITIONS: tuple[Transition, ...] = (
    _row(
        Action.REGISTER, {_S.DRAFT}, _S.REGISTERED, "register",
        N_("Register"), N_("Registered"), shown=True,
    ),
    _row(
        Action.DISCARD, {_S.DRAFT}, _S.DISCARDED, "register",
        N_("Discard draft"), N_("Draft discarded"), tone="",
    ),
    _row(
        Action.TAKE_TO_TRIAGE, {_S.REGISTERED}, _S.TRIAGE, "triage assign",
        N_("Take to assessment"), N_("Taken to assessment"),
    ),
    _row(
        Action.TRIAGE_AGAIN, {_S.RETURNED, _S.REOPENED}, _S.TRIAGE, "triage assign",
        N_("Assess again"), N_("Assessed again"),
    ),
    _row(
        Action.ASSIGN, {_S.TRIAGE, _S.REOPENED}, _S.ASSIGNED, "assign",
        N_("Assign to unit"), N_("Assigned to unit"), needs=("lead_unit_id",), shown=True,
    ),
    _row(
        Action.ACCEPT, {_S.ASSIGNED}, _S.IN_PROGRESS, "accept",
        N_("Accept"), N_("Accepted by the unit"), shown=True,
    ),
    _row(
        Action.RETURN_TO_OFFICE, {_S.ASSIGNED, _S.IN_PROGRESS}, _S.RETURNED, "accept assign",
        N_("Return: not our task"), N_("Returned by the unit"), needs=("reason",), tone="wait",
    ),
    _row(
        Action.SCHEDULE, {_S.IN_PROGRESS}, _S.SCHEDULED, "answer",
        N_("Put on the work programme"), N_("Put on the work programme"),
        needs=("planned_on", "note"), shown=True,
    ),
    _row(
        Action.START_WORK, {_S.SCHEDULED}, _S.IN_PROGRESS, "accept answer",
        N_("Start the work"), N_("Work started"), shown=True,
    ),
    _row(
        Action.REQUEST_INFORMATION, {_S.TRIAGE}, _S.INFO_REQUESTED, "triage",
        N_("Ask the applicant"), N_("More information asked of the applicant"),
        needs=("note",), shown=True, tone="wait",
    ),
    _row(
        Action.REQUEST_INFORMATION, {_S.IN_PROGRESS}, _S.INFO_REQUESTED, "answer triage",
        N_("Ask the applicant"), N_("More information asked of the applicant"),
        needs=("note",), shown=True, tone="wait",
    ),
    _row(
        Action.RECEIVE_INFORMATION, {_S.INFO_REQUESTED}, _S.IN_PROGRESS, "register triage answer",
        N_("Information received"), N_("Information received from the applicant"),
        needs=("note",), at_unit=True, shown=True,
    ),
    _row(
        Action.RECEIVE_INFORMATION, {_S.INFO_REQUESTED}, _S.TRIAGE, "register triage answer",
        N_("Information received"), N_("Information received from the applicant"),
        needs=("note",), at_unit=False, shown=True,
    ),
    _row(
        Action.REQUEST_EXTENSION, {_S.IN_PROGRESS}, _S.EXTENSION_REQUESTED, "answer extend",
        N_("Ask for more time"), N_("More time asked for"), needs=("reason",), tone="wait",
    ),
    # A unit that has not yet taken a case must not let the day pass on which time can be asked for.
    _row(
        Action.REQUEST_EXTENSION, {_S.ASSIGNED}, _S.EXTENSION_REQUESTED, "extend",
        N_("Ask for more time"), N_("More time asked for"), needs=("reason",), tone="wait",
    ),
    _row(
        Action.GRANT_EXTENSION, {_S.EXTENSION_REQUESTED}, _S.IN_PROGRESS, "approve",
        N_("Grant more time"), N_("More time granted"), shown=True,
    ),
    _row(
        Action.REFUSE_EXTENSION, {_S.EXTENSION_REQUESTED}, _S.IN_PROGRESS, "approve",
        N_("Refuse more time"), N_("More time refused"), needs=("reason",), tone="bad",
    ),
    _row(
        Action.DEMAND_FEE, {_S.IN_PROGRESS}, _S.FEE_PENDING, "reply",
        N_("Demand the access fee"), N_("Access fee demanded"),
        needs=("note",), shown=True, tone="wait",
    ),
    _row(
        Action.RECEIVE_FEE, {_S.FEE_PENDING}, _S.IN_PROGRESS, "reply",
        N_("Fee paid"), N_("Access fee paid"), shown=True,
    ),
    _row(
        Action.WITHDRAW_FEE, {_S.FEE_PENDING}, _S.IN_PROGRESS, "reply",
        N_("Take the fee notice back"), N_("Fee notice taken back"),
        needs=("reason",), shown=True, tone="wait",
    ),
    _row(
        Action.UNIT_ANSWER, {_S.IN_PROGRESS, _S.SCHEDULED}, _S.UNIT_ANSWERED, "answer",
        N_("Answer as the unit"), N_("Unit answered"), needs=("answer_text", "outcome"), tone="ok",
    ),
    _row(
        Action.SEND_BACK_TO_UNIT, {_S.UNIT_ANSWERED}, _S.IN_PROGRESS, "reply approve",
        N_("Send back to the unit"), N_("Sent back to the unit"), needs=("reason",), tone="wait",
    ),
    _row(
        Action.APPROVE_REPLY, {_S.UNIT_ANSWERED}, _S.REPLY_APPROVED, "approve",
        N_("Approve the reply"), N_("Reply approved"), tone="ok",
    ),
    _row(
        Action.RECALL_REPLY, {_S.REPLY_APPROVED}, _S.UNIT_ANSWERED, "approve reply",
        N_("Take the approval back"), N_("Approval taken back"), needs=("reason",), tone="wait",
    ),
    _row(
        Action.SEND_REPLY, {_S.REPLY_APPROVED, _S.TRIAGE}, _S.ANSWERED, "reply approve",
        N_("Send the reply"), N_("Reply sent to the applicant"),
        stops_clock=True, shown=True, tone="ok",
    ),
    _row(
        Action.SEND_REFUSAL, {_S.TRIAGE, _S.REPLY_APPROVED}, _S.REJECTED, "reply approve",
        N_("Send the refusal"), N_("Refusal sent to the applicant"),
        stops_clock=True, shown=True, tone="bad",
    ),
    _row(
        Action.CLOSE, _ENDED, _S.CLOSED, "close",
        N_("Close"), N_("Closed"), shown=True, tone="",
    ),
    _row(
        Action.REOPEN, {_S.ANSWERED, _S.CLOSED}, _S.REOPENED, "reopen",
        N_("Reopen"), N_("Reopened"), needs=("reason",), shown=True, tone="wait",
    ),
    _row(
        Action.TRANSFER_OUT, {_S.TRIAGE}, _S.TRANSFERRED_OUT, "transfer",
        N_("Pass to another institution"), N_("Passed to another institution"),
        needs=("institution_id",), stops_clock=True, shown=True, tone="",
    ),
    _row(
        Action.WITHDRAW, _WITHDRAWABLE, _S.WITHDRAWN, "withdraw",
        N_("Withdraw at the applicant’s wish"), N_("Withdrawn at the applicant’s wish"),
        needs=("note",), stops_clock=True, shown=True, tone="",
    ),
    _row(
        Action.REJECT, {_S.TRIAGE, _S.IN_PROGRESS, _S.UNIT_ANSWERED}, _S.REJECTED, "reject",
        N_("Refuse with reasons"), N_("Refused with reasons"),
        needs=("reason",), stops_clock=True, shown=True, tone="bad",
    ),
    _row(
        Action.DECLARE_INADMISSIBLE, {_S.REGISTERED, _S.TRIAGE}, _S.INADMISSIBLE, "reject triage",
        N_("Declare inadmissible (3071 art. 6)"), N_("Declared inadmissible (3071 art. 6)"),
        needs=("inadmissible_reason",), stops_clock=True, shown=True, tone="bad",
    ),
    _row(
        Action.TAKE_DECISION_BACK, {_S.INADMISSIBLE, _S.TRANSFERRED_OUT}, _S.TRIAGE, "triage approve",
        N_("Take the decision back"), N_("Decision taken back before its letter left"),
        needs=("reason",), tone="wait",
    ),
    _row(
        Action.MERGE, _MERGED_IN_OFFICE, _S.MERGED, "merge triage",
        N_("Merge with another case"), N_("Merged with another case"),
        needs=("master_id",), shown=True, tone="",
    ),
    _row(
        Action.MERGE, _MERGED_AT_UNIT, _S.MERGED, "merge",
        N_("Merge with another case"), N_("Merged with another case"),
        needs=("master_id",), shown=True, tone="",
    ),
    _row(
        Action.UNMERGE, {_S.MERGED}, _S.TRIAGE, "merge",
        N_("Take out of the merged case"), N_("Taken out of the merged case"), needs=("reason",),
    ),
    *_restoring(
        Action.UNMERGE, _S.MERGED, (_MERGED_AT_UNIT | _MERGED_IN_OFFICE) - {_S.TRIAGE}, "merge",
        N_("Take out of the merged case"), N_("Taken out of the merged case"),
    ),
    *_restoring(
        Action.UNDO_ASSIGN, _S.ASSIGNED, _ASSIGNED_FROM, "assign",
        N_("Take the assignment back"), N_("Assignment taken back"),
    ),
    *_restoring(
        Action.UNDO_CLOSE, _S.CLOSED, _ENDED, "close",
        N_("Take the closing back"), N_("Closing taken back"),
    ),
    _row(
        Action.DEEM_WITHDRAWN, {_S.FEE_PENDING}, _S.DEEMED_WITHDRAWN, "reply",
        N_("Deem withdrawn: fee not paid"), N_("Deemed withdrawn: fee not paid"),
        stops_clock=True, shown=True, tone="",
    ),
    _row(
        Action.APPEAL, {_S.REJECTED, _S.ANSWERED, _S.CLOSED}, _S.APPEALED, "reply",
        N_("Record an appeal to the Board"), N_("Appealed to the Board (4982 art. 13)"),
        needs=("note",), shown=True, tone="wait",
    ),
    _row(
        Action.CLOSE_NO_REPLY, {_S.INFO_REQUESTED}, _S.CLOSED, "close",
        N_("Close: applicant did not answer"), N_("Closed: applicant did not answer"),
        stops_clock=True, shown=True, tone="",
    ),
    _row(
        Action.CLOSE_FIRST_CONTACT, {_S.REGISTERED}, _S.CLOSED, "close",
        N_("Close at first contact"), N_("Answered and closed at first contact"),
        needs=("note",), stops_clock=True, shown=True, tone="ok",
    ),
)  # fmt: skip

#: Moves that domain facts 1.4 do not list, each with its reason.
BEYOND_THE_FACTS: Mapping[tuple[State, State], str] = {
    (
        _S.IN_PROGRESS,
        _S.FEE_PENDING,
    ): "The facts name the state but not the way into it (4982 m.11).",
    (_S.REPLY_APPROVED, _S.ANSWERED): "The facts name the approval; sending is a step of its own.",
    (
        _S.REPLY_APPROVED,
        _S.UNIT_ANSWERED,
    ): "An approved letter that the outgoing check holds back is corrected before it leaves.",
    (
        _S.ASSIGNED,
        _S.EXTENSION_REQUESTED,
    ): "A unit that has not taken its case must not let the day for an extension pass (4982 m.11).",
    **{
        (
            state,
            _S.TRIAGE,
        ): "A decision whose letter was not signed has not been taken; the case goes on."
        for state in (_S.INADMISSIBLE, _S.TRANSFERRED_OUT)
    },
    (_S.MERGED, _S.TRIAGE): "A wrong merge must be undone, else an applicant stays without answer.",
    **{
        (
            state,
            _S.MERGED,
        ): "After an outage the units have the duplicates before anybody sees them."
        for state in (_MERGED_AT_UNIT | _MERGED_IN_OFFICE) - {_S.REGISTERED, _S.TRIAGE}
    },
    **{
        (_S.MERGED, state): "A merge that is undone leaves the case where it was, also at its unit."
        for state in (_MERGED_AT_UNIT | _MERGED_IN_OFFICE) - {_S.TRIAGE}
    },
    **{
        (
            _S.ASSIGNED,
            state,
        ): "An act over many cases is taken back as long as no unit has accepted."
        for state in _ASSIGNED_FROM - {_S.RETURNED}
    },
    **{
        (
            _S.CLOSED,
            state,
        ): "An act over many cases that closed too much is taken back, without a new cycle."
        for state in _ENDED
    },
    (_S.REOPENED, _S.TRIAGE): "A case that no unit had before has no unit to go back to.",
    (_S.TRIAGE, _S.REJECTED): "The facts name the state but not the way into it.",
    (
        _S.REPLY_APPROVED,
        _S.REJECTED,
    ): "A refusal of information leaves as an approved letter with its remedies (4982 m.12).",
    (
        _S.ANSWERED,
        _S.APPEALED,
    ): "A partial answer refuses the rest, and the Board hears that as well (4982 m.13).",
    (
        _S.CLOSED,
        _S.APPEALED,
    ): "A case may be filed before the applicant’s fifteen days to appeal are over (4982 m.13).",
    (_S.IN_PROGRESS, _S.REJECTED): "The facts name the state but not the way into it.",
    (_S.UNIT_ANSWERED, _S.REJECTED): "The facts name the state but not the way into it.",
    **{
        (state, _S.WITHDRAWN): "An applicant may take an application back as long as it is open."
        for state in _WITHDRAWABLE - {_S.INFO_REQUESTED}
    },
}

#: Every verb the table asks for, so that roles can be compared with it.
VERBS = frozenset(verb for row in TRANSITIONS for verb in row.verbs)
