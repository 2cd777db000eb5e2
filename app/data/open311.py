"""Which topics apps are offered at first, in the citizen's words, and what each of them asks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.rules.open311 import DataType
from app.data.files import read_rows
from app.models import ServiceAttribute, Topic


def load_open311(session: Session) -> dict[str, int]:
    """Offer the topics of the file that were never offered, with their questions.

    A topic whose name in apps was filled once is left as people have changed it, also when they took
    it back or deleted a question. Returns how many services and questions were added.
    """
    topics = {row.code: row for row in session.scalars(select(Topic))}
    fresh: dict[str, Topic] = {}
    for row in read_rows("open311_services.csv"):
        topic = topics.get(row["code"])
        if topic is None or topic.public_name:
            continue
        topic.is_public_service = True
        topic.public_name, topic.public_group = row["name"], row["group"]
        topic.public_keywords, topic.public_description = row["keywords"], row["description"]
        topic.public_notice = row["notice"]
        fresh[topic.code] = topic
    questions = [
        ServiceAttribute(
            topic_id=fresh[row["topic"]].id,
            code=row["code"],
            question=row["question"],
            hint=row["hint"],
            datatype=DataType(row["datatype"]),
            is_required=row["required"] == "yes",
            position=int(row["position"]),
            choices=_lines(row["choices"]),
        )
        for row in read_rows("open311_questions.csv")
        if row["topic"] in fresh
    ]
    session.add_all(questions)
    session.flush()
    return {"PublicService": len(fresh), "ServiceAttribute": len(questions)}


def _lines(choices: str) -> str:
    """Choices as the table keeps them: one a line."""
    return "\n".join(choice.replace("=", " = ", 1) for choice in choices.split("|") if choice)
