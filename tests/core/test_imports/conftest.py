"""Fixtures of these tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def put(tmp_path: Path):
    def write(name: str, content: bytes | str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return write
