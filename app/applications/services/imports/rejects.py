"""The file of refused rows, made from what an import has kept of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from sqlalchemy.orm import Session

from app.applications.models import ImportBatch
from app.applications.queries.imports import iter_refused_rows
from app.applications.services.imports.batches import headers_of
from app.applications.services.imports.fields import field_named
from app.core.imports import SENTENCES, grouped_text, write_rejects_xlsx
from app.core.rules import N_

#: Sentence about a row → the same about many, for what importers of ours add to the core's.
GROUPED: Mapping[str, str] = {
    **SENTENCES,
    "The same number stands in row %(row)s already; only that row is taken.": N_(
        "The same number stands in several rows; only the first of them is taken."
    ),
    "“%(value)s” is no coordinate; write it as 41,2776.": N_(
        "The value is no coordinate; write it as 41,2776."
    ),
    "“%(value)s” is no coordinate; write it as 41.2776.": N_(
        "The value is no coordinate; write it as 41.2776."
    ),
    "“%(value)s” is no topic of ours; choose what it means in the column mapping.": N_(
        "The value is no topic of ours; choose what it means in the column mapping."
    ),
    "“%(value)s” is no length of time; write seconds, 1:12 or 00:01:12.": N_(
        "The value is no length of time; write seconds, 1:12 or 00:01:12."
    ),
}


def group_text(message: str, params: Mapping[str, Any], translate: Callable[[str], str]) -> str:
    """The sentence about all rows that are refused for one reason; `params` are those of one."""
    return grouped_text(message, params, translate, GROUPED)


def reason_texts(
    reasons: list[Mapping[str, Any]], translate: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """(label of the field, sentence) of each reason, in the reader's language."""
    for reason in reasons:
        text = translate(str(reason.get("message", "")))
        params = reason.get("params") or {}
        found = field_named(str(reason.get("field", "")))
        label = translate(str(found.label)) if found is not None else ""
        yield label, text % params if params else text


def write_rejects(
    session: Session,
    *,
    batch: ImportBatch,
    fp: IO[bytes],
    translate: Callable[[str], str] = str,
    lang: str = "tr",
) -> int:
    """Write the refused rows as XLSX: the columns of the file, the row and the reasons; their number.

    The headings are those of the file, so the mended file goes through the same mapping.
    """
    rows = (
        (
            row.row_no,
            row.values,
            [
                f"{label}: {text}" if label else text
                for label, text in reason_texts(row.reasons, translate)
            ],
        )
        for row in iter_refused_rows(session, batch.id)
    )
    return write_rejects_xlsx(
        fp,
        headers_of(batch),
        rows,
        meta_lines=[batch.file_name],
        translate=translate,
        lang=lang,
    )
