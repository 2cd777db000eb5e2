"""The whole check of one uploaded file, from its name to its content."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_number
from app.core.uploads.archives import archive_violation
from app.core.uploads.content import content_violation
from app.core.uploads.images import redraw
from app.core.uploads.kinds import DOCUMENTS, KINDS, Kind
from app.core.uploads.names import clean_name, extension_of, name_violation
from app.core.uploads.scan import Scan, Verdict, scan_signatures

MAX_SIZE = 20 * 1024 * 1024
_CHUNK = 256 * 1024


class InfectedUpload(RuleViolation):
    """A scanner found something; ``name`` and ``sha256`` are for the audit trail and quarantine."""

    def __init__(self, field: str, name: str, sha256: str) -> None:
        super().__init__(
            Violation(
                field,
                N_("The virus scanner refused “%(name)s”; tell the person who sent it."),
                {"name": name},
            )
        )
        self.name = name
        self.sha256 = sha256


@dataclass(frozen=True)
class CheckedUpload:
    """A file that passed: ``size`` in bytes, ``sha256`` in hex, of what is to be kept.

    ``data_or_path`` is the path that was given, or the bytes (always so for pictures, which were
    drawn anew). With verdict `UNAVAILABLE` it may be kept but not handed out.
    """

    name: str
    extension: str
    mime: str
    size: int
    sha256: str
    data_or_path: bytes | Path
    verdict: Verdict = Verdict.CLEAN

    def read(self) -> bytes:
        """Return the whole content."""
        if isinstance(self.data_or_path, bytes):
            return self.data_or_path
        return self.data_or_path.read_bytes()


def check_upload(
    name: str,
    source: bytes | Path | IO[bytes],
    *,
    field: str = "file",
    allowed: Collection[str] = DOCUMENTS,
    max_size: int = MAX_SIZE,
    scan: Scan = scan_signatures,
) -> CheckedUpload:
    """Check a file by name, size, first bytes, content and scanner; never trusts its sender.

    ``allowed`` are endings of `KINDS`. Raises `RuleViolation` naming ``field``, and
    `InfectedUpload` when the scanner finds something.
    """
    kind = _kind_of(name, field, allowed)
    stream, path = _opened(source, max_size)
    with stream:
        size = _size_of(stream)
        _refuse(_size_violation(size, max_size, field))
        _refuse(_magic_violation(stream, kind, field))
        if kind.family == "package":
            _refuse(archive_violation(stream, field))
        _refuse(content_violation(stream, kind, field))
        verdict = scan(stream)
        if verdict is Verdict.INFECTED:
            raise InfectedUpload(field, clean_name(name), _digest(stream))
        if kind.family == "image":
            data: bytes | Path = redraw(stream, kind.extension, field)
        else:
            data = path if path is not None else _all_of(stream)
        sha256 = hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else _digest(stream)
    return CheckedUpload(
        name=clean_name(name),
        extension=kind.extension,
        mime=kind.mime,
        size=len(data) if isinstance(data, bytes) else size,
        sha256=sha256,
        data_or_path=data,
        verdict=verdict,
    )


def _kind_of(name: str, field: str, allowed: Collection[str]) -> Kind:
    _refuse(name_violation(name, field))
    extension = extension_of(name)
    if extension not in allowed or extension not in KINDS:
        raise RuleViolation(
            Violation(
                field,
                N_("Files of this kind are not taken; save it as one of these: %(allowed)s."),
                {"allowed": ", ".join(sorted(allowed))},
            )
        )
    return KINDS[extension]


def _opened(source: bytes | Path | IO[bytes], max_size: int) -> tuple[IO[bytes], Path | None]:
    """Return a stream that can be read again; of a stream no more than the limit is taken."""
    if isinstance(source, bytes):
        return io.BytesIO(source), None
    if isinstance(source, Path):
        return source.open("rb"), source
    return io.BytesIO(source.read(max_size + 1)), None


def _size_of(stream: IO[bytes]) -> int:
    size = stream.seek(0, 2)
    stream.seek(0)
    return size


def _size_violation(size: int, max_size: int, field: str) -> Violation | None:
    if size == 0:
        return Violation(field, N_("The file is empty; choose the right one."))
    if size > max_size:
        return Violation(
            field,
            N_("The file is larger than %(most)s MB; make it smaller or split it."),
            {"most": format_number(max_size / 1024 / 1024, decimals=0)},
        )
    return None


def _magic_violation(stream: IO[bytes], kind: Kind, field: str) -> Violation | None:
    head = stream.read(16)
    stream.seek(0)
    right = not kind.magic or head.startswith(kind.magic)
    if kind.extension == "webp":
        right = right and head[8:12] == b"WEBP"
    if right:
        return None
    return Violation(
        field,
        N_("The file is not what its ending says (.%(extension)s); save it again in that format."),
        {"extension": kind.extension},
    )


def _refuse(violation: Violation | None) -> None:
    if violation is not None:
        raise RuleViolation(violation)


def _all_of(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


def _digest(stream: IO[bytes]) -> str:
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()
