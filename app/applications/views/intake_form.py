"""The form of the intake screen; what is wrong with an application is decided in the rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from app.applications import rules
from app.core.views import fields
from app.core.views.forms import BackOfficeForm

#: Kinds offered as buttons; the others stand in a list behind them.
QUICK_KINDS = (
    rules.Kind.REQUEST,
    rules.Kind.COMPLAINT,
    rules.Kind.TIPOFF,
    rules.Kind.SUGGESTION,
    rules.Kind.INFORMATION,
    rules.Kind.ENQUIRY,
)

#: What the desk found of a part of a petition.
PART_CHOICES = [("", _l("Not looked at")), ("1", _l("Is there")), ("0", _l("Is missing"))]


#: Fields that name or reach the applicant.
APPLICANT_FIELDS = (
    "citizen_id", "first_name", "last_name", "title", "phone", "email", "national_id", "address",
    "on_behalf_of",
)  # fmt: skip


def part_field(name: str) -> RadioField:
    """The choice for one part of a petition (3071 m.4)."""
    return RadioField(_l(rules.PETITION_PARTS[name]), choices=PART_CHOICES, default="")


def found_part(value: str | None) -> bool | None:
    """The answer as it is kept: True, False, or None when nobody looked."""
    return {"1": True, "0": False}.get(value or "")


#: Channels a clerk may pick: closed offices are not offered.
CHANNELS = {c: label for c, label in rules.CHANNEL_LABELS.items() if c not in rules.LEGACY_CHANNELS}


class IntakeForm(BackOfficeForm):
    """One application with its applicant, on one screen."""

    request_key = HiddenField()
    citizen_id = fields.LookupField(_l("Applicant"), [Optional()], source="citizen")
    who = RadioField(
        _l("Who applies?"),
        choices=[
            ("known", _l("Known")),
            ("new", _l("New")),
            ("anonymous", _l("Anonymous")),
        ],
        default="known",
    )
    first_name = StringField(_l("First name"), [Optional(), Length(max=80)])
    last_name = StringField(_l("Last name"), [Optional(), Length(max=80)])
    title = StringField(
        _l("Title of the legal entity"),
        [Optional(), Length(max=200)],
        description=_l("Only for a company, association or the like."),
    )
    phone = fields.PhoneField(_l("Telephone"), [Optional()])
    email = StringField(
        _l("E-mail"),
        [
            Optional(),
            Length(max=320),
            Email(_l("Write an e-mail address, for example ad.soyad@ornek.com.")),
        ],
    )
    national_id = StringField(
        _l("National id"),
        [Optional(), Length(max=11)],
        description=_l("Ask only when the work needs it."),
    )
    address = StringField(
        _l("Address"),
        [Optional(), Length(max=300, message=_l("At most %(max)d characters."))],
        description=_l("A letter goes there; a petition must give it (3071 art. 4)."),
        render_kw={"data-personal": True},
    )
    on_behalf_of = StringField(
        _l("On behalf of"),
        [Optional(), Length(max=160)],
        description=_l("Neighbourhood or person, when a mukhtar or relative applies."),
    )

    channel = fields.CodeField(
        _l("Channel"),
        [InputRequired(fields.REQUIRED)],
        labels=CHANNELS,
        enum=rules.Channel,
        default=rules.Channel.CALL_CENTER,
    )
    kind = fields.CodeField(
        _l("Kind"),
        [InputRequired(fields.REQUIRED)],
        labels=rules.KIND_LABELS,
        enum=rules.Kind,
        default=rules.Kind.REQUEST,
    )
    topic = fields.LookupField(
        _l("Topic"), [InputRequired(_l("Pick the topic: type two letters of it."))], source="topic"
    )
    unit = fields.LookupField(
        _l("Unit"),
        [Optional()],
        source="unit",
        description=_l("Proposed from the topic; change it if you know better."),
    )
    priority = fields.CodeField(
        _l("Priority"),
        labels=rules.PRIORITY_LABELS,
        enum=rules.Priority,
        default=rules.Priority.NORMAL,
    )
    subject = StringField(
        _l("Summary"),
        [
            InputRequired(_l("Write the matter in one line.")),
            Length(max=200, message=_l("At most %(max)d characters.")),
        ],
    )
    body = TextAreaField(_l("What the citizen told"), [Optional(), Length(max=10_000)])

    district = fields.LookupField(_l("District"), [Optional()], source="district")
    neighbourhood = fields.LookupField(
        _l("Neighbourhood"), [Optional()], source="neighbourhood", depends=("district",)
    )
    street = StringField(_l("Street"), [Optional(), Length(max=200)])
    place_note = StringField(_l("Door number or directions"), [Optional(), Length(max=300)])
    latitude = fields.NumberField(_l("Latitude"), [Optional()], as_float=True)
    longitude = fields.NumberField(_l("Longitude"), [Optional()], as_float=True)

    wants_notice = RadioField(
        _l("How shall we tell the result?"),
        choices=[
            ("sms", _l("SMS")),
            ("email", _l("E-mail")),
            ("call", _l("Call back")),
            ("none", _l("No notice")),
        ],
        default="sms",
    )
    external_ref = StringField(
        _l("Number at the other office"),
        [Optional(), Length(max=60)],
        description=_l("For example the CİMER number."),
    )
    external_received_at = fields.MomentField(_l("Date at the other office"), [Optional()])
    identity_hidden = BooleanField(
        _l("The applicant’s identity is hidden (CİMER tip-off)"),
        description=_l("No name is asked for or shown anywhere."),
    )
    has_name = part_field("has_name")
    has_signature = part_field("has_signature")
    has_address = part_field("has_address")
    files = MultipleFileField(
        _l("Files"),
        [Optional()],
        description=_l("PDF, Word, Excel or pictures; at most 20 MB each."),
    )

    def keep_errors(self, names: Iterable[str]) -> None:
        """Forget what is wrong with other fields than these."""
        for field in self:
            if field.name not in names:
                field.errors = []

    def forget_applicant(self) -> None:
        """Nothing that was sent about the applicant is drawn again or read: the identity is hidden."""
        self.who.data = "anonymous"
        for name in APPLICANT_FIELDS:
            field = self[name]
            # “Optional” looks at what was sent, and an error would tell of it.
            field.data, field.raw_data, field.process_errors = None, [], []

    def to_values(self) -> dict[str, Any]:
        """What `register_application` takes."""
        hidden = bool(self.identity_hidden.data)
        who = "anonymous" if hidden else self.who.data
        citizen: dict[str, Any] | None = None
        if who == "known" and self.citizen_id.data:
            citizen = {"id": self.citizen_id.data}
        elif who == "new":
            citizen = {
                "first_name": self.first_name.data or "",
                "last_name": self.last_name.data or "",
                "title": self.title.data or "",
                "phone": self.phone.data or "",
                "email": self.email.data or "",
                "national_id": self.national_id.data or None,
                "address": self.address.data or "",
            }
        external = self.external_ref.data or None
        on_paper = self.channel.data in rules.PETITION_CHANNELS
        return {
            "channel": self.channel.data,
            "kind": self.kind.data,
            "topic_id": self.topic.data,
            "unit_id": self.unit.data,
            "priority": self.priority.data,
            "subject": self.subject.data or "",
            "body": self.body.data or "",
            "citizen": citizen,
            "is_anonymous": who == "anonymous" and not hidden,
            "identity_hidden": hidden,
            "on_behalf_of": self.on_behalf_of.data or "",
            "wants_notice": "none" if who == "anonymous" else self.wants_notice.data,
            "district_id": self.district.data,
            "neighbourhood_id": self.neighbourhood.data,
            "street": self.street.data or "",
            "place_note": self.place_note.data or "",
            "latitude": self.latitude.data,
            "longitude": self.longitude.data,
            "external_source": str(self.channel.data) if external else None,
            "external_ref": external,
            "external_received_at": self.external_received_at.data,
            **{
                name: found_part(self[name].data) if on_paper else None
                for name in rules.PETITION_PARTS
            },
        }
