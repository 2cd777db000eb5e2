"""Both last days of an application that another office passed on: from its date and from ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.queries.periods import count_deadline
from app.applications.rules import Channel, DayZero, Kind
from app.core.calendar import Deadline
from app.system.queries import get_text


@dataclass(frozen=True)
class BothClocks:
    """The period counted from each date; `counts` names the one that holds: cimer or municipality."""

    office: Deadline | None
    ours: Deadline | None
    counts: DayZero
    which: DayZero

    @property
    def holding(self) -> Deadline | None:
        """The deadline that counts."""
        return self.office if self.counts is DayZero.CIMER else self.ours


def count_both(
    session: Session,
    *,
    kind: Kind,
    channel: Channel,
    received_on: dt.date,
    external_on: dt.date | None,
    is_extended: bool = False,
) -> BothClocks:
    """Count the period of a kind from both dates; None where there is no date or no law.

    RuleViolation when no law was in force on one of the days.
    """
    which = DayZero(get_text(session, "cimer_day_zero"))
    key = rules.rule_key_of(kind, is_extended=is_extended, channel=channel)
    # What comes on paper from another office counts from the day it reached us alone.
    other = external_on if channel is Channel.CIMER else None
    start = rules.day_zero(channel, received_on, other, which)
    is_office = other is not None and (
        which is DayZero.CIMER or (start == other and other != received_on)
    )
    return BothClocks(
        office=count_deadline(session, key, other) if key and other else None,
        ours=count_deadline(session, key, received_on) if key else None,
        counts=DayZero.CIMER if is_office else DayZero.MUNICIPALITY,
        which=which,
    )
