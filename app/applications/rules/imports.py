"""Words and rules of bringing in files of applications; reading files and writing rows is not here.

Source: domain facts 1.1, 1.2 and 2.4; the directorate's duty ı.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.applications.rules.vocabulary import Channel, Kind, Priority, State
from app.core.rules import N_, Violation
from app.core.text import fold


class BatchState(StrEnum):
    """Life of one import."""

    DRAFT = "draft"
    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


BATCH_STATE_LABELS: Mapping[str, str] = {
    BatchState.DRAFT: N_("Being prepared"),
    BatchState.WAITING: N_("Waiting"),
    BatchState.RUNNING: N_("Running"),
    BatchState.STOPPED: N_("Stopped"),
    BatchState.DONE: N_("Done"),
    BatchState.FAILED: N_("Failed"),
}

BATCH_STATE_TONES: Mapping[str, str] = {
    BatchState.DRAFT: "",
    BatchState.WAITING: "wait",
    BatchState.RUNNING: "info",
    BatchState.STOPPED: "warn",
    BatchState.DONE: "ok",
    BatchState.FAILED: "bad",
}

#: A worker may begin or go on with an import in these states only.
RUNNABLE_STATES = frozenset({BatchState.WAITING, BatchState.RUNNING})
#: Somebody may have it begun, or begun again; what is taken over stays.
STARTABLE_STATES = frozenset({BatchState.DRAFT, BatchState.STOPPED, BatchState.FAILED})


class SourceStatus(StrEnum):
    """How a case stands at the source; its steps there are unknown here."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


SOURCE_STATUS_LABELS: Mapping[SourceStatus, str] = {
    SourceStatus.OPEN: N_("Open at the source"),
    SourceStatus.ANSWERED: N_("Answered at the source"),
    SourceStatus.CLOSED: N_("Closed at the source"),
}

#: A case is born here in this state; without a unit nothing between the two ends would be true.
STATE_OF_STATUS: Mapping[SourceStatus, State] = {
    SourceStatus.OPEN: State.REGISTERED,
    SourceStatus.ANSWERED: State.ANSWERED,
    SourceStatus.CLOSED: State.CLOSED,
}

#: Fields whose cells name or reach a person: shown masked, never written to a log.
PERSONAL_FIELDS = frozenset(
    {"applicant", "first_name", "last_name", "title", "phone", "email", "address"}
)

#: Words of other houses for our codes, folded; the wizard proposes them.
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {
        "istek": Kind.REQUEST,
        "talep": Kind.REQUEST,
        "dilek": Kind.REQUEST,
        "talep istek": Kind.REQUEST,
        "service request": Kind.REQUEST,
        "ariza": Kind.REQUEST,
        "sikayet": Kind.COMPLAINT,
        "gorus oneri": Kind.SUGGESTION,
        "oneri": Kind.SUGGESTION,
        "gorus": Kind.OPINION,
        "ihbar": Kind.TIPOFF,
        "bilgi edinme": Kind.INFORMATION,
        "bilgi edinme basvurusu": Kind.INFORMATION,
        "foi": Kind.INFORMATION,
        "tesekkur": Kind.THANKS,
        "memnuniyet": Kind.THANKS,
        "compliment": Kind.THANKS,
        "itiraz": Kind.OBJECTION,
        "yonetime katil": Kind.PARTICIPATION,
        "yonetime katilim": Kind.PARTICIPATION,
        "bilgi alma": Kind.ENQUIRY,
        "danisma": Kind.ENQUIRY,
    },
    "channel": {
        "phone": Channel.CALL_CENTER,
        "call": Channel.CALL_CENTER,
        "telefon": Channel.CALL_CENTER,
        "cagri": Channel.CALL_CENTER,
        "cagri merkezi": Channel.CALL_CENTER,
        "alo 153": Channel.CALL_CENTER,
        "online": Channel.WEB,
        "internet": Channel.WEB,
        "web": Channel.WEB,
        "web sitesi": Channel.WEB,
        "mobile": Channel.MOBILE,
        "app": Channel.MOBILE,
        "mobil": Channel.MOBILE,
        "uygulama": Channel.MOBILE,
        "whatsapp": Channel.WHATSAPP,
        "email": Channel.EMAIL,
        "e mail": Channel.EMAIL,
        "e posta": Channel.EMAIL,
        "eposta": Channel.EMAIL,
        "walk in": Channel.DESK,
        "counter": Channel.DESK,
        "cozum masasi": Channel.DESK,
        "sahsen": Channel.DESK,
        "yuz yuze": Channel.DESK,
        "dilekce": Channel.PETITION,
        "letter": Channel.PETITION,
        "mail": Channel.PETITION,
        "saha": Channel.FIELD,
        "muhtar": Channel.MUKHTAR,
        "cimer": Channel.CIMER,
        "valilik": Channel.GOVERNOR,
        "kaymakamlik": Channel.GOVERNOR,
        "e devlet": Channel.EDEVLET,
        "sosyal medya": Channel.SOCIAL_MEDIA,
        "twitter": Channel.SOCIAL_MEDIA,
        "unknown": Channel.FIELD,
        "other": Channel.FIELD,
        "diger": Channel.FIELD,
    },
    "status": {
        "open": SourceStatus.OPEN,
        "acik": SourceStatus.OPEN,
        "yeni": SourceStatus.OPEN,
        "new": SourceStatus.OPEN,
        "assigned": SourceStatus.OPEN,
        "started": SourceStatus.OPEN,
        "pending": SourceStatus.OPEN,
        "bekliyor": SourceStatus.OPEN,
        "in progress": SourceStatus.OPEN,
        "islemde": SourceStatus.OPEN,
        "devam ediyor": SourceStatus.OPEN,
        "answered": SourceStatus.ANSWERED,
        "cevaplandi": SourceStatus.ANSWERED,
        "cevaplandirildi": SourceStatus.ANSWERED,
        "sonuclandi": SourceStatus.ANSWERED,
        "closed": SourceStatus.CLOSED,
        "completed": SourceStatus.CLOSED,
        "resolved": SourceStatus.CLOSED,
        "kapali": SourceStatus.CLOSED,
        "kapandi": SourceStatus.CLOSED,
        "kapatildi": SourceStatus.CLOSED,
        "tamamlandi": SourceStatus.CLOSED,
    },
    "priority": {
        "acil": Priority.URGENT,
        "emergency": Priority.URGENT,
        "yuksek": Priority.HIGH,
        "normal": Priority.NORMAL,
        "standard": Priority.NORMAL,
        "dusuk": Priority.LOW,
    },
}


