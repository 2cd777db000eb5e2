"""What came through Open311: the list, one record, and the cards on applications and keys."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import rules
from app.applications.models import Application, Open311Request
from app.applications.queries import open311 as queries
from app.applications.views.reference import case_link
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rooms import Card
from app.core.text import format_datetime
from app.core.views import BackOfficeView, Dates, Interface, Pick, formats
from app.core.views.page import Cell
from app.system.models import ApiKey
from app.system.rules import KeyChannel, KeyScope

#: Channels by which something can have come through Open311; a call never does.
_CHANNELS = frozenset(
    rules.Channel(channel.value) for channel in KeyChannel if channel is not KeyChannel.CALL_CENTER
)


def answer_lines(answers: Any) -> list[tuple[str, str]]:
    """Question and answer in words."""
    return [
        (answer["question"], ", ".join(value["name"] for value in answer["values"]))
        for answer in answers or ()
    ]


def answers_cell(value: Any, row: Open311Request) -> Cell:
    """Every question with its answer, one a line."""
    lines = [f"{question} {answer}" for question, answer in answer_lines(value)]
    return Cell("lines", "\n".join(lines)) if lines else formats.EMPTY


class Open311RequestView(BackOfficeView):
    """Applications that apps have sent, with the key and the service by which they came."""

    datamodel = Interface(Open311Request)
    route_base = "/open311-requests"
    class_permission_name = "Open311Request"
    label = _l("Open311 request")
    label_plural = _l("Open311 requests")
    icon = "globe"
    can_add = False
    can_edit = False
    link_column = "created_at"
    list_columns = ["created_at", "application", "topic", "api_key"]
    order_columns = ["created_at"]
    base_order = ("id", "desc")
    show_fieldsets = [
        (
            _l("Open311 request"),
            {"fields": ["created_at", "application", "topic", "api_key", "has_link"]},
        ),
        (_l("Answers to the questions of the service"), {"fields": ["answers"]}),
    ]
    label_columns = {
        "created_at": _l("Received"),
        "application": _l("Application"),
        "topic": _l("Service"),
        "api_key": _l("Key"),
        "has_link": _l("A link was sent"),
        "answers": _l("Answers"),
    }
    formats = {
        "application": case_link,
        "answers": answers_cell,
        "has_link": lambda value, row: formats.plain(bool(row.media_url)),
    }
    wide = frozenset({"answers"})
    list_options = (
        joinedload(Open311Request.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    show_options = list_options
    filters = (
        Pick("key", _l("Key"), Open311Request.api_key_id, source="api_key"),
        Pick("topic", _l("Service"), Open311Request.topic_id, source="topic"),
        Dates("created", _l("Received"), Open311Request.created_at, instant=True),
    )
    empty_text = _l("Applications that come through a key for Open311 appear here.")

    def row_label(self, item: Open311Request) -> str:
        """When it came."""
        return _("Request of %(at)s", at=format_datetime(item.created_at, lang=formats.language()))


# --- cards -----------------------------------------------------------------------------------------
def _sent(session: Any, item: Application, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """What the app asked and got, and the link it sent, which nobody has opened."""
    filing = queries.find_filing(session, item.id)
    if filing is None:
        return None
    return "applications/card_open311.html", {
        "answers": answer_lines(filing.answers),
        "media_url": filing.media_url,
        "key": filing.api_key.name,
        "url": url_for("Open311RequestView.show", pk=filing.id),
    }


APPLICATION_CARD = Card(
    "open311",
    _l("Sent by an app"),
    _sent,
    shown=lambda item, actor: item.channel in _CHANNELS and actor.may("read", "Open311Request"),
)


def _last_requests(session: Any, item: ApiKey, actor: Actor) -> tuple[str, dict[str, Any]]:
    """Numbers and states of what came last; who may read applications gets to them.

    Whoever looks after keys may see that a key is alive without any right to what was written, so
    the rows are found as the system and hold nothing else.
    """
    may_open = actor.may("read", "Application")
    with acting_as(SYSTEM):
        found = queries.list_filings_of_key(session, item.id)
        rows = [
            {
                "at": format_datetime(row.created_at, lang=formats.language()),
                "number": row.application.number,
                "service": row.topic.public_name or row.topic.code,
                "state": formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)(
                    row.application.state, row.application
                ),
                "url": url_for("ApplicationView.show", pk=row.application_id) if may_open else "",
            }
            for row in found
        ]
    more = (
        url_for("Open311RequestView.list", key=item.id)
        if actor.may("read", "Open311Request")
        else ""
    )
    return "applications/card_key_requests.html", {"rows": rows, "more_url": more}


KEY_CARDS: tuple[Card, ...] = (
    Card(
        "open311",
        _l("Last requests through Open311"),
        _last_requests,
        shown=lambda item, actor: KeyScope.OPEN311 in item.scopes,
    ),
)
