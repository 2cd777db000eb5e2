"""What the reply desk begins with: texts of letters and routes of approval."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.models import ApprovalRoute, ApprovalRouteStep, ReplyTemplate, Topic
from app.applications.rules import Kind, Outcome, ReplyKind, State
from app.data.files import read_rows


def load_letters(session: Session) -> dict[str, int]:
    """Add the templates and routes that are missing; what people have changed stays."""
    return {"ReplyTemplate": _load_templates(session), "ApprovalRoute": _load_routes(session)}


def _load_templates(session: Session) -> int:
    known = set(session.scalars(select(ReplyTemplate.name)))
    topics = dict(session.execute(select(Topic.code, Topic.id)).all())

    def make(row: Mapping[str, str]) -> ReplyTemplate:
        return ReplyTemplate(
            name=row["name"],
            topic_id=topics[row["topic"]] if row["topic"] else None,
            for_kind=Kind(row["for_kind"]) if row["for_kind"] else None,
            for_state=State(row["for_state"]) if row["for_state"] else None,
            reply_kind=ReplyKind(row["reply_kind"]),
            outcome=Outcome(row["outcome"]) if row["outcome"] else None,
            body=row["body"],
            short_text=row["short_text"],
        )

    made = [make(row) for row in read_rows("reply_templates.csv") if row["name"] not in known]
    session.add_all(made)
    session.flush()
    return len(made)


def _load_routes(session: Session) -> int:
    """Routes with their stations; a house that keeps routes of its own is left alone."""
    if session.scalar(select(ApprovalRoute.id).limit(1)) is not None:
        return 0
    made = [
        ApprovalRoute(
            name=row["name"],
            reply_kind=ReplyKind(row["reply_kind"]) if row["reply_kind"] else None,
            outcome=Outcome(row["outcome"]) if row["outcome"] else None,
            for_kind=Kind(row["for_kind"]) if row["for_kind"] else None,
            position=int(row["position"]),
            stations=[
                ApprovalRouteStep(position=place, role=role)
                for place, role in enumerate(row["stations"].split(), start=1)
            ],
        )
        for row in read_rows("approval_routes.csv")
    ]
    session.add_all(made)
    session.flush()
    return len(made)
