"""Where a form may send its reader afterwards: a path of this house, never another site."""

from __future__ import annotations


def is_local_path(target: str) -> bool:
    """Whether a browser that follows `target` stays here.

    Browsers drop tabs and line ends and take a backslash for a slash, so none of them may stand in it.
    """
    return (
        target.startswith("/")
        and not target.startswith("//")
        and "\\" not in target
        and target.isprintable()
    )
