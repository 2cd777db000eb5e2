"""The forms of decisions, extensions, consents and appeals: fields and words, nothing is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.applications.rules import information as foi
from app.core.views import fields
from app.core.views.forms import BackOfficeForm

_LONG = Length(max=4000, message=_l("At most %(max)d characters."))
_SHORT = Length(max=60, message=_l("At most %(max)d characters."))


class _Needed(Optional):
    """Marks a field as needed; what is missing the rule says in its own words."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {"required": True}


def _options(codes: Any, labels: Mapping[Any, str]) -> Callable[[], list[tuple[str, str]]]:
    """Choices that are translated when the form is drawn."""
    return lambda: [(code.value, _(labels[code])) for code in codes]


def _picked(value: Any) -> str | None:
    return str(getattr(value, "value", value)) if value else None


class DecisionForm(BackOfficeForm):
    """What was decided, on which articles, and how access is given."""

    decision = RadioField(
        _l("Result"),
        [Optional()],
        choices=_options(foi.DECIDABLE, foi.DECISION_LABELS),
        coerce=_picked,
        validate_choice=False,
    )
    grounds = SelectMultipleField(
        _l("Articles on which it rests"), [Optional()], coerce=int, validate_choice=False
    )
    reason = TextAreaField(
        _l("Reason"),
        [Optional(), _LONG],
        description=_l("One sentence for each article; do not repeat the text of the law."),
    )
    removed = TextAreaField(
        _l("What was removed or separated"),
        [Optional(), _LONG],
        description=_l("For example: the names of workers on 23 pages (art. 9)."),
    )
    access_form = fields.CodeField(
        _l("Form of access"),
        [Optional()],
        labels=foi.ACCESS_FORM_LABELS,
        enum=foi.AccessForm,
        blank=True,
    )
    pages = fields.WholeField(_l("Number of pages"), [Optional()])
    published_id = fields.LookupField(
        _l("Published information"),
        [Optional()],
        source="published_information",
        description=_l("Where the applicant finds it (art. 8)."),
    )
    institution_id = fields.LookupField(
        _l("Institution"),
        [Optional()],
        source="institution",
        description=_l("The institution that has the information (art. 7)."),
    )


class ExtensionForm(BackOfficeForm):
    """The reason of article 11, and a sentence for the letter."""

    extension_reason = RadioField(
        _l("Reason (4982 art. 11)"),
        [Optional()],
        choices=_options(foi.ExtensionReason, foi.EXTENSION_REASON_LABELS),
        coerce=_picked,
        validate_choice=False,
    )
    note = TextAreaField(
        _l("Explanation for the letter"),
        [Optional(), Length(max=300, message=_l("At most %(max)d characters."))],
        description=_l("Which unit or institution, and what is waited for."),
    )


class ConsentForm(BackOfficeForm):
    """When the person concerned was told and when that person agreed."""

    consent_asked_on = fields.DayField(
        _l("Person concerned was told on"),
        [_Needed()],
        description=_l("At least seven days before access is given (4982 art. 21)."),
    )
    consent_given_on = fields.DayField(
        _l("Written consent given on"),
        [Optional()],
        description=_l("Empty while there is no consent; attach its document to the application."),
    )


class AppealForm(BackOfficeForm):
    """Where the applicant went, and when."""

    forum = RadioField(
        _l("Where"),
        [Optional()],
        choices=_options(foi.AppealForum, foi.APPEAL_FORUM_LABELS),
        coerce=_picked,
        validate_choice=False,
    )
    filed_on = fields.DayField(_l("Appealed on"), [_Needed()])
    notified_on = fields.DayField(
        _l("Decision reached the applicant on"),
        [Optional()],
        description=_l("The fifteen days of the appeal run from here; empty when not known."),
    )
    file_no = StringField(_l("File number"), [Optional(), _SHORT])
    note = TextAreaField(_l("What is objected to"), [Optional(), _LONG])


class AskedForm(BackOfficeForm):
    """The Board asks for documents."""

    on = fields.DayField(_l("Asked on"), [_Needed()])
    number = StringField(_l("File number"), [Optional(), _SHORT])
    note = TextAreaField(_l("Which documents"), [Optional(), _LONG])


class SentForm(BackOfficeForm):
    """The documents have gone to the Board."""

    on = fields.DayField(_l("Sent on"), [_Needed()])
    note = TextAreaField(_l("What was sent"), [Optional(), _LONG])


class ResultForm(BackOfficeForm):
    """What the Board or the court decided."""

    on = fields.DayField(_l("Decided on"), [_Needed()])
    result = fields.CodeField(
        _l("Result"),
        [_Needed()],
        labels=foi.APPEAL_RESULT_LABELS,
        enum=foi.AppealResult,
        blank=True,
    )
    number = StringField(_l("Number of the decision"), [Optional(), _SHORT])
    note = TextAreaField(_l("Decision in short"), [Optional(), _LONG])


class FollowUpForm(BackOfficeForm):
    """What the municipality did afterwards."""

    on = fields.DayField(_l("Done on"), [_Needed()])
    follow_up = fields.CodeField(
        _l("What followed"),
        [_Needed()],
        labels=foi.FOLLOW_UP_LABELS,
        enum=foi.AppealFollowUp,
        blank=True,
    )
    note = TextAreaField(_l("Note"), [Optional(), _LONG])
