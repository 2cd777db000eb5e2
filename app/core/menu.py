"""The side menu: rooms and their sections, as far as the actor may enter them, and what waits in each."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.core import ports
from app.core.acting import Actor
from app.core.current import db_session
from app.core.rooms import Page, Room, rooms
from app.core.views.formats import translated
from app.core.views.page import MenuPage, MenuRoom

#: A count above this is written as it is: nobody counts on.
_MOST_COUNTED = 99


def allowed(page: Page, actor: Actor) -> bool:
    """Whether the actor sees this link."""
    resource = (
        page.resource or getattr(page.view, "class_permission_name", "") or page.view.__name__
    )
    return actor.may(page.verb, resource)


def make_menu(actor: Actor) -> tuple[list[MenuRoom], bool, int]:
    """The entries open to the actor, whether the home page is open, and the unread messages.

    Every number of the menu and the bell comes from one statement.
    """
    menu: list[MenuRoom] = []
    titles: dict[int, str] = {}
    counters = [ports.unread_counter(actor.user_id)]
    for room in rooms():
        entries = _entries(room, actor)
        if entries and room.count is not None:
            counter, titles[len(menu)] = room.count()
            counters.append(counter)
        menu += entries
    unread, *waiting = _count_all(counters)
    for (at, title), number in zip(titles.items(), waiting, strict=True):
        menu[at] = replace(menu[at], count=min(number, _MOST_COUNTED), count_title=title)
    return menu, request.endpoint == "HomeView.index", unread


def _entries(room: Room, actor: Actor) -> list[MenuRoom]:
    """The room itself and its sections, those without an open page left out."""
    # A label is translated when it is looked at, so each is looked at once.
    icons = {"": room.icon, **{translated(s.label): s.icon for s in room.sections}}
    found: dict[str, list[MenuPage]] = {name: [] for name in icons}
    addresses = {f"{page.view.__name__}.{page.method}" for page in room.pages}
    for page in room.pages:
        if allowed(page, actor):
            found[translated(page.section)].append(_link(page, addresses))
    entries: list[MenuRoom] = []
    for name, pages in found.items():
        if pages:
            entries.append(
                MenuRoom(
                    label=name or translated(room.label),
                    icon=icons[name],
                    url=pages[0].url,
                    pages=pages,
                    open=any(page.current for page in pages),
                    gap=room.gap and not entries,
                )
            )
    return entries


def _link(page: Page, addresses: Set[str]) -> MenuPage:
    """The link of a page; `addresses` are those of all pages of the room."""
    endpoint, name = request.endpoint or "", page.view.__name__
    here = endpoint == f"{name}.{page.method}" or (
        # A record belongs to its list, unless a page of its own leads to it.
        page.method == "list" and endpoint.split(".")[0] == name and endpoint not in addresses
    )
    url = url_for(f"{name}.{page.method}", **dict[str, Any](page.args))
    return MenuPage(translated(page.label), url, here)


def _count_all(counters: Sequence[Any]) -> list[int]:
    row = db_session().execute(select(*(c.label(f"n{i}") for i, c in enumerate(counters)))).one()
    return [int(n or 0) for n in row]
