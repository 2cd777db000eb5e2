"""Declarations, specifications, tables and hiding of small counts; no browser and no picture."""

from typing import Any

from app.core.charts import (
    Axis,
    Chart,
    Words,
    build_spec,
)

WORDS = Words(
    other="Diğer",
    total="Toplam",
    not_stated="Belirtilmemiş",
    hidden="gizli",
    none="yok",
    goal="Hedef",
    cumulative="Birikimli pay",
    as_of="%(moment)s itibarıyla",
    unfinished="* dönem sürüyor",
    partial="İlk %(n)s çizildi.",
)


COUNT = Axis(name="n", title="Sayı", kind="quantitative")


MONTH = Axis(name="month", title="Ay", kind="temporal", format="month")


DISTRICT = Axis(name="district", title="İlçe", kind="nominal")


CHANNEL = Axis(
    name="channel", title="Kanal", kind="nominal", labels={"call": "ALO 153", "cimer": "CİMER"}
)


ANSWER = Axis(
    name="answer",
    title="Cevap",
    kind="ordinal",
    labels={1: "Hiç", 2: "Değil", 3: "Kararsız", 4: "Memnun", 5: "Çok"},
)


DAY = Axis(name="day", title="Gün", kind="ordinal", labels={1: "Pzt", 2: "Sal", 3: "Çar"})


HOUR = Axis(name="hour", title="Saat", kind="ordinal", sort="given")


MONTH_ROWS = [{"month": f"2026-{m:02}", "n": m * 10} for m in range(1, 5)]


CHANNEL_ROWS = [
    {"month": f"2026-{m:02}", "channel": c, "n": m * w}
    for m in range(1, 5)
    for c, w in (("cimer", 10), ("call", 100))
]


DISTRICT_ROWS = [{"district": name, "n": n} for name, n in
                 (("Çorlu", 11900), ("Süleymanpaşa", 9240), ("Şarköy", 1420))]  # fmt: skip


CELLS = [{"day": d, "hour": h, "n": d * h} for d in (1, 2, 3) for h in (8, 9, 10)]


BINS = [
    {"days": 0, "days_end": 5, "n": 40},
    {"days": 5, "days_end": 15, "n": 25},
    {"days": 15, "days_end": None, "n": 3},
]


OPINIONS = [{"district": "Parkın temizliği", "answer": i + 1, "n": n}
            for i, n in enumerate((4, 9, 14, 46, 27))]  # fmt: skip


def _chart(mark: Any = "bar", **more: Any) -> Chart:
    settings: dict[str, Any] = {
        "key": "sample",
        "title": "Başvurular",
        "mark": mark,
        "x": MONTH,
        "y": COUNT,
        "description": "Aylara göre başvuru sayısı",
        "query": lambda session, params: [],
        "measure_title": "Başvuru sayısı",
    }
    return Chart(**(settings | more))


SAMPLES: dict[str, tuple[Chart, list[dict[str, Any]]]] = {
    "bar": (_chart("bar"), MONTH_ROWS),
    "lying_bar": (_chart("bar", x=COUNT, y=DISTRICT), DISTRICT_ROWS),
    "grouped_bar": (_chart("bar", color=CHANNEL), CHANNEL_ROWS),
    "stacked_bar": (_chart("stacked_bar", color=CHANNEL), CHANNEL_ROWS),
    "opinions": (
        _chart("stacked_bar", x=COUNT, y=DISTRICT, color=ANSWER, unit="percent",
               palette="diverging"),
        OPINIONS,
    ),
    "line": (_chart("line", color=CHANNEL, goal=120), CHANNEL_ROWS),
    "area": (_chart("area", color=CHANNEL), CHANNEL_ROWS),
    "heatmap": (_chart("heatmap", x=HOUR, y=DAY, color=COUNT), CELLS),
    "pareto": (_chart("pareto", x=DISTRICT), DISTRICT_ROWS),
    "histogram": (
        _chart("histogram", x=Axis(name="days", title="Gün", kind="quantitative")), BINS,
    ),
    "dot": (_chart("dot", x=COUNT, y=DISTRICT, unit="number"), DISTRICT_ROWS),
}  # fmt: skip


def _spec(chart: Chart, rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return build_spec(chart, rows, **({"theme": "light", "words": WORDS} | more))


def _marks(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers that hold a mark, however deep they lie."""
    layers = []
    for layer in spec["layer"]:
        layers += _marks(layer) if "layer" in layer else [layer]
    return layers


def _data(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["data"]["values"]


def _texts(spec: dict[str, Any]) -> list[str]:
    """Return the figures that stand on the marks."""
    return [
        datum["label"]
        for layer in _marks(spec)
        if layer["mark"]["type"] == "text"
        for datum in layer.get("data", spec["data"])["values"]
    ]
