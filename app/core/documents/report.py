"""A report as PDF: its parts become the data of one template; the parts are in `report_parts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.documents.report_parts import (
    ChartSection,
    Figure,
    Figures,
    PageBreak,
    Paragraph,
    ReportDocument,
    Section,
    TableSection,
    Value,
    is_number,
    shown,
)
from app.core.documents.typst_render import TIMEOUT_SECONDS, render_in_subprocess
from app.core.words import words_of

__all__ = [
    "ChartSection",
    "Figure",
    "Figures",
    "PageBreak",
    "Paragraph",
    "ReportDocument",
    "Section",
    "TableSection",
    "is_number",
    "report_data",
    "report_pdf",
    "shown",
]

#: Tables wider than this turn the paper sideways.
_UPRIGHT_COLUMNS = 7
#: A column whose longest text is shorter keeps its natural width.
_LONG_TEXT = 28


def report_pdf(document: ReportDocument, *, timeout: float = TIMEOUT_SECONDS) -> bytes:
    """Return the report as PDF (A4, tagged, PDF/A), drawn in a process of its own.

    Raises `RenderError` when it is not ready in time.
    """
    data, assets = report_data(document)
    return render_in_subprocess("report", data, assets, timeout=timeout)


def report_data(document: ReportDocument) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the template report.typ reads: JSON-safe data, and pictures by name."""
    assets: dict[str, bytes] = {}
    widest = max((len(table.headers) for table in document.tables()), default=0)
    landscape = widest > _UPRIGHT_COLUMNS if document.landscape is None else document.landscape
    sections = [_section(section, document.lang, assets) for section in document.sections]
    return {
        "words": dict(words_of("report", document.lang)),
        "lang": document.lang,
        "landscape": landscape,
        "title": str(document.title),
        "subtitle": str(document.subtitle),
        "facts": document.facts,
        "as_of": document.as_of_text,
        "period": str(document.period),
        "sections": sections,
    }, assets


def _section(section: Section, lang: str, assets: dict[str, bytes]) -> dict[str, Any]:
    if isinstance(section, PageBreak):
        return {"kind": "break"}
    if isinstance(section, Paragraph):
        texts = [text for text in str(section.text).split("\n\n") if text.strip()]
        return {"kind": "paragraph", "title": str(section.title), "texts": texts}
    if isinstance(section, Figures):
        items = [
            {"label": str(f.label), "value": shown(f.value, f.format, lang), "hint": str(f.hint)}
            for f in section.items
        ]
        return {"kind": "figures", "title": str(section.title), "items": items}
    if isinstance(section, TableSection):
        return {"kind": "table", "title": str(section.title), **_table(section, lang)}
    picture = _picture(section, assets)
    return {
        "kind": "chart",
        "title": str(section.title),
        "picture": picture,
        "description": str(section.description or section.title) or "–",
        "table": None if section.table is None else _table(section.table, lang),
        "table_title": "" if section.table is None else str(section.table.title),
    }


def _picture(section: ChartSection, assets: dict[str, bytes]) -> str | None:
    svg = section.svg.encode("utf-8") if isinstance(section.svg, str) else section.svg
    if not svg and not section.png:
        return None
    name = f"chart-{len(assets) + 1}.{'svg' if svg else 'png'}"
    assets[name] = svg or section.png
    return name


def _table(table: TableSection, lang: str) -> dict[str, Any]:
    width = len(table.headers)
    rows = [_texts(row, table, lang) for row in table.rows]
    return {
        "headers": [str(header) for header in table.headers],
        "align": [table.align_of(column) for column in range(width)],
        "columns": [_column([row[n] for row in rows], str(h)) for n, h in enumerate(table.headers)],
        "rows": rows,
        "total": None if table.total_row is None else _texts(table.total_row, table, lang),
        "note": str(table.note),
    }


def _texts(row: Sequence[Value], table: TableSection, lang: str) -> list[str]:
    """Return a row as text, filled up or cut to the width of the head."""
    width = len(table.headers)
    texts = [shown(value, table.format_of(n), lang) for n, value in enumerate(row[:width])]
    return texts + [""] * (width - len(texts))


def _column(texts: Sequence[str], header: str) -> float | None:
    """Return the share of the page that a column of sentences asks for, None for a narrow one."""
    longest = max((len(text) for text in texts), default=0)
    longest = max(longest, len(header) // 2)
    return None if longest <= _LONG_TEXT else min(1 + longest / 120, 3.0)
