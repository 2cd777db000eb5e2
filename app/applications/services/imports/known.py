"""What a row of CİMER brings to a case that is here already: a re-send, more text, another state.

Nothing of the case is overwritten but what CİMER alone knows; every change is a line of the
correspondence, and the same file a second time brings nothing. Source: domain facts 2.4.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ImportBatch
from app.applications.rules import Channel
from app.applications.services.clocks import first_day, set_clock
from app.applications.services.exchanges import find_exchange
from app.applications.services.hidden import mask_personal
from app.applications.services.imports.rows import Prepared
from app.applications.services.moves import flush, record_step
from app.applications.services.resends import note_state, receive_resend, receive_text
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.clock import to_local
from app.core.text import clean


@dataclass(frozen=True)
class News:
    """How many known rows brought something new, and how many of them were sent again."""

    changed: int = 0
    resent: int = 0


def take_news(
    session: Session,
    *,
    batch: ImportBatch,
    rows: Sequence[Prepared],
    actor: Actor,
    now: dt.datetime,
) -> News:
    """Take in what these known rows of CİMER say beyond what is here; other rows say nothing."""
    wanted = {
        row.key[1]: row
        for row in rows
        if row.values.get("channel") is Channel.CIMER and row.key[0] == rules.CIMER_SOURCE
    }
    if not wanted:
        return News()
    with acting_as(SYSTEM):
        cases = session.scalars(
            select(Application).where(
                Application.external_source == rules.CIMER_SOURCE,
                Application.external_ref.in_(sorted(wanted)),
            )
        ).all()
        changed = resent = 0
        for case in cases:
            one = _CaseNews(session, batch, case, wanted[case.external_ref or ""], actor, now)
            is_resent = one.resend()
            is_changed = any((one.date(), one.state(), one.text(is_resent)))
            resent += is_resent
            changed += is_changed and not is_resent
    return News(changed, resent)


@dataclass(frozen=True)
class _CaseNews:
    session: Session
    batch: ImportBatch
    case: Application
    row: Prepared
    actor: Actor
    now: dt.datetime

    @property
    def added(self) -> str:
        """What the text of the row has beyond ours; of a hidden applicant with names taken out."""
        new = clean(str(self.row.values.get("body") or ""), multiline=True)
        old = self.case.body
        if self.case.identity_hidden:
            new, old = mask_personal(new), mask_personal(old)
        if not new or new == old:
            return ""
        if old and new.startswith(old):
            return new[len(old) :].strip()
        # A text that an officer typed may be shorter than that of CİMER and yet be the same.
        return new if self.case.import_batch_id is not None else ""

    def resend(self) -> bool:
        """A day of a re-send, or a date at CİMER that is later than the one we keep."""
        at = self.row.resent_at
        told, kept = self.row.values.get("external_received_at"), self.case.external_received_at
        if at is None and told and kept and to_local(told).date() > to_local(kept).date():
            at = told
        if at is None or at > self.now or (kept is not None and at <= kept):
            return False
        key = f"{self.case.id}:resent:{to_local(at).date().isoformat()}"
        if find_exchange(self.session, key) is not None:
            return False
        receive_resend(
            self.session, application=self.case, at=at, actor=self.actor, text=self.added,
            now=self.now, batch_id=self.batch.id, dedupe_key=key,
        )  # fmt: skip
        return True

    def text(self, is_resent: bool) -> bool:
        """A text that was sent later; told once, whatever file brings it again."""
        if is_resent or not (added := self.added):
            return False
        digest = hashlib.sha256(added.encode()).hexdigest()[:24]
        key = f"{self.case.id}:text:{digest}"
        if find_exchange(self.session, key) is not None or self._was_resent_with(added):
            return False
        receive_text(
            self.session, application=self.case, at=self.now, text=added, actor=self.actor,
            now=self.now, batch_id=self.batch.id, dedupe_key=key,
        )  # fmt: skip
        return True

    def _was_resent_with(self, added: str) -> bool:
        from app.applications.models import CimerExchange

        found = self.session.scalar(
            select(CimerExchange.id).where(
                CimerExchange.application_id == self.case.id, CimerExchange.text == added
            )
        )
        return found is not None

    def state(self) -> bool:
        """Another word for the state at CİMER."""
        line = note_state(
            self.session, application=self.case, word=self.row.state_word, at=self.now,
            actor=self.actor, now=self.now, batch_id=self.batch.id,
        )  # fmt: skip
        return line is not None

    def date(self) -> bool:
        """The date at CİMER where we had none; an open case is counted anew from it."""
        told = self.row.values.get("external_received_at")
        if told is None or self.case.external_received_at is not None:
            return False
        before = self.case.due_on
        self.case.external_received_at = told
        if self.case.state in rules.OPEN_STATES and self.case.cycle == 1:
            set_clock(self.session, self.case, start=first_day(self.session, self.case))
        flush(self.session)
        record_step(
            self.session, self.case, "change_deadline", actor=self.actor, now=self.now,
            details={"due_on": [_iso(before), _iso(self.case.due_on)], "batch": self.batch.id},
        )  # fmt: skip
        return True


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None
