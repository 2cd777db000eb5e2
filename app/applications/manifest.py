"""What the applications room adds to the house."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, literal, or_, select

from app.applications import queries, rules
from app.applications.api import APIS
from app.applications.charts import (
    APPLICATION_CHARTS,
    CHARTS,
    CIMER_CHARTS,
    INFORMATION_CHARTS,
    CimerChart,
    ReopeningChart,
    SatisfactionChart,
)
from app.applications.models import (
    Application,
    CallBackSample,
    FieldVisit,
    ImportBatch,
    LetterBatch,
    OutcomeReason,
    PublishedInformation,
    Reconciliation,
    RefusalGround,
    Reply,
    Topic,
)
from app.applications.reports import application_period, cimer_month, information_year
from app.applications.tasks import BULK_JOBS, IMPORT_JOBS, LETTER_JOBS
from app.applications.views import (
    ApplicationEventView,
    ApplicationView,
    AssignmentView,
    IntakeView,
    Open311Api,
    Open311RequestView,
    ServiceAttributeView,
    TopicView,
    WorkView,
)
from app.applications.views.bulk import BULK_HIDDEN, BULK_PAGES
from app.applications.views.callers import CALLER_CARDS, PERSON_CARDS
from app.applications.views.cards import APPLICATION_CARDS
from app.applications.views.cimer import (
    CIMER_CARDS,
    CIMER_HIDDEN,
    CIMER_PAGES,
)
from app.applications.views.cimer import (
    SECTION as CIMER_SECTION,
)
from app.applications.views.duplicates import (
    DUPLICATE_CARDS,
    DUPLICATE_HIDDEN,
    DUPLICATE_PAGES,
)
from app.applications.views.feedback import (
    FEEDBACK_HIDDEN,
    CallBackSampleView,
    CallBackView,
    NoticeTextView,
    OutcomeReasonView,
    SatisfactionView,
)
from app.applications.views.feedback.notices import FEEDBACK_CARDS
from app.applications.views.field import FieldVisitView
from app.applications.views.field_plan import FieldPlanView
from app.applications.views.field_tour import FieldTourView
from app.applications.views.follow_ups import FOLLOW_UP_CARDS, TransferFollowUpView
from app.applications.views.home import HOMES
from app.applications.views.imports import IMPORT_VIEWS, ImportMappingView, ImportView
from app.applications.views.information import (
    AppealView,
    InformationCaseView,
    InformationReportLineView,
    InformationReportView,
    PublishedInformationView,
    RefusalGroundView,
)
from app.applications.views.open311_records import KEY_CARDS
from app.applications.views.replies.room import (
    REPLY_CARDS,
    REPLY_HIDDEN,
    REPLY_LOOKUPS,
    REPLY_PAGES,
    letters_of_others,
)
from app.applications.views.words import WORDS
from app.core import clock, ports
from app.core.rooms import LookupSource, Page, Room, SearchSource, Section
from app.core.search import matches
from app.core.text import format_date
from app.core.views import formats


def count_overdue() -> tuple[Any, str]:
    """Open applications past their legal day, counted up to a hundred, for the menu."""
    inner = (
        select(literal(1))
        .select_from(Application)
        .where(Application.state.in_(sorted(rules.OPEN_STATES)), Application.due_on < clock.today())
        .limit(100)
        .subquery()
    )
    counter = select(func.count()).select_from(inner).scalar_subquery()
    return counter, _("past their legal date")


def overdue_figure(session: Any) -> float:
    """Every open application past its legal day, for the monitor; it asks as the system."""
    stmt = select(func.count()).where(
        Application.state.in_(sorted(rules.OPEN_STATES)), Application.due_on < clock.today()
    )
    return float(session.scalar(stmt) or 0)


def find_applications(session: Any, query: str, limit: int) -> list[Application]:
    """By its whole tracking code, as a caller reads it out; else by number or words, newest first."""
    if found := queries.list_by_code(session, query):
        return found[:limit]
    stmt = (
        select(Application)
        .where(or_(Application.number == query.strip(), matches(Application.search_text, query)))
        .order_by(Application.received_at.desc(), Application.id.desc())
        .limit(limit)
    )
    return list(session.scalars(stmt))


def application_item(row: Application) -> tuple[str, str, str]:
    """Title, second line and address of a hit."""
    state = formats.translated(rules.STATE_LABELS[row.state])
    return f"{row.number} {row.subject}", state, url_for("ApplicationView.show", pk=row.id)


#: Field work in the menu.
FIELD_PAGES = (
    Page(FieldTourView, _l("My tour"), "today", section=_l("Field work")),
    Page(FieldPlanView, _l("Plan of the day"), "page", verb="write", section=_l("Field work")),
    Page(FieldVisitView, _l("Field visits"), section=_l("Field work")),
)

#: Lists that the work leans on; few people change them.
_LISTS = _l("Lists of applications")
SECTIONS = (
    Section(_l("Reply desk"), "mail"),
    Section(_l("CİMER"), "shield"),
    Section(_l("Right to information"), "book"),
    Section(_l("Field work"), "map"),
    Section(_l("Feedback"), "star"),
    Section(_LISTS, "columns"),
)

ROOM = Room(
    name="Applications",
    label=_l("Applications"),
    icon="inbox",
    words=WORDS,
    sections=SECTIONS,
    pages=(
        Page(ApplicationView, _l("Applications")),
        Page(IntakeView, _l("New application"), "new", verb="register", resource="Application"),
        Page(AssignmentView, _l("Assignments")),
        *DUPLICATE_PAGES,
        *BULK_PAGES,
        Page(TransferFollowUpView, _l("Transfers awaiting an answer")),
        *CIMER_PAGES,
        Page(
            CimerChart,
            _l("CİMER, charts"),
            "charts",
            resource="CimerExchange",
            section=CIMER_SECTION,
        ),
        Page(ImportView, _l("Imports"), section=_LISTS),
        Page(TopicView, _l("Topics"), section=_LISTS),
        Page(Open311RequestView, _l("Open311 requests"), section=_LISTS),
        Page(ImportMappingView, _l("Column mappings"), section=_LISTS),
        Page(ApplicationEventView, _l("Steps of applications"), section=_LISTS),
        Page(CHARTS[0], _l("Charts"), "charts", resource="Application"),
        *REPLY_PAGES,
        *FIELD_PAGES,
        Page(
            InformationCaseView,
            _l("Information requests (4982)"),
            section=_l("Right to information"),
        ),
        Page(AppealView, _l("Appeals (4982)"), section=_l("Right to information")),
        Page(
            InformationReportView,
            _l("Annual report (4982 art. 30)"),
            "year",
            section=_l("Right to information"),
        ),
        Page(
            PublishedInformationView,
            _l("Published information list"),
            section=_l("Right to information"),
        ),
        Page(RefusalGroundView, _l("Refusal grounds"), section=_l("Right to information")),
        Page(
            InformationReportLineView,
            _l("Lines of the annual report"),
            section=_l("Right to information"),
        ),
        Page(SatisfactionView, _l("Satisfaction"), section=_l("Feedback")),
        Page(
            SatisfactionChart,
            _l("Satisfaction, charts"),
            "charts",
            resource="Satisfaction",
            section=_l("Feedback"),
        ),
        Page(ReopeningChart, _l("Reopenings"), "charts", section=_l("Feedback")),
        Page(CallBackView, _l("Call-backs"), section=_l("Feedback")),
        Page(CallBackSampleView, _l("Call-back samples"), section=_l("Feedback")),
        Page(OutcomeReasonView, _l("Reasons of results"), section=_l("Feedback")),
        Page(NoticeTextView, _l("Message texts"), section=_l("Feedback")),
    ),
    hidden=(
        WorkView,
        *REPLY_HIDDEN,
        *DUPLICATE_HIDDEN,
        *BULK_HIDDEN,
        *CIMER_HIDDEN,
        Open311Api,
        ServiceAttributeView,
        *CHARTS[1:],
        *FEEDBACK_HIDDEN,
        *IMPORT_VIEWS,
    ),
    apis=APIS,
    scopes=queries.SCOPES,
    subjects=queries.SUBJECTS,
    lookups=(
        LookupSource("topic", Topic, "Topic", ("code",), condition=lambda: Topic.active.is_(True)),
        LookupSource(
            "application",
            Application,
            "Application",
            ("number",),
            label=lambda a: a.number,
            sub=lambda a: a.subject,
        ),
        LookupSource(
            "outcome_reason",
            OutcomeReason,
            "OutcomeReason",
            ("outcome", "order_no"),
            sub=lambda r: formats.translated(rules.OUTCOME_LABELS[r.outcome]),
        ),
        LookupSource(
            "call_back_sample",
            CallBackSample,
            "CallBackSample",
            ("week_on",),
            find=lambda session, query, limit: [],
        ),
        LookupSource(
            "refusal_ground",
            RefusalGround,
            "RefusalGround",
            ("position",),
            label=lambda g: g.code,
            sub=lambda g: g.title,
        ),
        LookupSource(
            "published_information",
            PublishedInformation,
            "PublishedInformation",
            ("title",),
            sub=lambda p: p.place or p.url,
            condition=lambda: PublishedInformation.active.is_(True),
        ),
        LookupSource(
            "reconciliation",
            Reconciliation,
            "Reconciliation",
            ("id",),
            label=lambda r: r.file_name,
            sub=lambda r: f"{format_date(r.period_from)} – {format_date(r.period_to)}",
        ),
        *REPLY_LOOKUPS,
        LookupSource(
            "import_batch", ImportBatch, "ImportBatch", ("id",), label=lambda b: b.file_name
        ),
    ),
    searches=(
        SearchSource(
            _l("Applications"), "inbox", "Application", find_applications, application_item
        ),
    ),
    jobs=(*IMPORT_JOBS, *BULK_JOBS, *LETTER_JOBS),
    count=count_overdue,
    homes=HOMES,
    reports=(
        application_period(APPLICATION_CHARTS),
        cimer_month(CIMER_CHARTS),
        information_year(INFORMATION_CHARTS),
    ),
    owners={
        "Application": Application,
        "FieldVisit": FieldVisit,
        "ImportBatch": ImportBatch,
        "LetterBatch": LetterBatch,
        "Reconciliation": Reconciliation,
        "Reply": Reply,
    },
    cards={
        "Application": (
            *REPLY_CARDS,
            *DUPLICATE_CARDS,
            *CALLER_CARDS,
            *FOLLOW_UP_CARDS,
            *CIMER_CARDS,
            *FEEDBACK_CARDS,
            *APPLICATION_CARDS,
        ),
        "ApiKey": KEY_CARDS,
        "Citizen": PERSON_CARDS,
    },
    watched={Application: "is_restricted"},
)

ports.gauges["halkla_applications_overdue"] = (
    "Open applications past their legal day",
    overdue_figure,
)
ports.handed_over.append(letters_of_others)
