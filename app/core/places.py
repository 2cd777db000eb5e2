"""Where the house keeps its files and is reached; services ask here, not knowing the settings.

`create_app` names the folders at start; before that the environment's folder holds.
"""

from __future__ import annotations

import os
from pathlib import Path

_folders: dict[str, Path] = {}
_address: list[str] = []


def set_folders(data: Path, files: Path) -> None:
    """Name the data folder and the folder of attachments."""
    _folders.update(data=Path(data), files=Path(files))


def set_address(url: str) -> None:
    """Name the address under which this house is reached."""
    _address[:] = [url.rstrip("/")]


def address() -> str:
    """Return the address of this house, without a slash at its end."""
    given = os.environ.get("HALKLA_BASE_URL", "http://127.0.0.1:8080")
    return _address[0] if _address else given.rstrip("/")


def data_folder() -> Path:
    """Return the data folder: database, keys, logs, heartbeat."""
    return _folders.get("data") or Path(os.environ.get("HALKLA_DATA", "var")).resolve()


def files_folder() -> Path:
    """Return the folder of attachments, outside of everything that is served."""
    return _folders.get("files") or data_folder() / "files"
