"""What a password must be: long and not guessable; no rule about signs. Source: ASVS 6.2."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.rules import N_, Violation
from app.core.text import fold

MIN_LENGTH = 12
MAX_LENGTH = 128
#: Beginnings and words that guessers try first, in this house and anywhere.
COMMON = (
    "123456",
    "qwerty",
    "password",
    "parola",
    "sifre",
    "iloveyou",
    "admin",
    "welcome",
    "letmein",
    "abc123",
    "111111",
    "000000",
    "galatasaray",
    "fenerbahce",
    "besiktas",
    "trabzonspor",
)
CONTEXT = ("halkla", "tekirdag", "belediye", "buyuksehir", "teski", "cimer")


def password_violations(
    password: str, username: str = "", field: str = "password"
) -> Iterator[Violation]:
    """Every reason why this password is refused."""
    if len(password) < MIN_LENGTH:
        yield Violation(
            field, N_("The password needs at least %(n)s characters."), {"n": MIN_LENGTH}
        )
    if len(password) > MAX_LENGTH:
        yield Violation(
            field, N_("The password may have at most %(n)s characters."), {"n": MAX_LENGTH}
        )
    plain = fold(password).replace(" ", "")
    if len(set(plain)) < 5:
        yield Violation(field, N_("The password repeats too few different signs."))
    rest = plain
    for word in (*COMMON, *CONTEXT, fold(username).replace(" ", "")):
        if len(word) > 3:
            rest = rest.replace(word, "")
    if len(rest) < 6:
        yield Violation(
            field, N_("The password is made of words that are guessed first. Choose other words.")
        )
