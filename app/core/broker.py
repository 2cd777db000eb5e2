"""The embedded broker: a folder of small files; what the messages say is no business of it.

kombu's own file transport writes a message in place, so that a reader may meet half of it, and moves
it through the machine's shared temporary folder. Here a message appears and vanishes in one step.
"""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem

log = logging.getLogger(__name__)

#: Each message only says that there is work in the database. More of them would only slow the
#: reader, who lists the folder for each one, and the sweep finds whatever nobody was woken for.
MOST_MESSAGES = 500


class FolderChannel(filesystem.Channel):
    """Messages as files, written under another name first and renamed when they are whole."""

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_in)

    def get_table(self, exchange: str) -> list[Any]:
        """Which queues an exchange feeds; a table that a killed process left half written is none."""
        try:
            table: list[Any] = super().get_table(exchange)
        except ValueError:
            return []
        return table

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        # kombu makes the file first and fills it then; a worker that started at the same moment
        # read it empty, and ended.
        wanted = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = self.get_table(exchange)
        if wanted in table:
            return
        file = self._exchange_file(exchange)
        try:
            file.parent.mkdir(exist_ok=True)
            draft = file.with_name(f"{file.name}.{uuid.uuid4().hex}.draft")
            draft.write_text(json.dumps([wanted, *table]), encoding="utf-8")
            draft.replace(file)
        except OSError as fault:
            raise ChannelError(f"cannot write {file.name}") from fault

    def _names(self, queue: str) -> list[str]:
        ending = f".{queue}.msg"
        # Names only: this is done for every message, and a Path for each would cost ten times that.
        names = os.listdir(self._folder)  # noqa: PTH208
        return sorted(name for name in names if name.endswith(ending))

    # kombu itself gives the second argument two names.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        self._folder.mkdir(parents=True, exist_ok=True)
        if len(self._names(queue)) >= MOST_MESSAGES:
            return
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}"
        draft = self._folder / f"{name}.draft"
        draft.write_text(json.dumps(payload), encoding="utf-8")
        draft.replace(self._folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            names = self._names(queue)
        except OSError:
            # The folder is away; the reader asks again, and the rows are safe in the database.
            raise Empty from None
        for name in names:
            taken = self._folder / f"{name}.taken"
            try:
                (self._folder / name).rename(taken)
                content = taken.read_text(encoding="utf-8")
                taken.unlink()
                return json.loads(content)
            except OSError:
                # Another worker was quicker.
                continue
            except ValueError:
                log.warning("unreadable message dropped")
        raise Empty


class FolderTransport(filesystem.Transport):
    """kombu's file transport with whole messages only."""

    Channel = FolderChannel


def use_folder(folder: Path) -> dict[str, Any]:
    """Make `filesystem://` mean this transport in `folder`; returns Celery's transport options.

    A folder that cannot be made is no fault here: waking a worker fails later, and harmlessly.
    """
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:{FolderTransport.__name__}"
    messages = folder / "messages"
    try:
        messages.mkdir(parents=True, exist_ok=True)
        control = folder / "control"
        control.mkdir(exist_ok=True)
        drafts = (*messages.glob("*.draft"), *control.glob("*.draft"))
        for left in (*drafts, *messages.glob("*.taken")):
            # Half-done work of a process that was killed; an hour is far longer than one takes.
            if time.time() - left.stat().st_mtime > 3600:
                left.unlink(missing_ok=True)
    except OSError as fault:
        log.warning("broker folder not usable", extra={"fault": type(fault).__name__})
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.25,
    }
