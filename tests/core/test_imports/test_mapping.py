"""Columns become values."""

from __future__ import annotations

import datetime as dt
import io
import json
import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import ISTANBUL
from app.core.imports import (
    FieldKind,
    FieldMapping,
    Mapping,
    TargetField,
    apply_mapping,
    describe_columns,
    grouped_text,
    mapping_violations,
    propose_mapping,
    read_rows,
    write_rejects_xlsx,
)
from app.core.rules import RuleViolation, Violation

FIELDS = (
    TargetField("external_no", "CİMER başvuru no", required=True, aliases=("Başvuru No",)),
    TargetField("received_at", "CİMER’e geliş", FieldKind.DATETIME, aliases=("Başvuru Tarihi",)),
    TargetField("applicant", "Başvuru sahibi", aliases=("Adı Soyadı", "Ad Soyad")),
    TargetField("phone", "Telefon", FieldKind.PHONE),
    TargetField("kind", "Tür", FieldKind.CHOICE, aliases=("Başvuru Tipi",),
                choices={"complaint": "Şikâyet", "request": "İstek"}),
    TargetField("district", "İlçe"),
    TargetField("body", "Vatandaşın anlattığı", FieldKind.LONG_TEXT, aliases=("Metin",), max_length=50),
    TargetField("people", "Kişi sayısı", FieldKind.INTEGER),
    TargetField("fee", "Ücret", FieldKind.NUMBER),
    TargetField("is_secret", "Kimlik gizli", FieldKind.BOOLEAN),
    TargetField("on", "Gün", FieldKind.DATE),
)  # fmt: skip


def apply(name: str, cell: object, **source: object) -> tuple[object, tuple[Violation, ...]]:
    field = next(f for f in FIELDS if f.name == name)
    mapping = Mapping((FieldMapping(name, ("x",), **source),))  # type: ignore[arg-type]
    values, violations = apply_mapping(mapping, {"x": cell}, (field,))
    return values.get(name), violations


LOCAL = {"tzinfo": ISTANBUL}


