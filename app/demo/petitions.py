"""Fictional petitions: what the law asks of their form, and progress answers to those that take time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.rules import ReplyKind, ReplyState, State, Visibility
from app.core import clock
from app.demo.rows import Row, insert_rows, stamp
from app.models import Application, ApplicationEvent, Reply

_PROGRESS = (
    "başvurunuz ilgili birim tarafından incelenmektedir. İşlem safahatı hakkında bilgi edinmenizi, "
    "sonucun size ayrıca bildirileceğini (3071 sayılı Kanun m.7) bilgilerinize sunarız."
)


def load_petitions(session: Session, people: dict[str, int], count: int) -> None:
    """Write what petitions are made of, and at most `count` progress answers with their promise."""
    _progress_letters(session, people, count)
    _promises(session)
    _petition_parts(session)


def _progress_letters(session: Session, people: dict[str, int], count: int) -> None:
    """Some applicants whose case takes its time were told how far it is."""
    a, now = Application.__table__.c, clock.now()
    cases = session.execute(
        select(a.id, a.number, a.cycle, a.received_at)
        .where(
            a.state.in_([State.IN_PROGRESS, State.SCHEDULED]), a.is_anonymous.is_(False),
            a.identity_hidden.is_(False), a.progress_told_at.is_(None),
            a.received_at < now - dt.timedelta(days=7),
        )
        .order_by(a.received_at, a.id)
        .limit(count)
    ).all()  # fmt: skip
    writer, manager = people["masa"], people["mudur"]
    letters: list[Row] = []
    for case_ in cases:
        at = case_.received_at + dt.timedelta(days=6)
        letters.append(
            {
                "application_id": case_.id, "kind": ReplyKind.PROGRESS, "state": ReplyState.SENT,
                "outcome": None, "cycle": case_.cycle, "subject": f"{case_.number} numaralı başvurunuz",
                "body": f"{case_.number} numaralı {_PROGRESS}", "short_text": "",
                "refusal_article": "", "remedy": "", "letter_no": "", "approval_note": "",
                "letter_on": clock.to_local(at).date(), "drafted_by_id": writer,
                "submitted_at": at - dt.timedelta(hours=2), "approved_by_id": manager,
                "approved_at": at - dt.timedelta(hours=1), "sent_at": at,
                **stamp(at - dt.timedelta(hours=3), writer),
            }
        )  # fmt: skip
    if not letters:
        return
    r = Reply.__table__
    made = session.connection().execute(
        insert(r).returning(r.c.id, r.c.application_id, sort_by_parameter_order=True), letters
    )
    events = [
        {
            "application_id": pk_case, "at": letter["sent_at"], "actor_id": writer,
            "deputy_for_id": None, "action": "send_progress", "from_state": None, "to_state": None,
            "unit_id": None, "note": "",
            "details": {"reply_id": pk, "kind": ReplyKind.PROGRESS.value},
            "visibility": Visibility.APPLICANT,
        }
        for (pk, pk_case), letter in zip(made.all(), letters, strict=True)
    ]  # fmt: skip
    insert_rows(session, ApplicationEvent, events)


def _promises(session: Session) -> None:
    """Whoever got a progress answer was told that the result follows."""
    letters, cases = Reply.__table__, Application.__table__
    answers = select(letters.c.sent_at).where(
        letters.c.application_id == cases.c.id,
        letters.c.cycle == cases.c.cycle,
        letters.c.kind == ReplyKind.PROGRESS,
        letters.c.state == ReplyState.SENT,
    )
    told = answers.order_by(letters.c.id.desc()).limit(1).scalar_subquery()
    session.connection().execute(
        update(cases).where(answers.exists()).values(progress_told_at=told)
    )


def _petition_parts(session: Session) -> None:
    """Most petitions are complete; one in thirty lacks its signature, one in forty its address."""
    cases = Application.__table__
    session.connection().execute(
        update(cases)
        .where(
            cases.c.channel.in_(sorted({rules.Channel.PETITION, rules.Channel.KEP})),
            cases.c.is_anonymous.is_(False),
        )
        .values(
            has_name=True,
            has_signature=case((cases.c.id % 30 == 7, False), else_=True),
            has_address=case((cases.c.id % 40 == 9, False), else_=True),
        )
    )
