"""Intake tells everything that is wrong at once, opens what hides it, and asks for an address."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.models import Application, Citizen, Topic
from tests.support import registered_case


@pytest.fixture
def typed(session: Any) -> dict[str, str]:
    """A call that can be kept."""
    topic = session.scalars(select(Topic).where(Topic.code == "YOL-01")).one()
    return {
        "who": "new", "first_name": "Şükran", "last_name": "Gökçedağ", "phone": "0532 000 66 12",
        "channel": "call_center", "kind": "request", "topic": str(topic.id),
        "subject": "Rögar kapağı yok", "wants_notice": "sms", "step": "save",
    }  # fmt: skip


def refused(client: Any, data: dict[str, Any]) -> tuple[set[str], str]:
    """Where the summary of errors leads, and the page."""
    answer = client.post("/applications/new/", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    summary = text[text.index("data-error-summary") :]
    return set(re.findall(r'<a href="#([a-z_]+)">', summary[: summary.index("</ul>")])), text


def fold_of(text: str, name: str) -> str:
    """The opening tag of the fold that holds a field."""
    return text[: text.index(f'name="{name}"')].rpartition("<details")[2].partition(">")[0]


def test_everything_that_is_wrong_is_told_at_once(
    session: Any, client_as: Any, typed: dict[str, str]
) -> None:
    taken = registered_case(
        session, channel="governor", external_ref="VAL-2026-77", external_source="governor"
    )
    before = session.scalar(select(func.count(Application.id)))
    goals, text = refused(
        client_as("operator"),
        {
            **typed, "last_name": "", "phone": "12", "email": "yok", "national_id": "10000000147",
            "address": "x" * 301, "latitude": "410", "longitude": "27", "on_behalf_of": "y" * 161,
            "channel": "governor", "external_ref": "VAL-2026-77", "kind": "enquiry", "topic": "",
            "subject": "", "step": "close", "files": (io.BytesIO(b"MZ"), "a.exe"),
        },
    )  # fmt: skip
    assert goals == {
        "last_name", "phone", "email", "national_id", "address", "latitude", "on_behalf_of", "kind",
        "external_ref", "topic", "subject", "files",
    }  # fmt: skip
    assert taken.number in text
    assert "Yazılı başvuru ilk temasta değil, yazıyla cevaplanır." in text
    assert session.scalar(select(func.count(Application.id))) == before


def test_a_field_that_cannot_be_read_is_told_of_once(client_as: Any, typed: dict[str, str]) -> None:
    goals, text = refused(
        client_as("operator"), {**typed, "phone": "12", "latitude": "kırk", "longitude": "27,5"}
    )
    assert goals == {"phone", "latitude"}
    summary = text[text.index("data-error-summary") :]
    assert summary[: summary.index("</ul>")].count("<li>") == 2


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("national_id", {"national_id": "10000000147"}),
        ("title", {"title": "x" * 201}),
        ("address", {"address": "x" * 301}),
        ("on_behalf_of", {"on_behalf_of": "y" * 161}),
        ("latitude", {"longitude": "27,5"}),
        ("external_ref", {"channel": "cimer"}),
        ("external_received_at", {"external_received_at": "dün"}),
        ("identity_hidden", {"identity_hidden": "y", "channel": "petition"}),
    ],
)
def test_the_fold_of_a_wrong_field_is_open(
    client_as: Any, typed: dict[str, str], name: str, wrong: dict[str, str]
) -> None:
    client = client_as("operator")
    plain = client.get("/applications/new/").get_data(as_text=True)
    assert " open" not in fold_of(plain, name)
    goals, text = refused(client, {**typed, **wrong})
    assert goals == {name}
    assert " open" in fold_of(text, name)


def test_without_an_applicant_the_summary_leads_to_where_one_is_picked(
    client_as: Any, typed: dict[str, str]
) -> None:
    client = client_as("operator")
    goals, text = refused(client, {**typed, "who": "known"})
    assert goals == {"person"}
    assert text.count("Başvuru sahibini seçin") == 2
    assert refused(client, {**typed, "who": "anonymous", "kind": "information"})[0] == {"who"}


def test_a_known_telephone_needs_no_name_and_a_second_press_makes_one_case(
    session: Any, client_as: Any, typed: dict[str, str]
) -> None:
    client = client_as("operator")
    answer = client.post("/applications/new/", data=typed)
    assert answer.status_code == 302
    again = {
        **typed, "first_name": "", "last_name": "", "channel": "governor", "external_ref": "VAL-2026-78",
        "request_key": "bir-kere",
    }  # fmt: skip
    places = {client.post("/applications/new/", data=again).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    people = select(func.count(Citizen.id)).where(Citizen.phone == "+905320006612")
    assert session.scalar(people) == 1


# --- the address ------------------------------------------------------------------------------------------
def test_a_petition_takes_the_address_of_a_new_person(
    session: Any, client_as: Any, typed: dict[str, str]
) -> None:
    client = client_as("masa")
    page = client.get("/applications/new/").get_data(as_text=True)
    fold = fold_of(page, "address")
    assert "petition" in fold
    assert page.index('name="email"') < page.index('name="address"') < page.index('name="title"')
    # What is typed of a person stays out of the browser's draft.
    assert re.search(r"<input[^>]*data-personal[^>]*name=.address.", page)
    answer = client.post(
        "/applications/new/",
        data={
            **typed,
            "channel": "petition",
            "address": "Hürriyet Mah. 3. Sok. No 5",
            "has_address": "1",
        },
    )
    assert answer.status_code == 302
    case = session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
    assert case.citizen.address == "Hürriyet Mah. 3. Sok. No 5"


def test_the_address_of_a_hidden_applicant_is_forgotten(
    session: Any, client_as: Any, typed: dict[str, str]
) -> None:
    _goals, text = refused(
        client_as("cimer"),
        {**typed, "identity_hidden": "y", "channel": "petition", "address": "Gizli Sok. 5"},
    )
    assert "Gizli Sok" not in text
