"""Texts of messages to applicants: a list that people keep, with a preview and the length as an SMS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.applications import rules
from app.applications.models import NoticeText
from app.core import clock
from app.core.rules import N_, Violation
from app.core.views import BackOfficeView, Choice, Flag, Interface, Words, fields, formats
from app.core.views.base import VERBS
from app.core.views.page import Cell


def length_words(channel: Any, body: str) -> str:
    """How long a text is as an SMS, in words; empty for an e-mail."""
    if channel != rules.NoticeChannel.SMS:
        return ""
    length = rules.sms_length(rules.plain_signs(rules.fill_notice(body, rules.SAMPLE_VALUES)))
    words = str(
        _(
            "%(used)s places, %(parts)s SMS, %(left)s left in the last one, %(letters)s",
            used=length.used,
            parts=length.parts,
            left=length.left,
            letters=formats.translated(rules.SMS_ENCODING_LABELS[length.encoding]),
        )
    )
    if length.odd:
        words += " " + str(
            _("These letters make it longer: %(letters)s", letters=" ".join(length.odd))
        )
    return words


def preview_cell(value: Any, record: NoticeText) -> Cell:
    """The text filled with invented values."""
    return Cell("lines", rules.fill_notice(record.body or "", rules.SAMPLE_VALUES))


def length_cell(value: Any, record: NoticeText) -> Cell:
    """Its length as an SMS."""
    words = length_words(record.channel, record.body or "")
    return Cell("text", words) if words else formats.EMPTY


class NoticeTextView(BackOfficeView):
    """What applicants are told at each step, by SMS and by e-mail."""

    datamodel = Interface(NoticeText)
    route_base = "/notice-texts"
    class_permission_name = "NoticeText"
    method_permission_name = {**VERBS, "preview": "read"}
    label = _l("Message text")
    label_plural = _l("Message texts")
    icon = "send"
    can_delete = True
    add_template = edit_template = "applications/notice_text_form.html"
    intro = _l(
        "A step without a text in use is not told. An SMS never says what the matter is about."
    )
    list_columns = ["step", "channel", "body", "valid_from", "valid_until", "active"]
    order_columns = ["valid_from"]
    base_order = ("id", "asc")
    add_fieldsets = [
        (
            _l("When it is sent"),
            {"fields": ["step", "channel", "active", "valid_from", "valid_until"]},
        ),
        (_l("Text"), {"fields": ["subject", "body"]}),
    ]
    show_fieldsets = [
        *add_fieldsets,
        (_l("As it arrives, with invented values"), {"fields": ["preview", "length"]}),
    ]
    label_columns = {
        "step": _l("Step"),
        "channel": _l("Way"),
        "subject": _l("Subject of the e-mail"),
        "body": _l("Text"),
        "active": _l("In use"),
        "valid_from": _l("First day"),
        "valid_until": _l("Last day"),
        "preview": _l("Preview"),
        "length": _l("Length as an SMS"),
    }
    description_columns = {
        "active": _l("If not, the applicant is not told this step in this way."),
        "valid_from": _l("Of several texts the one that began last is sent."),
        "valid_until": _l("Empty: until another one begins."),
        "body": _l(
            "Fields: {{basvuru_no}} {{takip_kodu}} {{takip_adresi}} {{son_tarih}} {{kurum}} {{sonuc}} {{aciklama}}; in e-mails also {{ad_soyad}} {{birim}} {{konu}} {{basvuru_tarihi}} {{sonuc_nedeni}}; in the question {{memnuniyet_adresi}} {{gun}}"
        ),
    }
    wide = frozenset({"subject", "body", "preview"})
    codes = {"step": rules.NOTICE_STEP_LABELS, "channel": rules.NOTICE_CHANNEL_LABELS}
    formats = {
        "body": formats.long_text,
        "preview": preview_cell,
        "length": length_cell,
    }
    form_extra = {
        "step": SelectField(
            _l("Step"),
            [InputRequired(fields.REQUIRED)],
            choices=lambda: [
                (step, formats.translated(label))
                for step, label in rules.NOTICE_STEP_LABELS.items()
            ],
        )
    }
    search = Words("q", _l("Search texts"), columns=(NoticeText.search_text,))
    filters = (
        Choice("step", _l("Step"), NoticeText.step, labels=rules.NOTICE_STEP_LABELS),
        Choice("channel", _l("Way"), NoticeText.channel, labels=rules.NOTICE_CHANNEL_LABELS),
        Flag("active", _l("In use"), NoticeText.active),
    )
    constraints = {
        name: ("valid_from", N_("There is a text for this step, way and first day already."))
        for name in ("uq_applications_notice_text_place", "applications_notice_text.valid_from")
    }

    def check(self, values: Mapping[str, Any], item: Any) -> Iterable[Violation]:
        """What the rule says of a text."""
        return rules.notice_text_violations(values)

    def defaults(self) -> dict[str, Any]:
        """A new text begins today and is in use."""
        return {"valid_from": clock.today(), "active": True, **super().defaults()}

    def row_label(self, item: NoticeText) -> str:
        """Its step and its way."""
        step = formats.translated(rules.NOTICE_STEP_LABELS.get(item.step, item.step))
        channel = formats.translated(rules.NOTICE_CHANNEL_LABELS[item.channel])
        return f"{step}, {channel}"

    @expose("/preview")
    @has_access
    def preview(self) -> Any:
        """What is typed, filled with invented values, and its length; for the form, while typing."""
        body = request.args.get("body", "")[:5000]
        subject = request.args.get("subject", "")[:300]
        channel = request.args.get("channel", "")
        return self.render_template(
            "applications/notice_preview.html",
            subject=rules.fill_notice(subject, rules.SAMPLE_VALUES),
            body=rules.fill_notice(body, rules.SAMPLE_VALUES),
            length=length_words(channel, body),
        )
