"""From one row of a file to the values of an application; nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.rules.imports import (
    SourceStatus,
    read_coordinate,
    source_violations,
    split_name,
    status_of,
)
from app.applications.services.imports.directory import (
    Clock,
    Clocks,
    Directory,
    TopicEntry,
    joined,
    load_directory,
)
from app.applications.services.imports.fields import target_fields
from app.applications.services.imports.plans import Plan
from app.applications.services.registration import tidied
from app.core import clock
from app.core.identifiers import parse_phone
from app.core.imports import apply_mapping
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import clean, excerpt
from app.people.rules import citizen_violations

SUBJECT_LENGTH = rules.LENGTHS["subject"]
PLACE_LENGTH = rules.LENGTHS["place_note"]

_REFERENCE = tuple(one for one in target_fields() if one.name == "external_ref")

#: What the rules call a field → what the importer calls it.
_RENAMED = {
    "contact_phone": "phone",
    "contact_email": "email",
    "citizen": "applicant",
    "topic_id": "topic",
    "district_id": "district",
    "neighbourhood_id": "neighbourhood",
}


@dataclass(frozen=True)
class Prepared:
    """A row as it will become: `values` as registration has tidied them, or its violations.

    `raw` are the cells by heading; `facts` go into the event; `person` are fields of a citizen.
    """

    row_no: int
    raw: Mapping[str, Any]
    violations: tuple[Violation, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    person: Mapping[str, Any] = field(default_factory=dict)
    topic: TopicEntry | None = None
    clock: Clock | None = None
    status: SourceStatus = SourceStatus.OPEN
    closed_at: dt.datetime | None = None
    answer: str = ""
    outcome: rules.Outcome | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_hidden: bool = False
    state_word: str = ""
    resent_at: dt.datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(source, number there); empty for a row that is refused before it has one."""
        return str(self.values.get("external_source") or ""), str(
            self.values.get("external_ref") or ""
        )


