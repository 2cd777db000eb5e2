"""What must not leave the house by oversight: other people's numbers, hidden data, traces in files.

Pure: text and bytes in, findings out. Who may let a finding pass is decided in the rooms.
"""

from app.core.outgoing.files import CHECKED_ENDINGS, findings_in_file
from app.core.outgoing.findings import (
    FINDING_LABELS,
    MOST_FINDINGS,
    Finding,
    FindingKind,
    digest_of,
    own_marks,
)
from app.core.outgoing.text import findings_in_text

__all__ = [
    "CHECKED_ENDINGS",
    "FINDING_LABELS",
    "MOST_FINDINGS",
    "Finding",
    "FindingKind",
    "digest_of",
    "findings_in_file",
    "findings_in_text",
    "own_marks",
]
