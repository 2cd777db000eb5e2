"""`flask audit`: seal and check the audit trail."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.acting import SYSTEM, acting_as
from app.extensions import db
from app.system.rules import SEAL_PROBLEM_LABELS
from app.system.services import audit as trail


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
@with_appcontext
def seal() -> None:
    """Seal what has been written since the last time and note the head outside the database."""
    with force_locale("tr"), acting_as(SYSTEM):
        count = trail.seal(db.session())
        db.session.commit()
        head = trail.export_head(db.session())
        click.echo(_("%(count)s rows sealed.", count=count))
        if head is not None:
            click.echo(_("Head: %(no)s %(hash)s", no=head.seal_no, hash=head.hash))


@audit.command()
@with_appcontext
def verify() -> None:
    """Check every seal. Exit code 1: a row was changed, removed or moved; the first is named."""
    with force_locale("tr"), acting_as(SYSTEM):
        found = trail.verify(db.session())
        if found.problem is not None:
            words = _(SEAL_PROBLEM_LABELS[found.problem]) % {
                "id": found.row_id,
                "seal": found.seal_no,
                "on": found.noted_on,
            }
            click.echo(words, err=True)
            sys.exit(1)
        click.echo(
            _(
                "The audit trail is whole: %(count)s seals hold, %(open)s rows are not sealed yet.",
                count=found.checked,
                open=found.unsealed,
            )
        )
