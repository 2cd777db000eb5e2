"""Form fields of ours: pickers that never load a table, Turkish numbers, Turkish dates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import DateField, DateTimeLocalField, Field, IntegerField, SelectField
from wtforms.widgets import HiddenInput

from app.core import clock, identifiers, text
from app.core.current import db_session
from app.core.rooms import lookup_source
from app.core.views import formats


class LookupField(Field):
    """Holds the id of a related record; the browser searches for it under `lookup_url`."""

    widget = HiddenInput()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        source: str,
        depends: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.source = source
        self.depends = tuple(depends)
        self.record: Any = None

    @property
    def lookup_url(self) -> str:
        """Where the picker searches."""
        return url_for("LookupView.find", name=self.source)

    @property
    def data_label(self) -> str:
        """Text of the present value."""
        source = lookup_source(self.source)
        record = self._load()
        return source.label(record) if source is not None and record is not None else ""

    def _load(self) -> Any:
        if self.record is None and self.data:
            source = lookup_source(self.source)
            if source is not None:
                self.record = db_session().get(source.model, self.data)
        return self.record

    def process_data(self, value: Any) -> None:
        """Take a record or an id from the object."""
        self.record = value if hasattr(value, "id") else None
        self.data = value.id if hasattr(value, "id") else value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take an id from the browser; a record out of scope is as unknown as one that is not."""
        self.data, self.record = None, None
        if not valuelist or not valuelist[0].strip():
            return
        if not valuelist[0].isdigit() or len(valuelist[0]) > 9:
            raise ValueError(_("Pick a value from the list."))
        self.data = int(valuelist[0])
        if self._load() is None:
            self.data = None
            raise ValueError(_("Pick a value from the list."))

    def _value(self) -> str:
        return str(self.data) if self.data else ""


class CodeField(SelectField):
    """A select over a StrEnum whose labels are translated when the form is drawn."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        labels: Any,
        enum: Any,
        blank: bool = False,
        **kwargs: Any,
    ) -> None:
        self.enum, self.labels, self.blank = enum, labels, blank
        super().__init__(label, validators, coerce=self._coerce, choices=self._choices, **kwargs)

    def _choices(self) -> list[tuple[str, str]]:
        pairs = [
            (m.value, _(label) if isinstance(label, str) else str(label))
            for m, label in self.labels.items()
        ]
        return [("", "")] * self.blank + pairs

    def _coerce(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        return value if isinstance(value, self.enum) else self.enum(value)

    def iter_choices(self) -> Any:
        """(value, label, selected, attributes) with plain values, also for None."""
        current = getattr(self.data, "value", self.data) or ""
        for value, label in self._choices():
            yield value, label, value == current, {}

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list; a blank is left to the validators."""
        if self.data is None and (self.blank or not self.raw_data or not self.raw_data[0]):
            return
        if self.data not in self.labels:
            raise ValueError(_("Pick a value from the list."))


class DayField(DateField):
    """A day, written 31.12.2026 whatever the language of the browser; ISO is read too."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read ISO or Turkish writing."""
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = text.parse_tr_date(valuelist[0])
            if self.data is None:
                raise ValueError(_("Write the date as day.month.year, for example 31.12.2026."))

    def _value(self) -> str:
        if self.raw_data:
            return formats.typed_day(str(self.raw_data[0]))
        return text.format_date(self.data, lang=formats.language())


class MomentField(DateTimeLocalField):
    """A moment in local time, written 31.12.2026 14.05 and aware in Python; ISO is read too."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read ISO or Turkish writing."""
        self.data = None
        if valuelist and valuelist[0].strip():
            moment = text.parse_tr_datetime(valuelist[0])
            if moment is None:
                raise ValueError(_("Write date and time, for example 31.12.2026 14:05."))
            self.data = moment if moment.tzinfo else moment.replace(tzinfo=clock.ISTANBUL)

    def _value(self) -> str:
        if self.raw_data:
            return formats.typed_moment(str(self.raw_data[0]))
        return text.format_datetime(self.data, lang=formats.language())


#: Names of columns whose numbers are written in another way than amounts.
_EXAMPLES = {"latitude": "41,2776", "longitude": "27,5119"}


class NumberField(Field):
    """A decimal number written 1.234,56; who writes none is told an example of its kind."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, as_float: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.as_float = as_float
        self.example = _EXAMPLES.get(self.short_name, "1.234,5")

    def __call__(self, **kwargs: Any) -> Markup:
        from wtforms.widgets import TextInput

        return TextInput()(self, inputmode="decimal", **kwargs)

    widget = None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data).replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read 1.234,56 and 1234.56."""
        self.data = None
        if valuelist and valuelist[0].strip():
            number: Decimal | None = text.parse_tr_number(valuelist[0])
            if number is None:
                raise ValueError(
                    _("Write a number, for example %(example)s.", example=self.example)
                )
            self.data = float(number) if self.as_float else number


class WholeField(IntegerField):
    """A whole number; an empty field is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read digits, with or without the Turkish thousands dot."""
        self.data = None
        if valuelist and valuelist[0].strip():
            raw = valuelist[0].strip().replace(".", "")
            if not raw.lstrip("-").isdigit() or len(raw) > 10:
                raise ValueError(_("Write a whole number."))
            self.data = int(raw)


class PhoneField(Field):
    """A telephone number in any writing; kept as E.164."""

    def __call__(self, **kwargs: Any) -> Markup:
        from wtforms.widgets import TelInput

        return TelInput()(self, **kwargs)

    widget = None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return identifiers.format_phone(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number; nonsense is refused with an example."""
        self.data = ""
        if valuelist and valuelist[0].strip():
            number = identifiers.parse_phone(valuelist[0])
            if number is None:
                raise ValueError(
                    _("Write the number with its area code, for example 0532 123 45 67.")
                )
            self.data = number


REQUIRED = _l("This field cannot be empty.")
