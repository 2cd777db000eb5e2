"""Legal time: special days with a preview of what they move, and versions of the periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from flask import flash, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.calendar import SpecialDay
from app.core.text import format_date, format_number
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, formats
from app.core.views.entities import Exact
from app.core.views.page import Button, Cell, Crumb
from app.system.models import CalendarDay, LegalRule
from app.system.rules import (
    DAY_KIND_LABELS,
    DAY_TAKEN,
    PERIOD_UNIT_LABELS,
    calendar_day_violations,
    legal_rule_violations,
)
from app.system.services import calendar

#: So many examples of each period are shown.
_EXAMPLES = 3


def translated_cell(value: Any, record: Any) -> Cell:
    """A text that the program brought along, in the reader's language."""
    return Cell("text", formats.translated(value)) if value else formats.EMPTY


def _newest(shifts: Sequence[calendar.Shift], key: str) -> list[calendar.Shift]:
    return [shift for shift in shifts if shift.rule_key == key][-_EXAMPLES:]


class CalendarDayView(BackOfficeView):
    """Holidays, half days and leave; a change recomputes what is open."""

    datamodel = Interface(CalendarDay)
    route_base = "/calendar"
    class_permission_name = "CalendarDay"
    label = _l("Special day")
    label_plural = _l("Working calendar")
    icon = "calendar"
    can_delete = True
    link_column = "name"
    list_columns = ["on", "name", "kind", "counts_as_working_day", "authority", "is_estimated"]
    order_columns = ["on"]
    base_order = ("on", "desc")
    add_fieldsets = [
        (_l("Day"), {"fields": ["on", "kind", "name", "counts_as_working_day", "is_estimated"]}),
        (_l("Decision"), {"fields": ["authority", "decision_no", "source"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "on": _l("Day"),
        "name": _l("Name"),
        "kind": _l("Kind of day"),
        "counts_as_working_day": _l("Counts as a working day"),
        "is_estimated": _l("Not confirmed yet"),
        "authority": _l("Declared by"),
        "decision_no": _l("Decision"),
        "source": _l("Source"),
    }
    description_columns = {
        "counts_as_working_day": _l("Leave it to the setting unless a decision says otherwise."),
        "authority": _l("For leave: the President, the governor."),
        "is_estimated": _l(
            "Religious holidays of far years; confirm them when Diyanet has published."
        ),
    }
    codes = {"kind": DAY_KIND_LABELS}
    filters = (
        Choice("kind", _l("Kind of day"), CalendarDay.kind, labels=DAY_KIND_LABELS),
        Dates("on", _l("Day"), CalendarDay.on),
        Flag("estimated", _l("Not confirmed yet"), CalendarDay.is_estimated),
    )
    form_rule = staticmethod(calendar_day_violations)
    constraints = {
        "uq_system_calendar_day": ("on", DAY_TAKEN),
        "system_calendar_day.on": ("on", DAY_TAKEN),
    }
    intro = _l(
        "Public holidays are loaded for 2015 to 2035. Add a leave as soon as it is declared."
    )

    def new_label(self) -> str:
        """Words of the button."""
        return str(_("Add leave"))

    def add_response(self) -> Any:
        """Show first what the day would move; store it when that is confirmed."""
        if request.method == "POST" and "_confirmed" not in request.form:
            form = self.add_form_class(request.form)
            if form.validate() and not form.add_violations(self.check(form.values(), None)):
                page = self._preview_page(form.values())
                if page is not None:
                    return self.render_template("confirm.html", page=page)
        answer = super().add_response()
        if getattr(answer, "status_code", 200) == 302 and "_confirmed" not in request.form:
            flash(
                _(
                    "No last day has moved by it: it counts as a working day, or no period runs over it."
                ),
                "info",
            )
        return answer

    def _preview_page(self, values: Mapping[str, Any]) -> Any:
        day = SpecialDay(
            values["on"], values["kind"], values["name"], values["counts_as_working_day"]
        )
        shifts = calendar.preview(self.session, day=day)
        if not shifts:
            return None
        # The newest receipts of each period: those are the applications that people remember.
        newest = [
            s for key in dict.fromkeys(s.rule_key for s in shifts) for s in _newest(shifts, key)
        ]
        rows = [
            _(
                "%(rule)s, received on %(received)s: %(before)s becomes %(after)s.",
                rule=formats.translated(calendar.label_of(self.session, shift)),
                received=format_date(shift.received_on),
                before=format_date(shift.before),
                after=format_date(shift.after),
            )
            for shift in newest
        ]
        if len(shifts) > len(newest):
            rows.append(_("And %(n)s more.", n=format_number(len(shifts) - len(newest))))
        text = _("This day moves the last day of applications that were received before it.")
        fields = [
            (k, v)
            for k, v in request.form.items(multi=True)
            if k not in {"csrf_token", "_confirmed"}
        ]
        button = Button(
            _("Add and recompute"),
            self.url("add"),
            "check",
            post=True,
            primary=True,
            fields=[*fields, ("_confirmed", "1")],
        )
        return SimpleNamespace(
            title=_("What %(name)s would move", name=values["name"]),
            text=" ".join([text, *rows]),
            button=button,
            cancel_url=self.url("list"),
            crumbs=[Crumb(formats.translated(self.label_plural), self.url("list"))],
        )

    def save_new(self, item: Any, values: Mapping[str, Any]) -> Any:
        """Store the day and recompute."""
        names = (
            "on",
            "kind",
            "name",
            "authority",
            "decision_no",
            "counts_as_working_day",
            "source",
        )
        day = calendar.add_leave(self.session, **{name: values[name] for name in names})
        day.is_estimated = bool(values["is_estimated"])
        return day

    def save_changed(self, item: Any, values: Mapping[str, Any]) -> Any:
        """Store the change and recompute."""
        return calendar.change_day(self.session, day=item)

    def delete_response(self, item: Any) -> Any:
        """Take the day out and recompute."""
        name = self.row_label(item)
        calendar.remove_day(self.session, day=item)
        self.session.commit()
        flash(_("%(name)s has been deleted.", name=name), "success")
        return redirect(self.url("list"))


class LegalRuleView(BackOfficeView):
    """Legal periods in versions; an old version is closed by a new one and never edited."""

    datamodel = Interface(LegalRule)
    route_base = "/legal-rules"
    class_permission_name = "LegalRule"
    label = _l("Legal period")
    label_plural = _l("Legal periods")
    icon = "book"
    can_edit = False
    link_column = "label"
    list_columns = ["label", "law", "days", "unit", "rule_version", "valid_from", "valid_to", "key"]
    order_columns = ["key", "law", "days", "valid_from"]
    base_order = ("key", "asc")
    add_fieldsets = [
        (_l("Period"), {"fields": ["key", "label", "law"]}),
        (_l("Counting"), {"fields": ["days", "unit", "shift_to_working_day", "valid_from"]}),
        (_l("Note"), {"fields": ["note"]}),
    ]
    show_fieldsets = [
        (_l("Period"), {"fields": ["label", "key", "law", "rule_version"]}),
        (
            _l("Counting"),
            {"fields": ["days", "unit", "shift_to_working_day", "valid_from", "valid_to"]},
        ),
        (_l("Note"), {"fields": ["note"]}),
    ]
    label_columns = {
        "label": _l("Period"),
        "key": _l("Name in the program"),
        "law": _l("Law and article"),
        "days": _l("Length"),
        "unit": _l("Counted in"),
        "shift_to_working_day": _l("Moves to a working day"),
        "rule_version": _l("Version"),
        "valid_from": _l("In force from"),
        "valid_to": _l("In force until"),
        "note": _l("Reading and doubts"),
    }
    description_columns = {
        "key": _l("The same name makes a new version of that period."),
        "valid_from": _l("The version before it ends on the day before."),
        "shift_to_working_day": _l(
            "A last day that is a holiday moves to the next working day (2577 m.8)."
        ),
    }
    codes = {"unit": PERIOD_UNIT_LABELS}
    formats = {"label": translated_cell, "note": translated_cell}
    wide = frozenset({"note", "label"})
    filters = (
        Exact("key", _l("Name in the program"), LegalRule.key),
        Choice("unit", _l("Counted in"), LegalRule.unit, labels=PERIOD_UNIT_LABELS),
        Dates("from", _l("In force from"), LegalRule.valid_from),
    )
    form_rule = staticmethod(legal_rule_violations)
    intro = _l(
        "A period is changed by a new version; what was computed with an old one stays explainable."
    )

    def row_label(self, item: Any) -> str:
        """The period with its version."""
        return f"{formats.translated(item.label)} ({_('version %(n)s', n=item.rule_version)})"

    def new_label(self) -> str:
        """Words of the button."""
        return str(_("New version"))

    def show_buttons(self, item: Any) -> list[Button]:
        """Begin a new version from this one."""
        if not self.may("write"):
            return []
        return [Button(_("New version"), self.url("add", base=item.id), "plus", primary=True)]

    def defaults(self) -> dict[str, Any]:
        """The values of the version that the new one starts from."""
        base = request.args.get("base", "")
        if not (base.isdigit() and len(base) < 10):
            return {}
        item = self.load(int(base))
        names = ("key", "law", "days", "unit", "shift_to_working_day")
        return {**{n: getattr(item, n) for n in names}, "label": formats.translated(item.label)}

    def save_new(self, item: Any, values: Mapping[str, Any]) -> Any:
        """Close the version before and store the new one."""
        names = (
            "key",
            "law",
            "days",
            "unit",
            "valid_from",
            "label",
            "shift_to_working_day",
            "note",
        )
        return calendar.add_rule_version(self.session, **{name: values[name] for name in names})
