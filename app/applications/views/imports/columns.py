"""The page that says which column is which: what it draws, and the plan that comes back from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.applications import rules
from app.applications.rules.imports import PERSONAL_FIELDS, SOURCE_STATUS_LABELS
from app.applications.services import imports
from app.core.identifiers import mask_email, mask_name, mask_phone, scrub
from app.core.imports import ColumnGuess, FieldMapping
from app.core.imports import Mapping as Columns
from app.core.text import excerpt, format_number, sort_key
from app.core.views import formats

Args = MultiDict[str, str]
Options = Sequence[tuple[str, str]]

#: Labels of the codes that a word may mean; closed offices cannot be chosen, the rules refuse them.
CODE_LABELS: Mapping[str, Mapping[Any, str]] = {
    "kind": rules.KIND_LABELS,
    "channel": {c: t for c, t in rules.CHANNEL_LABELS.items() if c not in rules.LEGACY_CHANNELS},
    "priority": rules.PRIORITY_LABELS,
    "status": SOURCE_STATUS_LABELS,
    "outcome": rules.OUTCOME_LABELS,
}
_NAMES = {"applicant", "first_name", "last_name", "title"}
_YES_NO = (("evet", "Yes"), ("hayir", "No"))


@dataclass(frozen=True)
class ColumnRow:
    """One column of the file: what it holds, which field it fills and what was found in it."""

    index: int
    header: str
    sample: str
    kind: str
    target: str
    also: str
    date_format: str
    asks_format: bool
    tone: str
    check: str


@dataclass(frozen=True)
class Word:
    """One word of a column with the code it means; `index` numbers it within its field."""

    index: int
    text: str
    rows: str
    code: str


@dataclass(frozen=True)
class WordTable:
    """The words of one field; `left` are those that mean nothing yet."""

    target: str
    label: str
    column: str
    words: Sequence[Word]
    options: Options
    left: int
    note: str


@dataclass(frozen=True)
class Constant:
    """A field with the value for rows, or files, that say nothing about it."""

    target: str
    label: str
    value: str
    options: Options
    required: bool


@dataclass(frozen=True)
class ColumnsPage:
    """Everything the template draws."""

    rows: Sequence[ColumnRow]
    targets: Options
    formats: Options
    tables: Sequence[WordTable]
    constants: Sequence[Constant]
    plan: imports.Plan
    save_as: str
    matched: int
    doubtful: int
    checked: str
    helps: Sequence[tuple[str, str]] = ()
    errors: Sequence[tuple[str, str, str]] = field(default_factory=tuple)


# --- from the form to a plan -----------------------------------------------------------------------
def plan_from(form: Args, headers: Sequence[str], before: imports.Plan) -> imports.Plan:
    """The plan that a sent form describes; `before` keeps separators that the form does not show."""
    chosen: dict[str, list[str]] = {}
    patterns: dict[str, str] = {}
    known = {one.name for one in imports.target_fields()}
    for index, header in enumerate(headers):
        for name in ("target", "also"):
            target = form.get(f"{name}-{index}", "")
            if target in known and header not in chosen.setdefault(target, []):
                chosen[target].append(header)
                if target in imports.DATE_TARGETS:
                    patterns[target] = form.get(f"format-{index}", "")
    fields = []
    for one in imports.target_fields():
        columns = tuple(chosen.get(one.name, ()))
        constant = form.get(f"constant-{one.name}", "").strip() or None
        if not columns and constant is None:
            continue
        old = before.mapping.of(one.name)
        pattern = patterns.get(one.name, "")
        fields.append(
            FieldMapping(
                target=one.name,
                columns=columns,
                constant=constant,
                separator=old.separator
                if old and len(old.columns) > 1
                else imports.separator_of(one.name),
                values=_words_from(form, one.name, old),
                date_format=pattern
                if pattern in imports.DATE_FORMATS
                else (old.date_format if old else ""),
            )
        )
    return imports.Plan(
        Columns(tuple(fields)),
        form.get("source", "").strip(),
        notify=form.get("notify") == "1",
        topic_required=form.get("topic_required") == "1",
    )


def _words_from(form: Args, target: str, old: FieldMapping | None) -> dict[str, str]:
    """Meanings that were sent; words that the page did not show keep the meaning they had."""
    values = dict(old.values) if old is not None else {}
    index = 0
    while (word := form.get(f"word-{target}-{index}")) is not None:
        code = form.get(f"code-{target}-{index}", "")
        if code:
            values[word] = code
        else:
            values.pop(word, None)
        index += 1
    return values


# --- from a plan to the page -----------------------------------------------------------------------
def columns_page(
    session: Session,
    look: imports.Look,
    plan: imports.Plan,
    *,
    save_as: str = "",
    errors: Sequence[tuple[str, str, str]] = (),
) -> ColumnsPage:
    """What the page shows for a plan: samples are masked, each column is checked with its rows."""
    prepared = imports.check_rows(session, look, plan)
    faults = imports.count_faults(prepared)
    unknown = sum("topic_at_source" in row.facts for row in prepared)
    rows = [
        _row(index, guess, plan, faults, unknown, len(prepared))
        for index, guess in enumerate(look.columns)
    ]
    return ColumnsPage(
        rows=rows,
        targets=[(one.name, _label(one)) for one in imports.target_fields()],
        formats=[(pattern, imports.date_example(pattern)) for pattern in imports.DATE_FORMATS],
        tables=_tables(session, look, plan),
        constants=_constants(session, plan),
        plan=plan,
        save_as=save_as,
        matched=sum(bool(row.target) for row in rows),
        doubtful=sum(row.tone == "warn" for row in rows),
        checked=format_number(len(prepared)),
        helps=[
            (_label(one), formats.translated(imports.HELPS[one.name]))
            for one in imports.target_fields()
            if one.name in imports.HELPS
        ],
        errors=errors,
    )


def _label(one: Any) -> str:
    return formats.translated(str(one.label))


def _row(
    index: int,
    guess: ColumnGuess,
    plan: imports.Plan,
    faults: Counter[str],
    unknown: int,
    total: int,
) -> ColumnRow:
    targets = [one for one in plan.mapping.fields if guess.header in one.columns]
    names = [one.target for one in targets]
    dated = next((one for one in targets if one.target in imports.DATE_TARGETS), None)
    tone, check = _check(guess, names, faults, unknown, total)
    return ColumnRow(
        index=index,
        header=guess.header,
        sample=_sample(guess, names),
        kind=_kind(guess),
        target=names[0] if names else "",
        also=names[1] if len(names) > 1 else "",
        date_format=dated.date_format if dated else "",
        asks_format=dated is not None,
        tone=tone,
        check=check,
    )


def _check(
    guess: ColumnGuess, names: Sequence[str], faults: Counter[str], unknown: int, total: int
) -> tuple[str, str]:
    if not names:
        return "", _("will not be taken over")
    bad = max(faults[name] for name in names)
    if bad:
        return "warn", _("%(n)s rows will be refused", n=format_number(bad))
    if "topic" in names and unknown:
        return "warn", _("%(n)s rows without a topic of ours", n=format_number(unknown))
    if guess.empty:
        return "ok", _("%(n)s cells are empty", n=format_number(guess.empty))
    return "ok", _("all %(n)s rows can be read", n=format_number(total))


def _sample(guess: ColumnGuess, names: Sequence[str]) -> str:
    """A first value, masked where it names a person."""
    if not guess.sample:
        return "–"
    if _NAMES & set(names):
        return mask_name(guess.sample)
    if "email" in names or "@" in guess.sample:
        return mask_email(guess.sample) if "email" in names else scrub(excerpt(guess.sample, 60))
    if "phone" in names or (guess.kind == "phone" and not names):
        return mask_phone(guess.sample)
    if set(names) & PERSONAL_FIELDS:
        return "***"
    return (
        excerpt(guess.sample, 60) if "external_ref" in names else scrub(excerpt(guess.sample, 60))
    )


def _kind(guess: ColumnGuess) -> str:
    words = {
        "empty": _("Empty column"),
        "date": _("Date"),
        "datetime": _("Date and time"),
        "number": _("Number"),
        "phone": _("Telephone"),
        "text": _("Text"),
        "long_text": _("Long text"),
    }
    if guess.kind == "choice":
        return str(_("List of %(n)s values", n=format_number(guess.distinct)))
    return str(words.get(guess.kind, guess.kind))


def _tables(session: Session, look: imports.Look, plan: imports.Plan) -> list[WordTable]:
    tables = []
    directory = imports.load_directory(session)
    for name in imports.WORD_FIELDS:
        one = plan.mapping.of(name)
        if one is None or len(one.columns) != 1:
            continue
        counted = look.words.get(one.columns[0], Counter())
        if not counted or len(counted) > imports.MOST_WORDS:
            continue
        words = [
            Word(
                index,
                text,
                format_number(rows),
                one.values.get(text) or imports.meaning_of(name, text, directory),
            )
            for index, (text, rows) in enumerate(counted.most_common())
        ]
        found = imports.field_named(name)
        tables.append(
            WordTable(
                target=name,
                label=_label(found),
                column=one.columns[0],
                words=words,
                options=_options(session, name),
                left=sum(not word.code for word in words),
                note=_("A word without a topic stands before the subject.")
                if name == "topic"
                else _("Rows with a word that means nothing are refused."),
            )
        )
    return tables


def _options(session: Session, name: str) -> Options:
    if name == "topic":
        found = {entry.code: entry for entry in imports.load_directory(session).topics.values()}
        return [(code, f"{code} {found[code].name}") for code in sorted(found)]
    if name == "district":
        return [
            (district, district)
            for _pk, district in sorted(
                imports.load_directory(session).districts.values(), key=lambda d: sort_key(d[1])
            )
        ]
    if name == "identity_hidden":
        return [(code, formats.translated(label)) for code, label in _YES_NO]
    labels = CODE_LABELS[name]
    return [
        (str(getattr(code, "value", code)), formats.translated(text))
        for code, text in labels.items()
    ]


def _constants(session: Session, plan: imports.Plan) -> list[Constant]:
    constants = []
    for name in imports.CONSTANT_FIELDS:
        one, found = plan.mapping.of(name), imports.field_named(name)
        value = (one.constant or "") if one is not None else ""
        missing = bool(found and found.required and (one is None or not one.columns))
        constants.append(Constant(name, _label(found), value, _options(session, name), missing))
    return constants
