"""Settings of feedback: quiet hours, questions about satisfaction, call-backs, what the citizen may reopen.

None of them is law; each is a decision of the directorate. Source: domain facts 1.5, 2.5, 8.1.
"""

from __future__ import annotations

from app.core.rules import N_
from app.system.rules.setting import FEEDBACK, MESSAGES, Setting, SettingKind


def _number(
    key: str,
    default: int,
    label: str,
    help_text: str,
    bounds: tuple[int, int],
    group: str = FEEDBACK,
) -> Setting:
    return Setting(key, SettingKind.INTEGER, default, label, help_text, group, *bounds)


FEEDBACK_SETTINGS = (
    _number(
        "sms_quiet_from",
        21,
        N_("No SMS to citizens from this hour on"),
        N_("0 to 23. What is written later leaves in the morning; urgent cases are told at once."),
        (0, 23),
        MESSAGES,
    ),
    _number(
        "sms_quiet_until",
        8,
        N_("No SMS to citizens before this hour"),
        N_("0 to 23. The same hour in both settings: there are no quiet hours."),
        (0, 23),
        MESSAGES,
    ),
    Setting(
        "tracking_address",
        SettingKind.TEXT,
        "",
        N_("Address of the tracking page in messages"),
        N_(
            "As citizens reach it, for example https://basvuru.ornek.bel.tr/takip; empty: this house’s "
            "own address."
        ),
        MESSAGES,
    ),
    _number(
        "survey_share_percent",
        25,
        N_("Answered applications whose applicant is asked by link (percent)"),
        N_("0: nobody is asked by link; the desk and the call-backs go on."),
        (0, 100),
    ),
    _number(
        "survey_days_after",
        3,
        N_("Days between the answer and the question"),
        N_("The citizen should have seen the result before being asked about it."),
        (0, 60),
    ),
    _number(
        "survey_gap_days",
        90,
        N_("Days in which nobody is asked a second time"),
        N_("Counts links and call-backs together."),
        (0, 730),
    ),
    _number(
        "survey_link_days",
        14,
        N_("Days in which the link for the answer is open"),
        N_("Afterwards the page says that the link is no longer valid."),
        (1, 90),
    ),
    _number(
        "survey_unlink_days",
        180,
        N_("Days after which an answer is cut from its application"),
        N_(
            "Score, topic, unit, district and month stay; who answered can no longer be found "
            "(domain facts 8.1; 6698 m.4)."
        ),
        (1, 3650),
    ),
    _number(
        "callback_weekly_size",
        40,
        N_("Call-backs drawn each week"),
        N_("Shared out over units and topics as their answers were; 0: none are drawn."),
        (0, 1000),
    ),
    _number(
        "callback_tries",
        3,
        N_("Tries until somebody counts as not reached"),
        N_("At most one try a day."),
        (1, 10),
    ),
    _number(
        "citizen_reopenings",
        2,
        N_("How often an applicant may reopen the same application on the tracking page"),
        N_(
            "0: not at all. The office may reopen it all the same; the days are those of a reopening."
        ),
        (0, 10),
    ),
)
