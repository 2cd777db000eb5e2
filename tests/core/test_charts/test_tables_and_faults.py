"""The table beside it, and faults."""

import json

import pytest

from app.core.charts import (
    Axis,
    ChartError,
    data_table,
)
from app.core.charts.page import chart_answer, figure_attributes
from tests.core.test_charts.support import (
    CHANNEL,
    CHANNEL_ROWS,
    COUNT,
    DISTRICT,
    MONTH,
    MONTH_ROWS,
    SAMPLES,
    WORDS,
    _chart,
    _marks,
    _spec,
)

# Table.


def test_the_table_equals_the_rows():
    chart, rows = SAMPLES["stacked_bar"]
    table = data_table(chart, rows, words=WORDS)
    assert table.headers == ("Ay", "ALO 153", "CİMER", "Toplam")
    assert table.rows[0] == ("Ocak 2026", "100", "10", "110")
    assert table.totals == ("Toplam", "1.000", "100", "1.100")
    drawn = {(row[0], name): value for row, values in zip(table.rows, table.values, strict=True)
             for name, value in zip(table.headers[1:3], values[1:3], strict=True)}  # fmt: skip
    assert sorted(drawn.values()) == sorted(row["n"] for row in rows)
    assert table.align == ("left", "right", "right", "right")
    assert json.loads(json.dumps(table.to_dict()))["rows"][0][1] == "100"


def test_averages_have_no_total_and_a_missing_one_is_not_nought():
    chart = _chart("line", color=CHANNEL, unit="number")
    table = data_table(chart, CHANNEL_ROWS[:1] + CHANNEL_ROWS[3:], words=WORDS)
    assert table.totals is None
    assert "yok" in table.rows[0]


def test_rows_and_urls_have_one_shape_for_every_mark():
    for chart, rows in SAMPLES.values():
        table = data_table(chart, rows, words=WORDS)
        width = len(table.headers)
        for line in (*table.rows, *table.urls, *table.values, table.align):
            assert len(line) == width
        assert table.totals is None or len(table.totals) == width


# Faults of a declaration or a query.


@pytest.mark.parametrize(
    ("mark", "more"),
    [
        ("pie", {}),
        ("bar", {"unit": "kg"}),
        ("bar", {"x": DISTRICT, "y": MONTH}),
        ("stacked_bar", {}),
        ("heatmap", {}),
        ("histogram", {}),
        ("line", {"x": COUNT, "y": DISTRICT}),
        ("dot", {}),
        ("pareto", {"x": DISTRICT, "unit": "percent"}),
        ("area", {"color": CHANNEL, "unit": "number"}),
        ("bar", {"palette": "diverging"}),
        ("bar", {"color": COUNT}),
    ],
)
def test_a_contradictory_declaration_is_refused(mark, more):
    with pytest.raises(ChartError, match="sample"):
        _chart(mark, **more)


def test_a_time_axis_without_its_period_is_refused():
    with pytest.raises(ChartError, match="period"):
        Axis(name="month", title="Ay", kind="temporal")


def test_two_rows_for_one_mark_are_a_fault_of_the_query():
    with pytest.raises(ChartError, match="two rows"):
        _spec(_chart("bar"), [{"month": "2026-01", "n": 1}, {"month": "2026-01-15", "n": 2}])


def test_no_rows_draw_nothing_and_say_so():
    for chart, _ in SAMPLES.values():
        assert _spec(chart, [])["usermeta"]["empty"] is True
        assert data_table(chart, [], words=WORDS).rows == ()


def test_a_hostile_name_stays_text():
    name = '"]); alert(1) || ("</script><script>'
    spec = _spec(_chart("stacked_bar", color=CHANNEL),
                 [{"month": "2026-01", "channel": name, "n": 1}])  # fmt: skip
    expression = _marks(spec)[0]["encoding"]["color"]["legend"]["labelExpr"]
    assert json.loads(expression.removesuffix("[datum.value]")) == {name: name}


# What the page and the browser exchange.


@pytest.mark.parametrize(
    ("args", "theme", "width"),
    [
        ({}, "light", 640),
        ({"theme": "dark", "width": "900"}, "dark", 900),
        ({"theme": "neon", "width": "abc"}, "light", 640),
        ({"width": "-5"}, "light", 640),
        ({"width": "99999"}, "light", 2400),
        ({"width": "1"}, "light", 240),
        ({"width": "²"}, "light", 640),
    ],
)
def test_a_hand_written_address_never_ends_in_an_error(args, theme, width):
    answer = chart_answer(_chart("bar"), MONTH_ROWS, args)
    assert answer["spec"]["usermeta"]["theme"] == theme
    assert answer["spec"]["width"] == width
    assert len(answer["table"]["rows"]) == 4


def test_the_figure_says_where_its_data_are_and_what_to_say_when_they_are_not():
    attributes = figure_attributes(_chart("bar"), "/charts/sample", table_id="t")
    assert attributes["data-chart-src"] == "/charts/sample"
    assert attributes["data-chart-table"] == "t"
    assert attributes["data-error"]
    assert attributes["data-empty"]
