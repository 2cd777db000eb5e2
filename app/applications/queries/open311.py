"""Reads of the Open311 interface: public services, what may be told of applications, keys in figures.

What everybody may read is decided here and nowhere else: `_told_to_all`. The interface asks as the
system, because nobody is signed in, so each statement on applications must carry that condition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload, load_only

from app.applications.models import Application, Open311Request, ServiceAttribute, Topic
from app.applications.rules.open311 import (
    MOST_REQUESTS,
    PUBLIC_KINDS,
    SAME_WITHIN,
    TOLD_CLOSED,
    TOLD_OPEN,
    Question,
    RequestStatus,
    read_choices,
)
from app.applications.rules.vocabulary import Outcome, State
from app.organisation.models import District, Neighbourhood, Unit
from app.people.models import Institution

_PLAIN = (
    "number",
    "state",
    "outcome",
    "received_at",
    "changed_at",
    "answered_at",
    "closed_at",
    "due_on",
    "goal_on",
    "latitude",
    "longitude",
    "neighbourhood_id",
)
_TEXTS = frozenset(
    {
        "service_code", "service_name", "notice", "body", "street", "place_note", "neighbourhood",
        "district", "postal_code", "unit", "institution", "media_url",
    }
)  # fmt: skip
_STATES = {RequestStatus.OPEN: TOLD_OPEN, RequestStatus.CLOSED: TOLD_CLOSED}


# --- services --------------------------------------------------------------------------------------
def _public_topics() -> ColumnElement[bool]:
    return and_(Topic.is_public_service.is_(True), Topic.active.is_(True))


def list_services(session: Session) -> list[Topic]:
    """Topics that apps are offered, by heading and name."""
    stmt = select(Topic).where(_public_topics()).order_by(Topic.public_group, Topic.public_name)
    return list(session.scalars(stmt))


def find_service(session: Session, code: str) -> Topic | None:
    """The public service with this code."""
    return session.scalars(select(Topic).where(Topic.code == code, _public_topics())).first()


def list_questions(session: Session, topic_id: int) -> list[Question]:
    """What a service asks, in order."""
    rows = session.scalars(
        select(ServiceAttribute)
        .where(ServiceAttribute.topic_id == topic_id)
        .order_by(ServiceAttribute.position)
    )
    return [
        Question(
            code=row.code,
            text=row.question,
            datatype=row.datatype,
            is_required=row.is_required,
            is_asked=row.is_asked,
            hint=row.hint,
            position=row.position,
            choices=read_choices(row.choices),
        )
        for row in rows
    ]


def find_asking_topics(session: Session) -> frozenset[int]:
    """Ids of the topics that have questions."""
    return frozenset(session.scalars(select(ServiceAttribute.topic_id).distinct()))


def find_last_change(session: Session) -> dt.datetime | None:
    """When a service or a question was changed last, for the discovery document."""
    topics = select(func.max(Topic.changed_at)).where(_public_topics()).scalar_subquery()
    questions = select(func.max(ServiceAttribute.changed_at)).scalar_subquery()
    found = [moment for moment in session.execute(select(topics, questions)).one() if moment]
    return max(found, default=None)


# --- what may be told --------------------------------------------------------------------------------
@dataclass(frozen=True)
class ToldRequest:
    """One application as the interface may tell it; `is_own` is one of the asking key.

    Street, link and answers are empty for all others; the text too, unless everybody may read texts.
    """

    number: str
    state: State
    outcome: Outcome | None
    service_code: str
    service_name: str
    notice: str
    received_at: dt.datetime
    changed_at: dt.datetime
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None
    due_on: dt.date | None
    goal_on: dt.date | None
    latitude: float | None
    longitude: float | None
    body: str
    street: str
    place_note: str
    neighbourhood_id: int | None
    neighbourhood: str
    district: str
    postal_code: str
    unit: str
    institution: str
    media_url: str
    answers: Sequence[Mapping[str, Any]]
    is_own: bool


def _told_to_all() -> ColumnElement[bool]:
    """What strangers may learn of: open matters of public services, of nobody who hides."""
    public = select(Topic.id).where(_public_topics())
    return and_(
        Application.is_restricted.is_(False),
        Application.identity_hidden.is_(False),
        Application.kind.in_(sorted(PUBLIC_KINDS)),
        Application.topic_id.in_(public),
        Application.state.in_(sorted(TOLD_OPEN | TOLD_CLOSED)),
    )


def _told_to(key_id: int | None) -> ColumnElement[bool]:
    """That, and what came through the asking key as long as it is not restricted."""
    if key_id is None:
        return _told_to_all()
    own = select(Open311Request.application_id).where(Open311Request.api_key_id == key_id)
    return or_(
        _told_to_all(),
        and_(
            Application.id.in_(own),
            Application.is_restricted.is_(False),
            Application.identity_hidden.is_(False),
            Application.state.in_(sorted(TOLD_OPEN | TOLD_CLOSED)),
        ),
    )


def list_requests(
    session: Session,
    *,
    first: dt.datetime,
    after: dt.datetime,
    codes: Collection[str] = (),
    statuses: Collection[RequestStatus] = (),
    key_id: int | None = None,
    with_texts: bool = False,
    skipped: int = 0,
    limit: int = MOST_REQUESTS,
) -> list[ToldRequest]:
    """Applications received from `first` up to before `after`, the newest first; one statement."""
    stmt = select(Application.id).where(
        Application.received_at >= first, Application.received_at < after, _told_to(key_id)
    )
    if codes:
        wanted = select(Topic.id).where(Topic.code.in_(sorted(codes)))
        stmt = stmt.where(Application.topic_id.in_(wanted))
    if len(set(statuses)) == 1:
        stmt = stmt.where(Application.state.in_(sorted(_STATES[next(iter(statuses))])))
    # The keys are found and sorted alone; what is told of them is joined to those few rows.
    keys = (
        stmt.order_by(Application.received_at.desc(), Application.id.desc())
        .offset(skipped)
        .limit(limit)
    )
    return _tell(session, Application.id.in_(keys), key_id, with_texts=with_texts)


def find_requests(
    session: Session,
    numbers: Sequence[str],
    *,
    key_id: int | None = None,
    with_texts: bool = False,
) -> list[ToldRequest]:
    """The applications with these numbers, of those that may be told; the newest first."""
    if not numbers:
        return []
    wanted = Application.number.in_(list(numbers)[:MOST_REQUESTS])
    return _tell(session, and_(wanted, _told_to(key_id)), key_id, with_texts=with_texts)


def find_number_of_token(session: Session, token: str) -> str | None:
    """The number of the application that was answered with this token."""
    stmt = (
        select(Application.number)
        .join(Open311Request, Open311Request.application_id == Application.id)
        .where(
            Open311Request.token == token,
            Application.is_restricted.is_(False),
            Application.identity_hidden.is_(False),
        )
    )
    return session.scalar(stmt)


def _columns(key_id: int | None, *, with_texts: bool) -> dict[str, Any]:
    """Field of a ToldRequest → column; what a stranger may not read does not leave the database."""
    a, sent = Application, Open311Request
    is_own = sent.api_key_id == key_id if key_id is not None else false()

    def own(column: Any) -> Any:
        return case((is_own, column), else_="")

    return {
        **{name: getattr(a, name) for name in _PLAIN},
        "service_code": Topic.code,
        "service_name": func.coalesce(func.nullif(Topic.public_name, ""), Topic.name),
        "notice": Topic.public_notice,
        "body": a.body if with_texts else own(a.body),
        "street": own(a.street),
        "place_note": own(a.place_note),
        "neighbourhood": Neighbourhood.name,
        "district": District.name,
        "postal_code": District.postal_code,
        "unit": Unit.name,
        "institution": Institution.name,
        "media_url": own(sent.media_url),
        "answers": case((is_own, sent.answers)),
        "is_own": case((is_own, literal(1)), else_=literal(0)),
    }


def _tell(
    session: Session, condition: ColumnElement[bool], key_id: int | None, *, with_texts: bool
) -> list[ToldRequest]:
    a = Application
    columns = _columns(key_id, with_texts=with_texts)
    stmt = (
        select(*(column.label(name) for name, column in columns.items()))
        .select_from(a)
        .outerjoin(Topic, Topic.id == a.topic_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == a.neighbourhood_id)
        .outerjoin(District, District.id == a.district_id)
        .outerjoin(Unit, Unit.id == a.lead_unit_id)
        .outerjoin(Institution, Institution.id == a.institution_id)
        .outerjoin(Open311Request, Open311Request.application_id == a.id)
        .where(condition)
        .order_by(a.received_at.desc(), a.id.desc())
    )
    return [ToldRequest(**_filled(row)) for row in session.execute(stmt).mappings()]


def _filled(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row with empty texts where something is not known."""
    return {
        **{name: "" if row[name] is None and name in _TEXTS else row[name] for name in row},
        "answers": row["answers"] or [],
        "is_own": bool(row["is_own"]),
    }


