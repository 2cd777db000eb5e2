"""The option that carries a row scope: the same rows as SQLAlchemy's own, its key reckoned once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, with_loader_criteria

from app.core import scope
from app.core.acting import SYSTEM, acting_as
from app.core.scope import ScopeOption, criteria_for

ACCOUNTS = ("birim", "teski", "operator", "masa", "cimer", "bilgi", "sef", "mudur", "vekil")


@pytest.fixture
def actors(app: Any, session: Any) -> dict[str, Any]:
    """The demo accounts as actors."""
    from app.models import StaffUser

    manager = app.extensions["appbuilder"].sm
    rows = session.scalars(select(StaffUser).where(StaffUser.username.in_(ACCOUNTS)))
    return {row.username: manager.actor_of(row) for row in rows}


def test_every_scope_finds_what_the_plain_option_finds(session: Any, actors: Any) -> None:
    plain = Session(session.connection())
    checked = 0
    # Twice, and with the accounts by turns: whatever one of them leaves in the cache meets the next.
    for _round in range(2):
        for model in scope.declared():
            for actor in actors.values():
                with acting_as(actor):
                    condition = criteria_for(model, actor)
                    found = session.scalars(select(model.id).order_by(model.id)).all()
                with acting_as(SYSTEM):
                    stmt = select(model.id).order_by(model.id)
                    if condition is not None:
                        stmt = stmt.options(
                            with_loader_criteria(model, condition, include_aliases=True)
                        )
                    assert found == plain.scalars(stmt).all(), (model, actor.name)
                checked += len(found)
    assert checked > 1_000


def test_two_units_by_turns_see_their_own_cases_in_every_way(session: Any, actors: Any) -> None:
    from app.models import Application, Assignment

    seen: dict[str, list[Any]] = {}
    for _round in range(3):
        for name in ("birim", "teski"):
            with acting_as(actors[name]):
                session.expunge_all()
                ids = set(session.scalars(select(Application.id)))
                counted = session.scalar(select(func.count()).select_from(Application))
                joined = set(
                    session.scalars(select(Assignment.application_id).join(Assignment.application))
                )
                loaded = session.scalars(
                    select(Application).options(joinedload(Application.assignments))
                ).unique()
                below = {a.application_id for case in loaded for a in case.assignments}
            assert counted == len(ids) > 0
            assert joined <= ids
            assert below <= ids
            seen.setdefault(name, []).append((ids, joined, below))
    for rounds in seen.values():
        assert rounds[0] == rounds[1] == rounds[2]
    assert seen["birim"][0][0] != seen["teski"][0][0]


def test_the_key_is_reckoned_once_and_equal_structures_share_it(actors: Any) -> None:
    from app.models import Application

    one, other = (
        ScopeOption(Application, criteria_for(Application, actors[name]))
        for name in ("birim", "teski")
    )
    first, second = (select(Application.id).options(o)._generate_cache_key() for o in (one, other))
    assert first is not None
    assert second is not None
    # The statement is compiled once for both; the values differ and travel with it.
    assert first.key == second.key
    assert [b.value for b in first.bindparams] != [b.value for b in second.bindparams]
    assert one._kept_key is not None
    kept = one._kept_key[0]
    select(Application.number).options(one)._generate_cache_key()
    assert one._kept_key[0] is kept
