"""Screens of the people room: citizens with masked identity, and institutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect
from flask_appbuilder.actions import action
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.core.acting import current_actor
from app.core.identifiers import format_phone, mask_email, mask_name, mask_national_id, mask_phone
from app.core.rules import N_, RuleViolation
from app.core.views import BackOfficeView, Choice, Flag, Interface, Pick, Words, formats
from app.core.views.listing import Order
from app.core.views.page import Cell
from app.people import queries, rules, services
from app.people.models import Citizen, Institution


def name_cell(value: Any, record: Citizen) -> Cell:
    """The name for those who may read names, else its first letters."""
    actor = current_actor()
    if actor.may("identity", "Citizen") or f"Citizen:{record.id}" in actor.revealed:
        return Cell("text", record.full_name)
    return Cell("masked", mask_name(record.full_name))


def shown_phone(value: Any, record: Citizen) -> Cell:
    """A revealed number in Turkish writing."""
    return Cell("phone", format_phone(value), value=value)


def hidden_text(value: str) -> str:
    """Stands for an address that is not shown."""
    return "•••"


class CitizenView(BackOfficeView):
    """People who apply; identity is masked until it is revealed with a reason."""

    datamodel = Interface(Citizen)
    route_base = "/citizens"
    class_permission_name = "Citizen"
    label = _l("Citizen")
    label_plural = _l("Citizens")
    icon = "user"
    has_files = False
    list_columns = ["full_name", "kind", "phone", "district", "neighbourhood"]
    order_columns = ["last_name", "created_at"]
    base_order = ("id", "desc")
    link_column = "full_name"
    export_columns = ["contact_preference", "created_at"]
    add_fieldsets = [
        (
            _l("Person"),
            {"fields": ["kind", "first_name", "last_name", "title", "national_id", "tax_no"]},
        ),
        (
            _l("How to reach"),
            {"fields": ["phone", "phone2", "email", "contact_preference", "no_surveys"]},
        ),
        (_l("Address"), {"fields": ["district", "neighbourhood", "address"]}),
        (_l("Note"), {"fields": ["note"]}),
    ]
    edit_fieldsets = add_fieldsets
    show_fieldsets = [
        (_l("Person"), {"fields": ["full_name", "kind", "national_id", "tax_no"]}),
        (
            _l("How to reach"),
            {"fields": ["phone", "phone2", "email", "contact_preference", "no_surveys"]},
        ),
        (_l("Address"), {"fields": ["district", "neighbourhood", "address"]}),
        (_l("Note"), {"fields": ["note"]}),
    ]
    label_columns = {
        "full_name": _l("Name"),
        "first_name": _l("First name"),
        "last_name": _l("Last name"),
        "title": _l("Title of the legal entity"),
        "kind": _l("Kind of applicant"),
        "national_id": _l("National id"),
        "tax_no": _l("Tax number"),
        "phone": _l("Telephone"),
        "phone2": _l("Second telephone"),
        "email": _l("E-mail"),
        "contact_preference": _l("Notice by"),
        "no_surveys": _l("Does not want to be asked about satisfaction"),
        "district": _l("District"),
        "neighbourhood": _l("Neighbourhood"),
        "address": _l("Address"),
        "note": _l("Note"),
        "created_at": _l("Entered"),
    }
    description_columns = {
        "national_id": _l("Only when the work needs it (6698 art. 4)."),
        "title": _l("Only for a company, association or the like."),
        "note": _l("What a colleague should know; no health or other special data."),
    }
    wide = frozenset({"address", "note", "title"})
    codes = {
        "kind": rules.CITIZEN_KIND_LABELS,
        "contact_preference": rules.CONTACT_PREFERENCE_LABELS,
    }
    lookups = {"district": "district", "neighbourhood": ("neighbourhood", ("district",))}
    personal = frozenset(Citizen.PERSONAL)
    formats = {
        "full_name": name_cell,
        "national_id": formats.masked(mask_national_id, "Citizen"),
        "phone": formats.masked(mask_phone, "Citizen", shown=shown_phone),
        "phone2": formats.masked(mask_phone, "Citizen", shown=shown_phone),
        "email": formats.masked(mask_email, "Citizen"),
        "address": formats.masked(hidden_text, "Citizen"),
        "note": formats.long_text,
    }
    search = Words(
        "q",
        _l("Search by name, telephone or identity number"),
        columns=(Citizen.search_text,),
        also=lambda session, query: queries.number_conditions(query),
    )
    filters = (
        Choice("kind", _l("Kind of applicant"), Citizen.kind, labels=rules.CITIZEN_KIND_LABELS),
        Pick("district", _l("District"), Citizen.district_id, source="district"),
        Pick(
            "neighbourhood", _l("Neighbourhood"), Citizen.neighbourhood_id, source="neighbourhood"
        ),
    )
    form_rule = staticmethod(rules.citizen_violations)
    constraints = {
        "national_id": ("national_id", N_("This national id belongs to another record."))
    }

    def row_label(self, item: Citizen) -> str:
        """The name as far as it may be read."""
        return name_cell(None, item).text

    def edit_response(self, item: Citizen) -> Any:
        """An identity is changed only by somebody who has just revealed it."""
        if f"Citizen:{item.id}" not in current_actor().revealed:
            flash(_("Show the identity first, with a reason; then you can edit it."), "warning")
            return redirect(self.url("show", pk=item.id))
        return super().edit_response(item)

    def save_new(self, item: Citizen, values: Mapping[str, Any]) -> Citizen:
        """A person who is known already is found, not entered twice."""
        if item in self.session:
            self.session.expunge(item)
        kept = {k: v for k, v in values.items() if k not in {"district", "neighbourhood"}}
        kept.update(
            district_id=values.get("district"), neighbourhood_id=values.get("neighbourhood")
        )
        return services.save_citizen(self.session, values=kept)

    def save_changed(self, item: Citizen, values: Mapping[str, Any]) -> Citizen:
        """An empty identity number is none at all: the column is unique."""
        item.national_id = item.national_id or None
        self.session.flush()
        return item

    def _order(self, args: MultiDict[str, str]) -> Order:
        """By name only for those who read names: the cursor of a page carries the value it stands at."""
        order = super()._order(args)
        if order.key == "last_name" and not current_actor().may("identity", "Citizen"):
            return Order("id", Citizen.id, descending=True)
        return order

    @action(
        "merge",
        _l("Merge two records"),
        _l("Both records become one: the older one stays, everything of the other goes to it."),
        "merge",
    )
    def merge(self, items: list[Citizen]) -> Any:
        """Make one record of two that describe the same person."""
        if len(items) != 2:
            flash(_("Pick exactly two records of the same person."), "warning")
            return redirect(self.url("list"))
        keep, gone = sorted(items, key=lambda citizen: citizen.id)
        try:
            services.merge_citizens(self.session, keep=keep, gone=gone)
            self.session.commit()
        except RuleViolation as refused:
            self.session.rollback()
            for violation in refused.violations:
                flash(_(violation.message), "error")
            return redirect(self.url("list"))
        flash(_("The two records are one now."), "success")
        return redirect(self.url("show", pk=keep.id))


class InstitutionView(BackOfficeView):
    """Administrations and companies that an application may be passed to."""

    datamodel = Interface(Institution)
    route_base = "/institutions"
    class_permission_name = "Institution"
    label = _l("Institution")
    label_plural = _l("Institutions")
    can_delete = True
    list_columns = ["name", "short_name", "kind", "district", "phone", "active"]
    order_columns = ["name"]
    base_order = ("name", "asc")
    add_fieldsets = [
        (
            _l("Institution"),
            {"fields": ["name", "short_name", "kind", "district", "salutation", "active"]},
        ),
        (_l("How to reach"), {"fields": ["phone", "email", "kep"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "name": _l("Name"),
        "short_name": _l("Short name"),
        "kind": _l("Kind of institution"),
        "district": _l("District"),
        "salutation": _l("Address line of a letter"),
        "phone": _l("Telephone"),
        "email": _l("E-mail"),
        "kep": _l("Registered e-mail (KEP)"),
        "active": _l("In use"),
    }
    description_columns = {
        "salutation": _l("In capitals with the dative, as a letter addresses it.")
    }
    wide = frozenset({"name", "salutation"})
    codes = {"kind": rules.INSTITUTION_KIND_LABELS}
    lookups = {"district": "district"}
    formats = {"phone": formats.phone}
    search = Words("q", _l("Search institutions"), columns=(Institution.search_text,))
    filters = (
        Choice(
            "kind",
            _l("Kind of institution"),
            Institution.kind,
            labels=rules.INSTITUTION_KIND_LABELS,
        ),
        Pick("district", _l("District"), Institution.district_id, source="district"),
        Flag("active", _l("In use"), Institution.active),
    )
    form_rule = staticmethod(rules.institution_violations)
