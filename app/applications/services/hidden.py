"""Keeping a hidden identity unknown: no applicant beside it, and personal words in texts are told.

Whoever typed a name into the text is warned and may have it masked; nothing is decided by the
program, because the name may be that of the accused. Source: domain facts 0 (9) and 2.4; 6698 m.4.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, Session, UOWTransaction

from app.applications.models import Application
from app.applications.services.moves import refuse
from app.applications.services.wording import turkish
from app.core.identifiers import (
    PersonalData,
    PersonalDataKind,
    find_people,
    find_personal_data,
    replace_findings,
)
from app.core.rules import N_
from app.core.text import fold
from app.system.models import Attachment

_NAMES = Path(__file__).resolve().parents[2] / "data" / "given_names.csv"
#: Columns that say who applied or how to reach that person.
IDENTITY = ("citizen_id", "contact_phone", "contact_email", "on_behalf_of")
#: Texts of an application in which somebody may have written who applied.
TEXTS = ("subject", "body", "street", "place_note")
_REFUSED = N_("The identity is hidden by CİMER: no applicant may be written here.")
_MARK = N_("[hidden]")
_FILE_NAME = N_("attachment")

FOUND_LABELS: Mapping[PersonalDataKind, str] = {
    PersonalDataKind.NAME: N_("name of a person"),
    PersonalDataKind.PHONE: N_("telephone number"),
    PersonalDataKind.EMAIL: N_("e-mail address"),
    PersonalDataKind.NATIONAL_ID: N_("identity number"),
    PersonalDataKind.IBAN: N_("account number (IBAN)"),
}


# --- what a text says ---------------------------------------------------------------------------------
@cache
def given_names() -> frozenset[str]:
    """Common given names, folded."""
    with _NAMES.open(encoding="utf-8", newline="") as file:
        return frozenset(fold(row["given_name"]) for row in csv.DictReader(file))


def find_personal(text: str) -> tuple[PersonalData, ...]:
    """Numbers, addresses and what looks like names in a text, left to right, none over another."""
    numbers = find_personal_data(text)
    people = [
        one
        for one in find_people(text, given_names())
        if not any(one.start < other.end and other.start < one.end for other in numbers)
    ]
    return tuple(sorted((*numbers, *people), key=lambda one: one.start))


def mask_personal(text: str) -> str:
    """The text with everything that `find_personal` tells replaced by one word."""
    return replace_findings(text, find_personal(text), turkish(_MARK))


def look_through(
    values: Mapping[str, Any], names: Iterable[str] = TEXTS
) -> dict[str, tuple[PersonalData, ...]]:
    """Field → what its text tells of people; only fields with a finding."""
    found = {name: find_personal(str(values.get(name) or "")) for name in names}
    return {name: here for name, here in found.items() if here}


def masked_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values with the texts masked."""
    texts = {name: mask_personal(str(values[name])) for name in TEXTS if values.get(name)}
    return {**values, **texts}


def without_identity(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a hidden application without anything that names or reaches its applicant."""
    kept = {k: v for k, v in values.items() if k not in {*IDENTITY, "citizen"}}
    return {**kept, "identity_hidden": True, "is_anonymous": False, "wants_notice": "none"}


# --- nobody writes an applicant beside it ---------------------------------------------------------------
def _refuse_identity(session: Session, _context: UOWTransaction, _objects: Any) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Application) and row.identity_hidden and _names_somebody(row):
            raise refuse(_REFUSED, "citizen")


def _names_somebody(row: Application) -> bool:
    """Whether anything of the row says who applied; a relation that is not loaded is not asked for."""
    relation: Any = inspect(row).attrs["citizen"].history
    return any(getattr(row, name) for name in IDENTITY) or any(relation.added or ())


def _name_file_neutrally(_mapper: Mapper[Any], connection: Connection, target: Attachment) -> None:
    """The name of a file often names its sender: beside a hidden identity it says nothing."""
    if target.owner_type != "Application":
        return
    cases = Application.__table__.c
    hidden = connection.execute(
        select(cases.identity_hidden).where(cases.id == target.owner_id)
    ).scalar()
    if hidden:
        target.name = f"{turkish(_FILE_NAME)}{PurePath(target.name).suffix.lower()}"


def install(session_class: type[Session] = Session) -> None:
    """Guard every session of this class and its subclasses; calling it twice does no harm."""
    if not event.contains(session_class, "before_flush", _refuse_identity):
        event.listen(session_class, "before_flush", _refuse_identity)
    if not event.contains(Attachment, "before_insert", _name_file_neutrally):
        event.listen(Attachment, "before_insert", _name_file_neutrally)


install()
