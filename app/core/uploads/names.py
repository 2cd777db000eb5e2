"""Names of uploaded files: what is kept of them and which are refused."""

from __future__ import annotations

import re

from app.core.rules import N_, Violation
from app.core.text import clean
from app.core.uploads.kinds import PROGRAM_ENDINGS

#: As long as the column that keeps it; Turkish letters count as one.
NAME_SIGNS = 200
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def clean_name(name: str) -> str:
    """Return a name that any system can keep: no folders, hidden signs or signs Windows refuses.

    Turkish letters stay. A name that is too long loses its end but keeps its ending.
    """
    base = re.split(r"[/\\]", name)[-1]
    base = _FORBIDDEN.sub("_", clean(base)).strip(" .")
    if _DEVICES.fullmatch(base):
        base = f"_{base}"
    if len(base) <= NAME_SIGNS:
        return base
    stem, dot, ending = base.rpartition(".")
    if not dot or len(ending) > 10:
        return base[:NAME_SIGNS].rstrip(" .")
    return f"{stem[: NAME_SIGNS - len(ending) - 1].rstrip(' .')}.{ending}"


def extension_of(name: str) -> str:
    """Return the ending in small letters, without the dot; empty when there is none."""
    stem, dot, ending = clean_name(name).rpartition(".")
    # ASCII only: an ending is a code, not a word, so the Turkish I does not matter.
    return ending.lower() if dot and stem and ending.isascii() else ""


def name_violation(name: str, field: str) -> Violation | None:
    """Say why a name is refused: it is empty, or an ending inside it hides a program."""
    cleaned = clean_name(name)
    if not cleaned.strip("_ ."):
        return Violation(field, N_("The file has no name; rename it and choose it again."))
    inner = [part.strip().lower() for part in cleaned.split(".")[1:-1]]
    for part in inner:
        if part in PROGRAM_ENDINGS:
            return Violation(
                field,
                N_(
                    "The name holds two endings (“.%(part)s”); rename the file and choose it again."
                ),
                {"part": part},
            )
    return None
