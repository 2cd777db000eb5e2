"""The form of quick entry for CİMER and other offices; what is wrong is decided in the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from app.applications import rules
from app.core import clock
from app.core.views import fields
from app.core.views.forms import BackOfficeForm

OFFICES = {channel: rules.CHANNEL_LABELS[channel] for channel in rules.OFFICE_CHANNELS}
#: Fields that name or reach the applicant: they do not exist while the identity is hidden.
IDENTITY_FIELDS = ("who", "first_name", "last_name", "title", "phone", "email")
_NINE = dt.time(9)


class CimerEntryForm(BackOfficeForm):
    """One application of another office on one screen, for the keyboard."""

    request_key = HiddenField()
    item = HiddenField()
    channel = fields.CodeField(
        _l("Office that passed it on"),
        [InputRequired(fields.REQUIRED)],
        labels=OFFICES,
        enum=rules.Channel,
        default=rules.Channel.CIMER,
    )
    external_ref = StringField(
        _l("Number at CİMER"),
        [Optional(), Length(max=60, message=_l("At most %(max)d characters."))],
        description=_l("Looked up at once; one number stands for one application."),
    )
    external_on = fields.DayField(_l("Date at CİMER"), [Optional()])
    received_on = fields.DayField(_l("Date at the municipality"), [InputRequired(fields.REQUIRED)])
    kind = fields.CodeField(
        _l("Kind, as CİMER calls it"),
        [InputRequired(fields.REQUIRED)],
        labels=rules.CIMER_KIND_LABELS,
        enum=rules.Kind,
        default=rules.Kind.COMPLAINT,
    )
    identity_hidden = BooleanField(
        _l("Identity hidden"),
        description=_l("No name, telephone or e-mail is asked for, shown or kept."),
    )
    who = RadioField(
        _l("Who applies?"),
        choices=[("named", _l("Named")), ("anonymous", _l("Anonymous"))],
        default="named",
    )
    first_name = StringField(_l("First name"), [Optional(), Length(max=80)])
    last_name = StringField(_l("Last name"), [Optional(), Length(max=80)])
    title = StringField(_l("Title of the legal entity"), [Optional(), Length(max=200)])
    phone = fields.PhoneField(_l("Telephone"), [Optional()])
    email = StringField(
        _l("E-mail"),
        [
            Optional(),
            Length(max=320),
            Email(_l("Write an e-mail address, for example ad.soyad@ornek.com.")),
        ],
    )
    topic = fields.LookupField(
        _l("Topic"), [InputRequired(_l("Pick the topic: type two letters of it."))], source="topic"
    )
    subject = StringField(
        _l("Summary"),
        [
            InputRequired(_l("Write the matter in one line.")),
            Length(max=200, message=_l("At most %(max)d characters.")),
        ],
    )
    body = TextAreaField(_l("Text of the application"), [Optional(), Length(max=10_000)])
    district = fields.LookupField(_l("District"), [Optional()], source="district")
    neighbourhood = fields.LookupField(
        _l("Neighbourhood"), [Optional()], source="neighbourhood", depends=("district",)
    )
    street = StringField(_l("Street"), [Optional(), Length(max=200)])
    place_note = StringField(_l("Door number or directions"), [Optional(), Length(max=300)])

    def hide_identity(self) -> None:
        """Take the fields of the applicant out of the form: nothing posted under their names is read."""
        for name in IDENTITY_FIELDS:
            if name in self._fields:
                del self[name]

    @property
    def is_hidden(self) -> bool:
        """Whether the applicant is unknown to everybody here."""
        return bool(self.identity_hidden.data)

    def to_values(self, now: dt.datetime) -> dict[str, Any]:
        """What `register_application` takes; a day that is today is this moment."""
        values: dict[str, Any] = {
            "channel": self.channel.data,
            "kind": self.kind.data,
            "external_source": str(self.channel.data) if self.external_ref.data else None,
            "external_ref": self.external_ref.data or None,
            "external_received_at": moment(self.external_on.data, now),
            "received_at": moment(self.received_on.data, now),
            "topic_id": self.topic.data,
            "subject": self.subject.data or "",
            "body": self.body.data or "",
            "district_id": self.district.data,
            "neighbourhood_id": self.neighbourhood.data,
            "street": self.street.data or "",
            "place_note": self.place_note.data or "",
            # The office that passed it on answers the citizen.
            "wants_notice": "none",
            "identity_hidden": self.is_hidden,
        }
        return values if self.is_hidden else {**values, **self._applicant()}

    def _applicant(self) -> Mapping[str, Any]:
        names = {
            name: self._fields[name].data or ""
            for name in ("first_name", "last_name", "title", "phone", "email")
        }
        if self._fields["who"].data == "anonymous":
            return {"is_anonymous": True, "citizen": None}
        kind = {"kind": "company"} if names["title"] and not names["last_name"] else {}
        return {"citizen": {**names, **kind}}


def moment(day: dt.date | None, now: dt.datetime) -> dt.datetime | None:
    """A day as a moment: today is now, another day its nine o’clock."""
    if day is None:
        return None
    if day == clock.to_local(now).date():
        return now
    return dt.datetime.combine(day, _NINE, clock.ISTANBUL)
