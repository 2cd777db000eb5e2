"""What tests of ends share: fields of a refusal, a case in assessment."""

from __future__ import annotations

from app.applications import services
from tests.applications.office import MONDAY


def fields(refused):
    return {v.field for v in refused.value.violations}


def in_triage(office, db, **values):
    case = office.register(**values)
    return services.take_to_triage(db, application=case, actor=office.actor("chief"), now=MONDAY)
