"""Reasons of results: a list that people keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications import rules
from app.applications.models import OutcomeReason
from app.applications.services.reasons import reasons_changed
from app.core.views import BackOfficeView, Choice, Flag, Interface, Words, formats

#: Results that need a reason, with their words.
REASONED = {o: label for o, label in rules.OUTCOME_LABELS.items() if rules.needs_reason(o)}


class OutcomeReasonView(BackOfficeView):
    """Why a result is what it is: the officer picks a code, the citizen reads its sentence."""

    datamodel = Interface(OutcomeReason)
    route_base = "/outcome-reasons"
    class_permission_name = "OutcomeReason"
    label = _l("Reason of a result")
    label_plural = _l("Reasons of results")
    can_delete = True
    list_columns = ["name", "outcome", "citizen_text", "code", "order_no", "active"]
    order_columns = ["name", "code", "order_no"]
    base_order = ("code", "asc")
    add_fieldsets = [
        (_l("Reason"), {"fields": ["outcome", "code", "name", "order_no", "active"]}),
        (_l("For the citizen"), {"fields": ["citizen_text"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "code": _l("Code"),
        "outcome": _l("Outcome"),
        "name": _l("What the officer reads"),
        "citizen_text": _l("What the citizen reads"),
        "order_no": _l("Place in the list"),
        "active": _l("In use"),
    }
    description_columns = {
        "code": _l("Small letters, digits and hyphens; it stays when the words change."),
        "outcome": _l("The reason is offered with this result only."),
        "citizen_text": _l(
            "A whole sentence without names; it stands on the tracking page, in the letter and in e-mails."
        ),
        "order_no": _l(
            "The first reason of a result is taken where the step itself is the reason, for example a transfer."
        ),
        "active": _l("If not, it is no longer offered; old records keep it."),
    }
    wide = frozenset({"name", "citizen_text"})
    codes = {"outcome": REASONED}
    formats = {"citizen_text": formats.long_text}
    search = Words("q", _l("Search reasons"), columns=(OutcomeReason.search_text,))
    filters = (
        Choice("outcome", _l("Outcome"), OutcomeReason.outcome, labels=REASONED),
        Flag("active", _l("In use"), OutcomeReason.active),
    )
    form_rule = staticmethod(rules.outcome_reason_violations)

    def defaults(self) -> dict[str, Any]:
        """A new reason is in use."""
        return {"active": True, "order_no": 10, **super().defaults()}

    def save_new(self, item: OutcomeReason, values: Mapping[str, Any]) -> OutcomeReason:
        """Every process offers it from now on."""
        self.session.add(item)
        reasons_changed(self.session)
        return item

    def save_changed(self, item: OutcomeReason, values: Mapping[str, Any]) -> OutcomeReason:
        """Every process offers it as it is now."""
        reasons_changed(self.session)
        return item

    def delete_response(self, item: OutcomeReason) -> Any:
        """What no record names may go; every process forgets it."""
        answer = super().delete_response(item)
        reasons_changed(self.session)
        self.session.commit()
        return answer
