"""Writes of the people room: an applicant is saved once, and two rows of one person become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.acting import SYSTEM, acting_as
from app.core.identifiers import parse_phone
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean
from app.people.models import Citizen
from app.people.queries import find_same_person
from app.people.rules import CitizenKind, ContactPreference, citizen_violations
from app.system.services import audit

#: What a caller may hand to `save_citizen`; anything else is a mistake of the program.
FIELDS = frozenset(
    {
        "kind", "first_name", "last_name", "title", "national_id", "tax_no", "phone", "phone2",
        "email", "district_id", "neighbourhood_id", "address", "contact_preference", "note", "is_demo",
    }
)  # fmt: skip
#: Filled at intake from what is known there; they describe no person and are not compared.
_SETTINGS = frozenset({"kind", "contact_preference", "note", "is_demo"})


def save_citizen(session: Session, *, values: Mapping[str, Any]) -> Citizen:
    """Find the applicant by identity number, telephone or e-mail, or make a new row.

    Empty fields of a known applicant are filled; a filled field is never overwritten, only a second
    telephone is kept beside the first. Raises RuleViolation when the values break a rule.
    """
    tidy = _tidied(values)
    known = _known(session, tidy)
    if broken := _broken(known, tidy):
        raise RuleViolation(broken)
    if known is None:
        citizen = Citizen(**tidy)
        session.add(citizen)
        session.flush()
        return citizen
    _fill(known, tidy)
    session.flush()
    return known


def find_violations(session: Session, *, values: Mapping[str, Any]) -> tuple[Violation, ...]:
    """What `save_citizen` would refuse; nothing is written."""
    tidy = _tidied(values)
    return _broken(_known(session, tidy), tidy)


def _known(session: Session, tidy: Mapping[str, Any]) -> Citizen | None:
    # The whole table decides who is known: a row out of the actor's sight is the same person.
    with acting_as(SYSTEM):
        return find_same_person(
            session,
            national_id=tidy.get("national_id") or "",
            phone=tidy.get("phone", ""),
            email=tidy.get("email", ""),
            name=_name(tidy),
        )


def _broken(known: Citizen | None, tidy: Mapping[str, Any]) -> tuple[Violation, ...]:
    return collect(citizen_violations(tidy if known is None else _merged(known, tidy)))


def merge_citizens(session: Session, *, keep: Citizen, gone: Citizen) -> Citizen:
    """Make one row of two: every record that names `gone` names `keep` afterwards, `gone` is deleted.

    Empty fields of `keep` are filled from `gone`. Two different identity numbers are two persons and
    raise RuleViolation.
    """
    if keep.id == gone.id:
        raise RuleViolation(Violation("", N_("A record cannot be merged with itself.")))
    if keep.national_id and gone.national_id and keep.national_id != gone.national_id:
        raise RuleViolation(
            Violation(
                "", N_("Two different identity numbers belong to two persons; nothing was merged.")
            )
        )
    values = {name: getattr(gone, name) for name in FIELDS - _SETTINGS}
    note = "\n".join(part for part in (keep.note, gone.note) if part)
    moved = _point_at(session, old=gone.id, new=keep.id)
    session.delete(gone)
    # The identity number is unique: the row that had it must be gone before the other takes it.
    session.flush()
    _fill(keep, values)
    keep.note = note
    session.flush()
    audit.record(
        session,
        verb="update",
        entity="Citizen",
        record_id=keep.id,
        summary="merge_citizens",
        changes={"merged": [gone.id, keep.id], "moved": moved},
    )
    return keep


def _point_at(session: Session, *, old: int, new: int) -> dict[str, int]:
    """Turn every foreign key on citizens from one row to another; table name → rows moved.

    The tables that point here are found by their keys, because rooms above are not known here.
    """
    moved: dict[str, int] = {}
    target = Citizen.__table__.c.id
    for table in Citizen.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column is target:
                result = session.execute(
                    update(table).where(key.parent == old).values({key.parent.name: new})
                )
                moved[table.name] = moved.get(table.name, 0) + int(getattr(result, "rowcount", 0))
    return {name: count for name, count in moved.items() if count}


def _tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"no such field of a citizen: {', '.join(sorted(unknown))}")
    tidy: dict[str, Any] = {}
    for name, value in values.items():
        tidy[name] = clean(value, multiline=name == "note") if isinstance(value, str) else value
    for name in ("phone", "phone2"):
        # A number that cannot be read stays as it is, so that the rule can say what is wrong.
        if tidy.get(name):
            tidy[name] = parse_phone(tidy[name]) or tidy[name]
    for name in (
        "first_name",
        "last_name",
        "title",
        "tax_no",
        "phone",
        "phone2",
        "email",
        "address",
        "note",
    ):
        if name in tidy:
            tidy[name] = tidy[name] or ""
    if "national_id" in tidy:
        tidy["national_id"] = tidy["national_id"] or None
    tidy["kind"] = CitizenKind(tidy.get("kind") or CitizenKind.PERSON)
    tidy["contact_preference"] = ContactPreference(
        tidy.get("contact_preference") or ContactPreference.SMS
    )
    return tidy


def _name(values: Mapping[str, Any]) -> str:
    title = values.get("title") or ""
    return title or f"{values.get('first_name') or ''} {values.get('last_name') or ''}".strip()


def _merged(known: Citizen, tidy: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they would stand in the row afterwards, with what was typed where it is new."""
    values = {name: getattr(known, name) for name in FIELDS}
    values.update({k: v for k, v in tidy.items() if v and k not in _SETTINGS and not values.get(k)})
    # What was typed must be right even where the row keeps its own value.
    values.update({k: v for k, v in tidy.items() if v and k in {"phone", "email", "tax_no"}})
    return values


def _fill(known: Citizen, values: Mapping[str, Any]) -> None:
    for name in sorted(FIELDS - _SETTINGS):
        if values.get(name) and not getattr(known, name):
            setattr(known, name, values[name])
    other = values.get("phone")
    if other and other not in (known.phone, known.phone2) and not known.phone2:
        known.phone2 = other
