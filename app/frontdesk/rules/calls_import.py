"""Words and rules of the files of a switch: lengths of time, results, names of mappings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.core.rules import N_, Violation
from app.core.text import clean, fold
from app.frontdesk.rules.calls import CallDirection, CallResult

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,]\d+)?")
_WORDS = re.compile(
    r"(?:(\d+)\s*(?:sa|saat|h)\.?)?\s*(?:(\d+)\s*(?:dk|dakika|min|m)\.?)?\s*(?:(\d+)\s*(?:sn|saniye|sec|s)\.?)?"
)
_PLAIN = re.compile(r"(\d{1,6})(?:[.,]\d+)?")

#: Words of switches for our codes, folded; the wizard proposes them.
WORDS: Mapping[str, Mapping[str, str]] = {
    "direction": {
        "gelen": CallDirection.IN,
        "gelen cagri": CallDirection.IN,
        "inbound": CallDirection.IN,
        "incoming": CallDirection.IN,
        "in": CallDirection.IN,
        "giden": CallDirection.OUT,
        "giden cagri": CallDirection.OUT,
        "dis arama": CallDirection.OUT,
        "outbound": CallDirection.OUT,
        "outgoing": CallDirection.OUT,
        "out": CallDirection.OUT,
    },
    "result": {
        "cevaplandi": CallResult.ANSWERED,
        "cevaplanan": CallResult.ANSWERED,
        "answered": CallResult.ANSWERED,
        "answer": CallResult.ANSWERED,
        "completed": CallResult.ANSWERED,
        "kacan": CallResult.ABANDONED,
        "kacan cagri": CallResult.ABANDONED,
        "terk": CallResult.ABANDONED,
        "terk edildi": CallResult.ABANDONED,
        "cevapsiz": CallResult.ABANDONED,
        "cevaplanmadi": CallResult.ABANDONED,
        "no answer": CallResult.ABANDONED,
        "noanswer": CallResult.ABANDONED,
        "missed": CallResult.ABANDONED,
        "abandon": CallResult.ABANDONED,
        "abandoned": CallResult.ABANDONED,
        "mesgul": CallResult.BUSY,
        "busy": CallResult.BUSY,
        "failed": CallResult.BUSY,
        "congestion": CallResult.BUSY,
        "hatali": CallResult.WRONG,
        "yanlis numara": CallResult.WRONG,
        "wrong number": CallResult.WRONG,
        "rahatsiz edici": CallResult.NUISANCE,
        "nuisance": CallResult.NUISANCE,
        "bilgi verildi": CallResult.INFORMED,
        "informed": CallResult.INFORMED,
        "basvuru acildi": CallResult.CASE_OPENED,
        "kayit acildi": CallResult.CASE_OPENED,
        "aktarildi": CallResult.TRANSFERRED,
        "aktarma": CallResult.TRANSFERRED,
        "transfer": CallResult.TRANSFERRED,
        "transferred": CallResult.TRANSFERRED,
    },
}

#: Fields whose cells name or reach a person: shown masked, never written to a log.
PERSONAL_FIELDS = frozenset({"number"})


def code_for_word(target: str, word: str) -> str:
    """Return our code for a word of a switch, empty when it is not known."""
    return str(WORDS.get(target, {}).get(fold(word), ""))


def parse_seconds(text: str) -> int | None:
    """Read a length of time: 72, 1:12, 00:01:12, 1 dk 12 sn. None when it is none."""
    word = clean(text).lower().replace("ı", "i")
    if not word:
        return None
    if found := _CLOCK.fullmatch(word):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds if seconds < 60 else None
    if found := _PLAIN.fullmatch(word):
        return int(found[1])
    found = _WORDS.fullmatch(word)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def mapping_name_violations(name: str) -> Iterator[Violation]:
    """Yield what is wrong with the name under which a mapping is kept."""
    if not name.strip():
        yield Violation("name", N_("Give the mapping a name."))
    elif len(name) > 80:
        yield Violation("name", N_("At most %(max)s characters."), {"max": 80})
