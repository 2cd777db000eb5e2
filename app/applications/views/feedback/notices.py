"""The cards of feedback on the page of a case, and sending a message to the applicant once more."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import rules, services
from app.applications.models import Application
from app.applications.queries.feedback import SentMessage, list_answers, list_messages
from app.applications.queries.surveys import ASKED_STATES
from app.applications.views.feedback.questions import score_words
from app.core import clock
from app.core.acting import Actor, current_actor
from app.core.current import db_session
from app.core.identifiers import mask_email, mask_phone
from app.core.personal import hide_links
from app.core.rooms import Card
from app.core.rules import RuleViolation
from app.core.text import format_datetime
from app.core.views import formats
from app.core.views.page import Button, Cell
from app.system.rules import (
    NOTIFICATION_CHANNEL_LABELS,
    NOTIFICATION_STATE_LABELS,
    NotificationChannel,
    NotificationState,
)

_TONES = {
    NotificationState.WAITING: "wait",
    NotificationState.SENDING: "info",
    NotificationState.SENT: "ok",
    NotificationState.FAILED: "bad",
}

#: Whose link is good once, and what went to somebody else.
_SENT_ONCE = rules.CALLER_STEPS | {rules.SURVEY_STEP}


class NoticeView(BaseView):
    """A message to the applicant is sent again, against a reason."""

    route_base = "/applications/messages"
    default_view = "resend"
    class_permission_name = "Application"
    method_permission_name = {"resend": "notify"}
    previous_method_permission_name: dict[str, str] = {}

    @expose("/<int:pk>/resend/<int:message>", methods=["POST"])
    @has_access
    def resend(self, pk: int, message: int) -> Any:
        """Write it once more; the reason stands on the timeline."""
        session = db_session()
        application = session.get(Application, pk) or abort(404)
        try:
            services.resend_message(
                session,
                application=application,
                message_id=message,
                reason=request.form.get("reason", ""),
                actor=current_actor(),
                now=clock.now(),
            )
            session.commit()
            flash(_("The message waits to be sent again."), "success")
        except RuleViolation as refused:
            session.rollback()
            for one in refused.violations:
                flash(_(one.message) % dict(one.params) if one.params else _(one.message), "error")
        return redirect(url_for("ApplicationView.show", pk=pk))


def _message(
    row: SentMessage, application: Application, *, is_named: bool, may_resend: bool
) -> dict[str, Any]:
    lang = formats.language()
    mask = mask_phone if row.channel is NotificationChannel.SMS else mask_email
    later = row.state is NotificationState.WAITING and row.not_before > clock.now()
    resend = None
    if may_resend and row.step not in _SENT_ONCE:
        resend = Button(
            _("Send again"),
            url_for("NoticeView.resend", pk=application.id, message=row.id),
            "send",
            post=True,
            confirm=_("The message is written once more, to where the applicant is reached today."),
            ask=("reason", _("Why is it sent again?"), True),
        )
    return {
        "step": formats.translated(rules.NOTICE_STEP_LABELS.get(row.step, row.step)) or row.subject,
        "channel": formats.translated(NOTIFICATION_CHANNEL_LABELS[row.channel]),
        "to": mask(row.recipient),
        "at": format_datetime(row.sent_at or row.written_at, lang=lang),
        "later": format_datetime(row.not_before, lang=lang) if later else "",
        "state": Cell(
            "badge",
            formats.translated(NOTIFICATION_STATE_LABELS[row.state]),
            tone=_TONES.get(row.state, ""),
        ),
        "error": row.error,
        "body": hide_links(row.body) if is_named else "",
        "resend": resend,
    }


def draw_messages(
    session: Any, item: Application, actor: Actor
) -> tuple[str, dict[str, Any]] | None:
    """What was written to the applicant, when, and whether it arrived."""
    may_resend = actor.may("notify", "Application")
    # The text begins with the name: who may not read the one does not read the other.
    is_named = actor.may("identity", "Citizen")
    rows = [
        _message(row, item, is_named=is_named, may_resend=may_resend)
        for row in list_messages(session, item)
    ]
    return "applications/card_messages.html", {"messages": rows}


def draw_answers(
    session: Any, item: Application, actor: Actor
) -> tuple[str, dict[str, Any]] | None:
    """What the applicant answered about this case, and the way to write an answer down."""
    rows = list_answers(session, item.id) if actor.may("read", "Satisfaction") else []
    known = any(row.cycle == item.cycle and row.score is not None for row in rows)
    has_result = item.state in ASKED_STATES and item.answered_at is not None
    may_add = actor.may("write", "Satisfaction") and has_result and not known
    if not rows and not may_add:
        return None
    lang = formats.language()
    answers = [
        {
            "score": score_words(row.score) if row.score is not None else "",
            "solved": formats.translated(rules.SOLVED_LABELS[row.solved]) if row.solved else "",
            "manner": row.manner,
            "comment": row.comment,
            "how": formats.translated(rules.ANSWER_METHOD_LABELS[row.method]),
            "at": format_datetime(row.answered_at or row.sent_at, lang=lang),
            "cycle": row.cycle,
        }
        for row in rows
    ]
    add_url = url_for("SatisfactionView.add", application=item.id) if may_add else ""
    return "applications/card_satisfaction.html", {"answers": answers, "add_url": add_url}


#: In the order of the page.
FEEDBACK_CARDS: tuple[Card, ...] = (
    Card(
        "messages",
        _l("Messages to the applicant"),
        draw_messages,
        shown=lambda item, actor: not item.identity_hidden and not item.is_anonymous,
    ),
    Card(
        "satisfaction",
        _l("Satisfaction"),
        draw_answers,
        shown=lambda item, actor: (
            not item.identity_hidden
            and not item.is_restricted
            and item.state not in rules.OPEN_STATES | {rules.State.DRAFT}
            and (actor.may("read", "Satisfaction") or actor.may("write", "Satisfaction"))
        ),
        beside=True,
    ),
)
