"""Rules of the right to information: articles in words, decisions, consents, alarms, updates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.rules import State
from app.applications.rules import information as foi
from app.applications.rules.information import (
    AccessForm,
    AppealState,
    ExtensionReason,
    InformationDecision,
    InformationFigure,
    UpdateCycle,
)

D = dt.date.fromisoformat
CODES = ("m.7", "m.8", "m.9", *(f"m.{n}" for n in range(15, 28)))


def fields(violations):
    return {v.field for v in violations}


# --- articles -------------------------------------------------------------------------------------
@given(st.sets(st.sampled_from(CODES), max_size=foi.MOST_GROUNDS))
def test_articles_are_read_back_as_they_were_written(codes):
    text = foi.written_articles(codes)
    assert set(foi.read_articles(text)) == codes
    assert len(text) <= foi.MOST_LETTERS
    assert not codes or text.startswith("4982 ")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("4982 sayılı Kanun m.19", ("m.19",)),
        ("4982 m.9, m.21 ve m.23", ("m.9", "m.21", "m.23")),
        ("4982 madde 7", ("m.7",)),
        ("4982 m.7, 12.03.2026 tarihli yazı", ("m.7",)),
        ("hiçbiri", ()),
    ],
)
def test_articles_of_a_letter_written_by_hand(text, codes):
    assert tuple(foi.read_articles(text)) == codes


def test_articles_stand_in_the_order_of_the_law():
    assert foi.written_articles(["m.23", "m.9", "m.21"]) == "4982 m.9, m.21, m.23"
    assert foi.written_articles([]) == ""


# --- the decision -----------------------------------------------------------------------------------
GOOD = {
    InformationDecision.GRANTED: ({"access_form": AccessForm.ELECTRONIC}, ()),
    InformationDecision.PARTIAL: (
        {
            "access_form": AccessForm.CERTIFIED_COPY,
            "reason": "Kişi adları",
            "removed": "İşçi adları",
        },
        ("m.9", "m.21"),
    ),
    InformationDecision.REFUSED: ({"reason": "Soruşturma sürüyor"}, ("m.19",)),
    InformationDecision.PUBLISHED: ({"published_id": 3}, ("m.8",)),
    InformationDecision.FORWARDED: ({"institution_id": 3}, ()),
}


@pytest.mark.parametrize("decision", GOOD)
def test_a_whole_decision_is_taken(decision):
    values, codes = GOOD[decision]
    assert not list(foi.decision_violations({"decision": decision, **values}, codes=codes))


@pytest.mark.parametrize(
    ("decision", "change", "codes", "field"),
    [
        (None, {}, (), {"decision"}),
        ("withdrawn", {}, (), {"decision"}),
        ("granted", {"access_form": None}, (), {"access_form"}),
        ("granted", {"access_form": "electronic"}, ("m.21",), {"grounds"}),
        ("granted", {"access_form": "electronic", "pages": 0}, (), {"pages"}),
        ("refused", {}, ("m.19",), {"reason"}),
        ("refused", {"reason": "x"}, (), {"grounds"}),
        ("refused", {"reason": "x"}, ("m.9",), {"grounds"}),
        ("refused", {"reason": "x"}, ("m.9", "m.21"), {"grounds"}),
        ("refused", {"reason": "x"}, CODES[:1] + CODES[3:], {"grounds"}),
        ("partial", {"access_form": "electronic", "reason": "x"}, ("m.9", "m.21"), {"removed"}),
        (
            "partial",
            {"access_form": "electronic", "reason": "x", "removed": "y"},
            ("m.21",),
            {"grounds"},
        ),
        ("partial", {"reason": "x"}, ("m.21",), {"access_form"}),
        ("published", {}, ("m.8",), {"published_id"}),
        ("forwarded", {}, (), {"institution_id"}),
        ("refused", {"reason": "x" * 4001}, ("m.19",), {"reason"}),
    ],
)
def test_what_is_missing_is_told_at_its_field(decision, change, codes, field):
    found = foi.decision_violations({"decision": decision, **change}, codes=codes)
    assert fields(found) == field


def test_every_decision_and_figure_has_its_words_and_every_outcome_its_decision():
    assert set(foi.DECISION_LABELS) == set(foi.DECISION_TONES) == set(InformationDecision)
    assert set(foi.FIGURE_LABELS) == set(InformationFigure)
    assert set(foi.OUTCOME_OF) == set(foi.DECIDABLE)
    for decision, outcome in foi.OUTCOME_OF.items():
        back = foi.DECISION_OF_OUTCOME[outcome]
        assert back is decision or decision is InformationDecision.PUBLISHED


# --- consent, extension -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("decision", "asked", "given_on", "today", "expected"),
    [
        ("granted", None, None, "2026-03-20", set()),
        ("granted", "2026-03-10", None, "2026-03-20", {"consent_given_on"}),
        ("granted", "2026-03-10", "2026-03-12", "2026-03-16", {"consent_asked_on"}),
        ("granted", "2026-03-10", "2026-03-12", "2026-03-17", set()),
        ("partial", "2026-03-10", None, "2026-03-20", set()),
        ("partial", "2026-03-10", "2026-03-12", "2026-03-13", {"consent_asked_on"}),
        ("refused", "2026-03-10", None, "2026-03-11", set()),
    ],
)
def test_personal_information_waits_for_its_person(decision, asked, given_on, today, expected):
    asked_on = D(asked) if asked else None
    found = foi.consent_violations(
        InformationDecision(decision),
        asked_on=asked_on,
        given_on=D(given_on) if given_on else None,
        earliest_on=asked_on + dt.timedelta(days=7) if asked_on else None,
        today=D(today),
    )
    assert fields(found) == expected


def test_a_late_extension_says_so_and_what_to_do():
    by = D("2026-04-07")
    values = {"extension_reason": ExtensionReason.ANOTHER_UNIT}
    assert not list(foi.extension_violations(values, notice_by=by, today=by))
    late = list(foi.extension_violations(values, notice_by=by, today=D("2026-04-08")))
    assert len(late) == 1
    assert "07.04.2026" in str(late[0])
    assert "no longer possible" in str(late[0])
    assert fields(foi.extension_violations({}, notice_by=None, today=by)) == {"extension_reason"}


# --- alarms ---------------------------------------------------------------------------------------------
def watched(**change):
    values = {
        "state": State.IN_PROGRESS,
        "notice_by": D("2026-04-07"),
        "alarm_on": D("2026-04-02"),
        "silence_on": D("2026-04-15"),
        "pay_by": None,
        "is_extended": False,
        "is_noticed": False,
    }
    return foi.Watched(**{**values, **change})


def kinds(case, today):
    return [alarm.kind for alarm in foi.due_alarms(case, D(today))]


def test_the_alarms_of_an_ordinary_request():
    case = watched()
    assert kinds(case, "2026-04-01") == []
    assert kinds(case, "2026-04-02") == ["foi_day12"]
    assert kinds(case, "2026-04-08") == ["foi_day12", "foi_silence_7"]
    assert kinds(case, "2026-04-13") == ["foi_silence_7", "foi_silence_2"]
    assert kinds(case, "2026-04-15") == ["foi_silence_2", "foi_silence_0"]
    assert kinds(case, "2026-05-15") == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"is_noticed": True}, []),
        ({"is_extended": True}, []),
        ({"state": State.ANSWERED}, []),
        ({"state": State.FEE_PENDING, "notice_by": None, "alarm_on": None}, []),
        ({"alarm_on": None}, []),
    ],
)
def test_a_letter_or_an_answer_silences_day_twelve(change, expected):
    assert kinds(watched(**change), "2026-04-02") == expected


def test_an_unpaid_fee_is_told_the_day_after():
    case = watched(state=State.FEE_PENDING, pay_by=D("2026-04-03"), silence_on=None, alarm_on=None)
    assert kinds(case, "2026-04-03") == []
    assert kinds(case, "2026-04-04") == ["foi_fee_unpaid"]
    assert foi.is_fee_overdue(State.FEE_PENDING, D("2026-04-03"), D("2026-04-04"))
    assert not foi.is_fee_overdue(State.FEE_PENDING, D("2026-04-03"), D("2026-04-03"))
    assert not foi.is_fee_overdue(State.IN_PROGRESS, D("2026-04-03"), D("2026-04-04"))


def test_the_board_is_not_kept_waiting_even_after_the_case_has_ended():
    case = watched(state=State.APPEALED, documents_due_on=D("2026-05-20"))
    assert kinds(case, "2026-05-15") == ["foi_documents_5"]
    assert kinds(case, "2026-05-20") == ["foi_documents_5", "foi_documents_1", "foi_documents_0"]


@given(st.dates(D("2026-01-01"), D("2026-12-31")))
def test_every_alarm_has_its_words_and_lies_in_the_last_week(today):
    case = watched(
        state=State.FEE_PENDING, pay_by=D("2026-05-10"), documents_due_on=D("2026-06-10")
    )
    for alarm in foi.due_alarms(case, today):
        assert alarm.kind in foi.ALARM_TEXTS
        assert today - dt.timedelta(days=foi.LOOK_BACK_DAYS) < alarm.on <= today


# --- appeals, catalogue, report -------------------------------------------------------------------------
def test_steps_of_an_appeal_follow_each_other():
    assert foi.APPEAL_STEPS["send"] == {AppealState.DOCUMENTS_ASKED}
    assert AppealState.DECIDED not in foi.APPEAL_STEPS["decide"]
    assert foi.APPEAL_STEPS["follow"] == {AppealState.DECIDED}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, set()),
        ({"forum": None}, {"forum"}),
        ({"filed_on": None}, {"filed_on"}),
        ({"filed_on": D("2026-06-02")}, {"filed_on"}),
        ({"notified_on": D("2026-05-22")}, {"filed_on"}),
        ({"filed_on": D("2003-05-22")}, {"filed_on"}),
        ({"file_no": "x" * 61}, {"file_no"}),
    ],
)
def test_an_appeal_names_where_and_when(change, expected):
    values = {"forum": "board", "filed_on": D("2026-05-20"), **change}
    assert fields(foi.appeal_violations(values, today=D("2026-06-01"))) == expected


@pytest.mark.parametrize(
    ("cycle", "since", "expected"),
    [
        (UpdateCycle.NEVER, "2026-01-31", None),
        (UpdateCycle.MONTHLY, "2026-01-31", "2026-02-28"),
        (UpdateCycle.QUARTERLY, "2026-11-30", "2027-02-28"),
        (UpdateCycle.HALF_YEARLY, "2026-07-01", "2027-01-01"),
        (UpdateCycle.YEARLY, "2024-02-29", "2025-02-28"),
    ],
)
def test_the_next_update(cycle, since, expected):
    assert foi.next_update(cycle, D(since)) == (D(expected) if expected else None)
    assert foi.next_update(cycle, None) is None


@given(st.sampled_from(list(foi.CYCLE_MONTHS)), st.dates(D("2005-01-01"), D("2090-01-01")))
def test_an_update_is_never_due_before_the_last_one(cycle, since):
    assert foi.next_update(cycle, since) > since


def test_the_catalogue_leads_somewhere():
    good = {"title": "Meclis kararları", "url": "https://ornek.bel.tr/x"}
    assert not list(foi.published_violations(good))
    assert fields(foi.published_violations({"title": "x"})) == {"place"}
    assert fields(foi.published_violations({**good, "url": "javascript:alert(1)"})) == {"url"}
    assert fields(foi.published_violations({**good, "cycle": "yearly"})) == {"published_on"}


def test_lines_of_the_report_count_something():
    good = {"code": "a", "text": "x", "figure": "received", "valid_from_year": 2004}
    assert not list(foi.report_line_violations(good))
    assert fields(foi.report_line_violations({**good, "figure": "x"})) == {"figure"}
    assert fields(foi.report_line_violations({**good, "valid_to_year": 2003})) == {"valid_to_year"}


def test_a_ground_holds_for_days_in_order():
    good = {
        "code": "m.21", "law": "4982", "article": "21", "title": "x", "letter_text": "y",
        "valid_from": D("2004-04-24"),
    }  # fmt: skip
    assert not list(foi.ground_violations(good))
    assert fields(foi.ground_violations({**good, "valid_to": D("2004-04-23")})) == {"valid_to"}
    assert fields(foi.ground_violations({})) == {
        "code", "law", "article", "title", "letter_text", "valid_from",
    }  # fmt: skip
