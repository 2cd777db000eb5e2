"""Feedback as the services do it: messages, reasons, questions and answers, call-backs, reopening."""

from __future__ import annotations

from sqlalchemy import select

from app.applications.models import (
    Satisfaction,
)
from app.system.rules import NotificationChannel
from app.system.services import settings

GOOD = {"score": 5, "solved": "yes", "manner": None, "comment": ""}


def refused(caught) -> set[str]:
    return {v.field for v in caught.value.violations}


def setting(db, key, value):
    settings.set_setting(db, key=key, value=value)


def sms(office, case):
    return [m for m in office.messages(case) if m.channel is NotificationChannel.SMS]


def questions(db, case):
    return list(db.scalars(select(Satisfaction).where(Satisfaction.application_id == case.id)))
