"""Who may do what: role → resource → verbs, as data; `flask roles sync` writes it to the database.

A resource is an entity; its screen, charts and REST resource share it. Verbs: read, write, delete,
export, lookup (pick it in a form), reveal (see an identity, with a reason), and named acts. The
rights of one part of the work stand in a module of their own and add up.
Source: domain facts 9; the directorate's duties.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.core.rules import N_
from app.roles import approvals, bulk, calls, cimer, feedback, house, information, open311, visits

Grants = dict[str, tuple[str, ...]]

#: What each part of the work adds to the rights of a role.
PARTS = (
    house.GRANTS,
    information.GRANTS,
    approvals.GRANTS,
    bulk.GRANTS,
    feedback.GRANTS,
    cimer.GRANTS,
    open311.GRANTS,
    calls.GRANTS,
    visits.GRANTS,
)


def _joined(role: str) -> Grants:
    """The rights of a role from every part; verbs of the same resource add up."""
    joined: Grants = {}
    for part in PARTS:
        for resource, verbs in part.get(role, {}).items():
            joined[resource] = tuple(dict.fromkeys((*joined.get(resource, ()), *verbs)))
    return joined


ROLES: Mapping[str, Grants] = MappingProxyType({role: _joined(role) for role in house.GRANTS})

ROLE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "sys_admin": N_("System administrator"),
        "top_mgmt": N_("Top management"),
        "dept_head": N_("Department head"),
        "branch_mgr": N_("Branch manager"),
        "chief": N_("Chief"),
        "clerk": N_("Clerk"),
        "operator": N_("Call centre operator"),
        "desk_officer": N_("Solution Desk officer"),
        "guide": N_("Reception officer"),
        "cimer_officer": N_("CİMER officer"),
        "foi_officer": N_("Information officer (4982)"),
        "unit_liaison": N_("Unit liaison"),
        "unit_manager": N_("Unit manager"),
        "protocol_officer": N_("Protocol officer"),
        "survey_officer": N_("Survey officer"),
        "asset_recorder": N_("Movable property recorder"),
        "asset_controller": N_("Movable property controller"),
        "spending_officer": N_("Spending officer"),
        "strategy_officer": N_("Strategy and budget officer"),
        "kvkk_officer": N_("KVKK contact"),
        "auditor": N_("Auditor"),
    }
)
