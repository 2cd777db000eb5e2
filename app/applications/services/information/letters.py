"""The letters of law 4982 put together from the decision; layout and sending are elsewhere.

They are always in Turkish. Source: 4982 m.7–12; Constitution m.40.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.applications.models import Application, PublishedInformation, RefusalGround
from app.applications.rules import information as foi
from app.applications.rules.information import (
    AccessForm,
    ExtensionReason,
    InformationDecision,
)
from app.applications.services.wording import turkish
from app.core.text import format_date, format_number


def decision_subject(application: Application) -> str:
    """Subject line of the letter."""
    return turkish(foi.LETTER_SUBJECT, number=application.number)


def decision_body(
    application: Application,
    *,
    decision: InformationDecision,
    grounds: Sequence[RefusalGround],
    reason: str,
    removed: str,
    access_form: AccessForm | None,
    pages: int | None,
    published: PublishedInformation | None,
) -> str:
    """The text of the letter: what is given and how, what is not and why, article by article.

    The way to object is printed below it from the letter's own line.
    """
    parts = [
        _opening(application),
        turkish(foi.DECISION_SENTENCES[decision]),
        _access(access_form, pages) if decision in foi.GIVES_ACCESS else "",
        _publication(published) if published is not None else "",
        turkish(foi.REMOVED_SENTENCE, removed=_ended(removed)) if removed else "",
        *(_ground(ground) for ground in grounds),
        turkish(foi.REASON_SENTENCE, reason=_ended(reason)) if reason else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _ended(text: str) -> str:
    """What an officer typed as a sentence with its full stop."""
    return text if not text or text.endswith((".", "!", "?", "…", ":", ";")) else f"{text}."


def _opening(application: Application) -> str:
    return turkish(
        foi.LETTER_OPENING,
        day=format_date(application.received_on),
        number=application.number,
    )


def _access(form: AccessForm | None, pages: int | None) -> str:
    told = turkish(foi.ACCESS_SENTENCES[form]) if form is not None else ""
    counted = turkish(foi.PAGES_SENTENCE, pages=format_number(pages)) if pages else ""
    return " ".join(part for part in (told, counted) if part)


def _publication(published: PublishedInformation) -> str:
    place = ", ".join(part for part in (published.place, published.url) if part)
    told = turkish(foi.PUBLISHED_SENTENCE, title=published.title, place=place)
    if published.published_on is not None:
        told += " " + turkish(foi.PUBLISHED_ON, day=format_date(published.published_on))
    return told


def _ground(ground: RefusalGround) -> str:
    return turkish(
        foi.GROUND_SENTENCE, law=ground.law, article=ground.article, text=ground.letter_text
    )


def short_text(application: Application) -> str:
    """The message to the telephone; what was decided is not in it."""
    return turkish(foi.SHORT_TEXT, number=application.number, code=application.tracking_code)


def extension_subject(application: Application) -> str:
    """Subject line of the extension letter."""
    return turkish(foi.EXTENSION_SUBJECT, number=application.number)


def extension_body(
    application: Application, *, reason: ExtensionReason, note: str, due_on: dt.date | None
) -> str:
    """The text of the extension letter: the reason of article 11 and the new last day."""
    parts = [
        turkish(
            foi.EXTENSION_OPENING,
            day=format_date(application.received_on),
            number=application.number,
        ),
        turkish(foi.EXTENSION_SENTENCES[reason]),
        _ended(note),
        turkish(foi.EXTENSION_CLOSING, day=format_date(due_on)),
    ]
    return "\n\n".join(part for part in parts if part)
