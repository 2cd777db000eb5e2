"""The check of one file by its ending; what cannot be read is a finding, never a fault."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection

from app.core.outgoing.findings import MOST_FINDINGS, Finding, FindingKind
from app.core.outgoing.opendocument import findings_in_ods, findings_in_odt
from app.core.outgoing.package import UnreadableError
from app.core.outgoing.papers import findings_in_docx
from app.core.outgoing.pdf import findings_in_pdf
from app.core.outgoing.sheets import findings_in_xlsx
from app.core.outgoing.text import personal_findings
from app.core.rules import N_

_LINE = N_("line %(n)s")
_WHOLE = N_("whole file")
_PLACE = N_("the picture itself")
#: Lines of a text file that are read.
_MOST_LINES = 200_000

Check = Callable[[bytes, Collection[str]], list[Finding]]


def _package(
    check: Callable[[zipfile.ZipFile, Collection[str]], list[Finding]],
) -> Check:
    def run(data: bytes, own: Collection[str]) -> list[Finding]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return check(archive, own)

    return run


def findings_in_lines(data: bytes, own: Collection[str]) -> list[Finding]:
    """Numbers of other people in a text or CSV file."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1254", "replace")
    found: list[Finding] = []
    for number, line in enumerate(text.splitlines(), start=1):
        found += personal_findings(line, own, _LINE, n=number)
        if number > _MOST_LINES:
            found.append(Finding(FindingKind.UNREADABLE, _LINE, {"n": number}))
            break
        if len(found) >= MOST_FINDINGS:
            break
    return found


def findings_in_picture(data: bytes, own: Collection[str]) -> list[Finding]:
    """Place, camera and notes that a picture carries along."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        has_exif = bool(dict(picture.getexif()))
        notes = {"comment", "exif", "XML:com.adobe.xmp", "xmp", "Author", "Description", "Comment"}
        carries = has_exif or any(picture.info.get(name) for name in notes)
    return [Finding(FindingKind.PICTURE_DATA, _PLACE)] if carries else []


CHECKS: dict[str, Check] = {
    "xlsx": _package(findings_in_xlsx),
    "ods": _package(findings_in_ods),
    "docx": _package(findings_in_docx),
    "odt": _package(findings_in_odt),
    "pdf": findings_in_pdf,
    "txt": findings_in_lines,
    "csv": findings_in_lines,
    "jpg": findings_in_picture,
    "jpeg": findings_in_picture,
    "png": findings_in_picture,
    "webp": findings_in_picture,
}

#: Endings of which the inside is looked at; any other file is told to be unreadable.
CHECKED_ENDINGS = frozenset(CHECKS)


def findings_in_file(name: str, data: bytes, *, own: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what in a file should not leave; `own` comes from `own_marks`.

    A file of another kind, a broken or a protected one is one finding: nobody knows what is in it.
    """
    check = CHECKS.get(name.rpartition(".")[2].lower())
    if check is None:
        return (Finding(FindingKind.UNREADABLE, _WHOLE),)
    try:
        return tuple(check(data, own)[:MOST_FINDINGS])
    except UnreadableError:
        return (Finding(FindingKind.UNREADABLE, _WHOLE),)
    except Exception:
        # Readers of broken files raise almost anything; each means that nobody has seen the inside.
        return (Finding(FindingKind.UNREADABLE, _WHOLE),)
