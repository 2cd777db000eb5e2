"""How often a program may call in a minute: by its key, by its address; the doors stand in `views`."""

from __future__ import annotations

from flask import current_app
from limits import parse


def is_within(subject: str, who: str, per_minute: int) -> bool:
    """Count one call of `who` and say whether it is still within its bound.

    Calls are counted where the limits of the doors are counted: in the process, or in Redis for
    several of them (HALKLA_LIMITER_URL).
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return True
    limiter = next(iter(current_app.extensions["limiter"]))
    return bool(limiter.limiter.hit(parse(f"{per_minute} per 1 minute"), subject, who))
