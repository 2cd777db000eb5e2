"""Rights in reception and field work: visits, directory of rooms, the queue of the Solution Desk.

The guide sees visits and the directory, and gives numbers; an officer of the desk calls them.
Source: domain facts 8.4 and 9; the directorate’s duties j and k.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

R = ("read",)
RX = ("read", "export")
_PICKS = ("read", "lookup")

_DIRECTORY = {"ServicePoint": _PICKS}
_READS = {
    "Visit": R,
    "VisitReason": _PICKS,
    "ServicePoint": _PICKS,
    "DeskTicket": R,
    "FieldVisit": R,
}
_FIELD = {"FieldVisit": ("read", "write", "export")}

#: Role → resource → verbs, beyond what the house grants.
GRANTS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "guide": {
            "Visit": ("read", "write", "reveal"),
            "VisitReason": _PICKS,
            "ServicePoint": _PICKS,
            "DeskTicket": ("read", "write"),
        },
        "desk_officer": {
            "Visit": ("read", "write", "reveal"),
            "VisitReason": _PICKS,
            "ServicePoint": _PICKS,
            "DeskTicket": ("read", "write", "call"),
            **_FIELD,
        },
        "operator": {**_DIRECTORY, "FieldVisit": R},
        "clerk": {**_DIRECTORY, "Visit": R, "VisitReason": _PICKS, "FieldVisit": R},
        "cimer_officer": {**_DIRECTORY, "FieldVisit": R},
        "foi_officer": {**_DIRECTORY, "FieldVisit": R},
        "unit_liaison": {**_DIRECTORY, **_FIELD},
        "unit_manager": {**_DIRECTORY, **_FIELD},
        "protocol_officer": _DIRECTORY,
        "chief": {
            "Visit": ("read", "write", "export", "reveal"),
            "VisitReason": ("read", "write", "lookup"),
            "ServicePoint": ("read", "write", "export", "lookup"),
            "DeskTicket": ("read", "write", "call", "export"),
            **_FIELD,
        },
        "branch_mgr": {
            "Visit": ("read", "write", "export", "reveal"),
            "VisitReason": ("read", "write", "delete", "export", "lookup"),
            "ServicePoint": ("read", "write", "delete", "export", "lookup"),
            "DeskTicket": ("read", "write", "call", "export"),
            **_FIELD,
        },
        "dept_head": {**_READS, "Visit": RX, "DeskTicket": RX, "FieldVisit": RX},
        "top_mgmt": _READS,
        "sys_admin": {
            "VisitReason": ("read", "write", "delete", "export", "lookup"),
            "ServicePoint": ("read", "write", "delete", "export", "lookup"),
        },
        "auditor": {
            "Visit": RX,
            "VisitReason": ("read", "export", "lookup"),
            "ServicePoint": ("read", "export", "lookup"),
            "DeskTicket": RX,
            "FieldVisit": RX,
        },
    }
)
