"""Rights in approving: the chain of initials, deputies, batch letters, the outgoing check.

A paraf is the act `initial` on an application, a signature is `approve`; letting findings of the
outgoing check pass is `override`. Source: domain facts 9 (chain of approval, vekâlet).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

R = ("read",)
RX = ("read", "export")
RW = ("read", "write")
RWX = ("read", "write", "export")
ALL = ("read", "write", "delete", "export")

Grants = Mapping[str, tuple[str, ...]]

#: Whoever writes letters sees their chain, their earlier texts and what holds them back.
_WRITES: Grants = {
    "Application": ("initial",),
    "ApprovalStep": ("read", "write", "approve"),
    "ReplyVersion": R,
    "OutgoingCheck": RW,
    "ApprovalRoute": R,
    "ApprovalRouteStep": R,
    "Deputyship": R,
}
#: Letters of many applications at once are prepared by those who assign them.
_WRITES_MANY: Grants = {
    **_WRITES,
    "ApprovalStep": ("read", "write", "approve", "export"),
    "LetterBatch": RWX,
    "LetterBatchRow": RWX,
    "OutgoingCheck": RWX,
}
_SIGNS: Grants = {
    **_WRITES_MANY,
    "ReplyVersion": RX,
    "OutgoingCheck": ("read", "write", "export", "override"),
    "LetterBatch": ("read", "write", "export", "approve"),
    "ApprovalRoute": ALL,
    "ApprovalRouteStep": ALL,
    "Deputyship": RWX,
}
_LOOKS_ON: Grants = {"ApprovalStep": R, "ReplyVersion": R, "Deputyship": R, "ApprovalRoute": R}

#: Role → resource → verbs, beyond what the house grants.
GRANTS: Mapping[str, Grants] = MappingProxyType(
    {
        "sys_admin": {"Deputyship": RWX, "ApprovalRoute": ALL, "ApprovalRouteStep": ALL},
        "top_mgmt": _LOOKS_ON,
        "dept_head": _SIGNS,
        "branch_mgr": _SIGNS,
        "chief": _WRITES_MANY,
        "cimer_officer": _WRITES_MANY,
        "foi_officer": _WRITES_MANY,
        "desk_officer": _WRITES,
        "clerk": {
            "Application": ("initial",),
            "ApprovalStep": ("read", "write", "approve"),
            "Deputyship": R,
        },
        "auditor": {
            "ApprovalStep": RX,
            "ReplyVersion": RX,
            "OutgoingCheck": RX,
            "LetterBatch": RX,
            "LetterBatchRow": RX,
            "ApprovalRoute": RX,
            "ApprovalRouteStep": RX,
            "Deputyship": RX,
        },
    }
)
