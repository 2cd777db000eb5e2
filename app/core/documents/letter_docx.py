"""The official letter as an editable Word file: the same content and margins as the PDF."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.documents.letter import Letter, qr_png
from app.core.documents.typst_render import printable
from app.core.text import format_date
from app.core.words import words_of

_FONT = "Times New Roman"
_TEXT_WIDTH_CM = 18.0
_LABEL_CM = 1.15
_VALUE_CM = 1.5


def letter_docx(letter: Letter) -> bytes:
    """Return the letter as DOCX (Office Open XML)."""
    from docx import Document

    document = Document()
    _prepare(document, letter)
    writer = _Writer(document, letter)
    writer.head()
    writer.text()
    writer.end()
    writer.foot()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _prepare(document: Any, letter: Letter) -> None:
    """Set paper, margins, font and language (m.7, m.8); take away what the empty file brings."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin = section.left_margin = section.right_margin = Cm(1.5)
    section.bottom_margin, section.footer_distance = Cm(2.0), Cm(0.8)
    section.header_distance = Cm(0.6)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(12)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    language = style.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "tr-TR"})
    style.element.rPr.append(language)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    properties = document.core_properties
    properties.title = printable(letter.subject)[:255]
    properties.author = printable(letter.heading[1] if len(letter.heading) > 1 else "")[:255]
    properties.comments, properties.language = "", "tr-TR"


