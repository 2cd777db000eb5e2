"""Who stands in for whom from when to when: the list, its form, and taking a deputyship back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from app.core import clock
from app.core.rules import N_
from app.core.views import BackOfficeView, Dates, Flag, Interface, Pick, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell
from app.organisation import queries, rules, services
from app.organisation.models import Deputyship


class ActsField(SelectMultipleField):
    """The kinds of acts of a deputyship, kept as codes in one text."""

    def process_data(self, value: Any) -> None:
        """Read the kept text."""
        super().process_data(value.split() if isinstance(value, str) else value)


def acts_cell(value: Any, record: Deputyship) -> Cell:
    """The acts in words; nothing named means all of them."""
    acts = [act for act in rules.DeputyAct if act in rules.acts_of(value or "")]
    words = [formats.translated(rules.DEPUTY_ACT_LABELS[act]) for act in acts]
    return Cell("text", ", ".join(words) or (value or "").strip() or _("All acts"))


def running_cell(value: Any, record: Deputyship) -> Cell:
    """Whether it runs, comes or is over, as a badge."""
    today = clock.today()
    if not record.active:
        return Cell("badge", _("Taken back"))
    if record.to_on < today:
        return Cell("badge", _("Over"))
    if record.from_on > today:
        return Cell("badge", _("To come"), tone="wait")
    return Cell("badge", _("In force now"), tone="ok")


def runs_today() -> Any:
    """Rows that run today."""
    return queries.runs_on(clock.today())


def is_to_come() -> Any:
    """Rows whose first day lies ahead."""
    return Deputyship.active.is_(True) & (Deputyship.from_on > clock.today())


class DeputyshipView(BackOfficeView):
    """Who takes whose place from when to when; the rights begin and end at midnight."""

    datamodel = Interface(Deputyship)
    route_base = "/deputyships"
    class_permission_name = "Deputyship"
    method_permission_name = {**VERBS, "end": "write"}
    label = _l("Deputyship")
    label_plural = _l("Deputyships")
    icon = "user"
    list_columns = ["principal", "deputy", "from_on", "to_on", "reason", "acts", "active"]
    order_columns = ["from_on", "to_on"]
    base_order = ("from_on", "desc")
    link_column = "principal"
    export_columns = ["decision_no"]
    add_fieldsets = [
        (_l("Who for whom"), {"fields": ["principal", "deputy", "from_on", "to_on"]}),
        (_l("On which ground"), {"fields": ["reason", "decision_no", "acts"]}),
    ]
    show_fieldsets = [
        (_l("Who for whom"), {"fields": ["principal", "deputy", "from_on", "to_on", "active"]}),
        (_l("On which ground"), {"fields": ["reason", "decision_no", "acts"]}),
    ]
    label_columns = {
        "principal": _l("Whose place"),
        "deputy": _l("Deputy"),
        "from_on": _l("First day"),
        "to_on": _l("Last day"),
        "reason": _l("Reason"),
        "decision_no": _l("Number of the order"),
        "acts": _l("Only for these acts"),
        "active": _l("State"),
    }
    description_columns = {
        "principal": _l("Who is away; one deputy at a time."),
        "deputy": _l("Has the rights of the other from midnight of the first day on."),
        "to_on": _l("The rights end at midnight after this day."),
        "reason": _l("For example annual leave, illness, duty elsewhere."),
        "decision_no": _l("Number of the written order (olur), if there is one."),
        "acts": _l("Nothing picked: everything that the other may do."),
    }
    wide = frozenset({"acts"})
    lookups = {"principal": "staff", "deputy": "staff"}
    formats = {"acts": acts_cell, "active": running_cell}
    form_extra = {
        "acts": ActsField(
            _l("Only for these acts"),
            choices=lambda: [(a.value, _(label)) for a, label in rules.DEPUTY_ACT_LABELS.items()],
            description=_l("Nothing picked: everything that the other may do."),
        ),
    }
    filters = (
        Pick("principal", _l("Whose place"), Deputyship.principal_id, source="staff"),
        Pick("deputy", _l("Deputy"), Deputyship.deputy_id, source="staff"),
        Dates("from", _l("First day"), Deputyship.from_on),
        Flag("active", _l("In use"), Deputyship.active),
    )
    tabs = (
        ("running", _l("Running today"), runs_today, ""),
        ("coming", _l("To come"), is_to_come, ""),
        ("all", _l("All"), None, ""),
    )
    empty_text = _l("Nobody stands in for anybody on these days.")
    form_rule = staticmethod(rules.deputyship_violations)
    constraints = {
        "not_self": ("deputy", N_("Nobody stands in for the own person.")),
        "days_in_order": ("to_on", N_("The last day lies before the first one.")),
    }

    def new_label(self) -> str:
        """Words of the button that begins a new record."""
        return _("New deputyship")

    def row_label(self, item: Deputyship) -> str:
        """Both names."""
        return str(item)

    def show_buttons(self, item: Deputyship) -> Sequence[Button]:
        """Who came back early takes the post back."""
        if not (self.may("write") and item.active and item.to_on >= clock.today()):
            return ()
        return (
            Button(
                _("Take it back"),
                self.url("end", pk=item.id),
                "close",
                post=True,
                danger=True,
                confirm=_("The deputy loses these rights at once; what was done stays as it is."),
            ),
        )

    @expose("/end/<int:pk>", methods=["POST"])
    @has_access
    def end(self, pk: int) -> Any:
        """End a deputyship today."""
        item = self.load(pk)
        services.end_deputyship(self.session, deputyship=item, today=clock.today())
        self.session.commit()
        flash(_("The deputyship has been taken back."), "success")
        return redirect(self.url("show", pk=pk))

    def save_new(self, item: Deputyship, values: Mapping[str, Any]) -> Deputyship:
        """The service looks at the other deputyships and renews the rights."""
        return self._settle(item, values)

    def save_changed(self, item: Deputyship, values: Mapping[str, Any]) -> Deputyship:
        """The same for a changed one."""
        return self._settle(item, values)

    def _settle(self, item: Deputyship, values: Mapping[str, Any]) -> Deputyship:
        item.acts = " ".join(values.get("acts") or ())
        return services.settle_deputyship(self.session, deputyship=item, translate=_)
