"""Pictures for paper and the bundle for the browser, made by the real renderer."""

import re
from pathlib import Path

import pytest
import vl_convert

from app.core.charts import PALETTE, build_spec, render_png, render_svg
from app.core.charts.bundle import stamp, write_bundle
from app.core.charts.palette import readable_on
from app.core.charts.spec import VEGA_LITE
from tests.core.test_charts.support import SAMPLES, WORDS, _spec

STATIC = Path(__file__).resolve().parents[2] / "app" / "static"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_mark_is_drawn_on_paper_with_its_turkish_words(name):
    chart, rows = SAMPLES[name]
    svg = render_svg(build_spec(chart, rows, theme="print", words=WORDS, titled=True))
    assert svg.startswith("<svg")
    assert "<title>Başvurular. " in svg
    assert 'role="img"' in svg
    assert 'lang="tr"' in svg
    shown = re.findall(r">([^<]+)</text>", svg)
    assert "Başvurular" in shown
    assert not any("Infinity" in text or "NaN" in text or "undefined" in text for text in shown)


def test_a_drawing_names_its_months_channels_and_figures_in_turkish():
    svg = render_svg(_spec(*SAMPLES["stacked_bar"]))
    for text in ("Oca", "Şub", "CİMER", "ALO 153", "Başvuru sayısı", "440"):
        assert f">{text}</text>" in svg
    assert ">%60</text>" in render_svg(_spec(*SAMPLES["opinions"]))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_drawing_points_to_nothing_outside_itself(name):
    chart, rows = SAMPLES[name]
    svg = render_svg(build_spec(chart, rows, theme="light", words=WORDS, link=lambda _: "/list/"))
    assert "href=" not in svg
    assert "<image" not in svg
    assert "<script" not in svg
    addresses = set(re.findall(r"https?://[^\"'\s<]+", svg))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_a_png_is_a_png_of_the_asked_size():
    spec = _spec(*SAMPLES["bar"], width=400, height=200)
    png = render_png(spec, scale=2)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    assert abs(width - 800) <= 4
    assert abs(height - 400) <= 4


def test_an_empty_chart_can_still_be_drawn():
    chart, _ = SAMPLES["bar"]
    assert render_svg(build_spec(chart, [], theme="print", words=WORDS)).startswith("<svg")


def test_data_from_an_address_are_refused():
    spec = _spec(*SAMPLES["bar"]) | {"data": {"url": "https://example.org/data.json"}}
    with pytest.raises(ValueError, match="not allowed"):
        render_svg(spec)


def test_we_speak_the_newest_grammar_the_package_bundles():
    assert vl_convert.get_vegalite_versions()[-1] == VEGA_LITE


def test_the_bundle_is_written_once_and_again_when_its_stamp_is_old(tmp_path):
    path = tmp_path / "generated" / "vega.js"
    assert write_bundle(path) is True
    first = path.stat().st_mtime_ns
    assert write_bundle(path) is False
    assert path.stat().st_mtime_ns == first
    script = path.read_text(encoding="utf-8")
    assert script.startswith(stamp())
    assert "window.vegaEmbed" in script
    path.write_text("/* vl-convert-python 0.1 */\n", encoding="utf-8")
    assert write_bundle(path) is True
    assert [file.name for file in path.parent.iterdir()] == ["vega.js"]


@pytest.mark.parametrize(("theme", "side"), [("light", 0), ("dark", 1)])
def test_the_palette_repeats_the_tokens_of_the_look(theme, side):
    tokens = next(STATIC.rglob("tokens.css"), None)
    if tokens is None:
        pytest.fail("the style sheets are not in the tree")
    text = tokens.read_text(encoding="utf-8")
    pairs = {
        name: (light, dark)
        for name, light, dark in re.findall(
            r"--([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)", text
        )
    }
    colours = PALETTE[theme]
    for group, prefix in (("category", "cat"), ("sequence", "seq"), ("diverging", "div")):
        expected = tuple(
            pairs[f"{prefix}-{place}"][side] for place in range(1, len(getattr(colours, group)) + 1)
        )
        assert getattr(colours, group) == expected
    for name in ("surface", "inset", "line", "edge", "text"):
        assert getattr(colours, name) == pairs[name][side]


def test_words_on_a_step_of_colour_can_be_read():
    light = PALETTE["light"]
    assert readable_on(light.sequence[0], light) == light.text
    assert readable_on(light.sequence[-1], light) == light.surface
