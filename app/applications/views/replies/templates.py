"""Texts to start a letter from: kept by topic and state, with merge fields, tried on a real case."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.applications import rules
from app.applications.models import Application, ReplyTemplate
from app.applications.services.reply_texts import values_for
from app.applications.views.intake import number as read_id
from app.core.acting import current_actor
from app.core.identifiers import mask_name
from app.core.views import BackOfficeView, Choice, Flag, Interface, Pick, formats
from app.core.views.base import VERBS


class ReplyTemplateView(BackOfficeView):
    """Texts to start a reply from; a merge field is a name and nothing else."""

    datamodel = Interface(ReplyTemplate)
    route_base = "/reply-templates"
    class_permission_name = "ReplyTemplate"
    method_permission_name = {**VERBS, "preview": "read"}
    label = _l("Reply template")
    label_plural = _l("Reply templates")
    icon = "file"
    can_delete = True
    add_template = edit_template = "applications/template_form.html"
    show_template = "applications/template_show.html"
    list_columns = ["name", "topic", "for_kind", "for_state", "reply_kind", "outcome", "active"]
    order_columns = ["name"]
    base_order = ("name", "asc")
    export_columns = ["body", "short_text"]
    add_fieldsets = [
        (
            _l("When it is offered"),
            {
                "fields": ["name", "active", "topic", "for_kind", "for_state"],
                "intro": _l(
                    "What is left empty narrows nothing; the text for the topic comes first."
                ),
            },
        ),
        (_l("What letter it makes"), {"fields": ["reply_kind", "outcome"]}),
        (_l("Text"), {"fields": ["body", "short_text"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "name": _l("Name"),
        "topic": _l("Only for the topic"),
        "for_kind": _l("Only for the kind"),
        "for_state": _l("Only in the state"),
        "reply_kind": _l("Kind of reply"),
        "outcome": _l("Outcome"),
        "body": _l("Text of the letter"),
        "short_text": _l("Text of the SMS"),
        "active": _l("In use"),
    }
    description_columns = {
        "reply_kind": _l("A progress answer promises the result separately (3071 art. 7)."),
        "body": _l("Merge fields stand in double braces; pick them below."),
        "short_text": _l("At most 480 characters; the same fields."),
    }
    wide = frozenset({"body", "short_text"})
    codes = {
        "for_kind": rules.KIND_LABELS,
        "for_state": rules.STATE_LABELS,
        "reply_kind": rules.REPLY_KIND_LABELS,
        "outcome": rules.OUTCOME_LABELS,
    }
    lookups = {"topic": "topic"}
    formats = {"body": formats.long_text, "short_text": formats.long_text}
    filters = (
        Choice(
            "reply_kind",
            _l("Kind of reply"),
            ReplyTemplate.reply_kind,
            labels=rules.REPLY_KIND_LABELS,
        ),
        Choice("outcome", _l("Outcome"), ReplyTemplate.outcome, labels=rules.OUTCOME_LABELS),
        Choice(
            "state", _l("Only in the state"), ReplyTemplate.for_state, labels=rules.STATE_LABELS
        ),
        Pick("topic", _l("Topic"), ReplyTemplate.topic_id, source="topic"),
        Flag("active", _l("In use"), ReplyTemplate.active),
    )
    form_rule = staticmethod(rules.template_violations)

    def render_template(self, template: str, **context: Any) -> Any:
        """The form and the record know the fields that may be picked."""
        if template in {self.add_template, self.show_template}:
            context["merge_fields"] = [
                (name, formats.translated(label))
                for name, label in rules.MERGE_FIELD_LABELS.items()
            ]
        return super().render_template(template, **context)

    def show_page(self, item: ReplyTemplate) -> Any:
        """The record with the letter it would make of the case that was asked for."""
        page = super().show_page(item)
        number = request.args.get("case", "").strip()[:20]
        page.extra["case"] = number
        if number:
            page.extra["preview"] = self._filled(item.body, item.short_text, item.outcome, number)
        return page

    @expose("/preview", methods=["POST"])
    @has_access
    def preview(self) -> Any:
        """What is typed, filled with the values of one application; nothing is stored."""
        outcomes = {o.value: o for o in rules.Outcome}
        return self.render_template(
            "applications/template_preview.html",
            preview=self._filled(
                request.form.get("body", "")[:10_000],
                request.form.get("short_text", "")[:2000],
                outcomes.get(request.form.get("outcome", "")),
                request.form.get("preview_case", ""),
            ),
        )

    def _filled(self, body: str, short_text: str, outcome: Any, case: str) -> dict[str, Any]:
        """The texts with values, what is wrong with them, and which fields found nothing."""
        values = {"name": "-", "body": body, "short_text": short_text}
        broken = [v for v in rules.template_violations(values) if v.params]
        application = self._case(case)
        found = {}
        if application is not None:
            found = values_for(self.session, application, outcome=outcome)
            if "ad_soyad" in found and not current_actor().may("identity", "Citizen"):
                found["ad_soyad"] = mask_name(found["ad_soyad"])
        missing = [
            formats.translated(rules.MERGE_FIELD_LABELS[name])
            for name in rules.missing_fields(f"{body} {short_text}", found)
            if name in rules.MERGE_FIELDS
        ]
        return {
            "errors": [formats.translated(v.message) % dict(v.params) for v in broken],
            "body": rules.merge_text(body, found),
            "short_text": rules.merge_text(short_text, found),
            "length": len(rules.merge_text(short_text, found)),
            "missing": missing if application is not None else [],
            "number": application.number if application is not None else "",
            "unknown": bool(case) and application is None,
        }

    def _case(self, value: str) -> Application | None:
        """The case that is meant by a key or a number, in the actor's scope."""
        pk = read_id(value)
        a = Application
        stmt = select(a).where(a.id == pk if pk is not None else a.number == value)
        found: Application | None = self.session.scalars(stmt).first() if value else None
        return found
