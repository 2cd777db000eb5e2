"""`flask seed`: reference data, holidays and legal periods; nothing fictional."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications.services.imports import ensure_shipped
from app.core.acting import SYSTEM, acting_as
from app.core.database import writing
from app.data.seed import load_reference
from app.extensions import db
from app.frontdesk.services import calls_fields
from app.system.services import calendar


@click.command()
@with_appcontext
def seed() -> None:
    """Load what is missing of the reference data; what people have changed stays as it is."""
    with force_locale("tr"), acting_as(SYSTEM), writing():
        session = db.session()
        days = calendar.load_holidays(session)
        rules = calendar.load_legal_rules(session)
        added = load_reference(session)
        added["ImportMapping"] = ensure_shipped(session)
        added["CallMapping"] = calls_fields.ensure_shipped(session)
        session.commit()
        click.echo(
            _(
                "Added: %(rows)s reference rows, %(days)s holidays, %(rules)s legal periods.",
                rows=sum(added.values()),
                days=days,
                rules=rules,
            )
        )
