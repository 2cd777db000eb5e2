"""Personal numbers and gaps in a text that is about to leave; files are in the other modules."""

from __future__ import annotations

from collections.abc import Collection

from app.core.identifiers import find_personal_data
from app.core.outgoing.findings import (
    MOST_FINDINGS,
    OF_PERSONAL,
    Finding,
    FindingKind,
    masked,
    normal_form,
)
from app.core.rules import N_

#: What a template leaves where a value was missing.
GAP = "……"

_PARAGRAPH = N_("paragraph %(n)s")


def personal_findings(
    text: str, own: Collection[str], place: str, **params: object
) -> list[Finding]:
    """Return the numbers and addresses in a text that belong to somebody else, all at one place."""
    found = []
    for item in find_personal_data(text):
        kind = OF_PERSONAL[item.kind]
        if normal_form(kind, item.value) not in own:
            found.append(Finding(kind, place, params, masked(kind, item.value)))
    return found


def findings_in_text(
    text: str, *, own: Collection[str] = (), place: str = _PARAGRAPH
) -> tuple[Finding, ...]:
    """Return what in a text should not leave, paragraph by paragraph; `own` comes from `own_marks`.

    `place` is a msgid with the place %(n)s for the number of the paragraph.
    """
    found: list[Finding] = []
    for number, paragraph in enumerate(text.split("\n"), start=1):
        found += personal_findings(paragraph, own, place, n=number)
        if GAP in paragraph:
            found.append(Finding(FindingKind.GAP, place, {"n": number}, GAP))
        if len(found) >= MOST_FINDINGS:
            break
    return tuple(found[:MOST_FINDINGS])
