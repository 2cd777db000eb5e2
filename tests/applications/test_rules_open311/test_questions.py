"""Questions, what is sent and what is told."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.rules import Outcome, State
from app.applications.rules import open311 as rules
from app.applications.rules.open311 import DataType, Question, RequestStatus
from tests.applications.test_rules_open311.support import refused_with

# --- questions --------------------------------------------------------------------------------------
SIZE = Question(
    "SIZE",
    "How large?",
    DataType.ONE_OF,
    is_required=True,
    choices=rules.read_choices("small = Small\nlarge = Large"),
)


SEEN = Question(
    "SEEN", "What?", DataType.SOME_OF, position=2, choices=rules.read_choices("A\nB\nC")
)


LAMP = Question("LAMP", "Which lamp?", DataType.STRING, position=3)


COUNT = Question("COUNT", "How many?", DataType.NUMBER, position=4)


SINCE = Question("SINCE", "Since when?", DataType.DATETIME, position=5)


TOLD = Question("TOLD", "Stay away from it.", DataType.TEXT, is_asked=False, position=6)


ALL = (SIZE, SEEN, LAMP, COUNT, SINCE, TOLD)


def test_choices_are_lines_with_a_key_or_without() -> None:
    choices = rules.read_choices(" kucuk = El kadar \n\nBüyük çukur\n=\n")
    assert [(c.key, c.name) for c in choices] == [
        ("kucuk", "El kadar"),
        ("buyuk_cukur", "Büyük çukur"),
    ]


def test_answers_are_kept_with_the_words_of_that_time() -> None:
    given = {
        "SIZE": ["large"],
        "SEEN": ["a", "c"],
        "COUNT": ["2,5"],
        "SINCE": ["2026-01-31T10:00:00Z"],
        "LAMP": [" D-12  34 "],
    }
    answers = rules.check_answers(ALL, given)
    assert [a["code"] for a in answers] == ["SIZE", "SEEN", "LAMP", "COUNT", "SINCE"]
    assert answers[0]["values"] == [{"key": "large", "name": "Large"}]
    assert [v["name"] for v in answers[1]["values"]] == ["A", "C"]
    assert [a["values"][0]["key"] for a in answers[2:]] == [
        "D-12 34",
        "2.5",
        "2026-01-31T13:00:00+03:00",
    ]
    assert [a["values"][0]["name"] for a in answers[3:]] == ["2,5", "31.01.2026 13.00"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "attribute[SIZE]"),
        ({"SIZE": ["huge"]}, "attribute[SIZE]"),
        ({"SIZE": ["small", "large"]}, "attribute[SIZE]"),
        ({"SIZE": ["small"], "SEEN": ["a", "x"]}, "attribute[SEEN]"),
        ({"SIZE": ["small"], "COUNT": ["many"]}, "attribute[COUNT]"),
        ({"SIZE": ["small"], "COUNT": ["1e9"]}, "attribute[COUNT]"),
        ({"SIZE": ["small"], "SINCE": ["today"]}, "attribute[SINCE]"),
        ({"SIZE": ["small"], "LAMP": ["x" * 301]}, "attribute[LAMP]"),
        ({"SIZE": ["small"], "TOLD": ["x"]}, "attribute[TOLD]"),
        ({"SIZE": ["small"], "OTHER": ["x"]}, "attribute[OTHER]"),
    ],
)
def test_a_wrong_answer_is_told_at_its_attribute(given: dict[str, list[str]], field: str) -> None:
    refusal = refused_with(lambda: rules.check_answers(ALL, given))
    assert refusal.status == 400
    assert [v.field for v in refusal.violations] == [field]


def test_every_wrong_answer_is_told_not_only_the_first() -> None:
    refusal = refused_with(lambda: rules.check_answers(ALL, {"COUNT": ["x"], "NO": ["x"]}))
    assert {v.field for v in refusal.violations} == {
        "attribute[SIZE]",
        "attribute[COUNT]",
        "attribute[NO]",
    }


def test_attributes_are_read_in_every_way_apps_write_them() -> None:
    form = {
        "attribute[A]": ["1"],
        "attribute[B][]": ["1", "2"],
        "attribute[C][0]": ["x"],
        "attribute[C][1]": ["y"],
        "attribute[D]": [" "],
        "attribute": ["z"],
        "description": ["t"],
    }
    assert rules.read_attributes(form) == {"A": ["1"], "B": ["1", "2"], "C": ["x", "y"]}


GOOD = {
    "code": "LAMP",
    "question": "Hangi lamba?",
    "position": 1,
    "datatype": DataType.STRING,
    "is_asked": True,
}


def test_a_question_has_a_name_words_and_choices_that_fit() -> None:
    assert list(rules.question_violations(GOOD)) == []
    for change, field in (
        ({"code": "two words"}, "code"),
        ({"code": ""}, "code"),
        ({"question": " "}, "question"),
        ({"position": 0}, "position"),
        ({"position": None}, "position"),
        ({"datatype": DataType.ONE_OF}, "choices"),
        ({"datatype": DataType.ONE_OF, "choices": "a = A\na = B"}, "choices"),
        ({"datatype": DataType.ONE_OF, "choices": "a b = A\nc = C"}, "choices"),
        ({"choices": "a = A\nb = B"}, "choices"),
        ({"is_required": True, "is_asked": False}, "is_required"),
    ):
        assert {v.field for v in rules.question_violations({**GOOD, **change})} == {field}, change


# --- what an app sends ----------------------------------------------------------------------------
FORM = {"service_code": ["YOL-01"], "lat": ["41.0"], "long": ["27.5"], "description": ["Çukur"]}


def test_a_filing_is_cleaned_and_its_numbers_are_numbers() -> None:
    form = {**FORM, "first_name": ["  Işık "], "description": ["Bir\r\n\r\n\r\n\r\niki"]}
    filing = rules.read_filing(form)
    assert (filing.latitude, filing.longitude) == (41.0, 27.5)
    assert filing.first_name == "Işık"
    assert filing.description == "Bir\n\niki"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"service_code": []}, "service_code"),
        ({"lat": [], "long": []}, "lat"),
        ({"lat": []}, "lat"),
        ({"lat": ["91"]}, "lat"),
        ({"lat": ["nan"]}, "lat"),
        ({"long": ["1e400"]}, "long"),
        ({"long": ["-181"]}, "long"),
        ({"description": ["x" * 4001]}, "description"),
        ({"media_url": ["javascript:alert(1)"]}, "media_url"),
        ({"media_url": ["http://" + "x" * 600]}, "media_url"),
        ({"first_name": ["x" * 81]}, "first_name"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_argument(change: dict[str, Any], field: str) -> None:
    refusal = refused_with(lambda: rules.read_filing({**FORM, **change}))
    assert refusal.status == 400
    assert field in {v.field for v in refusal.violations}


def test_an_empty_argument_is_as_if_it_were_not_there() -> None:
    form = {**FORM, "email": [""], "phone": [" "], "address_string": [""], "media_url": [""]}
    assert rules.read_filing(form) == rules.read_filing(FORM)


def test_the_same_content_is_recognised_whoever_signs_it_and_in_whatever_order() -> None:
    digest = rules.filing_digest(FORM, ["f1", "f2"])
    turned = dict(reversed(list({**FORM, "api_key": ["x"]}.items())))
    assert rules.filing_digest(turned, ["f2", "f1"]) == digest
    assert rules.filing_digest({**FORM, "lat": ["41.1"]}, ["f1", "f2"]) != digest
    assert rules.filing_digest(FORM, ["f1"]) != digest


def test_a_long_address_is_divided_at_a_word() -> None:
    street, note = rules.place_texts("kelime " * 60)
    assert len(street) <= 200
    assert len(note) <= 300
    assert not street.endswith("kelim")
    assert rules.place_texts("Kısa Sok. 1") == ("Kısa Sok. 1", "")


# --- what is told -----------------------------------------------------------------------------------
def test_every_state_that_is_told_is_open_or_closed_and_has_a_sentence() -> None:
    told = rules.TOLD_OPEN | rules.TOLD_CLOSED
    assert told == set(State) - {State.DRAFT, State.DISCARDED}
    assert not rules.TOLD_OPEN & rules.TOLD_CLOSED
    for state in told:
        assert rules.status_note(state, None)
    for outcome in Outcome:
        assert rules.status_note(State.CLOSED, outcome)
    assert rules.status_of(State.REOPENED) is RequestStatus.OPEN
    assert rules.status_of(State.MERGED) is RequestStatus.CLOSED


def test_planned_work_is_expected_on_its_day_and_what_ended_on_none() -> None:
    due, goal = dt.date(2026, 3, 1), dt.date(2026, 5, 1)
    assert rules.expected_on(State.IN_PROGRESS, due, goal).date() == due
    assert rules.expected_on(State.SCHEDULED, due, goal).date() == goal
    assert rules.expected_on(State.CLOSED, due, goal) is None
    assert rules.expected_on(State.TRIAGE, None, None) is None


def test_a_published_point_is_rounded() -> None:
    assert rules.rounded(40.977891, 3) == 40.978
    assert rules.rounded(None, 3) is None


CORPUS = [
    "<script>alert(1)</script>",
    "]]>&amp;&lt;\"'",
    "\x00\x08\x0b\ufffe\ud800",
    "İğneli ŞÖLEN – 𝄞 😀",
    "satır\r\nsatır\rsatır\tson",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "%s %(n)s {0}",
    "",
]


@pytest.mark.parametrize("text", CORPUS)
def test_both_ways_say_the_same_and_nothing_breaks_out(text: str) -> None:
    content = [{"code": 400, "description": text}]
    document = rules.to_xml("errors", content)
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    root = ET.fromstring(document)
    assert [child.tag for child in root.iter()] == ["errors", "error", "code", "description"]
    from_json = json.loads(rules.to_json(content))[0]["description"]
    from_xml = root.find("error/description").text
    assert from_json == from_xml


@given(st.text(max_size=80))
def test_any_text_travels_in_both_ways_alike(text: str) -> None:
    root = ET.fromstring(rules.to_xml("errors", [{"description": text}]))
    told = json.loads(rules.to_json([{"description": text}]))[0]["description"]
    assert root.find("error/description").text == told


def test_lists_empty_values_and_truths_are_written_as_the_specification_has_them() -> None:
    content = {
        "service_code": "A",
        "attributes": [
            {
                "variable": True,
                "datatype_description": "",
                "order": 1,
                "values": [{"key": "k", "name": "n"}],
            }
        ],
    }
    text = rules.to_xml("service_definition", content).decode()
    assert "<attributes><attribute><variable>true</variable><datatype_description />" in text
    assert "<values><value><key>k</key><name>n</name></value></values>" in text
    assert json.loads(rules.to_json(content))["attributes"][0]["datatype_description"] is None
    assert rules.to_xml("services", []).decode().endswith("<services />")
    assert rules.to_json([]) == b"[]"
