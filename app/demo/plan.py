"""When applications come: days, hours, seasons and waves after an outage; what they say is elsewhere."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from app.applications.rules import Channel, Kind
from app.core import clock
from app.demo import shares
from app.demo.people import District
from app.demo.shares import Shares

#: Channels that are open only while the office is.
OFFICE_CHANNELS = frozenset(
    {
        Channel.DESK,
        Channel.PETITION,
        Channel.FIELD,
        Channel.PUBLIC_DAY,
        Channel.GOVERNOR,
        Channel.MUKHTAR,
        Channel.KEP,
    }
)
_OFFICE_HOURS = Shares.of({8: 5, 9: 12, 10: 15, 11: 14, 13: 11, 14: 14, 15: 12, 16: 8})
_OUTAGES = Shares.of({"SU-01": 45, "KAN-02": 20, "SU-02": 20, "DIS-01": 15})
_SNOW = "YOL-05"


@dataclass(frozen=True)
class Wave:
    """One outage: many people report the same thing within hours."""

    at: dt.datetime
    topic: str
    district: District
    neighbourhoods: Sequence[tuple[int, str]]
    size: int
    key: int


@dataclass(frozen=True)
class Arrival:
    """One application to come: the moment, the channel and the topic; `wave` for an outage."""

    at: dt.datetime
    channel: Channel
    topic: str
    wave: Wave | None = None


def span_days(applications: int) -> int:
    """Over how many days the applications are spread: a year and a half, two for very many.

    Few applications get fewer days, so that the lists of the last month are not empty.
    """
    return 730 if applications > 60_000 else min(548, max(120, applications // 8))


class Plan:
    """The days with their weights, the waves and the seasons, made once for a load."""

    def __init__(
        self,
        rng: Random,
        *,
        applications: int,
        now: dt.datetime,
        holidays: frozenset[dt.date],
        districts: Sequence[District],
    ) -> None:
        self.rng, self.now = rng, now
        span = span_days(applications)
        today = now.date()
        self.days = [today - dt.timedelta(days=back) for back in range(span, -1, -1)]
        self._snow = self._snow_days()
        weights = [self._weight(day, holidays) for day in self.days]
        self.weights = dict(zip(self.days, weights, strict=True))
        self.waves = self._make_waves(applications, districts)
        plain = applications - sum(wave.size for wave in self.waves)
        self.counts = Counter(rng.choices(self.days, weights, k=max(plain, 0)))
        self._factors = self._season_factors()
        self._base = self._base_shares(applications)
        self._topics: dict[tuple[int, bool], Shares[str]] = {}
        self._weekday, self._weekend = _channel_shares(self.weights)

    # --- days --------------------------------------------------------------------------------------
    def _weight(self, day: dt.date, holidays: frozenset[dt.date]) -> float:
        weight = shares.WEEKDAYS[day.weekday()]
        if day in holidays:
            weight = shares.HOLIDAY
        elif day - dt.timedelta(days=1) in holidays:
            weight *= shares.DAY_AFTER_HOLIDAY
        if day == self.now.date():
            # Today is not over; the hours that have passed have brought their share.
            weight *= sum(shares.HOURS.weights[: self.now.hour + 1]) / sum(shares.HOURS.weights)
        return weight

    def _snow_days(self) -> frozenset[dt.date]:
        """A few days in January and February, two or three together."""
        winters = sorted({day.year for day in self.days if day.month in {1, 2}})
        snow: set[dt.date] = set()
        for year in winters:
            for _storm in range(3):
                first = dt.date(year, 1, 5) + dt.timedelta(days=int(self.rng.random() * 48))
                snow |= {
                    first + dt.timedelta(days=n) for n in range(2 + int(self.rng.random() * 2))
                }
        return frozenset(snow)

    # --- topics ------------------------------------------------------------------------------------
    def _season(self, topic: str, month: int, *, snows: bool) -> float:
        if topic == _SNOW:
            return 5.0 if snows else 0.15 if month in {12, 1, 2, 3} else 0.0
        return shares.SEASONS.get(topic, {}).get(month, 1.0)

    def _season_factors(self) -> Mapping[str, float]:
        """The mean of each topic's season over these days, to be divided out."""
        means: dict[str, float] = {}
        total = sum(self.weights.values())
        for topic in shares.TOPICS:
            summed = sum(
                weight * self._season(topic, day.month, snows=day in self._snow)
                for day, weight in self.weights.items()
            )
            means[topic] = summed / total if summed else 0.0
        return means

    def _base_shares(self, applications: int) -> Mapping[str, float]:
        """What is left of each topic's share after the waves have had theirs."""
        waves: Counter[str] = Counter()
        for wave in self.waves:
            waves[wave.topic] += wave.size
        plain = max(applications - waves.total(), 1)
        return {
            topic: max(percent / 100 * applications - waves[topic], 0.0) / plain
            for topic, percent in shares.TOPICS.items()
        }

    def topics_of(self, day: dt.date) -> Shares[str]:
        """Shares of the topics on a day."""
        key = (day.month, day in self._snow)
        if key not in self._topics:
            self._topics[key] = Shares.of(
                {
                    topic: base
                    * self._season(topic, key[0], snows=key[1])
                    / (self._factors[topic] or 1.0)
                    for topic, base in self._base.items()
                }
            )
        return self._topics[key]

    # --- waves -------------------------------------------------------------------------------------
    def _make_waves(self, applications: int, districts: Sequence[District]) -> list[Wave]:
        rng, left = self.rng, round(applications * shares.OUTAGE_SHARE)
        waves: list[Wave] = []
        while left >= 5:
            size = min(rng.randint(20, 200), left)
            # One outage is fresh, so that the lists of today show what a wave looks like.
            start = self.now - dt.timedelta(hours=5)
            if waves:
                day = rng.choice(self.days[:-1])
                start = dt.datetime.combine(
                    day, dt.time(int(5 + rng.random() * 15)), clock.ISTANBUL
                )
            else:
                size = min(size, 25)
            district = rng.choices(districts, [d.weight for d in districts])[0]
            count = min(1 + int(rng.random() * 3), len(district.neighbourhoods))
            places = rng.choices(district.neighbourhoods, district.weights, k=count)
            waves.append(Wave(start, _OUTAGES.draw(rng), district, places, size, len(waves)))
            left -= size
        return waves

    # --- arrivals ----------------------------------------------------------------------------------
    def arrivals(self) -> Iterator[Arrival]:
        """All applications in the order in which they come; one day is in memory at a time."""
        by_day: dict[dt.date, list[Wave]] = {}
        for wave in self.waves:
            by_day.setdefault(wave.at.date(), []).append(wave)
        carried: list[Arrival] = []
        for day in self.days:
            found = carried + list(self._plain(day))
            for wave in by_day.get(day, ()):
                found += self._reports(wave)
            found.sort(key=lambda a: a.at)
            # A wave may run past midnight; those wait for the next day.
            carried = [a for a in found if a.at.date() > day]
            yield from (a for a in found if a.at.date() <= day)
        yield from carried

    def _plain(self, day: dt.date) -> Iterator[Arrival]:
        rng, topics = self.rng, self.topics_of(day)
        channels = self._weekend if day.weekday() >= 5 else self._weekday
        for _n in range(self.counts[day]):
            channel = channels.draw(rng)
            hours = _OFFICE_HOURS if channel in OFFICE_CHANNELS else shares.HOURS
            at = self._moment(day, hours.draw(rng))
            yield Arrival(at, channel, topics.draw(rng))

    def _moment(self, day: dt.date, hour: int) -> dt.datetime:
        rng = self.rng
        seconds = hour * 3600 + int(rng.random() * 3600)
        midnight = dt.datetime.combine(day, dt.time(), clock.ISTANBUL)
        at = midnight + dt.timedelta(seconds=seconds)
        if at > self.now:
            at = midnight + dt.timedelta(
                seconds=rng.random() * (self.now - midnight).total_seconds()
            )
        return at.replace(microsecond=0)

    def _reports(self, wave: Wave) -> Iterator[Arrival]:
        channels = Shares.of(
            {c: w for c, w in shares.CHANNELS.items() if c not in OFFICE_CHANNELS | {Channel.CIMER}}
        )
        hours = min(6.0, (self.now - wave.at).total_seconds() / 3600)
        for n in range(wave.size):
            late = 0.0 if n == 0 else hours * min(self.rng.expovariate(2.5), 0.99)
            at = (wave.at + dt.timedelta(hours=late)).replace(microsecond=0)
            yield Arrival(at, channels.draw(self.rng), wave.topic, wave)


