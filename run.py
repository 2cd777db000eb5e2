"""Entry points: `flask --app run …`, `gunicorn run:app`, `celery -A run:celery …`."""

import gc

# Nothing that is made at the start is thrown away, so the collector would only count it again and again.
gc.disable()

from app import create_app  # noqa: E402
from app.extensions import celery  # noqa: E402

app = create_app()

gc.freeze()
gc.enable()

__all__ = ["app", "celery"]
