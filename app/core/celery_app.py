"""Binds Celery to the application: settings, and what surrounds each task. No task is named here."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.exceptions import Ignore, Reject, Retry
from celery.signals import worker_process_init
from flask import Flask, has_app_context

from app.core.acting import SYSTEM, acting_as, current_actor
from app.core.broker import use_folder
from app.core.database import writing

log = logging.getLogger(__name__)

QUEUE = "halkla"
#: Longer than the longest task, or Redis would hand a running task to a second worker.
VISIBILITY_SECONDS = 2 * 3600
#: After a failed send nobody waits for the broker again during these seconds.
PAUSE_SECONDS = 5

#: Headers of a message: the request that caused it, and the turn of the timetable it fulfils.
REQUEST_ID, TURN, TURN_TOKEN = "halkla_request", "halkla_turn", "halkla_turn_token"

#: turn(name, token) → whether the turn is still to be done; ends it afterwards.
Turn = Callable[[str, str], AbstractContextManager[bool]]


@dataclass
class House:
    """What tasks need of the application that was made last in this process."""

    app: Flask
    turn: Turn


_house: list[House] = []


class TaskFault(Exception):  # noqa: N818  # Named by what it is told: the fault of a task.
    """What Celery is told about a fault: its kind, without texts that may name a person."""


def house_app() -> Flask:
    """The application that tasks of this process belong to."""
    return _house[-1].app


def describe(fault: BaseException) -> str:
    """The kind of a fault and where it was raised; its text may hold personal data and is left out."""
    frames = traceback.extract_tb(fault.__traceback__)[-4:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(fault).__name__} at {places}"


class HouseTask(Task):
    """A task that acts as the system, inside an application context and with the right to write."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return self._run(args, kwargs)
        try:
            return self._run(args, kwargs)
        except (Ignore, Reject, Retry):
            raise
        except Exception as fault:
            log.error("task failed", extra={"task": self.name, "fault": describe(fault)})
            raise TaskFault(type(fault).__name__) from None

    def _run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        house = _house[-1]
        # A second context inside an active one would have a session of its own, blind to the first.
        with nullcontext() if has_app_context() else house.app.app_context():
            headers: Mapping[str, Any] = self.request.headers or {}
            actor = replace(SYSTEM, request_id=str(headers.get(REQUEST_ID, "")))
            with acting_as(actor), writing():
                if TURN not in headers:
                    return self.run(*args, **kwargs)
                with house.turn(headers[TURN], headers[TURN_TOKEN]) as wanted:
                    return self.run(*args, **kwargs) if wanted else None


def init_celery(celery: Celery, app: Flask, *, turn: Turn) -> None:
    """Surround the tasks with the application; the last application made in a process counts."""
    _house[:] = [House(app, turn)]
    celery.task_cls = HouseTask
    configure(
        celery, url=app.config.get("HALKLA_BROKER_URL", ""), data=Path(app.config["HALKLA_DATA"])
    )


def configure(celery: Celery, *, url: str, data: Path) -> None:
    """Set the broker (empty: a folder in the data folder) and how messages are handled."""
    url = url or "filesystem://localhost"
    options: dict[str, Any] = {
        # Sending must fail quickly: the row is written and the sweep finds it.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    }
    is_folder = url.startswith("filesystem")
    if is_folder:
        options |= use_folder(data / "broker")
    elif url.startswith("redis"):
        # Only here: a house without Redis need not load its client.
        from app.core.redis_broker import use_redis

        use_redis()
        options |= {"visibility_timeout": VISIBILITY_SECONDS, "socket_connect_timeout": 1}
    celery.conf.update(
        broker_url=url,
        broker_transport_options=options,
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_channel_error_retry=True,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        task_serializer="json",
        accept_content=["json"],
        result_backend=None,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_publish_retry=False,
        task_default_queue=QUEUE,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        # Remote control would poll the folder a second time, and nobody listens there.
        worker_enable_remote_control=not is_folder,
        timezone="Europe/Istanbul",
        enable_utc=True,
    )


class Sender:
    """Sends messages without ever making anybody wait long for a broker that is away."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._silent_until = 0.0

    def __call__(
        self, task: str, arguments: tuple[Any, ...] = (), headers: Mapping[str, str] | None = None
    ) -> bool:
        """Send a message; False when the broker is away, or was a moment ago."""
        if time.monotonic() < self._silent_until:
            return False
        request_id = current_actor().request_id
        try:
            self._celery.send_task(
                task,
                args=list(arguments),
                headers={**({REQUEST_ID: request_id} if request_id else {}), **(headers or {})},
                retry=False,
            )
        except Exception as fault:
            # kombu raises what each transport raises; none of it may reach the one who commits.
            self._silent_until = time.monotonic() + PAUSE_SECONDS
            log.warning("broker away", extra={"task": task, "fault": type(fault).__name__})
            return False
        return True


def close_connections(*, close: bool = True) -> None:
    """Put away what this process has open to its databases; `close` says whether it is its own."""
    from flask import current_app

    for house in _house:
        with house.app.app_context():
            for engine in current_app.extensions["sqlalchemy"].engines.values():
                engine.dispose(close=close)


@worker_process_init.connect
def _forget_connections(**_: Any) -> None:
    """Under Celery's own command nothing is closed before a fork; what came along is the parent's."""
    close_connections(close=False)
