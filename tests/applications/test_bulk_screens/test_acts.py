"""The way of an act."""

from __future__ import annotations

import io
from typing import Any

import pytest
import python_calamine
from sqlalchemy import func, select, update

from app.applications.rules import BulkRowState, BulkState, Priority, State
from app.models import (
    Application,
    Assignment,
    BulkRow,
    BulkRun,
    Job,
    StaffUser,
    Unit,
)
from app.system import tasks as system_tasks
from tests.support import registered_case

LIST = "tab=all&priority=low"


@pytest.fixture
def low(session: Any) -> list[Application]:
    """Twelve open cases that a filter finds and nothing else does; one of them has ended."""
    for number in range(8):
        registered_case(session, subject=f"Yolda çukur {number}")
    rows = session.scalars(
        select(Application)
        .where(
            Application.state.in_([State.TRIAGE, State.REGISTERED]),
            Application.is_restricted.is_(False),
        )
        .order_by(Application.id.desc())
        .limit(11)
    ).all()
    ended = session.scalars(
        select(Application).where(Application.state == State.WITHDRAWN).limit(1)
    ).first()
    ended = (
        ended
        or session.scalars(select(Application).where(Application.state == State.CLOSED)).first()
    )
    session.execute(
        update(Application).where(Application.priority == Priority.LOW).values(priority="normal")
    )
    for row in (*rows, ended):
        row.priority = Priority.LOW
    session.commit()
    assert len(rows) >= 6
    return [*rows, ended]


def run_of(session: Any) -> BulkRun:
    found = session.scalars(select(BulkRun).order_by(BulkRun.id.desc())).first()
    assert found is not None
    session.refresh(found)
    return found


def begin(client: Any, act: str, rows: list[Application], **more: Any) -> Any:
    data = {"action": act, "args": LIST, "rowid": [r.id for r in rows], **more}
    return client.post("/bulk-runs/begin", data=data)


def work(session: Any) -> None:
    """What a worker would do now."""
    session.commit()
    system_tasks.run_job(
        session.scalar(select(func.max(Job.id)).where(Job.kind.like("applications.bulk%")))
    )
    session.expire_all()


def states(session: Any, run: BulkRun) -> dict[str, int]:
    rows = session.execute(
        select(BulkRow.state, func.count()).where(BulkRow.run_id == run.id).group_by(BulkRow.state)
    )
    return {state.value: n for state, n in rows}


def unit_id(session: Any, code: str = "FEN") -> int:
    return int(session.scalar(select(Unit.id).where(Unit.code == code)))


