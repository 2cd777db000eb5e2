"""`flask work`: the worker with the timetable in it; what it works on stands in app/tasks.py."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core import worker
from app.extensions import celery
from app.system import tasks as system
from app.tasks import Timetable


@click.command()
@click.option(
    "--pool",
    type=click.Choice(["threads", "prefork", "solo"]),
    default="threads",
    show_default=True,
    help="prefork only with Redis or RabbitMQ.",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 64), default=worker.CONCURRENCY, show_default=True
)
@with_appcontext
def work(pool: str, concurrency: int) -> None:
    """Do the waiting work and keep the timetable until SIGTERM; any number may run at once."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if pool == "prefork" and str(celery.conf.broker_url).startswith("filesystem"):
        raise click.UsageError("The folder broker works with threads only.")
    sys.exit(
        worker.serve(
            celery,
            tick=Timetable(app).tick,
            hand_back=system.hand_back,
            pool=pool,
            concurrency=concurrency,
        )
    )
