"""Templates of letters: merge fields in double braces, filled in one pass; nothing is ever evaluated.

A field is a name and nothing else, so that a template can do no more than be wrong. What is filled in
is text and is not looked at again. Source: domain facts 4; trust promise 27.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.core.rules import N_, Violation

#: What may stand in double braces; Turkish, because the officials write them. Name → what it gives.
MERGE_FIELD_LABELS: Mapping[str, str] = {
    "ad_soyad": N_("Name of the applicant"),
    "basvuru_no": N_("Number of the application"),
    "basvuru_tarihi": N_("Day on which it was received"),
    "takip_kodu": N_("Tracking code"),
    "konu": N_("Topic"),
    "ozet": N_("Summary of the application"),
    "ilce": N_("District of the place"),
    "mahalle": N_("Neighbourhood of the place"),
    "adres": N_("Street and door of the place"),
    "birim": N_("Lead unit"),
    "birim_cevabi": N_("Answers of the units"),
    "son_tarih": N_("Last legal day"),
    "bugun": N_("Today"),
    "kurum": N_("Institution it was passed to"),
    "sonuc": N_("Outcome in words"),
    "sonuc_nedeni": N_("Reason of the result"),
    "ret_gerekcesi": N_("Reason of a refusal"),
    "mevzuat": N_("Law and article"),
    "basvuru_yolu": N_("Where and until when to object"),
}
MERGE_FIELDS = frozenset(MERGE_FIELD_LABELS)

#: What stands where a field has no value: the writer sees the gap and fills it.
GAP = "……"

_MERGE_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
#: What is left of a field that is not closed, and signs of other template languages.
_BROKEN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


def fields_in(text: str) -> tuple[str, ...]:
    """Return the names in double braces in the order in which they first stand, known or not."""
    return tuple(dict.fromkeys(_MERGE_FIELD.findall(text)))


def template_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a reply template: its fields must exist and be closed."""
    if not str(values.get("name") or "").strip():
        yield Violation("name", N_("Give the template a name."))
    if not str(values.get("body") or "").strip():
        yield Violation("body", N_("Write the text of the letter."))
    if len(str(values.get("short_text") or "").strip()) > 480:
        yield Violation("short_text", N_("At most %(max)s characters."), {"max": 480})
    for name in ("body", "short_text"):
        yield from _field_violations(name, str(values.get(name) or ""))


def _field_violations(name: str, text: str) -> Iterator[Violation]:
    unknown = [field for field in fields_in(text) if field not in MERGE_FIELDS]
    if unknown:
        yield Violation(
            name, N_("There is no merge field %(name)s."), {"name": "{{" + unknown[0] + "}}"}
        )
    elif broken := _BROKEN.search(_MERGE_FIELD.sub("", text)):
        yield Violation(
            name,
            N_("A merge field is not closed near “%(near)s”; it is written like {{ad_soyad}}."),
            {"near": broken.group()},
        )


def merge_text(template: str, values: Mapping[str, str]) -> str:
    """Return the text with its merge fields filled; one without a value leaves a gap to fill in.

    Filled once, from left to right: braces inside a value stay what they are.
    """
    return _MERGE_FIELD.sub(lambda m: values.get(m.group(1)) or GAP, template)


def missing_fields(template: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fields of a template for which there is no value."""
    return tuple(name for name in fields_in(template) if not values.get(name))


def gaps_in(text: str) -> int:
    """Count the gaps that are still to be filled by hand; a letter with one is not sent."""
    return text.count(GAP)
