"""Loading the reference data into empty or filled tables; nothing fictional is loaded here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.rules import Competence, Priority
from app.applications.services.notice_texts import ensure_texts
from app.applications.services.reasons import ensure_reasons
from app.core.acting import SYSTEM, acting_as
from app.data.files import read_rows
from app.data.information import load_information
from app.data.letters import load_letters
from app.data.open311 import load_open311
from app.frontdesk.rules.desk import Matter
from app.models import (
    District,
    Institution,
    Neighbourhood,
    Topic,
    Unit,
    VisitReason,
)
from app.organisation import services as organisation
from app.organisation.rules import UnitKind
from app.people.rules import InstitutionKind


def load_reference(session: Session) -> dict[str, int]:
    """Add what is missing of districts, neighbourhoods, units, institutions, topics, texts, reasons.

    A row that exists is left as people have changed it, so this may run again at any time. Returns
    how many rows of each table were added; flushes, does not commit.
    """
    with acting_as(SYSTEM):
        return {
            "District": _load_districts(session),
            "Neighbourhood": _load_neighbourhoods(session),
            "Unit": load_units(session, "units.csv"),
            "Institution": _load_institutions(session),
            "Topic": _load_topics(session),
            **load_open311(session),
            **load_letters(session),
            "NoticeText": ensure_texts(session),
            "OutcomeReason": ensure_reasons(session, read_rows("outcome_reasons.csv")),
            **load_information(session),
            "VisitReason": _load_visit_reasons(session),
        }


def load_units(session: Session, name: str) -> int:
    """Add the units of a file; a parent stands above its children in the file."""
    ids = _ids(session, Unit.code, Unit.id)
    added = 0
    for row in read_rows(name):
        if row["code"] in ids:
            continue
        unit = organisation.create_unit(
            session,
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=UnitKind(row["kind"]),
            parent_id=ids[row["parent"]] if row["parent"] else None,
            internal_days=_whole(row["internal_days"]),
        )
        ids[unit.code] = unit.id
        added += 1
    return added


def _load_districts(session: Session) -> int:
    def make(row: Mapping[str, str]) -> District:
        return District(name=row["name"], postal_code=row["postal_code"], weight=int(row["weight"]))

    known = set(_ids(session, District.name, District.id))
    return _add(session, (r for r in read_rows("districts.csv") if r["name"] not in known), make)


def _load_neighbourhoods(session: Session) -> int:
    districts = _ids(session, District.name, District.id)
    known = {
        tuple(r) for r in session.execute(select(Neighbourhood.district_id, Neighbourhood.name))
    }

    def make(row: Mapping[str, str]) -> Neighbourhood:
        return Neighbourhood(district_id=districts[row["district"]], name=row["neighbourhood"])

    rows = (
        row
        for row in read_rows("neighbourhoods.csv")
        if (districts[row["district"]], row["neighbourhood"]) not in known
    )
    return _add(session, rows, make)


def _load_institutions(session: Session) -> int:
    districts = _ids(session, District.name, District.id)
    known = set(_ids(session, Institution.name, Institution.id))

    def make(row: Mapping[str, str]) -> Institution:
        return Institution(
            name=row["name"],
            short_name=row["short_name"],
            kind=InstitutionKind(row["kind"]),
            salutation=row["salutation"],
            phone=row["phone"],
            district_id=districts.get(row["district"]),
        )

    rows = (row for row in read_rows("institutions.csv") if row["name"] not in known)
    return _add(session, rows, make)


def _load_topics(session: Session) -> int:
    units = _ids(session, Unit.code, Unit.id)
    institutions = _ids(session, Institution.short_name, Institution.id)
    known = set(_ids(session, Topic.code, Topic.id))

    def make(row: Mapping[str, str]) -> Topic:
        return Topic(
            code=row["code"],
            name=row["name"],
            group=row["code"].partition("-")[0],
            synonyms=row["synonyms"],
            competence=Competence(row["competence"]),
            unit_id=units.get(row["unit"]),
            institution_id=institutions.get(row["institution"]),
            internal_days=_whole(row["internal_days"]),
            priority=Priority(row["priority"]),
            advice=row["advice"],
        )

    return _add(session, (row for row in read_rows("topics.csv") if row["code"] not in known), make)


def _load_visit_reasons(session: Session) -> int:
    known = set(_ids(session, VisitReason.code, VisitReason.id))

    def make(row: Mapping[str, str]) -> VisitReason:
        return VisitReason(
            code=row["code"],
            name=row["name"],
            hint=row["hint"],
            position=int(row["position"]),
            is_short=row["is_short"] == "1",
            asks_note=row["asks_note"] == "1",
            matter=Matter(row["matter"]),
        )

    rows = (row for row in read_rows("visit_reasons.csv") if row["code"] not in known)
    return _add(session, rows, make)


def _add(
    session: Session, rows: Iterable[Mapping[str, str]], make: Callable[[Mapping[str, str]], Any]
) -> int:
    made = [make(row) for row in rows]
    session.add_all(made)
    session.flush()
    return len(made)


def _ids(session: Session, key: Any, pk: Any) -> dict[str, int]:
    return dict(session.execute(select(key, pk)).all())


def _whole(text: str) -> int | None:
    return int(text) if text else None
