"""Duplicates: joined, answered one by one with their main case, and taken out as if nothing had been."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.applications import services
from app.applications.models import Application
from tests.applications.office import MONDAY, Office


def merged(office: Office, main: Application, now: dt.datetime = MONDAY, **values: Any) -> Any:
    case = office.register(now=now, **values)
    return services.merge(
        office.session, application=case, master_id=main.id, actor=office.actor("chief"), now=now
    )


def texts(office: Office, case: Application, template: str = "") -> list[str]:
    rows = office.messages(case, "sms")
    return [row.body for row in rows if not template or row.template == template]
