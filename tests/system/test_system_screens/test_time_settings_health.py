"""Legal time, settings, views and health."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.calendar import DayKind
from app.system.models import (
    CalendarDay,
    LegalRule,
    Parameter,
    SavedView,
)
from app.system.rules import JobState
from tests.system.test_system_screens.support import job_of, user_id

# --- legal time ---------------------------------------------------------------------------------------------
LEAVE = {
    "on": "10.03.2026",
    "kind": "administrative_leave",
    "name": "Kar tatili",
    "counts_as_working_day": "0",
    "authority": "Tekirdağ Valiliği",
}


def days(session: Any) -> list[CalendarDay]:
    on = dt.date(2026, 3, 10)
    return list(session.scalars(select(CalendarDay).where(CalendarDay.on == on)))


def test_a_leave_is_previewed_before_it_counts(client_as: Any, session: Any) -> None:
    client = client_as("mudur")
    preview = client.post("/calendar/add", data=LEAVE)
    assert preview.status_code == 200
    for day in ("09.03.2026", "31.03.2026", "01.04.2026"):
        assert day in preview.text
    assert days(session) == []
    done = client.post("/calendar/add", data={**LEAVE, "_confirmed": "1"})
    assert done.status_code == 302, done.text
    assert [d.kind for d in days(session)] == [DayKind.ADMINISTRATIVE_LEAVE]
    again = client.post("/calendar/add", data={**LEAVE, "_confirmed": "1"})
    assert again.status_code == 422


def test_a_leave_that_moves_nothing_is_stored_at_once(client_as: Any, session: Any) -> None:
    done = client_as("mudur").post("/calendar/add", data={**LEAVE, "counts_as_working_day": "1"})
    assert done.status_code == 302
    assert len(days(session)) == 1


def test_a_leave_is_changed_and_taken_out(client_as: Any, session: Any) -> None:
    client = client_as("mudur")
    client.post("/calendar/add", data={**LEAVE, "_confirmed": "1"})
    (day,) = days(session)
    changed = client.post(
        f"/calendar/edit/{day.id}", data={**LEAVE, "name": "Sel", "_version": "1"}
    )
    assert changed.status_code == 302
    session.refresh(day)
    assert day.name == "Sel"
    assert client.post(f"/calendar/delete/{day.id}").status_code == 302
    assert days(session) == []


def test_a_period_is_changed_by_a_new_version_only(client_as: Any, session: Any) -> None:
    old = session.scalars(
        select(LegalRule).where(LegalRule.key == "petition_answer", LegalRule.rule_version == 1)
    ).one()
    client = client_as("yonetici")
    assert client.get(f"/legal-rules/edit/{old.id}").status_code in {302, 403, 404}
    form = client.get(f"/legal-rules/add?base={old.id}")
    assert "petition_answer" in form.text
    values = {
        "key": "petition_answer",
        "label": "Dilekçe",
        "law": "3071 m.7",
        "days": "20",
        "unit": "calendar_days",
        "shift_to_working_day": "y",
        "valid_from": "01.01.2030",
    }
    assert client.post("/legal-rules/add", data=values).status_code == 302
    session.refresh(old)
    assert old.valid_to == dt.date(2029, 12, 31)
    assert (
        client.post("/legal-rules/add", data={**values, "valid_from": "01.01.2020"}).status_code
        == 422
    )


# --- settings and views ---------------------------------------------------------------------------------
def setting(session: Any, key: str) -> Parameter:
    return session.scalars(select(Parameter).where(Parameter.key == key)).one()


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("reopen_days", "45", "45"),
        ("fee_reading", "pause", "pause"),
        ("reminder_points", "40,70,100", "40,70,100"),
        ("letter_address", "Hükümet Cad.\r\nSüleymanpaşa", "Hükümet Cad.\nSüleymanpaşa"),
    ],
)
def test_a_setting_is_stored(client_as: Any, session: Any, key: str, value: str, kept: str) -> None:
    row = setting(session, key)
    client = client_as("yonetici")
    assert client.get(f"/settings/edit/{row.id}").status_code == 200
    done = client.post(
        f"/settings/edit/{row.id}", data={"value": value, "_version": str(row.version)}
    )
    assert done.status_code == 302, done.text
    session.refresh(row)
    assert row.value == kept


def test_a_flag_is_a_tick_box(client_as: Any, session: Any) -> None:
    row = setting(session, "sms_enabled")
    client = client_as("yonetici")
    assert 'type="checkbox"' in client.get(f"/settings/edit/{row.id}").text
    assert (
        client.post(f"/settings/edit/{row.id}", data={"_version": str(row.version)}).status_code
        == 302
    )
    session.refresh(row)
    assert row.value == "0"


@pytest.mark.parametrize(
    ("key", "value"), [("reopen_days", "-5"), ("reopen_days", "x"), ("reminder_points", "9,3")]
)
def test_a_wrong_value_is_told_at_the_field(
    client_as: Any, session: Any, key: str, value: str
) -> None:
    row = setting(session, key)
    before = row.value
    answer = client_as("yonetici").post(
        f"/settings/edit/{row.id}", data={"value": value, "_version": str(row.version)}
    )
    assert answer.status_code == 422
    session.refresh(row)
    assert row.value == before


def test_two_administrators_see_the_conflict(client_as: Any, session: Any) -> None:
    row = setting(session, "reopen_days")
    client = client_as("yonetici")
    opened = str(row.version)
    client.post(f"/settings/edit/{row.id}", data={"value": "31", "_version": opened})
    late = client.post(f"/settings/edit/{row.id}", data={"value": "32", "_version": opened})
    assert late.status_code == 409


def test_the_stamp_is_no_setting(client_as: Any, session: Any) -> None:
    row = setting(session, "permission_stamp")
    assert client_as("yonetici").get(f"/settings/show/{row.id}").status_code == 404


def test_a_list_is_kept_under_a_name_by_its_owner(client_as: Any, session: Any) -> None:
    client = client_as("operator")
    done = client.post(
        "/saved-views/keep/TopicView", data={"name": " Su ", "args": "q=su&at=x&active=1"}
    )
    assert done.status_code == 302
    view = session.scalars(select(SavedView).order_by(SavedView.id.desc())).first()
    assert (view.name, view.screen) == ("Su", "TopicView")
    assert view.arguments == {"q": ["su"], "active": ["1"]}
    assert client.get(f"/saved-views/show/{view.id}").status_code == 200


def test_a_kept_list_stands_beside_the_tabs_and_is_marked_when_open(
    client_as: Any, session: Any
) -> None:
    client = client_as("operator")
    assert "/saved-views/keep/TopicView" in client.get("/topics/list/").text
    client.post("/saved-views/keep/TopicView", data={"name": "Su işleri", "args": "q=su"})
    assert "Su işleri" in client.get("/topics/list/").text
    assert client.get("/topics/list/?q=su").text.count('aria-current="page"') > (
        client.get("/topics/list/").text.count('aria-current="page"')
    )


def test_others_see_a_view_only_when_it_is_shared_and_never_change_it(
    client_as: Any, session: Any
) -> None:
    view = SavedView(screen="TopicView", owner_id=user_id(session, "sef"), name="Su", arguments={})
    session.add(view)
    session.commit()
    client = client_as("operator")
    assert client.get(f"/saved-views/show/{view.id}").status_code == 404
    view.is_shared = True
    session.commit()
    assert client.get(f"/saved-views/show/{view.id}").status_code == 200
    assert client.get(f"/saved-views/edit/{view.id}").status_code == 404
    assert client.post(f"/saved-views/delete/{view.id}").status_code == 404


def test_a_view_of_a_list_that_does_not_exist_is_not_kept(client_as: Any) -> None:
    answer = client_as("operator").post("/saved-views/keep/NoSuchView", data={"name": "x"})
    assert answer.status_code == 404


# --- health -------------------------------------------------------------------------------------------------
def test_the_process_is_alive_for_everybody(client: Any) -> None:
    assert client.get("/health/live").get_json() == {"status": "ok"}


def test_ready_names_what_is_missing(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.system.queries import health

    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.get_json()["checks"]["migrations"]["ok"] is True
    monkeypatch.setattr(health, "LEAST_FREE", 2**60)
    answer = client.get("/health/ready", headers={"X-Forwarded-For": "8.8.8.8"})
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["disk"] == {"ok": False}


def test_a_database_that_is_down_makes_unready_but_not_dead(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from app.system.queries import health

    def down(_session: Any) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("down"))

    monkeypatch.setattr(health, "_CHECKS", (("database", True, down),))
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_figures_are_for_this_machine_or_the_token(
    client: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = client.get("/metrics").text
    for name in ("queue_age_seconds", "outbox_age_seconds", "jobs_failed", "database_up 1.0"):
        assert f"halkla_{name}" in text
    outside = {"X-Forwarded-For": "8.8.8.8"}
    assert client.get("/metrics", headers=outside).status_code == 404
    monkeypatch.setitem(app.config, "HALKLA_METRICS_TOKEN", "geheim")
    wrong = {**outside, "Authorization": "Bearer falsch"}
    assert client.get("/metrics", headers=wrong).status_code == 404
    right = {**outside, "Authorization": "Bearer geheim"}
    assert client.get("/metrics", headers=right).status_code == 200


def test_figures_count_all_jobs_whoever_asks(client: Any, session: Any) -> None:
    import re

    def failed() -> float:
        return float(re.search(r"^halkla_jobs_failed (\S+)", client.get("/metrics").text, re.M)[1])

    before = failed()
    with acting_as(SYSTEM):
        job_of(session, "operator", state=JobState.FAILED, run_after=clock.now())
    assert failed() == before + 1
