"""Exports: whole, countable, readable in Excel here, and never a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tracemalloc
import zipfile
from decimal import Decimal
from enum import StrEnum

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import ISTANBUL
from app.core.exports import csv_text, is_dangerous, plain, stream_csv, write_csv, write_xlsx

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "\x00\x01-1",
             "＝1+1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "-")  # fmt: skip
HARMLESS = ("Ayşe", "a=b", "1-2", " =1", "%93,4", "'=1", "", "İstanbul +90")


class Colour(StrEnum):
    RED = "red"


def xlsx(rows, headers=("A", "B"), **options) -> bytes:
    buffer = io.BytesIO()
    write_xlsx(buffer, headers, rows, title=options.pop("title", "Liste"), **options)
    return buffer.getvalue()


def read(content: bytes, sheet: int = 0) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(sheet).to_python()


def sheet_xml(content: bytes, number: int = 1) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def csv_rows(rows, headers=("A", "B"), **options) -> list[list[str]]:
    buffer = io.BytesIO()
    write_csv(buffer, headers, rows, **options)
    return list(csv.reader(io.StringIO(buffer.getvalue().decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_a_formula_is_guarded_in_both_files(text: str) -> None:
    assert is_dangerous(text)
    assert csv_rows([(text, 1)])[1][0].startswith("'")
    xml = sheet_xml(xlsx([(text, 1)], headers=(text, "B"), title=text, meta_lines=[text]))
    assert not re.search("<f[ >/]", xml)
    assert "<hyperlink" not in xml


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_left_alone(text: str) -> None:
    assert not is_dangerous(text)
    assert csv_text(text) == text


@given(st.lists(st.tuples(st.text(), st.text()), max_size=8))
def test_no_text_whatever_becomes_a_formula(rows: list[tuple[str, str]]) -> None:
    assert not re.search("<f[ >/]", sheet_xml(xlsx(rows)))
    buffer = io.BytesIO()
    write_csv(buffer, ("A", "B"), rows)
    for row in csv.reader(io.StringIO(buffer.getvalue().decode("utf-8-sig")), delimiter=";"):
        assert not any(is_dangerous(cell) for cell in row)


def test_guarded_text_is_kept_letter_by_letter_in_excel() -> None:
    content = xlsx([("+90 532 000 00 00", "-5")])
    assert read(content)[3][:2] == ["+90 532 000 00 00", "-5"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()


def test_numbers_stay_numbers_and_dates_are_dates() -> None:
    row = (-5, Decimal("-1234.5"), dt.date(2026, 11, 23), dt.datetime(2026, 11, 23, 8, 45),
           dt.time(14, 5), True, Colour.RED, None)  # fmt: skip
    headers = tuple("ABCDEFGH")
    assert read(xlsx([row], headers))[3] == [
        -5, -1234.5, dt.date(2026, 11, 23), dt.datetime(2026, 11, 23, 8, 45), dt.time(14, 5),
        "Evet", "red", "",
    ]  # fmt: skip
    assert csv_rows([row], headers)[1] == [
        "-5", "-1234,5", "23.11.2026", "23.11.2026 08.45", "14.05", "Evet", "red", "",
    ]  # fmt: skip


def test_a_moment_is_written_on_the_local_clock() -> None:
    moment = dt.datetime(2026, 11, 23, 21, 30, tzinfo=dt.UTC)
    assert plain(moment) == dt.datetime(2026, 11, 24, 0, 30)
    assert plain(moment.astimezone(ISTANBUL)) == dt.datetime(2026, 11, 24, 0, 30)


@pytest.mark.parametrize(
    "value", [10**15, -(10**15), 12345678901234567890, float("nan"), float("inf")]
)
def test_what_excel_cannot_hold_as_a_number_is_text(value: float) -> None:
    assert plain(value) == str(value)
    assert read(xlsx([(value, 1)]))[3][0] == str(value)


def test_dates_before_excels_calendar_are_text() -> None:
    assert read(xlsx([(dt.date(1881, 5, 19), 1)]))[3][0] == "19.05.1881"


def test_the_workbook_has_title_meta_head_and_count() -> None:
    rows = read(xlsx([(n, "Şeyma") for n in range(3)], title="Başvurular",
                     meta_lines=["23.11.2026 itibarıyla", "Kanal: CİMER"]))  # fmt: skip
    assert [row[0] for row in rows[:3]] == ["Başvurular", "23.11.2026 itibarıyla", "Kanal: CİMER"]
    assert rows[4] == ["A", "B"]
    assert rows[-1][0] == "Satır sayısı: 3"
    xml = sheet_xml(xlsx([(1, 2)] * 3))
    assert 'state="frozen"' in xml
    assert '<autoFilter ref="A3:B6"' in xml


def test_an_empty_list_still_says_that_it_is_empty() -> None:
    assert read(xlsx([]))[-1][0] == "Satır sayısı: 0"
    assert csv_rows([])[-1] == ["Satır sayısı", "0"]


def test_what_does_not_fit_a_sheet_goes_on_in_the_next() -> None:
    content = xlsx(((n, n) for n in range(25)), sheet_rows=16)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Liste", "Liste 2", "Liste 3"]
    numbers = [row[0] for s in range(3) for row in read(content, s) if isinstance(row[0], float)]
    assert numbers == list(range(25))
    assert read(content, 2)[-1][0] == "Satır sayısı: 25"


def test_a_text_longer_than_a_cell_is_cut_and_said() -> None:
    rows = read(xlsx([("x" * 40_000, "y")]))
    assert len(str(rows[3][0])) == 32_767
    assert "32.767" in str(rows[-1][0])
    assert str(rows[-1][0]).endswith(": 1")


def test_signs_that_xml_cannot_hold_are_left_out() -> None:
    assert read(xlsx([("a\x00\x0b\ud800\uffffb", 1)]))[3][0] == "ab"


def test_csv_opens_in_excel_here() -> None:
    buffer = io.BytesIO()
    count = write_csv(
        buffer, ("Ad", "Not"), [("Ayşe; Ali", 'de"di\nki')], title="T", meta_lines=["M"]
    )
    content = buffer.getvalue()
    assert count == 1
    assert content.startswith(b"\xef\xbb\xbfAd;Not\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["Ad", "Not"], ["Ayşe; Ali", 'de"di\nki'], ["T"], ["M"], ["Satır sayısı", "1"]]


def test_csv_is_streamed_in_pieces() -> None:
    counted: dict[str, int] = {}
    pieces = list(stream_csv(("A",), (("x" * 100,) for _ in range(5000)), counted=counted))
    assert len(pieces) > 5
    assert counted == {"rows": 5000}


def test_memory_stays_constant_while_a_workbook_grows() -> None:
    import tempfile

    def peak(count: int) -> int:
        tracemalloc.start()
        with tempfile.TemporaryFile() as fp:
            write_xlsx(fp, ("A", "B"), ((n, f"Satır {n} ğüşıöç") for n in range(count)), title="T")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small = peak(1_000)
    assert peak(15_000) < small + 2_000_000


def test_english_files_use_english_words_and_signs() -> None:
    rows = csv_rows([(1.5, dt.date(2026, 11, 23))], lang="en")
    assert rows[1] == ["1.5", "23/11/2026"]
    assert rows[-1][0] == "Number of rows"
