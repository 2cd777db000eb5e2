"""The chart colours of the look, resolved to hex for each theme; no other file holds one.

They repeat static/css/tokens.css because a drawing for paper has no style sheet to ask; a test
compares the two. Print is the light theme with darker words: paper shows pale grey badly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

Theme = Literal["light", "dark", "print"]
THEMES: tuple[str, ...] = get_args(Theme)


@dataclass(frozen=True)
class Colours:
    """Every colour a drawing uses in one theme."""

    surface: str
    inset: str
    line: str
    edge: str
    text: str
    text_2: str
    text_3: str
    category: tuple[str, ...]
    sequence: tuple[str, ...]
    diverging: tuple[str, ...]
    other: str
    # A line in the pale grey of "other" could not be followed.
    other_line: str


_LIGHT = Colours(
    surface="#ffffff",
    inset="#eff3f3",
    line="#dde3e4",
    edge="#758288",
    text="#172024",
    text_2="#465259",
    text_3="#5b676d",
    category=(
        "#0d5f73", "#d77305", "#42387c", "#769c64", "#b34738", "#5782c9", "#591f0a", "#747475",
    ),
    sequence=("#e1f0f2", "#bfdfe4", "#93c7d0", "#5fa8b6", "#318598", "#0d5f73", "#083f4d"),
    diverging=("#a8430f", "#e0a06a", "#c3cacd", "#6fb0bd", "#0d5f73"),
    other="#c3cacd",
    other_line="#172024",
)  # fmt: skip

_DARK = Colours(
    surface="#171c1f",
    inset="#1e2427",
    line="#2b3338",
    edge="#748289",
    text="#e5eaec",
    text_2="#b0bbc0",
    text_3="#93a0a6",
    category=(
        "#63c1d3", "#e9a436", "#9d7ef7", "#b5dd94", "#e4736d", "#457eb8", "#925a36", "#eceded",
    ),
    sequence=("#14303a", "#184551", "#1c5c6b", "#2a7788", "#4897a8", "#77bac8", "#b4e2ea"),
    diverging=("#f09a5b", "#a8673b", "#59646a", "#3a8192", "#7ccfdf"),
    other="#59646a",
    other_line="#748289",
)  # fmt: skip

PALETTE: Mapping[str, Colours] = {
    "light": _LIGHT,
    "dark": _DARK,
    "print": replace(_LIGHT, text="#000000", text_2="#172024", text_3="#465259"),
}

# Lines differ by dash as well as by colour: eight patterns for eight colours, the last for "other".
DASHES: tuple[tuple[int, ...], ...] = (
    (1, 0), (6, 3), (2, 3), (8, 3, 2, 3), (12, 4), (4, 2), (1, 4), (10, 3, 2, 3, 2, 3), (2, 6),
)  # fmt: skip
SHAPES: tuple[str, ...] = (
    "circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "triangle-right",
    "triangle-left", "stroke",
)  # fmt: skip


def readable_on(fill: str, colours: Colours) -> str:
    """Return the word colour, dark or light, that stands out more from a fill."""
    choices = (colours.text, colours.surface)
    return max(choices, key=lambda choice: _contrast(choice, fill))


def _contrast(one: str, two: str) -> float:
    """Return the contrast ratio of two hex colours as WCAG 2 defines it."""
    high, low = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
