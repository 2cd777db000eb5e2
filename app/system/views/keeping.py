"""What the house keeps about itself: settings and number series."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField

from app.core.rooms import Words
from app.core.rules import RuleViolation
from app.core.views import BackOfficeView, Choice, Interface, formats
from app.core.views.entities import Exact
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Cell
from app.system.models import NumberSeries, Parameter
from app.system.rules import (
    SETTING_GROUPS,
    SETTING_KIND_LABELS,
    SETTINGS,
    Setting,
    SettingKind,
    read_value,
)
from app.system.services import settings
from app.system.views.time import translated_cell


def value_cell(value: Any, row: Any) -> Cell:
    """The value of a setting as people read it."""
    setting = SETTINGS[row.key]
    typed = read_value(setting, value)
    if setting.kind is SettingKind.CHOICE:
        return Cell("text", formats.translated(setting.choices[str(typed)]))
    return formats.plain(typed)


def setting_form(setting: Setting) -> type[BackOfficeForm]:
    """A form with the one field that suits the kind of the setting."""
    common = {"label": _l("Value"), "description": formats.translated(setting.help)}
    field: Any
    if setting.kind is SettingKind.BOOLEAN:
        field = BooleanField(**common)
    elif setting.kind is SettingKind.INTEGER:
        field = IntegerField(**common)
    elif setting.kind is SettingKind.CHOICE:
        choices = [(code, formats.translated(label)) for code, label in setting.choices.items()]
        field = SelectField(**common, choices=choices)
    elif setting.kind is SettingKind.LINES:
        field = TextAreaField(**common)
    else:
        field = StringField(**common)
    return type("SettingForm", (BackOfficeForm,), {"value": field})


class ParameterView(BackOfficeView):
    """Settings that an administrator may change; their kinds and defaults are data of the program."""

    datamodel = Interface(Parameter)
    route_base = "/settings"
    class_permission_name = "Parameter"
    label = _l("Setting")
    label_plural = _l("Settings")
    icon = "gear"
    can_add = False
    link_column = "label"
    page_size = 100
    list_columns = ["label", "value", "group"]
    order_columns = ["group"]
    base_order = ("group", "asc")
    edit_fieldsets = [("", {"fields": ["value"]})]
    show_fieldsets = [
        (_l("Setting"), {"fields": ["label", "value", "help", "group", "kind", "key"]})
    ]
    label_columns = {
        "label": _l("Setting"),
        "value": _l("Value"),
        "help": _l("What it does"),
        "group": _l("Heading"),
        "kind": _l("Kind of value"),
        "key": _l("Name in the program"),
    }
    formats = {
        "label": translated_cell,
        "help": translated_cell,
        "group": translated_cell,
        "value": value_cell,
        "kind": formats.labelled({k.value: label for k, label in SETTING_KIND_LABELS.items()}),
    }
    wide = frozenset({"help"})
    filters = (
        Choice("group", _l("Heading"), Parameter.group, labels={g: g for g in SETTING_GROUPS}),
    )

    def base_query(self) -> Select[Any]:
        """The settings of the rules; the stamp is none."""
        return select(Parameter).where(Parameter.key.in_(SETTINGS))

    def row_label(self, item: Any) -> str:
        """What the setting is called."""
        return formats.translated(item.label)

    def edit_response(self, item: Any) -> Any:
        """Draw or store the one field."""
        setting = SETTINGS[item.key]
        make = setting_form(setting)
        if request.method == "POST":
            form = make(request.form)
            opened = request.form.get("_version", "")
            if opened.isdigit() and int(opened) != item.version:
                return self._conflict(item, form, ["value"])
            if form.validate() and self._store(form, item):
                flash(_("%(name)s has been saved.", name=self.row_label(item)), "success")
                return redirect(self.url("show", pk=item.id))
            item = self.load(item.id)
        else:
            form = make(data={"value": read_value(setting, item.value)})
        page = self._form_page(form, "edit", item)
        return self.render_template(self.edit_template, page=page), 422 if page.errors else 200

    def _store(self, form: BackOfficeForm, item: Any) -> bool:
        value = form.values()["value"]
        try:
            settings.set_setting(self.session, key=item.key, value="" if value is None else value)
            self.session.commit()
        except RuleViolation as refused:
            self.session.rollback()
            form.add_violations(refused.violations)
            return False
        return True


def series_cell(value: Any, row: Any) -> Cell:
    """What is numbered; a series of a day has its month and day behind it."""
    name, _colon, day = str(value).partition(":")
    said = Words("NumberSeries.series").get(name)
    words = formats.translated(said) if said is not None else name
    return Cell("text", f"{words} ({day})" if day else words, value=value)


class NumberSeriesView(BackOfficeView):
    """The last number of each series and year; numbers are given, never typed."""

    datamodel = Interface(NumberSeries)
    route_base = "/number-series"
    class_permission_name = "NumberSeries"
    label = _l("Number series")
    label_plural = _l("Number series")
    icon = "tag"
    can_add = False
    can_edit = False
    has_history = False
    list_columns = ["series", "year", "last", "changed_at"]
    order_columns = ["series", "year", "last"]
    base_order = ("year", "desc")
    show_fieldsets = [(_l("Number series"), {"fields": ["series", "year", "last", "changed_at"]})]
    label_columns = {
        "series": _l("Series"),
        "year": _l("Year"),
        "last": _l("Last number given"),
        "changed_at": _l("Given at"),
    }
    formats = {
        "year": formats.year,
        "series": series_cell,
    }
    filters = (
        Exact("series", _l("Series"), NumberSeries.series),
        Exact("year", _l("Year"), NumberSeries.year, whole=True),
    )
    intro = _l("Numbers have no gaps: a number of a broken-off registration is given again.")