@pytest.mark.parametrize(
    "name, cell, value",
    [
        ("district", "  Çorlu  ", "Çorlu"),
        ("external_no", 26110048213, "26110048213"),
        ("external_no", 26110048213.0, "26110048213"),
        ("kind", "ŞİKAYET", "complaint"),
        ("kind", "complaint", "complaint"),
        ("kind", "istek", "request"),
        ("people", "1.234", 1234),
        ("people", 5.0, 5),
        ("fee", "1.234,56 TL", Decimal("1234.56")),
        ("fee", 12.5, Decimal("12.5")),
        ("is_secret", "Evet", True),
        ("is_secret", "HAYIR", False),
        ("is_secret", False, False),
        ("is_secret", 0, False),
        ("on", "31.12.2026", dt.date(2026, 12, 31)),
        ("on", "2026-12-31", dt.date(2026, 12, 31)),
        ("on", "31.12.2026 14:05", dt.date(2026, 12, 31)),
        ("on", dt.datetime(2026, 12, 31, 9, 0), dt.date(2026, 12, 31)),
        ("on", dt.datetime(2026, 12, 31, 22, 0, tzinfo=dt.UTC), dt.date(2027, 1, 1)),
        ("received_at", "18.11.2026 21:40", dt.datetime(2026, 11, 18, 21, 40, **LOCAL)),
        ("received_at", "18.11.2026", dt.datetime(2026, 11, 18, **LOCAL)),
        ("received_at", dt.date(2026, 11, 18), dt.datetime(2026, 11, 18, **LOCAL)),
        ("body", "bir\r\niki", "bir\niki"),
        ("phone", 5321234567, "5321234567"),
        ("district", "", None),
        ("district", None, None),
    ],
)
def test_cells_become_values(name: str, cell: object, value: object) -> None:
    found, violations = apply(name, cell)
    assert violations == ()
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "name, cell, part",
    [
        ("on", "31.11.2026", "could not be read as a date"),
        ("on", "31.12.0026", "year of"),
        ("received_at", "dün", "date and time"),
        ("people", "4,5", "whole number"),
        ("people", "iki", "whole number"),
        ("fee", "1,234.56", "not a number"),
        ("is_secret", "belki", "neither yes nor no"),
        ("kind", "Dilek", "not in the list"),
        ("body", "x" * 51, "shorten it to 50"),
        ("external_no", "", "empty"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(name: str, cell: object, part: str) -> None:
    found, violations = apply(name, cell)
    assert found is None
    assert [v.field for v in violations] == [name]
    assert part in str(violations[0])


@pytest.mark.parametrize(
    ("name", "pattern", "example"),
    [
        ("received_at", "%m/%d/%Y %I:%M:%S %p", "12/31/2026 02:05:00 PM"),
        ("on", "%Y/%m/%d", "2026/12/31"),
    ],
)
def test_the_example_of_a_date_is_written_as_the_mapping_reads_it(
    name: str, pattern: str, example: str
) -> None:
    _, (violation,) = apply(name, "13/45/2026", date_format=pattern)
    assert "%(example)s" in violation.message
    assert violation.params == {"value": "13/45/2026", "example": example}
    _, (plain,) = apply(name, "13/45/2026")
    assert "31.12.2026" in plain.message


def test_a_sentence_about_many_rows_holds_nothing_of_one() -> None:
    _, (violation,) = apply("received_at", "45.45.2026", date_format="%Y/%m/%d")
    text = grouped_text(violation.message, violation.params, str)
    assert text == "The value could not be read as a date and time; write it as 2026/12/31."
    assert grouped_text("“%(other)s” is wrong.", {}, str) == "“…” is wrong."
    assert grouped_text("At most %(max)d letters.", {"max": 5}, str) == "At most 5 letters."


def test_columns_can_be_joined_replaced_and_set() -> None:
    mapping = Mapping(
        (
            FieldMapping("applicant", ("Ad", "Soyad")),
            FieldMapping("district", (), constant="Çorlu"),
            FieldMapping("kind", ("Tip",), values={"ihbar": "complaint"}, constant="request"),
            FieldMapping("on", ("Gün",), date_format="%m/%d/%Y %I:%M:%S %p"),
        )
    )
    fields = [f for f in FIELDS if mapping.of(f.name)]
    row = {"Ad": "Şeyma", "Soyad": "IŞIK", "Tip": "İHBAR", "Gün": "05/01/2022 12:00:03 AM"}
    values, violations = apply_mapping(mapping, row, fields)
    assert violations == ()
    assert values == {"applicant": "Şeyma IŞIK", "district": "Çorlu", "kind": "complaint",
                      "on": dt.date(2022, 5, 1)}  # fmt: skip
    empty, _ = apply_mapping(mapping, {"Ad": "Ali", "Soyad": "", "Tip": None}, fields)
    assert (empty["applicant"], empty["kind"]) == ("Ali", "request")


def test_all_violations_of_a_row_come_together_and_good_values_stay() -> None:
    mapping = Mapping(
        (
            FieldMapping("on", ("a",)),
            FieldMapping("people", ("b",)),
            FieldMapping("district", ("c",)),
        )
    )
    values, violations = apply_mapping(mapping, {"a": "x", "b": "y", "c": "Çorlu"}, FIELDS)
    assert {v.field for v in violations} == {"on", "people", "external_no"}
    assert values == {"district": "Çorlu"}


@given(
    st.one_of(
        st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.none()
    )
)
def test_no_cell_whatever_stops_an_import(cell: object) -> None:
    mapping = Mapping(tuple(FieldMapping(f.name, ("x",), date_format="%d/%m/%y") for f in FIELDS))
    values, violations = apply_mapping(mapping, {"x": cell}, FIELDS)
    assert not {v.field for v in violations} & values.keys()


def test_a_mapping_survives_json() -> None:
    mapping = Mapping((FieldMapping("kind", ("A", "B"), "x", " - ", {"i": "ı"}, "%d.%m.%Y"),))
    assert Mapping.from_dict(json.loads(json.dumps(mapping.to_dict()))) == mapping


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"version": 2, "fields": []}, {"version": 1}, {"version": 1, "fields": [1]},
     {"version": 1, "fields": [{"target": ""}]}, {"version": 1, "fields": [{"target": "a", "columns": "x"}]},
     {"version": 1, "fields": [{"target": "a", "values": {"x": 1}}]},
     {"version": 1, "fields": [{"target": "a", "constant": 5}]}],
)  # fmt: skip
def test_a_broken_mapping_is_a_sentence_and_not_a_crash(data: object) -> None:
    with pytest.raises(RuleViolation, match="make a new one"):
        Mapping.from_dict(data)


