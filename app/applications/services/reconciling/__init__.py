"""Comparing the list of CİMER with our cases (mutabakat): reading, comparing, dealing with differences."""

from app.applications.services.reconciling.comparing import (
    FILE_KIND,
    OWNER,
    compare_again,
    reconcile,
)
from app.applications.services.reconciling.lists import (
    LIST_FIELDS,
    MOST_ROWS,
    OfficeList,
    read_list,
)
from app.applications.services.reconciling.settling import (
    explain_item,
    reopen_item,
    settle_registered,
)
from app.applications.services.reconciling.taking import row_of_item

__all__ = [
    "FILE_KIND",
    "LIST_FIELDS",
    "MOST_ROWS",
    "OWNER",
    "OfficeList",
    "compare_again",
    "explain_item",
    "read_list",
    "reconcile",
    "reopen_item",
    "row_of_item",
    "settle_registered",
]
