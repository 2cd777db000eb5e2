"""Who is waited for: letters whose paraf or signature is the actor's turn, and all the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder.actions import action
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import queries, rules, services
from app.applications.models import Application, ApprovalStep, Reply
from app.applications.rules import ApprovalState
from app.applications.views.reference import case_link
from app.applications.views.replies.chain import station_label
from app.core import clock
from app.core.acting import current_actor
from app.core.rules import ConflictError, RuleViolation
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, formats
from app.core.views.base import VERBS
from app.core.views.page import Cell
from app.core.views.standing import standing_line


def is_my_turn() -> Any:
    """Steps that wait for the actor's own post."""
    return queries.is_turn_of(current_actor())


def is_turn_as_deputy() -> Any:
    """Steps that wait for somebody whose place the actor takes."""
    return queries.is_turn_as_deputy(current_actor())


def is_waiting() -> Any:
    """Steps that wait for anybody."""
    return queries.is_waiting()


def is_done_by_me() -> Any:
    """What the actor initialled, signed or sent back."""
    return ApprovalStep.by_id == current_actor().user_id


def letter_cell(value: Any, record: ApprovalStep) -> Cell:
    """The letter that waits, by its subject and kind."""
    reply = record.reply
    kind = formats.translated(rules.REPLY_KIND_LABELS[reply.kind])
    words = reply.subject or f"#{reply.id}"
    return Cell("link", words, url=url_for("ReplyView.show", pk=reply.id), sub=kind)


def station_cell(value: Any, record: ApprovalStep) -> Cell:
    """Whom the step names, and whether it signs."""
    what = _("signature") if record.signs else _("paraf")
    return Cell("text", station_label(record), sub=what)


def waiting_cell(value: Any, record: ApprovalStep) -> Cell:
    """Since when it waits, and for how many days."""
    if value is None:
        return formats.EMPTY
    if record.state is not ApprovalState.WAITING:
        return formats.plain(value)
    days = (clock.today() - clock.to_local(value).date()).days
    tone = "bad" if days > 5 else "warn" if days > 2 else ""
    words = _("today") if days == 0 else _("%(n)s days", n=days)
    return Cell("badge", words, tone=tone, title=formats.plain(value).text, value=value)


def by_cell(value: Any, record: ApprovalStep) -> Cell:
    """Who took the step, and in whose place."""
    if value is None:
        return formats.EMPTY
    sub = _("in place of %(name)s", name=record.deputy_for) if record.deputy_for else ""
    return Cell("text", str(value), sub=sub)


