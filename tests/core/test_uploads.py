"""The corpus of uploads: what is taken, what is refused, and that a bomb does no harm."""

from __future__ import annotations

import io
import resource
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.core.documents import letter_docx
from app.core.exports import write_xlsx
from app.core.rules import RuleViolation
from app.core.uploads import (
    ARCHIVES,
    DOCUMENTS,
    TABLES,
    InfectedUpload,
    Verdict,
    check_upload,
    clean_name,
    scan_signatures,
)
from app.core.uploads.scan import SIGNATURES
from tests.core.test_documents_letter import reply
from tests.growth import seconds

EICAR = SIGNATURES[0]
ANY = DOCUMENTS | TABLES | ARCHIVES


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, form, **options)
    return buffer.getvalue()


def packed(members: dict[str, bytes], comment: bytes = b"", **options: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = comment
    return buffer.getvalue()


def workbook(rows: int = 3) -> bytes:
    buffer = io.BytesIO()
    write_xlsx(buffer, ("Ad", "Sayı"), (("Şeyma", n) for n in range(rows)), title="Liste")
    return buffer.getvalue()


def with_members(content: bytes, members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def open_document(mime: str) -> bytes:
    return packed({"mimetype": mime.encode(), "content.xml": b"<office:document-content/>"})


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A picture of 900 million pixels in a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\x00" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    return with_members(workbook(), {"xl/media/a.bin": b"\0" * 300_000_000})


def overlapping() -> bytes:
    """A directory that names the same bytes many times."""
    content = bytearray(packed({"a.txt": b"x" * 100_000 + bytes(range(256)) * 20}))
    start = content.rfind(b"PK\x01\x02")
    end = content.rfind(b"PK\x05\x06")
    entry, tail = bytes(content[start:end]), bytearray(content[end:])
    times = 500
    struct.pack_into("<HHI", tail, 8, times, times, len(entry) * times)
    return bytes(content[:start]) + entry * times + bytes(tail)


def lying() -> bytes:
    """A directory that says a member is small while its content is large."""
    content = bytearray(packed({"a.txt": b"\0" * 5_000_000}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", content, content.rfind(mark) + offset, 100)
    return bytes(content)


PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"

TAKEN: list[tuple[str, Callable[[], bytes], str]] = [
    ("dilekçe.pdf", lambda: PDF, "application/pdf"),
    ("DİLEKÇE.PDF", lambda: PDF, "application/pdf"),
    ("foto.jpg", picture, "image/jpeg"),
    ("foto.JPEG", picture, "image/jpeg"),
    ("plan.png", lambda: picture("PNG"), "image/png"),
    ("foto.webp", lambda: picture("WEBP"), "image/webp"),
    ("yazı.docx", lambda: letter_docx(reply()), "wordprocessingml"),
    ("liste.xlsx", workbook, "spreadsheetml"),
    ("yazı.odt", lambda: open_document(ODT), ODT),
    ("liste.ods", lambda: open_document(ODS), ODS),
    ("not.txt", lambda: "Sokak lambası yanmıyor: 3 < 5".encode(), "text/plain"),
    ("not.txt", lambda: "Şikâyet".encode("cp1254"), "text/plain"),
    ("liste.csv", lambda: "﻿Ad;Sayı\r\nÇağrı;1\r\n".encode(), "text/csv"),
    ("liste.csv", lambda: "Ad\tSayı\r\n".encode("utf-16"), "text/csv"),
    ("ekler.zip", lambda: packed({"a.pdf": PDF, "b.jpg": picture()}), "application/zip"),
    ("liste.xls", lambda: OLE + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
    ("01.10.2026 tarihli dilekçe.pdf", lambda: PDF, "application/pdf"),
    ("www.ornek.com.pdf", lambda: PDF, "application/pdf"),
    ("ğüşıöçĞÜŞİÖÇ" * 16 + "12.pdf", lambda: PDF, "application/pdf"),
]


@pytest.mark.parametrize(
    "name, make, mime", TAKEN, ids=[f"{t[0][:24]}-{n}" for n, t in enumerate(TAKEN)]
)
def test_what_people_send_is_taken(name: str, make: Callable[[], bytes], mime: str) -> None:
    content = make()
    checked = check_upload(name, content, allowed=ANY)
    assert mime in checked.mime
    assert checked.name == name
    assert checked.size == len(checked.read())
    assert checked.verdict is Verdict.CLEAN
    if not mime.startswith("image/"):
        assert checked.read() == content


REFUSED: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("empty", "a.pdf", lambda: b"", "empty"),
    ("too large", "a.pdf", lambda: PDF + b" " * (20 * 1024 * 1024), "larger than 20 MB"),
    ("no ending", "dilekçe", lambda: PDF, "not taken"),
    ("no name", " _ ", lambda: PDF, "no name"),
    ("only an ending", ".pdf", lambda: PDF, "not taken"),
    ("program", "kur.exe", lambda: b"MZ\x90", "not taken"),
    ("web page", "a.html", lambda: b"<html>", "not taken"),
    ("drawing with script", "a.svg", lambda: b"<svg onload='x'/>", "not taken"),
    ("old word file", "a.doc", lambda: OLE, "not taken"),
    ("macro workbook", "a.xlsm", workbook, "not taken"),
    ("double ending", "belge.exe.pdf", lambda: PDF, "two endings"),
    ("double ending of the web", "foto.php.jpg", picture, "two endings"),
    ("double ending in capitals", "foto.PHP5.jpg", picture, "two endings"),
    ("ending behind spaces", "belge.exe .pdf", lambda: PDF, "two endings"),
    ("null byte in the name", "belge.exe\x00.pdf", lambda: PDF, "two endings"),
    ("ending turned round", "belge\u202efdp.exe", lambda: PDF, "not taken"),
    ("program called pdf", "a.pdf", lambda: b"MZ\x90\x00" + PDF, "not what its ending"),
    ("picture called pdf", "a.pdf", picture, "not what its ending"),
    ("pdf called picture", "a.png", lambda: PDF, "not what its ending"),
    ("png called jpg", "a.jpg", lambda: picture("PNG"), "not what its ending"),
    ("sound called webp", "a.webp", lambda: b"RIFF\x00\x00\x00\x00WAVEfmt ", "not what its ending"),
    ("page called pdf", "a.pdf", lambda: b"<html><script>alert(1)</script>", "not what its ending"),
    ("page inside a pdf", "a.pdf", lambda: PDF[:9] + b"%<script>alert(1)</script>\n" + PDF[9:], "two kinds"),
    ("page behind a pdf", "a.pdf", lambda: PDF + b"<html><script>alert(1)</script></html>", "two kinds"),
    ("archive behind a pdf", "a.pdf", lambda: PDF + packed({"a.txt": b"x"}), "two kinds"),
    ("pdf cut off", "a.pdf", lambda: PDF[:-7], "incomplete"),
    ("pdf with script", "a.pdf", lambda: PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>"), "program"),
    ("pdf that starts a program", "a.pdf", lambda: PDF.replace(b"/Catalog", b"/Catalog/A<</S/Launch>>"), "program"),
    ("page called text", "a.txt", lambda: b"  <!DOCTYPE html><body onload=x>", "two kinds"),
    ("page inside a csv", "a.csv", lambda: b"Ad;Not\r\n<script>alert(1)</script>;x", "two kinds"),
    ("program called text", "a.txt", lambda: b"\x7fELF\x02\x01\x01\x00\x00", "not a text file"),
    ("zip called xlsx", "a.xlsx", lambda: packed({"a.txt": b"x"}), "not what its ending"),
    ("word called excel", "a.xlsx", lambda: letter_docx(reply()), "not what its ending"),
    ("odt called ods", "a.ods", lambda: open_document(ODT), "not what its ending"),
    ("macros in xlsx", "a.xlsx", lambda: with_members(workbook(), {"xl/vbaProject.bin": b"x"}), "macros"),
    ("macros in odt", "a.odt", lambda: with_members(open_document(ODT), {"Basic/Standard/M.xml": b"x"}), "macros"),
    ("macros in xls", "a.xls", lambda: OLE + "Workbook_VBA_PROJECT".encode("utf-16-le"), "macros"),
    ("ole that is no workbook", "a.xls", lambda: OLE + "WordDocument".encode("utf-16-le"), "not what its ending"),
    ("xlsx cut off", "a.xlsx", lambda: workbook()[:-200], "damaged"),
    ("xlsx damaged inside", "a.xlsx", lambda: workbook().replace(b"PK\x03\x04", b"PK\x03\x05", 3), "not what its ending"),
    ("zip bomb", "a.xlsx", zip_bomb, "far too large"),
    ("members on top of each other", "a.zip", overlapping, "far too large"),
    ("directory that lies", "a.zip", lying, "damaged"),
    ("something in front of an archive", "a.zip", lambda: b"<html>" + packed({"a": b"x"}), "not what its ending"),
    ("page as comment of an archive", "a.zip", lambda: packed({"a": b"x"}, b"<script>x</script>"), "damaged"),
    ("path out of the folder", "a.zip", lambda: packed({"../../etc/cron.d/x": b"x"}), "outside its folder"),
    ("absolute path", "a.zip", lambda: packed({"/etc/passwd": b"x"}), "outside its folder"),
    ("program in an archive", "a.zip", lambda: packed({"oku.exe": b"MZ"}), "program"),
    ("archive in an archive", "a.zip", lambda: packed({"b.zip": packed({"c": b"x"})}), "program"),
    ("picture bomb", "a.png", huge_png, "too many pixels"),
    ("flat picture of many pixels", "a.png", lambda: picture("PNG", (5000, 4000)), "too many pixels"),
    ("progressive picture of many pixels", "a.jpg", lambda: picture(size=(5000, 4000), progressive=True), "too many pixels"),
    ("picture cut off", "a.jpg", lambda: picture(size=(900, 900))[:900], "damaged"),
    ("picture of nothing", "a.png", lambda: b"\x89PNG\r\n\x1a\n", "damaged"),
]  # fmt: skip


@pytest.mark.parametrize("name, make, part", [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_may_do_harm_is_refused_with_a_reason(
    name: str, make: Callable[[], bytes], part: str
) -> None:
    with pytest.raises(RuleViolation) as caught:
        check_upload(name, make(), field="petition", allowed=ANY)
    (violation,) = caught.value.violations
    assert violation.field == "petition"
    assert part in str(violation)


def test_the_corpus_has_its_size() -> None:
    assert len(TAKEN) + len(REFUSED) >= 60


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_only_what_a_field_allows_is_taken(name: str) -> None:
    with pytest.raises(RuleViolation):
        check_upload(f"a.{name}", b"x", allowed=())


def test_the_test_virus_is_found_wherever_it_hides() -> None:
    far = b"x" * (256 * 1024 - 30) + EICAR
    for name, content in (("a.txt", EICAR), ("b.txt", far), ("c.zip", packed({"d.txt": EICAR}))):
        with pytest.raises(InfectedUpload) as caught:
            check_upload(name, content, allowed=ANY)
        assert caught.value.name == name
        assert len(caught.value.sha256) == 64
        assert caught.value.violations[0].field == "file"


def test_a_missing_scanner_is_said_and_not_taken_for_clean() -> None:
    checked = check_upload("a.pdf", PDF, scan=lambda stream: Verdict.UNAVAILABLE)
    assert checked.verdict is Verdict.UNAVAILABLE


def test_the_built_in_scanner_says_what_it_cannot_read() -> None:
    broken = packed({"a": b"x" * 1000})
    broken = broken[:32] + b"\xff\xff" + broken[34:]
    assert scan_signatures(io.BytesIO(broken)) is Verdict.UNAVAILABLE
    assert scan_signatures(io.BytesIO(PDF)) is Verdict.CLEAN


def test_a_picture_loses_place_camera_comment_and_what_is_appended() -> None:
    exif = Image.Exif()
    exif[0x010F] = "GizliKamera"
    exif.get_ifd(0x8825)[1] = "N"
    content = picture(exif=exif, comment=b"gizli not") + b"<script>alert(1)</script>PK\x05\x06"
    assert b"GizliKamera" in content
    kept = check_upload("foto.jpg", content).read()
    for secret in (b"GizliKamera", b"gizli not", b"<script>", b"PK\x05\x06", b"Exif"):
        assert secret not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_picture_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = check_upload("foto.jpg", picture(exif=exif)).read()
    assert Image.open(io.BytesIO(kept)).size == (40, 60)


def test_text_inside_a_png_is_gone_and_its_pixels_stay() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "GizliKişi")
    image = Image.new("RGBA", (20, 10), (1, 2, 3, 4))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=info)
    kept = Image.open(io.BytesIO(check_upload("a.png", buffer.getvalue()).read()))
    assert kept.info == {}
    assert kept.getpixel((3, 3)) == (1, 2, 3, 4)


def test_a_large_photograph_is_made_smaller_and_not_refused() -> None:
    kept = check_upload("a.jpg", picture(size=(8000, 6000))).read()
    assert Image.open(io.BytesIO(kept)).size == (4000, 3000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_kind_is_taken(mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (20, 10)).save(buffer, "PNG")
    assert check_upload("a.png", buffer.getvalue()).size > 0


def test_a_printers_jpeg_becomes_ordinary() -> None:
    buffer = io.BytesIO()
    Image.new("CMYK", (20, 10)).save(buffer, "JPEG")
    kept = check_upload("a.jpg", buffer.getvalue()).read()
    assert Image.open(io.BytesIO(kept)).mode == "RGB"


@pytest.mark.parametrize(
    "name, make", [("a.xlsx", zip_bomb), ("a.zip", overlapping), ("a.png", huge_png)]
)
def test_a_bomb_is_refused_before_it_is_unpacked(name: str, make: Callable[[], bytes]) -> None:
    content = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unpacking = seconds(_unpack, _hundred_megabytes())

    def refused(content: bytes) -> None:
        with pytest.raises(RuleViolation):
            check_upload(name, content, allowed=ANY)

    assert seconds(refused, content) < unpacking
    tracemalloc.start()
    refused(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def _hundred_megabytes() -> bytes:
    """Packed and piece by piece, as the most memory that was ever used is looked at."""
    packer = zlib.compressobj()
    pieces = [packer.compress(b"\0" * 1_000_000) for _piece in range(100)]
    return b"".join([*pieces, packer.flush()])


def _unpack(content: bytes) -> None:
    reader = zlib.decompressobj()
    while content:
        reader.decompress(content, 1_000_000)
        content = reader.unconsumed_tail


@pytest.mark.parametrize(
    "given, kept",
    [
        ("C:\\Users\\ayşe\\dilekçe.pdf", "dilekçe.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\u202eb\u200bc.pdf", "abc.pdf"),
        ("I\u0307stanbul.pdf", "İstanbul.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("con.pdf", "_con.pdf"),
        ("  boşluk  .pdf ", "boşluk .pdf"),
        ("dilekçe\r\nSet-Cookie: x.pdf", "dilekçe Set-Cookie_ x.pdf"),
    ],
)
def test_names_are_cleaned_and_stay_turkish(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_name_that_is_too_long_keeps_its_ending() -> None:
    name = clean_name("ş" * 400 + ".pdf")
    assert len(name) == 200
    assert name.endswith("ş.pdf")


def test_a_file_on_disk_stays_there_and_a_stream_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(PDF)
    on_disk = check_upload("a.pdf", path)
    assert on_disk.data_or_path == path
    assert on_disk.read() == PDF
    streamed = check_upload("a.pdf", io.BytesIO(PDF))
    assert streamed.read() == PDF
    assert streamed.sha256 == on_disk.sha256
