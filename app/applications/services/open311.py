"""Taking in what an app sends through Open311: once, checked, with its pictures, as an application.

Who may call and how often is decided by the view; what is told back is a query.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.models import Open311Request, Topic
from app.applications.queries import open311 as queries
from app.applications.rules import Channel, Kind
from app.applications.rules.open311 import (
    ARGUMENT_OF,
    Filing,
    GeoReportRefusal,
    check_answers,
    is_outside,
    place_texts,
    refused,
    subject_of,
)
from app.applications.services.registration import register_application
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import fold
from app.core.uploads import CheckedUpload
from app.system.models import ApiKey
from app.system.queries import get_bounds
from app.system.services import attachments


@dataclass(frozen=True)
class Filed:
    """What was filed; `is_new` is False when the same content came a moment ago."""

    request: Open311Request
    is_new: bool


def find_twin(
    session: Session, *, key: ApiKey, digest: str, now: dt.datetime
) -> Open311Request | None:
    """The request that the same content has made a moment ago.

    The key's row stays locked until the transaction ends, so that of two twins sent at the same
    moment the second one waits here and finds the first.
    """
    session.execute(select(ApiKey.id).where(ApiKey.id == key.id).with_for_update())
    return queries.find_same_filing(session, key_id=key.id, digest=digest, now=now)


def file_request(
    session: Session,
    *,
    key: ApiKey,
    filing: Filing,
    digest: str,
    files: Callable[[], Sequence[CheckedUpload]] = tuple,
    actor: Actor,
    now: dt.datetime,
) -> Filed:
    """Register what an app sent and keep its answers, link and pictures; the same content only once.

    `files` checks and gives the pictures; it is asked only for what is new.

    Raises GeoReportRefusal: 404 for a service that is not offered, 400 for a point outside of the
    province and everything that the office's rules refuse, named by the arguments of the specification.
    """
    if (twin := find_twin(session, key=key, digest=digest, now=now)) is not None:
        return Filed(twin, is_new=False)
    topic = queries.find_service(session, filing.service_code)
    if topic is None:
        raise refused(404, N_("There is no such service."), "service_code")
    if is_outside(filing, get_bounds(session, "open311_bounds")):
        raise refused(400, N_("This place lies outside of our province."), "lat")
    answers = check_answers(queries.list_questions(session, topic.id), filing.attributes)
    try:
        application = register_application(
            session, values=_values(session, key, topic, filing), actor=actor, now=now
        )
    except RuleViolation as violations:
        raise _told(violations) from violations
    for upload in files():
        attachments.store(
            session,
            owner_type="Application",
            owner_id=application.id,
            upload=upload,
            kind="photo",
        )
    request = Open311Request(
        application=application,
        api_key_id=key.id,
        topic_id=topic.id,
        token=secrets.token_hex(16),
        body_digest=digest,
        account_id=filing.account_id,
        media_url=filing.media_url,
        answers=answers,
        created_at=now,
    )
    session.add(request)
    session.flush()
    return Filed(request, is_new=True)


def _told(violations: RuleViolation) -> GeoReportRefusal:
    """The refusal of the office, with its fields as the specification calls them."""
    return GeoReportRefusal(
        400,
        *(
            Violation(ARGUMENT_OF.get(v.field, v.field), v.message, v.params)
            for v in violations.violations
        ),
    )


def _values(session: Session, key: ApiKey, topic: Topic, filing: Filing) -> dict[str, Any]:
    """The values of the application; a person is written only when both names are given."""
    street, note = place_texts(filing.address_string)
    district_id, neighbourhood_id = _place(session, filing)
    notice = "sms" if filing.phone else "email" if filing.email else "none"
    values: dict[str, Any] = {
        "channel": Channel(key.channel.value),
        "kind": Kind.REQUEST,
        "topic_id": topic.id,
        "unit_id": topic.unit_id,
        "priority": topic.priority,
        "subject": subject_of(filing, topic.public_name or topic.name),
        "body": filing.description,
        "contact_phone": filing.phone,
        "contact_email": filing.email,
        "wants_notice": notice,
        "latitude": filing.latitude,
        "longitude": filing.longitude,
        "street": street,
        "place_note": note,
        "district_id": district_id,
        "neighbourhood_id": neighbourhood_id,
    }
    if not filing.is_named:
        return {**values, "is_anonymous": True}
    return {**values, "citizen": _person(filing, notice)}


def _person(filing: Filing, notice: str) -> Mapping[str, Any]:
    person = {
        "first_name": filing.first_name,
        "last_name": filing.last_name,
        "phone": filing.phone,
        "email": filing.email,
        "contact_preference": notice,
    }
    return {name: value for name, value in person.items() if value}


def _place(session: Session, filing: Filing) -> tuple[int | None, int | None]:
    """District and neighbourhood: by the number of our address list, else by names in the address.

    A number that stands for no place is refused, a name that is not found leaves the place open.
    """
    if filing.address_id:
        found = (
            queries.find_neighbourhood(session, int(filing.address_id))
            if filing.address_id.isascii()
            and filing.address_id.isdigit()
            and len(filing.address_id) < 10
            else None
        )
        if found is None:
            raise refused(400, N_("There is no such place in the address list."), "address_id")
        return found.district_id, found.id
    district_id = _named(queries.list_places(session), filing.address_string)
    if district_id is None:
        return None, None
    places = queries.list_places(session, district_id)
    return district_id, _named(places, filing.address_string, ending=" mah")


def _named(places: Sequence[tuple[int, str]], address: str, ending: str = " ") -> int | None:
    """The place whose name stands in the address; of several the one with the longest name.

    A neighbourhood is followed by “mah.”, because streets and squares have the same names.
    """
    words = f" {fold(address)} "
    found = [(len(name), pk) for pk, name in places if f" {fold(name)}{ending}" in words]
    return max(found)[1] if found else None
