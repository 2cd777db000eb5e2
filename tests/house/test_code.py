"""The shape of the code: sizes, docstrings, no commit in a service, migrations in order."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "app").rglob("*.py"))
#: What people write by hand; migrations are generated.
WRITTEN = sorted(
    p for room in ("app", "bench", "bin", "tests") for p in (ROOT / room).rglob("*.py")
)


def test_no_file_is_over_four_hundred_lines() -> None:
    long = [
        (str(p.relative_to(ROOT)), n)
        for p in WRITTEN
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert long == []


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in FILES
        if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_services_never_commit() -> None:
    commits = []
    for path in FILES:
        if "services" in path.parts or path.name == "services.py":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if re.search(r"session\.commit\(\)", line):
                    commits.append(f"{path.relative_to(ROOT)}:{number}")
    # Delivery, progress and seals stand outside of the transaction that caused them.
    allowed = (
        "system/services/delivery.py",
        "system/services/jobs.py",
        "system/services/audit",
        "system/services/beats.py",
        "system/services/settings.py",
        "applications/services/imports",
    )
    assert [c for c in commits if not any(a in c for a in allowed)] == []


def test_a_pure_rule_is_imported_quickly_and_without_flask() -> None:
    code = "import sys; import app.applications.rules, app.core.calendar; print('flask' in sys.modules, 'sqlalchemy' in sys.modules)"
    done = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-c", code],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["False", "False"]


def test_migrations_are_in_order() -> None:
    from bin.migrations import names_in_order

    assert names_in_order() == []


def test_nothing_tells_of_a_machine_or_a_registry() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    bad = []
    for name in files:
        path = ROOT / name
        if path.suffix in {".png", ".xlsx", ".pdf", ".csv"} or not path.exists():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if re.search(r"/(?:work|farm)/|py[p]i\.org|python[h]osted|np[m]js", text):
            bad.append(name)
    assert bad == []