# --- the way of an act ------------------------------------------------------------------------------------
def test_all_rows_of_a_filter_are_previewed_done_told_and_taken_back(
    session: Any, client_as: Any, low: list[Application]
) -> None:
    client = client_as("sef")
    page = client.get(f"/applications/list/?{LIST}").get_data(as_text=True)
    assert "Bu süzgeçteki tüm" in page
    assert 'action="/bulk-runs/begin"' in page
    before = {row.id: row.state for row in low}
    # The keys of the browser are not asked when the whole filter is meant.
    answer = begin(client, "assign", [], all="1")
    run = run_of(session)
    assert answer.headers["Location"].endswith(f"/bulk-runs/prepare/{run.id}")
    assert (run.total_rows, run.whole_filter) == (len(low), True)
    form = client.get(f"/bulk-runs/prepare/{run.id}").get_data(as_text=True)
    assert "başvuru seçildi" in form
    assert client.post(f"/bulk-runs/prepare/{run.id}", data={}).status_code == 422
    answer = client.post(
        f"/bulk-runs/prepare/{run.id}",
        data={"lead_unit_id": unit_id(session), "note": "Aynı arıza"},
    )
    assert answer.status_code == 302
    preview = client.get(f"/bulk-runs/show/{run.id}").get_data(as_text=True)
    assert "henüz hiçbir şey değişmedi" in preview
    assert "Aynı arıza" in preview
    assert states(session, run) == {"ready": len(low) - 1, "barred": 1}
    assert {row.id: session.get(Application, row.id).state for row in low} == before
    client.post(f"/bulk-runs/confirm/{run.id}", data={"reason": ""})
    assert run_of(session).state is BulkState.PREVIEWED
    client.post(f"/bulk-runs/confirm/{run.id}", data={"reason": "Toplu su arızası"})
    assert run_of(session).state is BulkState.WAITING
    assert client.get(f"/bulk-runs/progress/{run.id}").get_json()["state"] == "running"
    work(session)
    assert states(session, run) == {"done": len(low) - 1, "barred": 1}
    result = client.get(f"/bulk-runs/show/{run.id}").get_data(as_text=True)
    assert "Tümünü geri al" in result
    assert "geri alınabilir" in result
    sheet = client.post(f"/bulk-rows/export?run={run.id}", data={"format": "xlsx"})
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheet.data))
    words = " ".join(str(c) for row in book.get_sheet_by_index(0).to_python() for c in row)
    assert low[0].number in words
    assert "Yapılamaz" in words
    client.post(f"/bulk-runs/undo/{run.id}", data={"reason": "Yanlış birim"})
    work(session)
    assert states(session, run) == {"undone": len(low) - 1, "barred": 1}
    assert {row.id: session.get(Application, row.id).state for row in low} == before
    undone = client.get(f"/bulk-runs/show/{run.id}").get_data(as_text=True)
    assert "Yapılanların tümü geri alındı." in undone
    assert "geri alınabilir" not in undone
    assert undone.count("<dt>Süzgeçler</dt>") == 1


def test_rows_that_the_list_does_not_hold_are_not_picked(
    session: Any, client_as: Any, low: list[Application]
) -> None:
    other = session.scalars(
        select(Application).where(
            Application.priority == Priority.NORMAL, Application.is_restricted.is_(False)
        )
    ).first()
    begin(client_as("sef"), "note", [low[0], other])
    run = run_of(session)
    assert list(
        session.scalars(select(BulkRow.application_id).where(BulkRow.run_id == run.id))
    ) == [low[0].id]


def test_one_row_is_taken_back_in_the_list_of_rows(
    session: Any, client_as: Any, low: list[Application]
) -> None:
    client = client_as("mudur")
    begin(client, "priority", low[:3])
    run = run_of(session)
    client.post(f"/bulk-runs/prepare/{run.id}", data={"priority": "high"})
    client.post(f"/bulk-runs/confirm/{run.id}", data={"reason": "Sağlık riski var"})
    work(session)
    row = session.scalars(select(BulkRow).where(BulkRow.run_id == run.id)).first()
    page = client.get(f"/bulk-rows/list/?run={run.id}").get_data(as_text=True)
    assert "Geri al" in page
    data = {"action": "undo", "args": f"run={run.id}", "rowid": [row.id], "reason": "Yanlışlıkla"}
    client.post("/bulk-rows/action", data=data)
    work(session)
    assert states(session, run) == {"done": 2, "undone": 1}
    assert session.get(Application, row.application_id).priority is Priority.LOW


def test_a_second_person_confirms_a_large_act(
    session: Any, client_as: Any, low: list[Application]
) -> None:
    from app.system.services import settings

    settings.set_setting(session(), key="bulk_four_eyes_rows", value=2)
    session.commit()
    chief, manager = client_as("sef"), client_as("mudur")
    begin(chief, "note", low[:3])
    run = run_of(session)
    chief.post(f"/bulk-runs/prepare/{run.id}", data={"text": "Arıza giderildi"})
    chief.post(f"/bulk-runs/confirm/{run.id}", data={"reason": "Toplu bilgilendirme"})
    assert run_of(session).state is BulkState.AWAITING
    chief.post(f"/bulk-runs/confirm/{run.id}", data={"reason": "Toplu bilgilendirme"})
    assert run_of(session).state is BulkState.AWAITING
    confirm = f'action="/bulk-runs/confirm/{run.id}"'
    assert confirm not in chief.get(f"/bulk-runs/show/{run.id}").get_data(as_text=True)
    assert confirm in manager.get(f"/bulk-runs/show/{run.id}").get_data(as_text=True)
    manager.post(f"/bulk-runs/confirm/{run.id}")
    work(session)
    assert states(session, run) == {"done": 3}
    chief_id = session.scalar(select(StaffUser.id).where(StaffUser.username == "sef"))
    assert session.get(Job, run_of(session).job_id).created_by_id == chief_id


