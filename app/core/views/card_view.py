"""The endpoint that fills the places of cards after the page of a record has come."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_appbuilder import BaseView, expose
from flask_login import login_required
from sqlalchemy import select

from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rooms import cards_of
from app.core.seen import belongs_to_a_page
from app.core.views.cards import is_of_a_page
from app.core.views.entities import view_of


class CardView(BaseView):
    """One card of one record, in the actor's scope; empty where there is nothing to show."""

    route_base = "/cards"
    default_view = "card"

    @expose("/<string:entity>/<int:pk>/<string:key>")
    @login_required
    def card(self, entity: str, pk: int, key: str) -> Any:
        """The HTML of a card."""
        actor = current_actor()
        view = view_of(entity)
        card = next((c for c in cards_of(entity) if c.key == key), None)
        if view is None or card is None or not actor.may("read", view.resource):
            abort(404)
        if is_of_a_page(request.args.get("page", ""), entity, pk, actor):
            belongs_to_a_page()
        item = db_session().scalar(select(view.model).where(view.model.id == pk)) or abort(404)
        drawn = card.draw(db_session(), item, actor) if card.shown(item, actor) else None
        if drawn is None:
            return ""
        template, context = drawn
        return self.render_template(template, item=item, **context)
