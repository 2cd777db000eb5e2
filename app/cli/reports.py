"""`flask report`: lists the reports and makes one at once, with its files written beside."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.acting import SYSTEM, acting_as
from app.core.reports import list_reports
from app.core.rules import RuleViolation
from app.core.text import format_datetime
from app.extensions import db
from app.reporting import services
from app.reporting.tasks import make_report

ENDINGS = (".pdf", ".xlsx")


@click.group()
def report() -> None:
    """Reports."""


@report.command("list")
@with_appcontext
def list_all() -> None:
    """Print every report with its parameters."""
    with force_locale(services.LANG):
        for one in list_reports():
            click.echo(f"{one.key}: {_(str(one.title))}")
            for parameter in one.parameters:
                words = " | ".join(parameter.choices or ())
                click.echo(
                    f"  {parameter.name}: {parameter.label}" + (f" ({words})" if words else "")
                )


@report.command("run")
@click.argument("key")
@click.option("--param", "pairs", multiple=True, metavar="NAME=VALUE")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def run_one(key: str, pairs: tuple[str, ...], output: Path | None) -> None:
    """Make report KEY now and keep it. OUTPUT ends in .pdf or .xlsx; without it both are written here.

    Exit code 2: the report or a parameter is not known; 1: it could not be made or written.
    """
    with force_locale(services.LANG), acting_as(SYSTEM):
        given = _read_pairs(pairs)
        if output is not None and output.suffix.lower() not in ENDINGS:
            _stop(_("The name of the file must end in .pdf or .xlsx."), 2)
        session = db.session()
        try:
            run = services.prepare_run(session, key=key, parameters=given, actor=SYSTEM)
            session.commit()
        except RuleViolation as refused:
            session.rollback()
            _stop(_texts(refused), 2)
        run_id = run.id
        try:
            pdf, xlsx = make_report(session, run, SYSTEM, _say)
            session.commit()
        except RuleViolation as refused:
            session.rollback()
            _note(run_id, _texts(refused))
            _stop(_texts(refused), 1)
        except Exception:
            session.rollback()
            _note(
                run_id,
                _(
                    "An unexpected fault stopped the report; it has been logged. Tell your administrator."
                ),
            )
            raise
        for path, content in _targets(output, run.title, pdf, xlsx):
            try:
                path.write_bytes(content)
            except OSError as fault:
                _stop(
                    _(
                        "%(path)s could not be written: %(reason)s",
                        path=path,
                        reason=fault.strerror,
                    ),
                    1,
                )
            click.echo(_("Written: %(path)s", path=path))
        click.echo(
            _(
                "%(title)s, as of %(at)s, is kept as no. %(id)s.",
                title=run.title,
                at=format_datetime(run.as_of) if run.as_of else "–",
                id=run.id,
            )
        )


def _read_pairs(pairs: tuple[str, ...]) -> dict[str, str]:
    given = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            _stop(
                _(
                    "Write a parameter as name=value, for example period=month; this is not one: %(text)s",
                    text=pair,
                ),
                2,
            )
        given[name.strip()] = value.strip()
    return given


def _targets(output: Path | None, title: str, pdf: bytes, xlsx: bytes) -> list[tuple[Path, bytes]]:
    if output is not None:
        return [(output, pdf if output.suffix.lower() == ".pdf" else xlsx)]
    stem = title.replace("/", "-")
    return [(Path(f"{stem}.pdf"), pdf), (Path(f"{stem}.xlsx"), xlsx)]


def _say(percent: int, step: str) -> None:
    click.echo(step, err=True)


def _note(run_id: int, message: str) -> None:
    """Keep why it failed with the run."""
    from app.core import clock
    from app.reporting.models import ReportRun

    run = db.session().get(ReportRun, run_id)
    if run is not None:
        services.fail_run(db.session(), run=run, message=message, now=clock.now())
        db.session().commit()


def _texts(refused: RuleViolation) -> str:
    return " ".join(
        f"{v.field}: {words}" if v.field else words
        for v in refused.violations
        for words in [_(v.message) % dict(v.params) if v.params else _(v.message)]
    )


def _stop(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)
