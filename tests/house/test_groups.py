"""The pieces of work of the tests: whoever starts a house of its own is done by one process."""

from __future__ import annotations

from pathlib import Path

from tests.groups import WITH_WORKERS, group_of

ROOT = Path(__file__).resolve().parents[2]


def files_with(mark: str) -> set[str]:
    """Files of tests that carry a mark, from the root."""
    wanted = f"pytest.mark.{mark}"
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if path != Path(__file__) and wanted in path.read_text(encoding="utf-8")
    }


def test_walks_are_one_piece_and_tests_with_workers_another() -> None:
    browser = files_with("browser")
    assert browser
    assert {group_of(f"{path}::test_x[a@b]") for path in browser} == {"browser"}
    assert files_with("worker") == WITH_WORKERS
    assert {group_of(f"{path}::test_x") for path in WITH_WORKERS} == {"workers"}


def test_every_other_file_is_a_piece_of_its_own() -> None:
    assert group_of("tests/core/test_text.py::test_fold[İ]") == "tests/core/test_text.py"
