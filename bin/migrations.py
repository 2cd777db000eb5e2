"""`make migrations`: an empty database goes to head and equals the models; names are in order."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ROOT / "migrations" / "versions"


def names_in_order() -> list[str]:
    """Problems with names, revisions and the head file."""
    found = []
    files = sorted(p.name for p in VERSIONS.glob("*.py"))
    for number, name in enumerate(files, start=1):
        if not re.fullmatch(rf"{number:04d}_[a-z0-9_]+\.py", name):
            found.append(f"name out of order: {name}")
    head = (ROOT / "migrations" / ".current-alembic-head").read_text(encoding="ascii").strip()
    if files and head != files[-1].split("_")[0]:
        found.append(f".current-alembic-head says {head}, the newest file is {files[-1]}")
    return found


def main() -> None:
    """Check names, then upgrade an empty SQLite file and compare it with the models."""
    found = names_in_order()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HALKLA_DATA"] = folder
        os.environ["HALKLA_PROFILE"] = "test"
        os.environ["HALKLA_SECRET_KEY"] = (
            "x" * 8 + "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP"
        )
        os.environ.pop("HALKLA_DATABASE_URL", None)
        from flask_migrate import check, upgrade

        from app import create_app

        application = create_app()
        with application.app_context():
            upgrade()
            try:
                check()
            except SystemExit as error:
                found.append(f"models and migrations differ ({error.code})")
    print("\n".join(found) or "migrations: in order, and equal to the models")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
