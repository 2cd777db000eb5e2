"""REST resources of the front desk."""

from __future__ import annotations

from app.frontdesk.api.calls import CALL_APIS
from app.frontdesk.api.visits import VISIT_APIS

#: Every resource of the room.
APIS: tuple[type, ...] = (*CALL_APIS, *VISIT_APIS)
