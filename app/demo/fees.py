"""The cost of access in demo stories: told, paid, or never paid. Source: 4982 m.11."""

from __future__ import annotations

import datetime as dt
from random import Random

from app.applications.rules import FEE_RULE, Action, Kind, rule_key_of
from app.core.calendar import Interruption, InterruptionKind, compute_deadline
from app.core.text import format_date
from app.demo.fate import Pace
from app.demo.story import Story
from app.system.queries import find_rule

#: Share of information requests with a fee, and share of those that nobody pays.
_WITH_FEE, _UNPAID = 0.09, 0.25
_REASON = "Erişim ücretinin bildirilmesi (4982 m.11)"


def ask_fee(story: Story, when: Pace) -> bool:
    """Let the applicant pay for copies in some stories; True when the story ended for want of it.

    Chance is drawn by the moment of receipt, so that the same load tells the same stories.
    """
    case, house = story.case, story.house
    rng = Random(int(case["received_at"].timestamp()))  # No secret.
    if case["kind"] is not Kind.INFORMATION or case["is_extended"] or rng.random() > _WITH_FEE:
        return False
    pages = 40 + int(rng.random() * 700)
    at = when(0.5)
    rule = find_rule(house.session, FEE_RULE, at.date())
    pay_by = compute_deadline(rule, at.date(), house.calendar).due_on
    assert pay_by is not None
    told = story.step(
        Action.DEMAND_FEE, at, case["owner_id"],
        note=f"{pages} sayfa onaylı örnek; ödeme için son gün {format_date(pay_by)}.",
        details={"amount": f"{pages * 1.2:.2f}", "pay_by": pay_by.isoformat()},
    )  # fmt: skip
    _stop(story, told.date(), None)
    case["goal_on"] = pay_by
    if rng.random() < _UNPAID:
        late = house.office_time(
            dt.datetime.combine(pay_by, dt.time(9), told.tzinfo) + dt.timedelta(days=1)
        )
        story.step(Action.DEEM_WITHDRAWN, late, case["owner_id"])
        return True
    paid = house.office_time(told + dt.timedelta(days=1 + rng.random() * 8))
    paid = story.step(
        Action.RECEIVE_FEE, paid, case["owner_id"], details={"paid_on": paid.date().isoformat()}
    )
    _stop(story, told.date(), paid.date())
    return False


def _stop(story: Story, since: dt.date, until: dt.date | None) -> None:
    """Count the clock anew with the time in which the fee was awaited."""
    case, house = story.case, story.house
    key = rule_key_of(case["kind"], is_extended=case["is_extended"])
    assert key is not None
    stop = Interruption(InterruptionKind.RESTART, since, until, _REASON)
    counted = compute_deadline(
        find_rule(house.session, key, story.start), story.start, house.calendar, [stop]
    )
    case["due_on"] = counted.due_on
    case["due_trail"] = {
        **counted.to_dict(),
        "interruptions": [
            {
                "kind": stop.kind.value,
                "from_on": since.isoformat(),
                "until_on": until.isoformat() if until else None,
                "reason": _REASON,
            }
        ],
    }
    if until is not None and counted.due_on is not None:
        case["goal_on"] = min(counted.due_on, house.internal.add_working_days(until, 7))
