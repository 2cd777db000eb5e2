"""Files that are refused."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from app.core.imports import (
    ImportLimits,
    preview,
    read_rows,
    sniff,
)
from app.core.rules import RuleViolation
from tests.core.test_imports.support import CSV, ods, ods_row, sheet

SMALL = ImportLimits(rows=50, columns=20)


def refusal(call, *arguments: object, **options: object) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(RuleViolation) as caught:
        result = call(*arguments, **options)
        if result is not None and hasattr(result, "__next__"):
            list(result)
    (violation,) = caught.value.violations
    assert violation.field == "file"
    return str(violation)


def changed(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", 8) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == member else data)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    "name, content, part",
    [
        ("a.csv", b"", "empty"),
        ("a.docx", b"PK\x03\x04", "not taken"),
        ("a", b"x;y", "not taken"),
        ("a.xlsx", b"Ad;Yer\n", "not what its ending"),
        ("a.xls", sheet([["A"]]), "not what its ending"),
        ("a.ods", sheet([["A"]]), "not what its ending"),
        ("a.xlsx", sheet([["A"], [1]])[:-300], "damaged"),
        ("a.xls", OLE + "Workbook".encode("utf-16-le"), "damaged"),
        ("a.csv", b"Ad;Yer\x00\x01\n", "not a text file"),
        ("a.csv", b"Ad\xe7;\x81\x8d\n", "letters of the file"),
        ("a.csv", b"<html><table><tr><td>1</td></tr></table></html>", "two kinds"),
    ],
)
def test_a_file_that_is_no_table_is_refused(put, name: str, content: bytes, part: str) -> None:
    assert part in refusal(sniff, put(name, content))


def test_a_table_without_rows_is_refused(put) -> None:
    assert "empty" in refusal(preview, put("a.csv", "Ad;Yer\n"))
    assert "empty" in refusal(preview, put("b.csv", "\n\n"))
    assert "empty" in refusal(preview, put("c.xlsx", sheet([])))


def test_a_file_that_is_too_large_is_refused(put) -> None:
    assert "larger than" in refusal(sniff, put("a.csv", CSV * 100), limits=ImportLimits(size=100))


def test_a_packed_bomb_is_refused(put) -> None:
    content = io.BytesIO(sheet([["A"], [1]]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/x.bin", b"\0" * 300_000_000)
    assert "far too large" in refusal(sniff, put("a.xlsx", content.getvalue()))


def test_too_many_rows_or_columns_are_refused_in_every_kind(put) -> None:
    many, wide = "Ad;Yer\n" + "a;b\n" * 60, ";".join("abcdefghijklmnopqrstuvwxyz") + "\n1;2\n"
    assert "more than 50 rows" in refusal(read_rows, put("a.csv", many), limits=SMALL)
    assert "more than 20 columns" in refusal(preview, put("b.csv", wide), limits=SMALL)
    assert "more than 50 rows" in refusal(sniff, put("c.xlsx", sheet([["A"]] * 70)), limits=SMALL)
    assert "more than 20 columns" in refusal(
        sniff, put("d.xlsx", sheet([["A"] * 30])), limits=SMALL
    )
    assert "more than 50 rows" in refusal(sniff, put("e.ods", ods(ods_row("a") * 70)), limits=SMALL)


FAR = sheet([["A", "B"], [1, 2]])


@pytest.mark.parametrize(
    "name, content, part",
    [
        ("corner.xlsx", changed(FAR, "xl/worksheets/sheet1.xml", b'r="B2"', b'r="XFD1048576"'), "rows"),
        ("right.xlsx", changed(FAR, "xl/worksheets/sheet1.xml", b'r="B2"', b'r="XFD2"'), "columns"),
        ("down.xlsx", changed(FAR, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="9999999"'), ""),
        ("nameless.xlsx", changed(FAR, "xl/worksheets/sheet1.xml", b'<c r="B2"', b"<c/>" * 40 + b"<c"), "columns"),
        ("rows.ods", ods('<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'), "rows"),
        ("cells.ods", ods('<table:table-row><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>'), "columns"),
        ("gap.ods", ods('<table:table-row><table:table-cell table:number-columns-repeated="16000"/><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>'), "columns"),
    ],
)  # fmt: skip
def test_a_sheet_that_only_pretends_to_be_small_is_refused(
    put, name: str, content: bytes, part: str
) -> None:
    path = put(name, content)
    tracemalloc.start()
    if part:
        assert part in refusal(sniff, path, limits=SMALL)
    else:
        # The address of a cell counts, not that of its row; nothing far away is built.
        assert len(list(read_rows(path, limits=SMALL))) <= 50
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_empty_ends_of_an_open_document_table_do_not_count(put) -> None:
    table = ods_row("Ad", "Yer") + ods_row("Ali", "Çorlu")
    table = table.replace(
        "</table:table-row>",
        '<table:table-cell table:number-columns-repeated="16382"/></table:table-row>',
    )
    table += '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    assert len(list(read_rows(put("a.ods", ods(table)), limits=SMALL))) == 1


def test_a_forgotten_quotation_mark_names_its_row(put) -> None:
    path = put("a.csv", 'Ad;Yer\nAli;Çorlu\nVeli;"' + "x" * 1_100_000)
    assert "from row" in refusal(read_rows, path)


def test_a_sheet_that_is_not_there_is_said(put) -> None:
    assert "no sheet named" in refusal(preview, put("a.xlsx", FAR), sheet="Yok")
