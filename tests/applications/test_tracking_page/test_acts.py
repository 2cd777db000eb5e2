"""What may be done, the link and throttling."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from flask import request
from sqlalchemy import func, select, update

from app.core import clock
from tests.applications.test_tracking_page.support import HOSTILE, PLACE, asked, words, wrong


# --- what may be done ------------------------------------------------------------------------------------
def test_get_changes_nothing(client: Any, session: Any, case: Any) -> None:
    from app.applications.models import ApplicationEvent, Satisfaction

    def state() -> tuple[Any, ...]:
        return (
            session.scalar(select(func.count(Satisfaction.id))),
            session.scalar(select(func.count(ApplicationEvent.id))),
            session.get(type(case), case.id).cycle,
        )

    before = state()
    given = {"number": case.number, "code": case.tracking_code, "act": "reopen", "reason": "Olmadı"}
    page = client.get(PLACE, query_string=given)
    assert page.status_code == 200
    assert "Çukur" not in page.text
    assert state() == before


def test_the_case_is_rated_once(client: Any, session: Any, case: Any) -> None:
    from app.applications.models import Satisfaction

    session.execute(Satisfaction.__table__.delete())
    session.commit()
    given = {"act": "rate", "solved": "yes", "comment": f"Sağ olun {HOSTILE}"}
    page = asked(client, case.number, case.tracking_code, **given)
    assert page.status_code == 422
    assert "Sağ olun &lt;script&gt;" in page.text
    done = asked(client, case.number, case.tracking_code, score="5", **given)
    assert done.status_code == 200
    assert "Teşekkür" in done.text
    again = asked(client, case.number, case.tracking_code, score="1", **given)
    assert again.status_code == 422
    (row,) = session.scalars(select(Satisfaction)).all()
    assert (row.score, row.method.value, row.collected_by_id) == (5, "link", None)


def test_not_solved_brings_it_back_to_its_unit(client: Any, session: Any, case: Any) -> None:
    from app.applications.models import Application, ApplicationEvent
    from app.applications.rules import State

    unit, cycle = case.lead_unit_id, case.cycle
    short = asked(client, case.number, case.tracking_code, act="reopen", reason="x")
    assert short.status_code == 422
    assert 'aria-invalid="true"' in short.text
    done = asked(client, case.number, case.tracking_code, act="reopen", reason="Çukur yine açıldı.")
    assert done.status_code == 200
    session.expire_all()
    fresh = session.get(Application, case.id)
    assert (fresh.cycle, fresh.state, fresh.lead_unit_id) == (cycle + 1, State.ASSIGNED, unit)
    steps = session.scalars(
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == case.id)
        .order_by(ApplicationEvent.id.desc())
        .limit(3)
    ).all()
    assert [s.action for s in reversed(steps)] == ["applicant_unsolved", "reopen", "assign"]
    assert steps[-1].note == "Çukur yine açıldı."
    again = asked(client, case.number, case.tracking_code, act="reopen", reason="Bir daha açın.")
    assert again.status_code == 422


def test_after_the_days_of_the_setting_it_is_too_late(client: Any, case: Any) -> None:
    with time_machine.travel(clock.now() + dt.timedelta(days=400), tick=True):
        page = asked(client, case.number, case.tracking_code)
        assert 'value="reopen"' not in page.text
        late = asked(client, case.number, case.tracking_code, act="reopen", reason="Yine bozuldu.")
    assert late.status_code == 422


# --- the link ----------------------------------------------------------------------------------------------
@pytest.fixture
def link(session: Any, case: Any) -> str:
    """The token of an open question about the case."""
    from app.applications.models import Satisfaction
    from app.applications.services.feedback import make_token, token_hash

    session.execute(Satisfaction.__table__.delete())
    token = make_token()
    now = clock.now()
    session.add(
        Satisfaction(
            application_id=case.id, cycle=case.cycle, method="link", token_hash=token_hash(token),
            sent_at=now, expires_at=now + dt.timedelta(days=14), month=now.date().replace(day=1),
            topic_id=case.topic_id, unit_id=case.lead_unit_id,
        )
    )  # fmt: skip
    session.commit()
    return token


def test_the_link_opens_its_question_and_is_answered_once(
    client: Any, session: Any, case: Any, link: str
) -> None:
    from app.applications.models import Satisfaction
    from app.people.models import Citizen

    page = client.get(f"{PLACE}/{link}")
    assert page.status_code == 200
    assert 'name="score"' in page.text
    assert case.tracking_code not in page.text
    data = {"act": "rate", "score": "4", "solved": "partly", "manner": "5", "no_more": "1"}
    assert client.post(f"{PLACE}/{link}", data=data).status_code == 200
    assert client.post(f"{PLACE}/{link}", data=data).status_code == 422
    row = session.scalars(select(Satisfaction)).one()
    assert (row.score, row.solved.value, row.manner) == (4, "partly", 5)
    assert session.get(Citizen, case.citizen_id).no_surveys is True


def test_an_old_a_wrong_and_a_foreign_link_look_alike(
    client: Any, session: Any, case: Any, link: str
) -> None:
    from app.applications.models import Satisfaction

    made_up = client.get(f"{PLACE}/{'Z' * 16}")
    assert made_up.status_code == 404
    session.execute(
        update(Satisfaction.__table__).values(expires_at=clock.now() - dt.timedelta(minutes=1))
    )
    session.commit()
    over = client.get(f"{PLACE}/{link}")
    assert over.status_code == 404
    assert words(over, link) == words(made_up, "Z" * 16)
    assert "Başvuru numarası" in over.text or "/takip" in over.text


def test_a_link_of_an_older_cycle_is_over(client: Any, session: Any, case: Any, link: str) -> None:
    table = type(case).__table__
    session.connection().execute(
        update(table).where(table.c.id == case.id).values(cycle=case.cycle + 1)
    )
    session.commit()
    assert client.get(f"{PLACE}/{link}").status_code == 404


# --- forgery ---------------------------------------------------------------------------------------------
def test_its_forms_need_the_token_of_the_page(
    app: Any, client: Any, case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert asked(client, case.number, case.tracking_code).status_code == 400
    page = client.get(PLACE)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    shown = asked(client, case.number, case.tracking_code, csrf_token=found[1])
    assert shown.status_code == 200
    assert shown.text.count('name="csrf_token"') == shown.text.count("<form")


def test_it_sets_no_cookie_beyond_that_session(client: Any, case: Any) -> None:
    page = asked(client, case.number, case.tracking_code)
    names = {line.split("=", 1)[0] for line in page.headers.getlist("Set-Cookie")}
    assert names <= {"halkla", "__Host-halkla"}


# --- throttle ----------------------------------------------------------------------------------------------
@pytest.fixture
def throttled(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The throttle, which the other tests run without, on an empty count."""
    from limits.storage import MemoryStorage
    from limits.strategies import FixedWindowRateLimiter

    from app.extensions import limiter

    storage = MemoryStorage()
    for name, value in (
        ("enabled", True),
        ("initialized", True),
        ("_storage", storage),
        ("_limiter", FixedWindowRateLimiter(storage)),
        ("_request_identifier", lambda: request.endpoint or ""),
    ):
        monkeypatch.setattr(limiter, name, value)
    monkeypatch.setitem(app.extensions, "limiter", {limiter})


