"""Rights in feedback: texts of messages, reasons of results, satisfaction, call-backs.

Field visits have a part of their own. Source: domain facts 1.5, 9; the directorate's duty n.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Grants = Mapping[str, tuple[str, ...]]

R = ("read",)
RX = ("read", "export")
RW = ("read", "write")
ALL = ("read", "write", "delete", "export")

#: Who reads the figures: satisfaction, its samples, and the reasons of results.
_FIGURES: Grants = {
    "Satisfaction": RX,
    "CallBack": R,
    "CallBackSample": RX,
    "OutcomeReason": ("read", "lookup"),
    "NoticeText": R,
}
#: Who talks with citizens: writes answers down and sends a message again.
_DESK: Grants = {
    "Application": ("notify",),
    "Satisfaction": ("write",),
    "OutcomeReason": ("lookup",),
}
#: Who calls back.
_CALLS: Grants = {**_DESK, "CallBack": ("read", "write", "reveal")}

#: Role → resource → verbs, beyond what the house grants.
GRANTS: Mapping[str, Grants] = MappingProxyType(
    {
        "sys_admin": {"NoticeText": ALL, "OutcomeReason": (*ALL, "lookup")},
        "top_mgmt": {"Satisfaction": R, "CallBackSample": R, "OutcomeReason": ("read", "lookup")},
        "dept_head": _FIGURES,
        "branch_mgr": {
            "Application": ("notify",),
            "Satisfaction": ("read", "write", "export"),
            "CallBack": ("read", "write", "reveal", "export"),
            "CallBackSample": ("read", "write", "export"),
            "OutcomeReason": (*ALL, "lookup"),
            "NoticeText": ALL,
        },
        "chief": {
            "Application": ("notify",),
            "Satisfaction": ("read", "write", "export"),
            "CallBack": ("read", "write", "reveal"),
            "CallBackSample": RW,
            "OutcomeReason": ("read", "write", "lookup"),
            "NoticeText": RW,
        },
        "clerk": _DESK,
        "operator": _CALLS,
        "desk_officer": _CALLS,
        "cimer_officer": {"Application": ("notify",), "OutcomeReason": ("read", "lookup")},
        "foi_officer": {"Application": ("notify",), "OutcomeReason": ("read", "lookup")},
        "unit_liaison": {"OutcomeReason": ("lookup",)},
        "unit_manager": {"OutcomeReason": ("lookup",)},
        "survey_officer": {"Satisfaction": RX, "CallBackSample": RX},
        "strategy_officer": {"Satisfaction": RX, "OutcomeReason": ("read", "lookup")},
        "auditor": {
            "Satisfaction": RX,
            "CallBack": RX,
            "CallBackSample": RX,
            "OutcomeReason": (*RX, "lookup"),
            "NoticeText": RX,
        },
    }
)
