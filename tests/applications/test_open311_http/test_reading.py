"""What anybody may read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.core import clock
from tests.applications.test_open311_http.support import BASE, errors, told

#: Elements of a request, in the words of the specification.
FIELDS = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]


SERVICE_FIELDS = [
    "service_code",
    "service_name",
    "description",
    "metadata",
    "type",
    "keywords",
    "group",
]


# --- reading -------------------------------------------------------------------------------------
def test_discovery_names_the_endpoint_and_its_formats(client: Any) -> None:
    found = told(client, "discovery")
    assert list(found) == ["changeset", "contact", "key_service", "endpoints"]
    (endpoint,) = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://localhost/open311/v2"
    assert endpoint["type"] == "test"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert dt.datetime.strptime(found["changeset"], "%Y-%m-%d %H:%M")


def test_services_are_those_that_are_offered(client: Any, session: Any) -> None:
    from app.models import Topic

    found = told(client, "services")
    assert len(found) == 28
    assert all(list(service) == SERVICE_FIELDS for service in found)
    hole = next(s for s in found if s["service_code"] == "YOL-01")
    assert hole["service_name"] == "Yolda çukur ya da çökme"
    assert hole["metadata"] is True
    assert hole["type"] == "realtime"
    session.scalars(select(Topic).where(Topic.code == "YOL-01")).one().active = False
    session.commit()
    assert "YOL-01" not in {s["service_code"] for s in told(client, "services")}


def test_a_definition_tells_what_the_service_asks(client: Any) -> None:
    found = told(client, "services/YOL-01")
    assert list(found) == ["service_code", "attributes"]
    first = found["attributes"][0]
    assert list(first) == [
        "variable",
        "code",
        "datatype",
        "required",
        "datatype_description",
        "order",
        "description",
        "values",
    ]
    assert (first["code"], first["datatype"], first["required"]) == (
        "CUKUR_BOYU",
        "singlevaluelist",
        True,
    )
    assert first["values"][0] == {"key": "kucuk", "name": "El kadar"}
    assert [a["order"] for a in found["attributes"]] == [1, 2, 3]
    for form in ("json", "xml"):
        errors(client.get(f"{BASE}/services/KUR-02.{form}"), 404)
        errors(client.get(f"{BASE}/services/x'--.{form}"), 404)


def test_requests_of_the_last_ninety_days_are_listed_newest_first(client: Any) -> None:
    found = told(client, "requests")
    assert found
    assert all(list(row) == FIELDS for row in found)
    dates = [dt.datetime.fromisoformat(row["requested_datetime"]) for row in found]
    assert dates == sorted(dates, reverse=True)
    assert min(dates) >= clock.now() - dt.timedelta(days=90, minutes=1)
    assert all(d.tzinfo is not None for d in dates)


def test_filters_of_service_status_and_dates_narrow_the_list(client: Any) -> None:
    everything = told(client, "requests")
    for status in ("open", "closed"):
        part = told(client, "requests", status=status)
        assert {row["status"] for row in part} == {status}
        assert len(part) == sum(row["status"] == status for row in everything)
    assert len(told(client, "requests", status="open,closed")) == len(everything)
    codes = sorted({row["service_code"] for row in everything})[:2]
    part = told(client, "requests", service_code=",".join(codes))
    assert {row["service_code"] for row in part} == set(codes)
    middle = everything[len(everything) // 2]["requested_datetime"]
    later = told(client, "requests", start_date=middle)
    assert min(row["requested_datetime"] for row in later) == middle
    assert len(later) + len(told(client, "requests", end_date=middle)) > len(everything)


def test_an_empty_argument_is_as_if_it_were_not_there(client: Any) -> None:
    empty = dict.fromkeys(
        ("status", "service_code", "start_date", "end_date", "page", "api_key", "jurisdiction_id"),
        "",
    )
    assert told(client, "requests", **empty) == told(client, "requests")


def test_pages_follow_each_other_without_gap(client: Any) -> None:
    everything = told(client, "requests")
    pages = [told(client, "requests", page=n, page_size=7) for n in (1, 2, 3)]
    assert [row for page in pages for row in page] == everything[:21]
    assert told(client, "requests", page=99, page_size=500) == []


def test_several_numbers_are_answered_at_once_and_override_the_rest(client: Any) -> None:
    numbers = [row["service_request_id"] for row in told(client, "requests", page_size=3)]
    found = told(
        client,
        "requests",
        service_request_id=",".join([*numbers, "2099-0000001"]),
        status="nonsense",
        start_date="nonsense",
    )
    assert {row["service_request_id"] for row in found} == set(numbers)
    assert told(client, "requests", service_request_id="2099-0000001") == []
    one = told(client, f"requests/{numbers[0]}")
    assert one == [next(row for row in found if row["service_request_id"] == numbers[0])]


@pytest.mark.parametrize(
    ("path", "args", "status"),
    [
        ("requests/2099-0000001", {}, 404),
        ("tokens/unknown", {}, 404),
        ("tokens", {}, 400),
        ("nothing", {}, 404),
        ("services/YOL-01/x", {}, 404),
        ("requests", {"start_date": "2026-01-01", "end_date": "2026-12-31"}, 400),
        ("requests", {"start_date": "01/02/2026"}, 400),
        ("requests", {"start_date": "2026-02-01T00:00:00"}, 400),
        ("requests", {"start_date": "0001-01-01"}, 400),
        ("requests", {"status": "new"}, 400),
        ("requests", {"page": "0"}, 400),
        ("requests", {"page_size": "x"}, 400),
        ("requests", {"api_key": "hlk_wrong"}, 403),
        ("services", {"api_key": "x\x00y"}, 403),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_cannot_be_answered_is_refused_in_its_format(
    client: Any, path: str, args: dict[str, str], status: int, form: str
) -> None:
    assert errors(client.get(f"{BASE}/{path}.{form}", query_string=args), status)


def test_an_address_without_a_format_is_refused_as_xml(client: Any) -> None:
    answer = client.get(f"{BASE}/services")
    assert errors(answer, 404)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"


def test_apps_in_browsers_of_other_hosts_may_read(client: Any) -> None:
    answer = client.get(f"{BASE}/services.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.get("/login/").headers