def test_a_draft_is_discarded_and_nothing_was_done(
    session: Any, client_as: Any, low: list[Application]
) -> None:
    client = client_as("sef")
    begin(client, "close", low[:2])
    pk = run_of(session).id
    client.post(f"/bulk-runs/discard/{pk}")
    assert session.scalar(select(func.count(BulkRun.id)).where(BulkRun.id == pk)) == 0


@pytest.mark.parametrize("username", ["operator", "birim", "denetci", "baskan", "rehber"])
def test_who_may_not_do_it_gets_no_act_and_no_run(
    session: Any, client_as: Any, low: list[Application], username: str
) -> None:
    client = client_as(username)
    before = session.scalar(select(func.count(BulkRun.id)))
    page = client.get(f"/applications/list/?{LIST}").get_data(as_text=True)
    assert 'action="/bulk-runs/begin"' not in page
    assert begin(client, "assign", low[:2]).status_code == 403
    assert session.scalar(select(func.count(BulkRun.id))) == before


def test_a_unit_cannot_reach_foreign_cases_by_an_act_over_many(
    session: Any, client_as: Any, low: list[Application]
) -> None:
    """Not even with the verbs: the filter and the keys pass through its own sight."""
    from app.applications.services import bulk
    from app.applications.services.bulk.running import run_rows
    from app.core.acting import Actor, acting_as

    unit = unit_id(session)
    grants = frozenset(
        {("can_bulk", "Application"), ("can_write", "Application"), ("can_read", "Application")}
    )
    user = session.scalar(select(StaffUser.id).where(StaffUser.username == "birim"))
    liaison = Actor(
        user_id=user,
        roles=frozenset({"unit_liaison"}),
        grants=grants,
        unit_id=unit,
        unit_ids=frozenset({unit}),
    )
    foreign = low[0]
    assert not session.scalar(
        select(Assignment.id).where(
            Assignment.application_id == foreign.id, Assignment.unit_id == unit
        )
    )
    with acting_as(liaison):
        run = bulk.create_run(
            session(),
            act=bulk.ACTS
            and __import__("app.applications.rules", fromlist=["BulkAct"]).BulkAct.NOTE,
            application_ids=[foreign.id],
            actor=liaison,
        )
        bulk.prepare_run(session(), run=run, arguments={"text": "x"}, actor=liaison)
    row = session.scalars(select(BulkRow).where(BulkRow.run_id == run.id)).one()
    session.refresh(row)
    assert row.state is BulkRowState.BARRED
    row.state = BulkRowState.READY
    run.state = BulkState.WAITING
    session.commit()
    run_rows(session(), run_id=run.id, actor=liaison, keep=lambda done, total: None)
    session.refresh(row)
    assert row.state is BulkRowState.REFUSED


def test_runs_with_restricted_cases_are_hidden_from_others(session: Any, client_as: Any) -> None:
    case = session.scalars(
        select(Application).where(
            Application.is_restricted.is_(True), Application.state == State.TRIAGE
        )
    ).first()
    case = (
        case
        or session.scalars(select(Application).where(Application.is_restricted.is_(True))).first()
    )
    client = client_as("cimer")
    client.post("/bulk-runs/begin", data={"action": "note", "rowid": [case.id]})
    run = run_of(session)
    assert run.has_restricted
    assert client.get(f"/bulk-runs/prepare/{run.id}").status_code == 200
    assert client_as("sef").get(f"/bulk-runs/show/{run.id}").status_code == 404
    assert client_as("mudur").get(f"/bulk-runs/show/{run.id}").status_code == 200
