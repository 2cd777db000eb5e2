"""Drawing a sample in proportion to groups, so that anybody with the seed can draw it again."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from random import Random
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)


def shares_of(sizes: Mapping[Group, int], wanted: int, rng: Random) -> dict[Group, int]:
    """Return how many each group gives: in proportion, the largest remainders rounded up.

    The numbers add up to `wanted`, or to everybody when there are fewer. Equal remainders are drawn
    by lot, so that no unit is favoured by its place in a list.
    """
    everybody = sum(sizes.values())
    wanted = max(min(wanted, everybody), 0)
    groups = sorted((group for group, n in sizes.items() if n), key=repr)
    exact = {group: wanted * sizes[group] / everybody for group in groups} if everybody else {}
    given = {group: min(int(exact[group]), sizes[group]) for group in groups}
    lots = {group: rng.random() for group in groups}
    order = sorted(groups, key=lambda group: (given[group] - exact[group], lots[group]))
    for group in order[: wanted - sum(given.values())]:
        given[group] += 1
    return given


def draw_sample(population: Sequence[tuple[int, Group]], wanted: int, seed: int) -> list[int]:
    """Return the keys of `wanted` rows out of (key, group), in rising order.

    The order of the rows does not matter; the same rows and the same seed give the same sample.
    """
    rng = Random(seed)  # noqa: S311  # A draw that can be repeated, no secret.
    by_group: dict[Group, list[int]] = {}
    for key, group in population:
        by_group.setdefault(group, []).append(key)
    shares = shares_of({group: len(keys) for group, keys in by_group.items()}, wanted, rng)
    drawn: list[int] = []
    for group in sorted(shares, key=repr):
        drawn += rng.sample(sorted(by_group[group]), shares[group])
    return sorted(drawn)


def is_picked(key: int, cycle: int, percent: int) -> bool:
    """Say whether a case belongs to the share that is asked: by lot, and always the same lot."""
    digest = hashlib.sha256(f"{key}:{cycle}".encode()).digest()
    return int.from_bytes(digest[:4]) % 100 < percent
