"""Documents on paper: official letters and reports; what they say is decided in the rooms.

``letter_pdf`` and ``letter_docx`` lay out a ``Letter``; ``report_pdf`` and ``report_xlsx`` lay out a
``ReportDocument``. Typst is loaded only when something is drawn, so importing this is cheap.
"""

from app.core.documents.letter import (
    Contact,
    InformationContact,
    Letter,
    Verification,
    letter_pdf,
    letter_violations,
)
from app.core.documents.letter_docx import letter_docx
from app.core.documents.report import (
    ChartSection,
    Figure,
    Figures,
    PageBreak,
    Paragraph,
    ReportDocument,
    TableSection,
    report_pdf,
)
from app.core.documents.report_xlsx import report_xlsx
from app.core.documents.typst_render import RenderError, render_in_subprocess, render_pdf

__all__ = [
    "ChartSection",
    "Contact",
    "Figure",
    "Figures",
    "InformationContact",
    "Letter",
    "PageBreak",
    "Paragraph",
    "RenderError",
    "ReportDocument",
    "TableSection",
    "Verification",
    "letter_docx",
    "letter_pdf",
    "letter_violations",
    "render_in_subprocess",
    "render_pdf",
    "report_pdf",
    "report_xlsx",
]
