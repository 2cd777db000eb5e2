"""Reports: what stands on paper, what stands in Excel, and that both come from the same values."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
import python_calamine

from app.core.documents import (
    ChartSection,
    Figure,
    Figures,
    PageBreak,
    Paragraph,
    ReportDocument,
    TableSection,
    report_pdf,
    report_xlsx,
)
from app.core.documents.report import report_data, shown
from tests.core.pdf_text import pdf_pages, pdf_text, pdf_words

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120">'
    '<rect width="200" height="20" fill="#0d5f73"/><text x="4" y="60">Süleymanpaşa</text></svg>'
)
AS_OF = dt.datetime(2026, 11, 23, 8, 45)


def png() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (1200, 400), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def table(rows: int = 90, **changes: object) -> TableSection:
    values = [
        (f"{n}. Fen İşleri Dairesi", n * 1234, 93.4, Decimal("1286.5"), dt.date(2026, 11, 23))
        for n in range(1, rows + 1)
    ]
    options: dict[str, object] = {
        "formats": ("text", "number", "percent", "money"),
        "total_row": ("Toplam", 1234567, None, Decimal(12), None),
        "note": "Kaynak: başvuru kayıtları",
        **changes,
    }
    headers = ("Birim", "Gelen", "Süresinde", "Tutar", "Son")
    return TableSection("Birimlere göre", headers, values, **options)  # type: ignore[arg-type]


def document(*sections: object, **changes: object) -> ReportDocument:
    options: dict[str, object] = {
        "subtitle": "Gelen, cevaplanan, geciken",
        "period": "Ekim 2026",
        "unit": "Halkla İlişkiler Şube Müdürlüğü",
        "meta": {"Süzgeç": "Kanal: CİMER"},
        **changes,
    }
    return ReportDocument("Aylık faaliyet özeti", AS_OF, sections, **options)  # type: ignore[arg-type]


FIGURES = Figures(
    (
        Figure("Gelen başvuru", 12345, "geçen ay 11.902"),
        Figure("Süresinde cevap", 93.4, "hedef %95", "percent"),
    ),
    "Özet",
)


def test_the_head_says_what_for_whom_and_as_of_when() -> None:
    text = pdf_text(report_pdf(document(FIGURES)))
    for part in ("Aylık faaliyet özeti", "Gelen, cevaplanan, geciken", "Dönem: Ekim 2026",
                 "Birim: Halkla İlişkiler Şube Müdürlüğü", "Süzgeç: Kanal: CİMER",
                 "23.11.2026 08.45 itibarıyla", "12.345", "%93,4", "hedef %95"):  # fmt: skip
        assert part in text


def test_every_page_carries_its_number_and_the_as_of_time() -> None:
    pdf = report_pdf(document(table(), PageBreak(), Paragraph("Son söz.")))
    pages = pdf_text(pdf).split("\f")[:-1]
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        assert f"Sayfa {number}/{len(pages)}" in page
        assert "23.11.2026 08.45 itibarıyla" in page


def test_a_table_repeats_its_head_and_keeps_its_rows_whole() -> None:
    pdf = report_pdf(document(table(150)))
    pages = pdf_text(pdf, layout=True).split("\f")[:-1]
    assert len(pages) >= 3
    assert all("Süresinde" in page for page in pages)
    rows = re.findall(r"(\d+)\. Fen İşleri Dairesi\s+([\d.]+)\s+%93,4\s+1\.286,50 TL\s+23\.11\.2026",
                      "\n".join(pages))  # fmt: skip
    assert [int(n) for n, _ in rows] == list(range(1, 151))
    assert "Kaynak: başvuru kayıtları" in pages[-1]


def test_a_tall_row_goes_to_the_next_page_in_one_piece() -> None:
    rows = [("x", "kısa")] * 30 + [("uzun", "sözcük " * 150)]
    pdf = report_pdf(document(TableSection("T", ("A", "B"), rows)))
    pages = {page for page, *_, word in pdf_words(pdf) if word == "sözcük"}
    assert len(pages) == 1


def test_numbers_stand_right_and_words_left() -> None:
    words = pdf_words(report_pdf(document(table(9))))
    amounts = [w[3] for w in words if re.fullmatch(r"\d{1,2}\.\d{3}", w[5])]
    assert max(amounts) - min(amounts) < 0.5
    names = [w[1] for w in words if re.fullmatch(r"\d\.", w[5])]
    assert max(names) - min(names) < 0.5


def test_an_empty_table_says_so() -> None:
    assert "Bu dönem için kayıt yok." in pdf_text(
        report_pdf(document(TableSection("T", ("A",), [])))
    )


def test_hostile_text_is_printed_and_not_obeyed() -> None:
    hostile = '#panic("x") *b* $y$ @z <l> ]'
    section = TableSection(hostile, (hostile,), [(hostile,)], note=hostile)
    text = pdf_text(report_pdf(document(Paragraph(hostile, hostile), section)))
    assert text.count("#panic") >= 5


def test_a_chart_is_drawn_with_its_table() -> None:
    chart = ChartSection("İlçeler", SVG, png(), table(3), "İlçelere göre başvuru")
    pdf = report_pdf(document(chart))
    text = pdf_text(pdf)
    assert "Süleymanpaşa" in text
    assert "1. Fen İşleri Dairesi" in text


def test_wide_tables_turn_the_paper() -> None:
    headers = tuple(f"Sütun {n}" for n in range(10))
    wide, _ = report_data(document(TableSection("T", headers, [range(10)])))
    narrow, _ = report_data(document(table(1)))
    assert wide["landscape"] is True
    assert narrow["landscape"] is False


CHANNELS = (
    "Çağrı Merkezi (ALO 153)", "WhatsApp hattı", "İnternet formu", "CİMER", "Mobil uygulama",
    "Çözüm Masası", "Sosyal medya", "Dilekçe", "E-posta", "Muhtar", "e-Devlet Kapısı",
    "Valilik / Kaymakamlık", "Yerinde ziyaret", "Halk Günü", "Kayıtlı e-posta (KEP)",
)  # fmt: skip


def test_the_heads_of_many_columns_do_not_run_into_each_other() -> None:
    rows = [(f"Ağustos {2010 + n}", 12_693, *[987] * (len(CHANNELS) - 1)) for n in range(12)]
    section = TableSection("Kanallar", ("Ay", *CHANNELS), rows)
    words = pdf_words(report_pdf(document(section, landscape=False)))
    last = {word for name in CHANNELS for word in name.split()}
    assert last <= {word for *_, word in words}
    assert not [
        (a[5], b[5])
        for n, a in enumerate(words)
        for b in words[n + 1 :]
        # Half a point is the slant of a letter, no overlap.
        if a[0] == b[0] and min(a[3], b[3]) - max(a[1], b[1]) > 0.5
        and min(a[4], b[4]) - max(a[2], b[2]) > 0.5
    ]  # fmt: skip


def test_a_table_that_fits_on_a_page_stays_together_with_its_heading() -> None:
    section = TableSection("Kanallar", ("Ay", "Gelen"), [(f"satır {n}", n) for n in range(20)])
    for lines in (20, 30, 35):
        before = Paragraph("\n\n".join(["Bir satır."] * lines))
        words = pdf_words(report_pdf(document(before, section)))
        assert len({page for page, *_, word in words if word in {"satır", "Kanallar"}}) == 1, lines


def test_short_and_long_rows_fit_the_head() -> None:
    data, _ = report_data(document(TableSection("T", ("A", "B"), [("x",), (1, 2, 3)])))
    assert data["sections"][0]["rows"] == [["x", ""], ["1", "2"]]
    assert pdf_pages(report_pdf(document(TableSection("T", ("A", "B"), [("x",), (1, 2, 3)])))) == 1


@pytest.mark.parametrize(
    "value, form, text",
    [
        (None, "number", ""),
        (True, "number", "Evet"),
        (1234567, "number", "1.234.567"),
        (2026, "plain", "2026"),
        (93.4, "percent", "%93,4"),
        (Decimal("1234.5"), "money", "1.234,50 TL"),
        (float("nan"), "number", "–"),
        (dt.date(2026, 1, 2), "text", "02.01.2026"),
        (dt.time(14, 5), "text", "14.05"),
        ("metin", "number", "metin"),
    ],
)
def test_values_are_written_as_people_here_write_them(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text  # type: ignore[arg-type]


def test_the_table_of_a_chart_becomes_numbers_again() -> None:
    class Table:
        headers = ("İlçe", "Başvuru")
        rows = (("Çorlu", "1.412"), ("Ergene", "gizli"))
        totals = ("Toplam", "1.420")
        values = ((None, 1412), (None, None))
        align = ("left", "right")

    made = TableSection.from_chart("T", Table())
    assert made.rows == [["Çorlu", 1412], ["Ergene", "gizli"]]
    assert made.total_row == ["Toplam", 1420]


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_excel_begins_with_a_summary_and_has_a_sheet_for_each_table() -> None:
    chart = ChartSection("Grafik", SVG, png(), table(3))
    found = sheets(report_xlsx(document(FIGURES, Paragraph("Metin", "Başlık"), table(5), chart)))
    assert list(found) == ["Özet", "Birimlere göre", "Grafik"]
    summary = [cell for row in found["Özet"] for cell in row]
    for part in ("23.11.2026 08.45 itibarıyla", "Ekim 2026", "Gelen başvuru", 12345, 93.4, "Metin"):
        assert part in summary
    rows = found["Birimlere göre"]
    head = rows.index(["Birim", "Gelen", "Süresinde", "Tutar", "Son"])
    assert rows[head + 1] == ["1. Fen İşleri Dairesi", 1234, 93.4, 1286.5, dt.date(2026, 11, 23)]
    assert rows[head + 6][:2] == ["Toplam", 1234567]


def test_excel_has_no_formula_and_a_frozen_head() -> None:
    bad = TableSection("=cmd()", ("=1+1", "@x"), [("=1+1", "-2"), ("+3", "\t=4")], note="=5")
    content = report_xlsx(document(bad, Paragraph("=HYPERLINK(1)")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {
            n: archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")
        }
    assert not any(re.search(rb"<f[ >]", part) for part in parts.values())
    assert b'state="frozen"' in parts["xl/worksheets/sheet2.xml"]


def test_a_chart_comes_as_picture_or_as_excels_own() -> None:
    drawn = report_xlsx(document(ChartSection("A", SVG, png(), table(3))))
    own = report_xlsx(document(ChartSection("A", SVG, b"", table(3), excel="bar")))
    assert any("media/image" in n for n in zipfile.ZipFile(io.BytesIO(drawn)).namelist())
    assert "xl/charts/chart1.xml" in zipfile.ZipFile(io.BytesIO(own)).namelist()


def test_sheet_names_are_what_excel_accepts() -> None:
    titles = [
        "İlçe/ay: [2026]*?",
        "ilçe ay 2026",
        "x" * 40,
        "x" * 40,
        "'tırnak'",
        "",
        "History",
        "Özet",
    ]
    found = sheets(report_xlsx(document(*(TableSection(t, ("A",), [(1,)]) for t in titles))))
    names = list(found)
    assert len(names) == len(titles) + 1
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_english_reports_use_english_words() -> None:
    text = pdf_text(report_pdf(document(table(2), lang="en")))
    assert "Page 1/1" in text
    assert "as of 23/11/2026" in text
