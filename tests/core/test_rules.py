"""How rules report what is broken."""

import pickle

import pytest

from app.core.rules import N_, ConflictError, RuleViolation, Violation, collect

MISSING = Violation("subject", N_("Write a subject."))
LONG = Violation("body", N_("Shorten it by %(count)s characters."), {"count": 12})


def test_the_marker_changes_nothing():
    assert N_("Write a subject.") == "Write a subject."


def test_collect_runs_every_rule_and_keeps_the_order():
    assert collect([], iter([MISSING]), (LONG,)) == (MISSING, LONG)
    assert collect() == ()


@pytest.mark.parametrize("raised", [RuleViolation(MISSING, LONG), RuleViolation([MISSING, LONG])])
def test_a_rule_violation_carries_all_violations(raised):
    assert raised.violations == (MISSING, LONG)
    assert str(raised) == "subject: Write a subject.; body: Shorten it by 12 characters."


def test_violations_can_be_members_of_a_set():
    assert {LONG, LONG, MISSING} == {MISSING, LONG}


@pytest.mark.parametrize("error", [RuleViolation(MISSING, LONG), ConflictError("Changed.", 7)])
def test_errors_survive_the_way_to_a_worker_and_back(error):
    copy = pickle.loads(pickle.dumps(error))
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)


def test_a_conflict_says_which_version_is_current():
    assert ConflictError("Changed.", 7).current_version == 7
