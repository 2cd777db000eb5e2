"""How a case will go: its result, the day of its answer, the pace on the way there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from app.applications.rules import Kind, Outcome
from app.demo import shares
from app.demo.house import House
from app.demo.plan import survival
from app.demo.story import Story

#: Share of cases in which the applicant is asked for more.
_ASKED = 0.05


@dataclass(frozen=True)
class Fate:
    """How a case will go: its result, the moment of the answer, what happens on the way."""

    outcome: Outcome
    answer_at: dt.datetime
    is_extended: bool
    is_asked: bool
    is_reopened: bool


class Fates:
    """Draws fates; one instance for a load."""

    def __init__(self, house: House, *, slowness: float, late_share: float) -> None:
        self.house, self.rng = house, house.rng
        self.slowness = slowness
        self.late_share = late_share
        passed_on = sum(p for code, p in shares.TOPICS.items() if self._is_passed_on(code))
        self.outcomes = shares.outcome_shares(passed_on)
        weights = {code: min(shares.median_days(code, Kind.REQUEST), 12) for code in shares.TOPICS}
        mean = sum(weights[code] * percent / 100 for code, percent in shares.TOPICS.items())
        self._lateness = {code: weight / mean for code, weight in weights.items()}

    def _is_passed_on(self, code: str) -> bool:
        topic = self.house.topics.get(code)
        return topic is not None and topic.unit_id is None

    def fate(self, story: Story) -> Fate:
        """Draw the result and the moment of the answer; it may lie in the future."""
        case, rng = story.case, self.rng
        kind: Kind = case["kind"]
        outcome = self._outcome(story)
        extension = (
            shares.FOI_EXTENSION_SHARE if kind is Kind.INFORMATION else shares.EXTENSION_SHARE
        )
        is_extended = case["due_on"] is not None and rng.random() < extension
        is_asked = rng.random() < _ASKED
        age = (self.house.now - case["received_at"]).total_seconds() / 86400
        median = shares.median_days(story.topic.code, kind)
        if rng.random() < survival(age, median * self.slowness):
            stage, is_extended, is_asked = self._stage(story, age, outcome, is_extended, is_asked)
            answer_at = case["received_at"] + dt.timedelta(days=age / stage)
        else:
            answer_at = self._answer_at(story, age, median)
        if is_extended and kind is Kind.INFORMATION:
            case["is_extended"] = True
            story.set_clock(story.start)
        return Fate(outcome, answer_at, is_extended, is_asked, rng.random() < shares.REOPEN_SHARE)

    def _stage(
        self, story: Story, age: float, outcome: Outcome, is_extended: bool, is_asked: bool
    ) -> tuple[float, bool, bool]:
        """How much of its way an open case has behind it; some wait for somebody."""
        rng = self.rng
        lot = rng.random()
        if outcome is not Outcome.NOT_COMPETENT and story.case["due_on"] is not None:
            if lot < shares.WAITS_FOR_ANSWER:
                return 0.1 + rng.random() * 0.1, is_extended, True
            if lot < shares.WAITS_FOR_ANSWER + shares.WAITS_FOR_TIME:
                return 0.42 + rng.random() * 0.035, True, is_asked
            if outcome is Outcome.PLANNED and lot < 0.6:
                return 0.62 + rng.random() * 0.14, is_extended, is_asked
        low, high = shares.STAGES.draw(rng)
        # Nobody leaves a case on the desk for weeks before looking at it.
        if age > 4 and high < 0.3:
            low, high = 0.37, 0.77
        return max(low + rng.random() * (high - low), 0.01), is_extended, is_asked

    def _outcome(self, story: Story) -> Outcome:
        kind: Kind = story.case["kind"]
        if kind is Kind.THANKS:
            return self.outcomes["thanks"].draw(self.rng)
        if kind is Kind.INFORMATION:
            return self.outcomes["information"].draw(self.rng)
        if story.topic.unit_id is None:
            return Outcome.NOT_COMPETENT
        if kind in shares.VOICES:
            return self.outcomes["voice"].draw(self.rng)
        return self.outcomes["asphalt" if story.topic.code == "YOL-02" else "other"].draw(self.rng)

    def _answer_at(self, story: Story, age: float, median: float) -> dt.datetime:
        """When a case that is over by now was answered, in time or late."""
        rng, now = self.rng, self.house.now
        received: dt.datetime = story.case["received_at"]
        due = story.case["due_on"]
        if (
            due is not None
            and due < self.house.today
            and rng.random() < self._late(story.topic.code)
        ):
            end = dt.datetime.combine(due, dt.time(17, 30), received.tzinfo)
            days = 0.6 + rng.expovariate(0.18)
            last = now - dt.timedelta(minutes=30)
            if end + dt.timedelta(days=days) > last:
                # Somewhere in the time that has been: an answer for each would fall on this hour.
                first = end + dt.timedelta(hours=6.6)
                return min(first + (last - first) * (days % 1), last)
            return end + dt.timedelta(days=days)
        limit = age
        if due is not None:
            end = dt.datetime.combine(due, dt.time(17, 0), received.tzinfo)
            limit = min(age, (end - received).total_seconds() / 86400)
        at = received + dt.timedelta(days=draw_days(rng, median, max(limit, 0.002)))
        office = at if story.topic.code in shares.AROUND_THE_CLOCK else self.house.office_time(at)
        return office if office <= now and (due is None or office.date() <= due) else at

    def _late(self, topic: str) -> float:
        """Long work is late more often than a leak, which nobody leaves for a month."""
        return self.late_share * self._lateness[topic]


class Pace:
    """Moments between intake and answer: `when(0.5)` is half way, in office hours where it matters."""

    def __init__(self, house: House, story: Story, answer_at: dt.datetime) -> None:
        self.house = house
        self.start = story.at
        self.length = max((answer_at - story.at).total_seconds(), 600)
        self.end = story.at + dt.timedelta(seconds=self.length)
        self.always = story.topic.code in shares.AROUND_THE_CLOCK

    def __call__(self, part: float) -> dt.datetime:
        plain = self.start + dt.timedelta(seconds=self.length * part)
        if self.always:
            return plain
        office = self.house.office_time(plain)
        # Waiting for the morning must not carry a step beyond the answer.
        return office if office <= self.end else plain


def draw_days(rng: Random, median: float, limit: float) -> float:
    """A duration in days around `median` that stays below `limit`."""
    for _try in range(6):
        days = median * rng.lognormvariate(0, shares.SIGMA)
        if days < limit:
            return days
    return limit * (0.35 + 0.6 * rng.random())
