"""The letters of a batch as files: one PDF of them all, and a ZIP with each letter and the list."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.applications import rules
from app.applications.models import LetterBatch, LetterBatchRow, Reply
from app.applications.services.letters import letter_for
from app.applications.services.wording import turkish
from app.core import ports
from app.core.acting import SYSTEM, acting_as
from app.core.documents import letter_pdf
from app.core.exports import write_xlsx
from app.core.rules import N_
from app.core.text import fold, format_datetime
from app.core.uploads import CheckedUpload
from app.system.models import Attachment
from app.system.queries import list_files
from app.system.services import attachments

OWNER = "LetterBatch"
FILE_KIND = "letters"
_IN_MEMORY = 20_000_000
_PDF, _ZIP = "application/pdf", "application/zip"
_HEADS = (
    N_("No."),
    N_("Application"),
    N_("Subject"),
    N_("State"),
    N_("Sent"),
    N_("Number of the letter"),
    N_("Problem"),
)
_LIST_NAME = N_("list of letters")


def file_letters(session: Session, batch: LetterBatch) -> list[Attachment]:
    """Make both files anew from the approved and sent letters, and keep them with the batch.

    Files that an earlier call has made are replaced; an empty list when no letter is approved yet.
    Everything is drawn before the first write, so that nobody waits for the drawing.
    """
    rows = _rows(session, batch)
    letters = [row.reply for row in rows if row.reply is not None and _is_signed(row.reply)]
    if not letters:
        return []
    stem = (fold(batch.title).replace(" ", "-") or "toplu-yazi")[:80]
    with (
        SpooledTemporaryFile(max_size=_IN_MEMORY) as together,
        SpooledTemporaryFile(max_size=_IN_MEMORY) as packed,
    ):
        _write(session, rows, together, packed)
        # The note has a transaction of its own, which would wait for one that has written already.
        ports.record_access(
            session,
            verb="print",
            entity=OWNER,
            record_id=batch.id,
            summary=f"{len(letters)} letters",
            changes={"letters": len(letters)},
        )
        with acting_as(SYSTEM):
            for old in list_files(session, OWNER, batch.id):
                if old.kind == FILE_KIND:
                    session.delete(old)
        return [
            _keep(session, batch, f"{stem}.pdf", _PDF, _content(together)),
            _keep(session, batch, f"{stem}.zip", _ZIP, _content(packed)),
        ]


def _rows(session: Session, batch: LetterBatch) -> list[LetterBatchRow]:
    with acting_as(SYSTEM):
        return list(
            session.scalars(
                select(LetterBatchRow)
                .where(
                    LetterBatchRow.batch_id == batch.id,
                    LetterBatchRow.state != rules.LetterRowState.LEFT_OUT,
                )
                .options(
                    joinedload(LetterBatchRow.application),
                    joinedload(LetterBatchRow.reply).joinedload(Reply.approved_by),
                )
                .order_by(LetterBatchRow.position)
            )
        )


def _is_signed(letter: Reply) -> bool:
    return letter.state in {rules.ReplyState.APPROVED, rules.ReplyState.SENT}


def _write(
    session: Session, rows: list[LetterBatchRow], together: IO[bytes], packed: IO[bytes]
) -> None:
    """Draw every letter once; each page goes into both files."""
    from pypdf import PdfWriter

    book = PdfWriter()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, acting_as(SYSTEM):
        for row in rows:
            if row.reply is None or not _is_signed(row.reply):
                continue
            data = letter_pdf(letter_for(session, row.reply))
            book.append(BytesIO(data))
            archive.writestr(f"{row.application.number}.pdf", data)
        listed = BytesIO()
        write_xlsx(
            listed, [turkish(head) for head in _HEADS], _lines(rows), title=turkish(_LIST_NAME)
        )
        archive.writestr(f"{fold(turkish(_LIST_NAME)).replace(' ', '-')}.xlsx", listed.getvalue())
    book.write(together)


def _lines(rows: list[LetterBatchRow]) -> Iterator[list[object]]:
    """What became of each letter; names stand in the letters themselves."""
    for row in rows:
        letter = row.reply
        problems = [turkish(p["message"], **p.get("params", {})) for p in row.problems]
        yield [
            row.position,
            row.application.number,
            row.application.subject,
            turkish(rules.LETTER_ROW_STATE_LABELS[row.state]),
            format_datetime(letter.sent_at) if letter is not None and letter.sent_at else "",
            letter.letter_no if letter is not None else "",
            " ".join(problems),
        ]


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _keep(session: Session, batch: LetterBatch, name: str, mime: str, content: bytes) -> Attachment:
    return attachments.store(
        session,
        owner_type=OWNER,
        owner_id=batch.id,
        upload=CheckedUpload(
            name=name,
            extension=name.rsplit(".", 1)[1],
            mime=mime,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            data_or_path=content,
        ),
        kind=FILE_KIND,
    )
