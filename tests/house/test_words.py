"""No list and no record shows a code of the program where people expect words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import inspect, select

from app.applications import rules
from app.applications.rules import information
from app.core.acting import SYSTEM, acting_as
from app.core.rooms import Words
from app.core.views import BackOfficeView
from app.core.views.formats import translated
from tests.support import actor_of

#: Columns whose very value is a name that people give or type.
NAMES = frozenset(
    {
        "code", "key", "username", "name", "source", "keywords",
        "hash", "previous_hash", "sha256", "mime",
    }
)  # fmt: skip
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")


def said_in(view: Any, rows: Any) -> set[tuple[str, str]]:
    """Columns and texts of cells that are the stored code itself."""
    sets = view.show_fieldsets or ()
    names = {*view.list_columns, *(n for _title, one in sets for n in one["fields"])}
    found = set()
    for row in rows:
        for name in names - NAMES:
            stored = getattr(row, name, None)
            code = str(getattr(stored, "value", stored))
            if not isinstance(stored, str) or not CODE.fullmatch(code):
                continue
            if view.cell(row, name).text == code:
                found.add((name, code))
    return found


@pytest.mark.parametrize("username", ["yonetici", "mudur"])
def test_no_cell_is_a_code(app: Any, session: Any, username: str) -> None:
    found = {}
    with app.test_request_context("/"), acting_as(actor_of(app, session, username)):
        for view in app.extensions["appbuilder"].baseviews:
            if not isinstance(view, BackOfficeView):
                continue
            newest = view.base_query().order_by(view.model.id.desc()).limit(200)
            if said := said_in(view, session.scalars(newest).unique()):
                found[type(view).__name__] = sorted(said)
    assert found == {}


def test_every_occasion_level_and_kind_of_file_has_words(app: Any, session: Any) -> None:
    assert {*rules.REMINDER_TEXTS, *information.ALARM_TEXTS} <= set(Words("Reminder.kind"))
    assert {level.value for level in rules.ReminderLevel} <= set(Words("Reminder.level"))
    from app.models import Attachment, Reminder

    with acting_as(SYSTEM):
        for column in (Reminder.kind, Reminder.level, Attachment.kind):
            written = set(session.scalars(select(column).distinct())) - {""}
            assert written <= set(Words(str(column))), column


#: Codes of a list that no row of it can hold.
NEVER = {("OutcomeReasonView", "outcome")}


def test_histories_tell_codes_in_words(app: Any) -> None:
    found = []
    with app.test_request_context("/"):
        for view in app.extensions["appbuilder"].baseviews:
            if not isinstance(view, BackOfficeView) or not view.has_history:
                continue
            name = type(view).__name__
            for column in inspect(view.model).columns:
                codes = getattr(column.type, "enums", ())
                is_shown = view.label_of_field(column.key) and (name, column.key) not in NEVER
                if is_shown and any(view.word_of_value(column.key, c) == c for c in codes):
                    found.append((name, column.key))
        runs = next(
            v for v in app.extensions["appbuilder"].baseviews if type(v).__name__ == "ReportRunView"
        )
        assert runs.word_of_value("report_key", "information_year") != "information_year"
    assert found == []


def test_years_are_written_without_a_dot(app: Any, session: Any) -> None:
    grouped = []
    with app.test_request_context("/"), acting_as(SYSTEM):
        for view in app.extensions["appbuilder"].baseviews:
            if not isinstance(view, BackOfficeView):
                continue
            years = [n for n in {*view.list_columns, *view.show_names()} if "year" in n]
            if not years:
                continue
            for row in session.scalars(view.base_query().limit(50)).unique():
                grouped += [
                    (type(view).__name__, name)
                    for name in years
                    if re.search(r"\d\.\d{3}", view.cell(row, name).text)
                ]
    assert grouped == []


def test_an_outcome_is_said_of_one_case(app: Any) -> None:
    with app.test_request_context("/"):
        words = [translated(label) for label in rules.OUTCOME_LABELS.values()]
    assert "Reddedildi" in words
    assert "Reddedilen" not in words
