"""The words and bounds of GeoReport v2, and how a call is refused.

Source: GeoReport v2 (wiki.open311.org/GeoReport_v2), frozen; its extension for pages.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from app.applications.rules.vocabulary import OPEN_STATES, Kind, State
from app.core.rules import N_, RuleViolation, Violation


class RequestStatus(StrEnum):
    """The two states that the specification knows."""

    OPEN = "open"
    CLOSED = "closed"


class DataType(StrEnum):
    """What kind of answer a question of a service takes."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    ONE_OF = "singlevaluelist"
    SOME_OF = "multivaluelist"


DATA_TYPE_LABELS = {
    DataType.STRING: N_("One line of text"),
    DataType.NUMBER: N_("Number"),
    DataType.DATETIME: N_("Date and time"),
    DataType.TEXT: N_("Text of several lines"),
    DataType.ONE_OF: N_("One choice of a list"),
    DataType.SOME_OF: N_("Several choices of a list"),
}
LISTS = frozenset({DataType.ONE_OF, DataType.SOME_OF})

#: Only these speak of the city's services; no law hides who asks or what. Source: domain facts 1.2.
PUBLIC_KINDS = frozenset({Kind.REQUEST, Kind.COMPLAINT, Kind.TIPOFF})
#: Never told: not yet an application, or entered by mistake.
UNTOLD_STATES = frozenset({State.DRAFT, State.DISCARDED})
TOLD_OPEN = OPEN_STATES
TOLD_CLOSED = frozenset(set(State) - OPEN_STATES - UNTOLD_STATES)

#: "Default query limit is a span of 90 days or first 1000 requests returned, whichever is smallest."
SPAN = dt.timedelta(days=90)
MOST_REQUESTS = 1_000
#: Who pages on and on is asked to narrow the dates instead.
MOST_SKIPPED = 100_000
LONGEST_DESCRIPTION = 4_000
LONGEST_MEDIA_URL = 600
MOST_FILES = 5
#: The same content through the same key within this time is the same request.
SAME_WITHIN = dt.timedelta(minutes=10)


class GeoReportRefusal(RuleViolation):
    """A call that is refused, with the HTTP status that the specification gives for its reason.

    404 for what does not exist, 403 for a wrong or missing key, 405 for another method, 429 for too
    many calls, else 400.
    """

    def __init__(self, status: int, *violations: Violation) -> None:
        super().__init__(*violations)
        self.status = status


def refused(status: int, message: str, field: str = "", **params: object) -> GeoReportRefusal:
    """Return a refusal with one reason, to be raised."""
    return GeoReportRefusal(status, Violation(field, message, params))
