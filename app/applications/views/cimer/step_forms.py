"""The small forms of the lines that a person notes at a CİMER application."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.applications import rules
from app.core.views import fields
from app.core.views.forms import BackOfficeForm


def _reference() -> StringField:
    return StringField(
        _l("Reference"),
        [Optional(), Length(max=60, message=_l("At most %(max)d characters."))],
        description=_l("Number of this line at CİMER, if it has one."),
    )


def _at() -> fields.MomentField:
    return fields.MomentField(_l("When, at CİMER"), [InputRequired(fields.REQUIRED)])


class ResendForm(BackOfficeForm):
    """CİMER sent an application again."""

    at = _at()
    reason = fields.CodeField(
        _l("Why"),
        [InputRequired(fields.REQUIRED)],
        labels=rules.RESEND_REASON_LABELS,
        enum=rules.ResendReason,
        default=rules.ResendReason.UNSATISFIED,
    )
    reference = _reference()
    text = TextAreaField(_l("What the citizen says"), [Optional(), Length(max=10_000)])


class TextForm(BackOfficeForm):
    """The citizen added something."""

    at = _at()
    reference = _reference()
    text = TextAreaField(
        _l("What the citizen adds"), [InputRequired(fields.REQUIRED), Length(max=10_000)]
    )


class StateForm(BackOfficeForm):
    """The state in the words of CİMER."""

    word = StringField(
        _l("State, as CİMER writes it"), [InputRequired(fields.REQUIRED), Length(max=60)]
    )


class TransferForm(BackOfficeForm):
    """CİMER gave it to another institution."""

    at = _at()
    reference = _reference()
    text = TextAreaField(
        _l("To which institution"), [InputRequired(fields.REQUIRED), Length(max=1000)]
    )


class AskExtensionForm(BackOfficeForm):
    """More time was asked for."""

    asked_on = fields.DayField(_l("Asked on"), [InputRequired(fields.REQUIRED)])
    until_on = fields.DayField(_l("Wanted until"), [Optional()])
    reference = _reference()
    reason = TextAreaField(_l("Reason"), [InputRequired(fields.REQUIRED), Length(max=1000)])


class DecideExtensionForm(BackOfficeForm):
    """What CİMER answered about more time."""

    answer = RadioField(
        _l("Answer"),
        [InputRequired(fields.REQUIRED)],
        choices=[("granted", _l("Granted")), ("refused", _l("Not granted"))],
        default="granted",
    )
    until_on = fields.DayField(
        _l("Granted until"), [Optional()], description=_l("Only when it was granted.")
    )
    reference = _reference()
    text = TextAreaField(_l("What CİMER wrote"), [Optional(), Length(max=1000)])


class AnswerForm(BackOfficeForm):
    """Since when the answer stands at CİMER."""

    at = fields.MomentField(_l("Entered at CİMER at"), [InputRequired(fields.REQUIRED)])
    reference = _reference()
