"""A chain of approval as a page tells it: who gave a paraf, whose turn it is, what the actor may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.applications import rules
from app.applications.models import ApprovalStep, Reply
from app.applications.rules import ApprovalState
from app.applications.services.approvals import find_post, four_eyes_violations
from app.core import clock
from app.core.acting import Actor
from app.core.text import format_datetime
from app.core.views import formats
from app.core.views.page import Cell


@dataclass(frozen=True)
class ChainLine:
    """One station as it is told: who or which post, what it is, where it stands, what was said."""

    who: str
    post: str
    badge: Cell
    note: str = ""


@dataclass(frozen=True)
class Turn:
    """What the actor may do with a letter now: whether it is the signature, and in whose place."""

    step_id: int | None
    signs: bool
    deputy_for: str = ""
    #: Why it is the actor's turn and cannot be taken all the same.
    refused: str = ""


def short_moment(value: dt.datetime) -> str:
    """Day and time without the year: 23.11 08.44."""
    return clock.to_local(value).strftime("%d.%m %H.%M")


def station_label(step: ApprovalStep) -> str:
    """Whom a step names: a person, a role, or whoever may approve."""
    if step.user is not None:
        return str(step.user)
    label = rules.APPROVAL_ROLE_LABELS.get(step.role)
    return formats.translated(label) if label else _("Whoever may approve")


def chain_line(step: ApprovalStep) -> ChainLine:
    """One step of a chain."""
    if step.state in {ApprovalState.INITIALLED, ApprovalState.SENT_BACK} and step.by is not None:
        what = _("signature") if step.signs else _("paraf")
        post = ", ".join(part for part in (step.by.title, what) if part)
        if step.deputy_for is not None:
            post += f" · {_('in place of %(name)s', name=step.deputy_for)}"
        tone = rules.APPROVAL_STATE_TONES[step.state]
        moment = short_moment(step.at) if step.at else ""
        words = (
            moment if step.state is ApprovalState.INITIALLED else _("Sent back %(at)s", at=moment)
        )
        return ChainLine(str(step.by), post, Cell("badge", words, tone=tone), step.note)
    label = formats.translated(rules.APPROVAL_STATE_LABELS[step.state])
    return ChainLine(
        station_label(step),
        _("signature") if step.signs else _("paraf"),
        Cell("badge", label, tone=rules.APPROVAL_STATE_TONES[step.state]),
        step.note,
    )


def writer_line(reply: Reply) -> ChainLine | None:
    """Who prepared the letter, as the first line of its chain."""
    writer = reply.drafted_by
    if writer is None:
        return None
    at = reply.submitted_at
    badge = (
        Cell(
            "badge", short_moment(at), tone="ok", title=format_datetime(at, lang=formats.language())
        )
        if at is not None
        else Cell("badge", _("Draft"))
    )
    post = ", ".join(part for part in (writer.title, _("prepared")) if part)
    return ChainLine(str(writer), post, badge)


def rounds_of(steps: Iterable[ApprovalStep]) -> list[list[ApprovalStep]]:
    """The steps of one letter, the newest round first."""
    rounds: dict[int, list[ApprovalStep]] = {}
    for step in steps:
        rounds.setdefault(step.round, []).append(step)
    return [rounds[number] for number in sorted(rounds, reverse=True)]


def turn_of(reply: Reply, steps: Sequence[ApprovalStep], actor: Actor) -> Turn | None:
    """What the actor may do with a waiting letter; None when it is another's turn.

    No statement is sent; a letter of before the chain has one step for whoever may approve.
    """
    if reply.state is not rules.ReplyState.IN_APPROVAL:
        return None
    step = next((s for s in steps if s.state is ApprovalState.WAITING), None)
    if step is None:
        step = ApprovalStep(role="", signs=True)
    found = find_post(step, actor)
    if found is None:
        return None
    mandate = found[1]
    broken = four_eyes_violations(reply, actor, mandate)
    return Turn(
        step.id,
        step.signs,
        deputy_for=mandate.name if mandate is not None else "",
        refused=formats.translated(broken[0].message) if broken else "",
    )


def chain_words(steps: Sequence[ApprovalStep]) -> str:
    """The newest round in one line: whose paraf is there and who is waited for."""
    rounds = rounds_of(steps)
    parts: list[str] = []
    for step in rounds[0] if rounds else ():
        if step.state is ApprovalState.INITIALLED and step.by is not None:
            parts.append(f"{step.by} ✓")
        elif step.state is ApprovalState.WAITING:
            parts.append(_("%(who)s: waiting", who=station_label(step)))
        elif step.state is ApprovalState.SENT_BACK:
            parts.append(_("%(who)s: sent back", who=step.by or station_label(step)))
    return " · ".join(parts)


def chain_card(reply: Reply, steps: Sequence[ApprovalStep]) -> dict[str, Any]:
    """Lines of the newest round with the writer first, and earlier rounds."""
    rounds = rounds_of(steps)
    first = writer_line(reply)
    return {
        "lines": [
            *([first] if first is not None else []),
            *(chain_line(step) for step in (rounds[0] if rounds else ())),
        ],
        "earlier": [[chain_line(step) for step in steps] for steps in rounds[1:]],
    }
