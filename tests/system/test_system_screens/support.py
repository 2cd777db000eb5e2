"""The screens of the system room: what they open, what they refuse, what they leave behind."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core.acting import Actor, acting_as
from app.system.models import (
    Job,
)


def user_id(session: Any, username: str) -> int:
    from app.models import StaffUser

    return session.scalars(select(StaffUser.id).where(StaffUser.username == username)).one()


def job_of(session: Any, username: str, **values: Any) -> Job:
    with acting_as(Actor(user_id=user_id(session, username), name=username)):
        job = Job(kind="report", title="Aylık rapor", **values)
        session.add(job)
        session.commit()
    return job
