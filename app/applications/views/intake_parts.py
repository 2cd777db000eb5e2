"""What the parts of the intake screen draw: the picked person with their cases, unit and legal time."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.applications import queries, rules
from app.applications.models import Topic
from app.applications.views.trail import trail_of
from app.core import clock
from app.core.acting import current_actor
from app.core.identifiers import mask_phone
from app.core.views import formats
from app.organisation.models import District, Neighbourhood, Unit
from app.people.models import Citizen


def person_parts(session: Any, citizen: Citizen) -> dict[str, Any]:
    """The person with the cases that are open, joined ones among them, and those that have ended."""
    cases = queries.list_cases_and_joined(session, citizen.id)
    today = clock.today()
    return {
        "citizen": citizen,
        "phone": mask_phone(citizen.phone) if citizen.phone else "",
        "place": ", ".join(
            str(part)
            for part in (
                session.get(Neighbourhood, citizen.neighbourhood_id)
                if citizen.neighbourhood_id
                else None,
                session.get(District, citizen.district_id) if citizen.district_id else None,
            )
            if part
        ),
        "add_address_url": url_for("CitizenView.edit", pk=citizen.id)
        if not citizen.address and current_actor().may("write", "Citizen")
        else "",
        "open": [
            (c, formats.due(c.due_on, today=today), is_joined)
            for c, is_joined in cases
            if c.state in rules.OPEN_STATES
        ],
        "closed": [
            c for c, is_joined in cases if not is_joined and c.state not in rules.OPEN_STATES
        ],
        "state_label": lambda c: formats.translated(rules.STATE_LABELS[c.state]),
    }


def proposal_parts(
    session: Any, topic_id: int | None, kind: Any, unit_id: int | None
) -> dict[str, Any]:
    """The unit that follows from the topic, whose task it is, and the legal time day by day."""
    topic = session.get(Topic, topic_id) if topic_id else None
    proposed = topic.unit if topic is not None else None
    chosen = session.get(Unit, unit_id) if unit_id else None
    kind = kind if isinstance(kind, rules.Kind) else rules.Kind.REQUEST
    deadline, goal = queries.preview_deadline(
        session, kind=kind, topic=topic, received_on=clock.today()
    )
    return {
        "topic": topic,
        "unit": proposed,
        "chosen": chosen or proposed,
        "institution": topic.institution if topic is not None else None,
        "competence": formats.translated(rules.COMPETENCE_LABELS[topic.competence])
        if topic
        else "",
        "outside": topic is not None
        and topic.competence in {rules.Competence.DISTRICT, rules.Competence.EXTERNAL},
        "trail": trail_of(deadline, goal) if deadline is not None else None,
    }
