"""Bringing in files: the real one of New York, CİMER's, and every way in which a file can be bad."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.applications.models import (
    Application,
    ImportBatch,
    ImportMapping,
)
from app.applications.services import imports


def named(session: Any, name: str) -> ImportMapping:
    return imports.find_mapping(session, name)


def of_batch(session: Any, batch: ImportBatch) -> list[Application]:
    return list(
        session.scalars(
            select(Application)
            .where(Application.import_batch_id == batch.id)
            .order_by(Application.id)
        )
    )


def plan_for(**columns: str) -> imports.Plan:
    """A plan that takes each field from one column."""
    from app.core.imports import FieldMapping, Mapping

    return imports.Plan(
        Mapping(tuple(FieldMapping(name, (column,)) for name, column in columns.items())), "deneme"
    )


def city_plan() -> imports.Plan:
    from app.core.imports import FieldMapping, Mapping

    us = "%m/%d/%Y %I:%M:%S %p"
    return imports.Plan(
        Mapping(
            (
                FieldMapping("external_ref", ("SR_NUMBER",)),
                FieldMapping("received_at", ("CREATED_DATE",), date_format=us),
                FieldMapping("closed_at", ("CLOSED_DATE",), date_format=us),
                FieldMapping("kind", constant="request"),
                FieldMapping(
                    "channel",
                    ("ORIGIN",),
                    values={
                        "Phone Call": "call_center",
                        "Internet": "web",
                        "Mobile Device": "mobile",
                        "Walk In": "desk",
                    },
                ),
                FieldMapping(
                    "topic", ("SR_TYPE",), values={"Pothole in Street Complaint": "YOL-01"}
                ),
                FieldMapping("status", ("STATUS",), values={"Completed": "closed"}),
                FieldMapping("latitude", ("LAT",)),
                FieldMapping("longitude", ("LON",)),
            )
        ),
        "city",
    )
