"""Fictional keys of apps, and which of the demo applications came through them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.applications.rules import Channel
from app.applications.rules.open311 import PUBLIC_KINDS, DataType, read_choices, tell_moment
from app.core import clock
from app.core.text import format_datetime
from app.models import ApiKey, Application, Open311Request, ServiceAttribute, Topic
from app.system.rules import KeyChannel, digest_of

_CHUNK = 1_000
#: Share of what came by a channel that an app sent.
_SHARE = 0.7
_LAMPS, _LINES = "D-", ("14B", "7", "22A", "3K", "59")
#: So long ago the second key was ended; nothing came through it afterwards.
_ENDED = dt.timedelta(days=75)


def load_open311(session: Session, rng: Random, applications: int) -> None:
    """Write two keys, one of them ended, and the requests that came through them."""
    app_key, form_key = _keys(session, rng)
    assert form_key.revoked_at is not None
    questions = _questions(session)
    stmt = (
        select(Application.id, Topic.id, Application.channel, Application.received_at)
        .join(Topic, Topic.id == Application.topic_id)
        .where(
            Application.is_demo.is_(True),
            Application.is_restricted.is_(False),
            Application.kind.in_(sorted(PUBLIC_KINDS)),
            Application.channel.in_([Channel.MOBILE, Channel.WEB]),
            Topic.is_public_service.is_(True),
        )
        .order_by(Application.id)
    )
    rows: list[dict[str, Any]] = []
    for pk, topic_id, channel, at in session.execute(stmt):
        key = app_key if channel is Channel.MOBILE else form_key
        if rng.random() > _SHARE or (key is form_key and at > form_key.revoked_at):
            continue
        rows.append(_row(rng, pk, topic_id, key.id, at, questions.get(topic_id, ())))
    connection = session.connection()
    for start in range(0, len(rows), _CHUNK):
        connection.execute(insert(Open311Request.__table__), rows[start : start + _CHUNK])


def _keys(session: Session, rng: Random) -> tuple[ApiKey, ApiKey]:
    """A key in use and an ended one; nobody knows what opens them, so new ones are made to try."""
    now = clock.now().replace(microsecond=0)
    made = [
        ApiKey(
            name="Şehrim mobil uygulaması",
            owner="Bilgi İşlem Dairesi Başkanlığı",
            contact="uygulama@ornek.bel.tr",
            opens_open311=True,
            channel=KeyChannel.MOBILE,
            rate_limit=300,
            issued_at=now - dt.timedelta(days=400),
            last_used_at=now - dt.timedelta(minutes=7),
        ),
        ApiKey(
            name="Eski web formu",
            owner="Örnek Yazılım (kurgusal)",
            contact="destek@ornek.com",
            opens_open311=True,
            channel=KeyChannel.WEB,
            active=False,
            issued_at=now - dt.timedelta(days=900),
            last_used_at=now - _ENDED - dt.timedelta(hours=3),
            revoked_at=now - _ENDED,
            revoked_reason="Sözleşme sona erdi; form kapatıldı.",
        ),
    ]
    for key in made:
        key.prefix = "".join(rng.choices("abcdefghjkmnpqrstuvwxyz23456789", k=8))
        key.secret_digest = digest_of(secrets.token_hex(32))
    session.add_all(made)
    session.flush()
    return made[0], made[1]


def _questions(session: Session) -> Mapping[int, Sequence[ServiceAttribute]]:
    found: dict[int, list[ServiceAttribute]] = defaultdict(list)
    for row in session.scalars(select(ServiceAttribute).order_by(ServiceAttribute.position)):
        found[row.topic_id].append(row)
    return found


def _row(
    rng: Random,
    pk: int,
    topic_id: int,
    key_id: int,
    at: dt.datetime,
    questions: Sequence[ServiceAttribute],
) -> dict[str, Any]:
    has_link = rng.random() < 0.15
    answers = [
        {"code": q.code, "question": q.question, "values": _values(rng, q, at)}
        for q in questions
        if q.is_required or rng.random() < 0.4
    ]
    return {
        "application_id": pk,
        "api_key_id": key_id,
        "topic_id": topic_id,
        "token": f"{rng.getrandbits(128):032x}",
        "body_digest": f"{rng.getrandbits(256):064x}",
        "account_id": f"hesap-{rng.randrange(1, 4000)}" if rng.random() < 0.3 else "",
        "media_url": f"https://ornek.com/foto/{pk}.jpg" if has_link else "",
        "answers": answers,
        "created_at": at,
        "changed_at": at,
        "version": 1,
    }


def _values(rng: Random, question: ServiceAttribute, at: dt.datetime) -> list[dict[str, str]]:
    """An answer of the kind that is asked for."""
    choices = read_choices(question.choices)
    if question.datatype is DataType.SOME_OF:
        picked = rng.sample(choices, k=min(len(choices), rng.randrange(1, 3)))
        return [{"key": c.key, "name": c.name} for c in picked]
    if question.datatype is DataType.ONE_OF:
        choice = rng.choice(choices)
        return [{"key": choice.key, "name": choice.name}]
    if question.datatype is DataType.DATETIME:
        moment = clock.to_local(at) - dt.timedelta(hours=rng.randrange(1, 12))
        return [{"key": tell_moment(moment) or "", "name": format_datetime(moment)}]
    if question.datatype is DataType.NUMBER:
        text = str(rng.randrange(1, 30))
    elif question.code == "DIREK_NO":
        text = f"{_LAMPS}{rng.randrange(1000, 9999)}"
    elif question.code == "HAT_NO":
        text = rng.choice(_LINES)
    else:
        text = "Bilmiyorum"
    return [{"key": text, "name": text}]
