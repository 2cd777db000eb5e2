"""Static files under addresses that change with them: kept for a year, never old beside a new page."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from flask import Flask, Response

#: How long a browser keeps a file whose address names its contents, and any other. Seconds.
YEAR, HOUR = 31_536_000, 3_600

_VERSION = re.compile(r"^[0-9a-f]{12}/")


def version_of(folder: Path) -> str:
    """Return 12 hex digits over the names and contents of all files in a folder."""
    seen = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        seen.update(path.relative_to(folder).as_posix().encode() + b"\0")
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()[:12]


def init_static(app: Flask) -> None:
    """Put the version into every address of a static file; modules and sheets find each other beside them.

    An address of an earlier version still answers with the file of today, for a page that was open while
    a new version came, but is not kept as long. Whoever develops with `--debug` gets plain addresses.
    """
    version = "" if app.debug else f"{version_of(Path(str(app.static_folder)))}/"

    def send(filename: str) -> Response:
        response = app.send_static_file(_VERSION.sub("", filename))
        current = bool(version) and filename.startswith(version)
        response.cache_control.clear()
        response.cache_control.public = True
        response.cache_control.max_age = YEAR if current else HOUR
        response.cache_control.immutable = current
        return response

    app.view_functions["static"] = send

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = version + values["filename"]
