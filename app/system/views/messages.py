"""Messages: the outbox, the reminders and the own messages behind the bell."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import Select, select, update

from app.core import clock
from app.core.acting import current_actor
from app.core.identifiers import mask_email, mask_phone
from app.core.personal import hide_links
from app.core.rooms import Words
from app.core.rules import RuleViolation
from app.core.text import format_datetime
from app.core.views import BackOfficeView, Choice, Dates, Interface, formats
from app.core.views.base import VERBS
from app.core.views.entities import Entity, Records, record_format
from app.core.views.page import Button, Cell
from app.extensions import db
from app.system.models import Notification, Reminder
from app.system.queries import list_panel_messages
from app.system.rules import (
    NOTIFICATION_CHANNEL_LABELS,
    NOTIFICATION_STATE_LABELS,
    AuditVerb,
    NotificationChannel,
    NotificationState,
)
from app.system.services import audit, outbox

MESSAGE_TONES = {
    NotificationState.WAITING: "wait",
    NotificationState.SENDING: "info",
    NotificationState.SENT: "ok",
    NotificationState.FAILED: "bad",
}
#: What leaves the house; the panel's own messages are behind the bell.
OUTGOING = {
    channel: label
    for channel, label in NOTIFICATION_CHANNEL_LABELS.items()
    if channel is not NotificationChannel.PANEL
}

#: Why a message was written, in the words of the room that wrote it.
MESSAGE_OCCASIONS = Words("Notification.template")


def recipient_cell(value: Any, message: Any) -> Cell:
    """Where it goes, masked: the outbox shows that and how, not to whom."""
    if not value:
        return formats.EMPTY
    mask = mask_phone if message.channel is NotificationChannel.SMS else mask_email
    return Cell("masked", mask(str(value)))


def body_cell(value: Any, message: Any) -> Cell:
    """The text; a link that opens something by itself is not for those who read the outbox."""
    return formats.long_text(hide_links(value or ""), message)


class NotificationView(BackOfficeView):
    """E-mails and SMS that were written, and whether they have left."""

    datamodel = Interface(Notification)
    route_base = "/outbox"
    class_permission_name = "Notification"
    method_permission_name = {**VERBS, "retry": "write", "cancel": "write"}
    label = _l("Message")
    label_plural = _l("Outbox")
    icon = "send"
    can_add = False
    can_edit = False
    has_history = False
    link_column = "subject"
    list_columns = ["created_at", "channel", "recipient", "subject", "state", "sent_at", "error"]
    order_columns = ["created_at", "sent_at"]
    base_order = ("id", "desc")
    export_columns = ["attempts", "template"]
    show_fieldsets = [
        (_l("Message"), {"fields": ["channel", "recipient", "subject", "body", "owner_type"]}),
        (
            _l("Sending"),
            {"fields": ["state", "attempts", "run_after", "sent_at", "provider_ref", "error"]},
        ),
    ]
    label_columns = {
        "created_at": _l("Written at"),
        "channel": _l("Way"),
        "recipient": _l("Recipient"),
        "subject": _l("Subject"),
        "body": _l("Text"),
        "owner_type": _l("Record"),
        "state": _l("State"),
        "attempts": _l("Tries"),
        "run_after": _l("Not before"),
        "sent_at": _l("Sent at"),
        "provider_ref": _l("Number at the provider"),
        "error": _l("Note"),
        "template": _l("Template"),
    }
    description_columns = {
        "recipient": _l("Masked here; it stands on the record that the message is about."),
        "error": _l("Why it waits or could not be sent."),
    }
    codes = {
        "channel": OUTGOING,
        "state": NOTIFICATION_STATE_LABELS,
        "template": MESSAGE_OCCASIONS,
    }
    formats = {
        "recipient": recipient_cell,
        "state": formats.labelled(NOTIFICATION_STATE_LABELS, MESSAGE_TONES),
        "body": body_cell,
        "owner_type": record_format("owner_type", "owner_id"),
    }
    wide = frozenset({"body", "error"})
    search = Records(
        "q",
        _l("Search by number or name of the record"),
        Notification.owner_type,
        Notification.owner_id,
        needs="Application",
    )
    filters = (
        Choice("state", _l("State"), Notification.state, labels=NOTIFICATION_STATE_LABELS),
        Choice("channel", _l("Way"), Notification.channel, labels=OUTGOING),
        Dates("created", _l("Written at"), Notification.created_at, instant=True),
    )
    tabs = (
        ("all", _l("All"), None, ""),
        (
            "failed",
            _l("Could not be sent"),
            lambda: Notification.state == NotificationState.FAILED,
            "bad",
        ),
        ("waiting", _l("Waiting"), lambda: Notification.state == NotificationState.WAITING, "soon"),
    )
    empty_text = _l("Messages to citizens and colleagues appear here as soon as they are written.")

    def base_query(self) -> Select[Any]:
        """What leaves the house."""
        return select(Notification).where(Notification.channel != NotificationChannel.PANEL)

    def row_label(self, item: Any) -> str:
        """The subject; an SMS has none and is called by its occasion."""
        said = MESSAGE_OCCASIONS.get(item.template) or OUTGOING.get(item.channel, "")
        return item.subject or formats.translated(said)

    def show_buttons(self, item: Any) -> list[Button]:
        """Send again, or keep from leaving."""
        if not self.may("write"):
            return []
        if item.state in {NotificationState.FAILED, NotificationState.CANCELLED}:
            return [Button(_("Send again"), self.url("retry", pk=item.id), "send", post=True)]
        if item.state is NotificationState.WAITING:
            text = _("The message will not be sent.")
            return [
                Button(
                    _("Do not send"),
                    self.url("cancel", pk=item.id),
                    "close",
                    post=True,
                    confirm=text,
                )
            ]
        return []

    @expose("/retry/<int:pk>", methods=["POST"])
    @has_access
    def retry(self, pk: int) -> Any:
        """Send a failed message again."""
        return self._turn(pk, outbox.retry, _("The message waits to be sent again."))

    @expose("/cancel/<int:pk>", methods=["POST"])
    @has_access
    def cancel(self, pk: int) -> Any:
        """Keep a message from leaving."""
        return self._turn(pk, outbox.cancel, _("The message will not be sent."))

    def _turn(self, pk: int, act: Any, done: str) -> Any:
        message = self.load(pk)
        try:
            act(self.session, message=message)
            audit.record(
                self.session,
                verb=AuditVerb.UPDATE,
                entity="Notification",
                record_id=pk,
                summary=act.__name__,
            )
            self.session.commit()
            flash(done, "success")
        except RuleViolation as refused:
            self.session.rollback()
            for one in refused.violations:
                flash(_(one.message) % dict(one.params) if one.params else _(one.message), "error")
        return redirect(self.url("show", pk=pk))


class ReminderView(BackOfficeView):
    """Reminders that the clock has written; each point of each record once."""

    datamodel = Interface(Reminder)
    route_base = "/reminders"
    class_permission_name = "Reminder"
    label = _l("Reminder")
    label_plural = _l("Reminders")
    icon = "clock"
    can_add = False
    can_edit = False
    has_history = False
    link_column = "text"
    list_columns = ["created_at", "text", "owner_type", "kind", "level", "due_on"]
    order_columns = ["created_at", "due_on"]
    base_order = ("id", "desc")
    show_fieldsets = [
        (
            _l("Reminder"),
            {"fields": ["text", "owner_type", "kind", "level", "due_on", "created_at"]},
        )
    ]
    label_columns = {
        "created_at": _l("Written at"),
        "text": _l("Text"),
        "owner_type": _l("Record"),
        "kind": _l("Occasion"),
        "level": _l("Who was reminded"),
        "due_on": _l("Day it speaks of"),
    }
    codes = {"kind": Words("Reminder.kind"), "level": Words("Reminder.level")}
    formats = {"owner_type": record_format("owner_type", "owner_id")}
    wide = frozenset({"text"})
    filters = (
        Entity("record", _l("Record"), Reminder.owner_type),
        Dates("due", _l("Day it speaks of"), Reminder.due_on),
        Dates("created", _l("Written at"), Reminder.created_at, instant=True),
    )


class BellView(BaseView):
    """The own messages of the panel; reading them is marked by a button, never by looking."""

    route_base = "/notifications"
    default_view = "bell"

    @expose("/")
    @login_required
    def bell(self) -> Any:
        """The newest messages."""
        actor = current_actor()
        lang = formats.language()
        items = [
            {
                "title": row.subject,
                "text": row.body,
                "at": format_datetime(row.created_at, lang=lang),
                "url": row.url if row.url.startswith("/") and not row.url.startswith("//") else "",
                "unread": row.read_at is None,
                "tone": "",
            }
            for row in list_panel_messages(db.session(), actor.user_id or 0)
        ]
        return self.render_template(
            "notifications.html",
            items=items,
            mark_url=url_for("BellView.mark"),
            title=_("Notifications"),
        )

    @expose("/read", methods=["POST"])
    @login_required
    def mark(self) -> Any:
        """Mark all own messages as read."""
        db.session.execute(
            update(Notification)
            .where(
                Notification.user_id == current_actor().user_id,
                Notification.channel == NotificationChannel.PANEL,
                Notification.read_at.is_(None),
            )
            .values(read_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
        return redirect(url_for("BellView.bell"))
