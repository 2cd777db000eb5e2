"""Redis as a broker that may be restarted while work is under way."""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis


class RedisChannel(redis.Channel):
    """kombu's channel, which calls a lost connection by its name.

    When Redis goes away during a task, kombu still hands its message back and acknowledges it on the
    channel that is closed, and trips over None there. Celery mends a connection error by connecting
    anew, but takes anything else for a fault of its own and ends the worker.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if getattr(self.connection, "client", None) is None:
            raise ConnectionError("connection to the broker is closed")
        parameters: dict[str, Any] = super()._connparams(asynchronous=asynchronous)
        return parameters


class RedisTransport(redis.Transport):
    """kombu's Redis transport with such channels."""

    Channel = RedisChannel


def use_redis() -> None:
    """Make `redis://` and `rediss://` mean this transport."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:{RedisTransport.__name__}"
