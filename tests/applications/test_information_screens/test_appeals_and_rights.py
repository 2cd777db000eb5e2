"""Appeals, and who may."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.applications import services
from app.applications.models import (
    Appeal,
    Application,
)
from app.applications.rules import Channel, Kind, State
from app.applications.rules.information import (
    AppealForum,
    AppealResult,
    AppealState,
)
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.text import format_date
from tests.applications.test_information_screens.support import (
    WORD,
    card_of,
    case_of,
    partial,
    register,
    text_of,
)


@pytest.fixture
def restricted(session: Any) -> Application:
    return register(
        session, channel=Channel.CIMER, external_ref="2690000001",
        external_received_at=clock.now() - dt.timedelta(days=4),
    )  # fmt: skip


# --- appeals ---------------------------------------------------------------------------------------------------
@pytest.fixture
def refused_case(session: Any, asked: Application) -> Application:
    with acting_as(SYSTEM):
        services.reject(
            session(), application=session.get(Application, asked.id), reason="Ticari sır",
            article="4982 m.23", actor=SYSTEM,
        )  # fmt: skip
        session.commit()
    return asked


def test_an_appeal_goes_its_way_on_its_page(
    client_as: Any, session: Any, refused_case: Application
) -> None:
    officer, today = client_as("bilgi"), format_date(clock.today())
    url = f"/information-appeals/file/{refused_case.id}"
    assert officer.get(url).status_code == 200
    wrong = officer.post(url, data={"forum": "board", "file_no": "2026/11", "note": "Haksız ret"})
    assert wrong.status_code == 422
    assert "Haksız ret" in wrong.text
    given = {
        "forum": "board", "filed_on": today, "notified_on": today, "file_no": "2026/11",
        "note": "Haksız ret",
    }  # fmt: skip
    assert officer.post(url, data=given).status_code == 302
    twice = officer.post(url, data=given)
    assert twice.status_code == 422
    appeal = session.scalars(select(Appeal).where(Appeal.application_id == refused_case.id)).one()
    assert appeal.appeal_by == clock.today() + dt.timedelta(days=15)
    with acting_as(SYSTEM):
        assert session.get(Application, refused_case.id).state is State.APPEALED
    pk = appeal.id
    step = f"/information-appeals/step/{pk}/"
    early = officer.post(step + "send", data={"on": today, "note": "x"})
    assert early.status_code == 422
    for name, data in (
        ("ask", {"on": today, "number": "2026/11", "note": "Dosya"}),
        ("send", {"on": today, "note": "Gönderildi"}),
        ("decide", {"on": today, "result": "partly", "number": "2026/900", "note": "Kısmen"}),
        ("follow", {"on": today, "follow_up": "access_partly", "note": "Verildi"}),
    ):
        page = officer.get(step + name)
        assert page.status_code == 200, name
        version = re.search(r'name="_version"[^>]*value="(\d+)"', page.text)
        assert version is not None
        assert officer.post(step + name, data={**data, "_version": version[1]}).status_code == 302
        stale = officer.post(step + name, data={**data, "_version": version[1]})
        assert stale.status_code == 422, name
    session.expire_all()
    appeal = session.get(Appeal, pk)
    assert (appeal.state, appeal.result) == (AppealState.DECIDED, AppealResult.PARTLY)
    shown = text_of(officer.get(f"/information-appeals/show/{pk}"))
    for words in ("2026/11", "2026/900", "Kısmen", "Haksız ret"):
        assert words in shown
    card = card_of(officer, refused_case, "appeal")
    assert "2026/11" in card
    assert officer.get(step + "nothing").status_code == 404
    assert officer.get("/information-appeals/file/999999999").status_code == 404


def test_only_information_requests_have_these_forms(client_as: Any, session: Any) -> None:
    with acting_as(SYSTEM):
        other = session.scalars(
            select(Application).where(Application.kind == Kind.REQUEST, ~Application.is_restricted)
        ).first()
    officer = client_as("bilgi")
    for path in ("decide", "extend", "consent"):
        assert officer.get(f"/information-cases/of/{other.id}/{path}").status_code == 404
    assert officer.get(f"/information-appeals/file/{other.id}").status_code == 404
    assert card_of(officer, other) == ""


@pytest.mark.parametrize("who", ["operator", "sef", "birim", "denetci", "rehber", "anket"])
def test_who_does_not_decide_has_no_form(
    client_as: Any, session: Any, asked: Application, who: str
) -> None:
    client = client_as(who)
    for path in ("decide", "extend", "consent"):
        url = f"/information-cases/of/{asked.id}/{path}"
        assert client.get(url).status_code in {403, 404}
        assert client.post(url, data=partial(session)).status_code in {403, 404}
    assert client.post(f"/information-appeals/file/{asked.id}", data={}).status_code in {403, 404}
    assert case_of(session, asked).decision is None


def test_who_may_not_see_a_restricted_request_finds_it_nowhere(
    client_as: Any, session: Any, restricted: Application, token_of: Any
) -> None:
    case = case_of(session, restricted)
    with acting_as(SYSTEM):
        services.reject(
            session(), application=session.get(Application, restricted.id), reason="Ticari sır",
            article="4982 m.23", actor=SYSTEM,
        )  # fmt: skip
        appeal = services.information.file_appeal(
            session(), application=session.get(Application, restricted.id),
            forum=AppealForum.BOARD, filed_on=clock.today(), notified_on=None, note="Gizli itiraz",
            file_no="2026/77", actor=SYSTEM,
        )  # fmt: skip
        session.commit()
        appeal_id, case_id = appeal.id, case.id
    seen, officer = client_as("cimer"), client_as("bilgi")
    for client, is_there in ((seen, True), (officer, False)):
        for url in (
            f"/information-cases/list/?tab=all&q={WORD}",
            "/information-appeals/list/?tab=all",
        ):
            rows = client.get(url).text.split("<tbody")[-1]
            assert (restricted.number in rows) is is_there, (url, is_there)
        for url in ("/information-cases/export?tab=all", "/information-appeals/export?tab=all"):
            answer = client.post(url, data={"format": "csv"})
            assert answer.status_code == 200, url
            rows = answer.get_data().decode("utf-8", "replace")
            assert (restricted.number in rows) is is_there, (url, is_there)
        ok = {200} if is_there else {403, 404}
        for url in (
            f"/information-cases/show/{case_id}",
            f"/information-appeals/show/{appeal_id}",
            f"/information-cases/of/{restricted.id}/consent",
            f"/information-appeals/file/{restricted.id}",
        ):
            assert client.get(url).status_code in ok, (url, is_there)
        assert client.post(f"/information-appeals/step/{appeal_id}/ask", data={}).status_code in (
            {422} if is_there else {403, 404}
        )
    assert restricted.number not in officer.get("/").text
    headers = token_of("bilgi")
    for name, pk in (("information_case", case_id), ("appeal", appeal_id)):
        assert client_as("bilgi").get(f"/api/v1/{name}/{pk}", headers=headers).status_code == 404
        seen_there = client_as("cimer").get(f"/api/v1/{name}/{pk}", headers=token_of("cimer"))
        assert seen_there.status_code == 200


def test_a_unit_sees_the_case_of_its_own_work_at_most(
    client_as: Any, session: Any, asked: Application
) -> None:
    client = client_as("birim")
    assert client.get("/information-cases/list/").status_code in {403, 404}
    assert client.get("/information-report/").status_code in {403, 404}
    assert client.get(f"/information-cases/show/{case_of(session, asked).id}").status_code in {
        403, 404,
    }  # fmt: skip
