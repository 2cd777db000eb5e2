"""Fictional work of the reply desk: deputies and chains of approval; letters and petitions on their way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.rules import ApprovalState, ReplyKind, ReplyState, Visibility
from app.core import clock
from app.demo.outgoing import load_batches, load_checks, load_versions
from app.demo.petitions import load_petitions
from app.demo.rows import Row, insert_rows, stamp
from app.models import Application, ApplicationEvent, ApprovalStep, Deputyship, Reply, StaffUser

_CHECKS_IN = 250


@dataclass(frozen=True)
class _Letter:
    """What the chain of a letter is made of."""

    id: int
    application_id: int
    state: ReplyState
    writer: int | None
    submitted_at: dt.datetime
    signer: int | None
    approved_at: dt.datetime | None
    is_restricted: bool


def load_approvals(session: Session, rng: Random, applications: int) -> None:
    """Write them for the demo applications; the same random numbers give the same records."""
    people = dict(session.execute(select(StaffUser.username, StaffUser.id)).all())
    _deputyships(session, people)
    load_petitions(session, people, max(applications // 150, 6))
    _chains(session, rng, people)
    load_versions(session)
    load_checks(session, rng, people, max(applications // _CHECKS_IN, 4))
    load_batches(session, people)
    session.flush()


# --- deputies ----------------------------------------------------------------------------------------
def _deputyships(session: Session, people: dict[str, int]) -> None:
    """One that runs, one that is over, one that is to come."""
    today = clock.today()

    def row(who: str, deputy: str, start: int, end: int, reason: str, number: str) -> Row:
        return {
            "principal_id": people[who], "deputy_id": people[deputy],
            "from_on": today + dt.timedelta(days=start), "to_on": today + dt.timedelta(days=end),
            "reason": reason, "decision_no": number, "acts": "", "active": True,
            **stamp(clock.now(), people["yonetici"]),
        }  # fmt: skip

    insert_rows(
        session,
        Deputyship,
        [
            row("mudur", "vekil", -3, 11, "Yıllık izin", f"{today.year}/118"),
            row("baskan", "mudur", -60, -46, "Yurt içi görev", f"{today.year}/74"),
            row("sef", "vekil", 20, 27, "Yıllık izin", ""),
        ],
    )


# --- chains ------------------------------------------------------------------------------------------
def _chains(session: Session, rng: Random, people: dict[str, int]) -> None:
    """One signature for what has left; what waits, waits at every station of a longer chain."""
    letters, cases = Reply.__table__.c, Application.__table__.c
    found = session.execute(
        select(
            letters.id, letters.application_id, letters.state, letters.drafted_by_id,
            letters.submitted_at, letters.approved_by_id, letters.approved_at, cases.is_restricted,
        )
        .join(Application.__table__, cases.id == letters.application_id)
        .where(letters.submitted_at.is_not(None))
        .order_by(letters.id)
    )  # fmt: skip
    rows: list[Row] = []
    waiting: list[_Letter] = []
    for record in found:
        letter = _Letter(*record)
        if letter.state is ReplyState.IN_APPROVAL:
            waiting.append(letter)
        elif letter.approved_at is not None:
            rows.append(
                _step(
                    letter, 1, "branch_mgr", True, ApprovalState.INITIALLED,
                    by=letter.signer, at=letter.approved_at, since=letter.submitted_at,
                )
            )  # fmt: skip
    events: list[Row] = []
    # A chief sees no restricted case, and gives no paraf to the own letter.
    chiefs = {people["sef"], people["vekil"]}
    passable = [w.id for w in waiting if not w.is_restricted and w.writer not in chiefs]
    for letter in waiting:
        place = passable.index(letter.id) if letter.id in passable else -1
        rows += _waiting_chain(letter, place, rng, people, events)
    insert_rows(session, ApprovalStep, rows)
    insert_rows(session, ApplicationEvent, events)


def _step(
    letter: _Letter, position: int, role: str, signs: bool, state: ApprovalState, *,
    by: int | None = None, at: dt.datetime | None = None, since: dt.datetime | None = None,
    deputy_for: int | None = None, note: str = "",
) -> Row:  # fmt: skip
    return {
        "reply_id": letter.id, "application_id": letter.application_id, "round": 1,
        "position": position, "role": role, "signs": signs, "state": state, "waiting_since": since,
        "by_id": by, "at": at, "deputy_for_id": deputy_for, "note": note,
        **stamp(letter.submitted_at, letter.writer),
    }  # fmt: skip


def _waiting_chain(
    letter: _Letter, place: int, rng: Random, people: dict[str, int], events: list[Row]
) -> list[Row]:
    """The chain of a letter that waits: at the chief's paraf, at the head, or at the signature."""
    way = place % 4
    if place < 0 or way > 1:
        since = letter.submitted_at
        return [_step(letter, 1, "branch_mgr", True, ApprovalState.WAITING, since=since)]
    if way == 0:
        return [
            _step(letter, 1, "chief", False, ApprovalState.WAITING, since=letter.submitted_at),
            _step(letter, 2, "branch_mgr", True, ApprovalState.AHEAD),
        ]
    first = _later(letter.submitted_at, rng)
    second = _later(first, rng)
    manager, deputy = people["mudur"], people["vekil"]
    for at, by, instead in ((first, people["sef"], None), (second, deputy, manager)):
        events.append(
            {
                "application_id": letter.application_id, "at": at, "actor_id": by,
                "deputy_for_id": instead, "action": "initial_reply", "from_state": None,
                "to_state": None, "unit_id": None, "note": "",
                "details": {"reply_id": letter.id, "kind": ReplyKind.FINAL.value},
                "visibility": Visibility.INTERNAL,
            }
        )  # fmt: skip
    done = ApprovalState.INITIALLED
    return [
        _step(letter, 1, "chief", False, done, by=people["sef"], at=first, since=letter.submitted_at),
        _step(
            letter, 2, "branch_mgr", False, done, by=deputy, at=second, since=first,
            deputy_for=manager,
        ),
        _step(letter, 3, "dept_head", True, ApprovalState.WAITING, since=second),
    ]  # fmt: skip


def _later(at: dt.datetime, rng: Random) -> dt.datetime:
    """Some minutes later, but never in time to come."""
    return min(at + dt.timedelta(minutes=5 + rng.random() * 90), clock.now())
