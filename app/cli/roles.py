"""`flask roles sync`: writes app/roles and the permissions of all screens to the database."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import SYSTEM, acting_as
from app.extensions import db
from app.roles import ROLES
from app.system.services import settings


@click.group()
def roles() -> None:
    """Roles and permissions."""


@roles.command()
@with_appcontext
def sync() -> None:
    """Create roles and permissions as app/roles says; anything else loses its grant."""
    with acting_as(SYSTEM):
        count = sync_roles(db.session())
        settings.ensure_rows(db.session())
        settings.bump_stamp(db.session())
        db.session.commit()
    click.echo(_("%(roles)s roles, %(grants)s grants.", roles=len(ROLES), grants=count))


def sync_roles(session: Session) -> int:
    """Make the tables equal to app/roles; returns the number of grants."""
    permissions = {p.name: p for p in session.scalars(select(Permission))}
    menus = {v.name: v for v in session.scalars(select(ViewMenu))}
    pairs = {
        (pv.permission.name, pv.view_menu.name): pv
        for pv in session.scalars(select(PermissionView))
    }
    by_name = {r.name: r for r in session.scalars(select(Role))}
    count = 0

    def pair(verb: str, resource: str) -> PermissionView:
        name = f"can_{verb}"
        if name not in permissions:
            permissions[name] = Permission(name=name)
            session.add(permissions[name])
        if resource not in menus:
            menus[resource] = ViewMenu(name=resource)
            session.add(menus[resource])
        if (name, resource) not in pairs:
            pairs[name, resource] = PermissionView(
                permission=permissions[name], view_menu=menus[resource]
            )
            session.add(pairs[name, resource])
        return pairs[name, resource]

    for role_name, grants in {**ROLES, current_app.config["AUTH_ROLE_PUBLIC"]: {}}.items():
        role = by_name.get(role_name) or Role(name=role_name)
        session.add(role)
        wanted = [pair(verb, resource) for resource, verbs in grants.items() for verb in verbs]
        if {id(p) for p in role.permissions} != {id(p) for p in wanted}:
            role.permissions = wanted
        count += len(wanted)
    session.flush()
    return count
