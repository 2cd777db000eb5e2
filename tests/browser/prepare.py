"""What walks begin with when they prepare their cases: the staff as actors, a topic, people to reach."""

from __future__ import annotations

#: Runs in the house (`Site.python`); leaves `actors` by user name, `topic` and `reachable`.
STAFF_AND_PEOPLE = """
import json
from sqlalchemy import select
from app.applications import services
from app.applications.rules import Channel, Kind, Outcome
from app.models import Citizen, OutcomeReason, StaffUser, Topic
manager = app.extensions["appbuilder"].sm
actors = {
    name: manager.actor_of(session.scalars(select(StaffUser).where(StaffUser.username == name)).one())
    for name in ("masa", "operator", "sef", "birim")
}
topic = session.scalars(select(Topic).where(Topic.code == "YOL-01")).one()
reachable = select(Citizen).where(Citizen.address != "", Citizen.phone != "")
found = []
"""
