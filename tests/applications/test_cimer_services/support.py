"""CİMER in the services: both dates, re-sends, more time, answers, and an identity nobody knows."""

from __future__ import annotations

from app.applications import services
from app.applications.rules import (
    Channel,
    Kind,
    Outcome,
)
from tests.applications.office import MONDAY, day

THEIRS = day(12)  # Thursday 12 March 2026, at CİMER.


LATER = day(20)


def taken_in(office, **values):
    given = {
        "channel": Channel.CIMER, "kind": Kind.COMPLAINT, "external_ref": "2612345678",
        "external_received_at": THEIRS, **values,
    }  # fmt: skip
    return office.register(who="cimer", **given)


def answered(office, case, at=LATER):
    """The case with an approved and sent answer; CİMER does not have it yet."""
    chief, manager = office.actor("cimer"), office.actor("manager")
    services.assign(
        office.session,
        application=case,
        unit_ids=[],
        lead_unit_id=office.a.id,
        actor=chief,
        now=MONDAY,
    )
    services.accept(office.session, application=case, actor=office.actor("liaison_a"), now=MONDAY)
    services.answer_by_unit(
        office.session, application=case, answer_text="Boru değiştirildi.", outcome=Outcome.RESOLVED,
        actor=office.actor("liaison_a"), now=MONDAY,
    )  # fmt: skip
    reply = services.draft_reply(
        office.session, application=case, body="Boru değiştirilmiştir.\n\nBilgilerinize.", outcome=Outcome.RESOLVED,
        actor=chief, now=MONDAY,
    )  # fmt: skip
    services.submit_reply(office.session, reply=reply, actor=chief, now=MONDAY)
    services.approve_reply(office.session, reply=reply, actor=manager, now=MONDAY)
    if at is not None:
        services.send_reply(office.session, reply=reply, actor=chief, now=at)
    return reply
