"""REST resources of CİMER; lines are noted and lists compared on the screen."""

from __future__ import annotations

from app.applications.models import CimerExchange, Reconciliation, ReconciliationItem
from app.core.api import BackOfficeApi
from app.core.views import Interface


class CimerExchangeApi(BackOfficeApi):
    """/api/v1/cimer_exchange/"""

    datamodel = Interface(CimerExchange)
    resource_name = "cimer_exchange"
    class_permission_name = "CimerExchange"
    list_columns = [
        "id",
        "application_id",
        "kind",
        "at",
        "reference",
        "reason",
        "until_on",
        "cycle",
        "noted_at",
    ]
    show_columns = [*list_columns, "text", "reply_id", "import_batch_id", "actor_id"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["application_id", "kind", "reason", "at"]
    order_columns = ["id", "at"]


class ReconciliationApi(BackOfficeApi):
    """/api/v1/reconciliation/"""

    datamodel = Interface(Reconciliation)
    resource_name = "reconciliation"
    class_permission_name = "Reconciliation"
    list_columns = [
        "id",
        "source",
        "file_name",
        "period_from",
        "period_to",
        "total_rows",
        "matched_rows",
        "missing_here",
        "missing_there",
        "state_differs",
        "date_differs",
        "overdue_there",
        "open_items",
        "compared_at",
        "version",
    ]
    show_columns = [*list_columns, "note", "compared_by_id"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["period_from", "period_to", "open_items", "compared_at"]
    order_columns = ["id", "period_from", "compared_at"]


class ReconciliationItemApi(BackOfficeApi):
    """/api/v1/reconciliation_item/"""

    datamodel = Interface(ReconciliationItem)
    resource_name = "reconciliation_item"
    class_permission_name = "ReconciliationItem"
    list_columns = [
        "id",
        "reconciliation_id",
        "kind",
        "external_ref",
        "row_no",
        "application_id",
        "resolution",
        "reason",
        "version",
    ]
    show_columns = [*list_columns, "theirs", "ours", "note", "resolved_by_id", "resolved_at"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["reconciliation_id", "kind", "external_ref", "resolution"]
    order_columns = ["id", "external_ref"]


CIMER_APIS = (CimerExchangeApi, ReconciliationApi, ReconciliationItemApi)
