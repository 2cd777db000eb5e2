"""The correspondence with CİMER as a list, and the answers that wait to be entered there."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import rules
from app.applications.models import Application, CimerExchange
from app.applications.views.conditions import words_of_case
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, formats
from app.core.views.page import Button, Cell


def case_cell(value: Any, record: Any) -> Cell:
    """The case as a link with its summary."""
    if value is None:
        return formats.EMPTY
    url = url_for("ApplicationView.show", pk=value.id)
    return Cell("link", value.number, url=url, sub=value.subject)


class CimerExchangeView(BackOfficeView):
    """Every line that passed between CİMER and the municipality; noted at the application."""

    datamodel = Interface(CimerExchange)
    route_base = "/cimer/exchanges"
    class_permission_name = "CimerExchange"
    label = _l("Line of the correspondence with CİMER")
    label_plural = _l("Correspondence with CİMER")
    icon = "mail"
    can_add = False
    can_edit = False
    has_history = False
    intro = _l(
        "Received, sent again, answered, more time: what CİMER and we told each other, in order."
    )
    empty_text = _l("A line is written when an application of CİMER is taken in.")
    list_columns = ["at", "application", "kind", "reason", "reference", "until_on", "actor"]
    column_css = {"at": "nowrap", "actor": "nowrap"}
    link_column = "at"
    order_columns = ["at"]
    base_order = ("at", "desc")
    export_columns = ["cycle", "noted_at"]
    show_fieldsets = [
        (
            _l("Line of the correspondence with CİMER"),
            {"fields": ["application", "kind", "at", "reference", "reason", "until_on", "text"]},
        ),
        (_l("Noted"), {"fields": ["actor", "noted_at", "cycle", "import_batch"]}),
    ]
    label_columns = {
        "at": _l("When"),
        "application": _l("Application"),
        "kind": _l("What passed"),
        "reason": _l("Why again"),
        "reference": _l("Reference"),
        "until_on": _l("Until"),
        "actor": _l("Noted by"),
        "text": _l("Text"),
        "noted_at": _l("Noted at"),
        "cycle": _l("Cycle"),
        "import_batch": _l("Import"),
    }
    description_columns = {
        "at": _l("When it happened at CİMER."),
        "cycle": _l("Counts up with each reopening of the application."),
    }
    wide = frozenset({"text"})
    codes = {"reason": rules.RESEND_REASON_LABELS}
    formats = {
        "kind": formats.labelled(rules.EXCHANGE_KIND_LABELS, rules.EXCHANGE_KIND_TONES),
        "application": case_cell,
        "text": formats.long_text,
    }
    list_options = (
        joinedload(CimerExchange.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    search = words_of_case(CimerExchange.application_id)
    filters = (
        Choice("kind", _l("What passed"), CimerExchange.kind, labels=rules.EXCHANGE_KIND_LABELS),
        Choice("reason", _l("Why again"), CimerExchange.reason, labels=rules.RESEND_REASON_LABELS),
        Dates("at", _l("When"), CimerExchange.at, instant=True),
        Pick("batch", _l("Import"), CimerExchange.import_batch_id, source="import_batch"),
    )
    tabs = (
        ("all", _l("All"), None, ""),
        (
            "resent",
            _l("Sent again"),
            lambda: CimerExchange.kind == rules.ExchangeKind.RESENT,
            "",
        ),
        (
            "time",
            _l("More time"),
            lambda: CimerExchange.kind.in_(
                [
                    rules.ExchangeKind.EXTENSION_ASKED,
                    rules.ExchangeKind.EXTENSION_GRANTED,
                    rules.ExchangeKind.EXTENSION_REFUSED,
                ]
            ),
            "",
        ),
    )

    def row_label(self, item: CimerExchange) -> str:
        """Its case and what passed."""
        kind = formats.translated(rules.EXCHANGE_KIND_LABELS[item.kind])
        return f"{item.application.number} · {kind}"

    def list_buttons(self) -> list[Button]:
        """Quick entry is where most lines begin."""
        if not self.may("write"):
            return []
        return [
            Button(_("Quick entry"), url_for("CimerEntryView.new"), "plus", primary=True, key="N")
        ]
