"""How long a text is as an SMS, and at which hour it may leave; what it says is not known here.

Source: 3GPP TS 23.038, 6.2.1 and A.2.1 (alphabets, Turkish single shift); 3GPP TS 23.040, 9.2.3.24.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.core.rules import N_


class SmsEncoding(StrEnum):
    """How a telephone network writes a text."""

    GSM7 = "gsm7"
    TURKISH = "turkish"
    UCS2 = "ucs2"


SMS_ENCODING_LABELS = {
    SmsEncoding.GSM7: N_("plain letters (GSM-7)"),
    SmsEncoding.TURKISH: N_("Turkish letters (GSM-7 with single shift)"),
    SmsEncoding.UCS2: N_("other letters (UCS-2)"),
}

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: These take two places: an escape and a letter.
_SHIFTED = frozenset("\f^{}\\[~]|€")
_TURKISH_SHIFTED = frozenset("ĞİŞçğış")

#: Places in a message of one part, and in each part of a longer one.
SMS_ROOM = {
    SmsEncoding.GSM7: (160, 153),
    SmsEncoding.TURKISH: (155, 149),
    SmsEncoding.UCS2: (70, 67),
}

#: Signs of printers that the alphabets of telephones lack; one of them more than halves the room.
_PLAIN_SIGNS = str.maketrans(
    {
        "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ",
        "•": "-", "\t": " ",
    }
)  # fmt: skip


@dataclass(frozen=True)
class SmsLength:
    """How a text travels: in which letters, on how many places, in how many parts.

    `left` are the places that are free in the last part; `odd` the letters that made UCS-2 needed.
    """

    encoding: SmsEncoding
    used: int
    parts: int
    left: int
    odd: tuple[str, ...] = ()


def plain_signs(text: str) -> str:
    """Return a text with the signs of a telephone: straight quotes, short dashes, three dots."""
    return text.translate(_PLAIN_SIGNS)


def sms_encoding(text: str) -> SmsEncoding:
    """Return the smallest alphabet that holds every letter of a text."""
    letters = set(text)
    if letters <= _BASIC | _SHIFTED:
        return SmsEncoding.GSM7
    if letters <= _BASIC | _SHIFTED | _TURKISH_SHIFTED:
        return SmsEncoding.TURKISH
    return SmsEncoding.UCS2


def _places(letter: str, encoding: SmsEncoding) -> int:
    if encoding is SmsEncoding.UCS2:
        return 2 if ord(letter) > 0xFFFF else 1
    return 1 if letter in _BASIC else 2


def sms_length(text: str) -> SmsLength:
    """Return how many parts a text takes; a letter of two places is never torn apart."""
    encoding = sms_encoding(text)
    single, joined = SMS_ROOM[encoding]
    places = [_places(letter, encoding) for letter in text]
    used = sum(places)
    odd = tuple(
        sorted(set(text) - _BASIC - _SHIFTED - _TURKISH_SHIFTED)
        if encoding is SmsEncoding.UCS2
        else ()
    )
    if used <= single:
        return SmsLength(encoding, used, 1 if text else 0, single - used, odd)
    parts, filled = 1, 0
    for needed in places:
        if filled + needed > joined:
            parts, filled = parts + 1, 0
        filled += needed
    return SmsLength(encoding, used, parts, joined - filled, odd)


def leaves_at(
    now: dt.datetime, *, quiet_from: int, quiet_until: int, urgent: bool = False
) -> dt.datetime:
    """Return when an SMS written `now` (local) may leave: at once, or at the end of the quiet hours.

    The hours may lie over midnight; equal hours mean that there are none. Urgent cases never wait.
    """
    if urgent or quiet_from == quiet_until:
        return now
    hour = now.hour
    is_quiet = (
        quiet_from <= hour < quiet_until
        if quiet_from < quiet_until
        else hour >= quiet_from or hour < quiet_until
    )
    if not is_quiet:
        return now
    morning = now.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    return morning if morning > now else morning + dt.timedelta(days=1)
