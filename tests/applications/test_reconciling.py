"""Comparing the list of CİMER with our cases: what differs, what was dealt with, bad files."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications.models import Application, Reconciliation, ReconciliationItem
from app.applications.queries.cimer import (
    count_for_cimer,
    list_items,
    list_reconciliation_figures,
)
from app.applications.rules import Channel, Kind
from app.applications.rules.reconciling import Explanation, ItemKind, Resolution
from app.applications.services import reconciling
from app.core.clock import ISTANBUL
from app.core.rules import RuleViolation
from app.system.models import Attachment
from tests.applications import imports_support as support
from tests.applications.office import day
from tests.growth import MOST, TIMES

NOW = day(30, 3)
PERIOD = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
HEAD = ["Başvuru No", "Başvuru Tarihi", "Geliş Tarihi", "Durum", "Son Tarih", "Konu"]


@pytest.fixture
def house(office: Any, tmp_path: Any) -> Any:
    from app.core import places

    places.set_folders(tmp_path, tmp_path / "files")
    return office


def taken_in(office: Any, ref: str, **values: Any) -> Application:
    given = {
        "channel": Channel.CIMER, "kind": Kind.COMPLAINT, "external_ref": ref,
        "external_received_at": day(12), **values,
    }  # fmt: skip
    return office.register(who="cimer", **given)


def line(ref: str, **more: str) -> list[str]:
    base = {"at": "12.03.2026 09:00", "here": "16.03.2026", "state": "İşlemde", "due": "", "subject": "Gürültü"}  # fmt: skip
    one = {**base, **more}
    return [ref, one["at"], one["here"], one["state"], one["due"], one["subject"]]


def compare(office: Any, *rows: list[str], name: str = "liste.xlsx", **more: Any) -> Reconciliation:
    data = support.workbook([more.pop("head", HEAD), *rows])
    if name.endswith(".csv"):
        data = "\n".join(";".join(r) for r in [HEAD, *rows]).encode("cp1254")
    given = {"period_from": PERIOD[0], "period_to": PERIOD[1], "actor": office.actor("cimer"), "now": NOW}  # fmt: skip
    return reconciling.reconcile(
        office.session, upload=support.checked_bytes(name, data), **{**given, **more}
    )


def items(office: Any, row: Reconciliation) -> dict[str, ReconciliationItem]:
    return {f"{one.kind}:{one.external_ref}": one for one in list_items(office.session, row.id)}


def test_four_kinds_of_difference_are_found(house: Any) -> None:
    office = house
    taken_in(office, "1")
    taken_in(office, "2")
    entered = taken_in(office, "3")
    entered.external_answered_at = day(20)
    late = taken_in(office, "4", external_received_at=day(5))
    office.session.flush()
    row = compare(
        office,
        line("1"),
        line("3"),
        line("4", at="05.03.2026", due="25.03.2026"),
        line("9", at="14.03.2026"),
        line("9", at="15.03.2026"),
        line("", subject="numarasız"),
    )
    found = items(office, row)
    assert set(found) == {
        "missing_there:2", "state_differs:3", "overdue_there:4", "missing_here:9",
    }  # fmt: skip
    assert found["overdue_there:4"].application_id == late.id
    assert (row.total_rows, row.matched_rows, row.open_items) == (4, 1, 4)
    assert (row.missing_here, row.missing_there, row.state_differs, row.overdue_there) == (
        1,
        1,
        1,
        1,
    )
    assert (row.document["unreadable"], row.document["repeated"]) == (1, 1)
    assert "Gürültü" not in str(row.document)


@pytest.mark.parametrize("name", ["liste.xlsx", "liste.csv"])
def test_both_kinds_of_file_are_read_alike(house: Any, name: str) -> None:
    taken_in(house, "1")
    row = compare(house, line("1"), line("2"), name=name)
    assert [one.external_ref for one in items(house, row).values()] == ["2"]


def test_without_days_the_list_says_its_own(house: Any) -> None:
    taken_in(house, "7", external_received_at=day(2))
    row = compare(
        house, line("1", at="12.03.2026"), line("2", at="20.03.2026"), period_from=None,
        period_to=None,
    )  # fmt: skip
    assert (row.period_from, row.period_to) == (dt.date(2026, 3, 12), dt.date(2026, 3, 20))
    assert "missing_there:7" not in items(house, row)


def test_a_second_run_of_the_same_list_is_the_same_comparison(house: Any) -> None:
    taken_in(house, "1")
    first = compare(house, line("2"))
    before = {key: one.id for key, one in items(house, first).items()}
    again = compare(house, line("2"))
    assert again.id == first.id
    assert {key: one.id for key, one in items(house, again).items()} == before
    assert house.session.scalar(select(func.count(Reconciliation.id))) == 1
    files = house.session.scalar(
        select(func.count(Attachment.id)).where(Attachment.owner_type == "Reconciliation")
    )
    assert files == 1


def test_what_is_dealt_with_stays_dealt_with_and_what_is_gone_is_settled(house: Any) -> None:
    office, db, officer = house, house.session, house.actor("cimer")
    taken_in(office, "1")
    row = compare(office, line("2"))
    found = items(office, row)
    reconciling.explain_item(
        db, item=found["missing_there:1"], reason=Explanation.LATE_AT_CIMER, actor=officer, now=NOW
    )
    assert row.open_items == 1
    case = taken_in(office, "2", external_received_at=day(12))
    assert reconciling.settle_registered(db, application=case, actor=officer, now=NOW) == 1
    assert found["missing_here:2"].resolution is Resolution.REGISTERED
    assert found["missing_here:2"].application_id == case.id
    assert row.open_items == 0
    reconciling.compare_again(db, reconciliation=row, actor=officer, now=NOW)
    after = items(office, row)
    assert after["missing_there:1"].resolution is Resolution.EXPLAINED
    assert after["missing_here:2"].resolution is Resolution.REGISTERED
    assert row.missing_here == 0
    reconciling.reopen_item(db, item=after["missing_there:1"], actor=officer)
    assert (row.open_items, after["missing_there:1"].reason) == (1, None)


def test_an_open_difference_that_is_gone_agrees_by_now(house: Any) -> None:
    row = compare(house, line("2"))
    taken_in(house, "2", external_received_at=day(12))
    reconciling.compare_again(
        house.session, reconciliation=row, actor=house.actor("cimer"), now=NOW
    )
    assert items(house, row)["missing_here:2"].resolution is Resolution.SETTLED
    assert row.open_items == 0


def test_an_explanation_is_carried_to_the_next_list(house: Any) -> None:
    taken_in(house, "1")
    first = compare(house, line("5"))
    reconciling.explain_item(
        house.session, item=items(house, first)["missing_there:1"], reason=Explanation.OTHER, note="Birleştirildi",
        actor=house.actor("cimer"), now=NOW,
    )  # fmt: skip
    second = compare(house, line("5"), line("6"))
    assert second.id != first.id
    carried = items(house, second)["missing_there:1"]
    assert (carried.resolution, carried.note) == (Resolution.EXPLAINED, "Birleştirildi")
    assert items(house, second)["missing_here:5"].resolution is Resolution.OPEN


def test_an_explanation_needs_a_reason_and_only_officers_compare(house: Any) -> None:
    row = compare(house, line("2"))
    item = items(house, row)["missing_here:2"]
    with pytest.raises(RuleViolation):
        reconciling.explain_item(house.session, item=item, reason="", actor=house.actor("cimer"))
    for name in ("chief", "operator", "auditor"):
        with pytest.raises(RuleViolation):
            compare(house, line("2"), actor=house.actor(name))


def test_figures_over_time_take_the_newest_comparison_of_each_period(house: Any) -> None:
    compare(house, line("2"))
    compare(house, line("2"), line("3"))
    rows = list_reconciliation_figures(house.session)
    assert {(r["figure"], r["count"]) for r in rows} >= {("missing_here", 2), ("missing_there", 0)}
    assert len(rows) == 4
    assert count_for_cimer(house.session, PERIOD[0])["differences"] == 2


def test_a_row_of_the_list_becomes_the_beginning_of_a_form(house: Any) -> None:
    head = ["Başvuru No", "Başvuru Tarihi", "Geliş Tarihi", "Başvuru Türü", "Konu", "Metin", "Ad", "Soyad"]  # fmt: skip
    row = compare(
        house,
        ["9", "14.03.2026 10:30", "16.03.2026", "İhbar", "Kaçak kat", "Ruhsatsız kat çıkılıyor.", "Ali", "Veli"],
        head=head,
    )  # fmt: skip
    found = reconciling.row_of_item(house.session, items(house, row)["missing_here:9"])
    assert found.values["subject"] == "Kaçak kat"
    assert found.values["kind"] is Kind.TIPOFF
    assert found.values["external_received_at"] == dt.datetime(2026, 3, 14, 10, 30, tzinfo=ISTANBUL)
    assert found.person["first_name"] == "Ali"


def test_a_list_that_names_hidden_people_is_compared_and_not_kept(house: Any) -> None:
    head = ["Başvuru No", "Başvuru Tarihi", "Ad", "Soyad", "Kimlik Gizli"]
    row = compare(house, ["9", "14.03.2026", "Ali", "Saklı", "Evet"], head=head)
    assert row.document["names_hidden"] is True
    assert house.session.scalars(select(Attachment)).all() == []
    found = reconciling.row_of_item(house.session, items(house, row)["missing_here:9"])
    assert found.person == {}
    assert found.values["external_ref"] == "9"
    assert "Saklı" not in str(row.document)


def test_a_saved_mapping_reads_other_headings(house: Any) -> None:
    from app.applications.services import imports
    from app.core.imports import FieldMapping, Mapping

    plan = imports.Plan(
        Mapping((FieldMapping("external_ref", ("Takip",)), FieldMapping("external_received_at", ("Gün",)))),
        "cimer",
    )  # fmt: skip
    mapping = imports.save_mapping(house.session, name="ozel", plan=plan)
    head = ["Takip", "Gün", "x"]
    with pytest.raises(RuleViolation):
        compare(house, ["1", "12.03.2026", "a"], head=head)
    row = compare(house, ["1", "12.03.2026", "a"], head=head, mapping=mapping)
    assert row.missing_here == 1


# --- bad files -----------------------------------------------------------------------------------------------
BAD = {
    "bos.csv": b"",
    "yarim.xlsx": support.truncated_xlsx(),
    "bomba.xlsx": support.bomb,
    "harfler.csv": b"Ba\x81\x8dvuru;Tarih\n1;2\n" * 10,
    "ikili.csv": b"a;b\n\x00\x01\x02;x\n",
    "arsiv.ods": b"PK\x03\x04 no archive",
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_ends_with_a_sentence_and_leaves_nothing(house: Any, name: str) -> None:
    data = BAD[name]() if callable(BAD[name]) else BAD[name]
    with pytest.raises(RuleViolation) as refused:
        reconciling.reconcile(
            house.session, upload=support.checked_bytes(name, data), period_from=PERIOD[0],
            period_to=PERIOD[1], actor=house.actor("cimer"), now=NOW,
        )  # fmt: skip
    assert refused.value.violations[0].field == "file"
    assert house.session.scalar(select(func.count(Reconciliation.id))) == 0
    assert house.session.scalar(select(func.count(ReconciliationItem.id))) == 0


def test_wrong_columns_and_wrong_days_are_told(house: Any) -> None:
    with pytest.raises(RuleViolation) as refused:
        compare(house, ["Ali", "Veli"], head=["Ad", "Soyad"])
    assert "Ad, Soyad" in str(refused.value.violations[0].params["columns"])
    with pytest.raises(RuleViolation) as refused:
        compare(house, line("1"), period_from=PERIOD[1], period_to=PERIOD[0])
    assert refused.value.violations[0].field == "period_to"
    with pytest.raises(RuleViolation) as refused:
        compare(house, ["1", "", "", "", "", ""], period_from=None, period_to=None)
    assert refused.value.violations[0].field == "period_from"
    assert house.session.scalar(select(func.count(Reconciliation.id))) == 0


def test_a_list_of_any_length_takes_as_many_questions(house: Any, counted: list[str]) -> None:
    def compared(rows: int, first: int) -> tuple[int, float]:
        """Statements, and processor time."""
        given = [line(str(n)) for n in range(first, first + rows)]
        counted.clear()
        start = time.thread_time()
        row = compare(house, *given)
        used = time.thread_time() - start
        assert row.missing_here == rows - (first == 1)
        kinds = {one.kind.value for one in list_items(house.session, row.id)}
        assert ItemKind.MISSING_HERE.value in kinds
        return len(counted), used

    taken_in(house, "1")
    (few, short), (many, long) = compared(1_250, 1_000_000), compared(TIMES * 1_250, 1)
    assert many <= few + 20, (few, many)
    assert long / short < MOST
