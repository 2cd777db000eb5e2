"""The demo correspondence with CİMER agrees with the applications it belongs to."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from app.applications.models import (
    Application,
    ApplicationEvent,
    Assignment,
    CimerExchange,
    Reconciliation,
)
from app.applications.rules import Channel, ExchangeKind


def test_lines_follow_from_the_applications_and_a_list_was_compared(session: Any) -> None:
    cases = session.scalars(
        select(Application).where(Application.channel == Channel.CIMER, Application.is_demo)
    ).all()
    assert cases
    lines: dict[int, Counter[ExchangeKind]] = {case.id: Counter() for case in cases}
    for line in session.scalars(select(CimerExchange)):
        lines[line.application_id][line.kind] += 1
        assert line.at <= line.noted_at
    for case in cases:
        assert lines[case.id][ExchangeKind.RECEIVED] == 1
        assert lines[case.id][ExchangeKind.RESENT] == case.resend_count
        assert lines[case.id][ExchangeKind.ANSWER_ENTERED] == bool(case.external_answered_at)
        if case.external_answered_at is not None:
            assert case.external_answered_at == case.answered_at
    answered = sum(case.answered_at is not None for case in cases)
    entered = sum(case.external_answered_at is not None for case in cases)
    assert 0 < answered - entered <= 4
    told = Counter(
        session.execute(
            select(ApplicationEvent.application_id, ApplicationEvent.action).where(
                ApplicationEvent.action.in_(["cimer_resent", "cimer_entered"])
            )
        )
    )
    for case in cases:
        assert told[case.id, "cimer_resent"] == case.resend_count
        assert told[case.id, "cimer_entered"] == bool(case.external_answered_at)
    compared = session.scalars(select(Reconciliation)).one()
    assert (compared.missing_here, compared.missing_there) == (1, 1)
    assert 0 < compared.matched_rows < compared.total_rows
    assert compared.open_items > 0


def test_hardly_a_unit_is_late_with_what_it_has_just_been_given(session: Any) -> None:
    given = session.execute(
        select(Assignment.sent_at, Assignment.due_on, Application.due_on).join(
            Assignment.application
        )
    ).all()
    assert given
    late = [legal for sent, day, legal in given if day is not None and day < sent.date()]
    assert len(late) < len(given) / 100
