"""Files of CİMER a second time: what is new, what is known, what was sent again, and who stays hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.applications import services
from app.applications.models import Application, CimerExchange, ImportRow
from app.applications.queries.cimer import list_batch_exchanges
from app.applications.rules import Channel, ExchangeKind, InadmissibleReason, State
from app.applications.services import imports
from app.core.clock import ISTANBUL
from app.people.models import Citizen
from app.system.models import Attachment
from tests.applications import imports_support as support

HEAD = "Başvuru No;Başvuru Tarihi;Geliş Tarihi;Ad;Soyad;Telefon;E-posta;Başvuru Türü;Konu;İl;İlçe;Mahalle;Adres;Metin;Kimlik Gizli"
ROW = "{no};{at};{here};{name};{last};{phone};;{kind};{subject};TEKİRDAĞ;;;;{body};{hidden}"
NOW = dt.datetime(2026, 11, 28, 12, tzinfo=ISTANBUL)


def row(no: str, **more: str) -> str:
    base = {
        "at": "18.11.2026 21:40", "here": "19.11.2026 09:05", "name": "AYŞE", "last": "YILDIRIM",
        "phone": "0532 000 18 40", "kind": "Şikâyet", "subject": "Gürültü", "body": "Gece gürültü var.",
        "hidden": "Hayır",
    }  # fmt: skip
    return ROW.format(no=no, **{**base, **more})


def sheet(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode("utf-8-sig")


def with_state(rows: list[tuple[str, str, str]]) -> bytes:
    """Rows with their state and the day they were sent again."""
    head = f"{HEAD};Durum;Tekrar Gönderim Tarihi"
    return sheet(*(f"{line};{state};{again}" for line, state, again in rows), head=head)


@pytest.fixture
def house(db: Any, tmp_path: Any) -> Any:
    from app.core import places
    from app.data import seed

    places.set_folders(tmp_path, tmp_path / "files")
    seed.load_reference(db)
    imports.ensure_shipped(db)
    db.commit()
    return db


def bring(house: Any, data: bytes, name: str = "cimer.csv", **more: Any) -> Any:
    mapping = imports.find_mapping(house, "cimer")
    return support.run(house, support.checked_bytes(name, data), mapping, now=NOW, **more)


def case_of(house: Any, ref: str) -> Application:
    return house.scalars(select(Application).where(Application.external_ref == ref)).one()


def kinds(house: Any, case: Application) -> list[ExchangeKind]:
    stmt = select(CimerExchange.kind).where(CimerExchange.application_id == case.id)
    return list(house.scalars(stmt.order_by(CimerExchange.id)))


def test_both_dates_come_with_the_file_and_the_first_line_is_written(house: Any) -> None:
    batch, counts = bring(house, sheet(row("1")))
    case = case_of(house, "1")
    assert counts.created == 1
    assert batch.is_restricted
    assert case.is_restricted
    assert case.external_received_at == dt.datetime(2026, 11, 18, 21, 40, tzinfo=ISTANBUL)
    assert case.received_on == dt.date(2026, 11, 19)
    assert case.due_on == dt.date(2026, 12, 18)
    assert kinds(house, case) == [ExchangeKind.RECEIVED]


def test_the_same_file_twice_brings_nothing_the_second_time(house: Any) -> None:
    data = with_state([(row("1"), "İşlemde", ""), (row("2"), "Yeni", "")])
    bring(house, data)
    before = {ref: case_of(house, ref).version for ref in ("1", "2")}
    batch, counts = bring(house, data)
    assert (counts.created, counts.known, counts.changed, counts.resent) == (0, 2, 0, 0)
    assert (batch.changed_rows, batch.resent_rows) == (0, 0)
    assert {ref: case_of(house, ref).version for ref in ("1", "2")} == before


def test_a_file_without_the_new_columns_is_read_as_before(house: Any) -> None:
    mapping = imports.find_mapping(house, "cimer")
    assert imports.fits(imports.plan_of(mapping), HEAD.split(";"))
    _, counts = bring(house, sheet(row("1")))
    assert counts.created == 1
    assert case_of(house, "1").external_state == ""


def test_known_rows_say_what_has_changed(house: Any) -> None:
    bring(
        house, with_state([(row("1"), "Yeni", ""), (row("2"), "Yeni", ""), (row("3"), "Yeni", "")])
    )
    longer = row("2", body="Gece gürültü var. Dün gece yine vardı.")
    data = with_state(
        [(row("1"), "Birimde", ""), (longer, "Yeni", ""), (row("3"), "Yeni", "25.11.2026"), (row("4"), "Yeni", "")]
    )  # fmt: skip
    batch, counts = bring(house, data)
    assert (counts.created, counts.known, counts.changed, counts.resent) == (1, 3, 2, 1)
    one, two, three = (case_of(house, ref) for ref in "123")
    assert one.external_state == "Birimde"
    assert kinds(house, two)[-1] is ExchangeKind.ADDITIONAL_TEXT
    assert three.resend_count == 1
    told = list_batch_exchanges(
        house, batch.id,
        (ExchangeKind.RESENT, ExchangeKind.ADDITIONAL_TEXT, ExchangeKind.STATE_CHANGED),
    )  # fmt: skip
    assert {line.application.external_ref for line in told} == {"1", "2", "3"}
    _, again = bring(house, data)
    assert (again.changed, again.resent) == (0, 0)


def test_a_later_date_at_cimer_is_a_resend_that_reopens_what_has_ended(house: Any) -> None:
    from app.core.acting import SYSTEM

    bring(house, sheet(row("1")))
    case = case_of(house, "1")
    services.declare_inadmissible(
        house, application=case, inadmissible_reason=InadmissibleReason.JUDICIAL_MATTER, actor=SYSTEM,
        now=NOW,
    )  # fmt: skip
    house.commit()
    _, counts = bring(house, sheet(row("1", at="27.11.2026 10:00")))
    assert counts.resent == 1
    house.refresh(case)
    assert case.cycle == 2
    assert case.state is State.REOPENED
    assert case.due_on == dt.date(2026, 12, 28)  # Thirty days from 27 November fall on a Sunday.
    assert case.external_received_at.date() == dt.date(2026, 11, 18)


def test_a_date_that_was_missing_is_filled_and_the_period_counted_anew(house: Any) -> None:
    from app.core.acting import SYSTEM

    case = services.register_application(
        house,
        values={
            "channel": Channel.CIMER, "kind": "complaint", "subject": "x", "is_anonymous": True,
            "external_ref": "1", "received_at": dt.datetime(2026, 11, 24, 9, tzinfo=ISTANBUL),
        },
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    assert case.due_on == dt.date(2026, 12, 24)
    house.commit()
    bring(house, sheet(row("1")))
    house.refresh(case)
    assert case.due_on == dt.date(2026, 12, 18)


# --- hidden -------------------------------------------------------------------------------------------------
def test_what_cimer_should_not_have_sent_is_kept_nowhere(house: Any, tmp_path: Any) -> None:
    hidden = row(
        "1", kind="İhbar", hidden="Evet", name="GİZLİ", last="KİŞİ", phone="0532 000 99 99"
    )
    refused = row("2", kind="Bilinmez", hidden="Evet", name="SAKLI", last="KİMSE")
    batch, counts = bring(house, sheet(hidden, refused))
    assert (counts.created, counts.rejected) == (1, 1)
    case = case_of(house, "1")
    assert (case.identity_hidden, case.citizen_id, case.contact_phone) == (True, None, "")
    assert house.scalars(select(Citizen)).all() == []
    kept = house.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id)).one()
    assert "SAKLI" not in str(kept.values)
    assert kept.values["Ad"] is None
    assert house.scalars(select(Attachment)).all() == []
    house.commit()
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    house.refresh(batch)
    assert batch.document["file_forgotten"] is True


def test_a_file_without_hidden_names_is_kept(house: Any) -> None:
    bring(house, sheet(row("1"), row("2", kind="İhbar", hidden="Evet", name="", last="", phone="")))
    assert len(house.scalars(select(Attachment)).all()) == 1


def test_more_text_of_a_hidden_applicant_comes_masked(house: Any) -> None:
    plain = row("1", kind="İhbar", hidden="Evet", name="", last="", phone="", body="Kaçak kat.")
    bring(house, sheet(plain))
    more = plain.replace("Kaçak kat.", "Kaçak kat. Ben Ayşe Yılmaz, 0532 123 45 67.")
    _, counts = bring(house, sheet(more))
    assert counts.changed == 1
    line = house.scalars(select(CimerExchange).order_by(CimerExchange.id.desc())).first()
    assert line.kind is ExchangeKind.ADDITIONAL_TEXT
    assert "Yılmaz" not in line.text
    assert "0532" not in line.text


# --- bad files -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["cimer.xlsx", "cimer.csv", "cimer.ods"])
def test_a_broken_file_ends_with_a_sentence_and_nothing_is_kept(house: Any, name: str) -> None:
    from app.core.rules import RuleViolation

    data = {
        "cimer.xlsx": support.truncated_xlsx(),
        "cimer.csv": b"\x81\x8d\x8f\x90 \xff\xfe;a;b\n" * 20,
        "cimer.ods": b"PK\x03\x04 no archive",
    }[name]
    with pytest.raises(RuleViolation) as refused:
        bring(house, data, name)
    assert refused.value.violations[0].field == "file"
    assert house.scalars(select(Application)).all() == []
