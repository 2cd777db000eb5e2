"""Knowledge items: the list people keep, and the box beside calls and intake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.acting import current_actor
from app.core.rules import RuleViolation
from app.core.views import BackOfficeView, Dates, Flag, Interface, Numbers, Pick, Words, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell
from app.frontdesk.models import KnowledgeItem
from app.frontdesk.queries.knowledge import find_knowledge, is_valid, list_for_topics
from app.frontdesk.rules.knowledge import Validity, knowledge_violations
from app.frontdesk.services import knowledge as acts
from app.frontdesk.views.knowledge_cells import knowledge_rows, validity_cell

#: Items that the box shows.
_BOX = 6


class KnowledgeItemView(BackOfficeView):
    """Questions of citizens with answers to read aloud, each with an owner and a day of review."""

    datamodel = Interface(KnowledgeItem)
    route_base = "/knowledge"
    class_permission_name = "KnowledgeItem"
    method_permission_name = {**VERBS, "box": "lookup", "used": "lookup", "outdated": "read"}
    label = _l("Knowledge item")
    label_plural = _l("Knowledge base")
    icon = "book"
    can_delete = True
    list_columns = ["title", "topic", "unit", "review_on", "validity", "used_count"]
    order_columns = ["title", "review_on", "used_count"]
    base_order = ("used_count", "desc")
    export_columns = [
        "owner",
        "questions",
        "answer",
        "valid_until",
        "reviewed_on",
        "edition",
        "active",
    ]
    add_fieldsets = [
        (_l("Question and answer"), {"fields": ["title", "questions", "answer"]}),
        (_l("What it belongs to"), {"fields": ["topic", "unit"]}),
        (
            _l("Who keeps it true"),
            {"fields": ["owner", "review_on", "valid_until", "active"]},
        ),
    ]
    show_fieldsets = [
        (_l("Question and answer"), {"fields": ["answer", "questions"]}),
        (_l("What it belongs to"), {"fields": ["topic", "unit", "used_count"]}),
        (
            _l("Who keeps it true"),
            {"fields": ["owner", "review_on", "valid_until", "reviewed_on", "edition", "active"]},
        ),
    ]
    label_columns = {
        "title": _l("Question"),
        "questions": _l("Other words for it"),
        "answer": _l("Answer to read aloud"),
        "topic": _l("Topic"),
        "unit": _l("Confirmed by the unit"),
        "owner": _l("Owner"),
        "valid_until": _l("True until"),
        "review_on": _l("Look at it again on"),
        "reviewed_on": _l("Last looked at"),
        "edition": _l("Edition"),
        "active": _l("In use"),
        "used_count": _l("Calls answered"),
        "validity": _l("State"),
    }
    description_columns = {
        "title": _l("As citizens ask it, for example: How do I object to a bill?"),
        "questions": _l("Words that callers use for it, with commas or on lines of their own."),
        "answer": _l("Short sentences, at most 2.000 characters; an operator reads them aloud."),
        "owner": _l("Is reminded a week before the review and told when somebody finds it wrong."),
        "valid_until": _l("Afterwards it is marked as out of date; empty: no end."),
    }
    wide = frozenset({"title", "questions", "answer"})
    lookups = {"topic": "topic", "unit": "unit", "owner": "staff"}
    formats = {
        "answer": formats.long_text,
        "questions": formats.long_text,
        "validity": lambda value, record: validity_cell(record),
    }
    search = Words(
        "q", _l("Search by question, words or answer"), columns=(KnowledgeItem.search_text,)
    )
    filters = (
        Pick("topic", _l("Topic"), KnowledgeItem.topic_id, source="topic"),
        Pick("unit", _l("Confirmed by the unit"), KnowledgeItem.unit_id, source="unit"),
        Pick("owner", _l("Owner"), KnowledgeItem.owner_id, source="staff"),
        Dates("review", _l("Look at it again on"), KnowledgeItem.review_on),
        Numbers("used", _l("Calls answered"), KnowledgeItem.used_count),
        Flag("active", _l("In use"), KnowledgeItem.active),
    )
    tabs = (
        ("active", _l("In use"), lambda: KnowledgeItem.active.is_(True), ""),
        ("review", _l("Review is due"), lambda: _state(Validity.REVIEW_DUE), "warn"),
        ("old", _l("Out of date"), lambda: _state(Validity.OUT_OF_DATE), "bad"),
        (
            "mine",
            _l("I keep"),
            lambda: KnowledgeItem.owner_id == current_actor().user_id,
            "",
        ),
        ("all", _l("All"), None, ""),
    )
    form_rule = staticmethod(knowledge_violations)
    empty_text = _l("Answers that operators read aloud are kept here, so that all say the same.")

    def visible_tabs(self) -> Any:
        """Only who keeps items has own ones."""
        return [tab for tab in self.tabs if tab[0] != "mine" or self.may("write")]

    def row_label(self, item: KnowledgeItem) -> str:
        """The question."""
        return item.title

    def new_label(self) -> str:
        """Words of the button that begins a new item."""
        return _("New item")

    def show_badges(self, item: KnowledgeItem) -> list[Cell]:
        """Whether it still holds."""
        badges = [validity_cell(item)]
        return badges if item.active else [*badges, Cell("badge", _("Not in use"))]

    def show_buttons(self, item: KnowledgeItem) -> list[Button]:
        """Who finds it wrong tells the owner."""
        return [
            Button(
                _("Out of date, tell the owner"),
                self.url("outdated", pk=item.id),
                "alert",
                post=True,
                confirm=_("%(name)s is told in the panel.", name=str(item.owner)),
                ask=("text", _("What is wrong with it?"), True),
            )
        ]

    def save_new(self, item: KnowledgeItem, values: Mapping[str, Any]) -> KnowledgeItem:
        """A new item is its first edition."""
        acts.prepare_item(self.session, item=item)
        self.session.add(item)
        self.session.flush()
        return item

    def save_changed(self, item: KnowledgeItem, values: Mapping[str, Any]) -> KnowledgeItem:
        """A changed answer is a new edition."""
        acts.prepare_item(self.session, item=item)
        self.session.flush()
        return item

    @expose("/box")
    @has_access
    def box(self) -> Any:
        """The knowledge box, or with `part` what a search finds in it."""
        query = request.args.get("q", "")[:100]
        found = find_knowledge(self.session, query, _BOX) if query.strip() else []
        if not query.strip():
            found = list_for_topics(self.session, (), 4)
        template = "knowledge_found.html" if request.args.get("part") else "knowledge_box.html"
        return self.render_template(
            f"frontdesk/{template}",
            items=knowledge_rows(found),
            query=query,
            box_url=self.url("box"),
            closes=False,
        )

    @expose("/used/<int:pk>", methods=["POST"])
    @has_access
    def used(self, pk: int) -> Any:
        """Count that an item answered somebody; sent by the box."""
        item = self.load(pk)
        acts.note_use(self.session, item=item)
        self.session.commit()
        return jsonify(id=pk)

    @expose("/outdated/<int:pk>", methods=["POST"])
    @has_access
    def outdated(self, pk: int) -> Any:
        """Tell the owner that an item is wrong."""
        item = self.load(pk)
        try:
            acts.report_outdated(
                self.session, item=item, text=request.form.get("text", ""), actor=current_actor()
            )
            self.session.commit()
            flash(_("The owner has been told."), "success")
        except RuleViolation as refused:
            self.session.rollback()
            flash(" ".join(_(v.message) for v in refused.violations), "error")
        return redirect(url_for("KnowledgeItemView.show", pk=pk))


def _state(state: Validity) -> Any:
    """Items in use that are in a state today."""
    return is_valid(state, clock.today()) & KnowledgeItem.active.is_(True)