class ApprovalStepView(BackOfficeView):
    """Letters that wait for a paraf or a signature, the longest waiting first."""

    datamodel = Interface(ApprovalStep)
    route_base = "/approvals"
    class_permission_name = "ApprovalStep"
    method_permission_name = {**VERBS, "approve": "approve"}
    label = _l("Step of an approval")
    label_plural = _l("Waiting for approval")
    icon = "check"
    can_add = False
    can_edit = False
    list_columns = ["reply", "application", "role", "waiting_since", "state", "by", "at"]
    order_columns = ["waiting_since", "at"]
    base_order = ("waiting_since", "asc")
    link_column = "reply"
    export_columns = ["round", "position", "note", "deputy_for"]
    show_fieldsets = [
        (_l("Letter"), {"fields": ["reply", "application", "round", "position", "role", "signs"]}),
        (
            _l("What was done"),
            {"fields": ["state", "waiting_since", "by", "deputy_for", "at", "note"]},
        ),
    ]
    label_columns = {
        "reply": _l("Letter"),
        "application": _l("Application"),
        "round": _l("Round"),
        "position": _l("Place in the chain"),
        "role": _l("Whose turn"),
        "signs": _l("Signs"),
        "state": _l("State"),
        "waiting_since": _l("Waits since"),
        "by": _l("Done by"),
        "deputy_for": _l("In place of"),
        "at": _l("Done at"),
        "note": _l("Note"),
    }
    description_columns = {
        "round": _l("A letter that was sent back begins a new round."),
        "signs": _l("The last step of a chain is the signature."),
    }
    wide = frozenset({"note"})
    formats = {
        "reply": letter_cell,
        "application": case_link,
        "role": station_cell,
        "waiting_since": waiting_cell,
        "by": by_cell,
        "state": formats.labelled(rules.APPROVAL_STATE_LABELS, rules.APPROVAL_STATE_TONES),
        "note": formats.long_text,
    }
    list_options = (
        joinedload(ApprovalStep.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
        joinedload(ApprovalStep.reply).load_only(Reply.subject, Reply.kind),
        joinedload(ApprovalStep.user),
        joinedload(ApprovalStep.deputy_for),
    )
    filters = (
        Choice("state", _l("State"), ApprovalStep.state, labels=rules.APPROVAL_STATE_LABELS),
        Choice("role", _l("Whose turn"), ApprovalStep.role, labels=rules.APPROVAL_ROLE_LABELS),
        Pick("by", _l("Done by"), ApprovalStep.by_id, source="staff"),
        Pick("for", _l("In place of"), ApprovalStep.deputy_for_id, source="staff"),
        Dates("since", _l("Waits since"), ApprovalStep.waiting_since, instant=True),
    )
    tabs = (
        ("turn", _l("My turn"), is_my_turn, "warn"),
        ("deputy", _l("As deputy"), is_turn_as_deputy, "warn"),
        ("waiting", _l("All that wait"), is_waiting, ""),
        ("mine", _l("Done by me"), is_done_by_me, ""),
        ("all", _l("All"), None, ""),
    )
    empty_text = _l("No letter waits here.")

    def visible_tabs(self) -> Sequence[Any]:
        """“As deputy” is only for those who stand in for somebody today."""
        if current_actor().mandates:
            return self.tabs
        return [tab for tab in self.tabs if tab[0] != "deputy"]

    def row_label(self, item: ApprovalStep) -> str:
        """The letter and the place in its chain."""
        return _("%(letter)s, step %(n)s", letter=item.reply.subject, n=item.position)

    def row_url(self, item: ApprovalStep) -> str:
        """A row opens the letter: nobody approves what was not read."""
        return url_for("ReplyView.show", pk=item.reply_id)

    @property
    def intro(self) -> str:
        """For whom the actor stands in today."""
        return " ".join(standing_line(mandate) for mandate in current_actor().mandates)

    @action(
        "approve",
        _l("Give paraf or approve"),
        _l("Your paraf or signature is given to every picked letter whose turn is yours."),
        "check",
    )
    def approve(self, items: Sequence[ApprovalStep]) -> Any:
        """Take one's turn at each picked letter; what is refused is told and stays."""
        done, refused = 0, []
        for item in sorted(items, key=lambda step: step.id):
            reason = self._approve_one(item)
            done += not reason
            if reason:
                refused.append(reason)
        if done:
            flash(_("%(n)s letters initialled or approved.", n=done), "success")
        for reason in refused[:5]:
            flash(reason, "error")
        return redirect(self.url("list", tab="turn"))

    def _approve_one(self, item: ApprovalStep) -> str:
        """Approve one letter in a transaction of its own; the reason when it is refused."""
        session, actor, now = self.session, current_actor(), clock.now()
        label, step_id, reply_id = item.reply.subject, item.id, item.reply_id
        try:
            if item.state is not ApprovalState.WAITING:
                return _("%(letter)s: it does not wait any more.", letter=label)
            services.check_letter(session, reply=item.reply, actor=actor, now=now)
            session.commit()
            reply = session.get(Reply, reply_id)
            services.approve_reply(session, reply=reply, actor=actor, now=now, step_id=step_id)
            session.commit()
        except RuleViolation as broken:
            session.rollback()
            first = broken.violations[0]
            words = formats.translated(first.message)
            return f"{label}: {words % dict(first.params) if first.params else words}"
        except ConflictError:
            session.rollback()
            return _("%(letter)s: somebody else has changed it meanwhile.", letter=label)
        return ""
