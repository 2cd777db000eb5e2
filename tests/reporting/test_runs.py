"""Runs of reports: ordered once, made by a job, kept with files and figures; failures are told."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from sqlalchemy import func, select

from app.applications.models import Application
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.documents import RenderError
from app.core.reports import drawing, find_report
from app.core.rules import RuleViolation
from app.reporting import queries, services, tasks
from app.reporting.models import ReportRun
from app.reporting.rules import RunState
from app.system.models import Attachment, Job, Notification
from app.system.rules import JobState
from app.system.services import attachments
from tests.core.pdf_text import pdf_text
from tests.support import actor_of

KEY = "application_period"
FORM = {"period": "month", "year": "2026", "number": "10"}


@pytest.fixture
def drawn_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts as empty frames: what is drawn is tested with the charts, once below for real."""
    picture = {"svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "png": ""}
    monkeypatch.setattr(drawing, "_draw", lambda specs, timeout: [picture for _spec in specs])


def order(app: Any, session: Any, account: str = "mudur", **parameters: Any) -> ReportRun:
    actor = actor_of(app, session, account)
    with acting_as(actor):
        return services.request_run(session, key=KEY, parameters=parameters or FORM, actor=actor)


def work(session: Any, run: ReportRun) -> int:
    from app.system.tasks import run_job

    session.commit()
    count = run_job(run.job_id)
    session.expire_all()
    return count


def test_a_report_is_really_drawn_printed_and_kept(app: Any, session: Any) -> None:
    run = order(app, session)
    assert work(session, run) == 1
    run = session.get(ReportRun, run.id)
    assert run.state is RunState.DONE
    assert run.as_of is not None
    pdf, xlsx = (attachments.read(file) for file in run.files)
    text = pdf_text(pdf)
    assert "Ekim 2026" in text
    assert "itibarıyla" in text
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    assert len(book.sheet_names) > 8
    received = session.scalar(
        select(func.count())
        .select_from(Application)
        .where(
            Application.received_at
            >= clock.to_local(clock.now()).replace(
                year=2026, month=10, day=1, hour=0, minute=0, second=0, microsecond=0
            ),
            Application.received_at
            < clock.to_local(clock.now()).replace(
                year=2026, month=11, day=1, hour=0, minute=0, second=0, microsecond=0
            ),
        )
    )
    assert run.figures["items"][0][1] == str(received)


def test_its_orderer_is_told_when_it_is_ready(app: Any, session: Any, drawn_quickly: None) -> None:
    run = order(app, session)
    work(session, run)
    message = session.scalars(
        select(Notification).where(
            Notification.owner_type == "ReportRun", Notification.owner_id == run.id
        )
    ).one()
    assert message.user_id == run.created_by_id
    assert message.url == f"/report-runs/show/{run.id}"
    assert run.title in message.subject


def test_the_same_order_twice_is_one_run_until_it_is_done(
    app: Any, session: Any, drawn_quickly: None
) -> None:
    first, second = order(app, session), order(app, session)
    assert first.id == second.id
    other = order(app, session, period="month", year=2026, number=9)
    assert other.id != first.id
    work(session, first)
    assert order(app, session).id != first.id


def test_a_drawing_that_never_ends_fails_the_run_with_its_reason(
    app: Any, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: Any, **kwargs: Any) -> Any:
        raise subprocess.TimeoutExpired("python", kwargs["timeout"])

    monkeypatch.setattr(drawing.subprocess, "run", never)
    run = order(app, session)
    work(session, run)
    run = session.get(ReportRun, run.id)
    assert run.state is RunState.FAILED
    assert "180" in run.error
    assert session.get(Job, run.job_id).state is JobState.FAILED
    assert run.files == []


def test_an_unexpected_fault_is_tried_again(
    app: Any, session: Any, drawn_quickly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(tasks, "report_xlsx", broken)
    run = order(app, session)
    work(session, run)
    run = session.get(ReportRun, run.id)
    assert run.state is RunState.WAITING
    assert run.error
    assert session.get(Job, run.job_id).state is JobState.WAITING


def test_a_run_whose_job_was_cancelled_has_failed(app: Any, session: Any) -> None:
    from app.system.services import jobs

    run = order(app, session)
    jobs.cancel(session, job=session.get(Job, run.job_id))
    session.expire_all()
    assert queries.state_of(session.get(ReportRun, run.id)) is RunState.FAILED


def test_a_report_counts_only_what_its_orderer_may_see(app: Any, session: Any) -> None:
    run = services.prepare_run(
        session, key=KEY, parameters={"period": "year", "year": 2026}, actor=SYSTEM
    )
    services.begin_run(session, run=run, now=clock.now())
    everything = services.main_figures(services.build_document(session, run=run, actor=SYSTEM))
    own = services.main_figures(
        services.build_document(session, run=run, actor=actor_of(app, session, "birim"))
    )
    assert 0 < int(own[0][1].replace(".", "")) < int(everything[0][1].replace(".", ""))


def test_restricted_cases_left_out_are_told(app: Any, session: Any) -> None:
    run = services.prepare_run(session, key=KEY, parameters={}, actor=SYSTEM)
    services.begin_run(session, run=run, now=clock.now())
    report = find_report(KEY)
    assert report is not None

    def method(full: bool) -> str:
        values = {**run.parameters, "as_of": run.as_of, "lang": "tr", "full": full}
        return str(report.build(session, values).sections[-1].text)

    assert method(False).startswith(method(True))
    assert len(method(False)) > len(method(True))


def test_only_the_orderer_deletes_and_the_files_go_too(
    app: Any, session: Any, drawn_quickly: None
) -> None:
    run = order(app, session)
    work(session, run)
    run = session.get(ReportRun, run.id)
    paths = [attachments.path_of(file) for file in run.files]
    assert all(path.exists() for path in paths)
    with pytest.raises(RuleViolation):
        services.remove_run(session, run=run, actor=actor_of(app, session, "sef"))
    services.remove_run(session, run=run, actor=actor_of(app, session, "mudur"))
    left = (
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.owner_type == "ReportRun", Attachment.owner_id == run.id)
    )
    assert session.scalar(left) == 0


def test_a_report_that_is_being_made_cannot_be_deleted(app: Any, session: Any) -> None:
    run = order(app, session)
    with pytest.raises(RuleViolation):
        services.remove_run(session, run=run, actor=actor_of(app, session, "mudur"))


def test_an_unknown_report_names_the_known_ones(session: Any) -> None:
    with pytest.raises(RuleViolation) as caught:
        services.request_run(session, key="nope", parameters={}, actor=SYSTEM)
    assert KEY in str(caught.value)


# --- screens --------------------------------------------------------------------------------------
def test_the_form_orders_and_the_page_waits(client_as: Any, session: Any) -> None:
    client = client_as("mudur")
    assert client.get(f"/report-runs/new/{KEY}").status_code == 200
    answer = client.post(f"/report-runs/new/{KEY}", data=FORM)
    assert answer.status_code == 302
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "data-poll=" in page.get_data(as_text=True)
    pk = int(answer.location.rsplit("/", 1)[1])
    told = client.get(f"/report-runs/progress/{pk}").get_json()
    assert told["state"] == "waiting"
    assert told["progress"] == 0


@pytest.mark.parametrize(
    "changed",
    [{"number": "13"}, {"number": ""}, {"year": "2099"}, {"period": "week"}, {"unit": "999999"}],
)
def test_a_wrong_form_keeps_what_was_typed(
    client_as: Any, session: Any, changed: dict[str, str]
) -> None:
    before = session.scalar(select(func.count()).select_from(ReportRun))
    answer = client_as("mudur").post(f"/report-runs/new/{KEY}", data={**FORM, **changed})
    assert answer.status_code == 422
    assert 'class="error"' in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(ReportRun)) == before


