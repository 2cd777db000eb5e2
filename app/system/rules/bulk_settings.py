"""Settings of acts over many applications, of duplicates and of transfers that wait for an answer.

None of them is law; each is a decision of the directorate. Source: domain facts 9 (four eyes), 11.4.
"""

from __future__ import annotations

from app.core.rules import N_
from app.system.rules.setting import CASES, Setting, SettingKind


def _number(
    key: str, default: int, label: str, help_text: str, lowest: int, highest: int
) -> Setting:
    return Setting(key, SettingKind.INTEGER, default, label, help_text, CASES, lowest, highest)


BULK_SETTINGS = (
    _number(
        "bulk_rows_most",
        5000,
        N_("Applications in one bulk act at most"),
        N_("A filter that finds more has to be narrowed first."),
        1,
        50_000,
    ),
    _number(
        "bulk_four_eyes_rows",
        200,
        N_("A bulk act over more applications than this needs a second person"),
        N_("Somebody else with the same rights has to confirm it; 0: nobody is asked."),
        0,
        50_000,
    ),
    _number(
        "bulk_undo_hours",
        72,
        N_("Hours in which a bulk act can be undone"),
        N_("Afterwards each application is corrected on its own page."),
        0,
        720,
    ),
    _number(
        "cluster_days",
        7,
        N_("Days in which applications may be about one event"),
        N_("Cases of the same topic and neighbourhood within these days are shown as candidates."),
        1,
        60,
    ),
    _number(
        "transfer_answer_days",
        30,
        N_("Days in which another institution should answer"),
        N_("Afterwards a transfer stands in the list of those that wait for an answer."),
        1,
        365,
    ),
)
