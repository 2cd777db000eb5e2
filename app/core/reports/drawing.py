"""Charts of a report drawn in a process of their own, which is ended when it takes too long.

The drawing library keeps two hundred megabytes and a JavaScript engine; in a process of its own both
go away with it, and a drawing that never ends costs one report and not the worker.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.core.documents import ChartSection, RenderError, ReportDocument

TIMEOUT_SECONDS = 180.0
#: Enough for office paper without making the workbook heavy.
PNG_SCALE = 1.6
_KEPT = ("PATH", "HOME", "SYSTEMROOT", "WINDIR", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Plot(ChartSection):
    """A chart section whose drawing is still a specification."""

    spec: Mapping[str, Any] = field(default_factory=dict, hash=False)


def drawn(document: ReportDocument, *, timeout: float = TIMEOUT_SECONDS) -> ReportDocument:
    """Return the document with every plot drawn, as SVG for paper and PNG for Excel.

    Raises RenderError when the drawings are not ready in time or cannot be drawn.
    """
    plots = [section for section in document.sections if isinstance(section, Plot)]
    if not plots:
        return document
    pictures = iter(_draw([plot.spec for plot in plots], timeout))
    sections = [
        _with_picture(section, next(pictures)) if isinstance(section, Plot) else section
        for section in document.sections
    ]
    return replace(document, sections=sections)


def _with_picture(plot: Plot, picture: Mapping[str, str]) -> ChartSection:
    return replace(plot, svg=picture["svg"], png=base64.b64decode(picture["png"]), spec={})


def _draw(specs: Sequence[Mapping[str, Any]], timeout: float) -> list[dict[str, str]]:
    order = json.dumps([dict(spec) for spec in specs], default=str).encode("utf-8")
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        done = subprocess.run(  # Our own interpreter and module, data on standard input.
            [sys.executable, "-m", "app.core.reports.drawing"],
            input=order,
            capture_output=True,
            timeout=timeout,
            check=False,
            cwd=Path(__file__).resolve().parents[3],
            env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise RenderError(f"the drawings were not ready after {timeout:g} seconds") from error
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise RenderError(last or f"drawing ended with code {done.returncode}")
    answer: list[dict[str, str]] = json.loads(done.stdout)
    return answer


def answer_order(message: bytes) -> bytes:
    """Draw a list of specifications; called in the other process."""
    from app.core.charts import render_png, render_svg

    pictures = [
        {
            "svg": render_svg(spec),
            "png": base64.b64encode(render_png(spec, scale=PNG_SCALE)).decode("ascii"),
        }
        for spec in json.loads(message)
    ]
    return json.dumps(pictures).encode("utf-8")


if __name__ == "__main__":
    sys.stdout.buffer.write(answer_order(sys.stdin.buffer.read()))
