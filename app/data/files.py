"""Reading the CSV files of this folder; tables are not known here."""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a file in this folder; a missing file is an OSError."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_names(name: str) -> tuple[str, ...]:
    """The first column of a file in this folder."""
    return tuple(next(iter(row.values())) for row in read_rows(name))
