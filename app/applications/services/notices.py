"""Telling the citizen and the colleagues: rows in the outbox, written with the step that caused them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent
from app.applications.rules import NoticeChannel, Priority
from app.applications.services.notice_texts import notice_for
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.rules import RuleViolation
from app.core.text import format_date
from app.organisation.models import StaffUser, Unit
from app.organisation.queries import find_liaisons, find_manager, find_users_with_role
from app.people.models import Citizen
from app.system.models import Notification
from app.system.queries import get_flag, get_number
from app.system.rules import NotificationChannel
from app.system.services import outbox

CASE_URL = "/applications/show/{}"

#: Inside an act over many cases colleagues get one message at its end instead of one for each case.
_gathered: ContextVar[bool] = ContextVar("staff_notices_gathered", default=False)


@contextmanager
def gathered_notices() -> Iterator[None]:
    """Write no message to colleagues inside the block; whoever opens it tells them in one."""
    token = _gathered.set(True)
    try:
        yield
    finally:
        _gathered.reset(token)


def tell_citizen(
    session: Session,
    application: Application,
    template: str,
    *,
    step: ApplicationEvent,
    short_text: str = "",
    subject: str = "",
    body: str = "",
    files: Sequence[int] = (),
    **params: Any,
) -> None:
    """Queue an SMS or an e-mail to the applicant, as the applicant wished.

    Nobody is written to when nothing was wanted, nobody is known, or the identity is hidden; nor when
    the office has switched the text of this step off. `short_text`, `subject` and `body` replace the
    usual texts; `files` are keys of attachments that go with an e-mail. An SMS of the night waits for
    the morning unless the case is urgent.
    """
    write_to_applicant(
        session, application, template, key=f"app:{application.id}:{template}:{step.id}",
        now=step.at, short_text=short_text, subject=subject, body=body, files=files, **params,
    )  # fmt: skip


def write_to_applicant(
    session: Session,
    application: Application,
    template: str,
    *,
    key: str,
    now: dt.datetime,
    short_text: str = "",
    subject: str = "",
    body: str = "",
    files: Sequence[int] = (),
    **params: Any,
) -> Notification | None:
    """As `tell_citizen`, for what is no step of a case; once for each `key`. None: not written."""
    way = way_to(session, application)
    if way is None:
        return None
    channel, address = way
    given = {"due": format_date(application.due_on), **params}
    words = notice_for(
        session, application, template, channel, given, own_words=short_text, now=now
    )
    if words is None:
        return None
    common: dict[str, Any] = {
        "owner_type": "Application",
        "owner_id": application.id,
        "template": template,
        "dedupe_key": key,
    }
    if channel is NoticeChannel.SMS:
        later = sms_time(session, application, now)
        return outbox.queue_sms(session, to=address, body=words[1], run_after=later, **common)
    return outbox.queue_email(
        session,
        to=address,
        subject=subject or words[0],
        body=body or words[1],
        attachments=files,
        **common,
    )


def keep_from_leaving(session: Session, application: Application, template: str) -> bool:
    """Cancel the last message of a step while it still waits; False when there is none or it left."""
    last = (
        select(Notification)
        .where(
            Notification.owner_type == "Application",
            Notification.owner_id == application.id,
            Notification.template == template,
            Notification.channel != NotificationChannel.PANEL,
        )
        .order_by(Notification.id.desc())
        .limit(1)
    )
    with acting_as(SYSTEM):
        message = session.scalars(last).first()
    return message is not None and hold_back(session, message)


def hold_back(session: Session, message: Notification) -> bool:
    """Keep a message from leaving, whoever may see it; False when it has left or is just leaving."""
    with acting_as(SYSTEM):
        try:
            outbox.cancel(session, message=message)
        except RuleViolation:
            return False
    return True


def way_to(session: Session, application: Application) -> tuple[NoticeChannel, str] | None:
    """By what and where an applicant is written to; None when nobody may or can be."""
    wanted = application.wants_notice
    if application.is_anonymous or application.identity_hidden or wanted not in {"sms", "email"}:
        return None
    phone, email = _addresses(session, application)
    # Who wished an SMS and left no number is still told, if there is another way.
    by_sms = bool(phone) and (wanted == "sms" or not email)
    if by_sms:
        return (NoticeChannel.SMS, phone) if get_flag(session, "sms_enabled") else None
    return (NoticeChannel.EMAIL, email) if email and get_flag(session, "email_enabled") else None


def sms_time(session: Session, application: Application, now: dt.datetime) -> dt.datetime | None:
    """When the SMS of a quiet hour may leave, None: at once. Urgent cases never wait."""
    moment = clock.to_local(now)
    later = rules.leaves_at(
        moment,
        quiet_from=get_number(session, "sms_quiet_from"),
        quiet_until=get_number(session, "sms_quiet_until"),
        urgent=application.priority is Priority.URGENT,
    )
    return later if later > moment else None


def _addresses(session: Session, application: Application) -> tuple[str, str]:
    """Telephone and e-mail for this case; those of the person when the case has none of its own."""
    phone, email = application.contact_phone, application.contact_email
    if application.citizen_id and not (phone and email):
        people = Citizen.__table__.c
        row = session.execute(
            select(people.phone, people.email).where(people.id == application.citizen_id)
        ).one_or_none()
        if row is not None:
            phone, email = phone or row.phone, email or row.email
    return phone, email


def tell_staff(
    session: Session,
    application: Application,
    template: str,
    *,
    step: ApplicationEvent,
    users: Iterable[StaffUser | None],
    mail: bool = False,
    **params: Any,
) -> None:
    """Show a line in the panel of these people, each once; with `mail` an e-mail goes out too."""
    if _gathered.get():
        return
    unit = session.get(Unit, step.unit_id) if step.unit_id else None
    # A line stays with its reader, so a restricted case tells no more there than its number.
    subject = "" if application.is_restricted else application.subject
    text = turkish(
        rules.STAFF_NOTICES[template],
        number=application.number,
        subject=subject,
        unit=str(unit or ""),
        due=format_date(application.due_on),
        **params,
    )
    seen: set[int] = set()
    for user in users:
        if user is None or user.id in seen or user.id == step.actor_id:
            continue
        seen.add(user.id)
        outbox.notify_user(
            session,
            user_id=user.id,
            subject=text,
            body="" if application.is_restricted else step.note,
            url=CASE_URL.format(application.id),
            owner_type="Application",
            owner_id=application.id,
            template=template,
            dedupe_key=f"app:{application.id}:{template}:{step.id}:{user.id}",
            email=user.email if mail and get_flag(session, "email_enabled") else None,
        )


def people_of_unit(session: Session, unit_id: int) -> list[StaffUser]:
    """Who is told when a unit gets work: its liaisons, else its head."""
    with acting_as(SYSTEM):
        people = find_liaisons(session, unit_id)
        manager = None if people else find_manager(session, unit_id)
    return people or ([manager] if manager is not None else [])


def people_of_office(session: Session, application: Application) -> list[StaffUser]:
    """Who follows a case in the directorate: its officer, else the chiefs.

    A restricted case is nothing for chiefs: those who look after CİMER are told.
    """
    with acting_as(SYSTEM):
        owner = session.get(StaffUser, application.owner_id) if application.owner_id else None
        if owner is not None and owner.active:
            return [owner]
        role = "cimer_officer" if application.is_restricted else "chief"
        return find_users_with_role(session, role)


def approvers(session: Session) -> list[StaffUser]:
    """Who may approve: the branch managers."""
    with acting_as(SYSTEM):
        return find_users_with_role(session, "branch_mgr")
