"""Comparisons with the list of CİMER over HTTP: upload, differences, acts on a row, bad files, Excel."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications.models import Application, Reconciliation, ReconciliationItem
from app.applications.rules import Channel
from app.applications.rules.reconciling import ItemKind, Resolution
from app.core.acting import SYSTEM, acting_as
from app.system.models import AuditEvent
from tests.applications import imports_support as support

HEAD = ["Başvuru No", "Başvuru Tarihi", "Geliş Tarihi", "Durum", "Son Tarih", "Konu", "Ad", "Soyad"]


@pytest.fixture
def files(tmp_path: Any) -> Any:
    """Attachments go to a folder of this test."""
    from app.core import places

    before = places.data_folder(), places.files_folder()
    places.set_folders(tmp_path, tmp_path / "files")
    yield
    places.set_folders(*before)


def row(ref: str, at: str = "12.03.2026", state: str = "İşlemde", due: str = "") -> list[str]:
    return [ref, at, at, state, due, "Gürültü", "Zübeyde", "Karacaoğlan"]


def send(client: Any, data: bytes, name: str = "liste.xlsx", **form: str) -> Any:
    given = {"period_from": "2026-03-01", "period_to": "2026-03-31", **form}
    return client.post(
        "/reconciliations/new",
        data={**given, "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def compared(session: Any, client: Any, *rows: list[str]) -> Reconciliation:
    answer = send(client, support.workbook([HEAD, *rows]))
    assert answer.status_code == 302
    with acting_as(SYSTEM):
        return session.scalars(select(Reconciliation).order_by(Reconciliation.id.desc())).first()


def first_item(session: Any, made: Reconciliation, kind: ItemKind) -> ReconciliationItem:
    with acting_as(SYSTEM):
        return session.scalars(
            select(ReconciliationItem)
            .where(ReconciliationItem.reconciliation_id == made.id, ReconciliationItem.kind == kind)
            .order_by(ReconciliationItem.id)
        ).first()


def known_ref(session: Any) -> str:
    with acting_as(SYSTEM):
        stmt = select(Application.external_ref).where(Application.channel == Channel.CIMER)
        return session.scalars(stmt.order_by(Application.id)).first()


def test_a_list_is_compared_explained_and_compared_again(
    session: Any, client_as: Any, files: None
) -> None:
    client = client_as("cimer")
    assert client.get("/reconciliations/new").status_code == 200
    made = compared(session, client, row("9900000001"), row("9900000002"), row(known_ref(session)))
    assert made.missing_here == 2
    page = client.get(f"/reconciliations/show/{made.id}").get_data(as_text=True)
    assert "9900000001" in page
    # The list names people; nothing of them is kept.
    assert "Karacaoğlan" not in page
    item = first_item(session, made, ItemKind.MISSING_HERE)
    bad = client.post(f"/reconciliation-items/explain/{item.id}", data={"reason": "olmaz"})
    assert bad.status_code == 302
    session.refresh(item)
    assert item.resolution is Resolution.OPEN
    data = {"reason": "other", "note": "Kurum dışı", "next": f"/reconciliations/show/{made.id}"}
    answer = client.post(f"/reconciliation-items/explain/{item.id}", data=data)
    assert answer.headers["Location"] == f"/reconciliations/show/{made.id}"
    session.refresh(item)
    assert (item.resolution, item.note) == (Resolution.EXPLAINED, "Kurum dışı")
    assert client.post(f"/reconciliations/again/{made.id}").status_code == 302
    session.refresh(item)
    session.refresh(made)
    assert item.resolution is Resolution.EXPLAINED
    assert made.missing_here == 2
    assert client.post(f"/reconciliation-items/reopen/{item.id}").status_code == 302
    session.refresh(item)
    assert item.resolution is Resolution.OPEN


def test_a_row_is_registered_from_the_comparison(session: Any, client_as: Any, files: None) -> None:
    client = client_as("cimer")
    made = compared(session, client, row("9900000003"))
    item = first_item(session, made, ItemKind.MISSING_HERE)
    page = client.get(f"/cimer/new/?item={item.id}").get_data(as_text=True)
    assert 'value="9900000003"' in page
    assert "Gürültü" in page
    values = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    from app.applications.models import Topic

    topic = session.scalar(select(func.min(Topic.id)))
    answer = client.post(
        "/cimer/new/",
        data={
            **{k: values.get(k, "") for k in ("request_key", "external_ref", "external_on", "received_on")},
            "item": item.id, "channel": "cimer", "kind": "complaint", "topic": topic,
            "subject": "Gürültü", "who": "anonymous",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    session.refresh(item)
    assert item.resolution is Resolution.REGISTERED
    assert item.application_id is not None


def test_the_same_list_makes_no_second_comparison(
    session: Any, client_as: Any, files: None
) -> None:
    client = client_as("cimer")
    made = compared(session, client, row("9900000004"))
    assert compared(session, client, row("9900000004")).id == made.id


def test_excel_is_logged(session: Any, client_as: Any, files: None) -> None:
    client = client_as("cimer")
    made = compared(session, client, row("9900000005"))
    answer = client.post(f"/reconciliations/workbook/{made.id}")
    assert answer.status_code == 200
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert any(name.endswith("sheet1.xml") for name in names)
    note = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (note.verb, note.entity, note.record_id) == ("export", "Reconciliation", made.id)


def bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to three hundred megabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("[Content_Types].xml", "<Types/>")
        with box.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b"0" * 1024 * 1024)
    return buffer.getvalue()


BAD = {
    "empty.csv": b"",
    "broken.xlsx": b"PK\x03\x04 this is no workbook",
    "truncated.xlsx": support.truncated_xlsx(),
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"0" * 100,
    "wrong.csv": "Adı;Rengi\nElma;Kırmızı\n".encode(),
    "encoding.csv": "Başvuru No;Durum\n1;ğ\n".encode("utf-16-le")[1:],
    "note.exe": b"MZ000",
    "header_only.csv": "Başvuru No;Durum\n".encode("cp1254"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_ends_with_a_clear_sentence(
    session: Any, client_as: Any, files: None, name: str
) -> None:
    answer = send(client_as("cimer"), BAD[name], name)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'class="error"' in page or "is-bad" in page
    with acting_as(SYSTEM):
        assert (
            session.scalar(
                select(func.count(Reconciliation.id)).where(Reconciliation.file_name == name)
            )
            == 0
        )


def test_a_file_that_swells_is_stopped(session: Any, client_as: Any, files: None) -> None:
    answer = send(client_as("cimer"), bomb(), "bomba.xlsx")
    assert answer.status_code == 422
    with acting_as(SYSTEM):
        names = session.scalars(select(Reconciliation.file_name)).all()
    assert "bomba.xlsx" not in names


def test_no_file_and_wrong_days_are_told(client_as: Any, files: None) -> None:
    client = client_as("cimer")
    assert client.post("/reconciliations/new", data={}).status_code == 422
    data = support.workbook([HEAD, row("9900000006")])
    assert send(client, data, period_from="2026-04-01", period_to="2026-03-01").status_code == 422


@pytest.mark.parametrize(("username", "may"), [("denetci", True), ("operator", False)])
def test_who_only_reads_changes_nothing(
    session: Any, client_as: Any, files: None, username: str, may: bool
) -> None:
    made = compared(session, client_as("cimer"), row("9900000007"))
    item = first_item(session, made, ItemKind.MISSING_HERE)
    from flask import g

    g.pop("_login_user", None)
    client = client_as(username)
    shown = client.get(f"/reconciliations/show/{made.id}")
    assert (shown.status_code == 200) is may
    for path in (
        f"/reconciliations/again/{made.id}",
        f"/reconciliation-items/explain/{item.id}",
        f"/reconciliation-items/reopen/{item.id}",
    ):
        assert client.post(path, data={"reason": "other"}).status_code in {302, 403, 404}
    session.refresh(item)
    assert item.resolution is Resolution.OPEN
