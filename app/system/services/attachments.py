"""Files of records: kept under random names outside of the web, written whole or not at all.

Checking a file is `app.core.uploads`; who may fetch one is decided where it is served.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core import places
from app.core.rules import N_, RuleViolation, Violation
from app.core.uploads import CheckedUpload, Verdict
from app.system.models import Attachment
from app.system.rules import ScanState

log = logging.getLogger(__name__)

#: Files written in this transaction; a rollback takes them away again.
_WRITTEN = "attachments_written"

_SCAN_STATES = {
    Verdict.CLEAN: ScanState.CLEAN,
    Verdict.INFECTED: ScanState.INFECTED,
    Verdict.UNAVAILABLE: ScanState.UNSCANNED,
}
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DamagedFileError(Exception):
    """A kept file is missing or is not what was kept; the message names its row."""


def store(
    session: Session,
    *,
    owner_type: str,
    owner_id: int,
    upload: CheckedUpload,
    kind: str = "",
) -> Attachment:
    """Keep a checked file for a record; a rollback removes file and row alike.

    RuleViolation when the disk is full or cannot be written.
    """
    name = secrets.token_hex(20)
    stored_name = f"{name[:2]}/{name[2:4]}/{name}"
    try:
        _write(places.files_folder() / stored_name, upload.read())
    except OSError as fault:
        log.error("a file could not be kept: %s", errno.errorcode.get(fault.errno or 0, "?"))
        message = (
            N_("The disk is full, so the file could not be kept. Tell your administrator.")
            if fault.errno in _FULL
            else N_(
                "The file could not be kept just now. Try again; if it fails, tell your administrator."
            )
        )
        raise RuleViolation(Violation("file", message)) from fault
    _watch(session, places.files_folder() / stored_name)
    attachment = Attachment(
        owner_type=owner_type,
        owner_id=owner_id,
        name=upload.name,
        stored_name=stored_name,
        mime=upload.mime,
        size=upload.size,
        sha256=upload.sha256,
        scan=_SCAN_STATES[upload.verdict],
        kind=kind,
    )
    session.add(attachment)
    session.flush()
    return attachment


def path_of(attachment: Attachment) -> Path:
    """Where the bytes lie; a stored name that leads out of the folder is a DamagedFileError."""
    folder = places.files_folder().resolve()
    path = (folder / attachment.stored_name).resolve()
    if not path.is_relative_to(folder):
        raise DamagedFileError(f"attachment {attachment.id} names a place outside of its folder")
    return path


def read(attachment: Attachment) -> bytes:
    """The bytes as they were kept; DamagedFileError when they are gone or have changed."""
    try:
        data = path_of(attachment).read_bytes()
    except FileNotFoundError:
        raise DamagedFileError(f"the file of attachment {attachment.id} is missing") from None
    if hashlib.sha256(data).hexdigest() != attachment.sha256:
        raise DamagedFileError(f"the file of attachment {attachment.id} has changed")
    return data


def _write(path: Path, data: bytes) -> None:
    """Write under another name first and rename: nobody ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        part.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise


def _watch(given: Any, path: Path) -> None:
    session: Session = given() if callable(given) else given
    if _WRITTEN not in session.info:
        session.info[_WRITTEN] = []
        event.listen(session, "after_commit", _keep)
        event.listen(session, "after_rollback", _take_back)
    session.info[_WRITTEN].append(path)


def _keep(session: Session) -> None:
    session.info.get(_WRITTEN, []).clear()


def _take_back(session: Session) -> None:
    for path in session.info.get(_WRITTEN, []):
        path.unlink(missing_ok=True)
    _keep(session)
