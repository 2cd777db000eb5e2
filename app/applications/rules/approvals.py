"""The chain of approval of a letter: who gives a paraf, who signs, and who may not; nothing is stored here.

Source: domain facts 9 (memur → şef → şube müdürü → daire başkanı; segregation of duties; vekâlet).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.applications.rules.vocabulary import Kind, Outcome, ReplyKind, State
from app.core.rules import N_, Violation


class ApprovalState(StrEnum):
    """Life of one step of a chain."""

    AHEAD = "ahead"
    WAITING = "waiting"
    INITIALLED = "initialled"
    SENT_BACK = "sent_back"
    SKIPPED = "skipped"


APPROVAL_STATE_LABELS = {
    ApprovalState.AHEAD: N_("Its turn has not come"),
    ApprovalState.WAITING: N_("Waiting"),
    ApprovalState.INITIALLED: N_("Initialled"),
    ApprovalState.SENT_BACK: N_("Sent back"),
    ApprovalState.SKIPPED: N_("Skipped"),
}
APPROVAL_STATE_TONES = {
    ApprovalState.AHEAD: "",
    ApprovalState.WAITING: "wait",
    ApprovalState.INITIALLED: "ok",
    ApprovalState.SENT_BACK: "bad",
    ApprovalState.SKIPPED: "",
}

#: Role → its place in the chain of approval; who stands higher may act for who stands lower.
RANKS: Mapping[str, int] = {
    "clerk": 1,
    "desk_officer": 1,
    "cimer_officer": 1,
    "foi_officer": 1,
    "chief": 2,
    "branch_mgr": 3,
    "dept_head": 4,
}
#: Roles that may sign, and roles that see restricted cases; a test holds both against the rights.
SIGNING_ROLES = frozenset({"branch_mgr", "dept_head"})
SEEING_ROLES = frozenset({"cimer_officer", "branch_mgr", "dept_head"})

APPROVAL_ROLE_LABELS = {
    "clerk": N_("Clerk, data entry"),
    "desk_officer": N_("Solution Desk officer"),
    "cimer_officer": N_("CİMER officer"),
    "foi_officer": N_("Right to information officer"),
    "chief": N_("Chief"),
    "branch_mgr": N_("Branch manager"),
    "dept_head": N_("Department head"),
}

#: At most so many stations has a letter.
MOST_STEPS = 8

#: The case has been decided otherwise than by a final answer; its letter follows on its own way.
DECIDED_STATES = frozenset({State.INADMISSIBLE})
#: Decided by somebody who may not sign: nothing is told, and the clock runs, until the letter has left.
AWAITING_LETTER_STATES = frozenset({State.INADMISSIBLE, State.TRANSFERRED_OUT})


def awaits_letter(state: State, answered_at: dt.datetime | None) -> bool:
    """Whether a decision has been taken whose letter has not left yet."""
    return state in AWAITING_LETTER_STATES and answered_at is None


# --- routes ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Route:
    """When a route holds: a part that is None asks for nothing."""

    pk: int
    reply_kind: ReplyKind | None = None
    outcome: Outcome | None = None
    for_kind: Kind | None = None
    position: int = 0


def pick_route(
    routes: Iterable[Route], *, reply_kind: ReplyKind, outcome: Outcome | None, kind: Kind
) -> Route | None:
    """Return the route that says most about this letter; between equals the first in order.

    None when no route holds: then whoever may approve signs, as one step.
    """

    def holds(route: Route) -> bool:
        return (
            route.reply_kind in {None, reply_kind}
            and route.outcome in {None, outcome}
            and route.for_kind in {None, kind}
        )

    def rank(route: Route) -> tuple[int, int, int]:
        said = sum(v is not None for v in (route.reply_kind, route.outcome, route.for_kind))
        return -said, route.position, route.pk

    return min((r for r in routes if holds(r)), key=rank, default=None)


@dataclass(frozen=True)
class Station:
    """One station of a route: a role, or one person; neither means whoever may approve."""

    role: str = ""
    user_id: int | None = None


@dataclass(frozen=True)
class PlannedStep:
    """One step of a letter's chain before it is stored."""

    position: int
    station: Station
    signs: bool
    state: ApprovalState
    why: str = ""


#: Why a station was left out, as it is told beside the step.
WRITER_FILLS = N_("The writer holds this post.")
ROLE_IS_BLIND = N_("This role does not see restricted cases.")


