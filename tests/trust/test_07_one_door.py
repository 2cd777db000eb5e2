"""Promise 7: a state is written at one door only, and every action has its service."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app.applications import services
from app.applications.rules import Action

ROOT = Path(__file__).resolve().parents[2]

#: Where a state may be written: the door itself, and the birth of a row.
DOORS = {
    "app/applications/services/moves.py",
    "app/applications/services/registration.py",
    "app/applications/services/imports/writing.py",
}


def _writes_state_of_application(tree: ast.AST) -> list[int]:
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if (
                isinstance(target, ast.Attribute)
                and target.attr == "state"
                and isinstance(target.value, ast.Name)
                and target.value.id in {"application", "case", "item", "master"}
            ):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    "folder", ["app/applications", "app/frontdesk", "app/reporting", "app/core"]
)
def test_no_other_module_writes_a_state(folder):
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name not in DOORS:
            assert not _writes_state_of_application(ast.parse(path.read_text(encoding="utf-8"))), (
                name
            )


def test_every_action_has_a_service():
    folder = ROOT / "app/applications/services"
    written = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    for action in Action:
        if action is Action.REGISTER:
            assert callable(services.register_application)
            continue
        name = services.SERVICE_OF.get(action.value, action.value)
        # What takes an act over many cases back is no step of its own: the run calls the door.
        assert callable(getattr(services, name, None)) or (
            action.value.startswith("undo_") and f"Action.{action.name}" in written
        ), action
