"""What people do with saved views: on the home page, first of its list, with a message in the morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.acting import Actor
from app.core.rules import N_, RuleViolation, Violation
from app.system.models import SavedView, SavedViewUse
from app.system.rules.views import alert_violations

_FLAGS = frozenset({"is_pinned", "is_default"})


def find_use(session: Session, view: SavedView, actor: Actor) -> SavedViewUse | None:
    """What this person does with a view; None when nothing has been set."""
    return session.scalars(
        select(SavedViewUse).where(
            SavedViewUse.view_id == view.id, SavedViewUse.user_id == actor.user_id
        )
    ).first()


def set_use(
    session: Session, *, view: SavedView, actor: Actor, values: Mapping[str, Any]
) -> SavedViewUse:
    """Put a view on the home page (`is_pinned`) or before its list (`is_default`), or take it away.

    One view opens with a list: another one gives its place up.
    """
    if unknown := set(values) - _FLAGS:
        raise TypeError(f"not set this way: {', '.join(sorted(unknown))}")
    use = _use(session, view, actor)
    if values.get("is_default"):
        others = select(SavedView.id).where(SavedView.screen == view.screen)
        session.execute(
            update(SavedViewUse)
            .where(
                SavedViewUse.user_id == actor.user_id,
                SavedViewUse.view_id.in_(others),
                SavedViewUse.view_id != view.id,
            )
            .values(is_default=False),
            execution_options={"synchronize_session": False},
        )
    for name, value in values.items():
        setattr(use, name, bool(value))
    session.flush()
    return use


def follow_view(
    session: Session, *, view: SavedView, actor: Actor, above: str | None
) -> SavedViewUse:
    """Ask for a message each morning when a view has more than `above` rows; None ends it.

    Raises RuleViolation for anything but a whole number.
    """
    if above is not None and (broken := tuple(alert_violations(above))):
        raise RuleViolation(broken)
    use = _use(session, view, actor)
    use.alert_above = int(above) if above is not None else None
    use.alerted_on = None
    session.flush()
    return use


def _use(session: Session, view: SavedView, actor: Actor) -> SavedViewUse:
    if actor.user_id is None:
        raise RuleViolation(Violation("", N_("Only a person can do this.")))
    use = find_use(session, view, actor)
    if use is None:
        use = SavedViewUse(view_id=view.id, user_id=actor.user_id)
        session.add(use)
    return use


def list_followed(
    session: Session, today: dt.date, after_id: int, limit: int
) -> list[SavedViewUse]:
    """Uses that have to be looked at this morning and were not yet."""
    return list(
        session.scalars(
            select(SavedViewUse)
            .where(
                SavedViewUse.alert_above.is_not(None),
                SavedViewUse.id > after_id,
                SavedViewUse.alerted_on.is_(None) | (SavedViewUse.alerted_on < today),
            )
            .order_by(SavedViewUse.id)
            .limit(limit)
        )
    )
