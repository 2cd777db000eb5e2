"""Cells of a file that name or reach a person whose identity is hidden, and how the file is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.applications.models import ImportBatch
from app.applications.rules.imports import PERSONAL_FIELDS
from app.applications.services.imports.fields import target_fields
from app.applications.services.imports.plans import Plan
from app.core.acting import SYSTEM, acting_as
from app.core.imports import FileInfo, apply_mapping, read_rows
from app.core.imports import Mapping as Columns
from app.system.queries import list_files
from app.system.services import attachments

_HIDDEN = tuple(one for one in target_fields() if one.name == "identity_hidden")


def personal_headings(columns: Columns) -> frozenset[str]:
    """Headings whose cells name or reach a person."""
    return frozenset(
        heading
        for one in columns.fields
        if one.target in PERSONAL_FIELDS
        for heading in one.columns
    )


def names_somebody_hidden(columns: Columns) -> Callable[[Mapping[str, Any]], bool]:
    """A question to put to each row: does it name somebody whose identity is hidden?"""
    personal = personal_headings(columns)

    def ask(row: Mapping[str, Any]) -> bool:
        if not any(row.get(heading) for heading in personal):
            return False
        read, _ = apply_mapping(columns, row, _HIDDEN)
        return bool(read.get("identity_hidden"))

    return ask


def read_through(path: Path, info: FileInfo, plan: Plan) -> tuple[int, bool]:
    """How many rows there are, and whether one of them names somebody whose identity is hidden."""
    total, names_hidden = 0, False
    names_somebody = names_somebody_hidden(plan.mapping)
    for _, row in read_rows(path, info=info):
        total += 1
        names_hidden = names_hidden or names_somebody(row)
    return total, names_hidden


def forget_file(session: Session, owner: str, batch: ImportBatch) -> None:
    """Delete a file that names people whose identity CİMER hides; its rows have been dealt with.

    Source: domain facts 0 (9); 6698 m.4.
    """
    paths: list[Path] = []
    with acting_as(SYSTEM):
        session.refresh(batch)
        for file in list_files(session, owner, batch.id):
            paths.append(attachments.path_of(file))
            session.delete(file)
        batch.document = {**batch.document, "file_forgotten": True}
        session.flush()

    def unlink(ended: Session) -> None:
        if not ended.in_nested_transaction():
            while paths:
                paths.pop().unlink(missing_ok=True)

    real: Any = session() if callable(session) else session
    event.listen(real, "after_commit", unlink)
