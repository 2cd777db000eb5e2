"""Mappings as they are kept: by name in the table, as files that ship, and frozen in each import."""

from __future__ import annotations

import json
from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.applications.models import ImportBatch, ImportMapping
from app.applications.rules.imports import mapping_name_violations
from app.applications.services.imports.fields import target_fields
from app.applications.services.moves import refuse
from app.core.imports import Mapping, mapping_violations
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import fold

SHIPPED_FOLDER = Path(__file__).resolve().parents[3] / "data" / "mappings"


@dataclass(frozen=True)
class Plan:
    """Everything that decides how rows become applications.

    `source` is kept on each application beside its number there. With `notify` applicants are told
    as if they had just come; with `topic_required` a topic that we do not know refuses the row.
    """

    mapping: Mapping = field(default_factory=Mapping)
    source: str = ""
    notify: bool = False
    topic_required: bool = False

    def to_document(self) -> dict[str, Any]:
        """Return JSON-safe data."""
        options = {"notify": self.notify, "topic_required": self.topic_required}
        return {**self.mapping.to_dict(), "source": self.source, "options": options}

    @classmethod
    def from_document(cls, document: Any, source: str = "") -> Plan:
        """Read what `to_document` wrote; RuleViolation for anything else."""
        mapping = Mapping.from_dict(document)
        options = document.get("options")
        options = options if isinstance(options, dict) else {}
        return cls(
            mapping,
            source or str(document.get("source") or ""),
            bool(options.get("notify")),
            bool(options.get("topic_required")),
        )


def plan_of(mapping: ImportMapping) -> Plan:
    """The plan that a saved mapping holds."""
    return Plan.from_document(mapping.document, mapping.source)


def plan_violations(plan: Plan, headers: Sequence[str]) -> tuple[Violation, ...]:
    """What is wrong with a plan for a file with these headings."""
    return collect(mapping_violations(plan.mapping, headers, target_fields()))


def fits(plan: Plan, headers: Sequence[str]) -> bool:
    """Whether a file with these headings can be read by the plan as it stands."""
    return not plan_violations(plan, headers)


# --- shipped ---------------------------------------------------------------------------------------
def _shipped() -> dict[str, dict[str, Any]]:
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(SHIPPED_FOLDER.glob("*.json"))
    }


def ensure_shipped(session: Session) -> int:
    """Add the mappings that came with the program, and renew those that are here; how many were new.

    A mapping that people made under the same name is left alone.
    """
    known = {row.name: row for row in session.scalars(select(ImportMapping))}
    added = 0
    for name, document in _shipped().items():
        row = known.get(name)
        if row is None:
            row = ImportMapping(name=name, is_shipped=True, description=document["description"])
            session.add(row)
            added += 1
        elif not row.is_shipped:
            continue
        plan = Plan.from_document(document)
        row.source = plan.source
        if row.document != plan.to_document():
            row.document = plan.to_document()
    session.flush()
    return added


def find_mapping(session: Session, name: str) -> ImportMapping:
    """The mapping of that name, letters and accents aside; RuleViolation naming those that there are."""
    rows = list(session.scalars(select(ImportMapping).order_by(ImportMapping.name)))
    wanted = fold(name)
    row = next((r for r in rows if r.name == name), None)
    row = row or next((r for r in rows if fold(r.name) == wanted), None)
    if row is None:
        raise refuse(
            N_("There is no mapping named “%(name)s”; there are: %(known)s."),
            "mapping",
            name=name,
            known=", ".join(r.name for r in rows) or "–",
        )
    return row


def save_mapping(
    session: Session, *, name: str, plan: Plan, description: str = ""
) -> ImportMapping:
    """Keep a plan under a name; one that people made is replaced, a shipped one is not.

    Raises RuleViolation for a bad name or source.
    """
    name = name.strip()
    if broken := tuple(mapping_name_violations(name, plan.source)):
        raise RuleViolation(broken)
    row = session.scalars(select(ImportMapping).where(ImportMapping.name == name)).first()
    if row is not None and row.is_shipped:
        raise refuse(
            N_("“%(name)s” came with the program and stays as it is; choose another name."),
            "name",
            name=name,
        )
    if row is None:
        row = ImportMapping(name=name)
        session.add(row)
    row.description = description.strip()[:300] or row.description or ""
    row.source = plan.source
    row.document = plan.to_document()
    session.flush()
    return row


def delete_mapping(session: Session, *, mapping: ImportMapping) -> None:
    """Delete a mapping that people made; imports keep their own copy. RuleViolation for a shipped one."""
    if mapping.is_shipped:
        raise refuse(N_("A mapping that came with the program cannot be deleted."))
    session.execute(
        update(ImportBatch).where(ImportBatch.mapping_id == mapping.id).values(mapping_id=None)
    )
    session.delete(mapping)
    session.flush()


def used_columns(document: Values[str, Any]) -> list[tuple[str, list[str], str | None]]:
    """(field, columns, constant) of a saved plan, for its page."""
    try:
        plan = Plan.from_document(document)
    except RuleViolation:
        return []
    return [(one.target, list(one.columns), one.constant) for one in plan.mapping.fields]
