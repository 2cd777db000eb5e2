"""`flask demo load`: fictional staff, people and applications, for trying out and for measuring."""

from __future__ import annotations

import os
import secrets
import sys
import time

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.acting import SYSTEM, acting_as
from app.core.database import writing
from app.core.rules import RuleViolation
from app.core.text import format_number
from app.data.seed import load_reference
from app.demo import accounts, around, further, load
from app.extensions import db
from app.system.services import audit, calendar, settings


@click.group()
def demo() -> None:
    """Fictional data."""


@demo.command("load")
@click.option(
    "--applications", default=20_000, show_default=True, type=click.IntRange(1, 2_000_000)
)
@click.option("--seed", default=59, show_default=True, help="The same seed gives the same stories.")
@click.option("--force", is_flag=True, help="Load although there are applications already.")
@with_appcontext
def load_command(applications: int, seed: int, force: bool) -> None:
    """Load demo accounts and so many fictional applications, all or nothing.

    Exit code 3: there are applications already and --force was not given.
    """
    with force_locale("tr"), acting_as(SYSTEM), writing():
        session = db.session()
        if not force:
            _refuse_mixing()
        started = time.monotonic()
        password = os.environ.get("HALKLA_DEMO_PASSWORD", "")
        is_random = not password
        password = password or secrets.token_urlsafe(12)
        calendar.load_holidays(session)
        calendar.load_legal_rules(session)
        load_reference(session)
        try:
            accounts.load_accounts(session, password=password)
        except RuleViolation as refused:
            click.echo(_("The roles are missing; run `flask roles sync` first."), err=True)
            raise SystemExit(3) from refused
        done = load.load_applications(
            session, applications=applications, seed=seed, progress=_progress
        )
        around.load_around(session, seed=seed)
        further.load_further(session, applications=done.applications, seed=seed)
        audit.record(
            session,
            verb="insert",
            entity="Application",
            summary="demo load",
            changes={"applications": [0, done.applications], "seed": [None, seed]},
        )
        settings.bump_stamp(session)
        session.commit()
        click.echo(
            _(
                "Demo data: %(applications)s applications (%(open)s open), %(citizens)s people, %(events)s events in %(seconds)s s.",
                applications=format_number(done.applications),
                open=format_number(done.open),
                citizens=format_number(done.citizens),
                events=format_number(done.events),
                seconds=round(time.monotonic() - started),
            )
        )
        _tell_accounts(password if is_random else "")


def _refuse_mixing() -> None:
    """Stop before fiction gets between real records, or a second time between its own."""
    try:
        load.refuse_real_data(db.session())
    except load.DemoRefused:
        click.echo(
            _(
                "There are real applications here; demo data does not belong among them. --force loads it anyway."
            ),
            err=True,
        )
        raise SystemExit(3) from None
    if load.has_demo_data(db.session()):
        click.echo(_("Demo data is here already; --force loads more of it."), err=True)
        raise SystemExit(3)


def _progress(count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{format_number(count)}", nl=False, err=True)


def _tell_accounts(password: str) -> None:
    """Name the accounts; the password only when nobody but this line knows it."""
    for account in accounts.ACCOUNTS:
        click.echo(
            f"  {account.username:<10} {account.first_name} {account.last_name}, {account.title}"
        )
    if password:
        click.echo(
            _("Password of every demo account, shown only now: %(password)s", password=password)
        )
