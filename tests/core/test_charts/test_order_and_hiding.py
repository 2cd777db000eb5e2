"""Order, folding and small groups."""

import json

from app.core.charts import (
    PALETTE,
    Axis,
    data_table,
    suppress_small,
)
from tests.core.test_charts.support import (
    ANSWER,
    CHANNEL,
    DISTRICT,
    WORDS,
    _chart,
    _data,
    _marks,
    _spec,
    _texts,
)

# Order and folding.


def test_names_sort_in_the_turkish_alphabet():
    names = ["Şarköy", "Saray", "Çorlu", "Ergene", "Çerkezköy", "Süleymanpaşa", "Isparta", "İpsala"]
    axis = Axis(name="district", title="İlçe", kind="nominal", sort="label")
    spec = _spec(_chart("bar", x=axis), [{"district": name, "n": 1} for name in names])
    assert spec["encoding"]["x"]["sort"] == [
        "Çerkezköy", "Çorlu", "Ergene", "Isparta", "İpsala", "Saray", "Süleymanpaşa", "Şarköy",
    ]  # fmt: skip


def test_an_ordinal_axis_keeps_the_order_of_its_labels_and_a_listed_one_its_list():
    spec = _spec(_chart("bar", x=ANSWER), [{"answer": a, "n": a} for a in (5, 1, 3)])
    assert spec["encoding"]["x"]["sort"] == ["1", "3", "5"]
    axis = Axis(name="answer", title="Cevap", kind="ordinal", sort=[3, 5])
    spec = _spec(_chart("bar", x=axis), [{"answer": a, "n": a} for a in (1, 5, 3)])
    assert spec["encoding"]["x"]["sort"] == ["3", "5", "1"]


def test_the_ninth_category_and_later_become_other_which_stands_last():
    rows = [{"district": f"İlçe {i:02}", "n": 100 - i} for i in range(12)]
    rows[11]["n"] = 500  # the largest of all is kept wherever the query put it
    spec = _spec(_chart("bar", x=DISTRICT), rows)
    assert len(_data(spec)) == 9
    assert _data(spec)[0]["k"] == "İlçe 11"
    last = _data(spec)[-1]
    assert last["tip"] == f"Diğer: {93 + 92 + 91 + 90}"
    assert sum(datum["v"] for datum in _data(spec)) == sum(row["n"] for row in rows)
    assert len(data_table(_chart("bar", x=DISTRICT), rows, words=WORDS).rows) == 12


def test_exactly_eight_categories_are_not_folded():
    rows = [{"district": f"İlçe {i}", "n": i + 1} for i in range(8)]
    assert len(_data(_spec(_chart("bar", x=DISTRICT), rows))) == 8
    assert "Diğer" not in json.dumps(_spec(_chart("bar", x=DISTRICT), rows), ensure_ascii=False)


def test_colours_beyond_eight_are_gathered_and_drawn_in_the_neutral_one():
    rows = [{"month": "2026-01", "channel": f"k{i:02}", "n": 50 - i} for i in range(11)]
    spec = _spec(_chart("stacked_bar", color=CHANNEL), rows)
    scale = _marks(spec)[0]["encoding"]["color"]["scale"]
    assert len(scale["domain"]) == 9
    assert scale["range"] == [*PALETTE["light"].category, PALETTE["light"].other]
    assert _data(spec)[-1]["v"] == 42 + 41 + 40


def test_averages_are_never_gathered_and_what_is_left_out_is_said():
    rows = [{"month": "2026-01", "channel": f"k{i:02}", "n": 50 - i} for i in range(11)]
    spec = _spec(_chart("line", color=CHANNEL, unit="number"), rows)
    assert {datum["s"] for datum in _data(spec)} == {f"k{i:02}" for i in range(8)}
    assert spec["usermeta"]["notes"] == ["İlk 8 çizildi."]


def test_an_empty_month_counts_as_nought_but_an_average_is_not_invented():
    rows = [{"month": "2026-01", "n": 4}, {"month": "2026-03", "n": 6}]
    assert [datum["v"] for datum in _data(_spec(_chart("line"), rows))] == [4, 0, 6]
    assert [d["v"] for d in _data(_spec(_chart("line", unit="number"), rows))] == [4, 6]


