"""Screens of the organisation room: units, staff, liaisons, places; and who stands in for whom."""

from app.organisation.views.deputyships import DeputyshipView
from app.organisation.views.structure import (
    DistrictView,
    NeighbourhoodView,
    StaffUserView,
    UnitLiaisonView,
    UnitView,
)

__all__ = [
    "DeputyshipView",
    "DistrictView",
    "NeighbourhoodView",
    "StaffUserView",
    "UnitLiaisonView",
    "UnitView",
]
