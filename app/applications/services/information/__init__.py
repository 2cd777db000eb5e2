"""Writes of the right to information: what law 4982 adds to the steps of an application.

Importing this package makes the case follow the steps of its application; see `following`.
"""

from app.applications.services.information.alarms import Watched, watch_information
from app.applications.services.information.appeals import file_appeal, take_appeal_step
from app.applications.services.information.backfill import ensure_missing_cases
from app.applications.services.information.cases import ensure_information_case
from app.applications.services.information.catalogue import mark_updated, settle_published
from app.applications.services.information.deciding import decide, note_consent
from app.applications.services.information.extending import prepare_extension
from app.applications.services.information.following import follow_step

__all__ = [
    "Watched",
    "decide",
    "ensure_information_case",
    "ensure_missing_cases",
    "file_appeal",
    "follow_step",
    "mark_updated",
    "note_consent",
    "prepare_extension",
    "settle_published",
    "take_appeal_step",
    "watch_information",
]
