"""Forms from tables: one field per declared column, checked by the room's own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import Boolean, Date, Enum, Float, Integer, Numeric, String, Text, inspect
from sqlalchemy.orm import Mapper, RelationshipProperty
from werkzeug.datastructures import CombinedMultiDict
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from app.core.models import Instant
from app.core.rules import Violation
from app.core.text import clean
from app.core.views import fields

Rule = Callable[[Mapping[str, Any]], Iterable[Violation]]


class BackOfficeForm(FlaskForm):
    """A form whose errors come from fields and from the room's rule alike; input is always kept."""

    class Meta(FlaskForm.Meta):
        """Texts are cleaned before anything looks at them."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(unbound_field.field_class, StringField) and clean_value not in filters:
                keep_lines = issubclass(unbound_field.field_class, TextAreaField)
                filters.append(clean_lines if keep_lines else clean_value)
            return unbound_field.bind(form=form, **{**options, "filters": filters})

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent with the request, its files among it: a form that asks for files gets them."""
            if formdata is request.form and request.files:
                return CombinedMultiDict((request.files, request.form))
            return super().wrap_formdata(form, formdata)

    def values(self) -> dict[str, Any]:
        """Field name → value, without the token."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}

    def add_violations(self, violations: Iterable[Violation]) -> bool:
        """Put rule violations at their fields; those without a field go to the form. True if any."""
        found = False
        for violation in violations:
            found = True
            message = (
                _(violation.message) % dict(violation.params)
                if violation.params
                else _(violation.message)
            )
            field = self._fields.get(violation.field)
            if field is None:
                self.form_errors.append(message)
            elif message not in field.errors:
                field.errors = [*field.errors, message]
        return found


def clean_value(value: Any) -> Any:
    """Normal form, single spaces, no leading or trailing space."""
    return clean(value) if isinstance(value, str) else value


def clean_lines(value: Any) -> Any:
    """The same for a text of several lines; the lines stay."""
    if not isinstance(value, str):
        return value
    return "\n".join(clean(line) for line in value.replace("\r\n", "\n").split("\n")).strip()


def _base(label: Any, help_text: Any, *validators: Any, **extra: Any) -> dict[str, Any]:
    return {"label": label, "description": help_text or "", "validators": list(validators), **extra}


def _presence(required: bool) -> Any:
    return InputRequired(fields.REQUIRED) if required else Optional()


def field_for_column(
    column: Any, label: Any, help_text: Any, labels: Mapping[Any, str] | None
) -> Any:
    """The unbound field for a mapped column."""
    kind = column.type
    has_default = column.default is not None or column.server_default is not None
    required = not column.nullable and not has_default
    if isinstance(kind, Boolean):
        if column.nullable:
            return _tristate(label, help_text)
        given = column.default
        ticked = bool(given.arg) if given is not None and given.is_scalar else False
        return BooleanField(**_base(label, help_text, default=ticked))
    if isinstance(kind, Enum) and kind.enum_class is not None:
        blank = column.nullable
        own = labels or {member: member.value for member in kind.enum_class}
        base = _base(label, help_text, *(() if blank else (InputRequired(fields.REQUIRED),)))
        default = column.default.arg if column.default is not None else None
        return fields.CodeField(
            **base, labels=own, enum=kind.enum_class, blank=blank, default=default
        )
    if isinstance(kind, Instant):
        return fields.MomentField(**_base(label, help_text, _presence(required)))
    if isinstance(kind, Date):
        return fields.DayField(**_base(label, help_text, _presence(required)))
    if isinstance(kind, Integer):
        return fields.WholeField(**_base(label, help_text, _presence(required)))
    if isinstance(kind, Float | Numeric):
        return fields.NumberField(
            **_base(label, help_text, _presence(required)), as_float=isinstance(kind, Float)
        )
    if isinstance(kind, Text):
        return TextAreaField(**_base(label, help_text, _presence(required), Length(max=20_000)))
    if isinstance(kind, String):
        if column.key in {"phone", "phone2", "contact_phone", "mukhtar_phone"}:
            return fields.PhoneField(**_base(label, help_text, _presence(required)))
        extra = (
            [Email(_l("Write an e-mail address, for example ad.soyad@ornek.com."))]
            if column.key in {"email", "contact_email", "kep"}
            else []
        )
        limit = Length(max=kind.length or 300, message=_l("At most %(max)d characters."))
        return StringField(
            **_base(label, help_text, _presence(required), limit, *extra), filters=[clean_value]
        )
    raise TypeError(f"no field for {column} of type {kind!r}")


def _tristate(label: Any, help_text: Any) -> Any:
    from wtforms import SelectField

    return SelectField(
        **_base(label, help_text),
        choices=lambda: [("", _("By the setting")), ("1", _("Yes")), ("0", _("No"))],
        coerce=lambda v: None if v in (None, "", "None") else v in (True, "1", "True"),
    )


def make_form(
    model: type,
    names: Sequence[str],
    *,
    labels: Mapping[str, Any],
    helps: Mapping[str, Any],
    codes: Mapping[str, Mapping[Any, str]],
    lookups: Mapping[str, Any],
    extra: Mapping[str, Any],
) -> type[BackOfficeForm]:
    """A form class for `names` of `model`: columns, many-to-one relations (pickers) and extras."""
    mapper: Mapper[Any] = inspect(model)
    attributes: dict[str, Any] = {}
    for name in names:
        label, help_text = labels.get(name, name), helps.get(name, "")
        if name in extra:
            attributes[name] = extra[name]
        elif name in mapper.relationships:
            attributes[name] = _field_for_relation(
                mapper.relationships[name], label, help_text, lookups.get(name)
            )
        else:
            attributes[name] = field_for_column(
                mapper.columns[name], label, help_text, codes.get(name)
            )
    return type(f"{model.__name__}Form", (BackOfficeForm,), attributes)


def _field_for_relation(
    relation: RelationshipProperty[Any], label: Any, help_text: Any, lookup: Any
) -> Any:
    column = next(iter(relation.local_columns))
    source, depends = lookup if isinstance(lookup, tuple) else (lookup, ())
    if source is None:
        raise TypeError(f"{relation}: say which lookup fills this field")
    return fields.LookupField(
        **_base(label, help_text, _presence(not column.nullable)), source=source, depends=depends
    )


def populate(form: BackOfficeForm, item: Any, names: Sequence[str]) -> None:
    """Put the declared fields, and nothing else, into the record."""
    mapper: Mapper[Any] = inspect(type(item))
    for name in names:
        field = form._fields[name]
        if name in mapper.relationships:
            relation = mapper.relationships[name]
            local = next(iter(relation.local_columns))
            setattr(item, mapper.get_property_by_column(local).key, field.data)
        elif name in mapper.columns:
            value = field.data
            column = mapper.columns[name]
            if value is None and isinstance(column.type, String) and not column.nullable:
                value = ""
            setattr(item, name, value)


def initial(item: Any, names: Sequence[str]) -> dict[str, Any]:
    """Values of the record for the fields of an edit form."""
    return {name: getattr(item, name) for name in names if hasattr(item, name)}
