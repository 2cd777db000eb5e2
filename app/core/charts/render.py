"""Drawing of a specification without a browser; heavy, so only workers and commands call it."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from app.core.charts.spec import VEGA_LITE

# A drawing holds its data; no address at all may be asked for more.
_NO_ADDRESS: list[str] = []


def render_svg(spec: Mapping[str, Any]) -> str:
    """Return the drawing as SVG with its description as name; takes about half a second."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(
        dict(spec), vl_version=VEGA_LITE, allowed_base_urls=_NO_ADDRESS
    )
    text = str(spec.get("description", ""))
    lang = str(spec.get("usermeta", {}).get("lang", "tr"))
    opening, _, rest = svg.partition(">")
    named = f'{opening} role="img" lang={quoteattr(lang)} aria-label={quoteattr(text)}>'
    return f"{named}<title>{escape(text)}</title>{rest}"


def render_png(spec: Mapping[str, Any], scale: float = 2) -> bytes:
    """Return the drawing as PNG; ``scale`` 2 gives 144 dots an inch, enough for office paper."""
    import vl_convert

    png: bytes = vl_convert.vegalite_to_png(
        dict(spec), vl_version=VEGA_LITE, scale=scale, allowed_base_urls=_NO_ADDRESS
    )
    return png