def test_a_mapping_is_checked_before_the_rows() -> None:
    mapping = Mapping(
        (FieldMapping("yok", ("A",)), FieldMapping("kind", ("B",)), FieldMapping("kind", ("A",)))
    )
    found = [(v.field, str(v)) for v in mapping_violations(mapping, ("A",), FIELDS)]
    assert [field for field, _ in found] == ["yok", "kind", "kind", "external_no"]


def test_a_mapping_is_proposed_from_the_headings() -> None:
    headers = ("BASVURU_NO", "BASVURU_TARIHI", "ADI SOYADI", "TELEFON", "BASVURU_TIPI", "ILCE",
               "METIN", "ESKI_KOD")  # fmt: skip
    found = {one.target: one.columns[0] for one in propose_mapping(headers, FIELDS).fields}
    assert found == {
        "external_no": "BASVURU_NO",
        "received_at": "BASVURU_TARIHI",
        "applicant": "ADI SOYADI",
        "phone": "TELEFON",
        "kind": "BASVURU_TIPI",
        "district": "ILCE",
        "body": "METIN",
    }


def test_columns_are_described() -> None:
    rows = [
        (n, {"A": "18.11.2026 21:40", "B": "18.11.2026", "C": "0532 123 45 67", "D": "1.234,5",
             "E": ("Çorlu", "Ergene")[n % 2], "F": f"Kişi {n}", "G": "uzun " * 60, "H": None})
        for n in range(8)
    ]  # fmt: skip
    guesses = describe_columns(tuple("ABCDEFGH"), rows)
    assert [g.kind for g in guesses] == [
        "datetime", "date", "phone", "number", "choice", "text", "long_text", "empty",
    ]  # fmt: skip
    assert (guesses[4].distinct, guesses[7].empty, guesses[0].sample) == (2, 8, "18.11.2026 21:40")


def test_rejects_come_back_with_reasons_and_can_be_sent_again(put) -> None:
    buffer = io.BytesIO()
    reasons = [Violation("on", "“%(value)s” unreadable", {"value": "31.11"}), "Boş"]
    count = write_rejects_xlsx(
        buffer, ("Ad", "Gün"), [(17, {"Ad": "=Ali", "Gün": "31.11"}, reasons)],
        translate=lambda text: text.replace("unreadable", "okunamadı"),
    )  # fmt: skip
    path = put("ret.xlsx", buffer.getvalue())
    assert count == 1
    assert list(read_rows(path)) == [
        (4, {"Ad": "=Ali", "Gün": "31.11", "Satır": 17, "Ret gerekçesi": "“31.11” okunamadı · Boş"})
    ]


def test_a_hundred_thousand_rows_are_read_as_a_stream(put) -> None:
    path = put("a.csv", "Ad;Yer\n" + "Ali;Çorlu\n" * 100_000)
    tracemalloc.start()
    assert sum(1 for _ in read_rows(path)) == 100_000
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
