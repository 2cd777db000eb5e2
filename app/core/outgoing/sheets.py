"""Excel workbooks before they leave: hidden sheets, rows and columns, comments, and what cells hold."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Collection, Iterator
from typing import Any

from app.core.outgoing.findings import MOST_FINDINGS, Finding, FindingKind
from app.core.outgoing.package import attribute, elements, local, property_findings
from app.core.outgoing.text import personal_findings
from app.core.rules import N_

#: More cells than this are not read one by one while somebody waits.
MOST_CELLS = 300_000

_SHEET = N_("sheet “%(sheet)s”")
_ROWS = N_("sheet “%(sheet)s”, row %(row)s")
_COLUMNS = N_("sheet “%(sheet)s”, columns %(first)s–%(last)s")
_CELL = N_("sheet “%(sheet)s”, cell %(cell)s")
_WHOLE = N_("whole file")
_BEHIND = N_("data behind a pivot table")
_LINKED = N_("values kept from another file")


def findings_in_xlsx(archive: zipfile.ZipFile, own: Collection[str]) -> list[Finding]:
    """Return what an Excel workbook would carry along unseen, and numbers of other people."""
    names = set(archive.namelist())
    found = property_findings(archive)
    found += [
        Finding(FindingKind.HIDDEN_DATA, place)
        for prefix, place in (("xl/pivotCache/", _BEHIND), ("xl/externalLinks/", _LINKED))
        if any(name.startswith(prefix) and name.endswith(".xml") for name in names)
    ]
    shared = _shared_strings(archive) if "xl/sharedStrings.xml" in names else []
    left = MOST_CELLS
    for title, state, path in _xlsx_sheets(archive):
        if state in {"hidden", "veryHidden"}:
            found.append(Finding(FindingKind.HIDDEN_SHEET, _SHEET, {"sheet": title}))
        if path not in names:
            continue
        part, left = _xlsx_sheet(archive, path, title, shared, own, left)
        found += part
        found += _xlsx_comments(archive, path, title, names)
        if left <= 0:
            found.append(Finding(FindingKind.UNREADABLE, _WHOLE))
        if left <= 0 or len(found) >= MOST_FINDINGS:
            break
    return found[:MOST_FINDINGS]


def _xlsx_sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, str]]:
    """Title, state and part of each sheet."""
    targets = _relations(archive, "xl/workbook.xml")
    for event, element in elements(archive, "xl/workbook.xml"):
        if event == "end" and local(element.tag) == "sheet":
            target = targets.get(attribute(element, "id"), ("", ""))[1]
            yield attribute(element, "name"), attribute(element, "state"), target


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id → (last word of its type, part it leads to)."""
    folder, name = posixpath.split(part)
    rels = f"{folder}/_rels/{name}.rels"
    if rels not in archive.namelist():
        return {}
    found = {}
    for event, element in elements(archive, rels):
        if event == "end" and local(element.tag) == "Relationship":
            target = attribute(element, "Target")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            kind = attribute(element, "Type").rpartition("/")[2]
            found[attribute(element, "Id")] = (kind, posixpath.normpath(path))
    return found


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    texts: list[str] = []
    parts: list[str] = []
    for event, element in elements(archive, "xl/sharedStrings.xml"):
        name = local(element.tag)
        if event == "end" and name == "t":
            parts.append(element.text or "")
        elif event == "end" and name == "si":
            texts.append("".join(parts))
            parts.clear()
            element.clear()
    return texts


def _xlsx_sheet(
    archive: zipfile.ZipFile,
    path: str,
    title: str,
    shared: list[str],
    own: Collection[str],
    left: int,
) -> tuple[list[Finding], int]:
    """Findings of one sheet, and how many cells may still be read."""
    found: list[Finding] = []
    hidden_rows: list[str] = []
    for event, element in elements(archive, path):
        name = local(element.tag)
        if event == "start" and name == "col" and _is_on(element, "hidden"):
            ends = (attribute(element, "min"), attribute(element, "max"))
            first, last = (column_letters(int(end)) if end.isdigit() else "?" for end in ends)
            params = {"sheet": title, "first": first, "last": last}
            found.append(Finding(FindingKind.HIDDEN_COLUMNS, _COLUMNS, params))
        elif event == "start" and name == "row" and _is_on(element, "hidden"):
            hidden_rows.append(attribute(element, "r"))
        elif event == "end" and name == "c":
            left -= 1
            where = {"sheet": title, "cell": attribute(element, "r")}
            found += personal_findings(_cell_text(element, shared), own, _CELL, **where)
        elif event == "end" and name == "row":
            element.clear()
        if left <= 0 or len(found) >= MOST_FINDINGS:
            break
    if hidden_rows:
        first_row: dict[str, Any] = {
            "sheet": title,
            "row": hidden_rows[0],
            "n": len(hidden_rows),
        }
        found.insert(0, Finding(FindingKind.HIDDEN_ROWS, _ROWS, first_row))
    return found, left


def _is_on(element: Any, name: str) -> bool:
    return attribute(element, name) in {"1", "true"}


def _cell_text(cell: Any, shared: list[str]) -> str:
    value = next((child.text or "" for child in cell if local(child.tag) == "v"), "")
    kind = attribute(cell, "t")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter() if local(t.tag) == "t")
    # A telephone or an identity number typed as a number has no zero in front and maybe a ".0".
    return value.removesuffix(".0")


def _xlsx_comments(
    archive: zipfile.ZipFile, path: str, title: str, names: Collection[str]
) -> list[Finding]:
    """Notes and threaded comments of a sheet, cell by cell."""
    found = []
    for kind, target in _relations(archive, path).values():
        if kind not in {"comments", "threadedComment"} or target not in names:
            continue
        for event, element in elements(archive, target):
            if event == "end" and local(element.tag) in {"comment", "threadedComment"}:
                params = {"sheet": title, "cell": attribute(element, "ref")}
                found.append(Finding(FindingKind.COMMENT, _CELL, params))
    return found


def column_letters(number: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
