"""What stands around demo applications: panel messages, reminders, sent messages, a few files."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.rules import AssignmentState, Channel, State
from app.core import clock
from app.core.text import format_date
from app.core.uploads import check_upload
from app.models import Application, Assignment, StaffUser, Topic, Unit
from app.organisation.queries import find_liaisons, find_subtree_ids
from app.system.models import Attachment, Notification
from app.system.queries import load_calendar
from app.system.rules import NotificationChannel, NotificationState
from app.system.services import attachments, outbox, reminders

_PER_ACCOUNT = 6
_WITH_FILES = 12
_MESSAGE_DAYS = 14
_MOST_MESSAGES = 400
#: Turkish texts of the reminders, as they were written on their day.
_REMINDERS = {
    "internal_50": "{number}: iç sürenin yarısı doldu; hedef {due}.",
    "internal_80": "{number}: iç sürenin beşte dördü doldu; hedef {due}.",
    "internal_100": "{number}: iç hedef günü ({due}) geldi.",
    "legal_3": "{number}: yasal süreye ({due}) üç iş günü kaldı.",
    "legal_1": "{number}: yasal süreye ({due}) bir iş günü kaldı.",
    "legal_0": "{number}: yasal sürenin son günü ({due}).",
}


def load_around(session: Session, *, seed: int) -> None:
    """Write messages, reminders and files for the newest demo applications; flushes only."""
    rng = Random(seed)  # Pictures and picks for a demo.
    _panel_messages(session)
    _reminders(session)
    _sent_messages(session)
    _files(session, rng)
    session.flush()


# --- the panel -----------------------------------------------------------------------------------
def _panel_messages(session: Session) -> None:
    users = {
        user.username: user for user in session.scalars(select(StaffUser).where(StaffUser.is_demo))
    }
    for username, code in (("birim", "FEN"), ("teski", "TESKI")):
        unit = session.scalars(select(Unit).where(Unit.code == code)).one()
        stmt = (
            select(Application)
            .join(Assignment, Assignment.application_id == Application.id)
            .where(
                Assignment.unit_id.in_(find_subtree_ids(session, unit.id)),
                Assignment.state == AssignmentState.SENT,
                Application.state == State.ASSIGNED,
            )
        )
        _tell(
            session,
            users.get(username),
            stmt,
            "assign",
            "{number} biriminize havale edildi: {subject}",
        )
    cases = select(Application).where(Application.is_demo.is_(True))
    for username, condition, template, text in (
        ("mudur", Application.state == State.UNIT_ANSWERED, "submit_reply", "{number} için cevap onayınızı bekliyor: {subject}"),
        ("sef", Application.state == State.REGISTERED, "register", "{number} değerlendirme bekliyor: {subject}"),
        ("baskan", Application.state.in_(rules.OPEN_STATES) & (Application.due_on < clock.today()), "overdue",
         "{number} yasal süresi {due} günü doldu, cevap verilmedi."),
        ("cimer", Application.state.in_(rules.OPEN_STATES) & (Application.channel == Channel.CIMER), "cimer",
         "CİMER başvurusu {number}: son gün {due}."),
        ("bilgi", Application.state.in_(rules.OPEN_STATES) & (Application.kind == rules.Kind.INFORMATION), "foi",
         "Bilgi edinme başvurusu {number}: son gün {due}."),
    ):  # fmt: skip
        _tell(session, users.get(username), cases.where(condition), template, text)


def _tell(
    session: Session,
    user: StaffUser | None,
    stmt: Select[Application],
    template: str,
    text: str,
) -> None:
    if user is None:
        return
    rows = session.scalars(stmt.order_by(Application.id.desc()).limit(_PER_ACCOUNT)).unique().all()
    for case in rows:
        outbox.notify_user(
            session,
            user_id=user.id,
            subject=text.format(
                number=case.number, subject=case.subject, due=format_date(case.due_on)
            ),
            url=f"/applications/show/{case.id}",
            owner_type="Application",
            owner_id=case.id,
            template=template,
            dedupe_key=f"demo:{template}:{case.id}:{user.id}",
        )


# --- reminders -----------------------------------------------------------------------------------
def _reminders(session: Session) -> None:
    """What the scan would have written until yesterday; today's points are left to it."""
    calendar, yesterday = load_calendar(session), clock.today() - dt.timedelta(days=1)
    cases = session.scalars(
        select(Application).where(
            Application.state.in_(rules.OPEN_STATES),
            Application.is_demo,
            Application.lead_unit_id.is_not(None),
        )
    ).all()
    people: dict[int, StaffUser | None] = {}
    for case in cases:
        unit = case.lead_unit_id or 0
        if unit not in people:
            people[unit] = next(iter(find_liaisons(session, unit)), None)
        for point in rules.due_reminders(_Timed(case), case.assignments, calendar, yesterday):
            if point.kind not in _REMINDERS:
                continue
            user = people[unit]
            reminders.write(
                session,
                dedupe_key=f"app:{case.id}:{case.cycle}:{point.kind}:{point.due_on.isoformat()}",
                owner_type="Application",
                owner_id=case.id,
                kind=point.kind,
                level=point.level.value,
                user_id=user.id if user else None,
                due_on=point.due_on,
                text=_REMINDERS[point.kind].format(
                    number=case.number, due=format_date(point.due_on)
                ),
            )


