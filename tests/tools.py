"""What tests need of the machine; what is missing fails by name, so that no promise goes unlooked at."""

from __future__ import annotations

import os
import shutil

import pytest


def program(*names: str, package: str) -> str:
    """The path of the first of these programs that the machine has."""
    for name in names:
        if path := shutil.which(name):
            return path
    pytest.fail(f"{names[0]} is missing: apt-get install {package}")


def postgres_server() -> str:
    """The address of the PostgreSQL server on which tests may create databases."""
    if server := os.environ.get("HALKLA_TEST_POSTGRES", ""):
        return server
    pytest.fail(
        "HALKLA_TEST_POSTGRES is not set: `make test` starts a server (T=path for some tests)"
    )
