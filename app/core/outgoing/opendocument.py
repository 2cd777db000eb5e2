"""OpenDocument texts and spreadsheets before they leave; the Microsoft formats are beside it."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from typing import Any

from app.core.outgoing.findings import MOST_FINDINGS, Finding, FindingKind
from app.core.outgoing.package import UnreadableError, attribute, elements, local, property_findings
from app.core.outgoing.sheets import MOST_CELLS
from app.core.outgoing.text import personal_findings
from app.core.rules import N_

_PARAGRAPH = N_("paragraph %(n)s")
_WHOLE = N_("whole file")
_SHEET = N_("sheet “%(sheet)s”")
_ROWS = N_("sheet “%(sheet)s”, row %(row)s")


def _content(archive: zipfile.ZipFile) -> Any:
    if "content.xml" not in archive.namelist():
        raise UnreadableError("content.xml")
    return elements(archive, "content.xml")


def findings_in_odt(archive: zipfile.ZipFile, own: Collection[str]) -> list[Finding]:
    """Return tracked changes, comments, hidden text and numbers of other people in a text."""
    found = property_findings(archive)
    number = 1
    for event, element in _content(archive):
        name = local(element.tag)
        if event == "start":
            if name == "changed-region":
                found.append(Finding(FindingKind.TRACKED_CHANGE, _PARAGRAPH, {"n": number}))
            elif name == "annotation":
                found.append(Finding(FindingKind.COMMENT, _PARAGRAPH, {"n": number}))
            elif name == "text-properties" and attribute(element, "display") == "none":
                found.append(Finding(FindingKind.HIDDEN_TEXT, _WHOLE))
        elif name in {"p", "h"}:
            found += personal_findings("".join(element.itertext()), own, _PARAGRAPH, n=number)
            number += 1
            element.clear()
        if len(found) >= MOST_FINDINGS:
            break
    return found[:MOST_FINDINGS]


def findings_in_ods(archive: zipfile.ZipFile, own: Collection[str]) -> list[Finding]:
    """Return hidden sheets, rows and columns, comments and numbers of other people in a workbook."""
    found = property_findings(archive)
    reading = _Workbook(own)
    for event, element in _content(archive):
        if event == "start":
            found += reading.enter(local(element.tag), element)
        else:
            found += reading.leave(local(element.tag), element)
        if reading.left <= 0:
            found.append(Finding(FindingKind.UNREADABLE, _WHOLE))
        if reading.left <= 0 or len(found) >= MOST_FINDINGS:
            break
    return found[:MOST_FINDINGS]


class _Workbook:
    """Where the reader stands in a workbook, and what it has found there."""

    def __init__(self, own: Collection[str]) -> None:
        self.own = own
        self.title, self.row, self.left = "", 0, MOST_CELLS
        self.parts: list[str] = []
        #: Names of table styles that are not shown; a sheet names its style.
        self.unseen: set[str] = set()
        self.style = ""

    def enter(self, name: str, element: Any) -> list[Finding]:
        """What the beginning of an element tells."""
        here = {"sheet": self.title, "row": self.row}
        if name == "style":
            self.style = attribute(element, "name")
        elif name == "table-properties" and attribute(element, "display") == "false":
            self.unseen.add(self.style)
        elif name == "table":
            self.title, self.row = attribute(element, "name"), 0
            if attribute(element, "style-name") in self.unseen:
                return [Finding(FindingKind.HIDDEN_SHEET, _SHEET, {"sheet": self.title})]
        elif name == "table-row":
            self.row += 1
            if attribute(element, "visibility") in {"collapse", "filter"}:
                return [Finding(FindingKind.HIDDEN_ROWS, _ROWS, {**here, "row": self.row})]
        elif name == "table-column" and attribute(element, "visibility") == "collapse":
            return [Finding(FindingKind.HIDDEN_COLUMNS, _SHEET, {"sheet": self.title})]
        elif name == "annotation":
            return [Finding(FindingKind.COMMENT, _ROWS, here)]
        return []

    def leave(self, name: str, element: Any) -> list[Finding]:
        """What the end of an element tells."""
        if name == "p":
            self.parts.append("".join(element.itertext()))
        elif name == "table-cell":
            self.left -= 1
            text, self.parts = " ".join(self.parts), []
            return personal_findings(text, self.own, _ROWS, sheet=self.title, row=self.row)
        elif name == "table-row":
            element.clear()
        return []
