"""Pure vocabulary of the reporting room: states of a run and the steps of making a report."""

from __future__ import annotations

from enum import StrEnum

from app.core.rules import N_


class RunState(StrEnum):
    """Life of one run of a report."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


RUN_STATE_LABELS = {
    RunState.WAITING: N_("Waiting"),
    RunState.RUNNING: N_("Running"),
    RunState.DONE: N_("Done"),
    RunState.FAILED: N_("Failed"),
}

RUN_STATE_TONES = {
    RunState.WAITING: "wait",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.FAILED: "bad",
}

#: Somebody still waits for it.
OPEN_RUNS = frozenset({RunState.WAITING, RunState.RUNNING})


class Step(StrEnum):
    """What is being done while a report is made."""

    READ = "read"
    DRAW = "draw"
    PRINT = "print"
    SHEET = "sheet"
    FILE = "file"


#: Step → percent at its beginning and its words.
STEPS = {
    Step.READ: (5, N_("1/5 · Figures are being read")),
    Step.DRAW: (30, N_("2/5 · Charts are being drawn")),
    Step.PRINT: (65, N_("3/5 · PDF is being made")),
    Step.SHEET: (85, N_("4/5 · Excel file is being made")),
    Step.FILE: (95, N_("5/5 · Files are being kept")),
}

UNKNOWN_REPORT = N_("There is no report “%(key)s”. There are: %(known)s.")
MAY_NOT_ORDER = N_("Your role may not order this report.")
NOT_YOURS = N_("Only the person who ordered a report may delete it.")
STILL_RUNNING = N_("The report is still being made; wait for its end.")
NOT_DRAWN = N_("The report could not be drawn: %(reason)s")
TRIED_AGAIN = N_("An unexpected fault stopped the report; it will be tried again by itself.")
GIVEN_UP = N_(
    "An unexpected fault stopped the report; it has been logged. Tell your administrator."
)
READY_NOTICE = N_("Report is ready: %(title)s")
READY_BODY = N_("PDF and Excel files are on the page of the report.")
FAILED_NOTICE = N_("Report could not be made: %(title)s")
