"""REST resources of imports; files are taken in on the screen and by command."""

from __future__ import annotations

from app.applications.models import ImportBatch, ImportMapping, ImportRow
from app.core.api import BackOfficeApi
from app.core.views import Interface


class ImportMappingApi(BackOfficeApi):
    """/api/v1/import_mapping/"""

    datamodel = Interface(ImportMapping)
    resource_name = "import_mapping"
    class_permission_name = "ImportMapping"
    list_columns = ["id", "name", "description", "source", "is_shipped", "version"]
    show_columns = [*list_columns, "document"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["name", "source"]
    order_columns = ["id", "name"]


class ImportBatchApi(BackOfficeApi):
    """/api/v1/import_batch/"""

    datamodel = Interface(ImportBatch)
    resource_name = "import_batch"
    class_permission_name = "ImportBatch"
    list_columns = [
        "id",
        "file_name",
        "mapping_id",
        "state",
        "total_rows",
        "created_rows",
        "known_rows",
        "changed_rows",
        "resent_rows",
        "rejected_rows",
        "finished_at",
    ]
    show_columns = list_columns
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["state", "file_name"]
    order_columns = ["id"]


class ImportRowApi(BackOfficeApi):
    """/api/v1/import_row/"""

    datamodel = Interface(ImportRow)
    resource_name = "import_row"
    class_permission_name = "ImportRow"
    list_columns = ["id", "batch_id", "row_no", "reasons"]
    show_columns = list_columns
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["row_no"]
    order_columns = ["id", "row_no"]
