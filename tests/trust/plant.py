"""A case with everything around it whose words can be searched for in any answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core import clock
from app.core.acting import SYSTEM

#: Invented; the identity number has right check digits.
TCKN = "10000000146"
PHONE = "+905329998877"
SECOND = "+905329996655"
CASE_PHONE = "+905329994433"
EMAIL = "gizlenen.kisi@ornek.com"
CASE_EMAIL = "gizlenen.ikinci@ornek.com"
#: As they may be written anywhere.
UNMASKED = (
    TCKN, "5329998877", "532 999 88 77", "5329996655", "532 999 66 55", "5329994433", "532 999 44 33", EMAIL, CASE_EMAIL,
)  # fmt: skip


def person(session: Any) -> Any:
    """An applicant with every way to be reached."""
    from app.models import Citizen

    row = Citizen(
        first_name="Gülizar", last_name="Saklıoğlu", national_id=TCKN, phone=PHONE, phone2=SECOND, email=EMAIL,
        address="Gizli Sokak 7",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def case(
    session: Any, *, unit_code: str = "", citizen: Any = None, mark: str, **columns: Any
) -> dict[str, Any]:
    """An application with one row of everything that may hang on it; `mark` stands in each text."""
    if callable(session):
        # Services take the session itself, not its registry.
        session = session()
    from app.applications import services
    from app.applications.rules import Channel, Kind
    from app.models import (
        Application,
        ApplicationEvent,
        Assignment,
        Attachment,
        AuditEvent,
        Notification,
        Reminder,
        Reply,
        StaffUser,
        Unit,
    )
    from app.system.rules import NotificationChannel
    from app.system.services import audit, outbox, reminders

    values = {
        "channel": Channel.CIMER,
        "kind": Kind.REQUEST,
        "subject": f"{mark} konusu",
        "body": f"{mark} metni",
        "external_source": "cimer",
        "external_ref": f"99000{len(mark)}",
        "external_received_at": clock.now(),
    }
    row = services.register_application(
        session,
        values={
            **values,
            **({"citizen": {"id": citizen.id}} if citizen else {"identity_hidden": True}),
        },
        actor=SYSTEM,
        now=clock.now(),
    )
    for name, value in columns.items():
        setattr(row, name, value)
    session.flush()
    unit = session.scalars(select(Unit).where(Unit.code == (unit_code or "ULASIM"))).first()
    unit = (
        unit
        or session.scalars(
            select(Unit).where(Unit.code.not_in(["FEN", "TESKI"]), Unit.parent_id.is_not(None))
        ).first()
    )
    staff = session.scalars(select(StaffUser).where(StaffUser.username == "mudur")).one()
    assignment = Assignment(
        application_id=row.id, unit_id=unit.id, note=f"{mark} notu", answer_text=f"{mark} cevabı"
    )
    from app.applications.rules import ReplyKind

    reply = Reply(
        application_id=row.id, subject=f"{mark} yazısı", body=f"{mark} yazı metni", kind=list(ReplyKind)[0],
        drafted_by_id=staff.id,
    )  # fmt: skip
    session.add_all([assignment, reply])
    session.flush()
    services.add_note(session, application=row, text=f"{mark} adımı", actor=SYSTEM, now=clock.now())
    mine = {"owner_type": "Application", "owner_id": row.id}
    outbox.queue_sms(session, to=CASE_PHONE, body=f"{mark} iletisi", **mine)
    outbox.queue_email(
        session, to=CASE_EMAIL, subject=f"{mark} postası", body=f"{mark} posta metni", **mine
    )
    reminders.write(
        session, dedupe_key=f"t:{row.id}", kind="overdue", level="liaison", user_id=staff.id, due_on=clock.today(),
        text=f"{mark} hatırlatması", **mine,
    )  # fmt: skip
    audit.record(
        session, verb="view", entity="Application", record_id=row.id, summary=f"{mark} izi"
    )
    session.commit()
    found: dict[str, Any] = {"Application": row, "Assignment": assignment, "Reply": reply}
    for model, owner in (
        (Notification, "owner_id"),
        (Reminder, "owner_id"),
        (AuditEvent, "record_id"),
    ):
        kind = AuditEvent.entity if model is AuditEvent else model.owner_type
        wanted = (
            select(model)
            .where(getattr(model, owner) == row.id, kind == "Application")
            .order_by(model.id.desc())
        )
        if model is Notification:
            wanted = wanted.where(Notification.channel != NotificationChannel.PANEL)
        found[model.__name__] = session.scalars(wanted).first()
    events = select(ApplicationEvent).where(ApplicationEvent.application_id == row.id)
    found["ApplicationEvent"] = session.scalars(events.order_by(ApplicationEvent.id.desc())).first()
    assert Application is type(row)
    assert all(found.values())
    assert Attachment
    return found
