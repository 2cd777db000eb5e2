"""One sentence for all rows that are refused for one reason; what one row held is not in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from app.core.rules import N_

#: What differs from row to row and so has no place in a sentence about many.
EACH_ROW = frozenset({"value", "row", "length"})
_PLACE = re.compile(r"%\((\w+)\)[sd]")

#: Sentence about a row → the same about many; sentences without a place are their own.
SENTENCES: Mapping[str, str] = {
    "The text has %(length)s characters; shorten it to %(most)s.": N_(
        "The text is too long; shorten it to %(most)s characters."
    ),
    "“%(value)s” is not in the list; choose what it means in the column mapping.": N_(
        "The value is not in the list; choose what it means in the column mapping."
    ),
    "“%(value)s” is not a whole number; write figures only.": N_(
        "The value is not a whole number; write figures only."
    ),
    "“%(value)s” is not a number; write it as 1.234,56.": N_(
        "The value is not a number; write it as 1.234,56."
    ),
    "“%(value)s” is neither yes nor no; write Evet or Hayır.": N_(
        "The value is neither yes nor no; write Evet or Hayır."
    ),
    "“%(value)s” could not be read as a date; write it as 31.12.2026.": N_(
        "The value could not be read as a date; write it as 31.12.2026."
    ),
    "“%(value)s” could not be read as a date; write it as %(example)s.": N_(
        "The value could not be read as a date; write it as %(example)s."
    ),
    "“%(value)s” could not be read as a date and time; write it as 31.12.2026 14:05.": N_(
        "The value could not be read as a date and time; write it as 31.12.2026 14:05."
    ),
    "“%(value)s” could not be read as a date and time; write it as %(example)s.": N_(
        "The value could not be read as a date and time; write it as %(example)s."
    ),
    "The year of “%(value)s” cannot be right; look at the date in the file.": N_(
        "The year of the date cannot be right; look at the date in the file."
    ),
}


def grouped_text(
    message: str,
    params: Mapping[str, object],
    translate: Callable[[str], str],
    sentences: Mapping[str, str] = SENTENCES,
) -> str:
    """Return the sentence about many rows; `params` are those of one of them.

    A room with sentences of its own hands in both, as `{**SENTENCES, **OWN}`.
    """
    shared = shared_params(params)
    text = translate(sentences.get(message, message))
    return _PLACE.sub(lambda place: str(shared.get(place[1], "…")), text)


def shared_params(params: Mapping[str, object]) -> dict[str, object]:
    """Return what fills the sentences of all rows alike, such as an example or a limit."""
    return {name: value for name, value in params.items() if name not in EACH_ROW}
