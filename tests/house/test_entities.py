"""Every entity is complete: list, show, chart, REST, labels; what lacks a part says why."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app import models

#: Entities that are made by work and not by hand: no add, no edit on a screen.
MADE_BY_WORK = {
    "Appeal": "recorded at its application",
    "Application": "registered at intake",
    "ApplicationEvent": "written by the steps",
    "ApprovalStep": "made by sending a letter for approval",
    "Assignment": "made by assigning",
    "Attachment": "uploaded at its record",
    "AuditEvent": "written by the house",
    "BulkRow": "written by its bulk act",
    "BulkRun": "picked in the list of applications",
    "Call": "comes from the switch, from a file of it or from the call screen",
    "CallBack": "drawn with the sample of a week",
    "CallImport": "made by the import wizard",
    "CallMapping": "made by the import wizard",
    "DeskTicket": "taken at reception or at the desk",
    "CimerExchange": "noted at its application",
    "ImportBatch": "made by the import wizard",
    "ImportMapping": "made by the import wizard",
    "ImportRow": "written by the import",
    "LetterBatchRow": "written by preparing a batch",
    "InformationCase": "made with its application",
    "Job": "written by what caused it",
    "Notification": "written by what caused it",
    "NumberSeries": "counts by itself",
    "Open311Request": "filed by an app",
    "OutgoingCheck": "written by looking at a letter",
    "Parameter": "its rows come from the rules",
    "Reconciliation": "made by bringing in a list",
    "ReconciliationItem": "found by comparing",
    "Reminder": "written by the clock",
    "Reply": "written at its application",
    "ReplyVersion": "kept with every change of a letter",
    "ReportRun": "made by asking for a report",
    "SavedView": "kept from a list",
    "SavedViewUse": "set on the page of its view",
    "TransferFollowUp": "begun by passing a case on",
    "Visit": "logged on the fast screen",
}


def views(app: Any) -> dict[str, Any]:
    """Model name → its BackOfficeView."""
    from app.core.views import BackOfficeView

    return {
        v.model.__name__: v
        for v in app.extensions["appbuilder"].baseviews
        if isinstance(v, BackOfficeView)
    }


def test_every_table_is_in_the_face() -> None:
    from flask_appbuilder import Model

    mapped = {
        m.class_.__name__ for m in Model.registry.mappers if m.class_.__module__.startswith("app.")
    }
    assert mapped == set(models.__all__)


def test_every_entity_has_a_list_and_a_record(app: Any) -> None:
    assert set(models.__all__) - set(views(app)) == set()
    for name, view in views(app).items():
        assert view.list_columns, name
        assert view.show_names(), name
        assert str(view.label), name
        assert str(view.label_plural), name


def test_every_entity_can_be_added_and_edited_or_says_why(app: Any) -> None:
    closed = {name for name, view in views(app).items() if not view.can_add}
    assert closed - set(MADE_BY_WORK) == set()


def test_every_entity_has_a_search_or_filters(app: Any) -> None:
    without = [
        name for name, view in views(app).items() if view.search is None and not view.filters
    ]
    assert without == []


def test_every_entity_has_a_chart(app: Any) -> None:
    from app.core.views import BackOfficeChart

    charted = {
        v.class_permission_name
        for v in app.extensions["appbuilder"].baseviews
        if isinstance(v, BackOfficeChart) and v.charts_shown
    }
    assert set(models.__all__) - charted == set()


def test_every_entity_has_a_rest_resource(app: Any) -> None:
    from app.core.api import BackOfficeApi

    named = {
        v.class_permission_name: v
        for v in app.extensions["appbuilder"].baseviews
        if isinstance(v, BackOfficeApi)
    }
    assert set(models.__all__) - set(named) == set()
    for api in named.values():
        assert api.list_columns, api
        for columns in (api.add_columns, api.edit_columns, api.search_columns):
            assert columns is not None, api


def test_every_column_shown_has_a_label(app: Any) -> None:
    missing = []
    for name, view in views(app).items():
        for column in {
            *view.list_columns,
            *view.show_names(),
            *view.form_names("add"),
            *view.form_names("edit"),
        }:
            if column not in view.label_columns and name not in {"Application"}:
                missing.append((name, column))
    assert missing == []


def test_personal_columns_never_go_to_a_machine_unmasked(
    app: Any, session: Any, token_of: Any
) -> None:
    client = app.test_client()
    headers = token_of("mudur")
    answer = client.get("/api/v1/citizen/?q=(page_size:20)", headers=headers)
    assert answer.status_code == 200
    phones = [row.get("phone") for row in answer.get_json()["result"] if row.get("phone")]
    assert phones
    assert all("*" in phone for phone in phones)


def test_every_view_stands_in_a_menu_or_is_listed_hidden(app: Any) -> None:
    from app.core.rooms import rooms
    from app.views import SHARED

    listed = (
        {p.view for room in rooms() for p in room.pages}
        | {v for room in rooms() for v in (*room.hidden, *room.apis)}
        | set(SHARED)
    )
    of_the_house = {
        "SignInView",
        "SignInApi",
        "HomeView",
        "UtilView",
        "LocaleView",
        "OpenApi",
        "MenuApi",
        "SwaggerView",
    }
    stray = {
        type(v).__name__ for v in app.extensions["appbuilder"].baseviews if type(v) not in listed
    } - of_the_house
    assert stray == set()


def test_a_list_has_a_search_box_only_where_something_is_searched(app: Any, client_as: Any) -> None:
    client = client_as("yonetici")
    for name in ("Parameter", "Job", "AuditEvent", "Notification", "Unit"):
        view = views(app)[name]
        page = client.get(f"{view.route_base}/list/?tab=all").text
        has_search = name in {"AuditEvent", "Unit"}
        assert ('class="list-search"' in page) == has_search, name
        assert ("listede ara" in page.partition('class="keys')[2].partition("</p>")[0]) == (
            has_search and 'class="keys' in page
        ), name


@pytest.mark.parametrize(
    ("model", "address"),
    [
        ("Assignment", "/assignments/list/"),
        ("Reply", "/replies/list/"),
        ("FieldVisit", "/field-visits/list/"),
        ("CimerExchange", "/cimer/exchanges/list/"),
        ("TransferFollowUp", "/transfer-follow-ups/list/"),
    ],
)
def test_lists_of_parts_of_cases_are_searched_by_their_case(
    session: Any, client_as: Any, model: str, address: str
) -> None:
    part = session.scalars(select(getattr(models, model)).limit(1)).first()
    number = session.get(models.Application, part.application_id).number
    client = client_as("mudur")
    page = client.get(address, query_string={"tab": "all", "q": number})
    assert page.status_code == 200
    found = set(re.findall(r">(20\d\d-\d{7})", page.text.partition("<tbody")[2]))
    assert found == {number}
    none = client.get(address, query_string={"tab": "all", "q": "2099-9999999"}).text
    assert number not in none
