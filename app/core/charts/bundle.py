"""The drawing library as one script of our own host: ``python -m app.core.charts.bundle``."""

import os
import tempfile
from importlib.metadata import version
from pathlib import Path

from app.core.charts.spec import VEGA_LITE

BUNDLE = Path(__file__).resolve().parents[2] / "static" / "generated" / "vega.js"


def stamp() -> str:
    """Return the first line of a fresh bundle; it changes when the package or our wish does."""
    return f"/* vl-convert-python {version('vl-convert-python')}, vega-lite {VEGA_LITE} */"


def write_bundle(path: Path = BUNDLE) -> bool:
    """Write the script that sets ``window.vegaEmbed``; tell whether it had to be written.

    It is written beside its place and moved there, so nobody is ever served half of it.
    """
    first = stamp()
    if path.exists():
        with path.open(encoding="utf-8") as old:
            if old.readline().rstrip("\n") == first:
                return False
    import vl_convert

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", VEGA_LITE)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".js")
    with os.fdopen(handle, "w", encoding="utf-8") as new:
        new.write(f"{first}\n{script}")
    Path(name).chmod(0o644)
    Path(name).replace(path)
    return True


if __name__ == "__main__":
    print(f"{BUNDLE.name}: {'written' if write_bundle() else 'fresh'}")  # noqa: T201 - a command speaks
