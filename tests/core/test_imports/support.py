"""Imports: what a file is, what its rows are, what a mapping makes of them, what is refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import xlsxwriter


def sheet(rows: list[list[object]], **options: object) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    page = book.add_worksheet("Sayfa1")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, dt.date):
                page.write_datetime(r, c, cell, day)
            elif cell is not None:
                page.write(r, c, cell)
    book.close()
    return buffer.getvalue()


def ods(table: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0"'
        f' xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Sayfa1">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()


def ods_row(*texts: str) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
        for t in texts
    )
    return f"<table:table-row>{cells}</table:table-row>"


CSV = "Başvuru No;Adı Soyadı;Metin\r\n1;Şeyma IŞIK;“Çöp” – alınmıyor\r\n2;Ali;İyi\r\n"
