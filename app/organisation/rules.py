"""Pure vocabulary and rules of the organisation room: units, liaisons, roles, accounts, deputies."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.identifiers import email_violations
from app.core.rules import N_, Violation


class UnitKind(StrEnum):
    """What a unit is in the municipality's tree."""

    TOP = "top"
    DEPARTMENT = "department"
    BRANCH = "branch"
    OFFICE = "office"
    AFFILIATE = "affiliate"
    COMPANY = "company"


class LiaisonRole(StrEnum):
    """Main liaison or the one who stands in."""

    MAIN = "main"
    DEPUTY = "deputy"


class EscalationLevel(StrEnum):
    """Who is told next when a unit does not answer; the order of the members is the order of steps."""

    LIAISON = "liaison"
    UNIT_MANAGER = "unit_manager"
    BRANCH_MANAGER = "branch_manager"
    DEPARTMENT_HEAD = "department_head"


UNIT_KIND_LABELS = {
    UnitKind.TOP: N_("Top management"),
    UnitKind.DEPARTMENT: N_("Department"),
    UnitKind.BRANCH: N_("Branch directorate"),
    UnitKind.OFFICE: N_("Office"),
    UnitKind.AFFILIATE: N_("Affiliated administration"),
    UnitKind.COMPANY: N_("Municipal company"),
}

LIAISON_ROLE_LABELS = {
    LiaisonRole.MAIN: N_("Main liaison"),
    LiaisonRole.DEPUTY: N_("Deputy liaison"),
}

ESCALATION_LEVEL_LABELS = {
    EscalationLevel.LIAISON: N_("Unit liaison"),
    EscalationLevel.UNIT_MANAGER: N_("Unit manager"),
    EscalationLevel.BRANCH_MANAGER: N_("Branch manager"),
    EscalationLevel.DEPARTMENT_HEAD: N_("Department head"),
}

#: Role code → what people call it. What a role may do stands in app.roles. Source: domain facts 9.
ROLE_LABELS = {
    "sys_admin": N_("System administrator"),
    "top_mgmt": N_("Top management"),
    "dept_head": N_("Department head"),
    "branch_mgr": N_("Branch manager"),
    "chief": N_("Chief"),
    "clerk": N_("Clerk, data entry"),
    "operator": N_("Call centre operator"),
    "desk_officer": N_("Solution Desk officer"),
    "guide": N_("Reception and guidance officer"),
    "cimer_officer": N_("CİMER officer"),
    "foi_officer": N_("Right to information officer"),
    "unit_liaison": N_("Unit liaison"),
    "unit_manager": N_("Unit manager"),
    "protocol_officer": N_("Protocol officer"),
    "survey_officer": N_("Survey officer"),
    "asset_recorder": N_("Movable property recorder"),
    "asset_controller": N_("Movable property controller"),
    "spending_officer": N_("Spending officer"),
    "strategy_officer": N_("Strategy and budget officer"),
    "kvkk_officer": N_("Personal data (KVKK) contact"),
    "auditor": N_("Auditor"),
}

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,63}")
_DETSIS = re.compile(r"[0-9]{8}")
MOST_INTERNAL_DAYS = 60


def unit_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a unit; keys that are missing are not looked at."""
    if "code" in values and not _CODE.fullmatch(values["code"] or ""):
        yield Violation(
            "code",
            N_("Write the code in capitals without Turkish letters, for example FEN_ISLERI."),
        )
    if "name" in values and not values["name"]:
        yield Violation("name", N_("A unit needs a name."))
    if values.get("detsis_no") and not _DETSIS.fullmatch(values["detsis_no"]):
        yield Violation("detsis_no", N_("A DETSİS number has eight digits."))
    days = values.get("internal_days")
    if days is not None and not 1 <= days <= MOST_INTERNAL_DAYS:
        yield Violation(
            "internal_days",
            N_("A unit answers within 1 to %(n)s days of its own."),
            {"n": MOST_INTERNAL_DAYS},
        )
    yield from email_violations(values.get("email") or "", "email")


def is_in_subtree(path: str, of: str) -> bool:
    """Say whether a place in the tree is `of` or lies below it."""
    return bool(of) and path.startswith(of)


def staff_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a staff account; keys that are missing are not looked at."""
    if "username" in values and not _USERNAME.fullmatch(values["username"] or ""):
        yield Violation(
            "username",
            N_(
                "Write the user name in small letters without Turkish letters or spaces, at least three."
            ),
        )
    for field in ("first_name", "last_name"):
        if field in values and not values[field]:
            yield Violation(field, N_("Write the first and the last name."))
    if "email" in values and not values["email"]:
        yield Violation("email", N_("An account needs an e-mail address for its reminders."))
    yield from email_violations(values.get("email") or "", "email")
    if "role_names" in values and not values["role_names"]:
        yield Violation("role_names", N_("Pick at least one role."))


def segregation_violations(role_names: frozenset[str]) -> Iterator[Violation]:
    """Yield roles that one person may not hold together.

    Source: Taşınır Mal Yönetmeliği m.6/3 (recorder and controller are two persons).
    """
    if {"asset_recorder", "asset_controller"} <= role_names:
        yield Violation(
            "role_names",
            N_(
                "One person may not be both recorder and controller of movable property (TMY art. 6/3)."
            ),
        )


