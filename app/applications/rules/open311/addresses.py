"""Which resource an address below `/open311/v2/` names, and what its arguments ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.applications.rules.open311.vocabulary import (
    MOST_REQUESTS,
    MOST_SKIPPED,
    RequestStatus,
    refused,
)
from app.core.rules import N_

_PATH = re.compile(r"(discovery|services|requests|tokens)(?:/([^/]{1,80}))?\.(xml|json)")
_TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True)
class Address:
    """A resource, the one record of it that is meant (or empty for the list), and the format."""

    resource: str
    key: str
    format: str


def format_of(path: str) -> str:
    """Return in which format an answer about this path is written, even if it names nothing."""
    return "json" if path.endswith(".json") else "xml"


def read_address(path: str) -> Address:
    """Return what a path means; 404 when it names nothing or no format of ours."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise refused(404, N_("There is no such resource; addresses end in .xml or .json."))
    resource, key, form = found.group(1), found.group(2) or "", found.group(3)
    if resource == "discovery" and key:
        raise refused(404, N_("There is no such resource; addresses end in .xml or .json."))
    if resource == "tokens" and not key:
        raise refused(400, N_("Name the token."), "token")
    return Address(resource, key, form)


def read_list(values: Iterable[str]) -> tuple[str, ...]:
    """Return the parts of arguments that are divided by commas or given several times."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def read_statuses(values: Iterable[str]) -> frozenset[RequestStatus]:
    """Return the states that are asked for; none named means all."""
    found = set()
    for part in read_list(values):
        if part.lower() not in {status.value for status in RequestStatus}:
            raise refused(400, N_("The status is open or closed."), "status")
        found.add(RequestStatus(part.lower()))
    return frozenset(found)


def read_page(page: str, page_size: str) -> tuple[int, int]:
    """Return how many requests are skipped and how many are given at most."""
    number = _whole(page, "page") or 1
    size = min(_whole(page_size, "page_size") or MOST_REQUESTS, MOST_REQUESTS)
    skipped = (number - 1) * size
    if skipped > MOST_SKIPPED:
        raise refused(400, N_("Ask for a shorter span of time instead of so late a page."), "page")
    return skipped, size


def _whole(text: str, field: str) -> int:
    if not text.strip():
        return 0
    if not re.fullmatch(r"[1-9]\d{0,8}", text.strip(), re.ASCII):
        raise refused(400, N_("Write a whole number from 1 on."), field)
    return int(text)


def is_true(text: str) -> bool:
    """Whether an argument says yes."""
    return text.strip().lower() in _TRUE
