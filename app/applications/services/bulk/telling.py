"""Who is told of a run over many applications: the second person, the one who ordered it, the units."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Assignment, BulkRow, BulkRun
from app.applications.rules import BulkAct, BulkRowState
from app.applications.services.notices import people_of_unit
from app.applications.services.wording import turkish
from app.core.acting import SYSTEM, acting_as
from app.core.rules import N_
from app.core.text import format_number
from app.organisation.queries import find_users_with_role
from app.system.queries import get_flag
from app.system.services import outbox

_RUN_URL = "/bulk-runs/show/{}"
#: Who may usually confirm; whether somebody may is asked when the button is pressed.
_SECOND_ROLES = ("branch_mgr", "chief")

_TO_CONFIRM = N_("Bulk act %(id)s waits for a second person: %(act)s, %(n)s applications")
_ENDED = N_("Bulk act %(id)s: %(act)s — %(done)s done, %(refused)s refused")
_UNDONE = N_("Bulk act %(id)s: %(act)s — %(undone)s taken back")
_ASSIGNED = N_("%(n)s applications have been assigned to your unit")
_REMINDED = N_("Reminder (tekit): %(n)s applications wait for the answer of your unit")


def tell_second_persons(session: Session, run: BulkRun) -> None:
    """Show those who may confirm that something waits for them."""
    subject = turkish(
        _TO_CONFIRM,
        id=run.id,
        act=turkish(rules.BULK_ACT_LABELS[run.act]),
        n=format_number(run.ready_rows),
    )
    with acting_as(SYSTEM):
        people = {p.id: p for role in _SECOND_ROLES for p in find_users_with_role(session, role)}
    for user_id in people:
        if user_id != run.starter_id:
            _show(session, run, user_id, subject, run.reason, f"confirm:{run.version}")


def tell_starter(session: Session, run: BulkRun) -> None:
    """Tell who has ordered a run what became of it."""
    if run.starter_id is None:
        return
    subject = turkish(
        _ENDED,
        id=run.id,
        act=turkish(rules.BULK_ACT_LABELS[run.act]),
        done=format_number(run.done_rows),
        refused=format_number(run.refused_rows),
    )
    _show(session, run, run.starter_id, subject, "", f"done:{run.version}")


def tell_undone(session: Session, run: BulkRun, user_id: int | None) -> None:
    """Tell who has ordered a reversal that it has ended."""
    if user_id is None:
        return
    subject = turkish(
        _UNDONE,
        id=run.id,
        act=turkish(rules.BULK_ACT_LABELS[run.act]),
        undone=format_number(run.undone_rows),
    )
    _show(session, run, user_id, subject, "", f"undone:{run.version}")


def tell_units(session: Session, run: BulkRun) -> None:
    """One message to each unit instead of one for each application."""
    if run.act not in {BulkAct.ASSIGN, BulkAct.REMIND}:
        return
    rows, sent = BulkRow.__table__.c, Assignment.__table__.c
    counts = session.execute(
        select(sent.unit_id, func.count(rows.id.distinct()))
        .select_from(rows.id.table)
        .join(sent.id.table, sent.application_id == rows.application_id)
        .where(
            rows.run_id == run.id,
            rows.state == BulkRowState.DONE,
            sent.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
        )
        .group_by(sent.unit_id)
    ).all()
    is_reminder = run.act is BulkAct.REMIND
    message = _REMINDED if is_reminder else _ASSIGNED
    text = str(run.arguments.get("text" if is_reminder else "note") or "")
    url = "/assignments/list/?tab=open" + ("&reminded=1" if is_reminder else "")
    for unit_id, number in counts:
        subject = turkish(message, n=format_number(number))
        for person in people_of_unit(session, unit_id):
            outbox.notify_user(
                session,
                user_id=person.id,
                subject=subject,
                body=text,
                url=url,
                owner_type="BulkRun",
                owner_id=run.id,
                template="bulk_unit",
                dedupe_key=f"bulk:{run.id}:{run.version}:unit:{unit_id}:{person.id}",
                email=person.email if get_flag(session, "email_enabled") else None,
            )


def _show(session: Session, run: BulkRun, user_id: int, subject: str, body: str, key: str) -> None:
    outbox.notify_user(
        session,
        user_id=user_id,
        subject=subject,
        body=body,
        url=_RUN_URL.format(run.id),
        owner_type="BulkRun",
        owner_id=run.id,
        template="bulk_run",
        dedupe_key=f"bulk:{run.id}:{key}:{user_id}",
    )
