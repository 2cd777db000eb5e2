"""`flask user`: accounts from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.acting import SYSTEM, acting_as
from app.core.database import writing
from app.core.rules import RuleViolation
from app.extensions import db
from app.organisation import services
from app.organisation.models import StaffUser
from app.organisation.queries import find_unit


@click.group()
def user() -> None:
    """Staff accounts."""


@user.command()
@click.argument("username")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--email", required=True)
@click.option(
    "--role", "roles", multiple=True, required=True, help="Code of a role; may be repeated."
)
@click.option(
    "--unit", "unit_code", default="", help="Code of the unit, for example HALKLA_ILISKILER."
)
@click.option("--title", default="")
@click.password_option()
@with_appcontext
def create(
    username: str,
    first_name: str,
    last_name: str,
    email: str,
    roles: tuple[str, ...],
    unit_code: str,
    title: str,
    password: str,
) -> None:
    """Make an account. Exit code 2: something was refused, and the reason is printed."""
    with force_locale("tr"), acting_as(SYSTEM), writing():
        session = db.session()
        unit = find_unit(session, unit_code) if unit_code else None
        if unit_code and unit is None:
            _stop(_("There is no unit with the code %(code)s.", code=unit_code))
        try:
            made = services.create_staff_user(
                session,
                username=username,
                first_name=first_name,
                last_name=last_name,
                email=email,
                role_names=roles,
                password=password,
                unit_id=unit.id if unit else None,
                title=title,
            )
        except RuleViolation as refused:
            _stop_on(refused)
        session.commit()
        click.echo(_("%(name)s can sign in now.", name=made.username))


@user.command("set-password")
@click.argument("username")
@click.password_option()
@with_appcontext
def set_password(username: str, password: str) -> None:
    """Set a password, end the open sessions and unlock the account. Exit code 2: refused."""
    with force_locale("tr"), acting_as(SYSTEM), writing():
        session = db.session()
        found = session.scalars(select(StaffUser).where(StaffUser.username == username)).first()
        if found is None:
            _stop(_("There is no account %(name)s.", name=username))
            return
        try:
            services.set_password(session, user=found, password=password)
        except RuleViolation as refused:
            _stop_on(refused)
        session.commit()
        click.echo(
            _("The password of %(name)s has been set; open sessions have ended.", name=username)
        )


@user.command("list")
@click.option("--all", "with_inactive", is_flag=True, help="Closed accounts too.")
@with_appcontext
def list_command(with_inactive: bool) -> None:
    """List accounts: user name, name, unit, roles."""
    with force_locale("tr"), acting_as(SYSTEM):
        stmt = select(StaffUser).options(selectinload(StaffUser.unit)).order_by(StaffUser.username)
        if not with_inactive:
            stmt = stmt.where(StaffUser.active.is_(True))
        for row in db.session.scalars(stmt):
            unit = row.unit.code if row.unit else "-"
            state = "" if row.active else _("closed")
            click.echo(
                f"{row.username:<24} {row.name:<28} {unit:<20} {', '.join(row.role_names)} {state}".rstrip()
            )


def _stop_on(refused: RuleViolation) -> None:
    for violation in refused.violations:
        text = _(violation.message)
        click.echo(text % dict(violation.params) if violation.params else text, err=True)
    raise SystemExit(2)


def _stop(text: str) -> None:
    click.echo(text, err=True)
    raise SystemExit(2)
