"""The fixed words of a printed form, in the language of the paper; no words of the screen.

A letter is Turkish whatever language its writer uses on the screen, because the regulation gives
its words. They stand as data in words.json beside this file, for PDF, Word and Excel alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "words.json"


@cache
def words_of(form: str, lang: str = "tr") -> Mapping[str, str]:
    """Return the words of a form: "letter" (Turkish only), "report", "export" or "import"."""
    forms: dict[str, dict[str, dict[str, str]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    by_language = forms[form]
    return by_language.get(lang, by_language["tr"])
