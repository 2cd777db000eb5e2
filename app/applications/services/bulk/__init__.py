"""Acts over many applications: picked, looked at, confirmed, done in batches, and taken back."""

from app.applications.services.bulk.acts import ACTS, Done
from app.applications.services.bulk.preview import prepare_run
from app.applications.services.bulk.running import (
    Counts,
    StoppedError,
    fail_run,
    run_rows,
    undo_rows,
)
from app.applications.services.bulk.runs import (
    JOB_KIND,
    UNDO_KIND,
    confirm_run,
    create_run,
    discard_run,
    drop_drafts,
    find_job,
    is_stuck,
    may_act,
    resume_run,
    start_undo,
    stop_run,
)

__all__ = [
    "ACTS",
    "JOB_KIND",
    "UNDO_KIND",
    "Counts",
    "Done",
    "StoppedError",
    "confirm_run",
    "create_run",
    "discard_run",
    "drop_drafts",
    "fail_run",
    "find_job",
    "is_stuck",
    "may_act",
    "prepare_run",
    "resume_run",
    "run_rows",
    "start_undo",
    "stop_run",
    "undo_rows",
]
