"""Settings of reception and field work: counters of the desk, head start of priority groups.

None of them is settled by a law; they are decisions of the directorate.
"""

from __future__ import annotations

from app.core.rules import N_
from app.system.rules.setting import RECEPTION, Setting, SettingKind

VISITS_SETTINGS = (
    Setting(
        "desk_counters",
        SettingKind.INTEGER,
        4,
        N_("Counters of the Solution Desk"),
        N_("Officers pick one of so many numbers; the display of the waiting hall names it."),
        RECEPTION,
        1,
        30,
    ),
    Setting(
        "desk_priority_minutes",
        SettingKind.INTEGER,
        15,
        N_("Head start of priority groups in the queue (minutes)"),
        N_(
            "Elderly and disabled people, those with a small child, veterans. Somebody without "
            "priority is overtaken only by those who came at most so much later."
        ),
        RECEPTION,
        0,
        120,
    ),
)
