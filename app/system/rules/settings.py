"""The settings of the house as data: key, kind, default, label, help with its source, heading.

Reading and storing them is the work of queries and services; no value is ever written here twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from app.core.rules import N_, Violation
from app.system.rules.bulk_settings import BULK_SETTINGS
from app.system.rules.calls_settings import CALLS_SETTINGS
from app.system.rules.cimer_settings import CIMER_SETTINGS
from app.system.rules.feedback_settings import FEEDBACK_SETTINGS
from app.system.rules.letter_settings import LETTER_SETTINGS
from app.system.rules.open311_settings import OPEN311_SETTINGS
from app.system.rules.setting import (
    CALLS,
    CASES,
    CIMER,
    FEEDBACK,
    GOALS,
    LETTER,
    MESSAGES,
    OPEN311,
    PRIVACY,
    RECEPTION,
    SETTING_KIND_LABELS,
    TIME,
    Setting,
    SettingKind,
    Value,
)
from app.system.rules.visits_settings import VISITS_SETTINGS

#: The parameter whose value changes with every change of roles, units or settings.
STAMP_KEY = "permission_stamp"


_ALL = (
    Setting(
        "working_time",
        SettingKind.TEXT,
        "08:00–12:00, 13:00–17:00",
        N_("Working hours"),
        N_("Told to citizens and printed in letters; it does not move a deadline."),
        TIME,
    ),
    Setting(
        "half_day_counts_as_working_day",
        SettingKind.BOOLEAN,
        True,
        N_("A half day counts as a working day"),
        N_(
            "28 October and the eves of religious holidays are holidays from 13.00 on (2429 m.1, m.2). "
            "The laws on petitions and information are silent; counting them gives the earlier date."
        ),
        TIME,
    ),
    Setting(
        "deadline_may_end_on_half_day",
        SettingKind.BOOLEAN,
        True,
        N_("A period may end on a half day"),
        N_("If not, a last day that is a half day moves to the next working day (2577 m.8)."),
        TIME,
    ),
    Setting(
        "leave_counts_for_legal",
        SettingKind.BOOLEAN,
        True,
        N_("Administrative leave counts as a working day in legal periods"),
        N_(
            "Administrative leave is no holiday of law 2429; counting it is the cautious reading "
            "because it gives the earlier date."
        ),
        TIME,
    ),
    Setting(
        "leave_counts_for_internal",
        SettingKind.BOOLEAN,
        False,
        N_("Administrative leave counts as a working day for internal goals"),
        N_("Usually not: nobody is at work on that day."),
        TIME,
    ),
    Setting(
        "fee_reading",
        SettingKind.CHOICE,
        "restart",
        N_("After the cost of an information request is paid"),
        N_(
            "The notice of cost interrupts the 15 working days (4982 m.11); the law does not say what "
            "runs afterwards."
        ),
        TIME,
        choices=MappingProxyType(
            {
                "restart": N_("A fresh period starts on the day of payment"),
                "pause": N_("The rest of the period runs on"),
            }
        ),
    ),
    Setting(
        "internal_share_percent",
        SettingKind.INTEGER,
        50,
        N_("Internal goal as a share of the legal period (percent)"),
        N_(
            "The internal goal lies where so much of the legal period is used; topics may be stricter."
        ),
        GOALS,
        1,
        100,
    ),
    Setting(
        "internal_days_default",
        SettingKind.INTEGER,
        15,
        N_("Days a unit has to answer"),
        N_(
            "Used for a unit or topic without days of its own; a decision of the directorate, no law."
        ),
        GOALS,
        1,
        60,
    ),
    Setting(
        "reminder_points",
        SettingKind.PERCENTAGES,
        "50,80,100",
        N_("Reminders at these percentages of the internal time"),
        N_("Rising percentages with commas between them, for example 50,80,100."),
        GOALS,
    ),
    Setting(
        "reopen_days",
        SettingKind.INTEGER,
        30,
        N_("Days in which a closed application may be reopened"),
        N_("Afterwards a new application is registered; a decision of the directorate."),
        CASES,
        0,
        365,
    ),
    Setting(
        "duplicate_days",
        SettingKind.INTEGER,
        30,
        N_("Days looked back for duplicates"),
        N_(
            "An open case of the same topic and place within these days is offered at registration."
        ),
        CASES,
        1,
        365,
    ),
    Setting(
        "sms_enabled",
        SettingKind.BOOLEAN,
        True,
        N_("Send SMS to citizens"),
        N_(
            "Number at registration, result at the end. Messages wait while no SMS service is set up."
        ),
        MESSAGES,
    ),
    Setting(
        "email_enabled",
        SettingKind.BOOLEAN,
        True,
        N_("Send e-mail"),
        N_("To citizens who gave an address, and to staff for reminders."),
        MESSAGES,
    ),
    Setting(
        "retention_years",
        SettingKind.INTEGER,
        10,
        N_("Years after which personal data of closed applications is anonymised"),
        N_(
            "Check it against the retention column of the Standard File Plan; archive law prevails "
            "(6698 m.7)."
        ),
        PRIVACY,
        1,
        101,
    ),
    Setting(
        "statistics_minimum",
        SettingKind.INTEGER,
        5,
        N_("Smallest number shown in statistics on restricted applications"),
        N_("Smaller groups are merged, so that nobody can be recognised (6698 m.12)."),
        PRIVACY,
        1,
        100,
    ),
)

SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        s.key: s
        for s in (
            *_ALL,
            *LETTER_SETTINGS,
            *BULK_SETTINGS,
            *CALLS_SETTINGS,
            *FEEDBACK_SETTINGS,
            *CIMER_SETTINGS,
            *VISITS_SETTINGS,
            *OPEN311_SETTINGS,
        )
    }
)

#: Headings in the order in which the screen shows them.
SETTING_GROUPS = (
    TIME,
    GOALS,
    CASES,
    CIMER,
    LETTER,
    MESSAGES,
    FEEDBACK,
    CALLS,
    RECEPTION,
    OPEN311,
    PRIVACY,
)

#: South, west, north, east in degrees.
Bounds = tuple[float, float, float, float]

_TRUE, _FALSE = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})
_SPAN = re.compile(r"([01]?\d|2[0-3])[:.][0-5]\d\s*[-–]\s*(([01]?\d|2[0-3])[:.][0-5]\d|24[:.]00)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_LONGEST = 2_000


def written(value: Value) -> str:
    """Return a value as the row keeps it: booleans as 1 and 0, numbers as digits."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def read_value(setting: Setting, text: str) -> Value:
    """Return the typed value of a kept text; a text that cannot be read gives the default."""
    if any(setting_violations(setting, text)):
        return setting.default
    if setting.kind is SettingKind.BOOLEAN:
        return text.strip() in _TRUE
    if setting.kind is SettingKind.INTEGER:
        return int(text)
    return text


