"""What a sender is given and how it answers; no protocol stands here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True)
class Enclosure:
    """A file that travels with an e-mail."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One message to one recipient.

    `key` is the same at every try, so that the receiver can drop a second copy.
    """

    key: str
    to: str
    body: str
    subject: str = ""
    enclosures: Sequence[Enclosure] = ()


class UnreachableError(Exception):
    """The service cannot take messages now; nothing is wrong with this one, try it again."""


class RefusedError(Exception):
    """The service will never take this message; `permanent` is False when it may later."""

    def __init__(self, message: str, *, permanent: bool = True) -> None:
        super().__init__(message)
        self.permanent = permanent


class Sender(Protocol):
    """Sends messages one after another; entering it costs nothing until the first is sent."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def send(self, message: Message) -> str:
        """Hand the message over and return the service's own number for it, perhaps empty.

        Raises UnreachableError or RefusedError; their texts name no person.
        """
        ...
