"""What tests of the call centre share: a caller with cases, messages of a switch, an API key."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from sqlalchemy import select

from app.applications import services as case_services
from app.applications.models import Application, Topic
from app.applications.rules import Channel, Kind
from app.core import clock
from app.core.acting import Actor
from app.frontdesk.models import Call
from app.frontdesk.services import calls_live
from app.models import StaffUser
from app.people.models import Citizen
from app.system.services.keys import create_key

#: Numbers that no demo record has.
PHONES = (f"+9053200{n:05}" for n in itertools.count(90_000))
IDS = (f"test-{n}" for n in itertools.count(1))


def user_id(session: Any, username: str) -> int:
    """The id of a demo account."""
    return int(session.scalar(select(StaffUser.id).where(StaffUser.username == username)))


def make_citizen(session: Any, phone: str | None = None, **more: Any) -> Citizen:
    """Somebody with a number of their own."""
    person = Citizen(
        first_name=more.pop("first_name", "Ayşe"),
        last_name=more.pop("last_name", "Deneme"),
        phone=phone or next(PHONES),
        **more,
    )
    session.add(person)
    session.flush()
    return person


def make_case(session: Any, actor: Actor, citizen: Citizen | None, **more: Any) -> Application:
    """A registered request of somebody."""
    topic = session.scalars(select(Topic).where(Topic.active.is_(True)).order_by(Topic.id)).first()
    values: dict[str, Any] = {
        "channel": Channel.CALL_CENTER,
        "kind": Kind.REQUEST,
        "topic_id": topic.id,
        "subject": "Sokakta patlak boru",
        **({"citizen": {"id": citizen.id}} if citizen is not None else {}),
        **more,
    }
    return case_services.register_application(session, values=values, actor=actor)


def message(event: str, *, switch_id: str, ago: float = 0, **more: Any) -> dict[str, Any]:
    """What a switch sends about one event, so many seconds ago."""
    at = clock.now() - dt.timedelta(seconds=ago)
    return {"switch_id": switch_id, "event": event, "at": at.isoformat(), **more}


def tell(session: Any, *events: tuple[str, float], **more: Any) -> Call:
    """Send events (name, seconds ago) of one new call and return it."""
    switch_id = more.pop("switch_id", None) or next(IDS)
    for name, ago in events:
        done = calls_live.receive(session, data=message(name, switch_id=switch_id, ago=ago, **more))
    return session.get_one(Call, done.call_id, populate_existing=True)


def make_key(session: Any, **more: Any) -> str:
    """A key of the switch; returns the secret."""
    values = {
        "name": "Deneme santrali",
        "owner": "Bilgi İşlem",
        "contact": "santral@ornek.bel.tr",
        "opens_calls": True,
        "opens_open311": False,
        "channel": Channel.MOBILE,
        "rate_limit": 600,
        "active": True,
        **more,
    }
    _key, secret = create_key(session, values=values)
    session.flush()
    return secret


def text_of(answer: Any) -> str:
    """The page as text."""
    return answer.get_data(as_text=True)


def rings(session: Any, number: str = "", **more: Any) -> Call:
    """A live call of the operator who has answered it."""
    call = tell(
        session(), ("ringing", 20), ("answered", 9), number=number, operator="operator", **more
    )
    session.commit()
    return call
