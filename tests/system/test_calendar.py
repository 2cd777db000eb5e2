"""Legal time from rows: calendar, versions of rules, leave and what follows from a change."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.calendar import DayKind, PeriodUnit, SpecialDay
from app.core.rules import RuleViolation
from app.system.models import CalendarDay, LegalRule
from app.system.queries import (
    UnknownRuleError,
    compute_deadline,
    find_rule,
    list_rule_keys,
    load_calendar,
)
from app.system.rules import LEGAL_PERIODS
from app.system.services import calendar, settings
from tests.system.house import KINDS, house

D = dt.date.fromisoformat
#: Received on, 15 and 30 working days with half days counted (A) and not (B), 30 calendar days (A).
#: Source: domain facts 2.2.
VECTORS = [
    ("2026-03-16", "2026-04-07", "2026-04-08", "2026-04-29", "2026-04-30", "2026-04-15"),
    ("2026-05-20", "2026-06-15", "2026-06-16", "2026-07-06", "2026-07-07", "2026-06-19"),
    ("2026-10-26", "2026-11-17", "2026-11-18", "2026-12-08", "2026-12-09", "2026-11-25"),
    ("2026-12-21", "2027-01-12", "2027-01-12", "2027-02-02", "2027-02-02", "2027-01-20"),
    ("2026-04-01", "2026-04-22", "2026-04-22", "2026-05-15", "2026-05-15", "2026-05-04"),
    ("2026-06-15", "2026-07-06", "2026-07-06", "2026-07-28", "2026-07-28", "2026-07-16"),
    ("2026-02-18", "2026-03-11", "2026-03-11", "2026-04-02", "2026-04-03", "2026-03-23"),
    ("2026-04-29", "2026-05-22", "2026-05-22", "2026-06-17", "2026-06-18", "2026-06-01"),
    ("2026-04-26", "2026-05-18", "2026-05-18", "2026-06-12", "2026-06-15", "2026-05-26"),
]


@pytest.fixture
def session(tmp_path: Path) -> Any:
    with house("sqlite", tmp_path) as made, made() as opened:
        settings.ensure_rows(opened)
        calendar.load_holidays(opened)
        calendar.load_legal_rules(opened)
        yield opened


def due(session: Any, key: str, received: str) -> str:
    return str(compute_deadline(session, rule_key=key, received_on=D(received)).due_on)


@pytest.mark.parametrize("row", VECTORS, ids=lambda r: r[0])
def test_deadlines_match_the_directorates_table(session: Any, row: tuple[str, ...]) -> None:
    received, wd15_a, wd15_b, wd30_a, wd30_b, days30 = row
    assert due(session, "foi_access", received) == wd15_a
    assert due(session, "foi_access_ext", received) == wd30_a
    assert due(session, "petition_answer", received) == days30
    settings.set_setting(session, key="half_day_counts_as_working_day", value=False)
    assert due(session, "foi_access", received) == wd15_b
    assert due(session, "foi_access_ext", received) == wd30_b


def test_holidays_are_loaded_once_from_2015_to_2035(session: Any) -> None:
    first, last = session.execute(select(func.min(CalendarDay.on), func.max(CalendarDay.on))).one()
    assert (first.year, last.year) == (2015, 2035)
    before = session.scalar(select(func.count()).select_from(CalendarDay))
    assert calendar.load_holidays(session) == 0
    assert session.scalar(select(func.count()).select_from(CalendarDay)) == before
    estimated = select(func.min(CalendarDay.on)).where(CalendarDay.is_estimated.is_(True))
    assert session.scalar(estimated).year == 2033


def test_every_period_of_the_table_is_there_with_its_law(session: Any) -> None:
    keys = set(list_rule_keys(session))
    assert keys == {period.key for period in LEGAL_PERIODS}
    assert {
        "petition_answer", "tbmm_petition", "foi_access", "foi_access_ext", "foi_ext_notice", "foi_ext_alarm",
        "foi_fee",
        "foi_forward", "foi_appeal", "foi_board_decision", "foi_board_docs", "foi_silence",
        "foi_privacy_consent", "foi_annual_report", "kvkk_request", "kvkk_complaint", "kvkk_breach",
        "kvkk_purge", "kdk_docs", "idari_silence", "vif_to_accounting",
    } <= keys  # fmt: skip
    assert calendar.load_legal_rules(session) == 0
    assert all(period.law and period.label for period in LEGAL_PERIODS)


def test_the_version_in_force_on_the_day_of_receipt_counts(session: Any) -> None:
    assert find_rule(session, "idari_silence", D("2021-07-13")).days == 60
    assert find_rule(session, "idari_silence", D("2021-07-14")).days == 30
    old = compute_deadline(session, rule_key="idari_silence", received_on=D("2021-06-01"))
    assert (old.rule.version, old.days) == (1, 60)
    new = compute_deadline(
        session, rule_key="idari_silence", received_on=D("2021-06-01"), as_of=D("2026-01-01")
    )
    assert (new.rule.version, new.days) == (2, 30)


@pytest.mark.parametrize(("key", "on"), [("no_such", "2026-01-05"), ("foi_access", "2004-04-23")])
def test_a_rule_that_did_not_exist_is_refused(session: Any, key: str, on: str) -> None:
    with pytest.raises(UnknownRuleError) as refused:
        find_rule(session, key, D(on))
    assert (refused.value.key, refused.value.on) == (key, D(on))


def test_a_new_version_ends_the_one_before_it(session: Any) -> None:
    rule = calendar.add_rule_version(
        session,
        key="petition_answer",
        law="3071 m.7",
        days=20,
        unit=PeriodUnit.CALENDAR_DAYS,
        valid_from=D("2027-01-01"),
    )
    assert rule.rule_version == 2
    old = session.scalars(
        select(LegalRule).where(LegalRule.key == "petition_answer", LegalRule.rule_version == 1)
    ).one()
    assert old.valid_to == D("2026-12-31")
    assert find_rule(session, "petition_answer", D("2026-12-31")).days == 30
    assert find_rule(session, "petition_answer", D("2027-01-01")).days == 20


def test_a_version_cannot_begin_before_the_one_it_follows(session: Any) -> None:
    with pytest.raises(RuleViolation, match=r"11\.01\.2003"):
        calendar.add_rule_version(
            session,
            key="petition_answer",
            law="3071 m.7",
            days=20,
            unit=PeriodUnit.CALENDAR_DAYS,
            valid_from=D("2003-01-11"),
        )


def test_leave_moves_internal_goals_and_legal_periods_only_by_setting(session: Any) -> None:
    before = due(session, "foi_access", "2026-03-02")
    calendar.add_leave(
        session,
        on=D("2026-03-10"),
        kind=DayKind.ADMINISTRATIVE_LEAVE,
        name="Kar tatili",
        authority="Tekirdağ Valiliği",
    )
    assert due(session, "foi_access", "2026-03-02") == before
    assert load_calendar(session).is_working(D("2026-03-10"))
    assert not load_calendar(session, internal=True).is_working(D("2026-03-10"))
    settings.set_setting(session, key="leave_counts_for_legal", value=False)
    assert (before, due(session, "foi_access", "2026-03-02")) == ("2026-03-24", "2026-03-25")


def test_a_leave_names_who_declared_it_and_stands_once(session: Any) -> None:
    day = {"on": D("2026-03-10"), "kind": DayKind.ADMINISTRATIVE_LEAVE, "name": "Kar tatili"}
    with pytest.raises(RuleViolation) as refused:
        calendar.add_leave(session, **day)
    assert refused.value.violations[0].field == "authority"
    calendar.add_leave(session, **day, authority="Tekirdağ Valiliği")
    with pytest.raises(RuleViolation) as twice:
        calendar.add_leave(session, **day, authority="Tekirdağ Valiliği")
    assert twice.value.violations[0].field == "on"


def test_each_change_of_the_calendar_reaches_the_rooms_with_clocks(
    session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        calendar, "on_change", [lambda s, _words: seen.append(due(s, "foi_access", "2026-03-02"))]
    )
    settings.set_setting(session, key="leave_counts_for_legal", value=False)
    day = calendar.add_leave(
        session,
        on=D("2026-03-10"),
        kind=DayKind.ADMINISTRATIVE_LEAVE,
        name="Kar tatili",
        authority="Tekirdağ Valiliği",
    )
    day.on = D("2026-03-07")
    calendar.change_day(session, day=day)
    calendar.remove_day(session, day=day)
    assert seen == ["2026-03-25", "2026-03-24", "2026-03-24"]


def test_a_preview_tells_what_a_leave_would_move_and_stores_nothing(session: Any) -> None:
    settings.set_setting(session, key="leave_counts_for_legal", value=False)
    leave = SpecialDay(D("2026-03-10"), DayKind.ADMINISTRATIVE_LEAVE, "Kar tatili")
    shifts = calendar.preview(session, day=leave)
    moved = {(s.rule_key, str(s.received_on)): (str(s.before), str(s.after)) for s in shifts}
    assert moved["foi_access", "2026-03-02"] == ("2026-03-24", "2026-03-25")
    assert moved["petition_answer", "2026-02-08"] == ("2026-03-10", "2026-03-11")
    assert ("petition_answer", "2026-02-05") not in moved
    assert due(session, "foi_access", "2026-03-02") == "2026-03-24"


@pytest.mark.parametrize("kind", KINDS)
def test_both_databases_give_the_same_deadlines(kind: str, tmp_path: Path) -> None:
    with house(kind, tmp_path) as made, made.begin() as session:
        calendar.load_holidays(session, year_from=2026, year_to=2026)
        calendar.load_legal_rules(session)
        assert due(session, "foi_access", "2026-03-16") == "2026-04-07"


# --- flask deadline -------------------------------------------------------------------------------------
def run(app: Any, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["deadline", *arguments])


def test_the_command_prints_day_rule_version_and_trail(app: Any) -> None:
    found = run(app, "petition_answer", "01.04.2026")
    assert found.exit_code == 0, found.output
    assert "4 Mayıs 2026" in found.output
    assert "3071 m.7" in found.output
    assert "01.05.2026" in found.output


def test_the_command_speaks_json(app: Any) -> None:
    found = run(app, "foi_access", "2026-03-16", "--json")
    data = json.loads(found.output)
    assert data["due_on"] == "2026-04-07"
    assert (data["rule"]["key"], data["rule"]["version"]) == ("foi_access", 1)
    assert data["trail"][0]["number"] == 0
    assert data["trail"][-1]["number"] == 15


def test_the_command_takes_the_version_of_another_day(app: Any) -> None:
    found = run(app, "idari_silence", "2021-06-01", "--json", "--as-of", "2026-01-01")
    assert json.loads(found.output)["rule"]["version"] == 2


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("no_such_rule", "2026-03-16"), "no_such_rule"),
        (("foi_access", "31.02.2026"), "31.02.2026"),
        (("foi_access", "2000-01-03"), "03.01.2000"),
        (("foi_access", "2026-03-16", "--as-of", "x"), "x"),
    ],
)
def test_the_command_refuses_clearly_with_exit_code_2(
    app: Any, arguments: tuple[str, ...], word: str
) -> None:
    found = run(app, *arguments)
    assert found.exit_code == 2
    assert word in found.output
    assert "Traceback" not in found.output