class _Timed:
    """A case as the rule of reminders reads it."""

    def __init__(self, case: Application) -> None:
        self.state, self.due_on, self.goal_on = case.state, case.due_on, case.goal_on
        start = (case.due_trail or {}).get("received_on")
        self.started_on = dt.date.fromisoformat(start) if start else case.received_on


# --- messages to applicants ------------------------------------------------------------------------
def _sent_messages(session: Session) -> None:
    """The SMS of the last two weeks, as the provider has accepted them; a few have failed."""
    since = clock.now() - dt.timedelta(days=_MESSAGE_DAYS)
    cases = session.scalars(
        select(Application)
        .where(
            Application.is_demo, Application.received_at >= since, Application.wants_notice == "sms"
        )
        .order_by(Application.id.desc())
        .limit(_MOST_MESSAGES)
    ).all()
    known = set(
        session.scalars(
            select(Notification.dedupe_key).where(Notification.dedupe_key.like("demo:register:%"))
        )
    )
    for case in cases:
        if f"demo:register:{case.id}" in known:
            continue
        phone = case.contact_phone or (case.citizen.phone if case.citizen else "")
        if not phone:
            continue
        failed = case.id % 61 == 0
        session.add(
            Notification(
                channel=NotificationChannel.SMS,
                recipient=phone,
                body=f"Başvurunuz {case.number} numarayla kaydedildi. Takip kodu: {case.tracking_code}. Tekirdağ BB, ALO 153",
                owner_type="Application",
                owner_id=case.id,
                template="register",
                dedupe_key=f"demo:register:{case.id}",
                state=NotificationState.FAILED if failed else NotificationState.SENT,
                attempts=5 if failed else 1,
                sent_at=None if failed else case.received_at + dt.timedelta(seconds=40),
                error="Numara kullanılmıyor." if failed else "",
                created_at=case.received_at,
            )
        )


# --- files -----------------------------------------------------------------------------------------
def _files(session: Session, rng: Random) -> None:
    """Drawn pictures for a few open cases; they show nothing but colours and the number."""
    cases = session.scalars(
        select(Application)
        .join(Topic, Topic.id == Application.topic_id)
        .where(
            Application.is_demo,
            Application.state.in_(rules.OPEN_STATES),
            Topic.code.in_(("YOL-01", "YOL-03", "SU-02", "PRK-01", "CEV-03")),
            Application.id.not_in(
                select(Attachment.owner_id).where(Attachment.owner_type == "Application")
            ),
        )
        .order_by(Application.id.desc())
        .limit(_WITH_FILES)
    ).all()
    for case in cases:
        upload = check_upload(f"yer-fotografi-{case.number}.jpg", _picture(rng, case.number))
        attachments.store(
            session, owner_type="Application", owner_id=case.id, upload=upload, kind="photo"
        )


def _picture(rng: Random, text: str) -> bytes:
    ground = (90 + rng.randrange(60), 90 + rng.randrange(60), 95 + rng.randrange(60))
    picture = Image.new("RGB", (640, 420), ground)
    draw = ImageDraw.Draw(picture)
    for _patch in range(6):
        x, y, r = rng.randrange(600), rng.randrange(380), 20 + rng.randrange(90)
        shade = rng.randrange(30, 90)
        draw.ellipse((x, y, x + r * 2, y + r), fill=(shade, shade, shade))
    draw.text((16, 396), f"{text} demo", fill="white")
    out = BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()
