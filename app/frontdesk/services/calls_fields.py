"""The fields that a file of a switch may fill, and mappings: by name, as shipped, frozen in an import."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.applications.services.imports import detect_date_format
from app.applications.services.wording import turkish
from app.core.imports import (
    FieldKind,
    FieldMapping,
    FileInfo,
    TargetField,
    mapping_violations,
    propose_mapping,
    read_rows,
)
from app.core.imports import Mapping as Columns
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean, fold
from app.frontdesk.models import CallImport, CallMapping
from app.frontdesk.rules.calls import DIRECTION_LABELS, LENGTHS, RESULT_LABELS
from app.frontdesk.rules.calls_import import code_for_word, mapping_name_violations

_K = FieldKind
SHIPPED_FOLDER = Path(__file__).resolve().parents[2] / "data" / "call_mappings"

#: Fields with lengths of time; how a switch writes them is read by `parse_seconds`.
LENGTH_FIELDS = ("wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds")
DATE_TARGETS = ("started_at", "answered_at", "ended_at")
#: Fields whose cells are words of a list, so that the wizard asks what each means.
WORD_FIELDS = ("direction", "result")
#: Columns with more words than this are no list of ours; rows that are looked at for them.
MOST_WORDS, WORD_ROWS, LOOK_ROWS = 40, 20_000, 300

HELPS: Mapping[str, str] = {
    "switch_id": N_("With it a call is taken over once, however often the file comes."),
    "operator": N_("User name or full name; somebody unknown is left empty."),
    "extension": N_("Without an operator it is whoever had this seat on the shift plan."),
    "wait_seconds": N_("Seconds, 1:12 or 00:01:12; without it the moments are subtracted."),
    "result": N_("Without it a call that nobody answered was abandoned."),
    "number": N_("A withheld number may be empty, Gizli or Anonymous."),
}


def refuse(message: str, field: str = "", **params: Any) -> RuleViolation:
    """Make a RuleViolation with one sentence."""
    return RuleViolation(Violation(field, message, params))


def _labels(labels: Mapping[Any, str]) -> dict[str, object]:
    # The cells of a file are Turkish, whatever language the reader's screen has.
    return {code.value: turkish(text) for code, text in labels.items()}


@cache
def target_fields() -> tuple[TargetField, ...]:
    """Return every field, the required ones first; labels are msgids, choices are Turkish words."""
    return (
        TargetField(
            "switch_id", N_("Id at the switch"), _K.TEXT, required=True, max_length=LENGTHS["switch_id"],
            aliases=("Çağrı No", "Çağrı ID", "Kayıt No", "Unique ID", "Uniqueid", "Call ID", "Linkedid", "ID"),
        ),
        TargetField(
            "started_at", N_("Call began"), _K.DATETIME, required=True,
            aliases=("Başlangıç", "Çağrı Tarihi", "Tarih", "Başlama Zamanı", "Start Time", "Calldate", "Start", "Date"),
        ),
        TargetField(
            "number", N_("Telephone number"), _K.TEXT, max_length=40,
            aliases=("Arayan", "Arayan Numara", "Numara", "Telefon", "Caller", "Caller ID", "Src", "From", "ANI"),
        ),
        TargetField(
            "direction", N_("Direction"), _K.CHOICE, choices=_labels(DIRECTION_LABELS),
            aliases=("Yön", "Çağrı Yönü", "Tip", "Direction", "Call Type"),
        ),
        TargetField(
            "answered_at", N_("Call was answered"), _K.DATETIME,
            aliases=("Cevaplanma", "Cevap Zamanı", "Answer Time", "Answered"),
        ),
        TargetField("ended_at", N_("Call ended"), _K.DATETIME, aliases=("Bitiş", "Kapanma", "End Time", "End", "Hangup")),
        TargetField(
            "operator", N_("Operator"), _K.TEXT, max_length=160,
            aliases=("Temsilci", "Operatör", "Müşteri Temsilcisi", "Personel", "Agent", "Agent Name"),
        ),
        TargetField(
            "extension", N_("Extension"), _K.TEXT, max_length=LENGTHS["extension"],
            aliases=("Dahili", "Dahili No", "Extension", "Dst", "To"),
        ),
        TargetField("queue", N_("Queue of the switch"), _K.TEXT, max_length=LENGTHS["queue"], aliases=("Kuyruk", "Hat", "Queue", "Skill")),
        TargetField(
            "wait_seconds", N_("Time in the queue"), _K.TEXT, max_length=40,
            aliases=("Bekleme", "Bekleme Süresi", "Bekleme (sn)", "Kuyruk Süresi", "Wait Time", "Hold Time in Queue"),
        ),
        TargetField(
            "talk_seconds", N_("Talk time"), _K.TEXT, max_length=40,
            aliases=("Konuşma", "Konuşma Süresi", "Konuşma (sn)", "Görüşme Süresi", "Talk Time", "Billsec"),
        ),
        TargetField(
            "hold_seconds", N_("Time on hold"), _K.TEXT, max_length=40,
            aliases=("Bekletme", "Bekletme Süresi", "Bekletme (sn)", "Hold Time"),
        ),
        TargetField(
            "wrap_seconds", N_("After-call work"), _K.TEXT, max_length=40,
            aliases=("İşlem Sonrası", "İşlem Sonrası (sn)", "Çağrı Sonrası", "Wrap Up", "ACW"),
        ),
        TargetField(
            "result", N_("Result"), _K.CHOICE, choices=_labels(RESULT_LABELS),
            aliases=("Sonuç", "Durum", "Çağrı Durumu", "Disposition", "Status"),
        ),
        TargetField(
            "transferred_to", N_("Transferred to"), _K.TEXT, max_length=LENGTHS["transferred_to"],
            aliases=("Aktarılan", "Aktarma", "Transferred To"),
        ),
        TargetField(
            "recording_ref", N_("Recording"), _K.TEXT, max_length=LENGTHS["recording_ref"],
            aliases=("Kayıt", "Ses Kaydı", "Ses Dosyası", "Recording", "Recordingfile"),
        ),
        TargetField("note", N_("Note"), _K.LONG_TEXT, max_length=LENGTHS["note"], aliases=("Not", "Açıklama", "Note")),
    )  # fmt: skip


def field_named(name: str) -> TargetField | None:
    """Return a field by its name."""
    return next((field for field in target_fields() if field.name == name), None)


# --- plans ---------------------------------------------------------------------------------------------
def plan_violations(plan: Columns, headers: Sequence[str]) -> tuple[Violation, ...]:
    """What is wrong with a plan for a file with these headings."""
    return collect(mapping_violations(plan, headers, target_fields()))


def fits(plan: Columns, headers: Sequence[str]) -> bool:
    """Whether a file with these headings can be read by the plan as it stands."""
    return not plan_violations(plan, headers)


def propose_plan(headers: Sequence[str], path: Path, info: FileInfo) -> Columns:
    """The likeliest plan for a file nobody has seen before; a person looks at it before anything is done."""
    guessed = propose_mapping(headers, target_fields())
    rows = list(islice(read_rows(path, info=info), LOOK_ROWS))
    words = words_of(path, info, [c for one in guessed.fields for c in one.columns])
    return Columns(tuple(_complete(one, rows, words) for one in guessed.fields))


def _complete(
    one: FieldMapping,
    rows: Sequence[tuple[int, Mapping[str, Any]]],
    words: Mapping[str, Counter[str]],
) -> FieldMapping:
    if not one.columns:
        return one
    column = one.columns[0]
    if one.target in DATE_TARGETS:
        pattern = detect_date_format(row.get(column) for _, row in rows)
        return FieldMapping(one.target, one.columns, date_format=pattern)
    if one.target in WORD_FIELDS:
        meanings = {word: code_for_word(one.target, word) for word in words.get(column, ())}
        return FieldMapping(
            one.target, one.columns, values={word: code for word, code in meanings.items() if code}
        )
    return one


def words_of(path: Path, info: FileInfo, columns: Iterable[str]) -> dict[str, Counter[str]]:
    """Column → its words with their rows, for columns with few different ones."""
    found: dict[str, Counter[str]] = {column: Counter() for column in columns}
    for _number, row in islice(read_rows(path, info=info), WORD_ROWS):
        for column, counter in found.items():
            if row.get(column) not in (None, "") and len(counter) <= MOST_WORDS:
                counter[clean(str(row[column]))] += 1
    return {column: counter for column, counter in found.items() if len(counter) <= MOST_WORDS}


# --- kept mappings ---------------------------------------------------------------------------------------
def ensure_shipped(session: Session) -> int:
    """Add the mappings that came with the program, and renew those that are here; how many were new.

    A mapping that people made under the same name is left alone.
    """
    known = {row.name: row for row in session.scalars(select(CallMapping))}
    added = 0
    for path in sorted(SHIPPED_FOLDER.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        plan = Columns.from_dict(document).to_dict()
        row = known.get(path.stem)
        if row is None:
            row = CallMapping(name=path.stem, is_shipped=True, document=plan)
            session.add(row)
            added += 1
        elif not row.is_shipped:
            continue
        row.description = str(document.get("description") or "")
        if row.document != plan:
            row.document = plan
    session.flush()
    return added


def list_mappings(session: Session) -> list[CallMapping]:
    """Saved mappings by name."""
    return list(session.scalars(select(CallMapping).order_by(CallMapping.name)))


def find_mapping(session: Session, name: str) -> CallMapping:
    """The mapping of that name, letters and accents aside; RuleViolation naming those that there are."""
    rows = list_mappings(session)
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


def save_mapping(session: Session, *, name: str, plan: Columns) -> CallMapping:
    """Keep a plan under a name; one that people made is replaced, a shipped one is not."""
    name = name.strip()
    if broken := tuple(mapping_name_violations(name)):
        raise RuleViolation(broken)
    row = session.scalars(select(CallMapping).where(CallMapping.name == name)).first()
    if row is not None and row.is_shipped:
        raise refuse(
            N_("“%(name)s” came with the program and stays as it is; choose another name."),
            "name",
            name=name,
        )
    if row is None:
        row = CallMapping(name=name)
        session.add(row)
    row.document = plan.to_dict()
    session.flush()
    return row


def delete_mapping(session: Session, *, mapping: CallMapping) -> None:
    """Delete a mapping that people made; imports keep their own copy. RuleViolation for a shipped one."""
    if mapping.is_shipped:
        raise refuse(N_("A mapping that came with the program cannot be deleted."))
    session.execute(
        update(CallImport).where(CallImport.mapping_id == mapping.id).values(mapping_id=None)
    )
    session.delete(mapping)
    session.flush()


def used_columns(document: Mapping[str, Any]) -> list[tuple[str, list[str], str | None]]:
    """(field, columns, constant) of a saved plan, for its page."""
    try:
        plan = Columns.from_dict(dict(document))
    except RuleViolation:
        return []
    return [(one.target, list(one.columns), one.constant) for one in plan.fields]
