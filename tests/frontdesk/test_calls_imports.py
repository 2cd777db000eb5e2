"""Files of a switch: the shipped mapping, files a second time, broken files, the command line."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.acting import SYSTEM
from app.core.clock import ISTANBUL
from app.core.imports import Mapping as Columns
from app.core.rules import RuleViolation
from app.frontdesk.models import Call, CallImport, CallMapping
from app.frontdesk.rules.calls import CallDirection, CallResult, CallSource
from app.frontdesk.services import calls_batches, calls_fields, calls_import
from tests.applications.imports_support import (
    checked,
    checked_bytes,
    read_workbook,
    truncated_xlsx,
    workbook,
)
from tests.frontdesk.calls_support import make_citizen, user_id

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "santral_cp1254.csv"
HEAD = (
    "Çağrı No;Başlangıç;Cevaplanma;Bitiş;Yön;Arayan;Dahili;Temsilci;Kuyruk;Bekleme (sn);Konuşma (sn);"
    "Bekletme (sn);İşlem Sonrası (sn);Sonuç;Aktarılan;Kayıt"
)


@pytest.fixture
def session(session: Any) -> Any:
    """The session itself, as services take it; the shipped mapping is there."""
    calls_fields.ensure_shipped(session())
    return session()


def sheet(*rows: str, head: str = HEAD, encoding: str = "utf-8-sig") -> bytes:
    """A file of a switch; the rows leave out queue, hold, after-call work, transfer and recording."""
    return "\n".join((head, *(whole(row) for row in rows))).encode(encoding)


def whole(row: str) -> str:
    """The same row with every column of the heading."""
    cells = row.split(";")
    if len(cells) != 11:
        return row
    return ";".join([*cells[:8], "153", *cells[8:10], "", "", cells[10], "", ""])


def run(session: Any, upload: Any, *, name: str = "santral", **more: Any) -> tuple[CallImport, Any]:
    """Bring a file in and return the import with its counts."""
    mapping = calls_fields.find_mapping(session, name)
    batch = calls_import.create_batch(session, upload=upload, mapping=mapping, actor=SYSTEM)
    calls_import.open_batch(session, batch=batch)
    counts = calls_import.run_batch(
        session, batch_id=batch.id, actor=SYSTEM, keep=lambda done, total: session.commit(), **more
    )
    session.refresh(batch)
    return batch, counts


def found(session: Any, switch_id: str) -> Call:
    """The call with this id at the switch."""
    return session.scalars(select(Call).where(Call.switch_id == switch_id)).one()


def reasons_of(batch: CallImport) -> dict[str, int]:
    """Field → how many rows were refused for it."""
    told: dict[str, int] = {}
    for one in batch.reasons:
        told[one["field"]] = told.get(one["field"], 0) + one["count"]
    return told


# --- the shipped mapping -----------------------------------------------------------------------------------
def test_the_sample_of_a_switch_is_taken_over(session: Any) -> None:
    batch, counts = run(session, checked(SAMPLE))
    assert (batch.state, batch.total_rows) == ("done", 12)
    assert (counts.created, counts.known, counts.rejected) == (8, 0, 4)
    assert (batch.created_rows, batch.known_rows, batch.rejected_rows) == (8, 0, 4)
    first = found(session, "S-20261120-0001")
    assert first.started_at == dt.datetime(2026, 11, 20, 8, 1, 12, tzinfo=ISTANBUL)
    assert (first.source, first.direction, first.result) == (
        CallSource.IMPORT,
        CallDirection.IN,
        CallResult.INFORMED,
    )
    assert (first.wait_seconds, first.talk_seconds, first.wrap_seconds) == (8, 102, 25)
    assert first.operator_id == user_id(session, "operator")
    assert first.number == "+905320001122"
    assert first.first_contact is True
    assert first.recording_ref == "kayit/2026/11/20/0001.wav"
    second = found(session, "S-20261120-0002")
    assert (second.wait_seconds, second.talk_seconds, second.wrap_seconds) == (25, 185, 40)
    third = found(session, "S-20261120-0003")
    assert (third.number, third.result, third.answered_at) == ("", CallResult.ABANDONED, None)


def test_the_same_file_a_second_time_changes_nothing(session: Any) -> None:
    _batch, first = run(session, checked(SAMPLE))
    before = session.scalar(select(func.count(Call.id)))
    batch, again = run(session, checked(SAMPLE))
    assert (again.created, again.known, again.rejected) == (0, first.created, first.rejected)
    assert session.scalar(select(func.count(Call.id))) == before
    assert calls_batches.is_known_file(session, batch) is not None


def test_what_an_operator_wrote_since_then_stays(session: Any) -> None:
    run(session, checked(SAMPLE))
    call = found(session, "S-20261120-0001")
    call.result, call.note = CallResult.NUISANCE, "Şaka"
    session.flush()
    run(session, checked(SAMPLE))
    session.refresh(call)
    assert (call.result, call.note) == (CallResult.NUISANCE, "Şaka")


def test_the_one_person_with_a_number_is_known(session: Any) -> None:
    person = make_citizen(session)
    twin = make_citizen(session)
    make_citizen(session, phone=twin.phone, first_name="Mehmet")
    rows = [
        f"P-{n};20.11.2026 09:0{n}:00;;;Gelen;{phone};;;5;60;Cevaplandı"
        for n, phone in enumerate((person.phone, twin.phone))
    ]
    run(session, checked_bytes("cdr.csv", sheet(*rows)))
    assert found(session, "P-0").citizen_id == person.id
    assert found(session, "P-1").citizen_id is None


# --- moments and lengths -----------------------------------------------------------------------------------
def test_moments_and_lengths_follow_from_each_other(session: Any) -> None:
    rows = [
        "L-1;20.11.2026 09:00:00;;;Gelen;;;;10;60;",
        "L-2;20.11.2026 09:00:00;20.11.2026 09:00:12;20.11.2026 09:01:00;Gelen;;;;;;",
        "L-3;20.11.2026 09:00:00;;20.11.2026 09:00:30;Gelen;;;;;;",
        "L-4;20.11.2026 09:00:00;;20.11.2026 09:00:30;Giden;;;;;;",
    ]
    run(session, checked_bytes("cdr.csv", sheet(*rows)))
    one, two, three, four = (found(session, f"L-{n}") for n in range(1, 5))
    assert (one.answered_at - one.started_at).total_seconds() == 10
    assert (one.ended_at - one.started_at).total_seconds() == 70
    assert (two.wait_seconds, two.talk_seconds, two.result) == (12, 48, CallResult.ANSWERED)
    assert (three.wait_seconds, three.result) == (30, CallResult.ABANDONED)
    assert four.result is CallResult.BUSY


# --- refused rows --------------------------------------------------------------------------------------------
def test_each_refused_row_says_why_and_comes_back_as_a_file(session: Any) -> None:
    future = (clock.now() + dt.timedelta(days=2)).strftime("%d.%m.%Y %H:%M:%S")
    rows = [
        "R-1;20.11.2026 09:00:00;;;Gelen;0532 000 11 22;;;5;60;Cevaplandı",
        ";20.11.2026 09:00:00;;;Gelen;;;;5;60;Cevaplandı",
        "R-3;yarın;;;Gelen;;;;5;60;Cevaplandı",
        "R-4;20.11.2026 09:00:00;;;Gelen;abc;;;5;60;Cevaplandı",
        "R-5;20.11.2026 09:00:00;;;Gelen;;;;çok;60;Cevaplandı",
        "R-6;20.11.2026 09:00:00;;;Gelen;;;;5;60;Bilinmez",
        f"R-7;{future};;;Gelen;;;;5;60;Cevaplandı",
        "R-8;20.11.2026 09:00:00;20.11.2026 08:00:00;;Gelen;;;;5;60;Cevaplandı",
        "R-1;20.11.2026 10:00:00;;;Gelen;;;;5;60;Cevaplandı",
        "R-9;20.11.2026 09:00:00;20.11.2026 09:00:05;;Gelen;;;;5;60;Kaçan",
    ]
    batch, counts = run(session, checked_bytes("cdr.csv", sheet(*rows)), chunk=3)
    assert (counts.created, counts.rejected) == (1, 9)
    assert reasons_of(batch) == {
        "switch_id": 2,
        "started_at": 2,
        "number": 1,
        "wait_seconds": 1,
        "result": 2,
        "answered_at": 1,
    }
    out = io.BytesIO()
    calls_import.write_rejects(session, batch=batch, fp=out, translate=str)
    table = read_workbook(out.getvalue())
    heading = next(n for n, row in enumerate(table) if "Çağrı No" in row)
    assert len(table[heading + 1 : -1]) == 9
    assert {"R-5", "R-9"} <= {str(cell) for row in table[heading:] for cell in row}


def test_what_stood_in_one_row_is_not_kept_with_the_reason_of_many() -> None:
    from app.applications.services.imports import group_text
    from app.core.rules import Violation
    from app.frontdesk.services.calls_rejects import Reasons
    from app.frontdesk.services.calls_rows import Prepared

    message = "“%(value)s” could not be read as a date and time; write it as %(example)s."
    params = {"value": "0532 000 11 22", "example": "2026/12/31 14:05"}
    kept = Reasons([])
    kept.add([Prepared(7, {}, (Violation("started_at", message, params),))])
    (one,) = Reasons(kept.to_document()).to_document()
    assert one["params"] == {"example": "2026/12/31 14:05"}
    text = group_text(one["message"], one["params"], str)
    assert text == "The value could not be read as a date and time; write it as 2026/12/31 14:05."


def test_a_killed_worker_is_followed_by_one_that_goes_on(session: Any) -> None:
    rows = [f"K-{n};20.11.2026 09:00:{n:02};;;Gelen;;;;5;60;Cevaplandı" for n in range(10)]
    rows[6] = rows[1]
    upload = checked_bytes("cdr.csv", sheet(*rows))
    mapping = calls_fields.find_mapping(session, "santral")
    batch = calls_import.create_batch(session, upload=upload, mapping=mapping, actor=SYSTEM)
    calls_import.open_batch(session, batch=batch)

    class KilledError(Exception):
        """The worker is gone."""

    def keep(done: int, total: int) -> None:
        session.commit()
        if done >= 4:
            raise KilledError

    with pytest.raises(KilledError):
        calls_import.run_batch(session, batch_id=batch.id, actor=SYSTEM, keep=keep, chunk=4)
    counts = calls_import.run_batch(
        session, batch_id=batch.id, actor=SYSTEM, keep=lambda *_: session.commit(), chunk=4
    )
    assert (counts.created, counts.known, counts.rejected) == (9, 0, 1)
    assert session.scalar(select(func.count(Call.id)).where(Call.import_id == batch.id)) == 9


# --- broken files ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("yarim.xlsx", truncated_xlsx()),
        ("resim.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 300),
        ("bos.csv", b""),
        ("sahte.xlsx", b"PK\x03\x04" + b"\x00" * 100),
        ("baslik.csv", HEAD.encode("utf-8")),
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing_behind(
    session: Any, name: str, data: bytes
) -> None:
    before = session.scalar(select(func.count(Call.id)))
    with pytest.raises(RuleViolation):
        run(session, checked_bytes(name, data))
    assert session.scalar(select(func.count(Call.id))) == before


def test_a_file_that_breaks_off_in_the_middle_is_refused_as_a_whole(session: Any) -> None:
    rows = [f"T-{n};20.11.2026 09:00:{n % 60:02};;;Gelen;;;;5;60;Cevaplandı" for n in range(80)]
    cut = sheet(*rows)[:-9] + b'";"kesik'
    before = session.scalar(select(func.count(Call.id)))
    try:
        _batch, counts = run(session, checked_bytes("cdr.csv", cut), chunk=20)
    except RuleViolation:
        assert session.scalar(select(func.count(Call.id))) == before
    else:
        assert counts.total == 80


@pytest.mark.parametrize("encoding", ["cp1254", "utf-8", "utf-8-sig", "utf-16"])
def test_turkish_letters_of_any_encoding_are_read(session: Any, encoding: str) -> None:
    rows = ["E-1;20.11.2026 09:00:00;;;Gelen;Gizli;;ELİF KARACA;5;60;Meşgul değil"]
    rows += [
        f"E-2{n};20.11.2026 09:00:00;;;Gelen;Gizli;;ELİF KARACA;5;60;Bilgi verildi"
        for n in range(3)
    ]
    batch, counts = run(session, checked_bytes("cdr.csv", sheet(*rows, encoding=encoding)))
    assert (counts.created, counts.rejected) == (3, 1)
    assert found(session, "E-20").operator_id == user_id(session, "operator")
    assert batch.document["headers"][0] == "Çağrı No"


def test_a_mapping_that_does_not_fit_the_headings_is_refused(session: Any) -> None:
    data = sheet("1;2", head="Başka;Başlık")
    with pytest.raises(RuleViolation):
        run(session, checked_bytes("cdr.csv", data))


def test_an_excel_file_is_read_like_a_text_file(session: Any) -> None:
    row = whole("X-1;20.11.2026 09:00:00;;;Gelen;Gizli;;;00:00:05;1:00;Cevaplandı")
    rows = [HEAD.split(";"), row.split(";")]
    _batch, counts = run(session, checked_bytes("cdr.xlsx", workbook(rows)))
    assert counts.created == 1
    assert (found(session, "X-1").wait_seconds, found(session, "X-1").talk_seconds) == (5, 60)


# --- mappings ----------------------------------------------------------------------------------------------------
def test_the_shipped_mapping_is_loaded_once_and_reads_its_sample(session: Any) -> None:
    assert calls_fields.ensure_shipped(session) == 0
    mapping = session.scalars(select(CallMapping).where(CallMapping.name == "santral")).one()
    assert mapping.is_shipped
    assert Columns.from_dict(mapping.document).to_dict()["fields"]
    with pytest.raises(RuleViolation, match="mapping"):
        calls_fields.find_mapping(session, "yok")


# --- the command ---------------------------------------------------------------------------------------------------
def test_the_command_brings_a_file_in_and_writes_what_it_refused(
    app: Any, session: Any, tmp_path: Path
) -> None:
    file = tmp_path / "santral.csv"
    file.write_bytes(
        sheet(
            "C-1;20.11.2026 09:00:00;;;Gelen;;;;5;60;Cevaplandı",
            "C-2;dün;;;Gelen;;;;5;60;Cevaplandı",
        )
    )
    result = app.test_cli_runner().invoke(
        args=["import", "calls", str(file), "--mapping", "santral"]
    )
    assert result.exit_code == 0, result.output
    assert "2 satır okundu" in result.output
    assert (tmp_path / "santral-ret.xlsx").exists()
    broken = tmp_path / "yarim.xlsx"
    broken.write_bytes(truncated_xlsx())
    result = app.test_cli_runner().invoke(
        args=["import", "calls", str(broken), "--mapping", "santral"]
    )
    assert result.exit_code == 1
    result = app.test_cli_runner().invoke(args=["import", "calls", str(file), "--mapping", "yok"])
    assert result.exit_code == 1
