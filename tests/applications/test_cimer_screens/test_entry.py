"""Quick entry."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications.models import Application
from app.applications.rules import Channel, ExchangeKind, Kind
from app.core.acting import SYSTEM, acting_as
from app.models import Citizen
from tests.applications.test_cimer_screens.support import REF, lines_of, newest, values

HIDDEN = re.compile(r'name="(first_name|last_name|title|phone|email|who)"')


# --- quick entry ------------------------------------------------------------------------------------
def test_quick_entry_registers_and_begins_the_next(session: Any, client_as: Any) -> None:
    client = client_as("cimer")
    page = client.get("/cimer/new/").get_data(as_text=True)
    assert HIDDEN.search(page)
    answer = client.post("/cimer/new/", data=values(session))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cimer/new/")
    case = newest(session)
    assert (case.channel, case.kind, case.is_restricted) == (Channel.CIMER, Kind.COMPLAINT, True)
    assert case.received_on.isoformat() == "2026-07-03"
    # The earlier date counts: thirty days from the day at CİMER.
    assert "01.07.2026" in str(case.due_trail) or "2026-07-01" in str(case.due_trail)
    assert lines_of(session, case) == [ExchangeKind.RECEIVED]
    with acting_as(SYSTEM):
        assert case.citizen.last_name == "Karacaoğlan"


def test_what_is_posted_about_a_hidden_identity_is_not_read(session: Any, client_as: Any) -> None:
    client = client_as("cimer")
    page = client.get("/cimer/new/?hidden=1").get_data(as_text=True)
    assert not HIDDEN.search(page)
    with acting_as(SYSTEM):
        before = session.scalar(select(func.count(Citizen.id)))
    answer = client.post("/cimer/new/", data=values(session, identity_hidden="y"))
    assert answer.status_code == 302
    case = newest(session)
    assert (case.identity_hidden, case.citizen_id) == (True, None)
    assert (case.contact_phone or "", case.contact_email or "") == ("", "")
    with acting_as(SYSTEM):
        assert session.scalar(select(func.count(Citizen.id))) == before


def test_names_in_a_hidden_text_are_told_masked_or_kept(session: Any, client_as: Any) -> None:
    client = client_as("cimer")
    body = "Adım Zübeyde Karacaoğlan, 0532 123 45 67 numaradan arayın."
    given = values(session, identity_hidden="y", body=body)
    answer = client.post("/cimer/new/", data=given)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<mark>Zübeyde Karacaoğlan</mark>" in page
    assert "0532 123 45 67" in page
    assert not HIDDEN.search(page)
    assert client.post("/cimer/new/", data={**given, "personal": "mask"}).status_code == 302
    case = newest(session)
    assert "Karacaoğlan" not in case.body
    assert "123 45 67" not in case.body
    kept = {**given, "personal": "keep", "external_ref": "2611223345", "request_key": "anahtar-2"}
    assert client.post("/cimer/new/", data=kept).status_code == 302
    assert newest(session, "2611223345").body == body


def test_the_case_is_opened_after_the_warning_if_that_was_asked(
    session: Any, client_as: Any
) -> None:
    client = client_as("cimer")
    given = values(
        session, identity_hidden="y", body="Ben Zübeyde Karacaoğlan, 0532 123 45 67", step="open"
    )
    warned = client.post("/cimer/new/", data=given)
    assert warned.status_code == 422
    asked = re.findall(r'type="hidden" name="step" value="(\w+)"', warned.text)
    assert asked == ["open"]
    answer = client.post("/cimer/new/", data={**given, "step": asked, "personal": "mask"})
    assert answer.headers["Location"].endswith(f"/applications/show/{newest(session).id}")
    other = {**given, "external_ref": "2611223346", "request_key": "anahtar-4"}
    answer = client.post(
        "/cimer/new/", data={**other, "step": ["open", "again"], "personal": "mask"}
    )
    assert answer.headers["Location"].endswith("/cimer/new/")


def test_a_known_number_is_told_at_once_and_refused(session: Any, client_as: Any) -> None:
    client = client_as("cimer")
    assert client.post("/cimer/new/", data=values(session)).status_code == 302
    case = newest(session)
    told = client.get(f"/cimer/new/known?channel=cimer&ref=%20{REF}%20").get_data(as_text=True)
    assert case.number in told
    assert f"/applications/show/{case.id}" in told
    assert client.get("/cimer/new/known?channel=cimer&ref=9").get_data(as_text=True).strip() == ""
    again = client.post("/cimer/new/", data=values(session, request_key="anahtar-3"))
    page = again.get_data(as_text=True)
    assert again.status_code == 422
    assert case.number in page
    assert "Karacaoğlan" in page


def test_a_double_submit_registers_once(session: Any, client_as: Any) -> None:
    client = client_as("cimer")
    for _ in range(2):
        assert client.post("/cimer/new/", data=values(session)).status_code == 302
    newest(session)


def test_both_last_days_are_told_and_the_earlier_counts(session: Any, client_as: Any) -> None:
    client = client_as("cimer")
    url = "/cimer/new/times?channel=cimer&kind={}&received=2026-07-03&external=2026-07-01"
    told = client.get(url.format("complaint")).get_data(as_text=True)
    # 1 and 3 July plus thirty days; the second ends on a Sunday and goes on to Monday.
    assert 0 < told.index("31 Temmuz 2026") < told.index("3 Ağustos 2026")
    assert told.count("data-counts") == 1
    assert client.get(url.format("thanks")).status_code == 200
    assert client.get("/cimer/new/times?channel=x&kind=y").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_on", "2026-13-45"), ("external_on", "2035-01-01"), ("topic", ""), ("subject", ""),
        ("kind", "planet"), ("channel", "phone"), ("email", "kimse"), ("received_on", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(
    session: Any, client_as: Any, field: str, value: str
) -> None:
    answer = client_as("cimer").post("/cimer/new/", data=values(session, **{field: value}))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Karacaoğlan" in page
    assert 'class="error"' in page
    with acting_as(SYSTEM):
        found = select(Application.id).where(Application.external_ref == REF)
        assert session.scalar(found) is None


def test_another_office_keeps_its_number_and_its_period(session: Any, client_as: Any) -> None:
    given = values(session, channel="parliament", kind="request", external_ref="TBMM-2026/77")
    assert client_as("cimer").post("/cimer/new/", data=given).status_code == 302
    case = newest(session, "TBMM-2026/77")
    assert (case.external_source, case.rule_key, case.is_restricted) == (
        "parliament", "tbmm_petition", False,
    )  # fmt: skip
    assert lines_of(session, case) == []
