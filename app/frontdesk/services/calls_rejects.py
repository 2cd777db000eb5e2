"""Refused rows of an import: why, how many, and the file of them; the rows themselves are not copied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from sqlalchemy.orm import Session

from app.core import clock
from app.core.identifiers import scrub
from app.core.imports import read_rows, shared_params, write_rejects_xlsx
from app.core.text import excerpt
from app.frontdesk.models import CallImport
from app.frontdesk.services.calls_batches import file_of, headers_of, plan_of_batch
from app.frontdesk.services.calls_fields import field_named
from app.frontdesk.services.calls_rows import Prepared, Preparer

#: Reasons and rows that are told on the page; the file of rejects has all of them.
_REASONS, _ROWS = 30, 50


class Reasons:
    """Why rows were refused, counted, and the first of them by their numbers; kept as JSON."""

    def __init__(self, kept: Sequence[Mapping[str, Any]]) -> None:
        self.counted: Counter[tuple[str, str]] = Counter(
            {(str(r["field"]), str(r["message"])): int(r["count"]) for r in kept}
        )
        self.params: dict[tuple[str, str], Mapping[str, Any]] = {
            (str(r["field"]), str(r["message"])): r.get("params") or {} for r in kept
        }
        self.rows: dict[tuple[str, str], list[int]] = {
            (str(r["field"]), str(r["message"])): [int(n) for n in r.get("rows", [])] for r in kept
        }

    def add(self, refused: Sequence[Prepared]) -> None:
        """Count each sentence of each row once."""
        for row in refused:
            for key, one in {(one.field, one.message): one for one in row.violations}.items():
                self.counted[key] += 1
                # What stood in one row is not kept: it may be the number of a person.
                self.params.setdefault(key, shared_params(one.params))
                numbers = self.rows.setdefault(key, [])
                if len(numbers) < _ROWS:
                    numbers.append(row.row_no)

    def to_document(self) -> list[dict[str, Any]]:
        """The most frequent first."""
        return [
            {
                "field": field,
                "message": message,
                "params": dict(self.params[field, message]),
                "count": n,
                "rows": self.rows[field, message],
            }
            for (field, message), n in self.counted.most_common(_REASONS)
        ]


def write_rejects(
    session: Session,
    *,
    batch: CallImport,
    fp: IO[bytes],
    translate: Callable[[str], str] = str,
    lang: str = "tr",
) -> int:
    """Write the refused rows as XLSX: the columns of the file, the row and the reasons; their number.

    They are found by reading the file again. The headings are those of the file, so the mended file
    goes through the same mapping.
    """
    path, info = file_of(session, batch)
    preparer = Preparer(session, plan_of_batch(batch), now=batch.finished_at or clock.now())
    prepared = (preparer.prepare(no, row) for no, row in read_rows(path, info=info))
    rows = (
        (row.row_no, row.raw, [_sentence(one, translate) for one in row.violations])
        for row in prepared
        if row.violations
    )
    return write_rejects_xlsx(
        fp, headers_of(batch), rows, meta_lines=[batch.file_name], translate=translate, lang=lang
    )


def _sentence(violation: Any, translate: Callable[[str], str]) -> str:
    """Field and reason; a number of a person in the wrong column is not repeated."""
    params = {
        name: scrub(excerpt(str(value), 60)) if isinstance(value, str) else value
        for name, value in violation.params.items()
    }
    text = translate(violation.message)
    text = text % params if params else text
    found = field_named(violation.field)
    return f"{translate(str(found.label))}: {text}" if found is not None else text
