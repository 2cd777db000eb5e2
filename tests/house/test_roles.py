"""app/roles is complete: every resource and verb in it is real, and every real one is granted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select


def resources_of(app: Any) -> dict[str, set[str]]:
    """Resource → verbs that screens, charts and REST ask for."""
    found: dict[str, set[str]] = {}
    for view in app.extensions["appbuilder"].baseviews:
        name = view.class_permission_name
        verbs = {p.removeprefix("can_") for p in (view.base_permissions or ())}
        found.setdefault(name, set()).update(verbs)
    return found


def test_every_resource_in_the_table_is_a_screen_or_an_entity(app: Any) -> None:
    from app import models
    from app.roles import ROLES

    known = set(resources_of(app)) | set(models.__all__)
    unknown = {resource for grants in ROLES.values() for resource in grants} - known
    assert unknown == set()


def test_every_entity_can_be_read_by_somebody(app: Any) -> None:
    from app import models
    from app.roles import ROLES

    readable = {r for grants in ROLES.values() for r, verbs in grants.items() if "read" in verbs}
    assert set(models.__all__) - readable == set()


def test_the_steps_of_an_application_are_granted(app: Any) -> None:
    from app.applications.rules import VERBS
    from app.roles import ROLES

    granted = {v for grants in ROLES.values() for v in grants.get("Application", ())}
    assert granted >= VERBS


def test_the_database_says_what_the_table_says(session: Any) -> None:
    from flask_appbuilder.security.sqla.models import Role

    from app.roles import ROLES

    for role in session.scalars(select(Role).where(Role.name.in_(ROLES))):
        here = {(p.permission.name, p.view_menu.name) for p in role.permissions}
        wanted = {(f"can_{v}", r) for r, verbs in ROLES[role.name].items() for v in verbs}
        assert here == wanted, role.name


def test_nobody_may_change_what_only_grows(app: Any) -> None:
    from app.roles import ROLES

    for name, grants in ROLES.items():
        for resource in ("AuditEvent", "ApplicationEvent", "NumberSeries"):
            assert not set(grants.get(resource, ())) & {"write", "delete"}, (name, resource)
