"""Forms of a tour: how a visit ended, why it is put off, what goes into the case."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.applications import rules as case_rules
from app.applications.rules import field as rules
from app.applications.rules.field import FieldNextStep
from app.core.views import fields
from app.core.views.forms import BackOfficeForm


class FinishForm(BackOfficeForm):
    """What was found, what was done, what follows."""

    findings = TextAreaField(
        _l("What was found"),
        [InputRequired(fields.REQUIRED), Length(max=4000)],
        description=_l("Only what can be seen there; no names."),
    )
    measures = TextAreaField(_l("Measures taken"), [Optional(), Length(max=4000)])
    next_step = fields.CodeField(
        _l("What follows"),
        [InputRequired(fields.REQUIRED)],
        labels=rules.FIELD_NEXT_STEP_LABELS,
        enum=FieldNextStep,
        blank=True,
    )
    citizen_confirmed = RadioField(
        _l("The citizen agreed on the spot"),
        choices=[("", _l("Nobody was asked")), ("1", _l("Yes")), ("0", _l("No"))],
        default="",
        validators=[Optional()],
        description=_l("No signature is needed; ask only whoever comes by."),
    )
    photos = MultipleFileField(
        _l("Pictures"),
        [Optional()],
        description=_l("Place and camera are taken out of each picture; at most 12 MB each."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )


class PostponeForm(BackOfficeForm):
    """Why a visit is not made now."""

    reason = TextAreaField(
        _l("Why postponed"),
        [InputRequired(_l("Write why the visit is postponed.")), Length(max=300)],
    )


class ReportForm(BackOfficeForm):
    """What goes into the case."""

    text = TextAreaField(
        _l("Text for the case"), [InputRequired(fields.REQUIRED), Length(max=10_000)]
    )
    outcome = fields.CodeField(
        _l("Outcome"),
        [Optional()],
        labels=case_rules.OUTCOME_LABELS,
        enum=case_rules.Outcome,
        blank=True,
    )
