"""The official letter: every row of domain facts 4, measured on the paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile
from collections import Counter

import pytest

from app.core.documents import (
    Contact,
    InformationContact,
    Letter,
    Verification,
    letter_docx,
    letter_pdf,
    letter_violations,
)
from app.core.documents.letter import Approval, lettered, qr_png, qr_svg
from tests.core.pdf_text import pdf_pages, pdf_text, pdf_words

CM = 72 / 2.54
PAGE = (21.0 * CM, 29.7 * CM)

FIRST = (
    "İlgi başvurunuzda, Kasım 2026 su faturanızın önceki dönemlerin üç katı olduğunu, sayacın "
    "okunmadan fatura düzenlendiğini belirterek sayacın denetlenmesini istemektesiniz."
)
SECOND = (
    "a) 4410872 numaralı aboneliğinizin sayacı 19.11.2026 tarihinde sökülerek denenmiş, ölçümünün "
    "doğru olduğu görülmüştür."
)
BODY = (FIRST, SECOND)


def reply(**changes: object) -> Letter:
    """A reply to a citizen as in the drawing of the look."""
    letter = Letter(
        administration=(
            "Tekirdağ Büyükşehir Belediye Başkanlığı",
            "Basın Yayın ve Halkla İlişkiler Dairesi Başkanlığı",
            "Halkla İlişkiler Şube Müdürlüğü",
        ),
        subject="Su faturası itirazı",
        recipient=("Sayın Ayşe YILDIRIM", "Omurtak Cad. No: 88/4", "59850 Çorlu/TEKİRDAĞ"),
        references=("26.10.2026 tarihli ve 2026-0037296 numaralı başvurunuz.",),
        date=dt.date(2026, 11, 23),
        paragraphs=BODY,
        closing="Bilgilerinize sunulur.",
        signatory_name="Nermin AKSOY",
        on_behalf="Belediye Başkanı a.",
        signatory_title="Halkla İlişkiler Şube Müdürü",
        attachments=("Sayaç deneme tutanağı (1 sayfa)",),
        contact=Contact(
            "Ertuğrul Mah. No: 1 59100 Süleymanpaşa/TEKİRDAĞ",
            "(0282) 000 00 00",
            email="halkla@ornek.bel.tr",
            kep="ornek@hs01.kep.tr",
            web="www.ornek.bel.tr",
        ),
        information=InformationContact("Burak TUNALI", "Memur", "(0282) 000 00 00"),
    )
    return dataclasses.replace(letter, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def words() -> list[tuple[int, float, float, float, float, str]]:
    return pdf_words(letter_pdf(reply()))


def place(words, text, nth=0):
    return [w for w in words if w[5] == text][nth]


def middle(words, line):
    """The horizontal middle of a line, from its first and last word."""
    first, last = line.split()[0], line.split()[-1]
    start = place(words, first)
    end = next(w for w in words if w[5] == last and abs(w[2] - start[2]) < 2)
    return (start[1] + end[3]) / 2


def test_parts_stand_in_their_order() -> None:
    text = pdf_text(letter_pdf(reply()), layout=True)
    parts = ("T.C.", "TEKİRDAĞ BÜYÜKŞEHİR BELEDİYE BAŞKANLIĞI", "Halkla İlişkiler Şube Müdürlüğü",
             "Sayı", "Konu", "Sayın Ayşe YILDIRIM", "İlgi", "istemektesiniz", "Bilgilerinize sunulur.",
             "Nermin AKSOY", "Belediye Başkanı a.", "Halkla İlişkiler Şube Müdürü",
             "Ek: Sayaç deneme tutanağı", "Elektronik imza", "Bilgi için: Burak TUNALI", "1/1")  # fmt: skip
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_margins_are_one_and_a_half_centimetres(words) -> None:
    assert min(w[1] for w in words) == pytest.approx(1.5 * CM, abs=1)
    assert max(w[3] for w in words) == pytest.approx(PAGE[0] - 1.5 * CM, abs=1.5)
    assert min(w[2] for w in words) >= 1.4 * CM


def test_colons_of_number_subject_and_reference_are_aligned(words) -> None:
    colons = [w[1] for w in words if w[5] == ":"]
    assert len(colons) == 3
    assert max(colons) - min(colons) < 0.5


def test_date_stands_right_on_the_line_of_the_number(words) -> None:
    number, date = place(words, "Sayı"), place(words, "23.11.2026")
    assert abs(number[2] - date[2]) < 1
    assert date[3] == pytest.approx(PAGE[0] - 1.5 * CM, abs=1)


def test_a_number_is_never_made_up(words) -> None:
    assert "(EBYS’den alınacak)" in pdf_text(letter_pdf(reply()))
    numbered = pdf_text(letter_pdf(reply(number="E-12345678-622.03-4567")))
    assert "E-12345678-622.03-4567" in numbered
    assert "EBYS’den alınacak" not in numbered


@pytest.mark.parametrize("line", ["T.C.", "TEKİRDAĞ BÜYÜKŞEHİR BELEDİYE BAŞKANLIĞI",
                                  "Sayın Ayşe YILDIRIM", "1/1"])  # fmt: skip
def test_heading_recipient_and_page_number_are_centred(words, line: str) -> None:
    assert middle(words, line) == pytest.approx(PAGE[0] / 2, abs=3)


def test_first_lines_are_indented_and_the_text_is_justified(words) -> None:
    assert place(words, "İlgi", 1)[1] == pytest.approx((1.5 + 1.25) * CM, abs=1)
    assert place(words, "Bilgilerinize")[1] == pytest.approx((1.5 + 1.25) * CM, abs=1)
    line = place(words, "önceki")[2]
    ends = max(w[3] for w in words if abs(w[2] - line) < 1)
    assert ends == pytest.approx(PAGE[0] - 1.5 * CM, abs=1)


def test_the_subject_never_passes_the_middle() -> None:
    words = pdf_words(letter_pdf(reply(subject="Uzun " * 23 + "konu")))
    top, bottom = place(words, "Konu")[2], place(words, "Sayın")[2]
    lines = [w for w in words if top - 1 <= w[2] < bottom - 1]
    assert len({round(w[2]) for w in lines}) >= 2
    assert max(w[3] for w in lines) <= PAGE[0] / 2 + 1


def test_the_signature_is_a_centred_block_on_the_right(words) -> None:
    centre = middle(words, "Nermin AKSOY")
    assert centre > PAGE[0] / 2 + 2 * CM
    behalf = next(w for w in words if w[5] == "a." and w[1] > PAGE[0] / 2)
    start = next(w for w in words if w[5] == "Belediye" and abs(w[2] - behalf[2]) < 1)
    assert (start[1] + behalf[3]) / 2 == pytest.approx(centre, abs=2)
    assert place(words, "Nermin")[2] < behalf[2]
    assert place(words, "Nermin")[2] - place(words, "sunulur.")[2] > 2 * 14


def test_letters_are_twelve_points_and_the_contact_block_eight(words) -> None:
    text, small = place(words, "Bilgilerinize"), place(words, "Telefon:")
    ratio = (text[4] - text[2]) / (small[4] - small[2])
    assert ratio == pytest.approx(12 / 8, abs=0.05)


def test_several_references_attachments_and_places_are_counted() -> None:
    text = pdf_text(
        letter_pdf(
            reply(
                references=("Birinci yazı.", "İkinci yazı."),
                attachments=("Rapor (3 sayfa)", "Fotoğraf"),
                recipient=(),
                for_action=("Fen İşleri Dairesi Başkanlığı",),
                for_information=("TESKİ Genel Müdürlüğü",),
            )
        )
    )
    for part in ("a) Birinci yazı.", "b) İkinci yazı.", "1- Rapor (3 sayfa)", "2- Fotoğraf",
                 "DAĞITIM YERLERİNE", "Dağıtım:", "Gereği:", "Bilgi:"):  # fmt: skip
        assert part in text


def test_a_long_letter_numbers_its_pages_and_keeps_signature_and_closing_together() -> None:
    pdf = letter_pdf(reply(paragraphs=BODY * 12))
    pages = pdf_text(pdf).split("\f")
    count = pdf_pages(pdf)
    assert count >= 2
    for number in range(count):
        assert f"{number + 1}/{count}" in pages[number]
    signed = next(page for page in pages if "Nermin AKSOY" in page)
    assert "Bilgilerinize sunulur." in signed


@pytest.mark.parametrize("times", range(3, 14))
def test_no_page_carries_a_signature_alone(times: int) -> None:
    pages = pdf_text(letter_pdf(reply(paragraphs=BODY[:1] * times))).split("\f")
    signed = next(page for page in pages if "Nermin AKSOY" in page)
    assert signed.index("Bilgilerinize") < signed.index("Nermin")


def test_a_draft_says_so_and_does_not_claim_a_signature() -> None:
    text = pdf_text(letter_pdf(reply(is_draft=True)))
    final = pdf_text(letter_pdf(reply(number="E-12345678-622.03-4567")))
    # The slanting letters of the watermark come out of the PDF one by one.
    assert not Counter("TASLAK") - (Counter(text) - Counter(final))
    assert "imzalanmıştır" not in text
    assert "imzalanmıştır" in final
    # Approved here, but not yet numbered and signed by EBYS.
    assert "imzalanmıştır" not in pdf_text(letter_pdf(reply()))


def test_a_signed_letter_carries_code_address_and_qr() -> None:
    url = "https://www.turkiye.gov.tr/ornek?code=BSE4"
    pdf = letter_pdf(reply(verification=Verification("BSE4-ĞÜ", url)))
    text = pdf_text(pdf)
    assert "BSE4-ĞÜ" in text
    assert url in text
    assert "EBYS’de eklenir" not in text
    assert qr_svg(url).startswith(b"<svg")
    assert qr_png(url).startswith(b"\x89PNG")


def test_stamps_approval_and_initials_are_printed() -> None:
    letter = reply(
        secrecy="HİZMETE ÖZEL",
        urgency="İVEDİ",
        approval=Approval("Ahmet YILMAZ", "Genel Sekreter", dt.date(2026, 11, 24)),
        initials=("23.11.2026 Memur: B. TUNALI",),
    )
    text = pdf_text(letter_pdf(letter))
    for part in ("HİZMETE ÖZEL", "İVEDİ", "OLUR", "24.11.2026", "Genel Sekreter", "B. TUNALI"):
        assert part in text


def test_a_logo_is_taken_as_png_and_as_jpeg() -> None:
    from PIL import Image

    for form in ("PNG", "JPEG"):
        buffer = io.BytesIO()
        Image.new("RGB", (40, 40), "navy").save(buffer, form)
        pdf = letter_pdf(reply(logo=buffer.getvalue()))
        assert b"/Subtype/Image" in pdf.replace(b"/Subtype /Image", b"/Subtype/Image")


def test_an_almost_empty_letter_is_still_drawn() -> None:
    letter = Letter((), "", (), (), "", "", "")
    assert letter_pdf(letter).startswith(b"%PDF-")
    assert letter_docx(letter).startswith(b"PK")


def docx_text(letter: Letter) -> str:
    from docx import Document

    document = Document(io.BytesIO(letter_docx(letter)))
    footer, header = document.sections[0].footer, document.sections[0].header
    parts = [p.text for p in (*header.paragraphs, *document.paragraphs, *footer.paragraphs)]
    for table in (*document.tables, *footer.tables):
        parts += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(parts)


def test_the_word_file_says_what_the_pdf_says() -> None:
    letter = reply(for_action=("Fen İşleri",), for_information=("TESKİ",), urgency="İVEDİ")
    pdf = "".join(pdf_text(letter_pdf(letter)).split())
    for line in docx_text(letter).split("\n"):
        for word in line.split():
            # The page number is a field that Word fills in.
            assert word in pdf or word == "/", word


def test_the_word_file_is_editable_turkish_and_has_the_margins() -> None:
    from docx import Document

    content = letter_docx(reply(is_draft=True, verification=Verification("K", "https://x.tr/1")))
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    assert section.left_margin == section.right_margin == section.top_margin
    assert section.left_margin.cm == pytest.approx(1.5, abs=0.01)
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert "TASLAK" in section.header.paragraphs[0].text
    indents = {p.paragraph_format.first_line_indent for p in document.paragraphs}
    assert any(indent and indent.cm == pytest.approx(1.25, abs=0.01) for indent in indents)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/styles.xml").decode()
        footer = next(
            archive.read(n) for n in archive.namelist() if "footer" in n and "rels" not in n
        )
    assert 'w:val="tr-TR"' in xml
    assert b"NUMPAGES" in footer


@pytest.mark.parametrize("text", ["<w:p/>", "{{ 7*7 }}", "{% for x in y %}", "a\x00b\x1b", "& < >"])
def test_hostile_text_stays_text_in_word(text: str) -> None:
    shown = text.replace("\x00", "").replace("\x1b", "")
    assert shown in docx_text(reply(paragraphs=(text,)))


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"administration": ("A", "B", "C", "D")}, "administration"),
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 121}, "subject"),
        ({"recipient": ()}, "recipient"),
        ({"paragraphs": ("",)}, "paragraphs"),
        ({"closing": "Gereğini rica ederim."}, "closing"),
        ({"closing": "Bilgilerinize arz ederim."}, "closing"),
        ({"signatory_name": ""}, "signatory_name"),
    ],
)
def test_what_the_regulation_forbids_is_said(changes: dict[str, object], field: str) -> None:
    assert [v.field for v in letter_violations(reply(**changes))] == [field]


def test_a_right_letter_has_no_violations_and_an_office_may_be_requested() -> None:
    assert list(letter_violations(reply())) == []
    office = reply(closing="Gereğini rica ederim.")
    assert list(letter_violations(office, to_person=False)) == []


def test_lettering_goes_on_after_the_alphabet() -> None:
    assert lettered(["x"]) == ("x",)
    many = lettered(["x"] * 30)
    assert many[0] == "a) x"
    assert many[23] == "aa) x"
    assert len(set(many)) == 30
