"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def admin(client: Any, token_of: Any) -> Any:
    """Requests with the administrator's token."""
    headers = token_of("yonetici")

    def send(method: str, url: str, body: Any = None, **more: Any) -> Any:
        extra = {**headers, **more.pop("headers", {})}
        return client.open(url, method=method, json=body, headers=extra, **more)

    return send
