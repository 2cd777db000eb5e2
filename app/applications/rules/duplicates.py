"""How likely two applications speak of the same matter; finding the candidates is a query.

Source: issue text "same topic and neighbourhood, or same citizen, similar text, last 30 days".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.core.rules import N_
from app.core.text import similarity

#: Days back in which a duplicate is looked for, and the score from which one is shown.
DUPLICATE_DAYS = 30
DUPLICATE_SCORE = 0.4
#: Texts are called alike from this share of common trigrams on.
ALIKE = 0.35


@dataclass(frozen=True)
class Matter:
    """What is compared of an application, typed or registered."""

    topic_id: int | None
    neighbourhood_id: int | None
    citizen_id: int | None
    text: str
    received_on: dt.date


@dataclass(frozen=True)
class Likeness:
    """How alike two matters are, 0 to 1, and why in msgids."""

    score: float
    reasons: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        """Say whether the clerk should look at it."""
        return self.score >= DUPLICATE_SCORE


_SAME_PLACE = N_("Same topic in the same neighbourhood")
_SAME_CITIZEN = N_("Same applicant")
_SAME_TOPIC = N_("Same topic")
_ALIKE_TEXT = N_("Similar words")
_NOTHING = Likeness(0.0, ())


def likeness(typed: Matter, other: Matter, *, days: int = DUPLICATE_DAYS) -> Likeness:
    """Return how likely `other` is the same matter as `typed`; older than `days` is never alike."""
    age = (typed.received_on - other.received_on).days
    if age > days:
        return _NOTHING
    score, reasons = 0.0, []
    same_topic = typed.topic_id is not None and typed.topic_id == other.topic_id
    same_place = (
        typed.neighbourhood_id is not None and typed.neighbourhood_id == other.neighbourhood_id
    )
    same_citizen = typed.citizen_id is not None and typed.citizen_id == other.citizen_id
    if same_topic and same_place:
        score += 0.5
        reasons.append(_SAME_PLACE)
    elif same_topic:
        score += 0.15
        reasons.append(_SAME_TOPIC)
    if same_citizen:
        score += 0.4
        reasons.append(_SAME_CITIZEN)
    alike = similarity(typed.text, other.text) if typed.text and other.text else 0.0
    if alike >= ALIKE:
        reasons.append(_ALIKE_TEXT)
    score += 0.5 * alike
    # A matter of last week is likelier the same than one of last month.
    score -= 0.1 * max(age, 0) / days
    return Likeness(round(min(max(score, 0.0), 1.0), 3), tuple(reasons))
