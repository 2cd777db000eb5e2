"""Rules of duplicates, clusters, acts over many cases and transfers: pure, without a database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications import rules
from app.applications.rules import (
    Addressee,
    BulkAct,
    BulkState,
    Candidate,
    Kind,
    Report,
    State,
    cluster_reports,
    merge_violations,
    retell,
    suggest_main,
)

NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


def case(pk: int, **more: Any) -> Candidate:
    values: dict[str, Any] = {
        "state": State.TRIAGE, "kind": Kind.COMPLAINT, "topic_id": 1, "neighbourhood_id": 1,
        "citizen_id": pk, "received_at": NOON + dt.timedelta(hours=pk),
    }  # fmt: skip
    return Candidate(id=pk, **{**values, **more})


def fields(found: Any) -> list[str]:
    return [violation.field for violation in found]


# --- joining ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "main", "has_answer", "allowed"),
    [
        ({}, {}, False, True),
        ({}, {"state": State.ASSIGNED}, False, True),
        ({}, {"state": State.ANSWERED}, True, True),
        ({}, {"state": State.CLOSED}, False, False),
        ({}, {"state": State.REJECTED}, True, True),
        ({}, {"state": State.TRANSFERRED_OUT}, True, True),
        ({}, {"state": State.WITHDRAWN}, True, False),
        ({}, {"state": State.MERGED}, True, False),
        ({"kind": Kind.INFORMATION}, {}, False, False),
        ({}, {"kind": Kind.INFORMATION}, False, False),
        ({"kind": Kind.INFORMATION}, {"kind": Kind.INFORMATION}, False, True),
        ({"kind": Kind.KVKK}, {"kind": Kind.KVKK}, False, False),
        ({"kind": Kind.KVKK}, {"kind": Kind.KVKK, "citizen_id": 1}, False, True),
    ],
)
def test_which_case_may_follow_which(
    one: dict[str, Any], main: dict[str, Any], has_answer: bool, allowed: bool
) -> None:
    found = list(merge_violations(case(1, **one), case(2, **main), has_answer=has_answer))
    assert (not found) is allowed
    assert set(fields(found)) <= {"master_id"}


def test_a_case_never_follows_itself() -> None:
    assert fields(merge_violations(case(1), case(1), has_answer=False)) == ["master_id"]


def test_the_oldest_open_case_of_the_commonest_matter_leads() -> None:
    cases = [
        case(1, topic_id=9),
        case(2),
        case(3),
        case(4, state=State.CLOSED, received_at=NOON - dt.timedelta(days=9)),
    ]
    assert suggest_main(cases) == 2
    assert suggest_main([*cases, case(5, merged=3)]) == 5
    assert suggest_main([case(1, state=State.WITHDRAWN)]) is None
    assert suggest_main([]) is None


@given(st.permutations([case(1), case(2, topic_id=2), case(3), case(4, merged=1), case(5)]))
def test_the_order_of_picking_does_not_choose_the_main_case(cases: list[Candidate]) -> None:
    assert suggest_main(cases) == 4


# --- one letter for another applicant ---------------------------------------------------------------------
AYSE = Addressee(
    "2026-0000001", "ABCD2345", "Ayşe", "Yıldız", received="04.05.2026", private=("+905321112233",)
)
ALI = Addressee("2026-0000002", "WXYZ6789", "Ali", "Kaya", received="05.05.2026")


def test_a_letter_reads_for_the_other_applicant_as_if_written_to_them() -> None:
    letter = (
        "Sayın Ayşe YILDIZ, 04.05.2026 tarihli ve 2026-0000001 sayılı başvurunuz (izleme kodu "
        "ABCD2345) üzerine 04.05.2026 günü onarım yapılmıştır."
    )
    assert retell(letter, of=AYSE, to=ALI) == (
        "Sayın Ali KAYA, 05.05.2026 tarihli ve 2026-0000002 sayılı başvurunuz (izleme kodu "
        "WXYZ6789) üzerine 04.05.2026 günü onarım yapılmıştır."
    )


@pytest.mark.parametrize(
    "letter",
    [
        "Yıldız hanımın evi önündeki kapak değiştirildi.",
        "Size 0532 111 22 33 numarasından ulaşılamadı.",
        "Kapak değişti. (A. YILDIZ)",
    ],
)
def test_a_letter_that_tells_of_the_first_applicant_is_not_used(letter: str) -> None:
    assert retell(letter, of=AYSE, to=ALI) is None


def test_a_hidden_applicant_is_addressed_without_a_name() -> None:
    hidden = Addressee("2026-0000003", received="06.05.2026")
    assert retell("Sayın Ayşe YILDIZ, onarıldı.", of=AYSE, to=hidden) == "Sayın ilgili, onarıldı."


@given(st.text(max_size=200), st.sampled_from(["Ayşe Yıldız", "AYŞE YILDIZ", "Ayşe YILDIZ", ""]))
def test_no_retold_letter_names_the_first_applicant(around: str, name: str) -> None:
    found = retell(f"{around} {name} {around}", of=AYSE, to=ALI)
    assert found is None or ("YILDIZ" not in found.split() and "Yıldız" not in found.split())


# --- clusters ---------------------------------------------------------------------------------------------
def report(pk: int, hours: float, text: str = "su borusu patladı") -> Report:
    return Report(pk, NOON + dt.timedelta(hours=hours), text)


def test_a_pause_and_other_words_end_an_event() -> None:
    reports = [
        report(1, 0), report(2, 1, "Su borusu patlamış, sular akıyor"),
        report(3, 2, "çöp kamyonu gelmedi"), report(4, 3, "çöp kamyonu bugün gelmedi"),
        report(5, 24 * 9), report(6, 24 * 9 + 1), report(7, 24 * 30),
    ]  # fmt: skip
    found = [[r.id for r in event] for event in cluster_reports(reports, days=7)]
    assert sorted(found) == [[1, 2], [3, 4], [5, 6]]


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.sampled_from(["su yok", "su akmıyor", "yol çukur", ""])),
        max_size=25,
    ),
    st.integers(1, 10),
)
def test_every_case_is_in_one_event_at_most_and_events_keep_their_span(
    told: list[tuple[int, str]], days: int
) -> None:
    reports = [report(pk, hours, text) for pk, (hours, text) in enumerate(told, start=1)]
    events = cluster_reports(reports, days=days)
    ids = [r.id for event in events for r in event]
    assert len(ids) == len(set(ids))
    assert [len(e) for e in events] == sorted((len(e) for e in events), reverse=True)
    assert all(len(event) >= 2 for event in events)
    # Whatever the order in which they are read.
    assert cluster_reports(list(reversed(reports)), days=days) == events


# --- acts over many cases ---------------------------------------------------------------------------------
@pytest.mark.parametrize("act", list(BulkAct))
def test_every_act_has_words_values_and_a_way_back_or_a_reason(act: BulkAct) -> None:
    assert rules.BULK_ACT_LABELS[act]
    needed = rules.NEEDED_ARGUMENT.get(act)
    if needed:
        assert needed[0] in rules.ARGUMENTS_OF_ACT[act]
        assert fields(rules.argument_violations(act, {})) == [needed[0]]
        assert fields(rules.argument_violations(act, {needed[0]: " "})) == [needed[0]]
        assert not list(rules.argument_violations(act, {needed[0]: "x"}))
    way_back = list(rules.undo_violations(act, BulkState.DONE, until=None, now=NOON))
    assert (not way_back) is (act in rules.UNDOABLE_ACTS)


def test_texts_and_reasons_have_their_lengths() -> None:
    assert fields(rules.argument_violations(BulkAct.NOTE, {"text": "x" * 2_001})) == ["text"]
    assert fields(rules.reason_violations("  abc ")) == ["reason"]
    assert fields(rules.reason_violations("x" * 301)) == ["reason"]
    assert not list(rules.reason_violations("Aynı arıza"))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_large_runs_need_two_people(rows: int, limit: int) -> None:
    assert rules.needs_second_person(rows, limit) is (limit > 0 and rows > limit)


def test_two_people_are_two() -> None:
    assert list(rules.second_person_violations(starter_id=1, second_id=1))
    assert list(rules.second_person_violations(starter_id=1, second_id=None))
    assert not list(rules.second_person_violations(starter_id=1, second_id=2))


def test_undoing_has_its_time() -> None:
    late = NOON + dt.timedelta(seconds=1)
    undo = rules.undo_violations
    assert not list(undo(BulkAct.CLOSE, BulkState.DONE, until=NOON, now=NOON))
    assert list(undo(BulkAct.CLOSE, BulkState.DONE, until=NOON, now=late))
    assert list(undo(BulkAct.CLOSE, BulkState.RUNNING, until=late, now=NOON))


# --- transfers --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({}, []),
        ({"answered_on": None}, ["answered_on"]),
        ({"answered_on": dt.date(2026, 5, 1)}, ["answered_on"]),
        ({"answered_on": dt.date(2026, 6, 2)}, ["answered_on"]),
        ({"text": " "}, ["answer_text"]),
        ({"text": "x" * 4_001, "number": "9" * 61}, ["answer_text", "answer_no"]),
    ],
)
def test_an_answer_of_an_institution_has_a_day_and_says_something(
    values: dict[str, Any], broken: list[str]
) -> None:
    given_values: dict[str, Any] = {
        "answered_on": dt.date(2026, 5, 20), "number": "E-1", "text": "Yapıldı.",
        "sent_on": dt.date(2026, 5, 4), "today": dt.date(2026, 6, 1), **values,
    }  # fmt: skip
    assert fields(rules.institution_answer_violations(**given_values)) == broken
