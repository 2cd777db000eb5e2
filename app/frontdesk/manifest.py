"""What the front desk adds to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_
from sqlalchemy.orm import joinedload

from app.core import ports
from app.core.rooms import LookupSource, Page, Room, SearchSource, Section
from app.frontdesk.api import APIS
from app.frontdesk.charts import CALL_CHARTS, CHARTS, VISIT_CHARTS
from app.frontdesk.charts.calls_screens import CallChart
from app.frontdesk.models import CallImport, KnowledgeItem, ServicePoint, VisitReason
from app.frontdesk.queries import desk, directory
from app.frontdesk.queries.calls_scopes import CALL_SCOPES
from app.frontdesk.queries.knowledge import find_knowledge
from app.frontdesk.reports.calls import call_period
from app.frontdesk.reports.visits import visit_period
from app.frontdesk.services.desk import link_intake
from app.frontdesk.tasks import JOBS
from app.frontdesk.views.calls import CallView
from app.frontdesk.views.calls_cards import CALL_CARDS
from app.frontdesk.views.calls_home import CALL_HOMES
from app.frontdesk.views.calls_hooks import CALL_PANELS, begin_intake
from app.frontdesk.views.calls_hooks import link_intake as link_call
from app.frontdesk.views.calls_import import CallImportView, CallMappingView
from app.frontdesk.views.calls_now import CallNowView
from app.frontdesk.views.desk import DeskView
from app.frontdesk.views.desk_tickets import DeskTicketView
from app.frontdesk.views.directory import (
    DirectoryView,
    ServicePointView,
    point_item,
    point_sub,
)
from app.frontdesk.views.knowledge import KnowledgeItemView
from app.frontdesk.views.knowledge_cells import knowledge_item, knowledge_topic
from app.frontdesk.views.shifts import ShiftNoteView, ShiftView
from app.frontdesk.views.visits import VisitReasonView, VisitView
from app.frontdesk.views.visits_desk import VisitDeskView
from app.frontdesk.views.visits_home import VISIT_HOMES
from app.organisation.models import Role, StaffUser

#: The call centre in the menu.
CALL_PAGES = (
    Page(
        CallNowView,
        _l("Live call"),
        "now",
        verb="handle",
        resource="Call",
        section=_l("Call centre"),
    ),
    Page(CallView, _l("Calls"), section=_l("Call centre")),
    Page(ShiftView, _l("Plan of the week"), "week", section=_l("Call centre")),
    Page(ShiftView, _l("Shifts"), section=_l("Call centre")),
    Page(ShiftNoteView, _l("Hand-over notes"), section=_l("Call centre")),
    Page(KnowledgeItemView, _l("Knowledge base"), section=_l("Call centre")),
    Page(CallChart, _l("Calls, charts"), "charts", resource="Call", section=_l("Call centre")),
    Page(CallImportView, _l("Call imports"), section=_l("Call centre")),
    Page(CallMappingView, _l("Call mappings"), section=_l("Call centre")),
)
CALL_LOOKUPS = (
    LookupSource(
        "operator",
        StaffUser,
        "StaffUser",
        ("search_text",),
        sub=lambda user: user.title,
        condition=lambda: and_(
            StaffUser.active.is_(True), StaffUser.roles.any(Role.name == "operator")
        ),
    ),
    LookupSource(
        "knowledge",
        KnowledgeItem,
        "KnowledgeItem",
        ("title",),
        label=lambda item: item.title,
        sub=knowledge_topic,
        options=lambda: (joinedload(KnowledgeItem.topic),),
    ),
    LookupSource("call_import", CallImport, "CallImport", ("id",), label=lambda b: b.file_name),
)
CALL_SEARCHES = (
    SearchSource(_l("Knowledge base"), "book", "KnowledgeItem", find_knowledge, knowledge_item),
)

#: Reception and the Solution Desk in the menu.
VISIT_PAGES = (
    Page(VisitDeskView, _l("Visitor log"), "new", verb="write", section=_l("Reception")),
    Page(VisitView, _l("Visits"), section=_l("Reception")),
    Page(DirectoryView, _l("Where is what"), "find", section=_l("Reception")),
    Page(DeskView, _l("Desk queue"), "page", section=_l("Solution Desk")),
    Page(DeskTicketView, _l("Tickets of the desk"), section=_l("Solution Desk")),
    Page(ServicePointView, _l("Service points"), section=_l("Lists of reception")),
    Page(VisitReasonView, _l("Reasons for visits"), section=_l("Lists of reception")),
)
VISIT_LOOKUPS = (
    LookupSource(
        "service_point",
        ServicePoint,
        "ServicePoint",
        ("name",),
        sub=point_sub,
        condition=lambda: ServicePoint.active.is_(True),
        find=directory.find_points,
    ),
    LookupSource(
        "visit_reason",
        VisitReason,
        "VisitReason",
        ("position", "name"),
        condition=lambda: VisitReason.active.is_(True),
    ),
)
VISIT_SEARCHES = (
    SearchSource(_l("Service points"), "map", "ServicePoint", directory.find_points, point_item),
)

ROOM = Room(
    name="Frontdesk",
    label=_l("Calls and reception"),
    icon="phone",
    words={
        "NumberSeries.series": {"desk": _l("Desk tickets")},
        "Notification.template": {"call_state": _l("State of the case, told to the caller")},
    },
    sections=(
        Section(_l("Call centre"), "phone"),
        Section(_l("Reception"), "users"),
        Section(_l("Solution Desk"), "help"),
        Section(_l("Lists of reception"), "columns"),
    ),
    pages=(*CALL_PAGES, *VISIT_PAGES),
    hidden=(*CHARTS,),
    apis=APIS,
    jobs=JOBS,
    scopes={**CALL_SCOPES, **desk.SCOPES},
    lookups=(*CALL_LOOKUPS, *VISIT_LOOKUPS),
    searches=(*CALL_SEARCHES, *VISIT_SEARCHES),
    homes={**CALL_HOMES, **VISIT_HOMES},
    reports=(call_period(CALL_CHARTS), visit_period(VISIT_CHARTS)),
    owners={"CallImport": CallImport},
    cards=CALL_CARDS,
    panels=CALL_PANELS,
)

# Intake knows the caller, and the call learns which case came of it.
ports.before_intake.append(begin_intake)
ports.after_register.append(link_call)
# What intake registers for a number of the queue is linked to it.
ports.after_register.append(link_intake)
