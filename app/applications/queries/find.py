"""Finding applications: by number, by citizen, by likeness; and what belongs to one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, defer, joinedload, raiseload

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Assignment, Reply, ReplyTemplate
from app.applications.queries.figures import day_start
from app.applications.rules import OPEN_STATES, State, Visibility
from app.core import clock
from app.core.text import format_date
from app.people.models import Citizen
from app.people.rules import CITIZEN_KIND_LABELS
from app.system.queries import get_number

#: Columns that no list shows and that are long.
_LONG = (
    defer(Application.body, raiseload=True),
    defer(Application.due_trail, raiseload=True),
    defer(Application.search_text, raiseload=True),
)
#: So many rows are compared word by word at most.
_COMPARED = 300


def get_application(session: Session, pk: int) -> Application | None:
    """The application with this key, if the actor may see it."""
    return session.scalars(select(Application).where(Application.id == pk)).first()


def find_by_number(session: Session, number: str) -> Application | None:
    """The application with this number, such as 2026-0000123."""
    return session.scalars(select(Application).where(Application.number == number.strip())).first()


def find_by_external_ref(session: Session, source: str, ref: str) -> Application | None:
    """The application that another office knows by this number."""
    return session.scalars(
        select(Application).where(
            Application.external_source == source, Application.external_ref == ref
        )
    ).first()


def find_by_tracking(session: Session, number: str, code: str) -> Application | None:
    """The application of a citizen who gives number and tracking code; both must fit."""
    read = rules.read_tracking_code(code)
    found = find_by_number(session, number) if read is not None else None
    return found if found is not None and found.tracking_code == read else None


def find_known_refs(session: Session, source: str, refs: Sequence[str]) -> Mapping[str, str]:
    """External number → our number, for those of `refs` that are registered; in chunks of 500."""
    known: dict[str, str] = {}
    cases = Application.__table__.c
    for start in range(0, len(refs), 500):
        rows = session.execute(
            select(cases.external_ref, cases.number).where(
                cases.external_source == source,
                cases.external_ref.in_(refs[start : start + 500]),
            )
        )
        known.update((ref, number) for ref, number in rows)
    return known


def list_by_code(session: Session, text: str) -> list[Application]:
    """The application whose whole tracking code was typed, if the actor may see it."""
    code = rules.read_tracking_code(text)
    if code is None:
        return []
    return list(session.scalars(select(Application).where(Application.tracking_code == code)))


def list_cases_of_citizen(session: Session, citizen_id: int, limit: int = 12) -> list[Application]:
    """Cases of one applicant, open ones first, then the newest."""
    return _cases_where(session, Application.citizen_id == citizen_id, limit)


def list_joined_cases(session: Session, citizen_id: int, limit: int = 12) -> list[Application]:
    """Cases of others that this person has joined, open ones first, then the newest."""
    steps = ApplicationEvent.__table__.c
    joined = select(steps.application_id).where(
        steps.citizen_id == citizen_id, steps.action == "join"
    )
    # Nobody is known beside a hidden identity; the person's own cases are listed as such.
    others = and_(
        Application.id.in_(joined),
        Application.identity_hidden.is_(False),
        or_(Application.citizen_id.is_(None), Application.citizen_id != citizen_id),
    )
    return _cases_where(session, others, limit)


def list_cases_and_joined(
    session: Session, citizen_id: int, limit: int = 12
) -> list[tuple[Application, bool]]:
    """The cases of a person and those of others joined by that person (True), open ones first."""
    own = list_cases_of_citizen(session, citizen_id, limit)
    joined = list_joined_cases(session, citizen_id, limit)
    cases = [(case, False) for case in own] + [(case, True) for case in joined]
    # What is still open stands first, the person's own before the others; each part is in order.
    return sorted(cases, key=lambda pair: pair[0].state not in OPEN_STATES)


def _cases_where(session: Session, condition: ColumnElement[bool], limit: int) -> list[Application]:
    stmt = (
        select(Application)
        .where(condition)
        .options(*_LONG, joinedload(Application.topic), joinedload(Application.lead_unit))
        .order_by(
            Application.state.in_(sorted(OPEN_STATES)).desc(),
            Application.received_at.desc(),
            Application.id.desc(),
        )
        .limit(limit)
    )
    return list(session.scalars(stmt))


# --- likely duplicates -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Similar:
    """A case that may speak of the same matter: how likely (0 to 1), and why in msgids."""

    application: Application
    score: float
    reasons: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the call can be joined to it."""
        return self.application.state in OPEN_STATES


def find_similar(
    session: Session,
    *,
    topic_id: int | None,
    neighbourhood_id: int | None,
    citizen_id: int | None,
    text: str,
    today: dt.date | None = None,
    exclude_id: int | None = None,
    limit: int = 8,
) -> list[Similar]:
    """Cases of the last days that are likely the same matter, the likeliest first.

    Candidates share the topic and the neighbourhood, or the citizen; without a place, the topic.
    Merged cases stand behind their main case and are left out.
    """
    day = today or clock.today()
    days = get_number(session, "duplicate_days")
    a = Application
    ways: list[ColumnElement[bool]] = []
    if topic_id is not None and neighbourhood_id is not None:
        ways.append((a.topic_id == topic_id) & (a.neighbourhood_id == neighbourhood_id))
    elif topic_id is not None and text.strip():
        ways.append(a.topic_id == topic_id)
    elif neighbourhood_id is not None and text.strip():
        ways.append(a.neighbourhood_id == neighbourhood_id)
    if citizen_id is not None:
        ways.append(a.citizen_id == citizen_id)
    if not ways:
        return []
    stmt = (
        select(a)
        .where(
            or_(*ways),
            a.received_at >= day_start(day - dt.timedelta(days=days)),
            a.state.not_in([State.MERGED, State.DISCARDED, State.DRAFT]),
        )
        .options(
            defer(a.due_trail, raiseload=True),
            defer(a.search_text, raiseload=True),
            joinedload(a.topic),
            joinedload(a.neighbourhood),
            joinedload(a.lead_unit),
            raiseload(a.citizen),
        )
        .order_by(a.received_at.desc(), a.id.desc())
        .limit(_COMPARED)
    )
    typed = rules.Matter(topic_id, neighbourhood_id, citizen_id, text, day)
    found = []
    for row in session.scalars(stmt):
        if row.id == exclude_id:
            continue
        other = rules.Matter(
            row.topic_id,
            row.neighbourhood_id,
            row.citizen_id,
            f"{row.subject} {row.body}",
            row.received_on,
        )
        alike = rules.likeness(typed, other, days=days)
        if alike.is_likely:
            found.append(Similar(row, alike.score, alike.reasons))
    return sorted(found, key=lambda s: (not s.is_open, -s.score))[:limit]


