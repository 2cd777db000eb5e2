"""From a Typst template and data to PDF bytes, shut in one folder; no layout and no words live here.

The data travels as a JSON file that the template reads, so nothing that a citizen typed is ever
read as markup. The compiler sees a temporary folder with the template, the data and the pictures:
Typst itself refuses paths that leave it, addresses are refused in pictures, and the only door to
the network (packages) is closed twice, by `_refuse_doors` and by `_sealed_environment`.
"""

from __future__ import annotations

import base64
import importlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.core import clock

TEMPLATES = Path(__file__).parent / "templates"
#: For keeping and for screen readers: ISO 19005-2 level A, ISO 14289-1.
STANDARDS = ("a-2a", "ua-1")
TIMEOUT_SECONDS = 120.0

_NO_ASSETS: Mapping[str, bytes] = {}
_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\.(?:png|jpg|svg)")
_TEMPLATE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_OUTSIDE_DOORS = re.compile(r"#?\b(?:import|include|plugin|eval)\b")
#: What no font can show and PDF/A forbids: control signs, half surrogates, non-characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
#: Port 9 of this machine discards; whoever asks for a package is sent there.
_DEAD_PROXY = "http://127.0.0.1:9"

log = logging.getLogger(__name__)


class RenderError(Exception):
    """The document could not be drawn; the message says why and names no personal data."""


def render_pdf(
    template: str, data: Mapping[str, Any], assets: Mapping[str, bytes] = _NO_ASSETS
) -> bytes:
    """Draw the template of that name (without ending) with JSON-safe data and pictures by name.

    The PDF is PDF/A-2a and PDF/UA-1. When a text holds signs that no font of this machine has,
    these standards cannot be kept: the document is then tagged PDF 1.7 and a warning is logged.
    Raises `RenderError`.
    """
    if not _TEMPLATE_NAME.fullmatch(template):
        raise RenderError(f"not a template name: {template!r}")
    path = TEMPLATES / f"{template}.typ"
    if not path.is_file():
        raise RenderError(f"no such template: {template}")
    return render_source(path.read_text(encoding="utf-8"), data, assets)


def render_source(
    source: str, data: Mapping[str, Any], assets: Mapping[str, bytes] = _NO_ASSETS
) -> bytes:
    """Draw a template given as text; for `render_pdf` and for tests of what a template may not."""
    _refuse_doors(source)
    try:
        text = json.dumps(printable(data), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RenderError(f"the data of the document is not JSON: {error}") from error
    with tempfile.TemporaryDirectory(prefix="halkla-typst-") as name:
        folder = Path(name)
        (folder / "main.typ").write_text(source, encoding="utf-8")
        (folder / "data.json").write_text(text, encoding="utf-8")
        for asset, content in assets.items():
            if not _PLAIN_NAME.fullmatch(asset):
                raise RenderError(f"not a picture name: {asset!r}")
            (folder / asset).write_bytes(content)
        return _compile(folder)


def render_in_subprocess(
    template: str,
    data: Mapping[str, Any],
    assets: Mapping[str, bytes] = _NO_ASSETS,
    *,
    timeout: float = TIMEOUT_SECONDS,
) -> bytes:
    """Draw in a process of its own, which is ended after `timeout` seconds; for heavy documents.

    A crash or a document that never ends then costs one task and not the worker.
    Raises `RenderError`.
    """
    order = {
        "template": template,
        "data": printable(data),
        "assets": {name: base64.b64encode(b).decode("ascii") for name, b in assets.items()},
    }
    try:
        message = json.dumps(order, allow_nan=False).encode("ascii")
    except (TypeError, ValueError) as error:
        raise RenderError(f"the data of the document is not JSON: {error}") from error
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.core.documents"],
            input=message,
            capture_output=True,
            timeout=timeout,
            check=False,
            cwd=Path(__file__).resolve().parents[3],
            env=_sealed_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise RenderError(f"the document was not ready after {timeout:g} seconds") from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise RenderError(last or f"drawing ended with code {done.returncode}")
    return done.stdout


def answer_order(message: bytes) -> bytes:
    """Do what `render_in_subprocess` asks for; called in the other process."""
    order = json.loads(message)
    assets = {name: base64.b64decode(text) for name, text in order["assets"].items()}
    return render_pdf(order["template"], order["data"], assets)


def printable(value: Any) -> Any:
    """Return the same data with lazy texts written out and unprintable signs taken away."""
    if isinstance(value, Mapping):
        return {str(key): printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _UNPRINTABLE.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _compile(folder: Path) -> bytes:
    typst: Any = importlib.import_module("typst")
    options: dict[str, Any] = {
        "input": folder / "main.typ",
        "root": folder,
        "font_paths": _fonts(),
        "ignore_system_fonts": True,
        "package_path": folder / "packages",
        "package_cache_path": folder / "packages",
        "timestamp": clock.utc_now().replace(microsecond=0),
    }
    try:
        try:
            return bytes(typst.compile(**options, pdf_standards=list(STANDARDS)))
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            # A name in a script that no installed font has: the letter must still go out.
            log.warning("document drawn without PDF/A: a sign is missing from every font")
            return bytes(typst.compile(**options))
    except typst.TypstError as error:
        # The paths in the message are those of the temporary folder; only the sentence is kept.
        raise RenderError(str(error).replace(str(folder), "")) from error


@cache
def _fonts() -> Any:
    """Look for fonts once in a process (40 ms here); those in the package are always there."""
    typst: Any = importlib.import_module("typst")
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def _refuse_doors(source: str) -> None:
    """Refuse a template that could fetch a package or run text as code; ours need neither."""
    if found := _OUTSIDE_DOORS.search(re.sub(r"(?m)^\s*//.*$", "", source)):
        raise RenderError(f"a template may not use {found.group().lstrip('#')}")


def _sealed_environment() -> dict[str, str]:
    """Return an environment without secrets, in which every address leads nowhere."""
    kept = ("PATH", "HOME", "SYSTEMROOT", "WINDIR", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL")
    sealed = {name: os.environ[name] for name in kept if name in os.environ}
    names = ("http_proxy", "https_proxy", "all_proxy")
    sealed.update({n: _DEAD_PROXY for name in names for n in (name, name.upper())})
    return {**sealed, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
