"""The screens of imports over HTTP: another city's file is brought in without a line of code."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications.models import Application, ImportBatch, ImportMapping, ImportRow
from app.applications.services import imports
from app.core.acting import SYSTEM, acting_as
from app.system.models import AuditEvent, Job
from tests.applications import imports_support as support
from tests.support import ACCOUNTS


@pytest.fixture
def files(tmp_path: Any) -> Any:
    """Attachments go to a folder of this test."""
    from app.core import places

    before = places.data_folder(), places.files_folder()
    places.set_folders(tmp_path, tmp_path / "files")
    yield
    places.set_folders(*before)


@pytest.fixture
def sign_in(client_as: Any) -> Any:
    """A browser of one account; the one before is forgotten, because a test has one context for all."""
    from flask import g

    def browser(account: str) -> Any:
        g.pop("_login_user", None)
        return client_as(account)

    return browser


def upload(client: Any, path: Any, mapping: str = "") -> Any:
    return client.post(
        "/imports/new",
        data={"mapping": mapping, "file": (io.BytesIO(path.read_bytes()), path.name)},
        content_type="multipart/form-data",
    )


def fields_of(html: str) -> dict[str, str]:
    """What a browser would send back from the page of columns, untouched."""
    sent = {}
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected>', body)
        sent[name] = chosen.group(1) if chosen else ""
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and "csrf" not in tag and 'name="q"' not in tag:
            sent[name.group(1)] = value.group(1) if value else ""
    return sent


def only_batch(session: Any) -> ImportBatch:
    return session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()


def do_the_work(session: Any, batch: ImportBatch) -> None:
    """What the worker does with the job of an import."""
    from app.system.tasks import run_job

    with acting_as(SYSTEM):
        run_job(batch.job_id)
    session.expire_all()


def test_another_citys_file_through_a_mapping_made_on_the_screen(
    session: Any, sign_in: Any, files: None
) -> None:
    client = sign_in("cimer")
    answer = upload(client, support.OTHER_CITY)
    assert answer.status_code == 302
    columns_url = answer.headers["Location"]
    assert "/imports/columns/" in columns_url

    html = client.get(columns_url).get_data(as_text=True)
    form = fields_of(html)
    headers = imports.headers_of(only_batch(session))
    at = {header: index for index, header in enumerate(headers)}
    # What was guessed from names, dates and words.
    assert form[f"target-{at['SR_NUMBER']}"] == "external_ref"
    assert form[f"target-{at['CREATED_DATE']}"] == "received_at"
    assert form[f"target-{at['CLOSED_DATE']}"] == "closed_at"
    assert form[f"format-{at['CLOSED_DATE']}"] == "%m/%d/%Y %I:%M:%S %p"

    # A required field without a column is told, and nothing that was chosen is lost.
    refused = client.post(columns_url, data={**form, "go": "next", "constant-kind": ""})
    assert refused.status_code == 422
    assert 'href="#constant-kind"' in refused.get_data(as_text=True)

    form |= {
        f"target-{at['SR_NUMBER']}": "external_ref",
        f"target-{at['SR_TYPE']}": "topic",
        f"target-{at['OWNER']}": "",
        f"target-{at['STATUS']}": "status",
        f"target-{at['ORIGIN']}": "channel",
        f"target-{at['CREATED_DATE']}": "received_at",
        f"format-{at['CREATED_DATE']}": "%m/%d/%Y %I:%M:%S %p",
        f"target-{at['CLOSED_DATE']}": "closed_at",
        f"target-{at['STREET_ADDRESS']}": "street",
        f"target-{at['CITY_AREA']}": "place_note",
        f"target-{at['LAT']}": "latitude",
        f"target-{at['LON']}": "longitude",
        "constant-kind": "request",
        "constant-channel": "field",
        "source": "lake-city",
        "save_as": "Göl Kenti",
    }
    again = client.post(columns_url, data={**form, "go": "check"})
    assert again.status_code == 200
    form = fields_of(again.get_data(as_text=True)) | {"save_as": "Göl Kenti"}
    words = {form[name]: name for name in form if name.startswith("word-")}
    for word, code in {
        "Pothole in Street Complaint": "YOL-01",
        "Street Light Out Complaint": "AYD-01",
        "Rodent Baiting/Rat Complaint": "CEV-04",
        "Tree Debris Clean-Up Request": "PRK-02",
        "Phone Call": "call_center",
        "Mobile Device": "mobile",
        "Internet": "web",
        "Walk In": "desk",
        "Completed": "closed",
        "Open": "open",
    }.items():
        assert word in words, word
        form[words[word].replace("word-", "code-")] = code
    answer = client.post(columns_url, data={**form, "go": "next"})
    assert answer.status_code == 302, re.findall(
        r'class="notice is-bad".*?</ul>', answer.get_data(as_text=True), re.S
    )
    preview_url = answer.headers["Location"]

    before = session.scalar(select(func.count()).select_from(Application))
    html = client.get(preview_url).get_data(as_text=True)
    assert "13/45/2026" in html
    assert "SR26-00100200" in html
    assert session.scalar(select(func.count()).select_from(Application)) == before

    batch = only_batch(session)
    assert client.post(f"/imports/start/{batch.id}").status_code == 302
    session.expire_all()
    assert batch.state == "waiting"
    client.post(f"/imports/start/{batch.id}")
    assert (
        session.scalar(select(func.count()).select_from(Job).where(Job.kind == imports.JOB_KIND))
        == 1
    )
    waiting = client.get(f"/imports/progress/{batch.id}").get_json()
    assert waiting["state"] == "waiting"

    do_the_work(session, batch)
    assert (batch.state, batch.created_rows, batch.rejected_rows) == ("done", 25, 5)
    assert client.get(f"/imports/progress/{batch.id}").get_json()["state"] == "done"
    html = client.get(f"/imports/show/{batch.id}").get_data(as_text=True)
    assert f"/applications/list/?batch={batch.id}&amp;tab=all" in html
    listed = client.get(f"/applications/list/?batch={batch.id}&tab=all").get_data(as_text=True)
    assert "Graffiti Removal Request" in listed
    mapping = session.scalars(select(ImportMapping).where(ImportMapping.name == "Göl Kenti")).one()
    assert (mapping.source, mapping.is_shipped) == ("lake-city", False)

    # The same file with the kept mapping goes to the preview at once and makes nothing new.
    answer = upload(client, support.OTHER_CITY, str(mapping.id))
    assert "/imports/preview/" in answer.headers["Location"]
    second = only_batch(session)
    client.post(f"/imports/start/{second.id}")
    do_the_work(session, second)
    assert (second.created_rows, second.known_rows, second.rejected_rows) == (0, 25, 5)


def test_the_file_of_refused_rows_is_given_to_those_who_may_and_logged(
    session: Any, sign_in: Any, files: None
) -> None:
    batch = _ran(session, support.OTHER_CITY)
    answer = sign_in("cimer").post(f"/imports/rejects/{batch.id}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    table = support.read_workbook(answer.data)
    assert sum("SR26" in str(cell) for row in table for cell in row[:1]) == 4
    logged = session.scalars(
        select(AuditEvent).where(AuditEvent.entity == "ImportRow", AuditEvent.verb == "export")
    ).all()
    assert len(logged) == 1
    assert sign_in("sef").post(f"/imports/rejects/{batch.id}").status_code == 403


def _ran(session: Any, path: Any) -> ImportBatch:
    from tests.applications.test_imports_services.support import city_plan

    with acting_as(SYSTEM):
        batch, _ = support.run(session(), support.checked(path), city_plan())
    session.commit()
    return batch


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bos.csv", b"", "boş"),
        ("resim.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40, ""),
        ("yarim.xlsx", support.truncated_xlsx(), ""),
        ("sahte.xlsx", b"a,b\n1,2\n", ""),
    ],
)
def test_a_bad_file_is_refused_at_its_field_and_nothing_is_kept(
    session: Any, sign_in: Any, files: None, name: str, data: bytes, words: str
) -> None:
    before = session.scalar(select(func.count()).select_from(ImportBatch))
    answer = sign_in("cimer").post(
        "/imports/new",
        data={"mapping": "", "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="file-error"' in html
    assert 'href="#file"' in html
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == before


def test_no_file_at_all_is_said(session: Any, sign_in: Any) -> None:
    answer = sign_in("cimer").post(
        "/imports/new", data={"mapping": ""}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422


def test_a_mapping_that_does_not_fit_leads_to_the_columns(
    session: Any, sign_in: Any, files: None
) -> None:
    with acting_as(SYSTEM):
        imports.ensure_shipped(session)
    session.commit()
    shipped = imports.find_mapping(session, "nyc311")
    answer = upload(sign_in("cimer"), support.OTHER_CITY, str(shipped.id))
    assert "/imports/columns/" in answer.headers["Location"]


def test_a_draft_can_be_thrown_away_and_a_begun_import_not(
    session: Any, sign_in: Any, files: None
) -> None:
    client = sign_in("cimer")
    upload(client, support.OTHER_CITY)
    batch = only_batch(session)
    pk = batch.id
    assert client.post(f"/imports/discard/{pk}").status_code == 302
    session.expunge_all()
    assert session.get(ImportBatch, pk) is None
    done = _ran(session, support.OTHER_CITY)
    client.post(f"/imports/discard/{done.id}")
    session.expire_all()
    assert session.get(ImportBatch, done.id) is not None
    assert client.get(f"/imports/columns/{done.id}").status_code == 302


def test_personal_cells_are_masked_on_every_page(session: Any, sign_in: Any, files: None) -> None:
    with acting_as(SYSTEM):
        imports.ensure_shipped(session)
    session.commit()
    client = sign_in("cimer")
    cimer = imports.find_mapping(session, "cimer")
    answer = upload(client, support.CIMER, str(cimer.id))
    batch = only_batch(session)
    pages = [
        client.get(f"/imports/{page}/{batch.id}").get_data(as_text=True)
        for page in ("columns", "preview")
    ]
    client.post(f"/imports/start/{batch.id}")
    do_the_work(session, batch)
    pages.append(client.get(f"/imports/show/{batch.id}").get_data(as_text=True))
    row = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id)).first()
    pages.append(client.get(f"/import-rows/show/{row.id}").get_data(as_text=True))
    pages.append(client.get("/import-rows/list/").get_data(as_text=True))
    assert answer.status_code == 302
    for html in pages:
        for secret in ("YILDIRIM", "0532 000 18 40", "ayse.yildirim", "DERİN", "selin.kaya"):
            assert secret not in html, secret


def test_mappings_are_shown_renamed_and_deleted_but_shipped_ones_stay(
    session: Any, sign_in: Any
) -> None:
    from tests.applications.test_imports_services.support import city_plan

    with acting_as(SYSTEM):
        imports.ensure_shipped(session)
        own = imports.save_mapping(session, name="Göl Kenti", plan=city_plan())
    session.commit()
    client = sign_in("mudur")
    shipped = imports.find_mapping(session, "nyc311")
    assert "Unique Key" in client.get(f"/import-mappings/show/{shipped.id}").get_data(as_text=True)
    refused = client.post(
        f"/import-mappings/edit/{shipped.id}",
        data={"name": "x", "description": "", "_version": shipped.version},
    )
    assert refused.status_code == 422
    saved = client.post(
        f"/import-mappings/edit/{own.id}",
        data={"name": "Göl", "description": "Aylık", "_version": own.version},
    )
    assert saved.status_code == 302
    client.post(f"/import-mappings/delete/{shipped.id}")
    client.post(f"/import-mappings/delete/{own.id}")
    session.expire_all()
    names = set(session.scalars(select(ImportMapping.name)))
    assert "nyc311" in names
    assert "Göl" not in names


def test_who_may_not_import_sees_no_step_of_it(session: Any, sign_in: Any, files: None) -> None:
    # The deputy stands in for the manager these days, imports included.
    allowed = {"mudur", "cimer", "vekil"}
    for account in ACCOUNTS:
        status = sign_in(account).get("/imports/new").status_code
        assert (status == 200) == (account in allowed), account


def test_pages_need_few_statements(
    session: Any, sign_in: Any, files: None, counted: list[str]
) -> None:
    batch = _ran(session, support.OTHER_CITY)
    client = sign_in("mudur")
    client.get("/imports/list/")
    counted.clear()
    assert client.get("/imports/list/").status_code == 200
    assert len(counted) <= 6, counted
    counted.clear()
    assert client.get(f"/imports/show/{batch.id}").status_code == 200
    assert len(counted) <= 12, counted


# --- the command line --------------------------------------------------------------------------------
def test_the_command_brings_in_the_real_file_and_a_second_run_nothing(
    app: Any, session: Any, files: None, tmp_path: Any
) -> None:
    file = tmp_path / "nyc.csv"
    file.write_bytes(support.NYC.read_bytes())
    runner = app.test_cli_runner()
    first = runner.invoke(args=["import", "applications", str(file), "--mapping", "nyc311"])
    assert first.exit_code == 0, (first.output, first.exception)
    assert "924" in first.output
    second = runner.invoke(args=["import", "applications", str(file), "--mapping", "nyc311"])
    assert second.exit_code == 0
    made = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(2)).all()
    assert [(b.created_rows, b.known_rows, b.rejected_rows) for b in made] == [
        (0, 924, 0),
        (924, 0, 0),
    ]
    assert not list(tmp_path.glob("*-ret.xlsx"))


def test_the_command_refuses_a_file_with_exit_code_one(
    app: Any, session: Any, files: None, tmp_path: Any
) -> None:
    runner = app.test_cli_runner()
    (tmp_path / "bos.csv").write_bytes(b"")
    assert (
        runner.invoke(
            args=["import", "applications", str(tmp_path / "bos.csv"), "--mapping", "nyc311"]
        ).exit_code
        == 1
    )
    other = runner.invoke(
        args=["import", "applications", str(support.OTHER_CITY), "--mapping", "nyc311"]
    )
    assert other.exit_code == 1
    assert "Unique Key" in other.output
    unknown = runner.invoke(
        args=["import", "applications", str(support.OTHER_CITY), "--mapping", "yok"]
    )
    assert unknown.exit_code == 1
    assert "nyc311" in unknown.output


def test_the_command_writes_refused_rows_beside_the_file(
    app: Any, session: Any, files: None, tmp_path: Any
) -> None:
    lines = support.NYC.read_text(encoding="utf-8").splitlines(keepends=True)[:6]
    lines[2] = lines[2].replace("05/01/2022", "05/41/2022", 1)
    file = tmp_path / "az.csv"
    file.write_text("".join(lines), encoding="utf-8")
    result = app.test_cli_runner().invoke(
        args=["import", "applications", str(file), "--mapping", "nyc311"]
    )
    assert result.exit_code == 0
    assert (tmp_path / "az-ret.xlsx").exists()
