"""Settings of the call centre: service level, shifts, how long recordings are referred to.

Source: domain facts 8.5; what is unsure there is a setting here.
"""

from __future__ import annotations

from app.core.rules import N_
from app.system.rules.setting import CALLS, Setting, SettingKind

_SPAN_HELP = N_("The line is open day and night; a change holds for shifts planned from then on.")

CALLS_SETTINGS = (
    Setting(
        "call_answer_seconds",
        SettingKind.INTEGER,
        20,
        N_("Seconds within which a call should be answered"),
        N_("The second number of 80/20; a usual value of call centres, no law."),
        CALLS,
        1,
        600,
    ),
    Setting(
        "call_goal_percent",
        SettingKind.INTEGER,
        80,
        N_("Share of calls that should be answered within these seconds (percent)"),
        N_("The first number of 80/20; a usual value of call centres, no law."),
        CALLS,
        1,
        100,
    ),
    Setting(
        "call_short_abandon_seconds",
        SettingKind.INTEGER,
        5,
        N_("A caller who gives up below these seconds is not counted as lost"),
        N_("Short abandons are taken out of the service level and of the abandon rate."),
        CALLS,
        0,
        60,
    ),
    Setting(
        "call_stale_minutes",
        SettingKind.INTEGER,
        60,
        N_("Minutes after which a live call that nobody ended is closed"),
        N_("The switch may lose the message that a call has ended."),
        CALLS,
        5,
        720,
    ),
    Setting(
        "call_recording_days",
        SettingKind.INTEGER,
        365,
        N_("Days after which the reference to a recording is cut"),
        N_(
            "6 to 12 months are usual; set it by the retention table of the directorate (6698 m.7). "
            "The switch deletes the recording itself."
        ),
        CALLS,
        1,
        3_650,
    ),
    Setting(
        "shift_night",
        SettingKind.SPAN,
        "00:00–08:00",
        N_("Hours of the night shift"),
        _SPAN_HELP,
        CALLS,
    ),
    Setting(
        "shift_day",
        SettingKind.SPAN,
        "08:00–16:00",
        N_("Hours of the day shift"),
        _SPAN_HELP,
        CALLS,
    ),
    Setting(
        "shift_evening",
        SettingKind.SPAN,
        "16:00–24:00",
        N_("Hours of the evening shift"),
        _SPAN_HELP,
        CALLS,
    ),
    Setting(
        "shift_note_hours",
        SettingKind.INTEGER,
        24,
        N_("Hours in which a hand-over note waits to be acknowledged"),
        N_("Whoever begins a shift within these hours is shown the note."),
        CALLS,
        1,
        168,
    ),
)
