"""Fictional letters on their way out: their texts, the checks before they leave, batches of them."""

from __future__ import annotations

import datetime as dt
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.rules import (
    CheckState,
    LetterBatchApproval,
    LetterBatchState,
    LetterRowState,
    ReplyKind,
    ReplyState,
    State,
)
from app.applications.services.outgoing import check_letter
from app.core import clock
from app.core.acting import SYSTEM
from app.demo.rows import Row, insert_rows, stamp
from app.models import (
    Application,
    LetterBatch,
    LetterBatchRow,
    OutgoingCheck,
    Reply,
    ReplyTemplate,
    ReplyVersion,
)

#: Of so many letters the texts are kept; old ones had no versions yet.
_WITH_VERSIONS = 300
_OPEN_LETTERS = (ReplyState.DRAFT, ReplyState.IN_APPROVAL, ReplyState.SENT_BACK)
_FOREIGN_PHONE = {
    "kind": "phone", "place": rules.LETTER_PLACES["body"], "params": {"n": 2},
    "excerpt": "0532 *** ** 14",
}  # fmt: skip
_OVERRIDE = "Telefon, başvuru sahibinin kendi işyerine aittir; yazıda kalması gerekiyor."
_CLOSING = "Bilgilerinize sunulur."
_SLIP = "\n\nAyrıntıyı binanın yöneticisinden, 0532 111 22 14 numaralı telefondan öğrenebilirsiniz."
_FIRST_WORDS = "Konu incelenmektedir.\n\n"


# --- texts -------------------------------------------------------------------------------------------
def load_versions(session: Session) -> None:
    """Every open letter and the newest sent ones have their texts; some began with other words."""
    r = Reply.__table__.c
    columns = (
        r.id, r.application_id, r.kind, r.outcome, r.subject, r.body, r.short_text,
        r.refusal_article, r.remedy, r.drafted_by_id, r.created_at, r.submitted_at,
    )  # fmt: skip
    open_ones = session.execute(select(*columns).where(r.state.in_(_OPEN_LETTERS)).order_by(r.id))
    newest = session.execute(
        select(*columns)
        .where(r.state == ReplyState.SENT, r.submitted_at.is_not(None))
        .order_by(r.id.desc())
        .limit(_WITH_VERSIONS)
    )
    rows: list[Row] = []
    for one in [*open_ones.mappings(), *newest.mappings()]:
        common = {
            "reply_id": one["id"], "application_id": one["application_id"], "restored_from": None,
            "by_id": one["drafted_by_id"],
            **{
                name: one[name]
                for name in ("kind", "outcome", "subject", "short_text", "refusal_article", "remedy")
            },
        }  # fmt: skip
        at = one["created_at"]
        number = 1
        if one["id"] % 3 == 0:
            rows.append({**common, "number": 1, "at": at, "body": f"{_FIRST_WORDS}{one['body']}"})
            number, at = 2, one["submitted_at"] or at
        rows.append({**common, "number": number, "at": at, "body": one["body"]})
    insert_rows(session, ReplyVersion, rows)


def load_checks(session: Session, rng: Random, people: dict[str, int], count: int) -> None:
    """Looks at the newest sent letters: most are clean, some were let pass; one that waits is held back."""
    r = Reply.__table__.c
    letters = session.execute(
        select(r.id, r.application_id, r.subject, r.approved_at, r.drafted_by_id)
        .where(r.state == ReplyState.SENT, r.approved_at.is_not(None))
        .order_by(r.approved_at.desc(), r.id.desc())
        .limit(count)
    ).all()
    rows: list[Row] = []
    for place, letter in enumerate(letters):
        at = letter.approved_at
        is_passed = place == 0 or rng.random() < 0.15
        found = [_FOREIGN_PHONE] if is_passed else []
        state = CheckState.OVERRIDDEN if is_passed else CheckState.CLEAN
        rows.append(
            {
                "application_id": letter.application_id, "reply_id": letter.id,
                "subject": letter.subject, "state": state,
                "digest": f"{letter.id:064x}", "found": len(found), "findings": found,
                "override_by_id": people["mudur"] if is_passed else None, "override_for_id": None,
                "override_at": at if is_passed else None,
                "override_reason": _OVERRIDE if is_passed else "",
                **stamp(at, letter.drafted_by_id),
            }
        )  # fmt: skip
    insert_rows(session, OutgoingCheck, rows)
    waiting = session.scalars(
        select(Reply)
        .where(Reply.state == ReplyState.IN_APPROVAL, Reply.drafted_by_id.is_not(None))
        .order_by(Reply.id.desc())
        .limit(1)
    ).first()
    if waiting is not None:
        text, closing, _rest = waiting.body.partition(f"\n\n{_CLOSING}")
        waiting.body = f"{text}{_SLIP}{closing}"
        session.flush()
        check_letter(session, reply=waiting, actor=SYSTEM, now=clock.now())


