"""Saved views: shared with some, pinned, first of their list, counted beside the tabs, told in the morning."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.rules import RuleViolation
from app.models import Application, StaffUser, Unit
from app.system import tasks
from app.system.models import Notification, SavedView, SavedViewUse
from app.system.rules.views import MOST_ROWS, alert_violations, saved_view_violations

SCREEN = "ApplicationView"
OPEN_LOW = {"tab": ["all"], "priority": ["low"]}


def person(session: Any, username: str) -> StaffUser:
    return session.scalars(select(StaffUser).where(StaffUser.username == username)).one()


def make_view(session: Any, owner: str = "sef", **more: Any) -> SavedView:
    values = {"screen": SCREEN, "name": "Bekleyenler", "arguments": OPEN_LOW, **more}
    view = SavedView(owner_id=person(session, owner).id, **values)
    session.add(view)
    session.commit()
    return view


def use_of(session: Any, view: SavedView, username: str) -> SavedViewUse:
    session.expire_all()
    return session.scalars(
        select(SavedViewUse).where(
            SavedViewUse.view_id == view.id, SavedViewUse.user_id == person(session, username).id
        )
    ).one()


def written(client: Any, name: str, url: str = "/applications/list/?tab=all") -> str | None:
    """The count beside the tab of that name; None when there is no such tab, "" without a count."""
    page = client.get(url, follow_redirects=True).text
    # A tab is a link that holds its name and, in an element of its own, its count.
    tab = next((t for t in re.findall(r"<a\b[^>]*>.*?</a>", page, re.S) if name in t), None)
    if tab is None:
        return None
    found = re.search(r">\s*([\d.]+\+?)\s*<", tab)
    return found[1] if found else ""


# --- with whom ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("share", "seen_by", "hidden_from"),
    [
        ({"is_shared": False}, ("sef",), ("mudur", "operator", "birim")),
        ({"is_shared": True}, ("sef", "mudur", "operator", "birim"), ()),
        ({"is_shared": True, "share_role": "branch_mgr"}, ("sef", "mudur"), ("operator", "birim")),
    ],
)
def test_a_view_is_seen_by_those_it_is_shared_with(
    session: Any, client_as: Any, share: dict[str, Any], seen_by: Any, hidden_from: Any
) -> None:
    view = make_view(session, **share)
    for username in seen_by:
        assert client_as(username).get(f"/saved-views/show/{view.id}").status_code == 200
        assert written(client_as(username), "Bekleyenler") is not None, username
    for username in hidden_from:
        assert client_as(username).get(f"/saved-views/show/{view.id}").status_code == 404
        assert written(client_as(username), "Bekleyenler") is None, username


def test_a_view_of_a_unit_is_seen_in_the_units_below_and_nowhere_else(
    session: Any, client_as: Any
) -> None:
    own = session.get(Unit, person(session, "birim").unit_id)
    above = session.get(Unit, own.parent_id) if own.parent_id else own
    view = make_view(session, owner="mudur", is_shared=True, share_unit_id=above.id)
    assert client_as("birim").get(f"/saved-views/show/{view.id}").status_code == 200
    elsewhere = session.scalars(
        select(Unit).where(Unit.id.notin_([own.id, above.id]), Unit.parent_id != above.id)
    ).first()
    view.share_unit_id = elsewhere.id
    session.commit()
    assert client_as("birim").get(f"/saved-views/show/{view.id}").status_code == 404
    # The owner keeps it wherever it is shared.
    assert client_as("mudur").get(f"/saved-views/show/{view.id}").status_code == 200


def test_the_owner_names_orders_and_shares_a_view_on_its_form(session: Any, client_as: Any) -> None:
    view = make_view(session)
    client = client_as("sef")
    form = {
        "name": "Masada kalanlar", "position": "3", "is_shared": "y", "share_role": "branch_mgr",
        "_version": view.version,
    }  # fmt: skip
    assert client.post(f"/saved-views/edit/{view.id}", data=form).status_code == 302
    session.refresh(view)
    assert (view.name, view.position, view.share_role) == ("Masada kalanlar", 3, "branch_mgr")
    page = client.get("/saved-views/list/").text
    assert "Masada kalanlar" in page
    assert "Şube müdürü" in page
    refused = client.post(
        f"/saved-views/edit/{view.id}",
        data={"name": "x", "position": "0", "share_role": "chief", "_version": view.version},
    )
    assert refused.status_code == 422
    assert "önce" in refused.text.lower()
    view_id = view.id
    assert client.post(f"/saved-views/delete/{view_id}").status_code == 302
    assert session.scalar(select(func.count()).where(SavedView.id == view_id)) == 0


def test_a_deleted_view_takes_what_people_did_with_it_along(session: Any, client_as: Any) -> None:
    view = make_view(session, is_shared=True)
    client_as("mudur").post(f"/saved-views/pin/{view.id}", data={"on": "1"})
    assert use_of(session, view, "mudur").is_pinned
    view_id = view.id
    client_as("sef").post(f"/saved-views/delete/{view_id}")
    session.expire_all()
    assert session.scalar(select(func.count()).where(SavedViewUse.view_id == view_id)) == 0


# --- what people do with it -------------------------------------------------------------------------------
def test_a_view_stands_on_the_home_page_with_its_count_of_who_pinned_it(
    session: Any, client_as: Any
) -> None:
    view = make_view(session, is_shared=True)
    client = client_as("mudur")
    assert "Bekleyenler" not in client.get("/").text
    answer = client.post(f"/saved-views/pin/{view.id}", data={"on": "1"}, follow_redirects=True)
    assert "Ana sayfa" in answer.text
    assert "Bekleyenler" in client.get("/").text
    assert "Bekleyenler" not in client_as("sef").get("/").text
    client.post(f"/saved-views/pin/{view.id}", data={"on": "0"})
    assert "Bekleyenler" not in client.get("/").text


def test_one_view_opens_with_its_list_until_another_one_does(session: Any, client_as: Any) -> None:
    one, two = (
        make_view(session),
        make_view(session, name="Acil", arguments={"priority": ["urgent"]}),
    )
    client = client_as("sef")
    client.post(f"/saved-views/first/{one.id}", data={"on": "1"})
    assert client.get("/applications/list/").headers["Location"].endswith("tab=all&priority=low")
    client.post(f"/saved-views/first/{two.id}", data={"on": "1"})
    assert client.get("/applications/list/").headers["Location"].endswith("priority=urgent")
    assert not use_of(session, one, "sef").is_default
    # Whoever asks for a tab gets the tab, and everybody else the list as it was.
    assert client.get("/applications/list/?tab=open").status_code == 200
    assert client_as("mudur").get("/applications/list/").status_code == 200
    client.post(f"/saved-views/first/{two.id}", data={"on": "0"})
    assert client.get("/applications/list/").status_code == 200


def test_a_foreign_view_is_neither_pinned_nor_followed(session: Any, client_as: Any) -> None:
    view = make_view(session)
    client = client_as("operator")
    for act, data in (("pin", {"on": "1"}), ("first", {"on": "1"}), ("follow", {"above": "1"})):
        assert client.post(f"/saved-views/{act}/{view.id}", data=data).status_code == 404
    assert session.scalar(select(func.count()).where(SavedViewUse.view_id == view.id)) == 0


# --- counters ---------------------------------------------------------------------------------------------
def test_saved_views_are_counted_beside_the_tabs_in_the_same_statement(
    session: Any, client_as: Any, counted: list[str]
) -> None:
    session.query(Application).update({"priority": "normal"})
    rows = session.scalars(
        select(Application).where(Application.is_restricted.is_(False)).limit(3)
    ).all()
    for row in rows:
        row.priority = "low"
    session.commit()
    client = client_as("sef")
    client.get("/applications/list/?tab=open")
    counted.clear()
    client.get("/applications/list/?tab=open")
    before = len(counted)
    for number in range(8):
        make_view(session, name=f"Görünüm {number}", arguments=OPEN_LOW)
    counted.clear()
    page = client.get("/applications/list/?tab=open").text
    assert "Görünüm 7" in page
    assert len(counted) <= max(before, 6), "\n".join(counted)
    assert written(client, "Görünüm 3") == "3"


def test_a_view_with_a_search_word_finds_names_and_is_counted_in_the_same_statement(
    session: Any, client_as: Any
) -> None:
    rows = session.scalars(
        select(Application)
        .where(Application.is_restricted.is_(False), Application.citizen_id.is_not(None))
        .limit(2)
    ).all()
    rows[0].subject = "Zümrüdüanka heykeli"
    rows[1].citizen.last_name = "Zümrüdüanka"
    session.commit()
    make_view(session, owner="mudur", name="Anka", arguments={"tab": ["all"], "q": ["zumruduanka"]})
    client = client_as("mudur")
    shown = client.get("/applications/list/?tab=all&q=zumruduanka").text
    listed = len(set(re.findall(r"/applications/show/(\d+)", shown)))
    assert listed >= 2
    assert written(client, "Anka") == str(listed)


def test_the_count_of_a_view_is_that_of_who_reads_it(session: Any, client_as: Any) -> None:
    session.query(Application).update({"priority": "normal"})
    secret = session.scalars(
        select(Application).where(Application.is_restricted.is_(True)).limit(2)
    ).all()
    plain = session.scalars(
        select(Application).where(Application.is_restricted.is_(False)).limit(4)
    ).all()
    for row in (*secret, *plain):
        row.priority = "low"
    session.commit()
    assert secret
    make_view(session, is_shared=True)
    assert written(client_as("mudur"), "Bekleyenler") == str(len(secret) + 4)
    assert written(client_as("operator"), "Bekleyenler") == "4"


def test_a_view_that_means_nothing_any_more_stands_without_a_count(
    session: Any, client_as: Any
) -> None:
    make_view(session, arguments={"priority": ["no-such-code"], "created_from": ["yarın"]})
    assert client_as("sef").get("/applications/list/?tab=open").status_code == 200


# --- the morning ------------------------------------------------------------------------------------------
def messages(session: Any, username: str) -> list[Notification]:
    session.expire_all()
    return list(
        session.scalars(
            select(Notification).where(
                Notification.template == "followed_view",
                Notification.user_id == person(session, username).id,
            )
        )
    )


def test_a_followed_view_tells_once_a_morning_when_it_has_grown(
    session: Any, client_as: Any
) -> None:
    session.query(Application).update({"priority": "normal"})
    rows = session.scalars(
        select(Application).where(Application.is_restricted.is_(False)).limit(3)
    ).all()
    view = make_view(session, is_shared=True)
    client = client_as("mudur")
    client.post(f"/saved-views/follow/{view.id}", data={"above": "2"})
    assert tasks.tell_followed_views() == 0
    use_of(session, view, "mudur").alerted_on = None
    for row in rows:
        session.get(Application, row.id).priority = "low"
    session.commit()
    assert tasks.tell_followed_views() == 1
    assert tasks.tell_followed_views() == 0
    (message,) = messages(session, "mudur")
    assert message.subject == "Bekleyenler: 3 kayıt"
    assert message.url == "/applications/list/?tab=all&priority=low"
    assert client.get(message.url).status_code == 200
    client.post(f"/saved-views/follow/{view.id}", data={"end": "1"})
    assert use_of(session, view, "mudur").alert_above is None


def test_nobody_is_told_of_a_view_that_is_no_longer_shared_or_of_a_closed_account(
    session: Any, client_as: Any
) -> None:
    view = make_view(session, is_shared=True)
    row = session.scalars(select(Application).where(Application.is_restricted.is_(False))).first()
    row.priority = "low"
    session.commit()
    for username in ("mudur", "operator"):
        client_as(username).post(f"/saved-views/follow/{view.id}", data={"above": "0"})
    view = session.get(SavedView, view.id)
    view.share_role, view.is_shared = "branch_mgr", True
    person(session, "mudur").active = False
    session.commit()
    assert tasks.tell_followed_views() == 0
    assert messages(session, "mudur") == messages(session, "operator") == []


@pytest.mark.parametrize("above", ["", "-1", "1,5", "x", str(MOST_ROWS), "٣"])
def test_a_bound_is_a_whole_number(session: Any, client_as: Any, above: str) -> None:
    assert list(alert_violations(above))
    view = make_view(session)
    answer = client_as("sef").post(f"/saved-views/follow/{view.id}", data={"above": above})
    assert answer.status_code in {302, 422}
    assert session.scalar(select(func.count()).where(SavedViewUse.view_id == view.id)) == 0


def test_what_narrows_a_share_needs_a_share() -> None:
    assert list(saved_view_violations({"name": " "}))[0].field == "name"
    narrowed = {"name": "x", "share_role": "chief", "share_unit_id": 3}
    assert {v.field for v in saved_view_violations(narrowed)} == {"share_role", "share_unit_id"}
    assert not list(saved_view_violations({**narrowed, "is_shared": True}))


def test_only_what_is_known_is_set(session: Any) -> None:
    from app.core.acting import Actor
    from app.system.services import saved_views

    view = make_view(session)
    with pytest.raises(TypeError):
        saved_views.set_use(session(), view=view, actor=Actor(1, "x"), values={"alert_above": 1})
    nobody = Actor(None, "x")
    with pytest.raises(RuleViolation):
        saved_views.set_use(session(), view=view, actor=nobody, values={"is_pinned": True})