# --- what came through a key -----------------------------------------------------------------------------
def find_same_filing(
    session: Session, *, key_id: int, digest: str, now: dt.datetime
) -> Open311Request | None:
    """The request of the same content that came through this key a moment ago."""
    return session.scalars(
        select(Open311Request)
        .where(
            Open311Request.api_key_id == key_id,
            Open311Request.body_digest == digest,
            Open311Request.created_at > now - SAME_WITHIN,
        )
        .options(joinedload(Open311Request.application))
        .order_by(Open311Request.id.desc())
        .limit(1)
    ).first()


def find_filing(session: Session, application_id: int) -> Open311Request | None:
    """What an app sent for this application."""
    return session.scalars(
        select(Open311Request)
        .where(Open311Request.application_id == application_id)
        .options(joinedload(Open311Request.api_key))
    ).first()


def list_filings_of_key(session: Session, key_id: int, limit: int = 10) -> list[Open311Request]:
    """The newest requests of a key, with number, state and service and nothing that was written."""
    return list(
        session.scalars(
            select(Open311Request)
            .join(Open311Request.application)
            .where(Open311Request.api_key_id == key_id, Application.is_restricted.is_(False))
            .options(
                load_only(Open311Request.created_at, Open311Request.application_id),
                joinedload(Open311Request.application).load_only(
                    Application.number, Application.state, Application.is_restricted
                ),
                joinedload(Open311Request.topic).load_only(Topic.code, Topic.public_name),
            )
            .order_by(Open311Request.id.desc())
            .limit(limit)
        )
    )


def find_neighbourhood(session: Session, pk: int) -> Neighbourhood | None:
    """A place of our address list by its number."""
    return session.get(Neighbourhood, pk)


def list_places(session: Session, district_id: int | None = None) -> list[tuple[int, str]]:
    """Districts, or the neighbourhoods of one: (id, name)."""
    place: Any = District if district_id is None else Neighbourhood
    stmt = select(place.id, place.name)
    if district_id is not None:
        stmt = stmt.where(Neighbourhood.district_id == district_id)
    return [(row[0], row[1]) for row in session.execute(stmt)]


def next_position(session: Session, topic_id: int) -> int:
    """The place after the last question of a topic."""
    last = session.scalar(
        select(func.max(ServiceAttribute.position)).where(ServiceAttribute.topic_id == topic_id)
    )
    return min((last or 0) + 1, 999)
