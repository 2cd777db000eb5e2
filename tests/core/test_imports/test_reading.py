"""Files that are read."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from app.core.exports import write_csv, write_xlsx
from app.core.imports import (
    preview,
    read_rows,
    sniff,
)
from tests.core.test_imports.support import CSV, ods, ods_row, sheet


@pytest.mark.parametrize(
    "encoding, found",
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1254", "cp1254"), ("utf-16", "utf-16")],
)
def test_letters_are_read_in_the_encodings_of_this_country(put, encoding: str, found: str) -> None:
    path = put("a.csv", CSV, encoding)
    info = sniff(path)
    assert (info.encoding, info.delimiter, info.kind) == (found, ";", "csv")
    assert next(read_rows(path))[1] == {
        "Başvuru No": "1", "Adı Soyadı": "Şeyma IŞIK", "Metin": "“Çöp” – alınmıyor",
    }  # fmt: skip


def test_latin_five_is_told_from_windows(put) -> None:
    path = put("a.csv", "Ad;İl\nŞğüı;Tekirdağ\n", "iso-8859-9")
    assert sniff(path).encoding == "iso-8859-9"
    assert next(read_rows(path))[1] == {"Ad": "Şğüı", "İl": "Tekirdağ"}


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_even_among_others(put, sign: str) -> None:
    lines = [sign.join(("Ad", "Not", "Yer"))]
    lines += [sign.join((f"Ali {n}", '"bir, iki; üç"', "Çorlu")) for n in range(9)]
    path = put("a.csv", "\n".join(lines))
    assert sniff(path).delimiter == sign
    assert next(read_rows(path))[1] == {"Ad": "Ali 0", "Not": "bir, iki; üç", "Yer": "Çorlu"}


def test_the_line_in_which_excel_names_its_delimiter_is_no_row(put) -> None:
    path = put("a.csv", "sep=|\nAd|Yer\nAli|Çorlu\n")
    assert list(read_rows(path)) == [(3, {"Ad": "Ali", "Yer": "Çorlu"})]


def test_row_numbers_are_those_of_the_file(put) -> None:
    path = put("a.csv", 'Ad;Not\nAli;"iki\nsatır"\n\nVeli;x\n')
    assert [(n, row["Ad"]) for n, row in read_rows(path)] == [(2, "Ali"), (5, "Veli")]
    path = put("b.xlsx", sheet([["Ad"], ["Ali"], [None], ["Veli"]]))
    assert [(n, row["Ad"]) for n, row in read_rows(path)] == [(2, "Ali"), (4, "Veli")]
    path = put("c.xlsx", sheet([[None], [None], [None, "Ad", "Yer"], [None, "Ali", "Çorlu"]]))
    (row,) = read_rows(path)
    assert row[0] == 4
    assert (row[1]["Ad"], row[1]["Yer"]) == ("Ali", "Çorlu")


def test_cells_of_a_spreadsheet_keep_their_kind(put) -> None:
    day = dt.date(2026, 11, 18)
    path = put("a.xlsx", sheet([["A", "B", "C", "D", "E"], [5, 1.5, day, True, " metin "]]))
    assert sniff(path).sheets == ("Sayfa1",)
    assert next(read_rows(path))[1] == {"A": 5, "B": 1.5, "C": day, "D": True, "E": "metin"}
    assert isinstance(next(read_rows(path))[1]["A"], int)


def test_open_document_tables_are_read(put) -> None:
    path = put("a.ods", ods(ods_row("Ad", "Yer") + ods_row("Şeyma", "Çorlu")))
    assert list(read_rows(path)) == [(2, {"Ad": "Şeyma", "Yer": "Çorlu"})]


def test_our_own_exports_can_be_read_back(put) -> None:
    rows = [(n, "=tehlikeli", dt.date(2026, 11, 23)) for n in range(3)]
    buffer = io.BytesIO()
    write_xlsx(
        buffer, ("No", "Ad", "Gün"), rows, title="Liste", meta_lines=["23.11.2026 itibarıyla"]
    )
    found = [tuple(row.values()) for _, row in read_rows(put("a.xlsx", buffer.getvalue()))]
    assert found == rows
    buffer = io.BytesIO()
    write_csv(buffer, ("No", "Ad"), [(1, "Ali"), (2, "Veli")])
    assert len(list(read_rows(put("a.csv", buffer.getvalue())))) == 2


def test_headings_that_repeat_or_miss_get_a_name(put) -> None:
    path = put("a.csv", "Ad;Ad;;Yer\n1;2;3;4\n")
    assert preview(path).headers == ("Ad", "Ad (2)", "Sütun 3", "Yer")


def test_a_preview_reads_only_its_rows(put) -> None:
    path = put("a.csv", "Ad\n" + "".join(f"{n}\n" for n in range(500)))
    seen = preview(path, 3)
    assert [row["Ad"] for _, row in seen.rows] == ["0", "1", "2"]


def test_the_heading_row_can_be_told(put) -> None:
    path = put("a.csv", "x;y;z\nAd;Yer;No\nAli;Çorlu;1\n")
    assert preview(path, header_row=2).headers == ("Ad", "Yer", "No")
