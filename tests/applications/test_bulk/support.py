"""Acts over many applications: previewed by the real rules, done once, told row by row, taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.applications.models import Application, BulkRow, BulkRun
from app.applications.rules import BulkAct, BulkRowState
from app.applications.services import bulk
from app.core.acting import acting_as
from tests.applications.office import MONDAY, Office

NOBODY = lambda done, total: None  # noqa: E731  # Nothing is kept between batches here.


REASON = "Su kesintisi toplu bildirimi"


def picked(
    office: Office, act: BulkAct, cases: list[Application], who: str = "chief", **more: Any
) -> BulkRun:
    return bulk.create_run(
        office.session,
        act=act,
        application_ids=[c.id for c in cases],
        actor=office.actor(who),
        **more,
    )


def prepared(
    office: Office, act: BulkAct, cases: list[Application], who: str = "chief", **arguments: Any
) -> BulkRun:
    run = picked(office, act, cases, who)
    actor = office.actor(who)
    with acting_as(actor):
        return bulk.prepare_run(
            office.session, run=run, arguments=arguments, actor=actor, now=MONDAY
        )


def confirmed(office: Office, run: BulkRun, who: str = "chief") -> BulkRun:
    return bulk.confirm_run(
        office.session, run=run, actor=office.actor(who), reason=REASON, now=MONDAY
    )


def ran(office: Office, run: BulkRun, who: str = "chief", keep: Any = NOBODY, size: int = 2) -> Any:
    counts = bulk.run_rows(
        office.session, run_id=run.id, actor=office.actor(who), keep=keep, now=MONDAY, size=size
    )
    office.session.refresh(run)
    return counts


def states(office: Office, run: BulkRun) -> dict[int, BulkRowState]:
    office.session.expire_all()
    rows = select(BulkRow).where(BulkRow.run_id == run.id)
    return {row.application_id: row.state for row in office.session.scalars(rows)}


def reason_of(office: Office, run: BulkRun, case: Application) -> str:
    row = office.session.scalars(
        select(BulkRow).where(BulkRow.run_id == run.id, BulkRow.application_id == case.id)
    ).one()
    return " ".join(str(r["message"]) for r in row.reasons)
