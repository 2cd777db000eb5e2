"""The seal of the audit trail: how a row is written down and hashed; storing it is done elsewhere.

Each seal covers the row and the seal before it, so a changed, missing or moved row breaks the
chain at its place. Source: trust promise 29.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.rules import N_

#: What a seal covers, in this order; every column but the seal's own three.
SEALED_FIELDS = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "address",
    "request_id",
    "verb",
    "entity",
    "record_id",
    "summary",
    "changes",
)
#: The hash before the first seal.
GENESIS = "0" * 64


class SealProblem(StrEnum):
    """How the chain is broken at the first wrong row."""

    CHANGED = "changed"
    MISSING = "missing"
    ORDER = "order"
    TRUNCATED = "truncated"


SEAL_PROBLEM_LABELS = {
    SealProblem.CHANGED: N_("Audit row %(id)s (seal %(seal)s) has been changed."),
    SealProblem.MISSING: N_("The audit row with seal %(seal)s is missing."),
    SealProblem.ORDER: N_("Audit row %(id)s (seal %(seal)s) does not follow the row before it."),
    SealProblem.TRUNCATED: N_(
        "The end of the audit trail is missing: seal %(seal)s was noted on %(on)s."
    ),
}


@dataclass(frozen=True)
class Head:
    """The last seal at one moment, as noted outside the database."""

    on: str
    seal_no: int
    hash: str


@dataclass(frozen=True)
class VerifyResult:
    """The outcome of a check; `problem` is None when every seal holds."""

    checked: int
    unsealed: int
    head: str
    problem: SealProblem | None = None
    row_id: int | None = None
    seal_no: int | None = None
    noted_on: str = ""

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is wrong."""
        return self.problem is None


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value.value if isinstance(value, StrEnum) else value


def seal_hash(previous: str, seal_no: int, row: Mapping[str, Any]) -> str:
    """Return the hash of a row in its place: SHA-256 over the hash before and its canonical JSON."""
    fields = [_plain(row[name]) for name in SEALED_FIELDS]
    text = json.dumps([seal_no, *fields], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(
        previous.encode("ascii") + text.encode("utf-8", "surrogatepass")
    ).hexdigest()


def check_chain(
    rows: Iterable[Mapping[str, Any]], heads: Iterable[Head] = (), unsealed: int = 0
) -> VerifyResult:
    """Walk sealed rows in the order of `seal_no` and name the first that is wrong.

    `heads` are seals that were noted elsewhere; one that is not in the chain means that the end has
    been cut off or the chain has been written anew.
    """
    noted = {head.seal_no: head for head in heads}
    previous, expected = GENESIS, 1
    for row in rows:
        number = row["seal_no"]
        if number != expected:
            return VerifyResult(
                expected - 1, unsealed, previous, SealProblem.MISSING, row["id"], expected
            )
        if row["previous_hash"] != previous:
            return VerifyResult(
                expected - 1, unsealed, previous, SealProblem.ORDER, row["id"], number
            )
        found = seal_hash(previous, number, row)
        if found != row["hash"]:
            return VerifyResult(
                expected - 1, unsealed, previous, SealProblem.CHANGED, row["id"], number
            )
        head = noted.pop(number, None)
        if head is not None and head.hash != found:
            return VerifyResult(
                expected - 1, unsealed, previous, SealProblem.CHANGED, row["id"], number, head.on
            )
        previous, expected = found, expected + 1
    if noted:
        last = noted[min(noted)]
        return VerifyResult(
            expected - 1,
            unsealed,
            previous,
            SealProblem.TRUNCATED,
            seal_no=last.seal_no,
            noted_on=last.on,
        )
    return VerifyResult(expected - 1, unsealed, previous)
