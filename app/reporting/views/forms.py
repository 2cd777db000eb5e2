"""The form of a report, made from its parameters; ordering the report is the screen's work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from app.core.reports import Parameter, ParameterKind, Report
from app.core.views import fields
from app.core.views.forms import BackOfficeForm


def form_of(report: Report) -> type[BackOfficeForm]:
    """A form with a field for each parameter; what belongs together is checked by the report."""
    attributes: dict[str, Any] = {p.name: _field(p) for p in report.parameters}
    return type("ReportForm", (BackOfficeForm,), attributes)


def _field(parameter: Parameter) -> Any:
    presence = InputRequired(fields.REQUIRED) if parameter.required else Optional()
    common: Mapping[str, Any] = {
        "label": parameter.label,
        "description": parameter.help,
        "validators": [presence],
    }
    if parameter.kind is ParameterKind.CHOICE:
        choices = list((parameter.choices or {}).items())
        return RadioField(**common, choices=choices)
    if parameter.kind is ParameterKind.RECORD:
        return fields.LookupField(**common, source=parameter.lookup)
    return fields.WholeField(**common)
