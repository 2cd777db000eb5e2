"""Settings of the Open311 interface: whether it is open, what strangers read, how often they may ask.

None of them is law; what may be published is a decision of the municipality. Source: 6698 m.4, m.8.
"""

from __future__ import annotations

from app.core.rules import N_
from app.system.rules.setting import OPEN311, Setting, SettingKind

OPEN311_SETTINGS = (
    Setting(
        "open311_enabled",
        SettingKind.BOOLEAN,
        True,
        N_("Open311 is switched on"),
        N_(
            "Apps read public services and send applications. Off: every call is refused, with a key too."
        ),
        OPEN311,
    ),
    Setting(
        "open311_shows_texts",
        SettingKind.BOOLEAN,
        False,
        N_("Everybody reads what applicants wrote"),
        N_(
            "Off: the name of the service stands in its place, because texts may hold names. On: numbers "
            "and addresses are taken out, names are not (6698 art. 8). A key reads what came through it."
        ),
        OPEN311,
    ),
    Setting(
        "open311_decimals",
        SettingKind.INTEGER,
        3,
        N_("Decimals of a published coordinate"),
        N_(
            "3 are about 100 metres, 4 about 10 metres; a key reads its own points as they were sent."
        ),
        OPEN311,
        0,
        6,
    ),
    Setting(
        "open311_bounds",
        SettingKind.BOUNDS,
        "40.4,26.5,41.6,28.3",
        N_("Where the places of applications may lie"),
        N_(
            "South, west, north, east in degrees, for example 40.4,26.5,41.6,28.3; a point outside is "
            "refused. Empty: any point is taken."
        ),
        OPEN311,
    ),
    Setting(
        "open311_answers_with_token",
        SettingKind.BOOLEAN,
        False,
        N_("A new request is answered with a token"),
        N_("On: the app asks for the number with the token. Off: it gets the number at once."),
        OPEN311,
    ),
    Setting(
        "open311_calls_per_minute",
        SettingKind.INTEGER,
        60,
        N_("Calls a minute from one address without a key"),
        N_("More are refused until the next minute; a key has a bound of its own."),
        OPEN311,
        1,
        6_000,
    ),
    Setting(
        "open311_jurisdiction",
        SettingKind.TEXT,
        "",
        N_("Name of the jurisdiction"),
        N_(
            "For example tekirdag.bel.tr. Calls that name another one are refused; empty: it is not looked at."
        ),
        OPEN311,
    ),
    Setting(
        "open311_contact",
        SettingKind.TEXT,
        "ALO 153",
        N_("Contact for developers"),
        N_("Stands in the discovery document."),
        OPEN311,
    ),
    Setting(
        "open311_key_service",
        SettingKind.TEXT,
        "API anahtarı için Halkla İlişkiler Şube Müdürlüğüne başvurun.",
        N_("How to get a key"),
        N_("Stands in the discovery document."),
        OPEN311,
    ),
)
