"""GeoReport v2 without a table: addresses, dates, questions, what is told, and both ways to write it."""

from __future__ import annotations

from typing import Any

import pytest

from app.applications.rules.open311 import GeoReportRefusal


def refused_with(call: Any) -> GeoReportRefusal:
    with pytest.raises(GeoReportRefusal) as caught:
        call()
    return caught.value
