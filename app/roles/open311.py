"""Rights in the Open311 interface and its keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_READ = ("read",)
#: Who reads applications sees how an app sent one, and may pick a key to filter by.
_OFFICE: Mapping[str, tuple[str, ...]] = {
    "Open311Request": ("read", "export"),
    "ServiceAttribute": _READ,
    "ApiKey": ("lookup",),
}
_KEEPS: Mapping[str, tuple[str, ...]] = {"ServiceAttribute": ("read", "write", "delete", "export")}
#: A unit sees what was sent with its own cases.
_UNIT: Mapping[str, tuple[str, ...]] = {"Open311Request": _READ, "ApiKey": ("lookup",)}

#: Role → resource → verbs, beyond what the house grants.
GRANTS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "sys_admin": {
            "ApiKey": ("read", "write", "export", "lookup", "revoke", "rotate"),
            **_KEEPS,
        },
        "top_mgmt": {**_UNIT, "ServiceAttribute": _READ},
        "dept_head": _OFFICE,
        "branch_mgr": {**_OFFICE, **_KEEPS},
        "chief": _OFFICE,
        "clerk": _OFFICE,
        "operator": _OFFICE,
        "desk_officer": _OFFICE,
        "cimer_officer": _OFFICE,
        "foi_officer": _OFFICE,
        "unit_liaison": _UNIT,
        "unit_manager": _UNIT,
        "auditor": {**_OFFICE, "ApiKey": ("read", "export", "lookup")},
    }
)