# --- batches -----------------------------------------------------------------------------------------
def load_batches(session: Session, people: dict[str, int]) -> None:
    """A batch that has left, and one that is being prepared, with a letter that has a problem."""
    template = session.scalars(
        select(ReplyTemplate).where(ReplyTemplate.active.is_(True)).order_by(ReplyTemplate.id)
    ).first()
    if template is None:
        return
    r, a = Reply.__table__.c, Application.__table__.c
    sent = session.execute(
        select(r.id, r.application_id, r.body, r.short_text, r.sent_at)
        .join(Application.__table__, a.id == r.application_id)
        .where(
            r.state == ReplyState.SENT, r.kind == ReplyKind.FINAL, a.is_restricted.is_(False),
            r.outcome == template.outcome,
        )
        .order_by(r.sent_at.desc(), r.id.desc())
        .limit(12)
    ).all()  # fmt: skip
    # A case that was opened again has two final letters; a batch holds one letter of a case.
    sent = list({row.application_id: row for row in reversed(sent)}.values())
    ready = session.execute(
        select(a.id, a.number)
        .where(a.state == State.UNIT_ANSWERED, a.is_restricted.is_(False))
        .order_by(a.id.desc())
        .limit(6)
    ).all()
    now = clock.now()
    if sent:
        batch_id = _batch(
            session, people, template, title="Yağış sonrası yol onarımları", rows=len(sent),
            state=LetterBatchState.SENT, sent=len(sent), at=sent[0].sent_at,
        )  # fmt: skip
        insert_rows(
            session,
            LetterBatchRow,
            [
                {
                    "batch_id": batch_id, "application_id": row.application_id, "position": place,
                    "state": LetterRowState.SENT, "body": row.body, "short_text": row.short_text,
                    "problems": [], "reply_id": row.id, **stamp(row.sent_at, people["sef"]),
                }
                for place, row in enumerate(sent, start=1)
            ],
        )  # fmt: skip
    if ready:
        batch_id = _batch(
            session, people, template, title="Su kesintisi bildirimleri, ortak cevap",
            rows=len(ready), state=LetterBatchState.DRAFT, problems=1, at=now,
        )  # fmt: skip
        problem = {"message": rules.FIELD_WITHOUT_VALUE, "params": {"field": "{{ad_soyad}}"}}
        insert_rows(
            session,
            LetterBatchRow,
            [
                {
                    "batch_id": batch_id, "application_id": row.id, "position": place,
                    "state": LetterRowState.PROBLEM if place == 1 else LetterRowState.READY,
                    "body": f"{row.number} numaralı başvurunuz incelenmiş, bildirdiğiniz sorun giderilmiştir.",
                    "short_text": "", "problems": [problem] if place == 1 else [],
                    "reply_id": None, **stamp(now, people["sef"]),
                }
                for place, row in enumerate(ready, start=1)
            ],
        )  # fmt: skip


def _batch(
    session: Session, people: dict[str, int], template: ReplyTemplate, *, title: str, rows: int,
    state: LetterBatchState, at: dt.datetime, sent: int = 0, problems: int = 0,
) -> int:  # fmt: skip
    made = session.connection().execute(
        insert(LetterBatch.__table__)
        .values(
            title=title, template_id=template.id, approval=LetterBatchApproval.TOGETHER,
            state=state, chosen={"state": State.UNIT_ANSWERED.value}, is_restricted=False,
            letters=rows, problems=problems, sent=sent, job_id=None,
            sent_at=at if sent else None, **stamp(at, people["sef"]),
        )
        .returning(LetterBatch.__table__.c.id)
    )  # fmt: skip
    return int(made.scalar_one())