# --- what belongs to one case -----------------------------------------------------------------------
@dataclass(frozen=True)
class Caller:
    """Somebody who joined a case: when, who as far as it was told, and for whom."""

    at: dt.datetime
    citizen_id: int | None
    name: str
    on_behalf_of: str


def list_callers(session: Session, application: Application, limit: int = 200) -> list[Caller]:
    """Who joined this case without one of their own, the first one first.

    Whoever may see the case may know who stands on it, as with its applicant; so people are read by
    their keys and not in the actor's scope. Nobody is known beside a hidden identity.
    """
    if application.identity_hidden:
        return []
    steps, people = ApplicationEvent.__table__.c, Citizen.__table__.c
    rows = session.execute(
        select(
            steps.at, steps.details, people.id, people.first_name, people.last_name, people.title
        )
        .select_from(steps.id.table.outerjoin(people.id.table, people.id == steps.citizen_id))
        .where(steps.application_id == application.id, steps.action == "join")
        .order_by(steps.at, steps.id)
        .limit(limit)
    )
    return [
        Caller(
            row.at,
            row.id,
            row.title or f"{row.first_name or ''} {row.last_name or ''}".strip(),
            str((row.details or {}).get("on_behalf_of") or ""),
        )
        for row in rows
    ]


def list_timeline(
    session: Session, application_id: int, *, for_applicant: bool = False, limit: int = 200
) -> list[ApplicationEvent]:
    """Steps of a case, the last first; `for_applicant` only what the applicant may read."""
    stmt = (
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == application_id)
        .options(joinedload(ApplicationEvent.actor), joinedload(ApplicationEvent.unit))
        .order_by(ApplicationEvent.id.desc())
        .limit(limit)
    )
    if for_applicant:
        stmt = stmt.where(
            ApplicationEvent.visibility == Visibility.APPLICANT,
            ApplicationEvent.action.not_in(sorted(rules.UNTOLD_STEPS)),
        )
    return list(session.scalars(stmt))


def list_assignments(session: Session, application_id: int) -> list[Assignment]:
    """Assignments of a case in the order of sending, with units and people."""
    stmt = (
        select(Assignment)
        .where(Assignment.application_id == application_id)
        .options(joinedload(Assignment.unit), joinedload(Assignment.responsible))
        .order_by(Assignment.id)
    )
    return list(session.scalars(stmt))


def list_replies(session: Session, application_id: int) -> list[Reply]:
    """Letters of a case, the last first."""
    stmt = (
        select(Reply)
        .where(Reply.application_id == application_id)
        .options(joinedload(Reply.drafted_by), joinedload(Reply.approved_by))
        .order_by(Reply.id.desc())
    )
    return list(session.scalars(stmt))


def list_templates(session: Session, application: Application) -> list[ReplyTemplate]:
    """Texts that fit a case, those for its own topic first."""
    t = ReplyTemplate
    stmt = (
        select(t)
        .where(
            t.active.is_(True),
            or_(t.topic_id.is_(None), t.topic_id == application.topic_id),
            or_(t.for_kind.is_(None), t.for_kind == application.kind),
            or_(t.for_state.is_(None), t.for_state == application.state),
        )
        .order_by(t.topic_id.is_(None), t.name)
        .limit(50)
    )
    return list(session.scalars(stmt))


def merge_values(session: Session, application: Application) -> dict[str, str]:
    """Merge field → its text for one case; what is not known is left out.

    The name of a hidden applicant is not known to anybody here.
    """
    citizen: Citizen | None = None if application.identity_hidden else application.citizen
    answers = session.scalars(
        select(Assignment.answer_text)
        .where(
            Assignment.application_id == application.id,
            Assignment.cycle == application.cycle,
            Assignment.answer_text != "",
        )
        .order_by(Assignment.id)
    )
    place = (application.street, application.place_note)
    values = {
        "ad_soyad": citizen.full_name if citizen is not None else "",
        "basvuru_no": application.number,
        "basvuru_tarihi": format_date(application.received_on),
        "takip_kodu": application.tracking_code,
        "konu": application.topic.name if application.topic is not None else "",
        "ozet": application.subject,
        "ilce": str(application.district or ""),
        "mahalle": str(application.neighbourhood or ""),
        "adres": ", ".join(part for part in place if part),
        "birim": str(application.lead_unit or ""),
        "birim_cevabi": "\n\n".join(answers),
        "son_tarih": format_date(application.due_on),
        "bugun": format_date(clock.today()),
        "kurum": str(application.institution or ""),
    }
    return {name: text for name, text in values.items() if text}


def citizen_kind_label(citizen: Citizen) -> str:
    """The msgid of what kind of applicant somebody is."""
    return CITIZEN_KIND_LABELS[citizen.kind]
