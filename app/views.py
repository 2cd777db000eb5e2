"""FACE: the rooms in menu order; registers every screen, chart and REST resource."""

from __future__ import annotations

from typing import Any

from app.applications.manifest import ROOM as APPLICATIONS
from app.core import rooms as house
from app.core import scope, seen
from app.core.rooms import Room
from app.core.shell import LanguageView, ProfileView
from app.core.views.card_view import CardView
from app.core.views.lookup import LookupView, SearchView
from app.frontdesk.manifest import ROOM as FRONTDESK
from app.organisation.manifest import ROOM as ORGANISATION
from app.people.manifest import ROOM as PEOPLE
from app.reporting.manifest import ROOM as REPORTING
from app.system.manifest import ROOM as SYSTEM

#: Menu order; the order of knowledge is another one and stands in pyproject.toml.
ROOMS: tuple[Room, ...] = (APPLICATIONS, FRONTDESK, PEOPLE, REPORTING, ORGANISATION, SYSTEM)

#: Screens that belong to no room.
SHARED = (CardView, LookupView, SearchView, LanguageView, ProfileView)


def register(appbuilder: Any) -> None:
    """Put every screen of every room on the application; each view is registered once."""
    house.furnish(ROOMS)
    for room in ROOMS:
        scope.declare(room.scopes, room.subjects)
        seen.watch(room.watched)
    registered: set[type] = set()
    for shared in SHARED:
        appbuilder.add_view_no_menu(shared)
    for room in ROOMS:
        for view in [*(page.view for page in room.pages), *room.hidden]:
            if view not in registered:
                registered.add(view)
                appbuilder.add_view_no_menu(view)
        for api in room.apis:
            appbuilder.add_api(api)
