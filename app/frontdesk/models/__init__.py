"""Tables of the front desk."""

from app.frontdesk.models.calls import Call, CallImport, CallMapping
from app.frontdesk.models.desk import DeskTicket
from app.frontdesk.models.directory import ServicePoint
from app.frontdesk.models.knowledge import KnowledgeItem
from app.frontdesk.models.shifts import Shift, ShiftNote
from app.frontdesk.models.visits import Visit, VisitReason

__all__ = [
    "Call",
    "CallImport",
    "CallMapping",
    "DeskTicket",
    "KnowledgeItem",
    "ServicePoint",
    "Shift",
    "ShiftNote",
    "Visit",
    "VisitReason",
]
