"""The outgoing check: other people's numbers in texts and files, hidden data, and what is never told."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identifiers import is_national_id
from app.core.outgoing import (
    CHECKED_ENDINGS,
    FINDING_LABELS,
    MOST_FINDINGS,
    Finding,
    FindingKind,
    digest_of,
    findings_in_file,
    findings_in_text,
    own_marks,
)

KIND = FindingKind
#: A valid number of nobody: made from its own check digits.
TCKN = "10000000146"
PHONE = "0532 111 22 14"
IBAN = "TR33 0006 1005 1978 6457 8413 26"


def kinds(findings):
    return {one.kind for one in findings}


def national_id(first_nine: int) -> str:
    """The number with right check digits that begins so."""
    digits = [int(d) for d in f"{first_nine:09d}"]
    tenth = (sum(digits[0::2]) * 7 - sum(digits[1::2])) % 10
    digits.append(tenth)
    return "".join(map(str, [*digits, sum(digits) % 10]))


# --- texts ---------------------------------------------------------------------------------------------
@given(st.integers(100_000_000, 999_999_999), st.text(alphabet="abçğ \n.,;", max_size=30))
def test_an_identity_number_is_found_wherever_it_stands(first, around):
    number = national_id(first)
    assert is_national_id(number)
    found = findings_in_text(f"{around} {number} {around}")
    assert KIND.NATIONAL_ID in kinds(found)
    assert all(number not in one.excerpt for one in found)


@given(st.integers(100_000_000, 999_999_999))
def test_the_recipients_own_number_is_no_finding(first):
    number = national_id(first)
    assert KIND.NATIONAL_ID not in kinds(findings_in_text(number, own=own_marks([number])))
    assert KIND.NATIONAL_ID in kinds(findings_in_text(number, own=own_marks([TCKN + "0"])))


@given(st.text(alphabet="abcçdefgğhıijklmnoöprsştuüvyz ,.;:\n", max_size=200))
def test_words_are_never_a_finding(text):
    assert findings_in_text(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"Kimlik no {TCKN}", KIND.NATIONAL_ID),
        (f"Telefon: {PHONE}", KIND.PHONE),
        ("Tel. +90 (532) 111-22-14", KIND.PHONE),
        ("Yazın: komsu@ornek.com", KIND.EMAIL),
        (f"Hesap {IBAN}", KIND.IBAN),
        ("Çalışma …… tarihine kadar", KIND.GAP),
    ],
)
def test_each_kind_is_found_with_its_place(text, kind):
    (found,) = findings_in_text(f"Sayın ilgili,\n\n{text}\n\nBilgilerinize sunulur.")
    assert found.kind is kind
    assert found.params == {"n": 3}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (PHONE, "+905321112214"),
        ("+90 532 111 22 14", "0532 111 22 14"),
        ("KOMSU@ornek.com", "komsu@ornek.com"),
        (IBAN, IBAN.replace(" ", "")),
    ],
)
def test_what_belongs_to_the_recipient_may_stand_in_any_writing(text, own):
    assert findings_in_text(text, own=own_marks([own])) == ()


@pytest.mark.parametrize(
    "text",
    [
        "2026-0037296 numaralı başvurunuz",
        "4410872 numaralı aboneliğiniz",
        "31.12.2026 tarihine kadar, 1.286,00 TL",
        "ALO 153 ve ALO 185 hatları",
        "4982 sayılı Kanunun 19 uncu maddesi",
    ],
)
def test_numbers_of_the_office_are_no_finding(text):
    assert findings_in_text(text) == ()


def test_a_long_list_of_findings_ends():
    text = "\n".join(f"{PHONE[:-1]}{n % 10}" for n in range(MOST_FINDINGS + 50))
    assert len(findings_in_text(text)) == MOST_FINDINGS


def test_an_excerpt_gives_nothing_away():
    for text in (TCKN, PHONE, "komsu@ornek.com", IBAN):
        for one in findings_in_text(text):
            told = "".join(sign for sign in one.excerpt if sign.isalnum())
            assert len(told) <= len(text.replace(" ", "")) / 2 + 2
            assert text not in one.excerpt


# --- findings and digests --------------------------------------------------------------------------------
@given(
    st.sampled_from(FindingKind), st.text(max_size=20), st.dictionaries(st.text(max_size=5), st.integers()),
    st.text(max_size=20),
)  # fmt: skip
def test_a_finding_is_read_as_it_was_kept(kind, place, params, excerpt):
    one = Finding(kind, place, params, excerpt)
    assert Finding.from_dict(one.to_dict()) == one


@given(st.lists(st.text(max_size=10), max_size=4), st.lists(st.text(max_size=10), max_size=4))
def test_a_digest_is_of_the_parts_and_not_of_their_sum(left, right):
    assert (digest_of(*left) == digest_of(*right)) == (left == right)


def test_every_kind_has_a_label():
    assert set(FINDING_LABELS) == set(FindingKind)


# --- workbooks -------------------------------------------------------------------------------------------
def workbook(fill) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Liste")
    sheet.write(0, 0, "Başlık")
    fill(book, sheet)
    book.close()
    return buffer.getvalue()


def test_a_clean_workbook_may_leave():
    data = workbook(lambda book, sheet: sheet.write_row(1, 0, ["2026-0000123", 12, "Çorlu"]))
    assert findings_in_file("liste.xlsx", data) == ()


@pytest.mark.parametrize(
    ("fill", "kind"),
    [
        (lambda b, s: b.add_worksheet("Ham").hide(), KIND.HIDDEN_SHEET),
        (lambda b, s: b.add_worksheet("Ham").very_hidden(), KIND.HIDDEN_SHEET),
        (lambda b, s: s.set_row(2, None, None, {"hidden": True}), KIND.HIDDEN_ROWS),
        (lambda b, s: s.set_column(3, 5, None, None, {"hidden": True}), KIND.HIDDEN_COLUMNS),
        (lambda b, s: s.write_comment("A1", "Müdüre sor"), KIND.COMMENT),
        (lambda b, s: s.write(4, 1, int(TCKN)), KIND.NATIONAL_ID),
        (lambda b, s: s.write_string(4, 1, PHONE), KIND.PHONE),
        (lambda b, s: b.set_properties({"author": "Ayşe Yıldırım"}), KIND.METADATA),
    ],
)
def test_what_a_workbook_hides_is_found(fill, kind):
    assert kind in kinds(findings_in_file("liste.xlsx", workbook(fill)))


def test_the_place_in_a_workbook_is_named():
    data = workbook(lambda book, sheet: sheet.write_string(4, 1, PHONE))
    (found,) = findings_in_file("liste.xlsx", data)
    assert found.params == {"sheet": "Liste", "cell": "B5"}


# --- Word -----------------------------------------------------------------------------------------------
def word(*paragraphs: str, inside: str = "", author: str = "") -> bytes:
    import docx

    paper = docx.Document()
    paper.core_properties.author = author
    for text in paragraphs:
        paper.add_paragraph(text)
    buffer = io.BytesIO()
    paper.save(buffer)
    if not inside:
        return buffer.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(changed, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "word/document.xml":
                data = data.replace(b"<w:p>", b"<w:p>" + inside.encode(), 1)
            new.writestr(item, data)
    return changed.getvalue()


def test_a_clean_word_file_may_leave():
    assert findings_in_file("yazi.docx", word("Bilgilerinize sunulur.")) == ()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (word(f"Ara: {PHONE}"), KIND.PHONE),
        (word("Metin", author="Sibel Koç"), KIND.METADATA),
        (word("Metin", inside="<w:ins w:id='1'><w:r><w:t>yeni</w:t></w:r></w:ins>"), KIND.TRACKED_CHANGE),
        (word("Metin", inside="<w:del w:id='1'><w:r><w:delText>eski</w:delText></w:r></w:del>"), KIND.TRACKED_CHANGE),
        (word("Metin", inside="<w:r><w:rPr><w:vanish/></w:rPr><w:t>gizli</w:t></w:r>"), KIND.HIDDEN_TEXT),
    ],
)  # fmt: skip
def test_what_a_word_file_hides_is_found(data, kind):
    assert kind in kinds(findings_in_file("yazi.docx", data))


# --- PDF, pictures, texts ----------------------------------------------------------------------------------
def pdf(author: str = "", attach: bool = False) -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if author:
        writer.add_metadata({"/Author": author})
    if attach:
        writer.add_attachment("ham.txt", b"x")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_pdf_tells_who_made_it_and_what_is_inside():
    assert findings_in_file("yazi.pdf", pdf()) == ()
    assert kinds(findings_in_file("yazi.pdf", pdf("Sibel Koç"))) == {KIND.METADATA}
    assert kinds(findings_in_file("yazi.pdf", pdf(attach=True))) == {KIND.EMBEDDED_FILE}


def picture(**options) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def test_a_picture_carries_no_place():
    from PIL import Image

    exif = Image.Exif()
    exif[0x0110] = "Telefon"
    assert findings_in_file("foto.jpg", picture()) == ()
    assert kinds(findings_in_file("foto.jpg", picture(exif=exif))) == {KIND.PICTURE_DATA}


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1254"])
def test_a_text_is_read_in_every_encoding(code):
    data = f"Ad;Telefon\nİrem Şahin;{PHONE}\n".encode(code)
    (found,) = findings_in_file("liste.csv", data)
    assert found.kind is KIND.PHONE
    assert found.params == {"n": 2}


@pytest.mark.parametrize("ending", sorted(CHECKED_ENDINGS - {"txt", "csv"}))
def test_what_cannot_be_read_may_not_leave(ending):
    for data in (b"", b"\x00\x01\x02", b"PK\x03\x04broken"):
        assert kinds(findings_in_file(f"dosya.{ending}", data)) == {KIND.UNREADABLE}


@given(st.binary(max_size=200), st.sampled_from(sorted(CHECKED_ENDINGS)))
def test_no_file_is_a_fault(data, ending):
    assert isinstance(findings_in_file(f"dosya.{ending}", data), tuple)


@pytest.mark.parametrize("name", ["arsiv.zip", "program.exe", "adsiz", "x.tar.gz"])
def test_a_file_of_another_kind_is_not_let_through_unseen(name):
    assert kinds(findings_in_file(name, b"abc")) == {KIND.UNREADABLE}
