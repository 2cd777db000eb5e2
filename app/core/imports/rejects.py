"""The file of refused rows: as they came, with the reason beside each, ready to be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO

from app.core.exports import write_xlsx
from app.core.rules import Violation
from app.core.words import words_of


def write_rejects_xlsx(
    fp: IO[bytes],
    headers: Sequence[str],
    rows_with_reasons: Iterable[tuple[int, Mapping[str, object], Sequence[Violation | object]]],
    *,
    title: str = "",
    meta_lines: Sequence[object] = (),
    translate: Callable[[str], str] = str,
    lang: str = "tr",
) -> int:
    """Write (row number, values by heading, reasons) as XLSX and return how many rows there are.

    The headings are those of the file that came, so the mended file goes through the same mapping.
    ``translate`` turns the English text of a `Violation` into the reader's language.
    """
    words = words_of("export", lang)

    def sentence(reason: Violation | object) -> str:
        if isinstance(reason, Violation):
            text = translate(reason.message)
            return text % reason.params if reason.params else text
        return str(reason)

    rows = (
        [
            *(values.get(header) for header in headers),
            number,
            " · ".join(sentence(reason) for reason in reasons),
        ]
        for number, values, reasons in rows_with_reasons
    )
    return write_xlsx(
        fp,
        [*headers, words["row"], words["reasons"]],
        rows,
        title=title or words["rejected"],
        meta_lines=meta_lines,
        lang=lang,
    )
