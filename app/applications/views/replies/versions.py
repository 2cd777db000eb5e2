"""Earlier texts of a letter: who changed what, side by side with the one before, and taking one up again."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.applications import rules, services
from app.applications.models import Application, Reply, ReplyVersion
from app.applications.services.versions import TEXT_FIELDS
from app.applications.views.intake import number as read_id
from app.applications.views.reference import case_link
from app.core import clock
from app.core.acting import current_actor
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell


@dataclass(frozen=True)
class DiffPart:
    """A piece of text: kept, put in or taken out."""

    kind: str
    text: str


def diff_words(old: str, new: str) -> list[DiffPart]:
    """What was taken out and put in, word by word; spaces and line ends belong to the word before."""
    before, after = _words(old), _words(new)
    parts: list[DiffPart] = []
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            parts.append(DiffPart("same", "".join(before[a1:a2])))
            continue
        if a2 > a1:
            parts.append(DiffPart("out", "".join(before[a1:a2])))
        if b2 > b1:
            parts.append(DiffPart("in", "".join(after[b1:b2])))
    return parts


def _words(text: str) -> list[str]:
    words: list[str] = []
    start = 0
    for place, sign in enumerate(text):
        following = text[place + 1 : place + 2]
        if sign.isspace() and following and not following.isspace():
            words.append(text[start : place + 1])
            start = place + 1
    if start < len(text):
        words.append(text[start:])
    return words


def version_cell(value: Any, record: ReplyVersion) -> Cell:
    """The number, and which one was taken up again."""
    sub = _("version %(n)s taken up again", n=record.restored_from) if record.restored_from else ""
    return Cell("text", _("Version %(n)s", n=value), sub=sub)


def letter_link(value: Any, record: ReplyVersion) -> Cell:
    """The letter of a version."""
    if value is None:
        return formats.EMPTY
    return Cell("link", value.subject or f"#{value.id}", url=url_for("ReplyView.show", pk=value.id))


class ReplyVersionView(BackOfficeView):
    """Every text that a letter has had; rows are added and never changed."""

    datamodel = Interface(ReplyVersion)
    route_base = "/reply-versions"
    class_permission_name = "ReplyVersion"
    method_permission_name = {**VERBS, "restore": "read"}
    label = _l("Version of a reply")
    label_plural = _l("Versions of replies")
    icon = "clock"
    can_add = False
    can_edit = False
    has_history = False
    show_template = "applications/version_show.html"
    list_columns = ["number", "reply", "application", "at", "by"]
    order_columns = ["at"]
    base_order = ("at", "desc")
    export_columns = ["kind", "outcome", "subject"]
    show_fieldsets = [
        (_l("Version"), {"fields": ["number", "reply", "application", "at", "by"]}),
        (_l("Letter"), {"fields": ["kind", "outcome", "subject", "refusal_article"]}),
    ]
    label_columns = {
        "number": _l("Version"),
        "reply": _l("Letter"),
        "application": _l("Application"),
        "at": _l("When"),
        "by": _l("Who"),
        "kind": _l("Kind of reply"),
        "outcome": _l("Outcome"),
        "subject": _l("Subject"),
        "body": _l("Text of the letter"),
        "short_text": _l("Text of the SMS"),
        "refusal_article": _l("Law and article"),
        "remedy": _l("Remedies"),
    }
    codes = {"kind": rules.REPLY_KIND_LABELS, "outcome": rules.OUTCOME_LABELS}
    formats = {"number": version_cell, "reply": letter_link, "application": case_link}
    list_options = (
        joinedload(ReplyVersion.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
        joinedload(ReplyVersion.reply).load_only(Reply.subject),
    )
    filters = (
        Pick("by", _l("Who"), ReplyVersion.by_id, source="staff"),
        Pick("reply", _l("Letter"), ReplyVersion.reply_id, source="reply"),
        Choice("kind", _l("Kind of reply"), ReplyVersion.kind, labels=rules.REPLY_KIND_LABELS),
        Dates("at", _l("When"), ReplyVersion.at, instant=True),
    )

    def row_label(self, item: ReplyVersion) -> str:
        """The letter and the number."""
        return _("%(letter)s, version %(n)s", letter=item.reply.subject, n=item.number)

    def show_buttons(self, item: ReplyVersion) -> Sequence[Button]:
        """Whoever still has the letter may take the text up again."""
        may = current_actor().may("reply", "Application")
        if not may or item.reply.state not in rules.EDITABLE_REPLIES:
            return ()
        return (
            Button(
                _("Take this text up again"),
                self.url("restore", pk=item.id),
                "undo",
                post=True,
                confirm=_("It becomes the newest version; the present text is kept as well."),
            ),
        )

    def show_page(self, item: ReplyVersion) -> Any:
        """The record with what it changed against the version before."""
        page = super().show_page(item)
        before = self.session.scalars(
            select(ReplyVersion)
            .where(ReplyVersion.reply_id == item.reply_id, ReplyVersion.number < item.number)
            .order_by(ReplyVersion.number.desc())
            .limit(1)
        ).first()
        page.extra["before"] = before
        page.extra["texts"] = [
            (self.label_of(name), diff_words(_text(before, name), _text(item, name)))
            for name in ("body", "short_text", "remedy")
            if _text(item, name) or _text(before, name)
        ]
        page.extra["changed"] = [
            self.label_of(name)
            for name in TEXT_FIELDS
            if before is not None and getattr(before, name) != getattr(item, name)
        ]
        page.extra["before_url"] = self.url("show", pk=before.id) if before is not None else ""
        return page

    @expose("/restore/<int:pk>", methods=["POST"])
    @has_access
    def restore(self, pk: int) -> Any:
        """Take an earlier text up again."""
        item = self.load(pk)
        reply = self.session.get(Reply, item.reply_id) or abort(404)
        services.restore_version(
            self.session,
            reply=reply,
            number=item.number,
            actor=current_actor(),
            now=clock.now(),
            version=read_id(request.form.get("_version", "")),
        )
        self.session.commit()
        flash(_("Version %(n)s has been taken up again.", n=item.number), "success")
        return redirect(url_for("ReplyView.show", pk=reply.id))


def _text(version: ReplyVersion | None, name: str) -> str:
    return str(getattr(version, name) or "") if version is not None else ""
