"""Published information, articles of refusal, lines of the annual report: lists that people keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect
from flask_appbuilder.actions import action
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from app.applications import services
from app.applications.models import InformationReportLine, PublishedInformation, RefusalGround
from app.applications.queries.information import is_update_overdue
from app.applications.rules import information as foi
from app.core import clock
from app.core.rules import N_
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Pick, Words, formats
from app.core.views.page import Button, Cell


def update_cell(value: Any, record: PublishedInformation) -> Cell:
    """When it is due again, while it is published."""
    if value is None or not record.active:
        return formats.EMPTY
    return formats.due(value)


def short_unit(value: Any, record: PublishedInformation) -> Cell:
    """The unit by its short name."""
    if value is None:
        return formats.EMPTY
    return Cell("text", value.short_name or value.name, title=value.name)


def address_cell(value: Any, record: PublishedInformation) -> Cell:
    """The address as a link."""
    return Cell("link", value, url=value) if value else formats.EMPTY


class PublishedInformationView(BackOfficeView):
    """What anybody finds without asking: it may be pointed to instead of being given (art. 8)."""

    datamodel = Interface(PublishedInformation)
    route_base = "/published-information"
    class_permission_name = "PublishedInformation"
    label = _l("Published information")
    label_plural = _l("Published information list")
    icon = "book"
    can_delete = True
    list_columns = ["title", "unit", "place", "published_on", "cycle", "next_due_on", "active"]
    order_columns = ["title", "published_on", "next_due_on"]
    base_order = ("title", "asc")
    export_columns = ["url", "updated_on", "keywords"]
    add_fieldsets = [
        (_l("What"), {"fields": ["title", "unit", "keywords", "active"]}),
        (_l("Where"), {"fields": ["place", "url"]}),
        (_l("When"), {"fields": ["published_on", "updated_on", "cycle"]}),
    ]
    show_fieldsets = [
        (_l("What"), {"fields": ["title", "unit", "keywords", "active"]}),
        (_l("Where"), {"fields": ["place", "url"]}),
        (_l("When"), {"fields": ["published_on", "updated_on", "cycle", "next_due_on"]}),
    ]
    label_columns = {
        "title": _l("Title of the information"),
        "unit": _l("Unit"),
        "keywords": _l("Other words"),
        "place": _l("Where it was published"),
        "url": _l("Address on the web"),
        "published_on": _l("Published on"),
        "updated_on": _l("Last updated on"),
        "cycle": _l("Update cycle"),
        "next_due_on": _l("Next update due"),
        "active": _l("Still published"),
    }
    description_columns = {
        "title": _l("As a citizen would look for it."),
        "unit": _l("The unit that keeps it and brings it up to date."),
        "keywords": _l("Words that people really use, separated by commas; the search finds them."),
        "place": _l("For example: web site, gazette, notice board, brochure."),
        "url": _l("The whole address, beginning with https://."),
        "cycle": _l("From this and the last update the next one is counted."),
        "updated_on": _l("Empty: as on the day of publication."),
        "active": _l("What is no longer published is not offered in decisions."),
    }
    wide = frozenset({"title", "place", "url", "keywords"})
    codes = {"cycle": foi.UPDATE_CYCLE_LABELS}
    lookups = {"unit": "unit"}
    formats = {"next_due_on": update_cell, "url": address_cell, "unit": short_unit}
    search = Words(
        "q", _l("Search published information"), columns=(PublishedInformation.search_text,)
    )
    filters = (
        Pick("unit", _l("Unit"), PublishedInformation.unit_id, source="unit"),
        Choice(
            "cycle", _l("Update cycle"), PublishedInformation.cycle, labels=foi.UPDATE_CYCLE_LABELS
        ),
        Dates("due", _l("Next update due"), PublishedInformation.next_due_on),
        Dates("published", _l("Published on"), PublishedInformation.published_on),
        Flag("active", _l("Still published"), PublishedInformation.active),
    )
    tabs = (
        ("active", _l("Published"), lambda: PublishedInformation.active.is_(True), ""),
        ("overdue", _l("Update overdue"), lambda: is_update_overdue(clock.today()), "bad"),
        ("all", _l("All"), None, ""),
    )
    empty_text = _l("What is published here needs not be given again; it is pointed to (art. 8).")
    form_rule = staticmethod(foi.published_violations)

    def save_new(self, item: Any, values: Mapping[str, Any]) -> Any:
        """The next update follows from the cycle."""
        return services.information.settle_published(self.session, item=item)

    def save_changed(self, item: Any, values: Mapping[str, Any]) -> Any:
        """The next update follows from the cycle."""
        return services.information.settle_published(self.session, item=item)

    def show_buttons(self, item: PublishedInformation) -> list[Button]:
        """Note an update without opening the form."""
        if not self.may("refresh") or not item.active:
            return []
        fields = [("action", "refresh"), ("rowid", str(item.id))]
        return [Button(_("Updated today"), self.url("action"), "check", post=True, fields=fields)]

    @action(
        "refresh",
        _l("Updated today"),
        _l("Today is noted as the day of the last update; the next one is counted from it."),
        "check",
    )
    def refresh(self, items: list[PublishedInformation]) -> Any:
        """Note that the picked entries were brought up to date today."""
        done = services.information.mark_updated(self.session, items=items, on=clock.today())
        self.session.commit()
        flash(_("Noted as updated: %(n)s entries.", n=done), "success")
        single = items[0].id if len(items) == 1 else None
        return redirect(self.url("show", pk=single) if single else self.url("list"))


class RefusalGroundView(BackOfficeView):
    """Articles on which a refusal may rest, with the days on which they are in force."""

    datamodel = Interface(RefusalGround)
    route_base = "/refusal-grounds"
    class_permission_name = "RefusalGround"
    label = _l("Refusal ground")
    label_plural = _l("Refusal grounds")
    list_columns = ["code", "law", "title", "valid_from", "valid_to"]
    order_columns = ["position", "valid_from"]
    base_order = ("position", "asc")
    export_columns = ["article", "letter_text", "position"]
    add_fieldsets = [
        (_l("Article"), {"fields": ["code", "law", "article", "title", "position"]}),
        (_l("In the letter"), {"fields": ["letter_text"]}),
        (_l("In force"), {"fields": ["valid_from", "valid_to"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "code": _l("Short name"),
        "law": _l("Law"),
        "article": _l("Article"),
        "title": _l("Heading"),
        "letter_text": _l("Sentence of the letter"),
        "position": _l("Order"),
        "valid_from": _l("In force from"),
        "valid_to": _l("In force until"),
    }
    description_columns = {
        "code": _l("As it is ticked and reported, for example m.21."),
        "law": _l("Number of the law, for example 4982."),
        "letter_text": _l("Printed in the letter before the reason of the case."),
        "position": _l("Smaller numbers stand first in forms and in the annual report."),
        "valid_to": _l(
            "Empty while it is in force. For a new wording end this row and add another."
        ),
    }
    wide = frozenset({"title", "letter_text"})
    formats = {"letter_text": formats.long_text}
    search = Words("q", _l("Search refusal grounds"), columns=(RefusalGround.search_text,))
    filters = (Dates("from", _l("In force from"), RefusalGround.valid_from),)
    tabs = (
        (
            "now",
            _l("In force today"),
            lambda: or_(RefusalGround.valid_to.is_(None), RefusalGround.valid_to >= clock.today()),
            "",
        ),
        ("all", _l("All"), None, ""),
    )
    form_rule = staticmethod(foi.ground_violations)
    constraints = dict.fromkeys(
        (
            "uq_applications_refusal_ground_law_code_valid_from",
            "applications_refusal_ground.valid_from",
        ),
        ("valid_from", N_("This article has a row that begins on this day already.")),
    )


class InformationReportLineView(BackOfficeView):
    """The lines of the annual report of article 30; the form changes, the figures do not."""

    datamodel = Interface(InformationReportLine)
    route_base = "/information-report-lines"
    class_permission_name = "InformationReportLine"
    label = _l("Line of the annual report")
    label_plural = _l("Lines of the annual report")
    can_delete = True
    list_columns = [
        "code",
        "text",
        "basis",
        "figure",
        "active",
        "valid_from_year",
        "valid_to_year",
    ]
    order_columns = ["position", "code"]
    base_order = ("position", "asc")
    add_fieldsets = [
        (_l("Line"), {"fields": ["code", "position", "text", "basis"]}),
        (_l("What it counts"), {"fields": ["figure", "active"]}),
        (_l("Years"), {"fields": ["valid_from_year", "valid_to_year"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "code": _l("Short name"),
        "position": _l("Order"),
        "text": _l("Line"),
        "basis": _l("Basis"),
        "figure": _l("Counts"),
        "active": _l("Stands in the report"),
        "valid_from_year": _l("First year"),
        "valid_to_year": _l("Last year"),
    }
    description_columns = {
        "code": _l("As the form names the line, for example a."),
        "position": _l("Smaller numbers stand first in the report."),
        "text": _l("Word for word as in the form of the Board."),
        "basis": _l("Law and article, for example 4982 m.30/a."),
        "figure": _l("The figure that is printed; each one leads to the cases behind it."),
        "valid_to_year": _l("Empty while the form has this line."),
    }
    wide = frozenset({"text", "basis"})
    codes = {"figure": foi.FIGURE_LABELS}
    formats = {"valid_from_year": formats.year, "valid_to_year": formats.year}
    filters = (
        Choice("figure", _l("Counts"), InformationReportLine.figure, labels=foi.FIGURE_LABELS),
        Flag("active", _l("Stands in the report"), InformationReportLine.active),
    )
    form_rule = staticmethod(foi.report_line_violations)
    constraints = dict.fromkeys(
        (
            "uq_applications_information_report_line_code_valid_from_year",
            "applications_information_report_line.code",
        ),
        ("code", N_("There is a line with this short name and first year already.")),
    )
