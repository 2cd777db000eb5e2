"""The screens of CİMER over HTTP: quick entry, the steps, the answer, and who finds nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.applications.models import Application, CimerExchange, Topic
from app.applications.rules import ExchangeKind
from app.core.acting import SYSTEM, acting_as
from app.models import District

REF = "2611223344"


def values(session: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends from quick entry."""
    topic = session.scalars(select(Topic).where(Topic.active).order_by(Topic.id)).first()
    given = {
        "request_key": "anahtar-1", "channel": "cimer", "external_ref": REF,
        "external_on": "2026-07-01", "received_on": "2026-07-03", "kind": "complaint",
        "topic": topic.id, "district": session.scalar(select(func.min(District.id))),
        "subject": "Sokak lambası yanmıyor", "body": "Üç gündür karanlık.", "step": "again",
        "who": "named", "first_name": "Zübeyde", "last_name": "Karacaoğlan", "phone": "05321234567",
        "email": "zubeyde@ornek.com",
    }  # fmt: skip
    return {**given, **more}


def newest(session: Any, ref: str = REF) -> Application:
    with acting_as(SYSTEM):
        return session.scalars(select(Application).where(Application.external_ref == ref)).one()


def lines_of(session: Any, case: Application) -> list[ExchangeKind]:
    with acting_as(SYSTEM):
        stmt = select(CimerExchange.kind).where(CimerExchange.application_id == case.id)
        return list(session.scalars(stmt.order_by(CimerExchange.id)))
