"""The life of one application as rows: the case, its assignments, its timeline, its letters.

Every change of state goes through the table in `rules.transitions`; what would happen after now has
not happened, so a case that is not finished yet stands wherever its story has come to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.applications import rules
from app.applications.rules import (
    Action,
    AssignmentRole,
    AssignmentState,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
    Visibility,
)
from app.core.text import format_date
from app.demo.house import House, TopicFacts
from app.demo.texts import Words

Row = dict[str, Any]


class NotYet(Exception):  # noqa: N818  # It is no fault: the story has reached the present.
    """The next step lies in the future."""


@dataclass
class Ids:
    """The next free keys of the tables that are written in bulk."""

    application: int
    assignment: int
    event: int
    reply: int

    def take(self, name: str) -> int:
        """One key."""
        value: int = getattr(self, name)
        setattr(self, name, value + 1)
        return value


@dataclass
class Rows:
    """Rows of a chunk, table by table."""

    applications: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    replies: list[Row] = field(default_factory=list)


class Story:
    """One case; the writer calls the steps in order and catches `NotYet` at the end."""

    def __init__(
        self, house: House, words: Words, ids: Ids, rows: Rows, case: Row, topic: TopicFacts,
        facts: dict[str, str],
    ) -> None:  # fmt: skip
        self.house, self.words, self.ids, self.rows = house, words, ids, rows
        self.rng: Random = house.rng
        self.case, self.topic, self.facts = case, topic, facts
        self.at: dt.datetime = case["received_at"]
        self.lead: Row | None = None
        self.others: list[Row] = []
        self.letter: Row | None = None
        self.start: dt.date = case["received_on"]

    # --- steps ---------------------------------------------------------------------------------------
    def step(
        self, action: Action, at: dt.datetime, actor: int | None, *, note: str = "",
        unit: int | None = None, details: dict[str, Any] | None = None,
    ) -> dt.datetime:  # fmt: skip
        """Move the case by one row of the table; NotYet when that is still to come."""
        at = self._next(at)
        row = rules.transition_for(self.case["state"], action, at_unit=self._is_at_unit())
        before, self.case["state"] = self.case["state"], row.to_state
        self._event(
            action.value, at, actor, note, unit, details, before, row.to_state, row.visibility
        )
        if row.stops_clock:
            self.stop_clock(at)
        if row.to_state is State.CLOSED:
            self.case["closed_at"] = at
        return at

    def mention(
        self, action: str, at: dt.datetime, actor: int | None, *, note: str = "",
        unit: int | None = None, details: dict[str, Any] | None = None,
    ) -> dt.datetime:  # fmt: skip
        """Add a step that changes no state."""
        at = self._next(at)
        shown = Visibility.APPLICANT if action in rules.SHOWN_STEPS else Visibility.INTERNAL
        self._event(action, at, actor, note, unit, details, None, None, shown)
        return at

    def _next(self, at: dt.datetime) -> dt.datetime:
        at = max(at, self.at + dt.timedelta(seconds=20))
        if at > self.house.now:
            raise NotYet
        self.at = at
        return at

    def _event(
        self, action: str, at: dt.datetime, actor: int | None, note: str, unit: int | None,
        details: dict[str, Any] | None, before: State | None, after: State | None, shown: Visibility,
    ) -> None:  # fmt: skip
        self.rows.events.append(
            {
                "id": self.ids.take("event"), "application_id": self.case["id"], "at": at,
                "actor_id": actor, "action": action, "from_state": before, "to_state": after,
                "unit_id": unit, "note": note, "details": details or {}, "visibility": shown,
            }
        )  # fmt: skip
        self.case["changed_at"], self.case["changed_by_id"] = at, actor
        self.case["version"] += 1

    def stop_clock(self, at: dt.datetime) -> None:
        """Write when the legal clock stopped and whether in time."""
        case = self.case
        if case["answered_at"] is None:
            case["answered_at"] = at
            case["on_time"] = None if case["due_on"] is None else at.date() <= case["due_on"]

    def _is_at_unit(self) -> bool:
        live = {AssignmentState.SENT, AssignmentState.ACCEPTED}
        return self.lead is not None and self.lead["state"] in live

    # --- the clock -----------------------------------------------------------------------------------
    def set_clock(self, start: dt.date) -> None:
        """Count the period of the case and its goal."""
        self.start = start
        case, house = self.case, self.house
        deadline, document = house.deadline(case["kind"], start, is_extended=case["is_extended"])
        case["rule_key"] = deadline.rule.key if deadline else None
        case["rule_version"] = deadline.rule.version if deadline else None
        case["due_on"] = deadline.due_on if deadline else None
        case["due_trail"] = document
        case["goal_on"] = house.goal(deadline, start, self.topic.days)

    # --- what is said ----------------------------------------------------------------------------------
    def register(self, actor: int | None) -> None:
        """The first step; the row is born registered."""
        case = self.case
        details = {"channel": case["channel"].value, "kind": case["kind"].value}
        if case["due_on"] is not None:
            details["due_on"] = case["due_on"].isoformat()
        self._event(
            Action.REGISTER.value, self.at, actor, "", self.topic.unit_id, details, None,
            State.REGISTERED, Visibility.APPLICANT,
        )  # fmt: skip
        case["version"], case["created_by_id"] = 1, actor

    def assign(
        self,
        at: dt.datetime,
        unit: int,
        actor: int | None,
        *,
        note: str = "",
        others: tuple[int, ...] = (),
    ) -> None:
        """Send the case to its lead unit and perhaps to others."""
        at = self.step(
            Action.ASSIGN, at, actor, note=note, unit=unit, details={"units": [unit, *others]}
        )
        self.case["lead_unit_id"] = unit
        self.lead = self._assignment(unit, AssignmentRole.LEAD, at, note)
        self.others = [self._assignment(pk, AssignmentRole.INFORMATION, at, note) for pk in others]

    def _assignment(self, unit: int, role: AssignmentRole, at: dt.datetime, note: str) -> Row:
        row: Row = {
            "id": self.ids.take("assignment"), "application_id": self.case["id"], "unit_id": unit,
            "role": role, "cycle": self.case["cycle"], "state": AssignmentState.SENT,
            "responsible_id": None, "note": note, "sent_at": at, "accepted_at": None,
            "due_on": rules.day_for_unit(self.case["goal_on"], self.case["due_on"], at.date()),
            "answered_at": None, "returned_at": None, "return_reason": "", "answer_text": "",
            "outcome": None, "created_at": at, "changed_at": at, "created_by_id": self.case["owner_id"],
            "changed_by_id": self.case["owner_id"], "version": 1,
        }  # fmt: skip
        self.rows.assignments.append(row)
        return row

    def accept(self, at: dt.datetime) -> None:
        """The lead unit takes the case."""
        lead = self._lead()
        person = self.house.at_unit(lead["unit_id"])
        at = self.step(Action.ACCEPT, at, person, unit=lead["unit_id"])
        lead.update(
            state=AssignmentState.ACCEPTED, accepted_at=at, responsible_id=person, changed_at=at,
            changed_by_id=person, version=2,
        )  # fmt: skip

    def give_back(self, at: dt.datetime, reason: str) -> None:
        """The unit says that it is not its task."""
        lead = self._lead()
        person = self.house.at_unit(lead["unit_id"])
        at = self.step(Action.RETURN_TO_OFFICE, at, person, note=reason, unit=lead["unit_id"])
        lead.update(
            state=AssignmentState.RETURNED,
            returned_at=at,
            return_reason=reason,
            changed_at=at,
            version=2,
        )
        self.lead = None

    def unit_answer(self, at: dt.datetime, outcome: Outcome) -> str:
        """The lead unit reports what it found and did; returns its text."""
        lead = self._lead()
        if self._next_is_past(at):
            self.facts["tarih"] = format_date(at.date())
        text = self.words.answer(self.rng, self.topic.code, self.case["kind"], outcome, self.facts)
        person = lead["responsible_id"] or self.house.at_unit(lead["unit_id"])
        at = self.step(
            Action.UNIT_ANSWER, at, person, note=text, unit=lead["unit_id"],
            details={"outcome": outcome.value},
        )  # fmt: skip
        lead.update(
            state=AssignmentState.ANSWERED, answered_at=at, answer_text=text, outcome=outcome,
            responsible_id=person, changed_at=at, changed_by_id=person, version=3,
        )  # fmt: skip
        return text

    def _next_is_past(self, at: dt.datetime) -> bool:
        return at <= self.house.now

    def _lead(self) -> Row:
        if self.lead is None:
            raise RuntimeError("no unit has this case")
        return self.lead

    # --- letters ---------------------------------------------------------------------------------------
    def draft(
        self, at: dt.datetime, actor: int | None, *, kind: ReplyKind, outcome: Outcome | None,
        subject: str, body: str, short: str, article: str = "", remedy: str = "",
    ) -> Row:  # fmt: skip
        """Write a letter; it is kept from the day on which it was begun."""
        at = self._next(at)
        reply: Row = {
            "id": self.ids.take("reply"), "application_id": self.case["id"], "kind": kind,
            "state": ReplyState.DRAFT, "outcome": outcome, "subject": subject, "body": body,
            "short_text": short, "refusal_article": article, "remedy": remedy, "letter_no": "",
            "letter_on": None, "drafted_by_id": actor, "submitted_at": None, "approved_by_id": None,
            "approved_at": None, "approval_note": "", "sent_at": None, "cycle": self.case["cycle"],
            "created_at": at, "changed_at": at, "created_by_id": actor, "changed_by_id": actor,
            "version": 1,
        }  # fmt: skip
        self.rows.replies.append(reply)
        details = {"reply_id": reply["id"], "kind": kind.value}
        self._event("draft_reply", at, actor, "", None, details, None, None, Visibility.INTERNAL)
        self.letter = reply
        return reply

    def submit(self, at: dt.datetime) -> None:
        """Send the letter for approval."""
        letter = self._letter()
        at = self.mention("submit_reply", at, letter["drafted_by_id"], details=self._of(letter))
        letter.update(state=ReplyState.IN_APPROVAL, submitted_at=at, changed_at=at, version=2)

    def approve(self, at: dt.datetime, actor: int | None) -> None:
        """The branch manager approves; only a final letter moves the case."""
        letter = self._letter()
        if letter["kind"] is ReplyKind.FINAL and self.case["state"] is not State.TRIAGE:
            at = self.step(Action.APPROVE_REPLY, at, actor, details=self._of(letter))
        else:
            at = self.mention("approve_other_reply", at, actor, details=self._of(letter))
        letter.update(
            state=ReplyState.APPROVED, approved_by_id=actor, approved_at=at, changed_at=at,
            changed_by_id=actor, version=3,
        )  # fmt: skip

    def send(self, at: dt.datetime, step: Action | str) -> None:
        """Send the letter; a final one stops the clock."""
        letter = self._letter()
        by, details = letter["drafted_by_id"], self._of(letter)
        if isinstance(step, Action):
            if letter["outcome"] is not None:
                details["outcome"] = letter["outcome"].value
            at = self.step(step, at, by, details=details)
            self.case["outcome"] = letter["outcome"]
        else:
            at = self.mention(step, at, by, details=details)
        letter.update(
            state=ReplyState.SENT, sent_at=at, letter_on=at.date(), changed_at=at, version=4
        )

    def _letter(self) -> Row:
        if self.letter is None:
            raise RuntimeError("no letter has been written")
        return self.letter

    @staticmethod
    def _of(letter: Row) -> dict[str, Any]:
        return {"reply_id": letter["id"], "kind": letter["kind"].value}
