"""Which record a request of a machine has made, so that its repetition makes no second one.

The note is a finished job row: its unique key lets one of two twins win.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rules import N_, ConflictError
from app.system.models import Job
from app.system.rules import JobState
from app.system.services.jobs import BEAT_KIND

#: Kind of these rows; they are no work and stand on no screen.
REQUEST_KIND = "api.request"
#: Kinds of job rows that nobody works on: the timetable's and these.
HIDDEN_KINDS = (BEAT_KIND, REQUEST_KIND)

_OTHER_BODY = N_(
    "This request key was used with other data. Send a new key for a new record; nothing was saved."
)


def find_request(session: Session, name: str, body: str = "") -> int | None:
    """The id of the record that the request of this name has made; None when it made none.

    `body` is the digest of what is sent now. Raises ConflictError when the name came with another
    one: its record would be told for data that it does not hold.
    """
    result = session.scalars(select(Job.result).where(Job.dedupe_key == _key(name))).first()
    if not result:
        return None
    # Notes of older versions, and of forms, hold no digest.
    if body and result.get("body", body) != body:
        raise ConflictError(_OTHER_BODY)
    return int(result["id"])


def keep_request(session: Session, name: str, record_id: int, body: str = "") -> None:
    """Note what a request has made; an IntegrityError tells that a twin was quicker."""
    now = clock.now()
    result = {"id": record_id, "body": body} if body else {"id": record_id}
    session.add(
        Job(
            kind=REQUEST_KIND,
            title=name[:200],
            dedupe_key=_key(name),
            state=JobState.DONE,
            result=result,
            started_at=now,
            finished_at=now,
            progress=100,
        )
    )
    session.flush()


def _key(name: str) -> str:
    return f"request:{name}"[:160]
