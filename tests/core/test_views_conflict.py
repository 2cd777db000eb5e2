"""The conflict page's answers: a field marked "theirs" keeps what is saved, all others what was typed."""

from __future__ import annotations

from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.validators import InputRequired

from app.core.views.crud import keep_saved
from app.core.views.fields import DayField, NumberField


class _UnitForm(Form):
    name = StringField("Name", [InputRequired()])
    code = StringField("Code", [InputRequired()])
    share = NumberField("Share")
    since = DayField("Since")
    kind = SelectField("Kind", choices=[("a", "A"), ("b", "B")])
    active = BooleanField("Active")


SAVED = {"name": "Saved", "code": "010", "share": 2.5, "since": None, "kind": "b", "active": True}


def _form(**answers: str) -> tuple[_UnitForm, MultiDict[str, str]]:
    posted = MultiDict({"name": "Typed", "code": "", "share": "9", "kind": "a", **answers})
    with Flask(__name__).test_request_context():
        form = _UnitForm(posted)
        keep_saved(form, SAVED, posted)  # type: ignore[arg-type]
    return form, posted


def test_without_answers_what_was_typed_stays() -> None:
    form, _posted = _form()
    assert form.name.data == "Typed"
    assert form.share.data == 9
    assert form.active.data is False


def test_a_field_marked_theirs_takes_the_saved_value_and_the_others_stay() -> None:
    form, _posted = _form(_keep_name="theirs", _keep_share="theirs", _keep_kind="yours")
    assert form.name.data == "Saved"
    assert form.share.data == 2.5
    assert form.kind.data == "a"


def test_a_saved_value_satisfies_a_required_field_that_was_emptied() -> None:
    form, _posted = _form(_keep_code="theirs")
    form.validate()
    assert form.code.data == "010"
    assert not form.code.errors


def test_choices_and_ticks_can_be_kept() -> None:
    form, _posted = _form(_keep_kind="theirs", _keep_active="theirs")
    assert form.kind.data == "b"
    assert form.active.data is True
