"""Screens of the right to information over HTTP: decision, extension, consent, appeal, lists, scope."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import func, select

from app.applications import services
from app.applications.models import (
    Application,
    InformationCase,
    RefusalGround,
    Topic,
)
from app.applications.queries.information import find_information_case
from app.applications.rules import Channel, Kind
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.models import Citizen, District

WORD = "Zürafa ihalesi"


def register(session: Any, *, days_ago: int = 3, **values: Any) -> Application:
    """An information request taken to assessment, received some days ago."""
    at = clock.now() - dt.timedelta(days=days_ago)
    with acting_as(SYSTEM):
        application = services.register_application(
            session(),
            values={
                "channel": Channel.DESK,
                "kind": Kind.INFORMATION,
                "topic_id": session.scalar(select(func.min(Topic.id)).where(Topic.active)),
                "subject": WORD,
                "body": "Sözleşmenin bir örneğini istiyorum.",
                "citizen": {"id": session.scalar(select(func.min(Citizen.id)))},
                "district_id": session.scalar(select(func.min(District.id))),
                **values,
            },
            actor=SYSTEM,
            now=at,
        )
        services.take_to_triage(session(), application=application, actor=SYSTEM, now=at)
        session.commit()
    return application


def case_of(session: Any, application: Application) -> InformationCase:
    with acting_as(SYSTEM):
        case = find_information_case(session(), application.id)
    assert case is not None
    return case


def grounds(session: Any, *codes: str) -> list[int]:
    known = dict(session.execute(select(RefusalGround.code, RefusalGround.id)).all())
    return [known[code] for code in codes]


def partial(session: Any, **more: Any) -> dict[str, Any]:
    return {
        "decision": "partial",
        "grounds": grounds(session, "m.9", "m.21"),
        "reason": "İşçi adları özel hayata ilişkindir.",
        "removed": "23 sayfadaki işçi adları",
        "access_form": "certified_copy",
        "pages": "188",
        "step": "submit",
        **more,
    }


def text_of(page: Any) -> str:
    import html

    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


def card_of(client: Any, application: Application, key: str = "information") -> str:
    """The card of the record page as it is fetched by the page; empty when there is none."""
    page = client.get(f"/applications/show/{application.id}").text
    place = re.search(rf'(?:data-card|src|data-url)="([^"]*cards?/[^"]*{key}[^"]*)"', page)
    if place is None:
        return ""
    answer = client.get(place[1].replace("&amp;", "&"))
    assert answer.status_code in {200, 204}
    return text_of(answer) if answer.status_code == 200 else ""
