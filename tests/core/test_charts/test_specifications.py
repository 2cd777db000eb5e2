"""What is drawn."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest

from app.core.charts import (
    PALETTE,
    Axis,
    data_table,
)
from app.core.charts.marks.heat import heat_bounds
from tests.core.test_charts.support import (
    CHANNEL,
    COUNT,
    DISTRICT,
    MONTH_ROWS,
    SAMPLES,
    WORDS,
    _chart,
    _data,
    _marks,
    _spec,
    _texts,
)

# Shape of each mark.


@pytest.mark.parametrize("name", SAMPLES)
def test_every_specification_is_plain_json_with_its_own_data_and_no_address(name):
    spec = _spec(*SAMPLES[name])
    text = json.dumps(spec)
    assert json.loads(text) == spec
    assert '"url"' not in text
    assert '"href"' not in text
    assert spec["$schema"].endswith("/v6.json")
    assert spec["width"] == 640
    assert spec["height"] > 0
    assert spec["config"]["view"] == {"stroke": None}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("bar", {"bar", "text", "rule"}),
        ("lying_bar", {"bar", "text", "rule"}),
        ("stacked_bar", {"bar", "text", "rule"}),
        ("opinions", {"bar", "text", "rule"}),
        ("line", {"line", "point", "rule", "text"}),
        ("area", {"area", "point", "rule"}),
        ("heatmap", {"rect", "text"}),
        ("pareto", {"bar", "line", "point", "rule", "text"}),
        ("histogram", {"bar", "text", "rule"}),
        ("dot", {"point", "text", "rule"}),
    ],
)
def test_each_mark_is_drawn_with_its_layers(name, kinds):
    assert {layer["mark"]["type"] for layer in _marks(_spec(*SAMPLES[name]))} == kinds


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_equal_rows_give_an_equal_specification_in_any_order(name, theme):
    chart, rows = SAMPLES[name]
    first = _spec(chart, rows, theme=theme)
    assert first == _spec(chart, [dict(row) for row in rows], theme=theme)
    if name not in {"heatmap", "opinions"}:
        assert first == _spec(chart, rows[::-1], theme=theme)


def test_upright_and_lying_bars_differ_in_where_the_amount_runs():
    upright, lying = _spec(*SAMPLES["bar"]), _spec(*SAMPLES["lying_bar"])
    assert upright["encoding"]["y"]["field"] == "v"
    assert lying["encoding"]["x"]["field"] == "v"
    assert lying["encoding"]["y"]["sort"] == ["Çorlu", "Süleymanpaşa", "Şarköy"]


def test_lines_differ_by_dash_as_well_as_by_colour():
    line = _marks(_spec(*SAMPLES["line"]))[0]
    scale = line["encoding"]["strokeDash"]["scale"]
    assert scale["domain"] == ["call", "cimer"]
    assert scale["range"][0] != scale["range"][1]
    assert line["encoding"]["color"]["scale"]["range"] == list(PALETTE["light"].category[:2])


def test_dots_of_several_series_differ_by_shape():
    chart = _chart("dot", x=COUNT, y=DISTRICT, color=CHANNEL)
    rows = [{"district": "Saray", "channel": c, "n": 3} for c in ("call", "cimer")]
    shapes = [
        m["encoding"]["shape"] for m in _marks(_spec(chart, rows)) if "shape" in m["encoding"]
    ]
    assert shapes[0]["scale"]["range"] == ["circle", "square"]


def test_the_pareto_runs_up_to_a_hundred_and_starts_with_the_largest():
    data = _data(_spec(*SAMPLES["pareto"]))
    assert [datum["k"] for datum in data] == ["Çorlu", "Süleymanpaşa", "Şarköy"]
    assert [round(datum["share"], 1) for datum in data] == [52.7, 93.7, 100.0]
    assert data[1]["share_tip"] == "Süleymanpaşa: Birikimli pay %93,7"
    spec = _spec(*SAMPLES["pareto"])
    assert spec["resolve"] == {"scale": {"y": "independent"}}


def test_an_open_last_bin_is_as_wide_as_the_one_before_and_named_with_a_plus():
    data = _data(_spec(*SAMPLES["histogram"]))
    assert [(datum["v0"], datum["v1"]) for datum in data] == [(0, 5), (5, 15), (15, 25)]
    assert [datum["tip"] for datum in data] == ["0–5: 40", "5–15: 25", "15+: 3"]


def test_opinions_diverge_from_the_middle_of_the_neutral_answer():
    data = _data(_spec(*SAMPLES["opinions"]))
    assert [(datum["v0"], datum["v1"]) for datum in data] == [
        (-20, -16), (-16, -7), (-7, 7), (7, 53), (53, 80),
    ]  # fmt: skip
    assert "%73" in _texts(_spec(*SAMPLES["opinions"]))


@pytest.mark.parametrize(("most", "whole"), [(60, True), (3, True), (83.4, False), (0.4, False),
                                             (123456, True)])  # fmt: skip
def test_the_steps_of_a_heatmap_are_round_and_the_largest_value_has_the_last_one(most, whole):
    bounds = heat_bounds(most, 7, whole=whole)
    assert len(bounds) == 6
    assert bounds == sorted(set(bounds))
    if most > 6 or not whole:
        assert bounds[-1] <= most


# Values on the marks, formats and words.


@pytest.mark.parametrize(("count", "labelled"), [(12, True), (13, False)])
def test_up_to_twelve_marks_carry_their_values(count, labelled):
    rows = [{"district": f"Mahalle {i}", "n": 1000 + i} for i in range(count)]
    texts = _texts(_spec(_chart("bar", x=DISTRICT, max_categories=20), rows))
    assert texts == ([f"1.{i:03}" for i in range(count - 1, -1, -1)] if labelled else [])


@pytest.mark.parametrize(
    ("unit", "value", "tr", "en"),
    [
        ("count", 1234, "1.234", "1,234"),
        ("number", 4.5, "4,5", "4.5"),
        ("number", Decimal("4.256"), "4,26", "4.26"),
        ("percent", 93.4, "%93,4", "93.4%"),
        ("money", Decimal("1234.5"), "1.234,50 TL", "1,234.50 TL"),
    ],
)
def test_values_are_written_as_the_language_writes_them(unit, value, tr, en):
    chart = _chart("bar", x=DISTRICT, unit=unit)
    rows = [{"district": "Çorlu", "n": value}]
    assert _texts(_spec(chart, rows)) == [tr]
    assert _texts(_spec(chart, rows, lang="en")) == [en]
    assert data_table(chart, rows, words=WORDS).rows == (("Çorlu", tr),)


def test_the_percent_sign_stands_before_the_figure_on_the_axis():
    spec = _spec(*SAMPLES["opinions"])
    axis = _marks(spec)[0]["encoding"]["x"]["axis"]
    assert axis["labelExpr"] == "'%' + format(abs(datum.value), ',.2~f')"


def test_months_are_named_in_turkish_and_the_year_stands_where_it_begins():
    rows = [
        {"month": "2025-12", "n": 1},
        {"month": "2026-01", "n": 2},
        {"month": "2026-02", "n": 3},
    ]
    spec = _spec(_chart("bar"), rows)
    names = json.loads(spec["encoding"]["x"]["axis"]["labelExpr"].removesuffix("[datum.value]"))
    assert list(names.values()) == [["Ara", "2025"], ["Oca", "2026"], ["Şub"]]
    assert _data(spec)[0]["tip"] == "Aralık 2025: 1"
    months = spec["config"]["locale"]["time"]["months"]
    assert months[7] == "Ağustos"
    assert len(months) == 12
    assert spec["config"]["locale"]["time"]["days"][0] == "Pazar"
    assert (
        spec["config"]["locale"]["number"] | {"decimal": ",", "thousands": "."}
        == (spec["config"]["locale"]["number"])
    )


@pytest.mark.parametrize(
    ("grain", "value", "name"),
    [
        ("year", 2026, "2026"),
        ("quarter", date(2026, 8, 1), "2026, 3. çeyrek"),
        ("month", date(2026, 8, 1), "Ağustos 2026"),
        ("month", "2026-08-01 00:00:00", "Ağustos 2026"),
        ("month", datetime(2026, 7, 31, 21, 0, tzinfo=UTC), "Ağustos 2026"),
        ("week", date(2026, 8, 5), "03.08.2026–09.08.2026"),
        ("day", date(2026, 8, 5), "05.08.2026"),
        ("hour", datetime(2026, 8, 5, 14, 20), "05.08.2026 14.00"),
    ],
)
def test_a_period_is_named_whatever_the_database_calls_its_date(grain, value, name):
    axis = Axis(name="month", title="Dönem", kind="temporal", format=grain)
    table = data_table(_chart("line", x=axis), [{"month": value, "n": 1}], words=WORDS)
    assert table.rows[0][0] == name


def test_the_period_that_is_not_over_carries_a_star_and_a_note():
    spec = _spec(_chart("bar"), MONTH_ROWS, as_of=datetime(2026, 4, 20, 8, 45))
    assert _data(spec)[-1]["tip"] == "Nisan 2026*: 40"
    assert spec["usermeta"]["notes"] == ["* dönem sürüyor"]
    assert spec["usermeta"]["asOf"] == "20.04.2026 08.45 itibarıyla"
    over = _spec(_chart("bar"), MONTH_ROWS, as_of=datetime(2026, 5, 1))
    assert over["usermeta"]["notes"] == []


def test_title_and_moment_stand_in_a_drawing_that_travels_alone():
    plain = _spec(_chart("bar"), MONTH_ROWS, as_of=datetime(2026, 6, 1, 9, 5))
    titled = _spec(_chart("bar"), MONTH_ROWS, as_of=datetime(2026, 6, 1, 9, 5), titled=True)
    assert "title" not in plain
    assert titled["title"] == {"text": "Başvurular", "subtitle": "01.06.2026 09.05 itibarıyla"}


def test_a_missing_dimension_is_named_and_coded_values_get_their_labels():
    class Channel(StrEnum):
        CALL = "call"

    rows = [{"month": "2026-01", "channel": Channel.CALL, "n": 5},
            {"month": "2026-01", "channel": None, "n": 2}]  # fmt: skip
    table = data_table(_chart("stacked_bar", color=CHANNEL), rows, words=WORDS)
    assert table.headers == ("Ay", "ALO 153", "Belirtilmemiş", "Toplam")
