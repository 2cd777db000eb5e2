"""The tracking code told to the citizen: how it is made and read; numbers are the system room's."""

from __future__ import annotations

import secrets

from app.core.text import tr_upper

#: Without 0, O, 1, I, İ and ı, which are mistaken for one another on the telephone.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def make_tracking_code() -> str:
    """Return a random code; 32⁸ of them exist, so that nobody finds a case by trying."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_tracking_code(text: str) -> str | None:
    """Return the code as it is kept from what somebody typed (k7mp-4x2q); None when it is none."""
    code = "".join(c for c in tr_upper(text) if not c.isspace() and c not in "-.")
    code = code.replace("İ", "I")
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None
