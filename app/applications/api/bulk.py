"""REST resources of bulk acts and of transfers that wait for an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.applications import services
from app.applications.models import BulkRow, BulkRun, TransferFollowUp
from app.core.acting import Actor
from app.core.api import BackOfficeApi
from app.core.views import Interface


class BulkRunApi(BackOfficeApi):
    """/api/v1/bulk_run/: read only; what is done with many is confirmed on a screen."""

    datamodel = Interface(BulkRun)
    resource_name = "bulk_run"
    class_permission_name = "BulkRun"
    list_columns = [
        "id", "act", "state", "total_rows", "ready_rows", "done_rows", "refused_rows",
        "undone_rows", "starter_id", "confirmed_at", "finished_at",
    ]  # fmt: skip
    show_columns = [*list_columns, "reason", "second_id", "undo_until", "undo_reason", "error"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["act", "state", "starter", "created_at"]
    order_columns = ["id"]


class BulkRowApi(BackOfficeApi):
    """/api/v1/bulk_row/"""

    datamodel = Interface(BulkRow)
    resource_name = "bulk_row"
    class_permission_name = "BulkRow"
    list_columns = ["id", "run_id", "application_id", "state", "reasons", "done_at", "undone_at"]
    show_columns = [*list_columns]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["run", "application", "state"]
    order_columns = ["id"]


def update_follow_up(
    session: Session,
    *,
    item: TransferFollowUp,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
) -> TransferFollowUp:
    """Record the answer of the institution; the applicant is told from the screen."""
    return services.record_institution_answer(
        session,
        follow_up=item,
        answered_on=values.get("answered_on"),
        answer_no=values.get("answer_no") or "",
        answer_text=values.get("answer_text") or "",
        actor=actor,
        now=now,
    )


class TransferFollowUpApi(BackOfficeApi):
    """/api/v1/transfer_follow_up/: PUT records the answer of the institution."""

    datamodel = Interface(TransferFollowUp)
    resource_name = "transfer_follow_up"
    class_permission_name = "TransferFollowUp"
    list_columns = [
        "id", "application_id", "institution_id", "cycle", "state", "sent_on", "expected_on",
        "reminders", "answered_on",
    ]  # fmt: skip
    show_columns = [
        *list_columns,
        "reminded_on",
        "answer_no",
        "answer_text",
        "told_at",
        "closing_note",
    ]
    add_columns: list[str] = []
    edit_columns = ["answered_on", "answer_no", "answer_text"]
    search_columns = ["application", "institution", "state", "expected_on"]
    order_columns = ["id", "expected_on", "sent_on"]
    update = staticmethod(update_follow_up)


BULK_APIS = (BulkRunApi, BulkRowApi, TransferFollowUpApi)
