"""Fictional field visits: about two in a hundred cases were looked at on the spot, some with pictures."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.applications.rules import Outcome, State
from app.applications.rules.field import FieldNextStep, FieldState, Stop, order_stops
from app.core import clock
from app.core.uploads import check_upload
from app.demo.house import House
from app.models import (
    Application,
    ApplicationEvent,
    Attachment,
    District,
    FieldVisit,
    Neighbourhood,
    StaffUser,
    Topic,
)
from app.system.services import attachments

_SHARE = 0.02
#: So many open cases at most wait for a visit of the demo account of a unit, today and left from yesterday.
_TODAY, _LEFT_OVER = 5, 2
_WITH_PICTURES = 12
#: What can be looked at on the spot.
_GROUPS = ("YOL", "TRF", "SU", "KAN", "CEV", "PRK", "HYV", "ZBT", "IMR")
_TEAMS = ("1. ekip", "2. ekip", "Gezici ekip")
_FOUND = (
    "Bildirilen yerde yaklaşık bir metre çapında çökme görüldü.",
    "Bildirim doğru: çevre kirlenmiş, geçiş güçleşmiş.",
    "Yerinde görüldü; komşu iki kapı da etkilenmiş.",
    "Bildirilen sorun sürüyor, geceleri görünürlük az.",
)
_MEASURES = (
    "Geçici dolgu yapıldı, levha konuldu.",
    "Alan temizlendi, ölçü alındı.",
    "Güvenlik şeridi çekildi; kalıcı onarım programa alındı.",
    "",
)
_NOT_FOUND = (
    "Bildirilen adreste böyle bir sorun görülmedi; komşulara soruldu.",
    "Adres bulundu, bildirilen arıza yerinde yok.",
)
Row = dict[str, Any]


def load_field(session: Session, rng: Random, applications: int) -> None:
    """Write field visits with their steps on the timeline; the same random numbers, the same visits."""
    maker = _Maker(session, rng)
    maker.past(round(applications * _SHARE))
    maker.today()
    maker.write()
    _pictures(session, rng)


class _Maker:
    def __init__(self, session: Session, rng: Random) -> None:
        self.session, self.rng = session, rng
        self.house = House(session, rng)
        self.now, self.day = self.house.now, self.house.today
        self.rows: list[Row] = []
        self.used: set[int] = set()
        self.units: dict[int | None, int | None] = dict(
            session.execute(select(StaffUser.id, StaffUser.unit_id)).all()
        )

    def _cases(self, *where: Any, limit: int) -> list[Row]:
        a = Application.__table__.c
        groups = select(Topic.id).where(Topic.group.in_(_GROUPS))
        stmt = (
            select(
                a.id, a.received_at, a.answered_at, a.outcome, a.state, a.lead_unit_id, a.street,
                a.place_note, a.latitude, a.longitude, District.name.label("district"),
                Neighbourhood.name.label("neighbourhood"),
            )
            .join(District.__table__, District.__table__.c.id == a.district_id)
            .join(Neighbourhood.__table__, Neighbourhood.__table__.c.id == a.neighbourhood_id)
            .where(
                a.is_demo.is_(True), a.lead_unit_id.is_not(None), a.is_restricted.is_(False),
                a.topic_id.in_(groups), a.id.not_in(select(FieldVisit.application_id)), *where,
            )
            .order_by(a.id.desc())
            .limit(limit)
        )  # fmt: skip
        return [dict(row) for row in self.session.execute(stmt).mappings()]

    # --- what is over ------------------------------------------------------------------------------
    def past(self, count: int) -> None:
        """Completed visits of answered cases, spread over all of them."""
        a = Application.__table__.c
        cases = self._cases(
            a.answered_at.is_not(None),
            a.state.in_([State.ANSWERED, State.CLOSED]),
            limit=max(count * 12, 50),
        )
        for case in self.rng.sample(cases, min(count, len(cases))):
            self._completed(case)

    def _completed(self, case: Row) -> None:
        rng = self.rng
        received, answered = (
            clock.to_local(case["received_at"]),
            clock.to_local(case["answered_at"]),
        )
        span = (answered - received).total_seconds()
        arrived = self.house.office_time(
            received + dt.timedelta(seconds=span * (0.2 + 0.5 * rng.random()))
        )
        if arrived >= self.now:
            return
        unfounded = case["outcome"] is Outcome.UNFOUNDED or rng.random() < 0.14
        left = arrived + dt.timedelta(minutes=6 + rng.randrange(40))
        visit = self._row(case, arrived.date(), FieldState.DONE)
        visit.update(
            started_at=arrived - dt.timedelta(minutes=5 + rng.randrange(30)),
            arrived_at=arrived,
            left_at=left,
            was_found=not unfounded,
            findings=rng.choice(_NOT_FOUND if unfounded else _FOUND),
            measures="" if unfounded else rng.choice(_MEASURES),
            next_step=FieldNextStep.UNIT_ANSWER,
            reported_at=left,
            citizen_confirmed=rng.choice((None, None, True, True, False)),
        )
        if case["latitude"] is not None:
            visit.update(
                latitude=round(case["latitude"] + (rng.random() - 0.5) / 2_000, 6),
                longitude=round(case["longitude"] + (rng.random() - 0.5) / 2_000, 6),
                distance_m=rng.randrange(2, 80),
            )
        self.rows.append(visit)

    # --- what lies ahead -----------------------------------------------------------------------------
    def today(self) -> None:
        """Stops of today and a few of yesterday that were not made, for the account of a unit."""
        officer = self.session.scalar(select(StaffUser.id).where(StaffUser.username == "birim"))
        unit = self.units.get(officer) if officer is not None else None
        if unit is None:
            return
        a = Application.__table__.c
        cases = self._cases(
            a.lead_unit_id == unit,
            a.state.in_([State.ASSIGNED, State.IN_PROGRESS, State.SCHEDULED]),
            limit=2 * (_TODAY + _LEFT_OVER),
        )
        # At least as many stay open for the plan of another day.
        cases = cases[: (len(cases) + 1) // 2]
        late = len(cases) * _LEFT_OVER // (_TODAY + _LEFT_OVER)
        ahead = len(cases) - late
        for case in cases[ahead:]:
            yesterday = self.day - dt.timedelta(days=1)
            self.rows.append(self._row(case, yesterday, FieldState.PLANNED, officer))
        stops = {case["id"]: case for case in cases[:ahead]}
        tour = order_stops(
            Stop(
                key=case["id"], district=case["district"], neighbourhood=case["neighbourhood"],
                street=case["street"], door=case["place_note"], latitude=case["latitude"],
                longitude=case["longitude"],
            )
            for case in stops.values()
        )  # fmt: skip
        for place, stop in enumerate(tour, start=1):
            visit = self._row(stops[stop.key], self.day, FieldState.PLANNED, officer)
            visit["position"] = place
            self.rows.append(visit)

    def _row(self, case: Row, day: dt.date, state: FieldState, officer: int | None = None) -> Row:
        person = (
            officer or self.house.at_unit(case["lead_unit_id"]) or self.house.one("desk_officer")
        )
        planned = dt.datetime.combine(day, dt.time(8, 15), clock.ISTANBUL)
        made = min(max(planned, clock.to_local(case["received_at"])), self.now)
        return {
            "application_id": case["id"],
            "planned_on": day,
            "officer_id": person,
            "team": self.rng.choice(_TEAMS),
            "unit_id": self.units.get(person),
            "position": 1,
            "state": state,
            "task": "",
            "started_at": None,
            "arrived_at": None,
            "left_at": None,
            "was_found": None,
            "findings": "",
            "measures": "",
            "next_step": None,
            "postpone_reason": "",
            "latitude": None,
            "longitude": None,
            "distance_m": None,
            "citizen_confirmed": None,
            "reported_at": None,
            "carried_from_id": None,
            "is_demo": True,
            "created_at": made,
            "changed_at": made,
            "created_by_id": person,
            "changed_by_id": person,
            "version": 1,
        }

    def write(self) -> None:
        """All rows at once, with what the timeline of each case tells of them."""
        rows = [row for row in self.rows if row["officer_id"] is not None]
        if not rows:
            return
        connection = self.session.connection()
        connection.execute(insert(FieldVisit.__table__), rows)
        events = []
        for row in rows:
            events.append(self._event(row, "field_plan", row["created_at"], ""))
            if row["state"] is FieldState.DONE:
                note = "\n".join(t for t in (row["findings"], row["measures"]) if t)
                found = "field_found" if row["was_found"] else "field_not_found"
                events.append(self._event(row, found, row["arrived_at"], ""))
                events.append(self._event(row, "field_finish", row["left_at"], note))
        connection.execute(insert(ApplicationEvent.__table__), events)

    def _event(self, row: Row, action: str, at: dt.datetime, note: str) -> Row:
        return {
            "application_id": row["application_id"],
            "at": at,
            "actor_id": row["officer_id"],
            "action": action,
            "from_state": None,
            "to_state": None,
            "unit_id": row["unit_id"],
            "note": note,
            "details": {"planned_on": row["planned_on"].isoformat()},
        }


# --- pictures --------------------------------------------------------------------------------------------
def _pictures(session: Session, rng: Random) -> None:
    """A dozen completed visits with a picture before and, where work was done, one after it."""
    known = select(Attachment.owner_id).where(Attachment.owner_type == "FieldVisit")
    visits = session.scalars(
        select(FieldVisit)
        .where(
            FieldVisit.is_demo.is_(True),
            FieldVisit.state == FieldState.DONE,
            FieldVisit.id.not_in(known),
        )
        .order_by(FieldVisit.id.desc())
        .limit(_WITH_PICTURES)
    ).all()
    for visit in visits:
        for kind in ("before", "after") if visit.measures else ("before",):
            name = f"saha-{visit.id}-{'once' if kind == 'before' else 'sonra'}.jpg"
            upload = check_upload(name, _picture(rng, repaired=kind == "after"))
            attachments.store(
                session, owner_type="FieldVisit", owner_id=visit.id, upload=upload, kind=kind
            )


def _picture(rng: Random, *, repaired: bool) -> bytes:
    """A street drawn in grey: with a hole, or with a fresh patch in its place."""
    picture = Image.new("RGB", (640, 480), (150, 175, 195))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 190, 640, 480), fill=(105, 108, 112))
    draw.polygon(((0, 300), (640, 260), (640, 270), (0, 312)), fill=(225, 225, 220))
    for place in range(5):
        height = 40 + rng.randrange(90)
        shade = 120 + rng.randrange(80)
        draw.rectangle(
            (place * 130, 190 - height, place * 130 + 110, 190),
            fill=(shade, shade - 15, shade - 30),
        )
    x, y = 220 + rng.randrange(160), 340 + rng.randrange(60)
    if repaired:
        draw.rectangle((x - 10, y - 10, x + 150, y + 60), fill=(48, 50, 52))
    else:
        draw.ellipse((x, y, x + 130, y + 50), fill=(38, 34, 30))
        draw.ellipse((x + 25, y + 12, x + 100, y + 40), fill=(70, 60, 48))
    out = BytesIO()
    picture.save(out, "JPEG", quality=72)
    return out.getvalue()


__all__ = ["load_field"]
