"""What the resources of GeoReport v2 say, as plain values; `rules.open311.wire` writes them as XML or JSON.

Every element of the specification is there, also when it is empty, because clients ask for it by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.applications.models import Open311Request
from app.applications.queries import open311 as queries
from app.applications.rules import open311 as rules
from app.core.identifiers import scrub
from app.core.rules import N_
from app.core.views.formats import translated
from app.system.queries import get_flag, get_text

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_CHANGESET = "%Y-%m-%d %H:%M"


def discovery_content(session: Session, url: str) -> dict[str, Any]:
    """Where the interface is, what it speaks, and when its services were changed last."""
    changed = queries.find_last_change(session)
    changeset = changed.strftime(_CHANGESET) if changed is not None else ""
    is_production = current_app.config["HALKLA_PROFILE"] == "production"
    return {
        "changeset": changeset,
        "contact": get_text(session, "open311_contact"),
        "key_service": get_text(session, "open311_key_service"),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changeset,
                "type": "production" if is_production else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def services_content(session: Session) -> list[dict[str, Any]]:
    """The services that apps are offered."""
    asking = queries.find_asking_topics(session)
    kind = "batch" if get_flag(session, "open311_answers_with_token") else "realtime"
    return [
        {
            "service_code": topic.code,
            "service_name": topic.public_name or topic.name,
            "description": topic.public_description,
            "metadata": topic.id in asking,
            "type": kind,
            "keywords": topic.public_keywords,
            "group": topic.public_group,
        }
        for topic in queries.list_services(session)
    ]


def service_content(session: Session, code: str) -> dict[str, Any]:
    """What one service asks."""
    topic = queries.find_service(session, code)
    if topic is None:
        raise rules.refused(404, N_("There is no such service."), "service_code")
    return {
        "service_code": topic.code,
        "attributes": [_question(q) for q in queries.list_questions(session, topic.id)],
    }


def _question(question: rules.Question) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": question.is_asked,
        "code": question.code,
        "datatype": question.datatype.value,
        "required": question.is_required,
        "datatype_description": question.hint,
        "order": question.position,
        "description": question.text,
    }
    if question.choices:
        told["values"] = [{"key": c.key, "name": c.name} for c in question.choices]
    return told


def request_content(
    row: queries.ToldRequest, *, digits: int, extended: bool = False
) -> dict[str, Any]:
    """One application as everybody may read it; a key reads its own as they were sent."""
    description = row.body if row.is_own else scrub(row.body)
    note = rules.status_note(row.state, row.outcome)
    told: dict[str, Any] = {
        "service_request_id": row.number,
        "status": rules.status_of(row.state).value,
        "status_notes": translated(note),
        "service_name": row.service_name,
        "service_code": row.service_code,
        "description": description[: rules.LONGEST_DESCRIPTION] or row.service_name,
        "agency_responsible": row.institution or row.unit,
        "service_notice": row.notice,
        "requested_datetime": rules.tell_moment(row.received_at),
        "updated_datetime": rules.tell_moment(
            rules.updated_at(
                row.state,
                changed_at=row.changed_at,
                answered_at=row.answered_at,
                closed_at=row.closed_at,
            )
        ),
        "expected_datetime": rules.tell_moment(
            rules.expected_on(row.state, row.due_on, row.goal_on)
        ),
        "address": _address(row),
        "address_id": str(row.neighbourhood_id) if row.neighbourhood_id else "",
        "zipcode": row.postal_code,
        "lat": row.latitude if row.is_own else rules.rounded(row.latitude, digits),
        "long": row.longitude if row.is_own else rules.rounded(row.longitude, digits),
        "media_url": row.media_url,
    }
    return {**told, **_extension(row)} if extended else told


def _address(row: queries.ToldRequest) -> str:
    """From the nearest to the farthest; street and door are told to the sender alone."""
    place = _("%(name)s neighbourhood", name=row.neighbourhood) if row.neighbourhood else ""
    own = f"{row.street} {row.place_note}".strip()
    return own or ", ".join(part for part in (place, row.district) if part)


def _extension(row: queries.ToldRequest) -> Mapping[str, Any]:
    """What the widely used extension adds when it is asked for."""
    return {
        "extended_attributes": {
            "detailed_status": row.state.value,
            "district": row.district,
            "neighbourhood": row.neighbourhood,
        },
        "attributes": [
            {
                "code": answer["code"],
                "label": answer["question"],
                "value": ", ".join(value["name"] for value in answer["values"]),
            }
            for answer in row.answers
        ],
    }


def receipt_content(session: Session, sent: Open311Request) -> list[dict[str, Any]]:
    """What an app is told about what it sent: the number, or a token that finds it."""
    told = (
        {"token": sent.token}
        if get_flag(session, "open311_answers_with_token")
        else {"service_request_id": sent.application.number}
    )
    notice = {"service_notice": sent.topic.public_notice, "account_id": sent.account_id}
    return [{**told, **notice}]
