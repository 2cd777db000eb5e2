"""Legal periods as data: every row of the directorate's deadline table with law and date of effect.

The rows are loaded once and then belong to the database; counting is in `app.core.calendar`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.calendar import DayKind, PeriodUnit
from app.core.rules import N_, Violation

DAY_KIND_LABELS = {
    DayKind.PUBLIC_HOLIDAY: N_("Public holiday"),
    DayKind.HALF_DAY: N_("Half day"),
    DayKind.ADMINISTRATIVE_LEAVE: N_("Administrative leave"),
    DayKind.ADMINISTRATIVE_HALF_DAY: N_("Half day of administrative leave"),
}
PERIOD_UNIT_LABELS = {
    PeriodUnit.CALENDAR_DAYS: N_("Calendar days"),
    PeriodUnit.WORKING_DAYS: N_("Working days"),
}

_CALENDAR, _WORKING = PeriodUnit.CALENDAR_DAYS, PeriodUnit.WORKING_DAYS


@dataclass(frozen=True)
class LegalPeriod:
    """One version of one period; `label` and `note` are msgids, `law` names law and article."""

    key: str
    version: int
    label: str
    law: str
    days: int
    unit: PeriodUnit
    valid_from: dt.date
    valid_to: dt.date | None = None
    shifts: bool = True
    note: str = ""


#: 3071 as changed by law 4778, RG 11.01.2003/24990: two months became thirty days.
_PETITIONS = dt.date(2003, 1, 11)
#: 4982, RG 24.10.2003/25269, in force six months after its publication.
_INFORMATION = dt.date(2004, 4, 24)
#: 2577, RG 20.01.1982/17580; law 7331, RG 14.07.2021/31541, made sixty days thirty.
_SILENCE, _SILENCE_NOW = dt.date(1982, 1, 20), dt.date(2021, 7, 14)
#: 6698, RG 07.04.2016/29677; m.11, 13 and 14 in force six months later (m.32).
_PRIVACY, _PRIVACY_RIGHTS = dt.date(2016, 4, 7), dt.date(2016, 10, 7)
_BREACH_DECISION = dt.date(2019, 1, 24)
_PURGE_RULES = dt.date(2018, 1, 1)
_OMBUDSMAN = dt.date(2012, 6, 29)
#: Presidential decision 9014, RG 10.10.2024/32688.
_PROPERTY = dt.date(2024, 10, 10)

_SILENCE_NOTE = N_("No answer within the period counts as a refusal; it does not excuse an answer.")

LEGAL_PERIODS: tuple[LegalPeriod, ...] = (
    LegalPeriod(
        "petition_answer",
        1,
        N_("Answer to a petition or complaint"),
        "3071 m.7",
        30,
        _CALENDAR,
        _PETITIONS,
        note=N_(
            "Result or state of progress, with reasons. If progress is told, the result is told later "
            "as well. Asking the applicant for more does not stop this clock."
        ),
    ),
    LegalPeriod(
        "tbmm_petition",
        1,
        N_("Answer to the Petition Committee of the Grand National Assembly"),
        "3071 m.8",
        30,
        _CALENDAR,
        _PETITIONS,
    ),
    LegalPeriod(
        "foi_access",
        1,
        N_("Access to information"),
        "4982 m.11",
        15,
        _WORKING,
        _INFORMATION,
        note=N_("Counted from receipt at the institution that has the information."),
    ),
    LegalPeriod(
        "foi_access_ext",
        1,
        N_("Access to information, extended"),
        "4982 m.11",
        30,
        _WORKING,
        _INFORMATION,
        note=N_(
            "In total, not on top: information from another unit, opinion of another institution, or "
            "several institutions concerned."
        ),
    ),
    LegalPeriod(
        "foi_ext_notice",
        1,
        N_("Written notice that access to information is extended"),
        "4982 m.11",
        15,
        _WORKING,
        _INFORMATION,
        note=N_("The notice with its reason must go out before the fifteenth working day ends."),
    ),
    LegalPeriod(
        "foi_ext_alarm",
        1,
        N_("Alarm for the extension letter of an information request"),
        "4982 m.11",
        12,
        _WORKING,
        _INFORMATION,
        note=N_("No period of the law: the day on which the house is warned, an internal goal."),
    ),
    LegalPeriod(
        "foi_fee",
        1,
        N_("Payment of the cost of access by the applicant"),
        "4982 m.11",
        15,
        _WORKING,
        _INFORMATION,
        note=N_("Unpaid: the applicant counts as having given up the request."),
    ),
    LegalPeriod(
        "foi_forward",
        1,
        N_("Passing an information request to the right institution"),
        "4982 m.7",
        3,
        _WORKING,
        _INFORMATION,
        note=N_(
            "The law says promptly and names no number; three working days are an internal goal."
        ),
    ),
    LegalPeriod(
        "foi_appeal",
        1,
        N_("Appeal of the applicant to the Information Review Board"),
        "4982 m.13",
        15,
        _CALENDAR,
        _INFORMATION,
        note=N_("From the day the refusal reached the applicant; it stops the time for suing."),
    ),
    LegalPeriod(
        "foi_board_decision",
        1,
        N_("Decision of the Information Review Board"),
        "4982 m.13",
        30,
        _WORKING,
        _INFORMATION,
    ),
    LegalPeriod(
        "foi_board_docs",
        1,
        N_("Documents asked for by the Information Review Board"),
        "4982 m.13",
        15,
        _WORKING,
        _INFORMATION,
    ),
    LegalPeriod(
        "foi_silence",
        1,
        N_("Silence on an information request counts as refusal"),
        "2577 m.10",
        60,
        _CALENDAR,
        _INFORMATION,
        dt.date(2021, 7, 13),
        note=_SILENCE_NOTE,
    ),
    LegalPeriod(
        "foi_silence",
        2,
        N_("Silence on an information request counts as refusal"),
        "2577 m.10",
        30,
        _CALENDAR,
        _SILENCE_NOW,
        note=_SILENCE_NOTE,
    ),
    LegalPeriod(
        "foi_privacy_consent",
        1,
        N_("Notice to the person before personal information is given out"),
        "4982 m.21",
        7,
        _CALENDAR,
        _INFORMATION,
        note=N_("At least so many days before, and only with the person’s written consent."),
    ),
    LegalPeriod(
        "foi_annual_report",
        1,
        N_("Annual report to the Information Review Board"),
        "4982 m.30",
        59,
        _CALENDAR,
        _INFORMATION,
        shifts=False,
        note=N_("By the end of February: counted from 31 December as day 0."),
    ),
    LegalPeriod(
        "kvkk_request",
        1,
        N_("Answer to a data subject (KVKK)"),
        "6698 m.13",
        30,
        _CALENDAR,
        _PRIVACY_RIGHTS,
        note=N_("Free of charge."),
    ),
    LegalPeriod(
        "kvkk_complaint",
        1,
        N_("Complaint of a data subject after an answer"),
        "6698 m.14",
        30,
        _CALENDAR,
        _PRIVACY_RIGHTS,
        note=N_("From learning the answer, and at most sixty days after the request."),
    ),
    LegalPeriod(
        "kvkk_complaint_latest",
        1,
        N_("Complaint of a data subject, at the latest"),
        "6698 m.14",
        60,
        _CALENDAR,
        _PRIVACY_RIGHTS,
        note=N_("From the request."),
    ),
    LegalPeriod(
        "kvkk_breach",
        1,
        N_("Notice of a data breach to the Board"),
        "6698 m.12/5; KVK Kurulu 24.01.2019-2019/10",
        3,
        _CALENDAR,
        _BREACH_DECISION,
        shifts=False,
        note=N_(
            "72 hours from becoming aware: holidays do not lengthen it. The persons are told too."
        ),
    ),
    LegalPeriod(
        "kvkk_purge",
        1,
        N_("Periodic destruction of expired personal data"),
        "Kişisel Verilerin Silinmesi Yön. m.11",
        180,
        _CALENDAR,
        _PURGE_RULES,
        shifts=False,
        note=N_("At most every six months; counted here as 180 days, which is never later."),
    ),
    LegalPeriod(
        "kdk_docs",
        1,
        N_("Documents asked for by the Ombudsman"),
        "6328 m.18",
        30,
        _CALENDAR,
        _OMBUDSMAN,
    ),
    LegalPeriod(
        "idari_silence",
        1,
        N_("Silence on an application for an administrative act counts as refusal"),
        "2577 m.10",
        60,
        _CALENDAR,
        _SILENCE,
        dt.date(2021, 7, 13),
        note=_SILENCE_NOTE,
    ),
    LegalPeriod(
        "idari_silence",
        2,
        N_("Silence on an application for an administrative act counts as refusal"),
        "2577 m.10",
        30,
        _CALENDAR,
        _SILENCE_NOW,
        note=_SILENCE_NOTE,
    ),
    LegalPeriod(
        "vif_to_accounting",
        1,
        N_("Sending a movable property voucher to accounting"),
        "Taşınır Mal Yön. m.30/1",
        10,
        _CALENDAR,
        _PROPERTY,
        note=N_("Vouchers other than purchases; in any case before the year ends."),
    ),
)


def legal_rule_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """A new version names its key, a law, at least one day and the day from which it holds."""
    if not values.get("key"):
        yield Violation("key", N_("Say which period this is a version of."))
    if not values.get("law"):
        yield Violation("law", N_("Name the law and the article."))
    days = values.get("days")
    if days is not None and not 1 <= days <= 3650:
        yield Violation("days", N_("A period has at least one day and at most ten years."))
    start, end = values.get("valid_from"), values.get("valid_to")
    if start and end and end < start:
        yield Violation("valid_to", N_("The end lies before the beginning."))


#: What the unique key of a day says.
DAY_TAKEN = N_("This day has an entry of this kind already.")


def calendar_day_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """A leave names its day, its name and who declared it; other days name theirs."""
    if not values.get("name"):
        yield Violation("name", N_("Give the day a name."))
    kind = str(values.get("kind") or "")
    if kind.startswith("administrative") and not values.get("authority"):
        yield Violation(
            "authority",
            N_("Say who declared the leave, for example the President or the governor."),
        )
