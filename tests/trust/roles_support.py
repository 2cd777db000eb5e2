"""One account for every role, made where the demo has none; what a role may do by app/roles.py."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select


def account_of(session: Any, role: str) -> str:
    """User name of an active account that has this role and no other."""
    from app.models import StaffUser, Unit

    users = session.scalars(
        select(StaffUser).where(StaffUser.active.is_(True)).order_by(StaffUser.id)
    ).unique()
    for user in users:
        if user.role_names == [role] or tuple(user.role_names) == (role,):
            return str(user.username)
    unit = session.scalars(select(Unit).where(Unit.code == "HALKLA_ILISKILER")).one()
    user = StaffUser(
        username=f"only-{role}", first_name="Deneme", last_name="Kişi", email=f"{role}@halkla.example",
        password="!", active=True, unit_id=unit.id, session_stamp=f"stamp-{role}",
        roles=[session.scalars(select(Role).where(Role.name == role)).one()],
    )  # fmt: skip
    session.add(user)
    session.commit()
    return str(user.username)


def granted(role: str, verb: str, resource: str) -> bool:
    """What the table says."""
    from app.roles import ROLES

    return verb in ROLES[role].get(resource, ())


def screens(app: Any) -> list[Any]:
    """The screens of all entities."""
    from app.core.views import BackOfficeView

    return [v for v in app.extensions["appbuilder"].baseviews if isinstance(v, BackOfficeView)]


def resources(app: Any) -> list[Any]:
    """The REST resources of all entities."""
    from app.core.api import BackOfficeApi

    return [v for v in app.extensions["appbuilder"].baseviews if isinstance(v, BackOfficeApi)]


def charts(app: Any) -> list[Any]:
    """The chart screens of all entities."""
    from app.core.views import BackOfficeChart

    return [v for v in app.extensions["appbuilder"].baseviews if isinstance(v, BackOfficeChart)]
