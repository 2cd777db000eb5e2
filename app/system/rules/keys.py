"""Keys of machines: what they open, how they are made, recognised and told; no table stands here.

A key is made by chance with 200 bits, so its digest needs no slow hash: nobody can try so many. What
is kept is the digest and a short beginning by which people tell keys apart.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.core.rules import N_, Violation


class KeyScope(StrEnum):
    """Which interface a key opens."""

    OPEN311 = "open311"
    CALLS = "calls"


class KeyChannel(StrEnum):
    """The channel of what comes through a key; the same codes as the channels of applications."""

    MOBILE = "mobile"
    WEB = "web"
    WHATSAPP = "whatsapp"
    SOCIAL_MEDIA = "social_media"
    EMAIL = "email"
    CALL_CENTER = "call_center"


class KeyState(StrEnum):
    """Whether a key opens anything today."""

    ACTIVE = "active"
    PAUSED = "paused"
    EXPIRED = "expired"
    REVOKED = "revoked"


KEY_SCOPE_LABELS = {
    KeyScope.OPEN311: N_("Open311"),
    KeyScope.CALLS: N_("Telephone switch"),
}
KEY_CHANNEL_LABELS = {
    KeyChannel.MOBILE: N_("Mobile app"),
    KeyChannel.WEB: N_("Website"),
    KeyChannel.WHATSAPP: N_("WhatsApp"),
    KeyChannel.SOCIAL_MEDIA: N_("Social media"),
    KeyChannel.EMAIL: N_("E-mail"),
    KeyChannel.CALL_CENTER: N_("Call centre (ALO 153)"),
}
KEY_STATE_LABELS = {
    KeyState.ACTIVE: N_("In use"),
    KeyState.PAUSED: N_("Paused"),
    KeyState.EXPIRED: N_("Expired"),
    KeyState.REVOKED: N_("Revoked"),
}
KEY_STATE_TONES = {
    KeyState.ACTIVE: "ok",
    KeyState.PAUSED: "wait",
    KeyState.EXPIRED: "warn",
    KeyState.REVOKED: "bad",
}

#: Calls a minute that a key may make; the table has the same bounds.
LEAST_RATE, MOST_RATE, USUAL_RATE = 1, 6_000, 60
#: How often the moment of the last use is written at most.
USE_NOTED_EVERY = dt.timedelta(minutes=1)

# Without letters and digits that are mistaken for each other when a key is read out.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_PREFIX_LENGTH, _SECRET_LENGTH = 8, 40
_KEY = re.compile(rf"hlk_([{_LETTERS}]{{{_PREFIX_LENGTH}}})_([{_LETTERS}]{{{_SECRET_LENGTH}}})")
#: Compared where no key is known, so that an unknown key takes as long as a wrong one.
NO_DIGEST = "0" * 64


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def make_key() -> tuple[str, str]:
    """Make a key by chance: (its public beginning, the whole key as its holder gets it)."""
    prefix = _random(_PREFIX_LENGTH)
    return prefix, f"hlk_{prefix}_{_random(_SECRET_LENGTH)}"


def prefix_of(key: str) -> str | None:
    """Return the public beginning of something written like a key, else None."""
    found = _KEY.fullmatch(key)
    return found.group(1) if found else None


def digest_of(key: str) -> str:
    """Return what is kept of a key: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_digest_of(digest: str, key: str) -> bool:
    """Whether the kept digest belongs to this key; the time taken tells nothing about it."""
    return hmac.compare_digest(digest, digest_of(key))


def key_state(
    *,
    active: bool,
    expires_on: dt.date | None,
    revoked_at: dt.datetime | None,
    today: dt.date,
) -> KeyState:
    """A key opens until the end of its last day, unless it is paused or revoked."""
    if revoked_at is not None:
        return KeyState.REVOKED
    if expires_on is not None and expires_on < today:
        return KeyState.EXPIRED
    return KeyState.ACTIVE if active else KeyState.PAUSED


def is_use_due(last_used_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the last use is noted anew: the first time, and then once a minute."""
    return last_used_at is None or now - last_used_at >= USE_NOTED_EVERY


def api_key_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a key: it names its holder, opens something, and has a bound."""
    for name, message in (
        ("name", N_("Give the key a name, for example the app that will use it.")),
        ("owner", N_("Write who holds the key: an office or a company.")),
    ):
        if not str(values.get(name) or "").strip():
            yield Violation(name, message)
    if not (values.get("opens_open311") or values.get("opens_calls")):
        yield Violation("opens_open311", N_("Say what the key opens; tick at least one."))
    if values.get("opens_open311") and values.get("channel") == KeyChannel.CALL_CENTER:
        yield Violation("channel", N_("What apps send is no call; pick another channel."))
    rate = values.get("rate_limit")
    if rate is None or not LEAST_RATE <= int(rate) <= MOST_RATE:
        yield Violation(
            "rate_limit",
            N_("Write a whole number from %(low)s to %(high)s."),
            {"low": LEAST_RATE, "high": MOST_RATE},
        )
