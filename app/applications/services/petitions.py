"""The parts of a petition as the desk found them: name, signature, address (3071 m.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application
from app.applications.services.moves import (
    check_verb,
    check_version,
    flush,
    record_step,
    refuse,
)
from app.applications.services.wording import turkish
from app.core.acting import Actor
from app.core.rules import N_

_COMPLETE = N_("Name, signature and address are there.")
_MISSING = N_("Missing: %(parts)s.")
_ASK = N_(
    "Your petition lacks what article 4 of law 3071 demands: %(parts)s. It will be examined when you "
    "complete it."
)


def note_parts(
    session: Session,
    *,
    application: Application,
    parts: Mapping[str, bool | None],
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Note which parts a petition has: True, False, or None for not looked at.

    `parts` are some of `rules.PETITION_PARTS`. Raises RuleViolation for a case that has ended.
    """
    check_version(application, version)
    check_verb(actor, "write", "register", "triage")
    if application.state not in rules.OPEN_STATES:
        raise refuse(N_("Only an open application is corrected; add a note instead."))
    before = {name: getattr(application, name) for name in rules.PETITION_PARTS}
    for name in rules.PETITION_PARTS:
        if name in parts:
            setattr(application, name, parts[name])
    after = {name: getattr(application, name) for name in rules.PETITION_PARTS}
    if after == before:
        return application
    flush(session)
    record_step(
        session, application, "check_petition", actor=actor, now=now, note=words_of_parts(after)
    )
    return application


def words_of_parts(parts: Mapping[str, bool | None]) -> str:
    """What was found, in Turkish; empty when nobody looked."""
    missing = rules.missing_parts(parts)
    if missing:
        words = ", ".join(turkish(rules.PETITION_PARTS[name]) for name in missing)
        return turkish(_MISSING, parts=words)
    return turkish(_COMPLETE) if all(parts.get(n) for n in rules.PETITION_PARTS) else ""


def words_to_ask(application: Application) -> str:
    """The first words of a question for what a petition lacks; empty when nothing is known to lack."""
    missing = rules.missing_parts(
        {name: getattr(application, name) for name in rules.PETITION_PARTS}
    )
    if not missing:
        return ""
    words = ", ".join(turkish(rules.PETITION_PARTS[name]) for name in missing)
    return turkish(_ASK, parts=words)
