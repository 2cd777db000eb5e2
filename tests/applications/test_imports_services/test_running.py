"""Going on, stopping and bad files."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications.models import (
    Application,
    ImportBatch,
)
from app.applications.services import imports
from app.core.rules import RuleViolation
from tests.applications import imports_support as support
from tests.applications.test_imports_services.support import city_plan, named, of_batch, plan_for


# --- going on, stopping, twice at once -----------------------------------------------------------------
class Killed(BaseException):
    """What a worker knows of kill -9: nothing."""


def test_a_killed_run_goes_on_behind_the_last_row_kept(house: Any) -> None:
    batch = imports.create_batch(
        house,
        upload=support.checked(support.NYC),
        mapping=named(house, "nyc311"),
        actor=imports.batches.SYSTEM,
    )
    imports.open_batch(house, batch=batch)
    house.commit()
    seen: list[int] = []

    def killed_at_300(done: int, total: int) -> None:
        house.commit()
        seen.append(done)
        if done == 300:
            raise Killed

    with pytest.raises(Killed):
        imports.run_batch(
            house, batch_id=batch.id, actor=imports.batches.SYSTEM, keep=killed_at_300, chunk=100
        )
    house.rollback()
    house.refresh(batch)
    assert (batch.state, batch.created_rows) == ("running", 300)

    counts = imports.run_batch(
        house, batch_id=batch.id, actor=imports.batches.SYSTEM, keep=lambda d, t: house.commit()
    )
    assert (counts.created, counts.known, counts.rejected) == (924, 0, 0)
    assert len(of_batch(house, batch)) == 924


def test_a_stopped_import_keeps_what_it_has_and_can_be_gone_on_with(
    house: Any, office: Any
) -> None:
    actor = office.actor("manager")
    batch = imports.create_batch(
        house, upload=support.checked(support.NYC), mapping=named(house, "nyc311"), actor=actor
    )
    imports.start_batch(house, batch=batch, actor=actor)
    with pytest.raises(RuleViolation):
        imports.start_batch(house, batch=batch, actor=actor)

    def stop_at_200(done: int, total: int) -> None:
        house.commit()
        if done == 200:
            imports.stop_batch(house, batch=batch)

    with pytest.raises(imports.StoppedError):
        imports.run_batch(house, batch_id=batch.id, actor=actor, keep=stop_at_200, chunk=100)
    house.rollback()
    house.refresh(batch)
    assert batch.state == "running" or (batch.state, batch.created_rows) == ("stopped", 200)

    if batch.state == "stopped":
        imports.start_batch(house, batch=batch, actor=actor)
    counts = imports.run_batch(
        house, batch_id=batch.id, actor=actor, keep=lambda d, t: house.commit()
    )
    assert counts.created == 924
    assert {row.registered_by_id for row in of_batch(house, batch)} == {actor.user_id}


def test_a_reference_that_another_writer_took_meanwhile_is_known(
    house: Any, monkeypatch: Any
) -> None:
    from app.applications.services.imports import writing

    support.run(house, support.checked(support.OTHER_CITY), city_plan())
    real, calls = writing.find_known, []

    def blind_once(session: Any, keys: Any) -> set[Any]:
        calls.append(1)
        return set() if len(calls) == 1 else real(session, keys)

    monkeypatch.setattr(writing, "find_known", blind_once)
    _, counts = support.run(house, support.checked(support.OTHER_CITY), city_plan())
    assert (counts.created, counts.known, counts.rejected) == (0, 25, 5)
    numbers = list(house.scalars(select(Application.number).order_by(Application.number)))
    assert numbers == [f"2026-{n:07d}" for n in range(1, 26)]


# --- bad files -------------------------------------------------------------------------------------------
BAD = {
    "empty.csv": (b"", "The file is empty"),
    "head.csv": (b"no,tarih\n", "The table is empty"),
    "foto.png": (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "Files of this kind are not taken"),
    "resim.csv": (b"\x00\x01\x02\x03" * 400, ""),
    "sahte.xlsx": (b"no,tarih\n1,2\n", "The file is not what its ending says"),
    "yarim.xlsx": (support.truncated_xlsx(), ""),
    "bomba.xlsx": (support.bomb, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_and_leaves_nothing(house: Any, name: str) -> None:
    made, words = BAD[name]
    data = made() if callable(made) else made
    with pytest.raises(RuleViolation) as refused:
        support.run(house, support.checked_bytes(name, data), named(house, "nyc311"))
    assert words in str(refused.value)
    assert refused.value.violations[0].field == "file"
    assert house.scalar(select(func.count()).select_from(ImportBatch)) == 0
    assert house.scalar(select(func.count()).select_from(Application)) == 0


def test_a_file_that_breaks_off_in_the_middle_leaves_no_application(house: Any) -> None:
    lines = support.NYC.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[800] = lines[800].replace(",", ',"', 1)
    broken = "".join(lines) + '"' + "x" * 1_200_000
    batch = imports.create_batch(
        house,
        upload=support.checked_bytes("n.csv", broken.encode()),
        mapping=named(house, "nyc311"),
        actor=imports.batches.SYSTEM,
    )
    imports.open_batch(house, batch=batch)
    house.commit()
    with pytest.raises(RuleViolation) as refused:
        imports.run_batch(
            house, batch_id=batch.id, actor=imports.batches.SYSTEM, keep=lambda d, t: house.commit()
        )
    house.rollback()
    imports.fail_batch(house, batch_id=batch.id, error=refused.value)
    assert (batch.state, batch.created_rows) == ("failed", 0)
    assert batch.error
    assert house.scalar(select(func.count()).select_from(Application)) == 0


def test_columns_that_the_file_lacks_are_named(house: Any) -> None:
    with pytest.raises(RuleViolation) as refused:
        support.run(house, support.checked(support.OTHER_CITY), named(house, "nyc311"))
    assert "Unique Key" in str(refused.value)


def test_a_formula_is_kept_as_text_and_never_becomes_one(house: Any) -> None:
    head = "no;tarih;tur;kanal;baslik\n"
    line = 'F-1;16.03.2026 10:00;request;web;=HYPERLINK("http://x")\nF-2;yarın;request;web;=1+1\n'
    plan = plan_for(
        external_ref="no", received_at="tarih", kind="tur", channel="kanal", subject="baslik"
    )
    batch, counts = support.run(
        house, support.checked_bytes("f.csv", (head + line).encode("cp1254")), plan
    )
    assert (counts.created, counts.rejected) == (1, 1)
    assert of_batch(house, batch)[0].subject.startswith("=HYPERLINK")
    buffer = io.BytesIO()
    imports.write_rejects(house, batch=batch, fp=buffer)
    assert support.formulas(buffer.getvalue()) == 0


def test_a_workbook_keeps_numbers_and_dates(house: Any) -> None:
    rows = [
        ["no", "tarih", "tur", "kanal", "baslik"],
        [5, "16.03.2026", "Talep", "Telefon", "Çukur"],
    ]
    from app.core.imports import FieldMapping, Mapping

    plan = imports.Plan(
        Mapping(
            (
                FieldMapping("external_ref", ("no",)),
                FieldMapping("received_at", ("tarih",)),
                FieldMapping("kind", ("tur",), values={"Talep": "request"}),
                FieldMapping("channel", ("kanal",), values={"telefon": "call_center"}),
                FieldMapping("subject", ("baslik",)),
            )
        ),
        "deneme",
    )
    batch, counts = support.run(
        house, support.checked_bytes("a.xlsx", support.workbook(rows)), plan
    )
    assert counts.created == 1
    assert of_batch(house, batch)[0].external_ref == "5"


def test_who_may_not_import_is_refused(house: Any, office: Any) -> None:
    with pytest.raises(RuleViolation):
        imports.create_batch(
            house,
            upload=support.checked(support.NYC),
            mapping=named(house, "nyc311"),
            actor=office.actor("operator"),
        )


def test_shipped_mappings_are_loaded_once_and_renewed(house: Any) -> None:
    assert imports.ensure_shipped(house) == 0
    row = named(house, "NYC311")
    row.document = {}
    assert imports.ensure_shipped(house) == 0
    assert imports.plan_of(row).source == "nyc311"
    with pytest.raises(RuleViolation):
        imports.save_mapping(house, name="nyc311", plan=city_plan())
    with pytest.raises(RuleViolation):
        imports.delete_mapping(house, mapping=row)