# --- deputyship (vekâlet) ----------------------------------------------------------------------
class DeputyAct(StrEnum):
    """Kinds of acts that a deputyship may be limited to."""

    APPROVE = "approve"
    REFUSE = "refuse"
    ROUTE = "route"
    UNIT = "unit"
    RECORDS = "records"


DEPUTY_ACT_LABELS = {
    DeputyAct.APPROVE: N_("Initials, approval and signature"),
    DeputyAct.REFUSE: N_("Refusing applications"),
    DeputyAct.ROUTE: N_("Assessing, assigning and writing replies"),
    DeputyAct.UNIT: N_("Accepting and answering for the unit"),
    DeputyAct.RECORDS: N_("Keeping lists, exports"),
}

#: What each kind of act hands over; what the deputy must see for it is handed over always.
_VERBS_OF_ACT: Mapping[DeputyAct, frozenset[str]] = {
    DeputyAct.APPROVE: frozenset({"approve", "initial", "override"}),
    DeputyAct.REFUSE: frozenset({"reject"}),
    DeputyAct.ROUTE: frozenset(
        {
            "register", "triage", "assign", "transfer", "merge", "bulk", "close", "reopen",
            "withdraw", "extend", "reply",
        }
    ),
    DeputyAct.UNIT: frozenset({"accept", "answer"}),
    DeputyAct.RECORDS: frozenset({"write", "delete", "export"}),
}  # fmt: skip
_SEEN_ALWAYS = frozenset({"read", "lookup", "identity", "restricted"})


def acts_of(text: str) -> frozenset[DeputyAct]:
    """Read the kept codes of a deputyship; a code that there is not stands for nothing."""
    return frozenset(act for act in DeputyAct if act in text.split())


def verbs_of_acts(text: str) -> frozenset[str] | None:
    """The verbs that a deputyship with these kept codes hands over; None when it is not limited.

    Codes that nobody can read are a limit too: then nothing but seeing is handed over.
    """
    if not text.strip():
        return None
    return _SEEN_ALWAYS.union(*(_VERBS_OF_ACT[act] for act in acts_of(text)))


@dataclass(frozen=True)
class StandIn:
    """One deputyship as the rules look at it: who, for whom, first and last day, its key."""

    principal_id: int
    deputy_id: int
    from_on: dt.date
    to_on: dt.date
    pk: int | None = None

    def overlap(self, other: StandIn) -> tuple[dt.date, dt.date] | None:
        """The days that both share, or None."""
        first, last = max(self.from_on, other.from_on), min(self.to_on, other.to_on)
        return (first, last) if first <= last else None


def deputyship_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a deputyship on its own; keys may name the person or its id."""
    principal = values.get("principal") or values.get("principal_id")
    deputy = values.get("deputy") or values.get("deputy_id")
    if not principal:
        yield Violation("principal", N_("Pick whose place is taken."))
    if not deputy:
        yield Violation("deputy", N_("Pick who stands in."))
    if principal and principal == deputy:
        yield Violation("deputy", N_("Nobody stands in for the own person."))
    first, last = values.get("from_on"), values.get("to_on")
    if first and last and last < first:
        yield Violation("to_on", N_("The last day lies before the first one."))
    if "reason" in values and not str(values["reason"] or "").strip():
        yield Violation("reason", N_("Write why, for example annual leave."))
    acts = values.get("acts") or ""
    codes = acts.split() if isinstance(acts, str) else list(acts)
    if any(code not in DeputyAct.__members__.values() for code in codes):
        yield Violation("acts", N_("Pick the kinds of acts from the list."))


def overlap_violations(new: StandIn, others: Iterable[StandIn]) -> Iterator[Violation]:
    """Yield a day on which the principal would have two deputies: one person answers for a post."""
    for other in others:
        is_itself = new.pk is not None and other.pk == new.pk
        if other.principal_id != new.principal_id or is_itself:
            continue
        if days := new.overlap(other):
            yield Violation(
                "from_on",
                N_("Somebody stands in already from %(first)s to %(last)s."),
                {"first": f"{days[0]:%d.%m.%Y}", "last": f"{days[1]:%d.%m.%Y}"},
            )
            return


def circle_violations(new: StandIn, others: Iterable[StandIn]) -> Iterator[Violation]:
    """Yield a circle: on some day everybody in it would be away and stand in for another.

    Deputyship is not handed on, so a circle would leave its posts to nobody.
    """
    known = [o for o in others if o.pk != new.pk or new.pk is None]

    def leads_back(one: StandIn, first: dt.date, last: dt.date, seen: frozenset[int]) -> bool:
        for following in known:
            if following.principal_id != one.deputy_id:
                continue
            a, b = max(first, following.from_on), min(last, following.to_on)
            if a > b:
                continue
            if following.deputy_id == new.principal_id:
                return True
            if following.deputy_id not in seen and leads_back(
                following, a, b, seen | {following.deputy_id}
            ):
                return True
        return False

    if leads_back(new, new.from_on, new.to_on, frozenset({new.principal_id, new.deputy_id})):
        yield Violation(
            "deputy",
            N_("This person is away on those days, and the posts would stand in a circle."),
        )
