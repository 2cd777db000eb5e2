"""Checking of uploaded files before anything keeps or opens them; storing them is not done here.

A file must be what its name says, small enough, harmless when unpacked and free of programs;
pictures are drawn anew, which leaves behind place, camera and whatever was hidden in them.
"""

from app.core.uploads.archives import ArchiveLimits, archive_violation
from app.core.uploads.check import CheckedUpload, InfectedUpload, check_upload
from app.core.uploads.kinds import ARCHIVES, DOCUMENTS, IMAGES, KINDS, TABLES, Kind
from app.core.uploads.names import clean_name, name_violation
from app.core.uploads.scan import Scan, Verdict, scan_signatures

__all__ = [
    "ARCHIVES",
    "DOCUMENTS",
    "IMAGES",
    "KINDS",
    "TABLES",
    "ArchiveLimits",
    "CheckedUpload",
    "InfectedUpload",
    "Kind",
    "Scan",
    "Verdict",
    "archive_violation",
    "check_upload",
    "clean_name",
    "name_violation",
    "scan_signatures",
]