def plan_chain(
    stations: Sequence[Station],
    *,
    writer_id: int | None,
    writer_roles: Collection[str],
    is_restricted: bool = False,
) -> tuple[PlannedStep, ...]:
    """Return the steps of a letter in order; the last one signs, the first open one waits.

    A station that the writer fills is skipped: the writer's own paraf says nothing new. So is the
    station of a role that may not see a restricted case. The signature is never skipped. No station
    at all is one step for whoever may approve.
    """
    wanted = list(stations) or [Station()]
    steps: list[PlannedStep] = []
    is_next = True
    for number, station in enumerate(wanted, start=1):
        signs = number == len(wanted)
        why = "" if signs else _why_skipped(station, writer_id, writer_roles, is_restricted)
        if why:
            state = ApprovalState.SKIPPED
        elif is_next:
            state, is_next = ApprovalState.WAITING, False
        else:
            state = ApprovalState.AHEAD
        steps.append(PlannedStep(number, station, signs, state, why))
    return tuple(steps)


def _why_skipped(
    station: Station, writer_id: int | None, writer_roles: Collection[str], is_restricted: bool
) -> str:
    """The reason for leaving a station out, or nothing."""
    if station.user_id is not None:
        return WRITER_FILLS if station.user_id == writer_id else ""
    if station.role and station.role in writer_roles:
        return WRITER_FILLS
    if is_restricted and station.role not in SEEING_ROLES:
        return ROLE_IS_BLIND
    return ""


# --- whose turn it is ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Office:
    """A post as the rules look at it: who holds it, in which roles, and what it may do."""

    user_id: int | None
    roles: frozenset[str]
    may_approve: bool
    may_initial: bool


def fills_station(office: Office, station: Station) -> bool:
    """Say whether this post is the one that the station names; whoever may approve fills an open one."""
    if station.user_id is not None:
        return office.user_id == station.user_id
    if not station.role:
        return office.may_approve
    return station.role in office.roles


def takes_step(office: Office, station: Station, *, signs: bool) -> bool:
    """Say whether this post may act on a step: it is named, or stands above who is named.

    Signing needs the right to approve, a paraf the right to give one.
    """
    if not (office.may_approve or (office.may_initial and not signs)):
        return False
    if fills_station(office, station):
        return True
    if station.user_id is not None or not station.role:
        return False
    highest = max((RANKS.get(role, 0) for role in office.roles), default=0)
    return office.may_approve and highest > RANKS.get(station.role, 99)


def approval_violations(
    *,
    approver_id: int | None,
    drafter_id: int | None,
    registrar_id: int | None,
    outcome: Outcome | None,
    approver_for_id: int | None = None,
    drafter_for_id: int | None = None,
) -> Iterator[Violation]:
    """Nobody approves the own letter, and a refusal is not approved by who registered the case.

    Deputies change nothing in that: looked at are the person and the one whose place the person
    takes, on both sides. Source: domain facts 9, segregation of duties. The system itself (None) is
    no person.
    """
    if approver_id is None:
        return
    approvers = {approver_id, approver_for_id} - {None}
    writers = {drafter_id, drafter_for_id} - {None}
    if approver_id in writers:
        yield Violation("approved_by", N_("Who wrote a reply may not approve it."))
    elif approvers & writers:
        yield Violation(
            "approved_by",
            N_("A deputy may not approve what the person whose place is taken wrote."),
        )
    if outcome is Outcome.REJECTED and registrar_id in approvers:
        yield Violation(
            "approved_by", N_("Who registered the application may not approve its refusal.")
        )


# --- keeping routes --------------------------------------------------------------------------------
def route_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a route itself; its stations are looked at one by one."""
    if not str(values.get("name") or "").strip():
        yield Violation("name", N_("Give the route a name."))
    position = values.get("position")
    if position is not None and not 0 <= int(position) <= 999:
        yield Violation("position", N_("Between 0 and 999."))


def station_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a station: exactly one of a role and a person is named."""
    role = values.get("role") or ""
    person = values.get("user") or values.get("user_id")
    if not (values.get("route") or values.get("route_id")):
        yield Violation("route", N_("Pick the route."))
    if bool(role) == bool(person):
        yield Violation("role", N_("Pick a role or a person, one of the two."))
    if role and role not in RANKS:
        yield Violation("role", N_("This role gives no paraf."))
    position = values.get("position")
    if position is not None and not 1 <= int(position) <= MOST_STEPS:
        yield Violation("position", N_("Between 1 and %(most)s."), {"most": MOST_STEPS})


def last_station_violations(stations: Sequence[Station]) -> Iterator[Violation]:
    """Yield a chain whose last station may not sign."""
    if not stations:
        yield Violation("", N_("A route without a station signs nothing; add who signs."))
    elif stations[-1].user_id is None and stations[-1].role not in SIGNING_ROLES:
        yield Violation("", N_("The last station signs; its role may not approve letters."))
