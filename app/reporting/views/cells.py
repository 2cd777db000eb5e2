"""What the screens of the room show in a cell, on a shelf and on a card; no routes, no forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.reports import find_report, list_reports
from app.core.text import format_datetime, format_number
from app.core.views import formats
from app.core.views.page import Cell
from app.reporting import queries, rules, services
from app.reporting.models import ReportRun
from app.system.models import Attachment

_KINDS = {services.PDF: "PDF", services.XLSX: "Excel"}


def written_size(size: int) -> str:
    """Bytes as people read them: 412 KB, 1,3 MB."""
    if size < 1024 * 1024:
        return f"{format_number(max(size // 1024, 1))} KB"
    return f"{format_number(round(size / 1024 / 1024, 1))} MB"


def file_words(file: Attachment) -> str:
    """What a file is and how large: PDF, 412 KB."""
    return f"{_KINDS.get(file.mime, file.name)}, {written_size(file.size)}"


def state_cell(value: Any, record: ReportRun) -> Cell:
    """The state as a badge; a run that lost its job has failed."""
    state = queries.state_of(record)
    return formats.labelled(rules.RUN_STATE_LABELS, rules.RUN_STATE_TONES)(state, record)


def files_cell(value: Any, record: ReportRun) -> Cell:
    """The files of a run in words; they are fetched from its page."""
    words = " · ".join(file_words(file) for file in record.files)
    return Cell("text", words) if words else formats.EMPTY


def as_of_cell(value: Any, record: ReportRun) -> Cell:
    """The moment whose data it shows."""
    if value is None:
        return Cell("empty", _("not made yet"))
    return Cell("datetime", format_datetime(value, lang=formats.language()), value=value)


def orderer_cell(value: Any, record: ReportRun) -> Cell:
    """Who ordered it; runs of the command line have nobody."""
    return Cell("text", value.name) if value is not None else Cell("empty", _("System"))


def report_cell(value: Any, record: ReportRun) -> Cell:
    """The name of the report behind a run."""
    report = find_report(value)
    return Cell("text", formats.translated(report.title) if report is not None else value)


class ReportNames(Mapping[str, Any]):
    """Key → title of every report of the house, which are known only when all rooms are there."""

    def __getitem__(self, key: str) -> Any:
        report = find_report(key)
        if report is None:
            raise KeyError(key)
        return report.title

    def __iter__(self) -> Iterator[str]:
        return (report.key for report in list_reports())

    def __len__(self) -> int:
        return len(list_reports())


@dataclass(frozen=True)
class Shelf:
    """Reports of one subject, for the library."""

    title: str
    reports: Sequence[tuple[str, str, str, str]]
    """(title, description, day of the last run, address of the form)."""


@dataclass(frozen=True)
class RunCard:
    """A run beside the library: what it is, how far, its files."""

    title: str
    url: str
    badge: Cell
    note: str
    files: Sequence[tuple[str, str]]
    progress: int
    progress_text: str
    step: str
    poll_url: str
