"""`make setup`: what a clean machine lacks after the packages are there; nothing when it is done."""

from __future__ import annotations

import compileall
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def write_secret() -> None:
    """Make the local secret key once, readable by its owner only."""
    data = Path(os.environ.get("HALKLA_DATA", ROOT / "var"))
    path = data / "secret.key"
    if os.environ.get("HALKLA_SECRET_KEY") or path.exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(64), encoding="ascii")


def compile_texts() -> None:
    """Compile the catalogue when the .po is newer than the .mo."""
    from bin import messages

    mo = messages.PO.with_suffix(".mo")
    if not mo.exists() or mo.stat().st_mtime < messages.PO.stat().st_mtime:
        messages.compile_texts()


def compile_code() -> None:
    """Keep the code compiled, also where Python itself is told not to: each process starts the sooner."""
    for folder in ("app", "bin"):
        compileall.compile_dir(ROOT / folder, quiet=1)
    for name in ("config.py", "run.py"):
        compileall.compile_file(ROOT / name, quiet=1)


def build_charts() -> None:
    """Write the browser bundle of the chart library out of the installed package."""
    from app.core.charts.bundle import write_bundle

    write_bundle()


def main() -> None:
    """Run all steps."""
    write_secret()
    compile_code()
    compile_texts()
    build_charts()


if __name__ == "__main__":
    main()
