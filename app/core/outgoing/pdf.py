"""PDF files before they leave: who made them, notes, files inside, layers that are off, numbers."""

from __future__ import annotations

import io
import logging
from collections.abc import Collection
from typing import Any

from app.core.outgoing.findings import MOST_FINDINGS, Finding, FindingKind
from app.core.outgoing.text import personal_findings
from app.core.rules import N_

#: Pages whose text is read; a longer file is told to be read in part.
MOST_PAGES = 120

_PAGE = N_("page %(n)s")
_WHOLE = N_("whole file")
_PROPERTIES = N_("document properties, %(field)s")
#: Marks of a reviewer; links and form fields are part of the page.
_NOTES = frozenset(
    {"/Text", "/FreeText", "/Popup", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut",
     "/Stamp", "/Caret", "/Ink", "/Sound", "/Movie"}
)  # fmt: skip


def findings_in_pdf(data: bytes, own: Collection[str]) -> list[Finding]:
    """Return what a PDF would carry along unseen, and numbers of other people on its pages."""
    from pypdf import PdfReader

    # What the reader thinks of a sloppy file is of no interest here.
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        return [Finding(FindingKind.UNREADABLE, _WHOLE)]
    found = _properties(reader)
    if reader.attachments:
        found.append(Finding(FindingKind.EMBEDDED_FILE, _WHOLE))
    if _has_layers_off(reader):
        found.append(Finding(FindingKind.HIDDEN_DATA, _WHOLE))
    for number, page in enumerate(reader.pages, start=1):
        if number > MOST_PAGES:
            found.append(Finding(FindingKind.UNREADABLE, _PAGE, {"n": number}))
            break
        found += _notes(page, number)
        found += personal_findings(page.extract_text(), own, _PAGE, n=number)
        if len(found) >= MOST_FINDINGS:
            break
    return found[:MOST_FINDINGS]


def _properties(reader: Any) -> list[Finding]:
    info = reader.metadata
    author = str(info.author or "").strip() if info is not None else ""
    if not author:
        return []
    return [Finding(FindingKind.METADATA, _PROPERTIES, {"field": "Author"}, author[:2] + "…")]


def _notes(page: Any, number: int) -> list[Finding]:
    found = []
    for note in page.get("/Annots") or ():
        kind = str(note.get_object().get("/Subtype", ""))
        if kind == "/FileAttachment":
            found.append(Finding(FindingKind.EMBEDDED_FILE, _PAGE, {"n": number}))
        elif kind in _NOTES:
            found.append(Finding(FindingKind.COMMENT, _PAGE, {"n": number}))
    return found


def _has_layers_off(reader: Any) -> bool:
    layers = reader.trailer["/Root"].get("/OCProperties")
    if layers is None:
        return False
    view = layers.get_object().get("/D")
    return bool(view is not None and view.get_object().get("/OFF"))
