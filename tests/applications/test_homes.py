"""Home pages: each role finds what waits for it, the figures equal the lists behind them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.applications.models import Application, Assignment
from app.applications.queries import homes
from app.applications.rules import OPEN_STATES, AssignmentRole, AssignmentState
from app.applications.views.home import HOMES, cimer_home, desk_home, head_home, unit_home
from app.applications.views.home_parts import compared
from app.applications.views.home_system import system_home
from app.core import clock
from app.core.acting import acting_as
from app.core.text import parse_tr_number
from app.roles import ROLES
from tests.support import ACCOUNTS, actor_of

BLOCKS = {
    "mudur": head_home,
    "baskan": head_home,
    "sef": head_home,
    "birim": unit_home,
    "operator": desk_home,
    "masa": desk_home,
    "cimer": cimer_home,
    "yonetici": system_home,
    "denetci": system_home,
}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_account_has_a_home_page(client_as: Any, account: str) -> None:
    page = client_as(account).get("/")
    assert page.status_code == 200
    assert len(re.findall(r"<h1>", page.get_data(as_text=True))) == 1


def test_every_role_named_here_exists() -> None:
    assert set(HOMES) - {"*"} <= set(ROLES)
    assert list(HOMES)[-1] == "*"


@pytest.mark.parametrize("account", sorted(BLOCKS))
def test_a_home_page_is_read_in_few_statements(
    app: Any, session: Any, counted: list[str], account: str
) -> None:
    actor = actor_of(app, session, account)
    with app.test_request_context("/"), acting_as(actor):
        # Settings are kept by the process, and signing in has read their stamp.
        BLOCKS[account](session, actor)
        counted.clear()
        BLOCKS[account](session, actor)
    assert len(counted) <= 8, "\n\n".join(counted)


def test_the_lists_of_a_unit_hold_the_nearest_of_its_work(app: Any, session: Any) -> None:
    actor, today = actor_of(app, session, "birim"), clock.today()
    with acting_as(actor):
        every = [
            a
            for a in session.scalars(select(Assignment).join(Assignment.application))
            if a.unit_id in actor.unit_ids
            and a.role in (AssignmentRole.LEAD, AssignmentRole.ACTION)
            and a.state in (AssignmentState.SENT, AssignmentState.ACCEPTED)
            and a.application.state in OPEN_STATES
        ]
        every.sort(key=lambda a: (a.due_on is None, a.due_on or today, a.id))
        wanted = {
            "late": ((Assignment.due_on < today), 3),
            "work": ((Assignment.state == AssignmentState.ACCEPTED), 2),
            "none": ((Assignment.state == AssignmentState.ANSWERED), 5),
        }
        found = homes.list_assignments_of(session, actor.unit_ids, wanted)
    late = [a for a in every if a.due_on is not None and a.due_on < today]
    work = [a for a in every if a.state is AssignmentState.ACCEPTED]
    assert len(late) > 3, "the demo data must leave more than the lists hold"
    assert len(work) > 2
    assert found == {"late": late[:3], "work": work[:2], "none": []}


@pytest.mark.parametrize("account", ["mudur", "birim", "operator", "cimer"])
def test_a_figure_equals_the_list_it_leads_to(app: Any, session: Any, account: str) -> None:
    actor = actor_of(app, session, account)
    views = {v.endpoint: v for v in app.extensions["appbuilder"].baseviews}
    checked = 0
    with app.test_request_context("/"), acting_as(actor):
        _template, context = BLOCKS[account](session, actor)
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for tile in context["figures"]:
            number = parse_tr_number(tile.value)
            if not tile.url.startswith("/") or number is None or "/charts" in tile.url:
                continue
            parts = urlsplit(tile.url)
            endpoint, _args = adapter.match(parts.path)
            view = views[endpoint.split(".")[0]]
            args = MultiDict([(k, v) for k, vs in parse_qs(parts.query).items() for v in vs])
            if "received_from" in args and account == "operator":
                continue  # The tile counts the own ones; the list shows everybody's of today.
            stmt, errors = view.filtered(args)
            found = session.scalar(select(func.count()).select_from(stmt.order_by(None).subquery()))
            assert errors == {}
            assert found == number, (tile.label, tile.url)
            checked += 1
    assert checked or account == "operator"


def test_a_liaison_accepts_from_the_home_page(client_as: Any, app: Any, session: Any) -> None:
    actor = actor_of(app, session, "birim")
    waiting = Assignment.state == AssignmentState.SENT
    rows = homes.list_assignments_of(session, actor.unit_ids, {"new": (waiting, 1)})["new"]
    assert rows, "the demo data must leave something to accept"
    case = rows[0].application
    client = client_as("birim")
    page = client.get("/").get_data(as_text=True)
    assert f'action="/applications/steps/{case.id}/do/accept"' in page
    answer = client.post(f"/applications/steps/{case.id}/do/accept", data={"next": "/"})
    assert answer.status_code == 302
    session.expire_all()
    assert session.get(Assignment, rows[0].id).state is AssignmentState.ACCEPTED


def test_an_identity_is_masked_for_the_unit(client_as: Any, app: Any, session: Any) -> None:
    actor = actor_of(app, session, "birim")
    with acting_as(actor):
        sent = Assignment.state == AssignmentState.SENT
        rows = homes.list_assignments_of(session, actor.unit_ids, {"new": (sent, 10)})["new"]
        names = [a.application.citizen.full_name for a in rows if a.application.citizen is not None]
    page = client_as("birim").get("/").get_data(as_text=True)
    for name in names:
        assert name not in page


def test_late_units_add_up_to_all_overdue_cases(session: Any) -> None:
    from app.applications.queries import desks

    today = clock.today()
    rows = homes.list_late_units(session, today, limit=100)
    assert sum(row["late"] for row in rows) == desks.count_overdue(session, today)


def test_cases_of_a_week_are_counted_by_their_day(session: Any) -> None:
    today = clock.today()
    days = homes.count_due_days(session, today)
    for day, (number, _units) in days.items():
        stmt = select(func.count(Application.id)).where(Application.due_on == day, homes.is_open())
        assert session.scalar(stmt) == number


def test_a_silent_worker_is_told(app: Any, session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.applications.views import home_system

    monkeypatch.setattr(home_system, "heartbeat_age", lambda: None)
    with app.test_request_context("/"):
        tile = home_system.worker_tile()
    assert tile.tone == "bad"
    monkeypatch.setattr(home_system, "heartbeat_age", lambda: 3.0)
    with app.test_request_context("/"):
        assert home_system.worker_tile().tone == ""


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ((30, 90.0), (200, 95.5), "▼ 5,5 puan, geçen aya göre"),
        ((30, 95.5), (200, 95.5), "= 0 puan, geçen aya göre"),
        ((20, 96.0), (200, 95.5), "▲ 0,5 puan, geçen aya göre"),
        ((2, 0.0), (200, 93.6), "şimdiye dek 2 cevaptan; geçen ay %93,6"),
        ((0, None), (200, 93.6), "geçen ay %93,6"),
        ((25, 90.0), (0, None), "geçen ay –"),
    ],
)
def test_a_handful_of_answers_is_not_held_against_a_month(
    app: Any, now: tuple[int, float | None], before: tuple[int, float | None], said: str
) -> None:
    with app.test_request_context("/"):
        rates = [{"timed": timed, "rate": rate} for timed, rate in (now, before)]
        assert compared(*rates) == said
