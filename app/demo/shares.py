"""How often things happen: the shares of domain facts 11.2–11.5 and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from app.applications.rules import Channel, Kind, Outcome

T = TypeVar("T")


@dataclass(frozen=True)
class Shares(Generic[T]):
    """Values with weights; `draw` picks one."""

    values: tuple[T, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, weights: Mapping[T, float]) -> Shares[T]:
        """Weights need not sum to anything; negative ones are nought."""
        return cls(tuple(weights), tuple(max(w, 0.0) for w in weights.values()))

    def draw(self, rng: Random) -> T:
        """One value."""
        return rng.choices(self.values, self.weights)[0]


#: Percent of all applications. Source: domain facts 11.2.
CHANNELS: Mapping[Channel, float] = {
    Channel.CALL_CENTER: 66, Channel.WHATSAPP: 9, Channel.WEB: 6, Channel.CIMER: 5,
    Channel.MOBILE: 4, Channel.DESK: 3, Channel.SOCIAL_MEDIA: 2, Channel.PETITION: 1.5,
    Channel.EMAIL: 1.2, Channel.MUKHTAR: 0.8, Channel.GOVERNOR: 0.4, Channel.EDEVLET: 0.4,
    Channel.PUBLIC_DAY: 0.3, Channel.FIELD: 0.3, Channel.KEP: 0.1,
}  # fmt: skip

#: Percent of all applications. Source: domain facts 11.3.
KINDS: Mapping[Kind, float] = {
    Kind.REQUEST: 54, Kind.COMPLAINT: 33, Kind.TIPOFF: 4, Kind.SUGGESTION: 3, Kind.THANKS: 2.5,
    Kind.INFORMATION: 1.5, Kind.OPINION: 1, Kind.OBJECTION: 0.5, Kind.PARTICIPATION: 0.4,
    Kind.KVKK: 0.1,
}  # fmt: skip
#: Percent within CİMER. Source: domain facts 11.3.
CIMER_KINDS: Mapping[Kind, float] = {
    Kind.COMPLAINT: 48, Kind.REQUEST: 34, Kind.INFORMATION: 9, Kind.SUGGESTION: 5,
    Kind.TIPOFF: 3, Kind.THANKS: 1,
}  # fmt: skip

#: Percent of all that are answered. Source: domain facts 11.4.
OUTCOMES: Mapping[Outcome, float] = {
    Outcome.RESOLVED: 62, Outcome.PLANNED: 9, Outcome.INFORMED: 9, Outcome.PARTLY_RESOLVED: 6,
    Outcome.NOT_COMPETENT: 6, Outcome.REJECTED: 4, Outcome.UNFOUNDED: 3, Outcome.DUPLICATE: 1,
}  # fmt: skip

#: Shares of all applications. Source: domain facts 11.4.
LATE_SHARE, OPEN_SHARE = 0.04, 0.03
#: Where open cases stand: share of the way from intake to answer that lies behind them.
STAGES: Shares[tuple[float, float]] = Shares.of(
    {(0.0, 0.05): 4, (0.06, 0.23): 12, (0.25, 0.35): 14, (0.37, 0.77): 50, (0.8, 0.87): 7,
     (0.905, 0.945): 10, (0.955, 0.99): 3}
)  # fmt: skip
#: Share of open cases that wait for the applicant or for more time.
WAITS_FOR_ANSWER, WAITS_FOR_TIME = 0.05, 0.06
REOPEN_SHARE, EXTENSION_SHARE, FOI_EXTENSION_SHARE = 0.03, 0.06, 0.20
#: Share that comes in waves after an outage, 20 to 200 at a time; a third of them are merged.
OUTAGE_SHARE = 0.03

#: Groups of topics and their percent. Source: domain facts 11.5.
_GROUPS: Mapping[str, tuple[float, Mapping[str, float]]] = {
    "water": (24, {"SU-01": 26, "SU-02": 24, "SU-03": 5, "SU-04": 15, "KAN-01": 18, "KAN-02": 9, "KAN-03": 3}),
    "road": (17, {"YOL-01": 42, "YOL-02": 30, "YOL-03": 19, "YOL-04": 5, "YOL-05": 4}),
    "traffic": (
        16,
        {"TRF-01": 17, "TRF-02": 13, "TRF-03": 6, "ULS-01": 30, "ULS-02": 15, "ULS-03": 8,
         "ULS-04": 7, "ULS-05": 2, "ULS-06": 2},
    ),
    # Household waste is the districts' task; its share fits the six percent "not our task".
    "clean": (12, {"CEV-01": 25, "CEV-02": 21, "CEV-03": 11, "CEV-04": 22, "CEV-05": 7, "CEV-06": 11, "CEV-07": 3}),
    "animals": (7, {"HYV-01": 68, "HYV-02": 32}),
    "parks": (6, {"PRK-01": 45, "PRK-02": 45, "PRK-03": 10}),
    "social": (6, {"SOS-01": 50, "SOS-02": 38, "SOS-03": 12}),
    "police": (4, {"ZBT-01": 38, "ZBT-02": 37, "RHS-01": 25}),
    "zoning": (3, {"IMR-01": 40, "IMR-02": 30, "IMR-03": 30}),
    "culture": (2, {"KLT-01": 60, "KLT-02": 40}),
    "others": (2, {"DIS-01": 25, "DIS-02": 8, "DIS-03": 7, "DIS-04": 10, "DIS-05": 10, "AYD-01": 40}),
    "house": (
        1,
        {"MZR-01": 18, "ITF-01": 12, "TRM-01": 16, "AFT-01": 6, "KUR-01": 14, "KUR-02": 8,
         "KUR-03": 10, "KUR-04": 6, "KUR-05": 10},
    ),
}  # fmt: skip

#: Topic → percent of all applications.
TOPICS: Mapping[str, float] = {
    code: percent * part / sum(parts.values())
    for percent, parts in _GROUPS.values()
    for code, part in parts.items()
}

#: Days until the answer in the middle. Source: domain facts 11.4, where it names a topic.
_MEDIAN_DAYS: Mapping[str, float] = {
    "SU-01": 0.4, "SU-02": 0.5, "SU-03": 1.5, "SU-04": 6, "KAN-01": 1, "KAN-02": 1, "KAN-03": 9,
    "AYD-01": 3, "YOL-01": 6, "YOL-02": 18, "YOL-03": 8, "YOL-04": 9, "YOL-05": 0.3,
    "TRF-01": 5, "TRF-02": 14, "TRF-03": 7, "ULS-01": 8, "ULS-02": 7, "ULS-03": 9, "ULS-04": 4,
    "HYV-01": 2, "HYV-02": 0.3, "CEV-01": 1.5, "CEV-02": 1.5, "CEV-03": 4, "CEV-04": 2,
    "CEV-05": 5, "CEV-06": 3, "PRK-01": 6, "PRK-02": 7, "PRK-03": 3, "IMR-01": 15, "IMR-02": 5,
    "IMR-03": 10, "SOS-01": 6, "SOS-02": 3, "SOS-03": 5, "RHS-01": 10, "ZBT-01": 2.5, "ZBT-02": 2.5,
    "MZR-01": 1, "ITF-01": 2,
}  # fmt: skip
_MEDIAN_OF_KIND: Mapping[Kind, float] = {
    Kind.INFORMATION: 9, Kind.KVKK: 12, Kind.OBJECTION: 14, Kind.THANKS: 1, Kind.SUGGESTION: 8,
    Kind.OPINION: 6, Kind.PARTICIPATION: 9,
}  # fmt: skip
#: Spread of the logarithm of the duration.
SIGMA = 0.75

#: Work that does not wait for office hours.
AROUND_THE_CLOCK = frozenset(
    {
        "SU-01",
        "SU-02",
        "KAN-01",
        "KAN-02",
        "HYV-02",
        "YOL-05",
        "ITF-01",
        "DIS-01",
        "DIS-02",
        "MZR-01",
    }
)
#: Faults that somebody may report without a name. Source: domain facts 1.3.
NAMELESS = frozenset(
    {"SU-02", "KAN-01", "KAN-02", "YOL-01", "YOL-03", "YOL-05", "TRF-01", "CEV-01", "CEV-02", "CEV-03",
     "HYV-01", "HYV-02", "AYD-01", "PRK-01", "PRK-02"}
)  # fmt: skip

#: Months in which a topic comes more often, and how much. Source: domain facts 11.4.
_SUMMER_WATER = {6: 1.6, 7: 1.6, 8: 1.6}
_BEACH = {6: 3.0, 7: 3.0, 8: 3.0, 9: 3.0, 12: 0.2, 1: 0.2, 2: 0.2}
SEASONS: Mapping[str, Mapping[int, float]] = {
    **dict.fromkeys(("SU-01", "SU-02", "SU-03", "SU-04"), _SUMMER_WATER),
    **dict.fromkeys(("CEV-04", "PRK-03"), _BEACH),
    **{key: {4: 1.4, 5: 1.4, 6: 1.4} for key in ("YOL-01", "YOL-02", "YOL-03", "YOL-04")},
    "TRM-01": {3: 2.0, 4: 2.0, 5: 2.0, 6: 2.0, 7: 2.0},
    "KAN-02": {10: 1.5, 11: 1.6, 12: 1.5, 1: 1.3},
}
#: Where the beach topics come from in summer.
BEACH_TOPICS = frozenset({"CEV-04", "PRK-03"})
BEACH_DISTRICTS: Mapping[str, float] = {"Şarköy": 45, "Marmaraereğlisi": 30, "Süleymanpaşa": 25}

#: Applications in an hour of the day, weekday peaks 10–12 and 14–16; calls come at night too.
HOURS = Shares.of(
    {
        0: 1.4, 1: 1, 2: 0.9, 3: 0.8, 4: 0.8, 5: 0.9, 6: 1.3, 7: 2.4, 8: 5, 9: 7.5, 10: 9.5, 11: 9,
        12: 6, 13: 7, 14: 9, 15: 8.5, 16: 6.5, 17: 5, 18: 4.2, 19: 3.6, 20: 3.2, 21: 2.8, 22: 2.3, 23: 1.8,
    }
)  # fmt: skip
WEEKDAYS = (1.0, 1.0, 1.0, 1.0, 1.0, 0.55, 0.4)
HOLIDAY, DAY_AFTER_HOLIDAY = 0.6, 1.3


def median_days(topic: str, kind: Kind) -> float:
    """Days until half of such cases are answered."""
    return _MEDIAN_OF_KIND.get(kind) or _MEDIAN_DAYS.get(topic, 6.0)


def channel_kinds() -> tuple[Shares[Kind], Shares[Kind]]:
    """Kinds within CİMER and outside it; together they give `KINDS`."""
    cimer = CHANNELS[Channel.CIMER] / 100
    rest = {k: w - cimer * CIMER_KINDS.get(k, 0.0) for k, w in KINDS.items()}
    return Shares.of(CIMER_KINDS), Shares.of(rest)


#: Somebody who gives an opinion; nothing is broken that could be mended.
VOICES = frozenset({Kind.SUGGESTION, Kind.OPINION, Kind.PARTICIPATION, Kind.KVKK})

#: Outcomes of asphalt requests (often `planned`), of thanks, opinions and information requests.
_ASPHALT: Mapping[Outcome, float] = {
    Outcome.PLANNED: 58, Outcome.RESOLVED: 22, Outcome.PARTLY_RESOLVED: 6, Outcome.INFORMED: 7,
    Outcome.REJECTED: 6, Outcome.UNFOUNDED: 1,
}  # fmt: skip
_THANKS: Mapping[Outcome, float] = {Outcome.INFORMED: 100}
_VOICE: Mapping[Outcome, float] = {
    Outcome.INFORMED: 45, Outcome.RESOLVED: 28, Outcome.PLANNED: 16, Outcome.PARTLY_RESOLVED: 6,
    Outcome.REJECTED: 5,
}  # fmt: skip
_INFORMATION: Mapping[Outcome, float] = {
    Outcome.INFORMED: 74, Outcome.PARTLY_RESOLVED: 12, Outcome.REJECTED: 14
}  # fmt: skip


def outcome_shares(passed_on: float) -> Mapping[str, Shares[Outcome]]:
    """Shares by class of case: asphalt, thanks, voice, information, other; together they give `OUTCOMES`.

    `passed_on` is the percent of cases that other institutions get; duplicates come from outages.
    """
    asphalt = TOPICS["YOL-02"]
    thanks, information = KINDS[Kind.THANKS], KINDS[Kind.INFORMATION]
    voices = sum(KINDS[kind] for kind in VOICES)
    rest: dict[Outcome, float] = {
        outcome: percent
        - asphalt * _ASPHALT.get(outcome, 0) / 100
        - thanks * _THANKS.get(outcome, 0) / 100
        - voices * _VOICE.get(outcome, 0) / 100
        - information * _INFORMATION.get(outcome, 0) / 100
        for outcome, percent in OUTCOMES.items()
        if outcome not in {Outcome.NOT_COMPETENT, Outcome.DUPLICATE}
    }
    # What is missing to the share of "not our task" is found out by the office in other topics.
    rest[Outcome.NOT_COMPETENT] = max(OUTCOMES[Outcome.NOT_COMPETENT] - passed_on, 0.0)
    return {
        "asphalt": Shares.of(_ASPHALT),
        "thanks": Shares.of(_THANKS),
        "voice": Shares.of(_VOICE),
        "information": Shares.of(_INFORMATION),
        "other": Shares.of(rest),
    }