def from_address(client: Any, n: int, number: str, code: str) -> Any:
    return client.post(
        PLACE,
        data={"number": number, "code": code},
        environ_base={"REMOTE_ADDR": f"10.1.{n // 200}.{n % 200 + 1}"},
    )


def test_one_number_gets_ten_tries_from_wherever(client: Any, case: Any, throttled: None) -> None:
    codes = [
        from_address(client, n, case.number, wrong(case.tracking_code)).status_code
        for n in range(10)
    ]
    assert codes == [422] * 10
    over = from_address(client, 11, case.number, case.tracking_code)
    assert over.status_code == 429
    assert "Çukur" not in over.text
    assert "ALO 153" in over.text
    other = from_address(client, 12, "2019-0000001", "K7MP4X2Q")
    assert other.status_code == 422


def test_one_address_gets_sixty_tries(client: Any, throttled: None) -> None:
    codes = [asked(client, f"2019-{n:07}", "K7MP4X2Q").status_code for n in range(1, 62)]
    assert codes[:60] == [422] * 60
    assert codes[60] == 429


def test_an_unreadable_number_shuts_nobody_else_out(client: Any, throttled: None) -> None:
    for n in range(10):
        from_address(client, 1, f"numara {n}", "K7MP4X2Q")
    assert from_address(client, 1, "yok", "K7MP4X2Q").status_code == 429
    assert from_address(client, 2, "yok", "K7MP4X2Q").status_code == 422


def test_the_refusal_comes_in_the_language_of_the_page(client: Any, throttled: None) -> None:
    for _ in range(11):
        page = client.post(
            PLACE, query_string={"lang": "en"}, data={"number": "2019-0000009", "code": "K7MP4X2Q"}
        )
    assert page.status_code == 429
    assert "Too many tries" in page.text
