"""Attachments: whole or not at all, random names, fetched only through a record one may see."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from app.core import places
from app.core.rules import RuleViolation
from app.core.uploads import CheckedUpload, Verdict, check_upload
from app.system.models import Attachment, AuditEvent
from app.system.rules import AuditVerb, ScanState
from app.system.services import attachments
from tests.system.house import house

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(data: bytes = b"Merhaba", verdict: Verdict = Verdict.CLEAN) -> CheckedUpload:
    import hashlib

    return CheckedUpload(
        "dilekçe.txt",
        "txt",
        "text/plain",
        len(data),
        hashlib.sha256(data).hexdigest(),
        data,
        verdict,
    )


def kept() -> list[Path]:
    return [p for p in places.files_folder().rglob("*") if p.is_file()]


@pytest.fixture
def sessions(tmp_path: Path) -> Any:
    with house("sqlite", tmp_path) as made:
        yield made


def test_a_file_is_kept_under_a_random_name_and_reads_back(sessions: Any) -> None:
    with sessions.begin() as session:
        row = attachments.store(
            session, owner_type="Application", owner_id=1, upload=upload(), kind="petition"
        )
    (path,) = kept()
    assert path == attachments.path_of(row)
    assert "dilek" not in str(path)
    assert len(path.name) == 40
    assert path.parent.name == path.name[2:4]
    assert path.stat().st_mode & 0o077 == 0
    assert attachments.read(row) == b"Merhaba"
    assert (row.name, row.size, row.scan, row.kind) == (
        "dilekçe.txt",
        7,
        ScanState.CLEAN,
        "petition",
    )


def test_a_rollback_takes_the_file_away_again(sessions: Any) -> None:
    with sessions() as session:
        attachments.store(session, owner_type="Application", owner_id=1, upload=upload())
        assert len(kept()) == 1
        session.rollback()
        assert kept() == []
        attachments.store(session, owner_type="Application", owner_id=1, upload=upload())
        session.commit()
        session.rollback()
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("code", "word"),
    [(errno.ENOSPC, "disk is full"), (errno.EDQUOT, "disk is full"), (errno.EIO, "just now")],
)
def test_a_full_disk_is_told_and_leaves_nothing(
    sessions: Any, monkeypatch: pytest.MonkeyPatch, code: int, word: str
) -> None:
    def fail(_fd: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(attachments.os, "fsync", fail)
    with sessions() as session, pytest.raises(RuleViolation, match=word):
        attachments.store(session, owner_type="Application", owner_id=1, upload=upload())
    assert kept() == []


def test_a_changed_missing_or_strange_file_is_not_handed_out(sessions: Any) -> None:
    with sessions.begin() as session:
        row = attachments.store(session, owner_type="Application", owner_id=1, upload=upload())
    path = attachments.path_of(row)
    path.write_bytes(b"something else")
    with pytest.raises(attachments.DamagedFileError, match="changed"):
        attachments.read(row)
    path.unlink()
    with pytest.raises(attachments.DamagedFileError, match="missing"):
        attachments.read(row)
    row.stored_name = "../../etc/passwd"
    with pytest.raises(attachments.DamagedFileError, match="outside"):
        attachments.path_of(row)


def test_a_file_that_nobody_scanned_is_marked(sessions: Any) -> None:
    with sessions.begin() as session:
        row = attachments.store(
            session,
            owner_type="Application",
            owner_id=1,
            upload=upload(verdict=Verdict.UNAVAILABLE),
        )
    assert row.scan is ScanState.UNSCANNED


# --- over HTTP ----------------------------------------------------------------------------------------------
def case_with_file(session: Any, **values: Any) -> tuple[Any, Attachment]:
    from app.applications.models import Application

    case = session.scalars(
        select(Application).where(Application.is_restricted.is_(False)).order_by(Application.id)
    ).first()
    row = attachments.store(
        session(),
        owner_type="Application",
        owner_id=case.id,
        upload=check_upload("dilekçe.pdf", PDF),
    )
    for name, value in values.items():
        setattr(row, name, value)
    session.commit()
    return case, row


def test_a_download_is_an_attachment_that_no_browser_opens_and_is_logged(
    client_as: Any, session: Any
) -> None:
    case, row = case_with_file(session)
    answer = client_as("sef").get(f"/files/{row.id}")
    assert answer.status_code == 200
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    answer.close()
    logged = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.verb == AuditVerb.DOWNLOAD)
        .order_by(AuditEvent.id.desc())
    ).first()
    assert (logged.entity, logged.record_id, logged.summary) == (
        "Application",
        case.id,
        f"#{row.id}",
    )


def test_a_file_of_a_record_out_of_scope_does_not_exist(client_as: Any, session: Any) -> None:
    case, row = case_with_file(session)
    case.is_restricted = True
    session.commit()
    client = client_as("operator")
    assert client.get(f"/files/{row.id}").status_code == 404
    assert client.get(f"/files/show/{row.id}").status_code == 404
    answer = client.post(
        f"/files/add/Application/{case.id}", data={"file": (io.BytesIO(PDF), "a.pdf")}
    )
    assert answer.status_code == 404


def test_a_role_that_may_not_read_the_record_finds_nothing(client_as: Any, session: Any) -> None:
    _case, row = case_with_file(session)
    assert client_as("tasinir").get(f"/files/{row.id}").status_code == 404


def test_nobody_fetches_without_signing_in(client: Any, session: Any) -> None:
    _case, row = case_with_file(session)
    assert client.get(f"/files/{row.id}").status_code in {302, 401}


@pytest.mark.parametrize("state", [ScanState.INFECTED, ScanState.UNSCANNED])
def test_a_file_that_is_not_clean_is_not_handed_out(
    client_as: Any, session: Any, state: ScanState
) -> None:
    _case, row = case_with_file(session, scan=state)
    assert client_as("sef").get(f"/files/{row.id}").status_code == 403


@pytest.mark.parametrize("pk", ["0", "2147483648", "99999999999999999999"])
def test_a_number_that_cannot_be_is_404(client_as: Any, pk: str) -> None:
    assert client_as("sef").get(f"/files/{pk}").status_code == 404


def photo_with_place() -> bytes:
    picture, data = Image.new("RGB", (40, 30), "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera 4711"
    exif[0x8825] = {1: "N", 2: (40.0, 58.0, 0.0)}
    picture.save(data, "JPEG", exif=exif)
    return data.getvalue()


def test_a_photo_loses_place_and_camera(client_as: Any, session: Any) -> None:
    case, _row = case_with_file(session)
    photo = photo_with_place()
    assert b"Kamera 4711" in photo
    answer = client_as("sef").post(
        f"/files/add/Application/{case.id}", data={"file": (io.BytesIO(photo), "çukur.jpg")}
    )
    assert answer.status_code == 302
    row = session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
    assert row.name == "çukur.jpg"
    data = attachments.read(row)
    assert b"Kamera" not in data
    assert not Image.open(io.BytesIO(data)).getexif()


@pytest.mark.parametrize(
    "name", ["virus.exe", "page.html", "picture.svg", "dilekçe.pdf.exe", "dilekçe.pdf"]
)
def test_a_file_that_is_refused_is_not_kept(client_as: Any, session: Any, name: str) -> None:
    case, _row = case_with_file(session)
    before = len(kept())
    client = client_as("sef")
    answer = client.post(
        f"/files/add/Application/{case.id}",
        data={"file": (io.BytesIO(b"MZ\x90\x00<script>"), name)},
    )
    assert answer.status_code == 302
    assert len(kept()) == before
    with client.session_transaction() as cookie:
        assert cookie["_flashes"]


def test_an_unknown_owner_is_404(client_as: Any) -> None:
    client = client_as("sef")
    for owner in ("Parameter", "StaffUser", "NoSuchThing"):
        answer = client.post(f"/files/add/{owner}/1", data={"file": (io.BytesIO(PDF), "a.pdf")})
        assert answer.status_code == 404
