"""Rights in acts over many applications, in duplicates, and in transfers that wait for an answer.

Who assigns and closes may do so with many at once; chiefs join duplicates and part them again. The
second person of a large act holds the same rights. Source: domain facts 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

R = ("read",)
RX = ("read", "export")

#: Who picks, looks, confirms and takes back.
_OFFICE: Mapping[str, tuple[str, ...]] = {
    "BulkRun": ("read", "write", "export"),
    "BulkRow": ("read", "export", "undo"),
    "TransferFollowUp": ("read", "write", "export"),
    "SavedViewUse": ("read", "write", "delete"),
}
_VIEWS: Mapping[str, tuple[str, ...]] = {"SavedViewUse": ("read", "write", "delete")}
_READS: Mapping[str, tuple[str, ...]] = {
    "BulkRun": RX,
    "BulkRow": RX,
    "TransferFollowUp": RX,
    **_VIEWS,
}

#: Role → resource → verbs, beyond what the house grants.
GRANTS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "branch_mgr": _OFFICE,
        "chief": {**_OFFICE, "Application": ("merge",)},
        "cimer_officer": {**_OFFICE, "Application": ("merge",)},
        "foi_officer": _OFFICE,
        "dept_head": _READS,
        "top_mgmt": {"TransferFollowUp": R, **_VIEWS},
        "auditor": _READS,
        "clerk": {"TransferFollowUp": ("read", "write"), **_VIEWS},
        "desk_officer": {"TransferFollowUp": ("read", "write"), **_VIEWS},
        **dict.fromkeys(("sys_admin", "operator", "unit_liaison", "unit_manager", "guide", "protocol_officer", "survey_officer", "asset_recorder", "asset_controller", "spending_officer", "strategy_officer", "kvkk_officer"), _VIEWS),
    }
)  # fmt: skip
