"""Taking an application in: number, code, clock, first event and first message in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application
from app.applications.rules import Action, Channel, Kind, Outcome, Priority, State
from app.applications.services.clocks import first_day, set_clock
from app.applications.services.exchanges import received_line
from app.applications.services.groups import GroupAnswer, answer_group, note_join
from app.applications.services.moves import apply_action, check_verb, flush, record_step, refuse
from app.applications.services.notices import people_of_office, tell_citizen, tell_staff
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.identifiers import parse_phone
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean
from app.people.models import Citizen
from app.people.services import find_violations, save_citizen
from app.system.services import numbers

SERIES = "application"

#: What a caller may hand in beside `citizen`; anything else is a mistake of the program.
FIELDS = frozenset(
    {
        "channel", "kind", "topic_id", "subject", "body", "priority", "citizen_id", "is_anonymous",
        "on_behalf_of", "identity_hidden", "is_restricted", "contact_phone", "contact_email",
        "wants_notice", "district_id", "neighbourhood_id", "street", "place_note", "latitude",
        "longitude", "received_at", "external_source", "external_ref", "external_received_at",
        "owner_id", "import_batch_id", "is_demo", *rules.PETITION_PARTS,
    }
)  # fmt: skip
#: Known to the caller and not to the table: the unit the clerk has in mind.
_ASIDE = frozenset({"citizen", "unit_id"})
_ONE_LINE = ("subject", "street", "place_note", "on_behalf_of", "external_ref", "contact_email")
_FLAGS = ("is_anonymous", "identity_hidden", "is_restricted", "is_demo")


def register_application(
    session: Session,
    *,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime | None = None,
    request_key: str | None = None,
) -> Application:
    """Register an application and return it; a second call with the same key returns the first.

    `values` are columns of Application (`FIELDS`), `citizen` as a mapping ({"id": …} for a known
    person, else the fields of `save_citizen`) and `unit_id`, the unit proposed to the office. In one
    transaction: the person is found or made, the number given without a gap, the legal date counted
    and kept with its trail, the event written, the message to the person queued. Raises
    RuleViolation with every broken rule.
    """
    check_verb(actor, "register")
    if request_key and (known := find_by_request_key(session, request_key)) is not None:
        return known
    moment = now or clock.now()
    tidy = tidied(values, moment)
    if broken := _broken(session, tidy, moment):
        raise RuleViolation(broken)
    citizen_id = _citizen_id(session, tidy)
    columns = {name: tidy[name] for name in FIELDS if name in tidy and name != "citizen_id"}
    try:
        # The savepoint gives the number back when another writer had the same key or reference.
        with session.begin_nested():
            application = Application(**columns)
            application.citizen_id = citizen_id
            application.received_on = tidy["received_on"]
            application.state = State.REGISTERED
            application.cycle = 1
            application.request_key = request_key
            application.registered_by_id = actor.user_id
            application.tracking_code = rules.make_tracking_code()
            application.number = numbers.next_number(
                session, series=SERIES, year=application.received_on.year
            )
            set_clock(session, application, start=first_day(session, application))
            session.add(application)
            session.flush()
    except IntegrityError:
        known = find_by_request_key(session, request_key) if request_key else None
        if known is None:
            refuse_known_reference(session, tidy)
            raise
        return known
    step = record_step(
        session,
        application,
        Action.REGISTER.value,
        actor=actor,
        now=moment,
        details=first_details(application, tidy),
        unit_id=tidy.get("unit_id"),
        visibility=rules.Visibility.APPLICANT,
    )
    if application.channel is Channel.CIMER:
        session.add(received_line(application, actor, moment))
        flush(session)
    tell_citizen(session, application, "register", step=step)
    return application


def registration_violations(
    session: Session,
    *,
    values: Mapping[str, Any],
    now: dt.datetime | None = None,
    request_key: str | None = None,
) -> tuple[Violation, ...]:
    """What `register_application` would refuse of the same values, all at once; nothing is written."""
    if request_key and find_by_request_key(session, request_key) is not None:
        return ()
    moment = now or clock.now()
    return _broken(session, tidied(values, moment), moment)


def _broken(
    session: Session, tidy: Mapping[str, Any], moment: dt.datetime
) -> tuple[Violation, ...]:
    return collect(
        rules.application_violations(tidy, now=moment),
        _reference_violations(session, tidy),
        _person_violations(session, tidy),
    )


def _person_violations(session: Session, tidy: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with the applicant; the people room's fields are named below `citizen`."""
    if tidy["is_anonymous"] or tidy["identity_hidden"]:
        return
    person = tidy.get("citizen")
    known = person.get("id") if person else tidy.get("citizen_id")
    if known:
        if session.get(Citizen, known) is None:
            yield Violation("citizen", N_("There is no such applicant."))
    elif person:
        for broken in find_violations(session, values=person):
            yield replace(broken, field=f"citizen.{broken.field}" if broken.field else "citizen")


def find_by_request_key(session: Session, request_key: str) -> Application | None:
    """The application that this form or request has made already, whoever may see it."""
    with acting_as(SYSTEM):
        return session.scalars(
            select(Application).where(Application.request_key == request_key)
        ).first()


