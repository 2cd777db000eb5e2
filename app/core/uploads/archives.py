"""Whether a packed file (xlsx, docx, ods, zip) is whole and unpacks to a bearable size."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from app.core.rules import N_, Violation

_MIB = 1024 * 1024
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class ArchiveLimits:
    """How large a file may become when unpacked; ``ratio`` counts only above ``free`` bytes."""

    total: int = 256 * _MIB
    ratio: int = 150
    free: int = 8 * _MIB
    members: int = 4_000


DEFAULT_LIMITS = ArchiveLimits()


def archive_violation(
    stream: IO[bytes], field: str, limits: ArchiveLimits = DEFAULT_LIMITS
) -> Violation | None:
    """Say why a packed file may not be opened, or None; refuses a bomb before unpacking it.

    The directory of the file is looked at first. Then every member is read piece by piece, which
    proves that the directory told the truth and that nothing is missing.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            return _directory_violation(stream, archive, field, limits) or _content_violation(
                archive, field
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        return _broken(field)
    except RuntimeError:
        # zipfile's word for a member that wants a password.
        return Violation(field, N_("The file is protected by a password; save it without one."))
    finally:
        stream.seek(0)


def _directory_violation(
    stream: IO[bytes], archive: zipfile.ZipFile, field: str, limits: ArchiveLimits
) -> Violation | None:
    members = archive.infolist()
    stream.seek(0, 2)
    size = stream.tell()
    packed = sum(member.compress_size for member in members)
    total = sum(member.file_size for member in members)
    if packed > size:
        # Members that share their bytes: a known way to pack terabytes into kilobytes.
        return _bomb(field)
    if len(members) > limits.members or total > limits.total:
        return _bomb(field)
    if total > limits.free and total > limits.ratio * max(size, 1):
        return _bomb(field)
    if archive.comment or size - packed > 2 * _MIB + 512 * len(members):
        # Something else hangs before, between or behind the members.
        return _broken(field)
    if any(_leaves_folder(member.filename) for member in members):
        return Violation(field, N_("The packed file writes outside its folder; it is refused."))
    return None


def _content_violation(archive: zipfile.ZipFile, field: str) -> Violation | None:
    for member in archive.infolist():
        with archive.open(member) as content:
            while content.read(_CHUNK):
                # Reading checks length and checksum; a member that lies raises BadZipFile.
                continue
    return None


def members_of(stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and opened content of each member; only after `archive_violation` found none."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            with archive.open(member) as content:
                yield member.filename, content
    stream.seek(0)


def _leaves_folder(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]


def _bomb(field: str) -> Violation:
    return Violation(
        field, N_("The file becomes far too large when it is unpacked; it is refused.")
    )


def _broken(field: str) -> Violation:
    return Violation(
        field,
        N_("The file is damaged or incomplete; open it, save it again and choose the new one."),
    )
