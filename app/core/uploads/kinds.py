"""The kinds of files that may be uploaded and what their first bytes are; no checking here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Family = Literal["pdf", "image", "package", "ole", "text"]

_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Kind:
    """One kind: its ending, its content type, its first bytes and how it is checked further.

    ``parts`` are members that a packed document must hold.
    """

    extension: str
    mime: str
    family: Family
    magic: tuple[bytes, ...] = ()
    parts: tuple[str, ...] = ()


_ALL = (
    Kind("pdf", "application/pdf", "pdf", (b"%PDF-",)),
    Kind("jpg", "image/jpeg", "image", (b"\xff\xd8\xff",)),
    Kind("jpeg", "image/jpeg", "image", (b"\xff\xd8\xff",)),
    Kind("png", "image/png", "image", (b"\x89PNG\r\n\x1a\n",)),
    Kind("webp", "image/webp", "image", (b"RIFF",)),
    Kind(
        "docx",
        f"{_OFFICE}.wordprocessingml.document",
        "package",
        (b"PK\x03\x04",),
        ("[Content_Types].xml", "word/document.xml"),
    ),
    Kind(
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        "package",
        (b"PK\x03\x04",),
        ("[Content_Types].xml", "xl/workbook.xml"),
    ),
    Kind("odt", f"{_ODF}.text", "package", (b"PK\x03\x04",), ("mimetype", "content.xml")),
    Kind("ods", f"{_ODF}.spreadsheet", "package", (b"PK\x03\x04",), ("mimetype", "content.xml")),
    Kind("zip", "application/zip", "package", (b"PK\x03\x04",)),
    Kind("xls", "application/vnd.ms-excel", "ole", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    Kind("txt", "text/plain", "text"),
    Kind("csv", "text/csv", "text"),
)

#: Every kind by its ending.
KINDS: Mapping[str, Kind] = {kind.extension: kind for kind in _ALL}
#: Pictures alone, for photographs.
IMAGES = frozenset({"jpg", "jpeg", "png", "webp"})
#: What a record takes as an attachment. Old Office files stay out: they hide programs too well.
DOCUMENTS = IMAGES | {"pdf", "docx", "xlsx", "odt", "ods", "txt", "csv"}
#: What an import reads.
TABLES = frozenset({"csv", "xlsx", "xls", "ods"})
#: Packed folders, where a room really needs them.
ARCHIVES = frozenset({"zip"})

#: A name with one of these inside ("foto.php.jpg", "belge.exe.pdf") hides what the file is.
PROGRAM_ENDINGS = frozenset(
    [
        "apk",
        "app",
        "asp",
        "aspx",
        "bat",
        "bin",
        "cgi",
        "chm",
        "cmd",
        "cpl",
        "dll",
        "dmg",
        "docm",
        "dotm",
        "exe",
        "hta",
        "htm",
        "html",
        "iso",
        "jar",
        "js",
        "jse",
        "jsp",
        "lnk",
        "mht",
        "mhtml",
        "mjs",
        "msi",
        "msp",
        "phar",
        "php",
        "php3",
        "php5",
        "phtml",
        "pif",
        "pl",
        "ppam",
        "pptm",
        "ps1",
        "py",
        "rb",
        "reg",
        "scr",
        "sct",
        "sh",
        "shtml",
        "svg",
        "svgz",
        "swf",
        "url",
        "vb",
        "vbe",
        "vbs",
        "wsf",
        "wsh",
        "xhtml",
        "xlam",
        "xlsb",
        "xlsm",
        "xltm",
        "xml",
        "xsl",
    ]
)
