"""Word files before they leave: tracked changes, comments, hidden text, numbers."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection

from app.core.outgoing.findings import MOST_FINDINGS, Finding, FindingKind
from app.core.outgoing.package import attribute, elements, local, property_findings
from app.core.outgoing.text import personal_findings
from app.core.rules import N_

_PARAGRAPH = N_("paragraph %(n)s")
_WHOLE = N_("whole file")
_MARGIN = N_("head or foot of the page, paragraph %(n)s")

_WORD_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_CHANGES = frozenset(
    {"ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "numberingChange"}
)


def findings_in_docx(archive: zipfile.ZipFile, own: Collection[str]) -> list[Finding]:
    """Return what a Word file would carry along unseen, and numbers of other people."""
    names = archive.namelist()
    found = property_findings(archive)
    if any(name.startswith("word/embeddings/") for name in names):
        found.append(Finding(FindingKind.EMBEDDED_FILE, _WHOLE))
    for part in ("word/comments.xml", "word/commentsExtended.xml"):
        if part in names:
            count = sum(
                event == "end" and local(element.tag) in {"comment", "commentEx"}
                for event, element in elements(archive, part)
            )
            if count:
                found.append(Finding(FindingKind.COMMENT, _WHOLE, {"n": count}, str(count)))
                break
    for part in sorted(name for name in names if _WORD_PARTS.fullmatch(name)):
        found += _word_part(archive, part, own)
    return found[:MOST_FINDINGS]


def _word_part(archive: zipfile.ZipFile, part: str, own: Collection[str]) -> list[Finding]:
    place = _PARAGRAPH if part == "word/document.xml" else _MARGIN
    found: list[Finding] = []
    told: set[tuple[FindingKind, int]] = set()
    number = 1

    def tell(kind: FindingKind) -> None:
        if (kind, number) not in told:
            told.add((kind, number))
            found.append(Finding(kind, place, {"n": number}))

    for event, element in elements(archive, part):
        name = local(element.tag)
        if event == "start" and name in _CHANGES:
            tell(FindingKind.TRACKED_CHANGE)
        elif event == "start" and name in {"vanish", "webHidden"}:
            if attribute(element, "val") not in {"0", "false"}:
                tell(FindingKind.HIDDEN_TEXT)
        elif event == "end" and name == "p":
            text = "".join(
                t.text or ""
                for t in element.iter()
                if local(t.tag) in {"t", "delText", "instrText"}
            )
            found += personal_findings(text, own, place, n=number)
            number += 1
            element.clear()
        if len(found) >= MOST_FINDINGS:
            break
    return found
