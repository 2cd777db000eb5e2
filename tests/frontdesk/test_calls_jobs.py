"""The wizard of imports, its job, the scheduled tasks and the report, as workers and screens do them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
import python_calamine
from sqlalchemy import func, select, update

from app.core import clock, places
from app.core.acting import SYSTEM, acting_as
from app.core.reports import drawing
from app.frontdesk import tasks
from app.frontdesk.models import Call, CallImport, CallMapping, KnowledgeItem
from app.frontdesk.rules.calls import CallPhase, CallResult
from app.frontdesk.services import calls_fields
from app.models import AuditEvent, ReportRun
from app.reporting import services
from app.reporting.rules import RunState
from app.system.models import Notification
from app.system.services import attachments
from app.system.services.settings import set_setting
from tests.applications.test_imports_screens import fields_of
from tests.frontdesk.calls_support import tell
from tests.frontdesk.test_calls_imports import SAMPLE
from tests.support import actor_of


@pytest.fixture
def files(tmp_path: Any) -> Iterator[None]:
    """Attachments go to a folder of this test."""
    before = places.data_folder(), places.files_folder()
    places.set_folders(tmp_path, tmp_path / "files")
    yield
    places.set_folders(*before)


def upload(client: Any, data: bytes, name: str = "santral.csv", mapping: str = "") -> Any:
    """Choose a file on the first page of the wizard."""
    return client.post(
        "/call-imports/new",
        data={"mapping": mapping, "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def do_the_work(session: Any, job_id: int) -> None:
    """What the worker does with a job."""
    from app.system.tasks import run_job

    with acting_as(SYSTEM):
        run_job(job_id)
    session.expire_all()


def newest(session: Any) -> CallImport:
    """The import that was made last."""
    return session.scalars(select(CallImport).order_by(CallImport.id.desc())).first()


# --- the wizard ----------------------------------------------------------------------------------------------
def test_a_file_goes_through_the_wizard_with_a_mapping_of_its_own(
    session: Any, client_as: Any, files: None
) -> None:
    client = client_as("sef")
    answer = upload(client, SAMPLE.read_bytes())
    assert answer.status_code == 302
    columns_url = answer.headers["Location"]
    assert "/call-imports/columns/" in columns_url
    page = client.get(columns_url).get_data(as_text=True)
    form = fields_of(page)
    assert form["column-switch_id"] == "Çağrı No"
    assert form["column-started_at"] == "Başlangıç"
    assert form["column-number"] == "Arayan"
    assert form["column-wait_seconds"] == "Bekleme (sn)"
    assert form["column-result"] == "Sonuç"
    assert "abandoned" in form.values()
    # A required field without a column is told, and what was chosen is not lost.
    wrong = client.post(columns_url, data={**form, "column-switch_id": ""})
    assert wrong.status_code == 422
    assert fields_of(wrong.get_data(as_text=True))["column-number"] == "Arayan"
    done = client.post(columns_url, data={**form, "save_as": "Bizim santral"})
    assert done.status_code == 302, done.get_data(as_text=True)[:3000]
    assert "/call-imports/preview/" in done.headers["Location"]
    preview = client.get(done.headers["Location"]).get_data(as_text=True)
    assert "S-20261120-0001" in preview
    assert "0532 000 11 22" not in preview
    before = session.scalar(select(func.count(Call.id)))
    batch = newest(session)
    assert (batch.state, batch.created_rows) == ("draft", 0)
    client.post(f"/call-imports/start/{batch.id}")
    session.expire_all()
    do_the_work(session, newest(session).job_id)
    batch = newest(session)
    assert (batch.state, batch.created_rows + batch.known_rows + batch.rejected_rows) == (
        "done",
        12,
    )
    assert session.scalar(select(func.count(Call.id))) == before + batch.created_rows
    told = session.scalars(
        select(Notification).where(
            Notification.owner_type == "CallImport", Notification.owner_id == batch.id
        )
    ).all()
    assert len(told) == 1
    shown = client.get(f"/call-imports/show/{batch.id}").get_data(as_text=True)
    assert "Santral kimliği" in shown
    rejects = client.post(f"/call-imports/rejects/{batch.id}")
    assert rejects.status_code == 200
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(rejects.data))
    cells = {str(c) for row in book.get_sheet_by_index(0).to_python() for c in row}
    assert "Ret gerekçesi" in cells
    noted = session.scalars(
        select(AuditEvent.verb).where(
            AuditEvent.entity == "CallImport", AuditEvent.record_id == batch.id
        )
    ).all()
    assert "export" in noted
    # The next file of this kind goes straight to the preview.
    kept = session.scalars(select(CallMapping).where(CallMapping.name == "Bizim santral")).one()
    again = upload(client, SAMPLE.read_bytes(), mapping=str(kept.id))
    assert "/call-imports/preview/" in again.headers["Location"]


def test_a_broken_file_is_refused_on_the_first_page(
    session: Any, client_as: Any, files: None
) -> None:
    client = client_as("sef")
    for name, data in (("a.csv", b""), ("a.xlsx", b"PK\x03\x04" + b"\x00" * 50), ("a.exe", b"MZ")):
        answer = upload(client, data, name)
        assert answer.status_code == 422, name
        assert 'role="alert"' in answer.get_data(as_text=True)
    assert client.post("/call-imports/new", data={}).status_code == 422
    assert newest(session) is None or newest(session).file_name != "a.exe"


def test_a_draft_is_thrown_away_and_only_the_chief_brings_files_in(
    session: Any, client_as: Any, files: None
) -> None:
    mapping = session.scalars(select(CallMapping).where(CallMapping.name == "santral")).first()
    if mapping is None:
        calls_fields.ensure_shipped(session())
        session.commit()
        mapping = session.scalars(select(CallMapping).where(CallMapping.name == "santral")).one()
    client = client_as("sef")
    upload(client, SAMPLE.read_bytes(), mapping=str(mapping.id))
    pk = newest(session).id
    assert client.post(f"/call-imports/discard/{pk}").status_code == 302
    session.expire_all()
    assert session.scalar(select(CallImport.id).where(CallImport.id == pk)) is None
    count = session.scalar(select(func.count(CallImport.id)))
    for name in ("operator", "denetci", "masa"):
        assert upload(client_as(name), SAMPLE.read_bytes()).status_code in {302, 403}
    assert session.scalar(select(func.count(CallImport.id))) == count


# --- scheduled tasks -------------------------------------------------------------------------------------------
def test_every_task_does_its_part_and_twice_does_no_harm(session: Any) -> None:
    call = tell(session(), ("ringing", 20))
    session.execute(
        update(Call)
        .where(Call.id == call.id)
        .values(
            started_at=clock.now() - dt.timedelta(hours=30),
            changed_at=clock.now() - dt.timedelta(hours=30),
        )
    )
    set_setting(session(), key="call_recording_days", value="30")
    session.execute(
        update(KnowledgeItem).values(
            review_on=clock.today() + dt.timedelta(days=400), valid_until=None
        )
    )
    item = session.scalars(select(KnowledgeItem).limit(1)).one()
    item.review_on = clock.today() + dt.timedelta(days=2)
    session.commit()
    with acting_as(SYSTEM):
        assert tasks.close_stale_calls() == {"closed": 1}
        assert tasks.close_stale_calls() == {"closed": 0}
        assert tasks.cut_recordings()["cut"] > 0
        assert tasks.cut_recordings() == {"cut": 0}
        assert tasks.remind_knowledge() == {"told": 1}
        assert tasks.remind_knowledge() == {"told": 0}
    session.expire_all()
    assert session.get(Call, call.id).phase is CallPhase.CLOSED
    assert session.get(Call, call.id).result is CallResult.ABANDONED
    old = clock.now() - dt.timedelta(days=30)
    assert not session.scalar(
        select(func.count(Call.id)).where(Call.recording_ref != "", Call.started_at < old)
    )


def test_settings_of_the_call_centre_are_read_in_their_form(session: Any) -> None:
    from app.core.rules import RuleViolation

    set_setting(session(), key="shift_day", value="07:30–15:30")
    for key, wrong in (
        ("shift_day", "08–16"),
        ("call_goal_percent", "101"),
        ("call_answer_seconds", "0"),
    ):
        with pytest.raises(RuleViolation):
            set_setting(session(), key=key, value=wrong)


# --- the report ------------------------------------------------------------------------------------------------
def test_the_report_of_a_month_is_made_as_pdf_and_excel(
    app: Any, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = {"svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "png": ""}
    monkeypatch.setattr(drawing, "_draw", lambda specs, timeout: [picture for _spec in specs])
    actor = actor_of(app, session, "sef")
    month = {"period": "month", "year": "2026", "number": "10"}
    with acting_as(actor):
        run = services.request_run(session, key="call_period", parameters=month, actor=actor)
    session.commit()
    do_the_work(session, run.job_id)
    run = session.get(ReportRun, run.id)
    assert run.state is RunState.DONE, run.error
    assert len(run.files) == 2
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(next(attachments.read(f) for f in run.files if f.name.endswith("xlsx")))
    )
    cells = [
        str(c)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for c in row
    ]
    assert "Gereken operatör" in cells
    assert any("Ekim 2026" in cell for cell in cells)
    with acting_as(actor):
        empty = services.request_run(
            session, key="call_period", parameters={**month, "year": "2019"}, actor=actor
        )
    session.commit()
    do_the_work(session, empty.job_id)
    assert session.get(ReportRun, empty.id).state is RunState.DONE