def test_figures_that_would_run_into_each_other_are_left_to_the_table():
    rows = [{"month": f"2026-{m:02}", "n": 12345} for m in range(1, 12)]
    assert len(_texts(_spec(_chart("bar"), rows, width=640))) == 11
    assert _texts(_spec(_chart("bar"), rows, width=320)) == []


# Links.


def test_a_mark_carries_the_address_of_its_list_and_other_carries_none():
    chart = _chart("bar", x=DISTRICT, drill=lambda row: {"district": row["district"]})
    rows = [{"district": f"İlçe {i:02}", "n": 100 - i} for i in range(10)]
    data = _data(_spec(chart, rows, link=lambda filters: f"/list/?district={filters['district']}"))
    assert data[0]["_url"] == "/list/?district=İlçe 00"
    assert "_url" not in data[-1]
    assert all("_url" not in datum for datum in _data(_spec(chart, rows)))


def test_an_address_that_the_view_wrote_into_the_row_is_kept():
    rows = [{"district": "Saray", "n": 3, "_url": "/list/?d=1"}]
    assert _data(_spec(_chart("bar", x=DISTRICT), rows))[0]["_url"] == "/list/?d=1"
    assert data_table(_chart("bar", x=DISTRICT), rows, words=WORDS).urls == (
        ("/list/?d=1", "/list/?d=1"),
    )


# Hidden counts.


def test_small_counts_are_hidden_and_a_neighbour_with_a_lone_one():
    rows = [{"age": a, "n": n} for a, n in (("18–24", 40), ("25–34", 3), ("35–44", 12), ("45+", 0))]
    hidden = suppress_small(rows, count="n")
    assert [row["n"] for row in hidden] == [40, None, None, 0]
    assert rows[1]["n"] == 3  # the query's rows are not touched


def test_two_hidden_counts_protect_each_other():
    hidden = suppress_small([{"n": 3}, {"n": 4}, {"n": 30}, {"n": 20}], count="n")
    assert [row["n"] for row in hidden] == [None, None, 30, 20]


def test_five_is_shown_and_four_is_not():
    hidden = suppress_small([{"n": 5}, {"n": 4}, {"n": 1}], count="n")
    assert [row["n"] for row in hidden] == [5, None, None]


def test_in_a_cross_table_no_line_and_no_column_holds_a_lone_hidden_cell():
    counts = {("a", "x"): 3, ("a", "y"): 20, ("a", "z"): 30, ("b", "x"): 15, ("b", "y"): 16,
              ("b", "z"): 40, ("c", "x"): 50, ("c", "y"): 60, ("c", "z"): 70}  # fmt: skip
    rows = [{"r": r, "c": c, "people": n, "share": 50} for (r, c), n in counts.items()]
    hidden = suppress_small(rows, count="people", value="share", within=("r", "c"))
    for name in ("r", "c"):
        for value in {row[name] for row in rows}:
            gone = [row for row in hidden if row[name] == value and row["share"] is None]
            assert len(gone) != 1
    assert sum(row["share"] is None for row in hidden) == 4


def test_hidden_cells_say_so_in_drawing_and_table_and_give_no_sum_away():
    rows = suppress_small(
        [{"month": "2026-01", "channel": c, "n": n} for c, n in (("call", 3), ("cimer", 4))]
        + [{"month": "2026-02", "channel": c, "n": n} for c, n in (("call", 30), ("cimer", 40))],
        count="n",
    )
    chart = _chart("stacked_bar", color=CHANNEL)
    table = data_table(chart, rows, words=WORDS)
    assert table.rows[0] == ("Ocak 2026", "gizli", "gizli", "gizli")
    assert table.rows[1] == ("Şubat 2026", "40", "30", "70")
    assert table.totals == ("Toplam", "gizli", "gizli", "gizli")
    assert table.values[0] == (None, None, None, None)
    assert "gizli" in _texts(_spec(chart, rows))