def _channel_shares(weights: Mapping[dt.date, float]) -> tuple[Shares[Channel], Shares[Channel]]:
    """Shares on weekdays and on weekends, which together give `CHANNELS`."""
    total = sum(weights.values())
    free = sum(w for day, w in weights.items() if day.weekday() >= 5) / total
    open_all_day = {c: w for c, w in shares.CHANNELS.items() if c not in OFFICE_CHANNELS}
    scale = 100 / sum(open_all_day.values())
    weekend = {c: w * scale for c, w in open_all_day.items()}
    weekday = {c: (w - free * weekend.get(c, 0.0)) / (1 - free) for c, w in shares.CHANNELS.items()}
    return Shares.of(weekday), Shares.of(weekend)


# --- how long a case stays open -----------------------------------------------------------------------
#: Days after which the law wants an answer, roughly; overdue cases are chased and become few.
_LEGAL_DAYS = 31.0


def survival(age: float, median: float) -> float:
    """Share of cases that are still open after `age` days."""
    if age <= 0:
        return 1.0
    open_still = 0.5 * math.erfc(math.log(age / median) / shares.SIGMA / math.sqrt(2))
    if age > _LEGAL_DAYS:
        open_still *= 0.6 * math.exp(-(age - _LEGAL_DAYS) / 9)
    return open_still


def slowness(plan: Plan, applications: int, wanted: float) -> float:
    """By how much recent cases are slower than the medians, so that `wanted` of all are open."""
    total = sum(plan.weights.values())
    today = plan.now.date()
    recent = [
        ((today - day).days + 0.5, applications * weight / total)
        for day, weight in plan.weights.items()
        if (today - day).days < 90
    ]
    medians: dict[float, float] = {}
    for topic, percent in shares.TOPICS.items():
        median = shares.median_days(topic, Kind.REQUEST)
        medians[median] = medians.get(median, 0.0) + percent / 100

    def open_cases(factor: float) -> float:
        return sum(
            count * share * survival(age, median * factor)
            for age, count in recent
            for median, share in medians.items()
        )

    low, high = 0.05, 400.0
    for _step in range(40):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if open_cases(middle) < wanted else (low, middle)
    return low
