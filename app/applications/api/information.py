"""REST resources of the right to information; cases and appeals are read, lists are kept."""

from __future__ import annotations

from app.applications.models import (
    Appeal,
    InformationCase,
    InformationReportLine,
    PublishedInformation,
    RefusalGround,
)
from app.applications.rules import information as foi
from app.applications.services.information import settle_published
from app.core.api import BackOfficeApi
from app.core.views import Interface


def _create_published(session: object, *, values: dict[str, object]) -> PublishedInformation:
    """A new entry with the day of its next update."""
    return settle_published(session, item=PublishedInformation(**values))  # type: ignore[arg-type]


def _update_published(
    session: object, *, item: PublishedInformation, values: dict[str, object]
) -> PublishedInformation:
    """A changed entry with the day of its next update."""
    for name, value in values.items():
        setattr(item, name, value)
    return settle_published(session, item=item)  # type: ignore[arg-type]


class InformationCaseApi(BackOfficeApi):
    """/api/v1/information_case/"""

    datamodel = Interface(InformationCase)
    resource_name = "information_case"
    class_permission_name = "InformationCase"
    list_columns = [
        "id",
        "application_id",
        "received_on",
        "due_on",
        "notice_by",
        "silence_on",
        "decision",
        "decided_on",
        "articles",
        "is_separated",
        "version",
    ]
    show_columns = [
        *list_columns,
        "reason",
        "removed",
        "access_form",
        "pages",
        "published_id",
        "fee_amount",
        "fee_notified_on",
        "fee_pay_by",
        "fee_paid_on",
        "extension_reason",
        "extension_notified_on",
        "consent_asked_on",
        "consent_given_on",
    ]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = [
        "application",
        "received_on",
        "due_on",
        "silence_on",
        "decision",
        "decided_on",
        "is_separated",
    ]
    order_columns = ["id", "received_on", "due_on", "silence_on", "decided_on"]


class AppealApi(BackOfficeApi):
    """/api/v1/appeal/"""

    datamodel = Interface(Appeal)
    resource_name = "appeal"
    class_permission_name = "Appeal"
    list_columns = [
        "id",
        "application_id",
        "forum",
        "state",
        "filed_on",
        "appeal_by",
        "documents_due_on",
        "decision_due_on",
        "decided_on",
        "result",
        "version",
    ]
    show_columns = [
        *list_columns,
        "file_no",
        "notified_on",
        "note",
        "documents_asked_on",
        "documents_sent_on",
        "decision_no",
        "result_note",
        "follow_up",
        "followed_on",
        "follow_up_note",
    ]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["application", "forum", "state", "result", "filed_on", "decided_on"]
    order_columns = ["id", "filed_on", "decision_due_on"]


class RefusalGroundApi(BackOfficeApi):
    """/api/v1/refusal_ground/"""

    datamodel = Interface(RefusalGround)
    resource_name = "refusal_ground"
    class_permission_name = "RefusalGround"
    list_columns = ["id", "code", "law", "article", "title", "valid_from", "valid_to", "version"]
    show_columns = [*list_columns, "letter_text", "position"]
    add_columns = [
        "code",
        "law",
        "article",
        "title",
        "letter_text",
        "position",
        "valid_from",
        "valid_to",
    ]
    edit_columns = add_columns
    search_columns = ["code", "law", "title", "valid_from"]
    order_columns = ["id", "position"]
    form_rule = staticmethod(foi.ground_violations)


class PublishedInformationApi(BackOfficeApi):
    """/api/v1/published_information/"""

    datamodel = Interface(PublishedInformation)
    resource_name = "published_information"
    class_permission_name = "PublishedInformation"
    list_columns = [
        "id",
        "title",
        "unit_id",
        "place",
        "url",
        "published_on",
        "updated_on",
        "cycle",
        "next_due_on",
        "active",
        "version",
    ]
    show_columns = [*list_columns, "keywords"]
    add_columns = [
        "title",
        "unit_id",
        "keywords",
        "place",
        "url",
        "published_on",
        "updated_on",
        "cycle",
        "active",
    ]
    edit_columns = add_columns
    search_columns = ["title", "unit", "cycle", "next_due_on", "active"]
    order_columns = ["id", "title", "next_due_on"]
    form_rule = staticmethod(foi.published_violations)
    create = staticmethod(_create_published)
    update = staticmethod(_update_published)


class InformationReportLineApi(BackOfficeApi):
    """/api/v1/information_report_line/"""

    datamodel = Interface(InformationReportLine)
    resource_name = "information_report_line"
    class_permission_name = "InformationReportLine"
    list_columns = [
        "id",
        "code",
        "position",
        "text",
        "basis",
        "figure",
        "active",
        "valid_from_year",
        "valid_to_year",
        "version",
    ]
    show_columns = list_columns
    add_columns = [
        "code",
        "position",
        "text",
        "basis",
        "figure",
        "active",
        "valid_from_year",
        "valid_to_year",
    ]
    edit_columns = add_columns
    search_columns = ["code", "figure", "active"]
    order_columns = ["id", "position"]
    form_rule = staticmethod(foi.report_line_violations)


INFORMATION_APIS = (
    InformationCaseApi,
    AppealApi,
    RefusalGroundApi,
    PublishedInformationApi,
    InformationReportLineApi,
)
