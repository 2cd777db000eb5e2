"""Rights in the call centre: calls, shifts, knowledge.

An operator works on own calls; `oversee` shows the calls of everybody, `listen` the recording, each
time on record. Source: domain facts 8.5 and 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

R = ("read",)
RX = ("read", "export")
_KNOWS = ("read", "lookup")
_OVERSEES = ("read", "oversee")

_OFFICE = {"KnowledgeItem": _KNOWS}
_READS = {
    "Call": _OVERSEES,
    "Shift": R,
    "KnowledgeItem": _KNOWS,
}

#: Role → resource → verbs, beyond what the house grants.
GRANTS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "operator": {
            "Call": ("read", "write", "handle", "reveal"),
            "Shift": ("read", "swap"),
            "ShiftNote": ("read", "write"),
            "KnowledgeItem": _KNOWS,
        },
        "chief": {
            "Call": ("read", "write", "handle", "reveal", "oversee", "export", "listen"),
            "CallImport": ("read", "write", "export"),
            "CallMapping": ("read", "write"),
            "Shift": ("read", "write", "delete", "export", "swap", "approve"),
            "ShiftNote": ("read", "write", "export"),
            "KnowledgeItem": ("read", "write", "delete", "export", "lookup"),
        },
        "branch_mgr": {
            "Call": ("read", "write", "handle", "reveal", "oversee", "export", "listen"),
            "CallImport": ("read", "write", "export"),
            "CallMapping": ("read", "write", "delete", "export"),
            "Shift": ("read", "write", "delete", "export", "approve"),
            "ShiftNote": ("read", "write", "export"),
            "KnowledgeItem": ("read", "write", "delete", "export", "lookup"),
        },
        "dept_head": {**_READS, "Call": ("read", "oversee", "export"), "ShiftNote": R},
        "top_mgmt": _READS,
        "strategy_officer": {"Call": _OVERSEES},
        "clerk": _OFFICE,
        "desk_officer": _OFFICE,
        "cimer_officer": _OFFICE,
        "foi_officer": _OFFICE,
        "guide": _OFFICE,
        "sys_admin": {"CallMapping": ("read", "write", "delete", "export")},
        "auditor": {
            "Call": ("read", "oversee", "export"),
            "CallImport": RX,
            "CallMapping": R,
            "Shift": RX,
            "ShiftNote": RX,
            "KnowledgeItem": (*RX, "lookup"),
        },
    }
)
