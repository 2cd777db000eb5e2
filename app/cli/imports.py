"""`flask import`: bring in files of other houses from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications.services import imports
from app.core.acting import SYSTEM, acting_as
from app.core.database import writing
from app.core.imports.limits import DEFAULT_LIMITS
from app.core.rules import RuleViolation
from app.core.text import format_number
from app.core.uploads import TABLES, check_upload
from app.extensions import db
from app.frontdesk.services import calls_import


@click.group("import")
def import_() -> None:
    """Files of other houses."""


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "name", required=True, help="Name of a saved column mapping.")
@with_appcontext
def applications(file: Path, name: str) -> None:
    """Take over the applications of FILE (CSV, XLSX, XLS, ODS); rows that are here already are passed over.

    Refused rows are written beside FILE with the reason of each. Exit code 1: the whole file was
    refused and nothing was taken over.
    """
    _bring_in(imports, file, name)


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping", "name", required=True, help="Name of a saved mapping, for example santral."
)
@with_appcontext
def calls(file: Path, name: str) -> None:
    """Take over the calls of a switch’s FILE (CSV, XLSX, XLS, ODS); calls that are here are passed over.

    Refused rows are written beside FILE with the reason of each. Exit code 1: the whole file was
    refused and nothing was taken over.
    """
    _bring_in(calls_import, file, name)


def _bring_in(service: Any, file: Path, name: str) -> None:
    """Bring in a file with the services of its room; both rooms name them alike."""
    with force_locale("tr"), acting_as(SYSTEM), writing():
        session = db.session()
        try:
            service.ensure_shipped(session)
            mapping = service.find_mapping(session, name)
            upload = check_upload(file.name, file, allowed=TABLES, max_size=DEFAULT_LIMITS.size)
            batch = service.create_batch(session, upload=upload, mapping=mapping, actor=SYSTEM)
            service.open_batch(session, batch=batch)
        except RuleViolation as refused:
            session.rollback()
            _refuse(refused)
        session.commit()
        batch_id = batch.id

        def keep(done: int, total: int) -> None:
            session.commit()
            if done and sys.stderr.isatty():
                click.echo(
                    _(
                        "%(done)s / %(total)s rows",
                        done=format_number(done),
                        total=format_number(total),
                    ),
                    err=True,
                )

        try:
            counts = service.run_batch(session, batch_id=batch_id, actor=SYSTEM, keep=keep)
            session.commit()
        except RuleViolation as refused:
            session.rollback()
            service.fail_batch(session, batch_id=batch_id, error=refused)
            session.commit()
            _refuse(refused)
        click.echo(
            _(
                "%(total)s rows read: %(created)s taken over, %(known)s here already (%(changed)s with news, %(resent)s sent again), %(rejected)s refused.",
                total=format_number(counts.total),
                created=format_number(counts.created),
                known=format_number(counts.known),
                changed=format_number(counts.changed),
                resent=format_number(counts.resent),
                rejected=format_number(counts.rejected),
            )
        )
        if counts.rejected:
            target = file.with_name(f"{file.stem}-ret.xlsx")
            with target.open("wb") as fp:
                service.write_rejects(
                    session, batch=session.get_one(type(batch), batch_id), fp=fp, translate=_
                )
            click.echo(_("Refused rows with their reasons: %(path)s", path=target))


def _refuse(refused: RuleViolation) -> None:
    """Say why the file is not taken, in Turkish, and end with exit code 1."""
    for one in refused.violations:
        click.echo(_(one.message) % dict(one.params) if one.params else _(one.message), err=True)
    sys.exit(1)
