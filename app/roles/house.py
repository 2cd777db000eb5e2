"""Rights in the house and its main job: applications, people, organisation, system, reports.

Source: domain facts 9; the directorate's duties.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

R = ("read",)
L = ("lookup",)
RW = ("read", "write")
RX = ("read", "export")
RWX = ("read", "write", "export")
ALL = ("read", "write", "delete", "export")

Grants = dict[str, tuple[str, ...]]

#: What everybody who signs in needs: pick from the reference lists, follow the own jobs.
_EVERYBODY: Grants = {
    "Unit": L,
    "District": L,
    "Neighbourhood": L,
    "Topic": L,
    "Institution": L,
    "StaffUser": L,
    "Job": R,
    "SavedView": ("read", "write", "delete"),
}

_REFERENCE_READ: Grants = {
    "Unit": ("read", "lookup"),
    "UnitLiaison": R,
    "District": ("read", "lookup"),
    "Neighbourhood": ("read", "lookup"),
    "Topic": ("read", "lookup"),
    "Institution": ("read", "lookup"),
    "CalendarDay": R,
    "LegalRule": R,
}

_CASE_READ: Grants = {
    "Application": R,
    "Assignment": R,
    "ApplicationEvent": R,
    "Reply": R,
    "ReplyTemplate": R,
    "Citizen": ("read", "lookup"),
}

_INTAKE: Grants = {
    **_CASE_READ,
    "Application": ("read", "write", "register", "close", "reopen"),
    "Citizen": ("read", "write", "lookup", "identity", "reveal"),
    "Attachment": RW,
}

_OFFICE: Grants = {
    **_INTAKE,
    "Application": (
        "read",
        "write",
        "export",
        "register",
        "triage",
        "assign",
        "close",
        "reopen",
        "transfer",
        "withdraw",
        "extend",
        "bulk",
        "reply",
    ),
    "Assignment": RWX,
    "ApplicationEvent": RX,
    "Reply": RWX,
    "ReplyTemplate": RW,
    "Notification": R,
    "Reminder": R,
}


def _role(*parts: Grants) -> Grants:
    """Join grants; verbs of the same resource add up."""
    joined: dict[str, tuple[str, ...]] = {}
    for part in (_EVERYBODY, *parts):
        for resource, verbs in part.items():
            joined[resource] = tuple(dict.fromkeys((*joined.get(resource, ()), *verbs)))
    return joined


_BRANCH_MANAGER: Grants = {
    **_OFFICE,
    "Application": (*_OFFICE["Application"], "approve", "reject", "restricted", "merge"),
    "Citizen": ("read", "write", "delete", "export", "lookup", "identity", "reveal", "merge"),
    "Topic": (*RWX, "lookup"),
    "ReplyTemplate": ALL,
    "Institution": (*RWX, "lookup"),
    "Unit": (*RWX, "lookup"),
    "UnitLiaison": ALL,
    "CalendarDay": ("read", "write", "delete"),
    "LegalRule": R,
    "ImportBatch": RWX,
    "ImportMapping": ALL,
    "ImportRow": RX,
    "ReportRun": RWX,
    "Notification": RW,
    "Reminder": RX,
    "Attachment": RW,
    "AuditEvent": R,
    "Parameter": R,
}

GRANTS: Mapping[str, Grants] = MappingProxyType(
    {
        "sys_admin": _role(
            _REFERENCE_READ,
            {
                "Unit": (*ALL, "lookup"),
                "UnitLiaison": ALL,
                "StaffUser": (*RWX, "lookup"),
                "District": (*ALL, "lookup"),
                "Neighbourhood": (*ALL, "lookup"),
                "Topic": (*ALL, "lookup"),
                "Institution": (*ALL, "lookup"),
                "CalendarDay": ALL,
                "LegalRule": RWX,
                "Parameter": RWX,
                "NumberSeries": RX,
                "AuditEvent": RX,
                "Attachment": R,
                "Job": RWX,
                "Notification": RWX,
                "Reminder": RX,
                "ImportMapping": ALL,
            },
        ),
        "top_mgmt": _role(_REFERENCE_READ, _CASE_READ, {"ReportRun": RX}),
        "dept_head": _role(
            _REFERENCE_READ,
            _CASE_READ,
            {
                "Application": ("read", "export", "approve", "assign", "reject", "restricted"),
                "Citizen": ("read", "lookup", "identity", "reveal"),
                "ReportRun": RWX,
                "Reminder": RX,
                "AuditEvent": R,
            },
        ),
        "branch_mgr": _role(_REFERENCE_READ, _BRANCH_MANAGER),
        "chief": _role(_REFERENCE_READ, _OFFICE, {"ReportRun": RW, "ImportBatch": R}),
        "clerk": _role(_REFERENCE_READ, _INTAKE),
        "operator": _role(_INTAKE, {"Topic": ("read", "lookup")}),
        "desk_officer": _role(
            _INTAKE, {"Application": ("triage", "reply"), "Topic": ("read", "lookup"), "Reply": RW}
        ),
        "cimer_officer": _role(
            _REFERENCE_READ,
            _OFFICE,
            {
                "Application": ("restricted", "reject"),
                "ImportBatch": RWX,
                "ImportMapping": RW,
                "ImportRow": RX,
                "ReportRun": RW,
            },
        ),
        "foi_officer": _role(
            _REFERENCE_READ, _OFFICE, {"Application": ("reject",), "ReportRun": RW}
        ),
        "unit_liaison": _role(
            {
                "Application": ("read", "accept", "answer", "export"),
                "Assignment": RX,
                "ApplicationEvent": R,
                "Reply": R,
                "Citizen": R,
                "Attachment": RW,
                "Topic": ("read", "lookup"),
            }
        ),
        "unit_manager": _role(
            {
                "Application": ("read", "accept", "answer", "export"),
                "Assignment": RX,
                "ApplicationEvent": R,
                "Reply": R,
                "Citizen": R,
                "Attachment": RW,
                "Topic": ("read", "lookup"),
            }
        ),
        "guide": _role({}),
        "protocol_officer": _role({"Institution": (*RWX, "lookup")}),
        "survey_officer": _role({}),
        "asset_recorder": _role({}),
        "asset_controller": _role({}),
        "spending_officer": _role({}),
        "strategy_officer": _role({"Application": R, "ReportRun": RWX}),
        "kvkk_officer": _role(
            {"Citizen": ("read", "export", "lookup", "identity", "reveal"), "AuditEvent": RX}
        ),
        "auditor": _role(
            _REFERENCE_READ,
            _CASE_READ,
            {
                "Application": ("read", "export", "restricted"),
                "Assignment": RX,
                "ApplicationEvent": RX,
                "Reply": RX,
                "AuditEvent": RX,
                "Notification": RX,
                "Reminder": RX,
                "ReportRun": RX,
                "ImportBatch": RX,
                "ImportRow": RX,
                "NumberSeries": R,
                "Parameter": R,
                "StaffUser": ("read", "lookup"),
            },
        ),
    }
)
