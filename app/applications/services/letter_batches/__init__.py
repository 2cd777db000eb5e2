"""Batches of letters (toplu yazı): chosen, written from a template, approved, sent, kept as files."""

from app.applications.services.letter_batches.choosing import Chosen, find_chosen, numbers_in
from app.applications.services.letter_batches.preparing import (
    change_row,
    check_batcher,
    create_batch,
    drop_batch,
    leave_out,
)
from app.applications.services.letter_batches.results import FILE_KIND, OWNER, file_letters
from app.applications.services.letter_batches.running import (
    JOB_KIND,
    BatchCounts,
    is_busy,
    order_act,
    run_act,
)

__all__ = [
    "FILE_KIND",
    "JOB_KIND",
    "OWNER",
    "BatchCounts",
    "Chosen",
    "change_row",
    "check_batcher",
    "create_batch",
    "drop_batch",
    "file_letters",
    "find_chosen",
    "is_busy",
    "leave_out",
    "numbers_in",
    "order_act",
    "run_act",
]
