"""Settings of CİMER: which date starts the clock, how long an answer may be, how much time may be asked for.

None of them is settled by a law; each may be changed when CİMER changes. Source: domain facts 2.4.
"""

from __future__ import annotations

from types import MappingProxyType

from app.core.rules import N_
from app.system.rules.setting import CIMER, Setting, SettingKind

CIMER_SETTINGS = (
    Setting(
        "cimer_day_zero",
        SettingKind.CHOICE,
        "earlier",
        N_("Day that starts the period of a CİMER application"),
        N_(
            "It is not settled which date an inspector counts from; the earlier one is the safe one. "
            "Both dates and both last days stand on the application."
        ),
        CIMER,
        choices=MappingProxyType(
            {
                "earlier": N_("The earlier of both dates"),
                "cimer": N_("The date at CİMER"),
                "municipality": N_("The date at the municipality"),
            }
        ),
    ),
    Setting(
        "cimer_answer_limit",
        SettingKind.INTEGER,
        4000,
        N_("Most characters of an answer at CİMER"),
        N_("What the screen of CİMER takes is not published; set here what you find there."),
        CIMER,
        200,
        50_000,
    ),
    Setting(
        "cimer_extension_days",
        SettingKind.INTEGER,
        30,
        N_("Most days of more time at CİMER"),
        N_("From the day of asking. It moves the internal goal, never the legal date."),
        CIMER,
        1,
        180,
    ),
    Setting(
        "cimer_extension_times",
        SettingKind.INTEGER,
        1,
        N_("How often more time may be asked for at CİMER"),
        N_("For each cycle of an application."),
        CIMER,
        0,
        10,
    ),
    Setting(
        "cimer_answer_unit",
        SettingKind.TEXT,
        "Tekirdağ Büyükşehir Belediyesi Halkla İlişkiler Şube Müdürlüğü",
        N_("Unit named below an answer at CİMER"),
        N_("Stands under the name and title of the signatory, because there is no letterhead."),
        CIMER,
    ),
)
