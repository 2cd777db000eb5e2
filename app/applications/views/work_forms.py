"""One small form per step of an application; which step needs what stands in the state table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.applications import rules
from app.applications.views.feedback.reason_field import reason_field
from app.core.views import fields
from app.core.views.forms import BackOfficeForm

#: Fields that a step may ask for, by the name that the state table and the services use.
FIELDS: Mapping[str, Callable[[bool], Any]] = {
    "note": lambda needed: TextAreaField(_l("Note"), [_presence(needed), Length(max=4000)]),
    "reason": lambda needed: TextAreaField(
        _l("Reason"),
        [_presence(needed), Length(max=300, message=_l("At most %(max)d characters."))],
    ),
    "lead_unit_id": lambda needed: fields.LookupField(
        _l("Lead unit"), [_presence(needed)], source="unit"
    ),
    "more_unit_id": lambda needed: fields.LookupField(
        _l("Another unit, for action"),
        [Optional()],
        source="unit",
        description=_l("Asked as well; the lead unit gathers the answers."),
    ),
    "second_unit_id": lambda needed: fields.LookupField(
        _l("A third unit, for action"), [Optional()], source="unit"
    ),
    "informed_unit_id": lambda needed: fields.LookupField(
        _l("A unit for information"),
        [Optional()],
        source="unit",
        description=_l("Need not answer. Further units are asked from the record."),
    ),
    "due_on": lambda needed: fields.DayField(
        _l("Day the unit should answer by"),
        [Optional()],
        description=_l("Empty: computed from the unit’s own days."),
    ),
    "planned_on": lambda needed: fields.DayField(_l("Planned for"), [_presence(needed)]),
    "answer_text": lambda needed: TextAreaField(
        _l("What was found and done"), [_presence(needed), Length(max=10_000)]
    ),
    "outcome": lambda needed: fields.CodeField(
        _l("Outcome"),
        [_presence(needed)],
        labels=rules.OUTCOME_LABELS,
        enum=rules.Outcome,
        blank=True,
    ),
    "institution_id": lambda needed: fields.LookupField(
        _l("Institution"),
        [_presence(needed)],
        source="institution",
        description=_l("The competent authority (3071 art. 5)."),
    ),
    "inadmissible_reason": lambda needed: fields.CodeField(
        _l("Reason (3071 art. 6)"),
        [_presence(needed)],
        labels=rules.INADMISSIBLE_REASON_LABELS,
        enum=rules.InadmissibleReason,
        blank=True,
    ),
    "master_id": lambda needed: fields.LookupField(
        _l("Main case"),
        [_presence(needed)],
        source="application",
        description=_l("Type its number or words of its subject."),
    ),
    "article": lambda needed: StringField(
        _l("Law and article"),
        [Optional(), Length(max=60)],
        description=_l("For example: 4982 sayılı Kanun m.19."),
    ),
    "amount": lambda needed: fields.NumberField(
        _l("Cost of access (lira)"),
        [InputRequired(fields.REQUIRED)],
        description=_l("What copying and sending cost (4982 art. 10), for example 84,50."),
    ),
    "paid_on": lambda needed: fields.DayField(
        _l("Paid on"), [Optional()], description=_l("Empty: today.")
    ),
    "files": lambda needed: MultipleFileField(_l("Photo or document"), [Optional()]),
}

#: Fields beyond what the step needs, offered all the same.
EXTRA: Mapping[rules.Action, tuple[str, ...]] = {
    rules.Action.TAKE_TO_TRIAGE: ("note",),
    rules.Action.TRIAGE_AGAIN: ("note",),
    rules.Action.ASSIGN: (
        "more_unit_id",
        "second_unit_id",
        "informed_unit_id",
        "due_on",
        "note",
    ),
    rules.Action.ACCEPT: ("note",),
    rules.Action.GRANT_EXTENSION: ("note",),
    rules.Action.START_WORK: ("note",),
    rules.Action.CLOSE: ("note",),
    rules.Action.TRANSFER_OUT: ("outcome_reason_id", "note"),
    rules.Action.REJECT: ("outcome_reason_id", "article"),
    rules.Action.DECLARE_INADMISSIBLE: ("note",),
    rules.Action.MERGE: ("note",),
    rules.Action.CLOSE_NO_REPLY: ("note",),
    rules.Action.DEMAND_FEE: ("amount",),
    rules.Action.RECEIVE_FEE: ("paid_on", "note"),
    rules.Action.DEEM_WITHDRAWN: ("note",),
    rules.Action.UNIT_ANSWER: ("outcome_reason_id", "files"),
}


class NoteForm(BackOfficeForm):
    """A note of the history once more, when its words were questioned."""

    note = TextAreaField(_l("Note"), [InputRequired(fields.REQUIRED), Length(max=4000)])


def _presence(needed: bool) -> Any:
    return InputRequired(fields.REQUIRED) if needed else Optional()


def names_for(row: rules.Transition) -> list[str]:
    """Fields of the form of a step, what it needs first."""
    extra = [name for name in EXTRA.get(row.action, ()) if name not in row.needs]
    return [*row.needs, *extra]


def form_for(row: rules.Transition) -> type[BackOfficeForm]:
    """The form class of a step."""
    names = names_for(row)
    attributes = {name: FIELDS[name](name in row.needs) for name in names if name in FIELDS}
    if "outcome_reason_id" in names:
        attributes["outcome_reason_id"] = reason_field(row.action)
    return type(f"{row.action.value.title()}Form", (BackOfficeForm,), attributes)
