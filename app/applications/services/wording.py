"""Texts that leave the house: always Turkish, whatever language the writer's screen has.

The catalogue is read by Babel alone, because services do not know Flask.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

from app.applications import rules
from app.applications.models import Application

_CATALOGUES = Path(__file__).resolve().parents[3] / "translations"


@cache
def _catalogue() -> NullTranslations:
    return Translations.load(str(_CATALOGUES), ["tr"])


def turkish(message: str, **params: Any) -> str:
    """Return a msgid in Turkish with its %(name)s places filled."""
    text = _catalogue().gettext(message)
    return text % params if params else text


def remedy_for(application: Application) -> str:
    """Where and until when a refusal may be objected to, in the words of the law."""
    key = "information" if application.kind is rules.Kind.INFORMATION else "other"
    return turkish(rules.REMEDIES[key])
