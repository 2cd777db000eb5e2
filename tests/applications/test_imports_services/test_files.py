"""Real files and mappings."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.applications import rules, services
from app.applications.models import (
    Application,
    ApplicationEvent,
    ImportRow,
    Topic,
)
from app.applications.services import imports
from app.core.clock import ISTANBUL
from app.people.models import Citizen
from app.system.models import AuditEvent, Notification
from tests.applications import imports_support as support
from tests.applications.test_imports_services.support import city_plan, named, of_batch, plan_for


# --- the real file -----------------------------------------------------------------------------------
def test_all_rows_of_the_real_file_are_taken_over_and_a_second_run_takes_none(house: Any) -> None:
    batch, counts = support.run(house, support.checked(support.NYC), named(house, "nyc311"))

    assert (counts.created, counts.known, counts.rejected) == (924, 0, 0)
    assert (batch.state, batch.total_rows, batch.created_rows) == ("done", 924, 924)
    rows = of_batch(house, batch)
    assert len({row.number for row in rows}) == len({row.external_ref for row in rows}) == 924
    assert [row.number for row in rows] == [f"2022-{n:07d}" for n in range(1, 925)]
    assert Counter(row.channel.value for row in rows) == {
        "web": 501,
        "mobile": 280,
        "call_center": 139,
        "field": 4,
    }
    assert Counter(row.state.value for row in rows) == {"closed": 480, "registered": 444}

    again, second = support.run(house, support.checked(support.NYC), named(house, "nyc311"))
    assert (second.created, second.known, second.rejected) == (0, 924, 0)
    assert of_batch(house, again) == []


def test_wrong_rows_of_the_real_file_are_refused_by_name_and_counted(house: Any) -> None:
    lines = support.NYC.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[10] = lines[10].replace("05/01/2022", "05/41/2022", 1)
    lines[20] = lines[19]
    lines[30] = "," + lines[30].split(",", 1)[1]
    upload = support.checked_bytes("nyc.csv", "".join(lines).encode())

    batch, counts = support.run(house, upload, named(house, "nyc311"))

    assert (counts.created, counts.known, counts.rejected) == (921, 0, 3)
    assert counts.total == batch.total_rows == 924
    refused = list(
        house.scalars(
            select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)
        )
    )
    assert [(row.row_no, [r["field"] for r in row.reasons]) for row in refused] == [
        (11, ["received_at"]),
        (21, ["external_ref"]),
        (31, ["external_ref"]),
    ]


def test_topics_states_and_places_of_the_real_file(house: Any) -> None:
    batch, _ = support.run(house, support.checked(support.NYC), named(house, "nyc311"))
    rows = {row.external_ref: row for row in of_batch(house, batch)}
    topics = dict(house.execute(select(Topic.id, Topic.code)).all())

    by_topic = Counter(topics.get(row.topic_id) for row in rows.values())
    assert by_topic["CEV-06"] == 729
    assert by_topic["TRF-03"] == 140
    assert by_topic["PRK-02"] == 0
    closed = rows["54046813"]
    assert closed.state is rules.State.CLOSED
    assert (
        closed.answered_at == closed.closed_at == dt.datetime(2022, 5, 1, 0, 7, 46, tzinfo=ISTANBUL)
    )
    assert closed.on_time is True
    assert closed.closing_note.startswith("The Police Department responded")
    assert closed.due_on == dt.date(2022, 5, 31)
    assert closed.subject == "Noise - Street/Sidewalk: Loud Music/Party"
    assert closed.place_note == "NEW YORK, MANHATTAN"
    assert closed.street == "364 WEST  127 STREET".replace("  ", " ")
    assert closed.latitude == pytest.approx(40.81237834836466)
    unknown = next(row for row in rows.values() if row.subject.startswith("Illegal Fireworks"))
    step = house.scalars(
        select(ApplicationEvent).where(ApplicationEvent.application_id == unknown.id)
    ).one()
    assert unknown.topic_id is None
    assert step.action == "import"
    assert step.details["topic_at_source"] == "Illegal Fireworks"


def test_nobody_is_written_to_for_imported_rows(house: Any, office: Any) -> None:
    support.run(house, support.checked(support.CIMER), named(house, "cimer"))
    assert house.scalar(select(func.count()).select_from(Notification)) == 0


def test_a_plan_that_says_so_tells_the_applicants(house: Any) -> None:
    from dataclasses import replace

    plan = replace(imports.plan_of(named(house, "cimer")), notify=True)
    _, counts = support.run(house, support.checked(support.CIMER), plan)
    told = list(house.scalars(select(Notification)))
    assert counts.created == 5
    assert sorted(note.channel.value for note in told) == ["email", "sms", "sms", "sms"]


# --- the same as registration --------------------------------------------------------------------------
def test_an_imported_row_is_what_registration_would_have_stored(house: Any, office: Any) -> None:
    head = "no,tarih,tur,kanal,konu,baslik,metin,ad,soyad,tel,ilce,mahalle,sokak"
    line = "A-1,16.03.2026 10:00,request,call_center,SU-02,Patlak boru,Su akıyor,Ayşe,Kaya,0532 000 44 55,Çorlu,Reşadiye,Omurtak Cad."
    plan = plan_for(
        external_ref="no", received_at="tarih", kind="tur", channel="kanal", topic="konu", subject="baslik",
        body="metin", first_name="ad", last_name="soyad", phone="tel", district="ilce", neighbourhood="mahalle",
        street="sokak",
    )  # fmt: skip
    upload = support.checked_bytes("bir.csv", f"{head}\n{line}\n".encode())
    batch, counts = support.run(house, upload, plan)
    assert counts.created == 1
    imported = of_batch(house, batch)[0]
    registered = services.register_application(
        house,
        values={
            "external_ref": "A-2", "external_source": "deneme", "channel": "call_center", "kind": "request",
            "topic_id": imported.topic_id, "subject": "Patlak boru", "body": "Su akıyor",
            "citizen": {"first_name": "Ayşe", "last_name": "Kaya", "phone": "0532 000 44 55"},
            "district_id": imported.district_id, "neighbourhood_id": imported.neighbourhood_id,
            "street": "Omurtak Cad.", "received_at": dt.datetime(2026, 3, 16, 10, tzinfo=ISTANBUL),
            "wants_notice": "none",
        },
        actor=imports.batches.SYSTEM,
    )  # fmt: skip
    differing = {
        "id",
        "number",
        "tracking_code",
        "external_ref",
        "created_at",
        "changed_at",
        "search_text",
        "import_batch_id",
    }
    for column in Application.__table__.columns:
        if column.key not in differing:
            assert getattr(imported, column.key) == getattr(registered, column.key), column.key
    house.refresh(imported)
    assert "patlak boru" in imported.search_text
    assert "a 1" in imported.search_text
    assert int(registered.number[5:]) == int(imported.number[5:]) + 1


def test_the_person_is_found_again_and_not_made_twice(house: Any, office: Any) -> None:
    head = "no,tarih,tur,kanal,baslik,ad,tel\n"
    rows = "".join(
        f"{n},16.03.2026 10:00,request,web,Konu {n},Işık Yılmaz,0532 000 01 01\n" for n in range(3)
    )
    plan = plan_for(
        external_ref="no",
        received_at="tarih",
        kind="tur",
        channel="kanal",
        subject="baslik",
        applicant="ad",
        phone="tel",
    )
    before = house.scalar(select(func.count()).select_from(Citizen))
    batch, _ = support.run(house, support.checked_bytes("a.csv", (head + rows).encode()), plan)
    assert {row.citizen_id for row in of_batch(house, batch)} == {office.citizen.id}
    assert house.scalar(select(func.count()).select_from(Citizen)) == before


def test_every_imported_application_is_audited(house: Any) -> None:
    from app.system.services import audit

    audit.install(house)
    batch, _ = support.run(house, support.checked(support.CIMER), named(house, "cimer"))
    ids = {row.id for row in of_batch(house, batch)}
    audited = set(
        house.scalars(select(AuditEvent.record_id).where(AuditEvent.entity == "Application"))
    )
    assert ids
    assert ids <= audited


# --- CİMER ---------------------------------------------------------------------------------------------
@time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, tzinfo=ISTANBUL))
def test_a_cimer_file_in_the_old_encoding(house: Any) -> None:
    batch, counts = support.run(house, support.checked(support.CIMER), named(house, "cimer"))

    assert (counts.created, counts.known, counts.rejected) == (5, 0, 3)
    rows = {row.external_ref: row for row in of_batch(house, batch)}
    assert all(row.is_restricted and row.external_source == "cimer" for row in rows.values())
    hidden = rows["26110048377"]
    assert hidden.identity_hidden
    assert hidden.citizen_id is None
    assert hidden.contact_phone == ""
    first = rows["26110048213"]
    assert first.citizen.full_name == "AYŞE NUR YILDIRIM"
    assert (first.district.name, first.neighbourhood.name) == ("Çorlu", "Reşadiye")
    # CİMER's own day is the earlier one, so it is day 0: 18 November and thirty days.
    assert first.due_on == dt.date(2026, 12, 18)
    assert rows["26110049104"].rule_key == "foi_access"
    assert (
        "VAKIFLAR" in rows["26110049188"].place_note.upper() or rows["26110049188"].neighbourhood_id
    )
    refused = house.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)
    ).all()
    assert [[reason["field"] for reason in row.reasons] for row in refused] == [
        ["phone"],
        ["received_at"],
        ["kind"],
    ]


def test_a_number_typed_in_by_hand_before_is_known(house: Any, office: Any) -> None:
    services.register_application(
        house,
        values={
            "channel": "cimer", "kind": "complaint", "subject": "Gürültü", "external_ref": "26110048213",
            "is_anonymous": True,
        },
        actor=office.actor("cimer"),
    )  # fmt: skip
    _, counts = support.run(house, support.checked(support.CIMER), named(house, "cimer"))
    assert (counts.created, counts.known) == (4, 1)


def test_each_fault_of_a_row_is_told_with_its_field(house: Any) -> None:
    batch, counts = support.run(house, support.checked(support.OTHER_CITY), city_plan())
    assert (counts.created, counts.rejected) == (25, 5)
    refused = house.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)
    ).all()
    assert [(row.row_no, row.reasons[0]["field"]) for row in refused] == [
        (6, "received_at"), (11, "external_ref"), (14, "closed_at"), (17, "latitude"), (22, "external_ref"),
    ]  # fmt: skip
    assert refused[0].values["CREATED_DATE"] == "13/45/2026"


def test_a_required_topic_refuses_what_is_none_of_ours(house: Any) -> None:
    from dataclasses import replace

    plan = replace(city_plan(), topic_required=True)
    batch, counts = support.run(house, support.checked(support.OTHER_CITY), plan)
    assert counts.created == 4
    reasons = {
        r["message"]
        for row in house.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id))
        for r in row.reasons
    }
    assert "“%(value)s” is no topic of ours; choose what it means in the column mapping." in reasons


def test_the_file_of_refused_rows_goes_through_the_same_plan_when_mended(house: Any) -> None:
    batch, _ = support.run(house, support.checked(support.OTHER_CITY), city_plan())
    buffer = io.BytesIO()
    assert imports.write_rejects(house, batch=batch, fp=buffer) == 5
    table = support.read_workbook(buffer.getvalue())
    head = next(n for n, row in enumerate(table) if row[0] == "SR_NUMBER")
    titles = table[head]
    assert titles[:2] == ["SR_NUMBER", "SR_TYPE"]
    assert titles[-1] == "Ret gerekçesi"
    created = titles.index("CREATED_DATE")
    row = next(r for r in table[head:] if r[created] == "13/45/2026")
    assert row[-1]
    row[created] = "03/05/2026 08:00:00 AM"
    mended = support.checked_bytes("mended.xlsx", support.workbook(table))
    _, counts = support.run(house, mended, city_plan())
    # The row that stood twice is alone in this file, and its number is here already.
    assert (counts.created, counts.known, counts.rejected) == (1, 1, 3)


def test_districts_are_offered_in_the_turkish_order(session: Any) -> None:
    from app.applications.views.imports.columns import _options
    from app.core.text import sort_key

    names = [name for _code, name in _options(session, "district")]
    assert "Çerkezköy" in names
    assert names == sorted(names, key=sort_key)
