"""A process of a running house that stays open and does what tests ask: lines of Python and commands.

A new process for each errand would import the whole house again, several seconds each time.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import textwrap
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Butler:
    """Errands in a house whose data and settings are in `env`."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.butler"],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def python(self, code: str) -> str:
        """Run lines of Python as the system, `app`, `session`, `acting_as` and `SYSTEM` at hand; what they print."""
        return self._ask({"code": textwrap.dedent(code).strip()})

    def flask(self, *arguments: str) -> str:
        """Run one command; what it prints."""
        return self._ask({"command": list(arguments)})

    def _ask(self, errand: Mapping[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(errand) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process that runs errands has ended"
        answer = json.loads(line)
        assert not answer["fault"], answer["fault"]
        return str(answer["said"])

    def leave(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


def run_code(app: Any, code: str) -> None:
    """Run lines of Python in one transaction."""
    from app.core.acting import SYSTEM, acting_as
    from app.core.database import set_write_intent
    from app.extensions import db

    with app.app_context(), acting_as(SYSTEM):
        set_write_intent(True)
        session = db.session()
        exec(code, {"app": app, "session": session, "acting_as": acting_as, "SYSTEM": SYSTEM})
        session.commit()


def run_command(app: Any, arguments: Sequence[str]) -> str:
    """Run `flask --app run …` in this process."""
    result = app.test_cli_runner().invoke(args=list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code:
        raise RuntimeError(f"{arguments}: {result.output}")
    return str(result.stdout)


def main() -> None:
    """Read errands from the standard input, a line each, and answer with a line each."""
    # Whatever else writes to the standard output must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from app import create_app

    app = create_app()
    for line in sys.stdin:
        errand, said, fault = json.loads(line), io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(said):
                if "code" in errand:
                    run_code(app, errand["code"])
                else:
                    said.write(run_command(app, errand["command"]))
        except Exception:
            fault = traceback.format_exc()
        answers.write(json.dumps({"said": said.getvalue(), "fault": fault}) + "\n")
        answers.flush()
    os._exit(0)  # Taking the whole house apart would take seconds.


if __name__ == "__main__":
    main()
