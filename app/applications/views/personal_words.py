"""Warning of names and numbers in the texts of a hidden application, once for each text."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from flask import session as cookie
from flask_babel import gettext as _

from app.applications import services
from app.applications.models import Application
from app.core.identifiers import PersonalData
from app.core.rules import N_, RuleViolation, Violation
from app.core.views import formats

#: So many warned texts are remembered for one person.
_REMEMBERED = 20
_KEY = "warned"
#: Free texts in the forms of the steps.
STEP_TEXTS = ("note", "reason", "answer_text", "remedy", "text")

WARNING = N_(
    "This text holds: %(found)s. The identity is hidden: mask it, or save again to keep it as it is."
)


def told(found: Mapping[str, tuple[PersonalData, ...]]) -> Iterator[Violation]:
    """One warning for each field with what was found in it, in words of kinds and not of names."""
    for name, items in found.items():
        kinds = dict.fromkeys(items_kind.kind for items_kind in items)
        words = ", ".join(formats.translated(services.FOUND_LABELS[kind]) for kind in kinds)
        yield Violation(name, WARNING, {"found": words})


def warn_once(values: Mapping[str, Any], names: Iterable[str] = services.TEXTS) -> list[Violation]:
    """Warnings about texts of a hidden application; the same texts a second time pass.

    Whoever saves again has seen the warning and keeps the text on purpose: the name may be that of
    the accused.
    """
    found = services.look_through(values, names)
    if not found:
        return []
    digest = hashlib.sha256(
        "\n".join(f"{name}:{values.get(name)}" for name in sorted(found)).encode()
    ).hexdigest()[:16]
    known = list(cookie.get(_KEY, []))
    if digest in known:
        return []
    cookie[_KEY] = [*known, digest][-_REMEMBERED:]
    return list(told(found))


#: Buttons of a page that has warned: the main one masks, keeping the words takes one of its own.
MASK, KEEP = "_mask", "_keep"


def mask_or_warn(text: str, name: str, pressed: Container[str]) -> tuple[str, list[Violation]]:
    """The text of one field as it may be kept, and the warnings that must be answered before.

    `pressed` holds the names of the buttons: without one of the two that answer, what names somebody
    is warned of each time, so that nothing is kept by saving twice.
    """
    if MASK in pressed:
        return services.mask_personal(text), []
    if KEEP in pressed:
        return text, []
    return text, list(told(services.look_through({name: text}, (name,))))


def warn_of_step(application: Application, values: Mapping[str, Any]) -> None:
    """Raise RuleViolation, once, when a text of a step names somebody and the identity is hidden."""
    if application.identity_hidden and (warnings := warn_once(values, STEP_TEXTS)):
        raise RuleViolation(warnings)


def words_found(found: Mapping[str, tuple[PersonalData, ...]]) -> list[tuple[str, list[str]]]:
    """(kind, the words as they stand) for the notice above a form; whoever typed them reads them."""
    by_kind: dict[str, list[str]] = {}
    for items in found.values():
        for one in items:
            label = formats.translated(services.FOUND_LABELS[one.kind])
            by_kind.setdefault(label, []).append(one.value)
    return [(label, list(dict.fromkeys(words))) for label, words in by_kind.items()]


def sentence() -> str:
    """What a clerk should do about it."""
    return str(
        _(
            "The identity of the applicant is hidden. If one of these belongs to the applicant, mask it; if it belongs to somebody else, keep it."
        )
    )