def test_files_are_fetched_by_those_who_may_read_reports(
    client_as: Any, app: Any, session: Any, drawn_quickly: None
) -> None:
    run = order(app, session)
    work(session, run)
    page = client_as("mudur").get(f"/report-runs/show/{run.id}").get_data(as_text=True)
    links = re.findall(r'href="(/files/\d+)"', page)
    assert len(links) == 2
    assert client_as("mudur").get(links[0]).status_code == 200
    assert client_as("operator").get(links[0]).status_code == 404


@pytest.mark.parametrize("account", ["operator", "birim", "protokol"])
def test_other_roles_order_nothing(client_as: Any, account: str) -> None:
    client = client_as(account)
    assert client.get("/report-runs/library").status_code in {302, 403}
    assert client.post(f"/report-runs/new/{KEY}", data=FORM).status_code in {302, 403}


def test_top_management_reads_and_does_not_order(client_as: Any, app: Any, session: Any) -> None:
    client = client_as("denetci")
    assert client.get("/report-runs/library").status_code == 200
    assert client.post(f"/report-runs/new/{KEY}", data=FORM).status_code in {302, 403}


def test_pages_of_the_room_open(
    client_as: Any, app: Any, session: Any, drawn_quickly: None
) -> None:
    run = order(app, session)
    work(session, run)
    client, pk = client_as("mudur"), run.id
    for url in (
        "/report-runs/library", "/report-runs/list/", "/report-runs/list/?tab=failed&report=application_period",
        "/report-runs/charts/", f"/report-runs/show/{pk}",
    ):  # fmt: skip
        assert client.get(url).status_code == 200, url
    assert client.post("/report-runs/export", data={"format": "csv"}).status_code == 200
    assert client.post(f"/report-runs/again/{pk}").status_code == 302
    assert client.post(f"/report-runs/remove/{pk}").status_code == 302
    assert client.get(f"/report-runs/show/{pk}").status_code == 404


