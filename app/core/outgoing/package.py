"""Parts of a packed document (xlsx, docx, odt, ods): read as XML that may define nothing.

Entities and document types are how XML reaches for other files and grows without end, so a part
that has any is not read at all.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.etree import ElementTree  # Only parts without a document type are parsed.

from app.core.outgoing.findings import Finding, FindingKind
from app.core.rules import N_

_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEAD = 4096
#: No part of a letter's attachment is larger; beyond that the file is told to be unreadable.
MOST_BYTES = 64 * 1024 * 1024

_PROPERTIES = N_("document properties, %(field)s")
#: Local names of the fields that name a person or an organisation.
_NAMING = {
    "creator": "creator",
    "lastModifiedBy": "lastModifiedBy",
    "initial-creator": "creator",
    "printed-by": "printed-by",
    "Company": "Company",
    "Manager": "Manager",
}


class UnreadableError(Exception):
    """A part that cannot or may not be parsed."""


def local(tag: Any) -> str:
    """Return the name of an element or attribute without its namespace."""
    return str(tag).rpartition("}")[2]


def opened(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a part after a look at its beginning; UnreadableError when it is too large or declares."""
    if archive.getinfo(name).file_size > MOST_BYTES:
        raise UnreadableError(name)
    with archive.open(name) as stream:
        if _DECLARES.search(stream.read(_HEAD)):
            raise UnreadableError(name)
    return archive.open(name)


def elements(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, Any]]:
    """Yield ("start" or "end", element) of a part; UnreadableError when it is no XML."""
    try:
        with opened(archive, name) as stream:
            yield from ElementTree.iterparse(stream, events=("start", "end"))  # noqa: S314
    except ElementTree.ParseError as error:
        raise UnreadableError(name) from error


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its local name, or an empty text."""
    return next((str(v) for k, v in element.attrib.items() if local(k) == name), "")


def property_findings(archive: zipfile.ZipFile) -> list[Finding]:
    """Return the fields of the document's properties that name somebody."""
    names = set(archive.namelist())
    found = []
    for part in ("docProps/core.xml", "docProps/app.xml", "meta.xml"):
        if part not in names:
            continue
        for event, element in elements(archive, part):
            field = _NAMING.get(local(element.tag))
            text = (element.text or "").strip()
            if event == "end" and field and text:
                found.append(
                    Finding(FindingKind.METADATA, _PROPERTIES, {"field": field}, text[:2] + "…")
                )
    return found
