"""Promise 34: production does not start without a strong secret."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.start import MIN_KEY_LENGTH

ROOT = Path(__file__).resolve().parents[2]
STRONG = "q7Wd-0pXz5RkT2uVn8YbLs4JcGh1MfEaQo9Ii3Bt6DyKx_NvUwZrPm"


def check(key: str, profile: str, folder: Path) -> None:
    from flask import Flask

    from app.core import places
    from app.core.start import check_settings

    before, address = (places.data_folder(), places.files_folder()), places.address()
    app = Flask("small")
    app.config.update(
        SECRET_KEY=key,
        HALKLA_PROFILE=profile,
        HALKLA_DATA=folder,
        HALKLA_UPLOADS=folder / "files",
        HALKLA_BASE_URL="https://halkla.example",
    )
    try:
        check_settings(app)
    finally:
        places.set_folders(*before)
        places.set_address(address)


@pytest.mark.parametrize(
    "key", ["", "changeme", "a" * 64, "abcd" * 20, STRONG[: MIN_KEY_LENGTH - 1]]
)
def test_a_weak_key_stops_production(app: object, key: str, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="HALKLA_SECRET_KEY"):
        check(key, "production", tmp_path)


def test_a_strong_key_is_taken(app: object, tmp_path: Path) -> None:
    assert len(STRONG) >= MIN_KEY_LENGTH
    check(STRONG, "production", tmp_path)


def test_without_any_key_not_even_a_try_out_starts(app: object, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        check("", "local", tmp_path)


def test_the_process_ends_with_a_sentence_and_a_code(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HALKLA_")}
    environment["HALKLA_DATA"] = str(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-c", "from app import create_app; create_app()"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode != 0
    assert "HALKLA_SECRET_KEY" in ended.stderr
