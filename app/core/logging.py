"""Logs as JSON lines with the request's id, and without personal data whatever was handed in.

Source: trust promises 32 and 47.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request

from app.core.acting import current_actor
from app.core.identifiers import scrub

#: Fields whose value never reaches a log, wherever they stand.
HIDDEN_FIELDS = re.compile(
    r"passw|parola|şifre|sifre|secret|token|authorization|cookie|csrf|national_id|tckn|api_key",
    re.IGNORECASE,
)
_HIDDEN = "[hidden]"

#: What looks like a secret inside a text: key=value, a bearer header, a JWT, a password hash.
_SECRETS = (
    (
        re.compile(
            r"""((?:password|passwd|parola|şifre|sifre|secret|token|csrf_token|api_key)["']?\s*[=:]\s*)"""
            r"""("[^"]*"|'[^']*'|[^\s,;&}\])]+)""",
            re.IGNORECASE,
        ),
        r"\1" + _HIDDEN,
    ),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), r"\1 " + _HIDDEN),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*"), _HIDDEN),
    (re.compile(r"\b(?:scrypt|pbkdf2):[^\s'\"]+"), _HIDDEN),
    (re.compile(r"(\w+://[^\s:/@]*:)[^\s@/]+@"), r"\1" + _HIDDEN + "@"),
    # SQLAlchemy repeats what was bound to a statement; names and addresses have no pattern.
    (
        re.compile(r"\[parameters: .*?\](?=\s*(?:\(Background|\n|$))", re.DOTALL),
        "[parameters hidden]",
    ),
    (re.compile(r"DETAIL:\s.*"), "DETAIL: " + _HIDDEN),
)
_LONGEST = 8_000
#: An id of ours. Some hold digits that look like a telephone number, and would no longer be found.
_REQUEST_ID = re.compile(r"[0-9a-f]{32}")


def scrub_text(text: str) -> str:
    """Return a text without personal numbers, addresses and secrets."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return scrub(text[:_LONGEST])


def scrub_value(value: Any, name: str = "") -> Any:
    """Return a value as a log may hold it; mappings and lists are walked through."""
    if value is None or isinstance(value, bool | int | float):
        return _HIDDEN if name and value is not None and HIDDEN_FIELDS.search(name) else value
    if name and HIDDEN_FIELDS.search(name):
        return _HIDDEN
    if isinstance(value, Mapping):
        return {str(k): scrub_value(v, str(k)) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub_value(v) for v in value]
    return scrub_text(str(value))


def _scrubber(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    clean = {key: scrub_value(value, key) for key, value in event.items()}
    request_id = event.get("request_id")
    if isinstance(request_id, str) and _REQUEST_ID.fullmatch(request_id):
        clean["request_id"] = request_id
    return clean


def _who(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the request's id and the number of the acting user; never the name."""
    actor = current_actor()
    name = g.get("request_id", "") if has_request_context() else actor.request_id
    if name:
        event.setdefault("request_id", name)
    if actor.user_id is not None:
        event.setdefault("user_id", actor.user_id)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _who,
]


def make_formatter() -> logging.Formatter:
    """A formatter for any handler: one JSON object a line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _scrubber,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


class _HouseHandler(logging.StreamHandler[Any]):
    """The one handler of the house; recognised, so that a second start adds no second one."""

    @property
    def stream(self) -> Any:
        """Standard error as it is now: tests and supervisors may replace it."""
        return sys.stderr

    @stream.setter
    def stream(self, value: Any) -> None:
        """Ignore what the base class sets."""


def init_logging(app: Flask) -> None:
    """Send every log of the process through the formatter and note each request."""
    set_up(os.environ.get("HALKLA_LOG_LEVEL", "INFO"))
    # Flask's own handler would write a second, unscrubbed line.
    app.logger.handlers.clear()

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        if request.path.startswith(("/static/", "/health/", "/metrics")):
            return response
        logging.getLogger("halkla.request").info(
            "request",
            extra={
                "method": request.method,
                # The path without its arguments: people search for names and numbers.
                "path": request.path,
                "endpoint": request.endpoint or "",
                "status": response.status_code,
                "milliseconds": round(
                    (time.perf_counter() - g.get("begun", time.perf_counter())) * 1000
                ),
            },
        )
        return response


def set_up(level: str = "INFO") -> None:
    """Configure logging for a process without requests, such as the worker."""
    structlog.configure(
        processors=[
            *_SHARED[:3],
            *_SHARED[4:],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _HouseHandler) for handler in root.handlers):
        handler = _HouseHandler()
        handler.setFormatter(make_formatter())
        root.addHandler(handler)
    root.setLevel(level)
    # They tell each request a second time, with its arguments.
    for name in ("werkzeug", "gunicorn.access"):
        logging.getLogger(name).setLevel("WARNING")
