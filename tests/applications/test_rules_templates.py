"""Merge fields: plain names in double braces, filled once; nothing in a template is ever evaluated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications import rules

NAMES = st.sampled_from(sorted(rules.MERGE_FIELDS))
TEXT = st.text(max_size=60)
PLAIN = st.text(alphabet=st.characters(blacklist_characters="{}%#"), max_size=60)


def violations(body: str, short_text: str = ""):
    return list(
        rules.template_violations({"name": "Kalıp", "body": body, "short_text": short_text})
    )


@given(st.lists(st.tuples(PLAIN, NAMES), max_size=6), st.dictionaries(NAMES, TEXT), PLAIN)
def test_a_text_is_filled_from_left_to_right_and_once(parts, values, tail):
    template = "".join(text + "{{" + name + "}}" for text, name in parts) + tail
    expected = "".join(text + (values.get(name) or rules.GAP) for text, name in parts) + tail
    assert rules.merge_text(template, values) == expected


@given(NAMES, TEXT)
def test_what_a_value_holds_is_text_and_is_not_looked_at_again(name, value):
    template = "{{" + name + "}}"
    assert rules.merge_text(template, {name: value}) == (value or rules.GAP)


@given(NAMES, NAMES)
def test_a_field_inside_a_value_stays_as_it_is(outer, inner):
    value = "{{" + inner + "}}"
    assert rules.merge_text("{{ " + outer + " }}", {outer: value, inner: "secret"}) == (
        "secret" if outer == inner else value
    )


@given(st.lists(NAMES, max_size=5), st.dictionaries(NAMES, PLAIN))
def test_the_missing_fields_are_those_without_a_value(names, values):
    template = " ".join("{{" + name + "}}" for name in names)
    missing = rules.missing_fields(template, values)
    assert set(missing) == {name for name in names if not values.get(name)}
    assert rules.gaps_in(rules.merge_text(template, values)) >= len(missing)


@given(PLAIN)
def test_a_text_without_fields_is_right(text):
    assert not [v for v in violations(f"Metin {text}") if v.field == "body"]


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_known_fields_are_right(names):
    assert not violations(" ".join("{{" + name + "}}" for name in names))


@pytest.mark.parametrize(
    "body",
    [
        "{{bilinmeyen}}",
        "{{ad_soyad",
        "ad_soyad}}",
        "{{ad_soyad}",
        "{% if x %}y{% endif %}",
        "{# not #}",
        "{{ad_soyad.__class__}}",
        "{{ad_soyad|upper}}",
        "{{}}",
    ],
)
def test_what_is_no_field_is_refused(body):
    assert [v.field for v in violations(body)] == ["body"]
    assert [v.field for v in violations("Metin", body)] == ["short_text"]


def test_an_unknown_field_is_named():
    (broken,) = violations("Sayın {{ad_soyad}}, {{adres_no}}")
    assert broken.params == {"name": "{{adres_no}}"}


def test_a_template_needs_a_name_and_a_text():
    assert {v.field for v in rules.template_violations({})} == {"name", "body"}


def test_a_short_text_is_as_long_as_its_column():
    assert [v.field for v in violations("Metin", "a" * 481)] == ["short_text"]
    assert not violations("Metin", "a" * 480)