def tidied(values: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Clean texts, turn codes into members, fill what follows from the rest."""
    if unknown := set(values) - FIELDS - _ASIDE:
        raise TypeError(f"no such field of an application: {', '.join(sorted(unknown))}")
    tidy = dict(values)
    for name in _ONE_LINE:
        tidy[name] = clean(str(tidy.get(name) or ""))
    tidy["body"] = clean(str(tidy.get("body") or ""), multiline=True)
    phone = clean(str(tidy.get("contact_phone") or ""))
    tidy["contact_phone"] = parse_phone(phone) or phone
    for name in _FLAGS:
        tidy[name] = bool(tidy.get(name))
    for name, enum in (("channel", Channel), ("kind", Kind), ("priority", Priority)):
        if tidy.get(name) in {member.value for member in enum}:
            tidy[name] = enum(tidy[name])
    tidy["priority"] = tidy.get("priority") or Priority.NORMAL
    tidy["external_ref"] = tidy["external_ref"] or None
    if tidy["external_ref"] and not tidy.get("external_source"):
        tidy["external_source"] = str(tidy.get("channel") or "")
    if tidy.get("channel") is Channel.CIMER:
        # CİMER items are opened by authorised staff only. Source: domain facts 2.4.
        tidy["is_restricted"] = True
    nobody = tidy["is_anonymous"] or tidy["identity_hidden"]
    tidy["wants_notice"] = "none" if nobody else (tidy.get("wants_notice") or "sms")
    received = tidy.get("received_at") or now
    tidy["received_at"] = received
    if isinstance(received, dt.datetime):
        tidy["received_on"] = (
            clock.to_local(received).date() if received.tzinfo else received.date()
        )
    return tidy


def _citizen_id(session: Session, tidy: Mapping[str, Any]) -> int | None:
    """Find or make the person, whose rules have been asked already."""
    if tidy["is_anonymous"] or tidy["identity_hidden"]:
        return None
    person = tidy.get("citizen")
    known = person.get("id") if person else tidy.get("citizen_id")
    if known:
        return int(known)
    if not person:
        return None
    extra = {"is_demo": True} if tidy.get("is_demo") else {}
    return save_citizen(session, values={**person, **extra}).id


def refuse_known_reference(session: Session, tidy: Mapping[str, Any]) -> None:
    """The number of another office stands for one application only; RuleViolation names that one."""
    if broken := collect(_reference_violations(session, tidy)):
        raise RuleViolation(broken)


def _reference_violations(session: Session, tidy: Mapping[str, Any]) -> Iterator[Violation]:
    if not tidy.get("external_ref"):
        return
    cases = Application.__table__.c
    number = session.execute(
        select(cases.number).where(
            cases.external_source == tidy["external_source"],
            cases.external_ref == tidy["external_ref"],
            cases.id != (tidy.get("id") or 0),
        )
    ).scalar()
    if number is not None:
        yield Violation(
            "external_ref",
            N_("This number is registered already, as %(number)s."),
            {"number": number},
        )


def first_details(application: Application, tidy: Mapping[str, Any]) -> dict[str, Any]:
    details: dict[str, Any] = {"channel": application.channel.value, "kind": application.kind.value}
    if application.due_on is not None:
        details["due_on"] = application.due_on.isoformat()
    if tidy.get("unit_id"):
        details["proposed_unit_id"] = tidy["unit_id"]
    return details


def join_application(
    session: Session,
    *,
    application: Application,
    text: str,
    actor: Actor,
    citizen: Mapping[str, Any] | None = None,
    on_behalf_of: str = "",
    now: dt.datetime | None = None,
) -> Application:
    """Add another call to an open case instead of opening a new one.

    The caller's person is found or made and named in the event, so that everybody who called can be
    told the result; so is for whom the call was. Raises RuleViolation when the case is not open.
    """
    check_verb(actor, "register")
    if application.state not in rules.OPEN_STATES:
        raise refuse(N_("Only an open application can be joined; register a new one."))
    citizen_id = None
    # Whoever calls about a case with a hidden identity is not written down beside it.
    if citizen and not application.identity_hidden:
        known = citizen.get("id")
        citizen_id = int(known) if known else save_citizen(session, values=dict(citizen)).id
    step = note_join(
        session,
        application,
        citizen_id=citizen_id,
        actor=actor,
        now=now,
        note=clean(text, multiline=True),
        on_behalf_of="" if application.identity_hidden else clean(on_behalf_of),
    )
    tell_staff(
        session,
        application,
        "join",
        step=step,
        users=people_of_office(session, application),
    )
    return application


def first_contact_violations(channel: Channel | None) -> tuple[Violation, ...]:
    """What keeps an application of this channel from being closed on the spot."""
    if channel not in rules.WRITTEN_CHANNELS:
        return ()
    return (
        Violation("", N_("A written application is answered in writing, not at first contact.")),
    )


def close_first_contact(
    session: Session,
    *,
    application: Application,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    outcome: Outcome = Outcome.INFORMED,
    version: int | None = None,
) -> Application:
    """Close what was answered on the spot; `note` is the answer.

    A written application always gets a written answer, and a kind with a legal period is closed on
    the spot only by those who assess applications. Raises RuleViolation.
    """
    if broken := first_contact_violations(application.channel):
        raise RuleViolation(broken)
    if application.rule_key is not None and not actor.may("triage", "Application"):
        raise refuse(
            N_("This kind has a legal period; only those who assess applications may close it.")
        )
    moment = now or clock.now()
    step = apply_action(
        session,
        application,
        Action.CLOSE_FIRST_CONTACT,
        actor=actor,
        now=moment,
        given={"note": note},
        note=note,
        version=version,
    )
    application.outcome = outcome
    application.closing_note = note.strip()
    flush(session)
    answer = GroupAnswer("send_reply", outcome, application.closing_note)
    answer_group(session, application, answer, actor=actor, now=moment, step=step)
    return application
