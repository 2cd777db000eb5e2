"""Knowledge items: what an operator reads aloud, who answers for it, and until when it is true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.core.rules import N_, Violation


class Validity(StrEnum):
    """Whether an item may be read aloud today."""

    CURRENT = "current"
    REVIEW_DUE = "review_due"
    OUT_OF_DATE = "out_of_date"


VALIDITY_LABELS: Mapping[Validity, str] = {
    Validity.CURRENT: N_("Up to date"),
    Validity.REVIEW_DUE: N_("Review is due"),
    Validity.OUT_OF_DATE: N_("Out of date"),
}
VALIDITY_TONES: Mapping[Validity, str] = {
    Validity.CURRENT: "ok",
    Validity.REVIEW_DUE: "warn",
    Validity.OUT_OF_DATE: "bad",
}

#: Longer answers are not read aloud on a telephone.
ANSWER_LENGTH = 2_000
#: The owner is reminded so many days before the review.
REMIND_BEFORE = dt.timedelta(days=7)


def validity_of(
    valid_until: dt.date | None, review_on: dt.date | None, *, today: dt.date
) -> Validity:
    """Past its last day an item is out of date; past its review day somebody has to look at it."""
    if valid_until is not None and valid_until < today:
        return Validity.OUT_OF_DATE
    if review_on is not None and review_on < today:
        return Validity.REVIEW_DUE
    return Validity.CURRENT


def knowledge_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """An item has a question, an answer short enough to be read aloud, an owner and a review day.

    Keys: title, answer, owner, review_on, valid_until.
    """
    if not str(values.get("title") or "").strip():
        yield Violation("title", N_("Write the question as citizens ask it."))
    answer = str(values.get("answer") or "").strip()
    if not answer:
        yield Violation("answer", N_("Write the answer as it is read aloud."))
    elif len(answer) > ANSWER_LENGTH:
        yield Violation(
            "answer",
            N_(
                "The answer has %(length)s characters; shorten it to %(most)s, so that it can be read aloud."
            ),
            {"length": len(answer), "most": ANSWER_LENGTH},
        )
    if not (values.get("owner") or values.get("owner_id")):
        yield Violation("owner", N_("Say who keeps the item true."))
    review, until = values.get("review_on"), values.get("valid_until")
    if not review:
        yield Violation("review_on", N_("Say when the item is looked at again."))
    elif until and review > until:
        yield Violation(
            "review_on", N_("The review must come before the item ends on %(day)s."),
            {"day": until.strftime("%d.%m.%Y")},
        )  # fmt: skip
