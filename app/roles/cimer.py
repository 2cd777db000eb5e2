"""Rights in the correspondence with CİMER and in comparing with its list.

All of it speaks of restricted cases, so only roles with `restricted` on applications hold any.
Source: domain facts 2.4 and 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RX = ("read", "export")
RWX = ("read", "write", "export")

_OFFICER: Mapping[str, tuple[str, ...]] = {
    "CimerExchange": RWX,
    "Reconciliation": (*RWX, "lookup"),
    "ReconciliationItem": RWX,
}
_LOOKS_ON: Mapping[str, tuple[str, ...]] = {
    "CimerExchange": RX,
    "Reconciliation": (*RX, "lookup"),
    "ReconciliationItem": RX,
}

#: Role → resource → verbs, beyond what the house grants.
GRANTS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "cimer_officer": _OFFICER,
        "branch_mgr": _OFFICER,
        "dept_head": _LOOKS_ON,
        "auditor": _LOOKS_ON,
    }
)
