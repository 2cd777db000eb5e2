"""What applicants say afterwards: score, solved or not, how staff were; and the rates made of it.

Source: domain facts 1.5 (satisfaction rate = (4 + 5) / valid answers), 8.1 (small groups are hidden).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.core.rules import N_, Violation


class Solved(StrEnum):
    """Whether the applicant's matter is solved, in the applicant's own view."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class AnswerMethod(StrEnum):
    """By which way an answer came."""

    LINK = "link"
    CALL_BACK = "call_back"
    DESK = "desk"
    IMPORT = "import"


SOLVED_LABELS = {
    Solved.YES: N_("Yes, it is solved"),
    Solved.PARTLY: N_("Partly solved"),
    Solved.NO: N_("No, it is not solved"),
}
SOLVED_TONES = {Solved.YES: "ok", Solved.PARTLY: "soon", Solved.NO: "bad"}

ANSWER_METHOD_LABELS = {
    AnswerMethod.LINK: N_("Link by SMS or e-mail"),
    AnswerMethod.CALL_BACK: N_("Call back"),
    AnswerMethod.DESK: N_("At the desk"),
    AnswerMethod.IMPORT: N_("Taken over from a file"),
}

#: Likert, the worst first, as the diverging colours of a chart run.
SCORE_LABELS = {
    1: N_("Not satisfied at all"),
    2: N_("Not satisfied"),
    3: N_("Neither nor"),
    4: N_("Satisfied"),
    5: N_("Very satisfied"),
}
#: From this score on somebody counts as satisfied.
SATISFIED_FROM = 4
#: Share of satisfied answers, in percent, that the directorate aims at; its own goal, no law.
SATISFACTION_GOAL = 80.0
LONGEST_COMMENT = 1000


def satisfaction_rate(satisfied: int, valid: int) -> float | None:
    """Return satisfied answers in percent of the valid ones; None when nobody answered."""
    return round(100 * satisfied / valid, 1) if valid else None


def satisfaction_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with an answer: a score and whether it is solved; the rest is optional."""
    if not _is_score(values.get("score")):
        yield Violation("score", N_("Choose how satisfied, from 1 to 5."))
    manner = values.get("manner")
    if manner not in {None, ""} and not _is_score(manner):
        yield Violation("manner", N_("Choose a number from 1 to 5, or leave it open."))
    if values.get("solved") not in {s.value for s in Solved}:
        yield Violation("solved", N_("Choose whether the matter is solved."))
    if len(str(values.get("comment") or "")) > LONGEST_COMMENT:
        yield Violation("comment", N_("At most %(max)s characters."), {"max": LONGEST_COMMENT})


def _is_score(value: Any) -> bool:
    return (
        isinstance(value, int | str)
        and not isinstance(value, bool)
        and str(value) in {str(score) for score in SCORE_LABELS}
    )


def month_of(day: dt.date) -> dt.date:
    """Return the first day of a day's month: what is kept of a date when an answer is cut loose."""
    return day.replace(day=1)
