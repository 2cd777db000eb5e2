"""The form of a bulk act: one field for each value that the act needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.applications import rules
from app.applications.rules import BulkAct
from app.core.views import fields
from app.core.views.forms import BackOfficeForm

_LENGTH = Length(max=2_000, message=_l("At most %(max)d characters."))


@dataclass(frozen=True)
class ArgumentField:
    """How one value of an act is asked for; `make` gets the label and whether it must be there.

    `source` names its picker.
    """

    label: Any
    make: Callable[[Any, Any], Any]
    source: str = ""


def _picker(source: str, help_text: Any = "") -> Callable[[Any, Any], Any]:
    return lambda label, first: fields.LookupField(
        label, [first], source=source, description=help_text
    )


def _text(label: Any, first: Any) -> Any:
    return TextAreaField(
        label, [first, _LENGTH], description=_l("Stands on the timeline of each application.")
    )


FIELDS: Mapping[str, ArgumentField] = {
    "lead_unit_id": ArgumentField(_l("Lead unit"), _picker("unit"), "unit"),
    "due_on": ArgumentField(
        _l("Day the unit should answer by"),
        lambda label, first: fields.DayField(
            label, [first], description=_l("Empty: computed from the unit’s own days.")
        ),
    ),
    "note": ArgumentField(_l("Note"), _text),
    "text": ArgumentField(_l("Text"), _text),
    "priority": ArgumentField(
        _l("Priority"),
        lambda label, first: fields.CodeField(
            label, [first], labels=rules.PRIORITY_LABELS, enum=rules.Priority, blank=True
        ),
    ),
    "owner_id": ArgumentField(_l("Officer in charge"), _picker("staff"), "staff"),
    "master_id": ArgumentField(
        _l("Main case"),
        _picker("application", _l("Type its number or words of its subject.")),
        "application",
    ),
}


def form_for(act: BulkAct) -> type[BackOfficeForm]:
    """The form class of an act."""
    needed, message = rules.NEEDED_ARGUMENT.get(act, ("", ""))
    attributes = {
        name: FIELDS[name].make(
            FIELDS[name].label, InputRequired(_l(message)) if name == needed else Optional()
        )
        for name in rules.ARGUMENTS_OF_ACT[act]
    }
    return type(f"{act.value.title()}BulkForm", (BackOfficeForm,), attributes)


def arguments_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as a run keeps it: plain values."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return getattr(value, "value", value)
