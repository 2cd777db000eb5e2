"""Looking for harmful content: the shape of a scanner, and the small one that is always there.

The built-in one knows only the test file that every scanner knows (EICAR). It proves that the
path works; real protection comes from a scanner that the operator connects in its place.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from enum import StrEnum
from typing import IO
from zipfile import BadZipFile, is_zipfile

from app.core.uploads.archives import members_of


class Verdict(StrEnum):
    """What a scanner says; `UNAVAILABLE` means that nobody looked, not that all is well."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNAVAILABLE = "unavailable"


#: A scanner reads a stream from its beginning and never raises for what it finds.
Scan = Callable[[IO[bytes]], Verdict]

_CHUNK = 256 * 1024
#: Put together here, so that no scanner takes this file itself for the test file.
SIGNATURES: tuple[bytes, ...] = (
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*",
)


def scan_signatures(stream: IO[bytes]) -> Verdict:
    """Look for known signatures in the file and, when it is packed, in its members.

    `check_upload` calls it after the archive check, so a packed file is of bearable size.
    """
    stream.seek(0)
    if _holds_signature(stream):
        return Verdict.INFECTED
    stream.seek(0)
    try:
        if is_zipfile(stream) and any(_holds_signature(part) for _, part in members_of(stream)):
            return Verdict.INFECTED
    except (BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError):
        return Verdict.UNAVAILABLE
    finally:
        stream.seek(0)
    return Verdict.CLEAN


def _holds_signature(stream: IO[bytes]) -> bool:
    overlap = max(len(signature) for signature in SIGNATURES) - 1
    tail = b""
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        if any(signature in window for signature in SIGNATURES):
            return True
        tail = window[-overlap:]
    return False
