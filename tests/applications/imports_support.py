"""What tests of imports share: checked files, a batch that has run, broken files of every kind."""

from __future__ import annotations

import functools
import io
import zipfile
from pathlib import Path
from typing import Any

from app.applications.services import imports
from app.core.acting import SYSTEM, Actor
from app.core.uploads import TABLES, CheckedUpload, check_upload

DATA = Path(__file__).resolve().parents[1] / "data"
NYC = DATA / "nyc311_2022-05-01.csv"
OTHER_CITY = DATA / "other_city.csv"
CIMER = DATA / "cimer_cp1254.csv"


def checked(path: Path) -> CheckedUpload:
    """A file as the screen and the command check it."""
    return check_upload(path.name, path, allowed=TABLES, max_size=64 * 1024 * 1024)


def checked_bytes(name: str, data: bytes) -> CheckedUpload:
    """The same for bytes."""
    return check_upload(name, data, allowed=TABLES, max_size=64 * 1024 * 1024)


def run(
    session: Any, upload: CheckedUpload, plan: Any, actor: Actor = SYSTEM, **more: Any
) -> tuple[Any, imports.Counts]:
    """Bring a file in and return the batch with its counts."""
    batch = imports.create_batch(session, upload=upload, mapping=plan, actor=actor)
    imports.open_batch(session, batch=batch)
    counts = imports.run_batch(
        session, batch_id=batch.id, actor=actor, keep=lambda done, total: session.commit(), **more
    )
    session.refresh(batch)
    return batch, counts


def truncated_xlsx() -> bytes:
    """A workbook whose second half never arrived."""
    whole = workbook([["Başvuru No", "Tarih"], *[[str(n), "19.11.2026"] for n in range(500)]])
    return whole[: len(whole) // 2]


def workbook(rows: list[list[Any]], *, formula: str = "") -> bytes:
    """A small XLSX file; `formula` stands in the cell below the last row."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    if formula:
        sheet.write_formula(len(rows) - 1, 0, formula, None, "gizli")
    book.close()
    return buffer.getvalue()


@functools.cache
def bomb() -> bytes:
    """An XLSX whose sheet unpacks to three hundred megabytes of nothing."""
    head = b'<?xml version="1.0"?><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    tail = b"</t></is></c></row></sheetData></worksheet>"
    source = workbook([["a", "b"], ["1", "2"]])
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(head)
            for _ in range(300):
                sheet.write(b"0" * 1024 * 1024)
            sheet.write(tail)
    return buffer.getvalue()


def read_workbook(data: bytes) -> list[list[Any]]:
    """The cells of the first sheet."""
    import python_calamine

    return (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_index(0)
        .to_python()
    )


def formulas(data: bytes) -> int:
    """How many cells of a workbook are formulas."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sum(
            archive.read(name).count(b"<f>")
            for name in archive.namelist()
            if "worksheets/sheet" in name
        )
