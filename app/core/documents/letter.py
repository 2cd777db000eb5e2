"""The official letter: its parts and its PDF; the words of a reply are written in the rooms.

Source: Resmî Yazışmalarda Uygulanacak Usul ve Esaslar Hakkında Yönetmelik (RG 10.06.2020/31151).
The number and the signature come from the EBYS; a number is never made up here.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.documents.typst_render import render_pdf
from app.core.rules import N_, Violation
from app.core.text import fold, format_date, tr_upper
from app.core.words import words_of

#: The heading has at most four lines, "T.C." among them (m.10/2).
MOST_HEADING_LINES = 4
#: Longer than this the subject no longer fits three lines left of the middle (m.13).
MOST_SUBJECT_SIGNS = 120
#: Lower-case letters of the alphabet that number references and sub-items; ç, ğ … are left out.
_LETTERS = "abcdefghijklmnoprstuvyz"


@dataclass(frozen=True)
class Contact:
    """Where the administration is reached; an empty part is not printed (m.23)."""

    address: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    kep: str = ""
    web: str = ""


@dataclass(frozen=True)
class InformationContact:
    """Who answers questions about the letter (m.23)."""

    name: str
    title: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Verification:
    """How a reader checks an electronically signed letter: code and address (m.24)."""

    code: str
    url: str


@dataclass(frozen=True)
class Approval:
    """Who approves, for an approval document ("olur")."""

    name: str
    title: str
    on: dt.date | None = None


@dataclass(frozen=True)
class Letter:
    """Everything that stands on the paper, as plain text; no part is ever read as markup.

    ``administration`` holds the heading below "T.C.": the institution first, then its units.
    ``number`` None prints that the EBYS will give it; ``date`` None leaves the place empty.
    ``recipient`` holds one line each; it is empty when the letter goes to its distribution.
    ``initials`` (paraf) belong on the archive copy only. ``secrecy`` and ``urgency`` are stamps.
    ``verification`` is given for a signed letter; without it the note says that the EBYS adds it, and
    a draft does not claim to be signed.
    """

    administration: Sequence[str]
    subject: str
    recipient: Sequence[str]
    paragraphs: Sequence[str]
    closing: str
    signatory_name: str
    signatory_title: str
    on_behalf: str = ""
    number: str | None = None
    date: dt.date | None = None
    references: Sequence[str] = ()
    attachments: Sequence[str] = ()
    for_action: Sequence[str] = ()
    for_information: Sequence[str] = ()
    contact: Contact | None = None
    information: InformationContact | None = None
    verification: Verification | None = None
    approval: Approval | None = None
    initials: Sequence[str] = ()
    secrecy: str = ""
    urgency: str = ""
    is_draft: bool = False
    logo: bytes | None = None

    @property
    def heading(self) -> tuple[str, ...]:
        """The heading as printed: "T.C.", the institution in capitals, units as they are."""
        republic = words_of("letter")["republic"]
        lines = [line for line in self.administration if line.strip() and line != republic]
        return (republic, *(tr_upper(line) for line in lines[:1]), *lines[1:])

    @property
    def number_text(self) -> str:
        """The number, or the words that it is still to come."""
        return self.number or words_of("letter")["no_number"]

    @property
    def recipient_lines(self) -> tuple[str, ...]:
        """The recipient, or the words that send the letter to its distribution."""
        if lines := tuple(line for line in self.recipient if line.strip()):
            return lines
        distributed = self.for_action or self.for_information
        return (words_of("letter")["to_distribution"],) if distributed else ()

    @property
    def reference_lines(self) -> tuple[str, ...]:
        """The references, lettered when there are several (m.15)."""
        return lettered(self.references)

    @property
    def signature_lines(self) -> tuple[str, ...]:
        """Name, on whose behalf, title; empty parts fall out (m.17)."""
        return _filled(self.signatory_name, self.on_behalf, self.signatory_title)

    @property
    def attachment_lines(self) -> tuple[str, ...]:
        """The attachments, numbered when there are several (m.18)."""
        if len(self.attachments) < 2:
            return tuple(self.attachments)
        return tuple(f"{n}- {text}" for n, text in enumerate(self.attachments, 1))

    @property
    def note(self) -> str:
        """The line above the contact rule about the electronic signature (m.24)."""
        words = words_of("letter")
        # EBYS numbers a letter and signs it; before it has done so nobody may say that it is signed.
        is_signed = self.verification is not None or (self.number and not self.is_draft)
        return words["esigned"] if is_signed else words["not_signed"]

    @property
    def verification_lines(self) -> tuple[str, ...]:
        """Code and address for checking the letter; empty before it is signed."""
        if self.verification is None:
            return ()
        words = words_of("letter")
        code, url = self.verification.code, self.verification.url
        return (f"{words['code']}: {code}", f"{words['address']}: {url}")

    @property
    def contact_lines(self) -> tuple[str, ...]:
        """The address, then phone, fax and e-mail, then KEP and web (m.23)."""
        if self.contact is None:
            return ()
        words, contact = words_of("letter"), self.contact
        groups = (("phone", "fax", "email"), ("kep", "web"))
        lines = [
            " · ".join(
                f"{words[key]}: {getattr(contact, key)}" for key in group if getattr(contact, key)
            )
            for group in groups
        ]
        return _filled(contact.address, *lines)

    @property
    def information_lines(self) -> tuple[str, ...]:
        """The person to ask, for the right side of the contact block (m.23)."""
        if self.information is None:
            return ()
        words, person = words_of("letter"), self.information
        phone = f"{words['phone']}: {person.phone}" if person.phone else ""
        return _filled(f"{words['information']}: {person.name}", person.title, phone)


def lettered(lines: Sequence[str]) -> tuple[str, ...]:
    """Put a), b), c) before several lines and nothing before a single one."""
    if len(lines) < 2:
        return tuple(lines)
    return tuple(
        f"{_LETTERS[n % len(_LETTERS)] * (n // len(_LETTERS) + 1)}) {text}"
        for n, text in enumerate(lines)
    )


def letter_violations(letter: Letter, *, to_person: bool = True) -> Iterator[Violation]:
    """Say what the regulation forbids in this letter; a draft may be printed all the same.

    Source: RYY m.10/2, 13, 14, 16/12 and 17.
    """
    if len(letter.heading) > MOST_HEADING_LINES:
        yield Violation("administration", N_("The heading may have at most four lines."))
    if not letter.subject.strip():
        yield Violation("subject", N_("Write the subject of the letter."))
    elif len(letter.subject) > MOST_SUBJECT_SIGNS:
        yield Violation(
            "subject",
            N_(
                "Shorten the subject to %(most)s characters: it may not pass the middle of the page."
            ),
            {"most": MOST_SUBJECT_SIGNS},
        )
    if not letter.recipient_lines:
        yield Violation("recipient", N_("Write to whom the letter goes."))
    if not any(text.strip() for text in letter.paragraphs):
        yield Violation("paragraphs", N_("Write the text of the letter."))
    if to_person and any(word in fold(letter.closing) for word in ("rica ederim", "arz ederim")):
        yield Violation(
            "closing",
            N_("A letter to a person does not end with a request; choose another closing."),
        )
    if not letter.signatory_name.strip() or not letter.signatory_title.strip():
        yield Violation("signatory_name", N_("Write who signs the letter, with the title."))


def qr_svg(text: str) -> bytes:
    """Return a QR code as SVG, with the error correction that survives a photocopy (M)."""
    import segno

    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer, kind="svg", border=0, xmldecl=False, svgns=True, nl=False
    )
    return buffer.getvalue()


def qr_png(text: str) -> bytes:
    """Return the same code as PNG, for Word."""
    import segno

    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="png", scale=6, border=0)
    return buffer.getvalue()


def letter_pdf(letter: Letter) -> bytes:
    """Return the letter as PDF; takes well under a second. Raises `RenderError`."""
    data, assets = letter_data(letter)
    return render_pdf("letter", data, assets)


def letter_data(letter: Letter) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the template letter.typ reads: JSON-safe data, and pictures by name."""
    words: Mapping[str, str] = words_of("letter")
    assets: dict[str, bytes] = {}
    if letter.verification is not None:
        assets["qr.svg"] = qr_svg(letter.verification.url)
    logo = None
    if letter.logo is not None:
        logo = "logo.png" if letter.logo.startswith(b"\x89PNG") else "logo.jpg"
        assets[logo] = letter.logo
    approval = letter.approval
    return {
        "words": dict(words),
        "heading": letter.heading,
        "number": letter.number_text,
        "date": format_date(letter.date),
        "subject": letter.subject,
        "recipient": letter.recipient_lines,
        "references": letter.reference_lines,
        "paragraphs": [text for text in letter.paragraphs if text.strip()],
        "closing": letter.closing,
        "signature": letter.signature_lines,
        "attachments": letter.attachment_lines,
        "for_action": letter.for_action,
        "for_information": letter.for_information,
        "approval": approval
        and {"date": format_date(approval.on), "lines": _filled(approval.name, approval.title)},
        "initials": letter.initials,
        "stamps": _filled(letter.secrecy, letter.urgency),
        "note": letter.note,
        "verification": letter.verification_lines,
        "qr": "qr.svg" if letter.verification else None,
        "logo": logo,
        "contact": letter.contact_lines,
        "information": letter.information_lines,
        "draft": letter.is_draft,
    }, assets


def _filled(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())