class _Writer:
    """Writes one letter from top to bottom; each method is a part of the page."""

    def __init__(self, document: Any, letter: Letter) -> None:
        self.document = document
        self.letter = letter
        self.words = words_of("letter")

    def paragraph(self, text: str = "", *, align: str = "LEFT", before: float = 0) -> Any:
        """Add a paragraph; a line break in the text stays a line break."""
        return _fill(self.document.add_paragraph(), text, align=align, before=before)

    def head(self) -> None:
        """Stamps, heading, number and date, subject, recipient, references."""
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Cm

        letter, words = self.letter, self.words
        self.stamps()
        if letter.logo is not None:
            self.document.add_paragraph().add_run().add_picture(
                io.BytesIO(letter.logo), width=Cm(2.4)
            )
        for line in letter.heading:
            self.paragraph(line, align="CENTER")
        number = self.labelled(words["number"], letter.number_text, before=16)
        number.add_run(f"\t{format_date(letter.date)}")
        number.paragraph_format.tab_stops.add_tab_stop(Cm(_TEXT_WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
        subject = self.labelled(words["subject"], letter.subject)
        subject.paragraph_format.right_indent = Cm(_TEXT_WIDTH_CM / 2)
        for n, line in enumerate(letter.recipient_lines):
            self.paragraph(line, align="CENTER", before=28 if n == 0 else 0)
        for n, line in enumerate(letter.reference_lines):
            self.labelled(words["reference"] if n == 0 else "", line, before=24 if n == 0 else 0)

    def labelled(self, label: str, value: str, *, before: float = 0) -> Any:
        """Add a line whose colon stands under the colon above; long values hang."""
        from docx.shared import Cm

        colon = ":" if label else ""
        paragraph = self.paragraph(f"{label}\t{colon}\t{value}", before=before)
        layout = paragraph.paragraph_format
        layout.left_indent, layout.first_line_indent = Cm(_VALUE_CM), Cm(-_VALUE_CM)
        layout.tab_stops.add_tab_stop(Cm(_LABEL_CM))
        layout.tab_stops.add_tab_stop(Cm(_VALUE_CM))
        return paragraph

    def text(self) -> None:
        """The text and its closing: first line indented 1,25 cm, justified (m.16)."""
        from docx.shared import Cm, Pt

        paragraphs = [text for text in self.letter.paragraphs if text.strip()]
        for n, text in enumerate([*paragraphs, self.letter.closing]):
            if not text.strip():
                continue
            paragraph = self.paragraph(text, align="JUSTIFY", before=14 if n == 0 else 0)
            paragraph.paragraph_format.first_line_indent = Cm(1.25)
            paragraph.paragraph_format.space_after = Pt(4)
            paragraph.paragraph_format.keep_with_next = n == len(paragraphs)

    def end(self) -> None:
        """Signature right, approval centred, attachments, distribution, initials (m.17–19)."""
        from docx.shared import Cm, Pt

        letter, words = self.letter, self.words
        for n, line in enumerate(letter.signature_lines):
            paragraph = self.paragraph(line, align="CENTER", before=36 if n == 0 else 0)
            paragraph.paragraph_format.left_indent = Cm(_TEXT_WIDTH_CM - 7)
            paragraph.paragraph_format.keep_with_next = n < len(letter.signature_lines) - 1
        if letter.approval is not None:
            self.paragraph(words["approval"], align="CENTER", before=24).runs[0].bold = True
            self.paragraph(format_date(letter.approval.on), align="CENTER")
            self.paragraph(letter.approval.name, align="CENTER", before=26)
            self.paragraph(letter.approval.title, align="CENTER")
        lines = letter.attachment_lines
        if len(lines) == 1:
            self.paragraph(f"{words['attachment']}: {lines[0]}", before=18)
        elif lines:
            self.paragraph(f"{words['attachment']}:", before=18)
            self.lines(lines)
        if letter.for_action or letter.for_information:
            self.paragraph(f"{words['distribution']}:", before=14)
            table = self.document.add_table(rows=1, cols=2)
            for cell, label, names in zip(
                table.rows[0].cells,
                (words["for_action"], words["for_information"]),
                (letter.for_action, letter.for_information),
                strict=True,
            ):
                _fill(cell.paragraphs[0], "\n".join([f"{label}:", *names]) if names else "")
        for n, line in enumerate(letter.initials):
            self.paragraph(line, before=14 if n == 0 else 0).runs[0].font.size = Pt(9)

    def lines(self, lines: Iterable[str]) -> None:
        """Add each line as a paragraph."""
        for line in lines:
            self.paragraph(line)

    def stamps(self) -> None:
        """Write secrecy, urgency and "draft" into the head of every page."""
        from docx.shared import Pt, RGBColor

        letter = self.letter
        draft = self.words["draft"] if letter.is_draft else ""
        stamps = [text for text in (draft, letter.secrecy, letter.urgency) if text.strip()]
        if stamps:
            header = _fill(
                self.document.sections[0].header.paragraphs[0], "   ".join(stamps), align="RIGHT"
            )
            run = header.runs[0]
            run.bold, run.font.size, run.font.color.rgb = True, Pt(12), RGBColor(0xB3, 0x26, 0x1E)

    def foot(self) -> None:
        """The note on the signature, the rule, the contact block and the page number (m.23, 24, 27)."""
        from docx.shared import Cm, Pt

        letter = self.letter
        footer = self.document.sections[0].footer
        note = "\n".join([letter.note, *letter.verification_lines])
        paragraph = _fill(footer.paragraphs[0], note, align="CENTER", size=8)
        if letter.verification is not None:
            picture = footer.add_paragraph()
            _fill(picture, "", align="RIGHT")
            picture.add_run().add_picture(
                io.BytesIO(qr_png(letter.verification.url)), width=Cm(1.7)
            )
            paragraph = picture
        _rule_below(paragraph)
        table = footer.add_table(rows=1, cols=2, width=Cm(_TEXT_WIDTH_CM))
        table.autofit = False
        sides: Sequence[tuple[Sequence[str], float]] = (
            (letter.contact_lines, 12),
            (letter.information_lines, 6),
        )
        for cell, (lines, width) in zip(table.rows[0].cells, sides, strict=True):
            cell.width = Cm(width)
            _fill(cell.paragraphs[0], "\n".join(lines), size=8)
        number = _fill(footer.add_paragraph(), "", align="CENTER", before=3)
        for part in ("PAGE", "/", "NUMPAGES"):
            run = number.add_run("/" if part == "/" else "")
            run.font.size = Pt(8)
            if part != "/":
                _field(run, part)


def _fill(
    paragraph: Any, text: str, *, align: str = "LEFT", before: float = 0, size: float | None = None
) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    paragraph.paragraph_format.space_before = Pt(before)
    if text:
        run = paragraph.add_run(printable(text))
        if size is not None:
            run.font.size = Pt(size)
    return paragraph


def _field(run: Any, name: str) -> None:
    """Add a field that Word fills in itself: PAGE or NUMPAGES."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "instruction", "end"):
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = name
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # python-docx has no public way to add a field.


def _rule_below(paragraph: Any) -> None:
    """Draw the line between the note and the contact block."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "3"), ("color", "000000")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)  # No public way to set borders.
