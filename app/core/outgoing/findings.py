"""One finding of the outgoing check: what, where, and an excerpt that gives nothing away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.core.identifiers import PersonalDataKind, mask_email, mask_national_id, mask_phone
from app.core.identifiers.contact import parse_phone
from app.core.identifiers.numbers import normalize_iban
from app.core.rules import N_

#: No list of findings is longer; whoever has corrected these checks again.
MOST_FINDINGS = 100


class FindingKind(StrEnum):
    """What was found."""

    NATIONAL_ID = "national_id"
    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"
    GAP = "gap"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    HIDDEN_DATA = "hidden_data"
    HIDDEN_TEXT = "hidden_text"
    COMMENT = "comment"
    TRACKED_CHANGE = "tracked_change"
    METADATA = "metadata"
    EMBEDDED_FILE = "embedded_file"
    PICTURE_DATA = "picture_data"
    UNREADABLE = "unreadable"


FINDING_LABELS = {
    FindingKind.NATIONAL_ID: N_("National id that is not the recipient’s"),
    FindingKind.PHONE: N_("Telephone that is not the recipient’s"),
    FindingKind.EMAIL: N_("E-mail address that is not the recipient’s"),
    FindingKind.IBAN: N_("Account number (IBAN)"),
    FindingKind.GAP: N_("A gap that was not filled in"),
    FindingKind.HIDDEN_SHEET: N_("Hidden sheet"),
    FindingKind.HIDDEN_ROWS: N_("Hidden rows"),
    FindingKind.HIDDEN_COLUMNS: N_("Hidden columns"),
    FindingKind.HIDDEN_DATA: N_("Data that is not seen on the page"),
    FindingKind.HIDDEN_TEXT: N_("Hidden text"),
    FindingKind.COMMENT: N_("Comment"),
    FindingKind.TRACKED_CHANGE: N_("Tracked change"),
    FindingKind.METADATA: N_("Name or organisation in the document’s properties"),
    FindingKind.EMBEDDED_FILE: N_("File inside the file"),
    FindingKind.PICTURE_DATA: N_("Place, camera or notes inside the picture"),
    FindingKind.UNREADABLE: N_("The file could not be read whole"),
}

OF_PERSONAL: Mapping[PersonalDataKind, FindingKind] = {
    PersonalDataKind.NATIONAL_ID: FindingKind.NATIONAL_ID,
    PersonalDataKind.PHONE: FindingKind.PHONE,
    PersonalDataKind.EMAIL: FindingKind.EMAIL,
    PersonalDataKind.IBAN: FindingKind.IBAN,
}


@dataclass(frozen=True)
class Finding:
    """Something that should not leave: `place` is a msgid with its `params`, `excerpt` is masked."""

    kind: FindingKind
    place: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    excerpt: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "kind": self.kind.value,
            "place": self.place,
            "params": dict(self.params),
            "excerpt": self.excerpt,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Finding:
        """Read what was kept."""
        return cls(
            FindingKind(kept["kind"]),
            str(kept.get("place", "")),
            dict(kept.get("params") or {}),
            str(kept.get("excerpt", "")),
        )

    def moved(self, place: str, **params: Any) -> Finding:
        """The same finding at a place that says more, e.g. in which file."""
        return Finding(self.kind, place, {**self.params, **params}, self.excerpt)


def normal_form(kind: FindingKind, value: str) -> str:
    """Return a value as it can be compared, however it was written."""
    if kind is FindingKind.PHONE:
        return parse_phone(value) or re.sub(r"[^0-9+]", "", value)
    if kind is FindingKind.EMAIL:
        return value.strip().casefold()
    if kind is FindingKind.IBAN:
        return normalize_iban(value)
    return re.sub(r"[^0-9]", "", value)


def own_marks(values: Iterable[str | None]) -> frozenset[str]:
    """Return what belongs to the recipient or to the house itself, in every form it is compared in."""
    marks: set[str] = set()
    for value in values:
        if value and value.strip():
            kinds = (
                FindingKind.PHONE, FindingKind.EMAIL, FindingKind.IBAN, FindingKind.NATIONAL_ID,
            )  # fmt: skip
            marks |= {normal_form(kind, value) for kind in kinds}
    return frozenset(marks - {""})


def masked(kind: FindingKind, value: str) -> str:
    """Return enough of a value to find it in the text, and not more."""
    if kind is FindingKind.NATIONAL_ID:
        return mask_national_id(re.sub(r"[^0-9]", "", value))
    if kind is FindingKind.PHONE:
        shown = mask_phone(value)
        return shown if re.search(r"[0-9]", shown) else f"{value[:4]}…{value[-2:]}"
    if kind is FindingKind.EMAIL:
        return mask_email(value)
    if kind is FindingKind.IBAN:
        whole = normalize_iban(value)
        return f"{whole[:4]}…{whole[-2:]}"
    return value[:2] + "…"


def digest_of(*parts: bytes | str) -> str:
    """Return a digest of what was looked at: another word in it is another digest."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
