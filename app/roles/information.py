"""Rights in the right to information (4982): cases, appeals, published information, its lists.

Who decides prepares the letter; its approval stays with those who approve replies. Source: domain
facts 9; 4982 m.7–13, m.30.
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

#: Cases, appeals and the catalogue for those who answer for them.
_OFFICER: Grants = {
    "InformationCase": ("read", "export", "decide"),
    "Appeal": RWX,
    "PublishedInformation": (*ALL, "lookup", "refresh"),
    "RefusalGround": ("read", "lookup"),
    "InformationReportLine": R,
}
#: Those who are asked where something can be read.
_ASKED: Grants = {"PublishedInformation": ("read", "lookup")}
_LOOKS_ON: Grants = {
    "InformationCase": R,
    "Appeal": R,
    "RefusalGround": ("read", "lookup"),
    "InformationReportLine": R,
    **_ASKED,
}

#: Role → resource → verbs, beyond what the house grants.
GRANTS: Mapping[str, Grants] = MappingProxyType(
    {
        "foi_officer": _OFFICER,
        "cimer_officer": _OFFICER,
        "branch_mgr": {
            **_OFFICER,
            "RefusalGround": (*RWX, "lookup"),
            "InformationReportLine": ALL,
        },
        "dept_head": {**_LOOKS_ON, "InformationCase": RX, "Appeal": RX},
        "top_mgmt": _LOOKS_ON,
        "chief": _LOOKS_ON,
        "strategy_officer": {"InformationCase": R, **_ASKED},
        "clerk": _ASKED,
        "operator": _ASKED,
        "desk_officer": _ASKED,
        "sys_admin": {"RefusalGround": (*RW, "lookup"), "InformationReportLine": RW},
        "auditor": {
            "InformationCase": RX,
            "Appeal": RX,
            "PublishedInformation": (*RX, "lookup"),
            "RefusalGround": (*RX, "lookup"),
            "InformationReportLine": RX,
        },
    }
)
