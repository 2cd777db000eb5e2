"""Places of cards on the page of a record; `card_view` fills them afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from app.core.acting import Actor
from app.core.rooms import cards_of
from app.core.views.formats import translated


@dataclass(frozen=True)
class CardPlace:
    """Where a card will stand: its address, its name for a reader, and the column."""

    url: str
    label: str
    key: str
    beside: bool


#: Seconds in which a page asks for its cards; later they are a view of their own.
_PAGE_SECONDS = 600


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="cards of a page")


def is_of_a_page(token: str, entity: str, pk: int, actor: Actor) -> bool:
    """Whether a card is asked for by the page of its record, which this actor opened a moment ago."""
    try:
        told = _signer().loads(token, max_age=_PAGE_SECONDS)
    except BadData:
        return False
    return bool(told == [entity, pk, actor.user_id])


def card_places(item: Any, actor: Actor) -> list[CardPlace]:
    """The places on the page of `item`; no statement is sent."""
    entity = type(item).__name__
    page = _signer().dumps([entity, item.id, actor.user_id])
    return [
        CardPlace(
            url_for("CardView.card", entity=entity, pk=item.id, key=card.key, page=page),
            translated(card.label),
            card.key,
            card.beside,
        )
        for card in cards_of(entity)
        if card.shown(item, actor)
    ]
