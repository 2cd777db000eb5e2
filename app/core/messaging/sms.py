"""SMS by an HTTP service; which message is sent and when is the outbox's business."""

from __future__ import annotations

import http.client
import json
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from app.core.messaging.message import Message, RefusedError, UnreachableError

TIMEOUT_SECONDS = 15
#: Answers that speak of the service and not of the message: wrong token, too many, moved.
SERVICE_CODES = frozenset({301, 302, 303, 307, 308, 401, 403, 404, 405, 408, 429})
#: No answer of an SMS service is longer; the rest is not read.
MAX_ANSWER = 64 * 1024


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST would hand the token and the text to another host."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class SmsSender:
    """POSTs `{"to", "text", "reference"}` as JSON with a bearer token; any 2xx is an acceptance.

    `reference` is the same at every try. The service's own number is read from `id` of its answer.
    Raises ValueError when `url` is not http or https.
    """

    def __init__(self, url: str, token: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the SMS service needs an http:// or https:// address")
        self._url = url
        self._token = token
        self._opener: OpenerDirector = build_opener(_NoRedirect)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def send(self, message: Message) -> str:
        """Send one SMS; returns the service's number for it, perhaps empty."""
        content = {"to": message.to, "text": message.body, "reference": message.key}
        request = Request(  # noqa: S310  # The scheme was checked when the sender was made.
            self._url,
            data=json.dumps(content, ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Idempotency-Key": message.key.encode("ascii", "replace").decode(),
                **({"Authorization": f"Bearer {self._token}"} if self._token else {}),
            },
            method="POST",
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _number_in(answer.read(MAX_ANSWER))
        except HTTPError as fault:
            fault.close()
            if fault.code >= 500 or fault.code in SERVICE_CODES:
                raise UnreachableError(f"HTTP {fault.code}") from None
            raise RefusedError(f"HTTP {fault.code}") from None
        except (OSError, http.client.HTTPException) as fault:
            raise UnreachableError(f"HTTP: {type(fault).__name__}") from None


def _number_in(answer: bytes) -> str:
    """The `id` of a JSON answer; empty for any other answer, which is an acceptance all the same."""
    try:
        content = json.loads(answer)
    except ValueError:
        return ""
    return str(content.get("id", ""))[:120] if isinstance(content, dict) else ""
