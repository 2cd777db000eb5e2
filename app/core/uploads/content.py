"""What stands inside a file of each kind: whether it is that kind only, and holds no program."""

from __future__ import annotations

import re
import zipfile
from typing import IO

from app.core.rules import N_, Violation
from app.core.uploads.kinds import PROGRAM_ENDINGS, Kind
from app.core.uploads.names import extension_of

_CHUNK = 256 * 1024
_EDGE = 2048
#: What makes a browser take a file for a page.
_PAGE = re.compile(
    rb"(?i)<(?:!doctype|html|head|body|script|iframe|svg|object|embed|meta|link|img|xml|\?xml|\?php)\b"
)
_PAGE_START = re.compile(rb"(?i)^(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|[a-z?])")
_PDF_PROGRAM = re.compile(rb"/(?:JavaScript|Launch)\b")
_MACROS = re.compile(
    r"(?i)(?:vbaproject\.bin|vbadata\.xml|macrosheets/|^basic/|^scripts/|activex/)"
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def content_violation(stream: IO[bytes], kind: Kind, field: str) -> Violation | None:
    """Look inside; call it after size, first bytes and, for packed kinds, the archive check."""
    stream.seek(0)
    try:
        if kind.family == "pdf":
            return _pdf(stream.read(), field)
        if kind.family == "text":
            return _text(stream, field)
        if kind.family == "package":
            return _package(stream, kind, field)
        if kind.family == "ole":
            return _ole(stream.read(), field)
        return None
    finally:
        stream.seek(0)


def _pdf(content: bytes, field: str) -> Violation | None:
    end = content.rfind(b"%%EOF")
    if end < 0:
        return Violation(
            field, N_("The PDF is incomplete; open it, print it to PDF and choose the new one.")
        )
    behind = content[end + 5 :]
    if len(behind.strip()) > 16 or _PAGE.search(content[:_EDGE]) or b"PK\x05\x06" in behind:
        return _two_kinds(field)
    if _PDF_PROGRAM.search(content):
        return Violation(
            field,
            N_("The PDF holds a program; print it to PDF and choose the new one."),
        )
    return None


def _text(stream: IO[bytes], field: str) -> Violation | None:
    head = stream.read(_EDGE)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (
            None  # UTF-16, as Excel writes "Unicode text"; its zero bytes are no sign of a program.
        )
    if _PAGE_START.search(head) or _PAGE.search(head):
        return _two_kinds(field)
    while head:
        if _CONTROL.search(head):
            return Violation(
                field, N_("This is not a text file; save it as text and choose the new one.")
            )
        head = stream.read(_CHUNK)
    return None


def _package(stream: IO[bytes], kind: Kind, field: str) -> Violation | None:
    with zipfile.ZipFile(stream) as archive:
        names = archive.namelist()
        if not set(kind.parts) <= set(names):
            return _not_this(kind, field)
        if kind.parts[:1] == ("mimetype",):
            mime = archive.read("mimetype").decode("ascii", "replace").strip()
            if mime != kind.mime:
                return _not_this(kind, field)
        if any(_MACROS.search(name) for name in names):
            return Violation(
                field, N_("The file holds macros; save it without macros and choose the new one.")
            )
        if kind.extension == "zip" and any(_is_program(name) for name in names):
            return Violation(field, N_("The packed file holds a program or another packed file."))
    return None


def _ole(content: bytes, field: str) -> Violation | None:
    """Old Excel files: the names of streams that hold macros stand in UTF-16."""
    if any(name.encode("utf-16-le") in content for name in ("_VBA_PROJECT", "Macros")):
        return Violation(
            field, N_("The file holds macros; save it without macros and choose the new one.")
        )
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return Violation(
            field,
            N_(
                "The file is not what its ending says (.%(extension)s); save it again in that format."
            ),
            {"extension": "xls"},
        )
    return None


def _is_program(name: str) -> bool:
    return extension_of(name) in PROGRAM_ENDINGS | {"zip", "rar", "7z", "gz", "tar", "com"}


def _not_this(kind: Kind, field: str) -> Violation:
    return Violation(
        field,
        N_("The file is not what its ending says (.%(extension)s); save it again in that format."),
        {"extension": kind.extension},
    )


def _two_kinds(field: str) -> Violation:
    return Violation(
        field, N_("The file is two kinds at once (a web page is hidden in it); it is refused.")
    )