def code_for_word(target: str, word: str) -> str:
    """Return our code for a word of another house, empty when it is not known.

    A longer text counts for the longest known word in it: "Phone Call" is a call.
    """
    known, wanted = WORDS.get(target, {}), fold(word)
    if wanted in known:
        return str(known[wanted])
    parts = frozenset(wanted.split())
    inside = [other for other in known if parts.issuperset(other.split())]
    return str(known[max(inside, key=len)]) if inside else ""


def split_name(name: str) -> tuple[str, str]:
    """Split a full name at its last space: ("Ayşe Nur", "Yıldırım"); one word is a first name."""
    first, _, last = name.strip().rpartition(" ")
    return (first.strip(), last) if first else (last, "")


def read_coordinate(text: str) -> float | None:
    """Read decimal degrees with a comma or a point and any number of decimals; None when it is none.

    The house's numbers are not meant here: 41.277 is a place and no forty-one thousand.
    """
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if value == value and abs(value) < 1000 else None  # NaN is unlike itself.


def source_violations(values: Mapping[str, Any], *, now: dt.datetime) -> Iterator[Violation]:
    """Yield what is wrong with the end of a case at the source.

    Keys: received_at, closed_at (aware), status (`SourceStatus` or None).
    """
    received, closed = values.get("received_at"), values.get("closed_at")
    if not isinstance(closed, dt.datetime):
        return
    if closed > now + dt.timedelta(minutes=10):
        yield Violation("closed_at", N_("This date lies in the future."))
    if isinstance(received, dt.datetime) and closed < received:
        yield Violation("closed_at", N_("The case was closed before it was received."))


def status_of(values: Mapping[str, Any]) -> SourceStatus:
    """Return how the case stands; a closing date without a status means closed."""
    status = values.get("status")
    if status:
        return SourceStatus(status)
    return SourceStatus.CLOSED if values.get("closed_at") else SourceStatus.OPEN


def mapping_name_violations(name: str, source: str) -> Iterator[Violation]:
    """Yield what is wrong with the name under which a mapping is kept, and with its source."""
    if not name.strip():
        yield Violation("name", N_("Give the mapping a name."))
    elif len(name) > 80:
        yield Violation("name", N_("At most %(max)s characters."), {"max": 80})
    yield from source_name_violations(source)


def source_name_violations(source: str) -> Iterator[Violation]:
    """Yield what is wrong with the short name of a source; with it the number is unique."""
    if not source.strip():
        yield Violation("source", N_("Name the source in one word, for example cimer."))
    elif len(source) > 40:
        yield Violation("source", N_("At most %(max)s characters."), {"max": 40})