class Preparer:
    """Prepares the rows of one file, one after the other; remembers the numbers it has seen."""

    def __init__(self, session: Session, plan: Plan, *, now: dt.datetime) -> None:
        self._plan, self._now = plan, now
        self._directory: Directory = load_directory(session)
        self._clocks = Clocks(session)
        self._seen: dict[str, int] = {}
        #: The last coordinate that could be read: it tells how this file writes them.
        self._place_seen = ""

    def prepare(self, row_no: int, raw: Mapping[str, Any]) -> Prepared:
        """The row as it will become; a row with violations is refused, all of them are told."""
        read, unread = apply_mapping(self._plan.mapping, raw, target_fields())
        violations = list(unread)
        reference = clean(str(read.get("external_ref") or ""))
        if reference:
            first = self._seen.setdefault(reference, row_no)
            if first != row_no:
                again = N_("The same number stands in row %(row)s already; only that row is taken.")
                violations.append(Violation("external_ref", again, {"row": first}))
        values, facts = self._values(read, violations)
        person = self._person(read, values, facts, violations)
        tidy = tidied(values, self._now)
        violations += self._broken_rules(tidy, {one.field for one in violations})
        violations += source_violations(read, now=self._now)
        topic = facts.pop("_topic", None)
        counted = self._clock(tidy, topic, violations)
        if violations:
            # What cannot be read might mean hidden: then nothing that names a person is kept.
            unclear = any(one.field == "identity_hidden" for one in violations)
            hidden = unclear or bool(tidy.get("identity_hidden"))
            return Prepared(row_no, raw, tuple(_renamed(_unlike(violations))), is_hidden=hidden)
        return Prepared(
            row_no,
            raw,
            values=tidy,
            person=person,
            topic=topic,
            clock=counted,
            status=status_of(read),
            closed_at=_moment(read.get("closed_at")),
            answer=str(read.get("answered_text") or ""),
            outcome=rules.Outcome(str(read["outcome"])) if read.get("outcome") else None,
            facts=facts,
            is_hidden=bool(tidy["identity_hidden"]),
            state_word=clean(str(read.get("external_state") or "")),
            resent_at=_moment(read.get("resent_at")),
        )

    def remember(self, row_no: int, raw: Mapping[str, Any]) -> None:
        """Note the number of a row that was dealt with before, so that a second one is found."""
        read, _ = apply_mapping(self._plan.mapping, raw, _REFERENCE)
        if reference := clean(str(read.get("external_ref") or "")):
            self._seen.setdefault(reference, row_no)

    # --- the parts ---------------------------------------------------------------------------------
    def _values(
        self, read: Mapping[str, Any], violations: list[Violation]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        topic, word = self._topic(read, violations)
        facts: dict[str, Any] = {"_topic": topic}
        if word:
            facts["topic_at_source"] = word
        subject, body = _subject(read, topic, word)
        values = {
            "external_ref": read.get("external_ref"),
            "external_source": self._plan.source or None,
            "received_at": _moment(read.get("received_at")),
            "external_received_at": _moment(read.get("external_received_at")),
            "kind": read.get("kind"),
            "channel": read.get("channel"),
            "priority": read.get("priority"),
            "subject": subject,
            "body": body,
            "topic_id": topic.id if topic else None,
            "street": read.get("street"),
            "identity_hidden": bool(read.get("identity_hidden")),
            **self._place(read),
        }
        values.update(self._coordinates(read, violations))
        return values, facts

    def _coordinates(
        self, read: Mapping[str, Any], violations: list[Violation]
    ) -> dict[str, float | None]:
        """Latitude and longitude; the example of a refusal has the comma or point of the file."""
        texts = {name: str(read.get(name) or "").strip() for name in ("latitude", "longitude")}
        numbers = {name: read_coordinate(text) if text else None for name, text in texts.items()}
        bad = {name: text for name, text in texts.items() if text and numbers[name] is None}
        for name, text in texts.items():
            if numbers[name] is not None:
                self._place_seen = text
        for name, text in bad.items():
            written = text if {".", ","} & set(text) else self._place_seen
            has_point = "." in written and "," not in written
            message = (
                N_("“%(value)s” is no coordinate; write it as 41.2776.")
                if has_point
                else N_("“%(value)s” is no coordinate; write it as 41,2776.")
            )
            violations.append(Violation(name, message, {"value": excerpt(text, 40)}))
        return numbers

    def _topic(
        self, read: Mapping[str, Any], violations: list[Violation]
    ) -> tuple[TopicEntry | None, str]:
        """(topic, the word that we do not know); the constant of the mapping stands in for both."""
        word = str(read.get("topic") or "").strip()
        found = self._directory.topic(word) if word else None
        if found is not None:
            return found, ""
        source = self._plan.mapping.of("topic")
        spare = self._directory.topic(source.constant) if source and source.constant else None
        if spare is None and self._plan.topic_required:
            violations.append(
                Violation(
                    "topic",
                    N_(
                        "“%(value)s” is no topic of ours; choose what it means in the column mapping."
                    ),
                    {"value": excerpt(word, 60)},
                )
                if word
                else Violation("topic", N_("This field is empty; fill it in the file."))
            )
        return spare, word

    def _place(self, read: Mapping[str, Any]) -> dict[str, Any]:
        """District and neighbourhood by name; names that we do not know stay in the directions."""
        district_word = str(read.get("district") or "")
        place_word = str(read.get("neighbourhood") or "")
        district = self._directory.district(district_word) if district_word else None
        district_id = district[0] if district else None
        place = None
        if place_word and (district_id is not None or not district_word):
            place = self._directory.neighbourhood(place_word, district_id)
            if place is not None and district_id is None:
                district_id = self._directory.district_of(place_word)
        note = joined(
            [
                str(read.get("place_note") or ""),
                place_word if place is None else "",
                district_word if district is None else "",
            ]
        )
        return {
            "district_id": district_id,
            "neighbourhood_id": place[0] if place else None,
            "place_note": excerpt(note, PLACE_LENGTH),
        }

    def _person(
        self,
        read: Mapping[str, Any],
        values: dict[str, Any],
        facts: dict[str, Any],
        violations: list[Violation],
    ) -> dict[str, Any]:
        """Fields of the citizen; nobody for a hidden identity and for a row without a name."""
        texts = {
            n: clean(str(read.get(n) or ""))
            for n in ("first_name", "last_name", "title", "phone", "email", "address")
        }
        if read.get("applicant") and not (texts["first_name"] or texts["last_name"]):
            texts["first_name"], texts["last_name"] = split_name(clean(str(read["applicant"])))
        if values["identity_hidden"]:
            # What the source should not have sent is not kept. Source: domain facts 2.4; 6698 m.4.
            facts.update({"identity_left_out": True} if any(texts.values()) else {})
            return {}
        if texts["phone"]:
            texts["phone"] = parse_phone(texts["phone"]) or texts["phone"]
        if not (texts["first_name"] or texts["last_name"] or texts["title"]):
            values["is_anonymous"] = True
            values["contact_phone"], values["contact_email"] = texts["phone"], texts["email"]
            return {}
        person: dict[str, Any] = {name: text for name, text in texts.items() if text}
        if texts["title"] and not texts["last_name"]:
            person["kind"] = "company"
        violations += citizen_violations(person)
        values["citizen"] = person
        if self._plan.notify:
            values["wants_notice"] = "sms" if texts["phone"] or not texts["email"] else "email"
        return person

    def _broken_rules(self, tidy: dict[str, Any], told: set[str]) -> Iterator[Violation]:
        if not self._plan.notify:
            tidy["wants_notice"] = "none"
        # A cell that could not be read is told once, not also as missing.
        return (v for v in rules.application_violations(tidy, now=self._now) if v.field not in told)

    def _clock(
        self, tidy: Mapping[str, Any], topic: TopicEntry | None, violations: list[Violation]
    ) -> Clock | None:
        kind, channel = tidy.get("kind"), tidy.get("channel")
        if violations or not isinstance(kind, rules.Kind) or not isinstance(channel, rules.Channel):
            return None
        external = tidy.get("external_received_at")
        try:
            return self._clocks.of(
                kind,
                channel,
                tidy["received_on"],
                clock.to_local(external).date() if external else None,
                topic.id if topic else None,
            )
        except RuleViolation as refused:
            violations.extend(refused.violations)
            return None


def _subject(read: Mapping[str, Any], topic: TopicEntry | None, word: str) -> tuple[str, str]:
    """(subject, body): nothing is lost when the subject is long or missing."""
    body = str(read.get("body") or "")
    subject = clean(str(read.get("subject") or ""))
    if not subject:
        subject = (
            word or (excerpt(clean(body), 120) if body else "") or (topic.name if topic else "")
        )
    elif word and topic is None and word not in subject:
        subject = f"{word}: {subject}"
    if len(subject) > SUBJECT_LENGTH:
        body = f"{subject}\n{body}".strip()
        subject = excerpt(subject, SUBJECT_LENGTH)
    return subject, body


def _moment(value: object) -> dt.datetime | None:
    return value if isinstance(value, dt.datetime) else None


def _unlike(violations: Sequence[Violation]) -> Iterator[Violation]:
    """Each sentence about a field once."""
    told: set[tuple[str, str]] = set()
    for one in violations:
        if (one.field, one.message) not in told:
            told.add((one.field, one.message))
            yield one


def _renamed(violations: Iterator[Violation]) -> Iterator[Violation]:
    for one in violations:
        yield replace(one, field=_RENAMED.get(one.field, one.field))
