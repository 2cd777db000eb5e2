"""Fictional records of the other parts of the work, made after the applications and out of them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sqlalchemy.orm import Session

from app.demo.approvals import load_approvals
from app.demo.bulk import load_bulk
from app.demo.calls import load_calls
from app.demo.cimer import load_cimer
from app.demo.feedback import load_feedback
from app.demo.field import load_field
from app.demo.information import load_information
from app.demo.open311 import load_open311
from app.demo.visits import load_visits

#: In this order; each gets a session, its own random numbers and how many applications there are, and
#: writes in statements of many rows.
LOADERS: tuple[Callable[[Session, Random, int], None], ...] = (
    load_open311,
    load_feedback,
    load_information,
    load_visits,
    load_field,
    load_calls,
    load_bulk,
    load_approvals,
    load_cimer,
)


def load_further(session: Session, *, applications: int, seed: int) -> None:
    """Write what belongs to the demo applications; the same seed gives the same records."""
    for number, load in enumerate(LOADERS):
        load(session, Random(seed * 1000 + number), applications)  # No secret.