def test_a_machine_orders_a_report(client: Any, token_of: Any, session: Any) -> None:
    headers = token_of("mudur")
    body = {"report_key": KEY, "parameters": {"period": "month", "year": 2026, "number": 9}}
    answer = client.post("/api/v1/report_run/", json=body, headers=headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert answer.get_json()["result"]["state"] == "waiting"
    wrong = client.post(
        "/api/v1/report_run/", json={**body, "parameters": {"period": "week"}}, headers=headers
    )
    assert wrong.status_code == 422
    unknown = client.post("/api/v1/report_run/", json={"report_key": "nope"}, headers=headers)
    assert unknown.status_code == 422


# --- command ---------------------------------------------------------------------------------------
def test_the_command_writes_the_file_and_keeps_the_run(
    app: Any, session: Any, drawn_quickly: None, tmp_path: Path
) -> None:
    target = tmp_path / "rapor.pdf"
    arguments = [
        "report",
        "run",
        KEY,
        "--param",
        "period=quarter",
        "--param",
        "year=2026",
        "--param",
        "number=3",
    ]
    done = app.test_cli_runner().invoke(args=[*arguments, "--output", str(target)])
    assert done.exit_code == 0, done.output
    assert target.read_bytes().startswith(b"%PDF-")
    run = session.scalars(select(ReportRun).order_by(ReportRun.id.desc()).limit(1)).one()
    assert (run.state, run.job_id, len(run.files)) == (RunState.DONE, None, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nope"],
        [KEY, "--param", "period=week"],
        [KEY, "--param", "period"],
        [KEY, "--output", "rapor.doc"],
    ],
)
def test_a_wrong_command_ends_with_two_and_says_why(
    app: Any, session: Any, arguments: list[str]
) -> None:
    done = app.test_cli_runner().invoke(args=["report", "run", *arguments])
    assert done.exit_code == 2
    assert done.output.strip()


def test_the_command_lists_reports(app: Any, session: Any) -> None:
    done = app.test_cli_runner().invoke(args=["report", "list"])
    assert done.exit_code == 0
    assert KEY in done.output


def test_a_fault_of_the_drawing_process_is_told() -> None:
    with pytest.raises(RenderError):
        drawing._draw([{"mark": 5}], timeout=60)
