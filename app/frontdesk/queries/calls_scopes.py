"""Which calls an actor may see; the session applies these rules to every statement.

Operators see their own calls and those that ring for anybody; chiefs and managers see all. A call
about a case is hidden wherever its case is. Source: domain facts 2.4, 8.5 and 9.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, false, or_

from app.applications.queries.scopes import seen_through_application
from app.core.acting import Actor
from app.core.scope import ScopeRule
from app.frontdesk.models import Call
from app.frontdesk.rules.calls import ON_LINE
from app.people.queries import is_bound_to_unit


def visible_calls(actor: Actor) -> ColumnElement[bool] | None:
    """Own calls and those that nobody has taken yet; all of them for those who oversee."""
    if not actor.may("read", "Call") or is_bound_to_unit(actor):
        return false()
    through_case = seen_through_application(Call.application_id, actor)
    if actor.may("oversee", "Call"):
        return through_case
    own = or_(
        Call.operator_id == actor.user_id,
        and_(Call.operator_id.is_(None), Call.phase.in_(sorted(ON_LINE))),
    )
    return own if through_case is None else and_(own, through_case)


CALL_SCOPES: Mapping[type, ScopeRule] = {Call: visible_calls}
