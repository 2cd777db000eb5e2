"""What a setting is: its key, kind, default and bounds, and the headings it may stand under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.rules import N_

Value = str | int | bool


class SettingKind(StrEnum):
    """How the text of a setting is read."""

    TEXT = "text"
    LINES = "lines"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    PERCENTAGES = "percentages"
    EMAIL = "email"
    SPAN = "span"
    BOUNDS = "bounds"


@dataclass(frozen=True)
class Setting:
    """One setting; `lowest` and `highest` bound integers, `choices` maps codes to msgids."""

    key: str
    kind: SettingKind
    default: Value
    label: str
    help: str
    group: str
    lowest: int = 0
    highest: int = 1_000_000
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)


TIME = N_("Legal time")
GOALS = N_("Internal goals and reminders")
CASES = N_("Applications")
CIMER = N_("CİMER and other offices")
LETTER = N_("Letters")
MESSAGES = N_("Messages")
FEEDBACK = N_("Feedback")
CALLS = N_("Call centre")
RECEPTION = N_("Reception and Solution Desk")
OPEN311 = N_("Open311")
PRIVACY = N_("Personal data and statistics")

SETTING_KIND_LABELS = {
    SettingKind.TEXT: N_("Text"),
    SettingKind.LINES: N_("Text of several lines"),
    SettingKind.INTEGER: N_("Whole number"),
    SettingKind.BOOLEAN: N_("Yes or no"),
    SettingKind.CHOICE: N_("Choice"),
    SettingKind.PERCENTAGES: N_("List of percentages"),
    SettingKind.EMAIL: N_("E-mail address"),
    SettingKind.SPAN: N_("Span of hours"),
    SettingKind.BOUNDS: N_("Bounds on the map"),
}