def parse_percentages(text: str) -> tuple[int, ...]:
    """Return the numbers of a list such as 50,80,100; ValueError when it is none."""
    return tuple(int(part) for part in text.split(","))


def parse_bounds(text: str) -> Bounds | None:
    """Return south, west, north, east; None for an empty text, ValueError when it is none."""
    if not text.strip():
        return None
    south, west, north, east = (float(part) for part in text.split(","))
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise ValueError(text)
    return south, west, north, east


def setting_violations(setting: Setting, text: str) -> Iterator[Violation]:
    """What is wrong with a text for this setting; nothing when it can be stored."""
    if len(text) > _LONGEST:
        yield Violation("value", N_("At most %(n)s characters."), {"n": _LONGEST})
        return
    kind = setting.kind
    if kind is SettingKind.BOOLEAN and text.strip() not in _TRUE | _FALSE:
        yield Violation("value", N_("Write 1 for yes or 0 for no."))
    elif kind is SettingKind.INTEGER:
        is_number = re.fullmatch(r"\d{1,7}", text.strip(), re.ASCII) is not None
        if not is_number or not setting.lowest <= int(text) <= setting.highest:
            yield Violation(
                "value",
                N_("Write a whole number from %(low)s to %(high)s."),
                {"low": setting.lowest, "high": setting.highest},
            )
    elif kind is SettingKind.CHOICE and text not in setting.choices:
        yield Violation(
            "value", N_("Write one of: %(codes)s."), {"codes": ", ".join(setting.choices)}
        )
    elif kind is SettingKind.PERCENTAGES and not _is_rising(text):
        yield Violation(
            "value", N_("Write rising percentages with commas between them, for example 50,80,100.")
        )
    elif kind is SettingKind.EMAIL and text and not _EMAIL.fullmatch(text):
        yield Violation("value", N_("Write an e-mail address, for example ad.soyad@ornek.com."))
    elif kind is SettingKind.SPAN and not _SPAN.fullmatch(text.strip()):
        yield Violation("value", N_("Write a span of hours, for example 08:00–16:00."))
    elif kind is SettingKind.BOUNDS and not _is_bounds(text):
        yield Violation(
            "value", N_("Write south, west, north, east, for example 40.4,26.5,41.6,28.3.")
        )
    elif kind is SettingKind.TEXT and "\n" in text:
        yield Violation("value", N_("This setting has one line."))


def _is_bounds(text: str) -> bool:
    try:
        parse_bounds(text)
    except ValueError:
        return False
    return True


def _is_rising(text: str) -> bool:
    if not re.fullmatch(r"\d{1,3}( *, *\d{1,3})*", text.strip(), re.ASCII):
        return False
    numbers = parse_percentages(text)
    return all(a < b for a, b in pairwise(numbers)) and (numbers[0] >= 1 and numbers[-1] <= 100)


__all__ = [
    "SETTINGS",
    "SETTING_GROUPS",
    "SETTING_KIND_LABELS",
    "STAMP_KEY",
    "Setting",
    "SettingKind",
    "parse_bounds",
    "parse_percentages",
    "read_value",
    "setting_violations",
    "written",
]
