"""Where a caller or visitor came from travels through intake, and a room above may link it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.core import ports
from app.models import Application, Topic


@pytest.fixture
def told() -> Iterator[list[tuple[str, dict[str, str]]]]:
    """What a hook of another room was told: number of the case and the arguments."""
    calls: list[tuple[str, dict[str, str]]] = []

    def hook(session: Any, application: Any, arguments: Any, actor: Any) -> str | None:
        calls.append((application.number, dict(arguments)))
        return "/units/list/" if arguments.get("visitor") else None

    ports.after_register.append(hook)
    yield calls
    ports.after_register.remove(hook)


def typed(session: Any, **more: str) -> dict[str, str]:
    topic = session.scalars(select(Topic).where(Topic.code == "YOL-01")).one()
    return {
        "who": "anonymous", "channel": "desk", "kind": "request", "topic": str(topic.id),
        "subject": "Köprü girişindeki çukur", "wants_notice": "none", "step": "save", **more,
    }  # fmt: skip


def test_the_form_carries_the_arguments_and_the_named_channel(client_as: Any) -> None:
    text = (
        client_as("masa").get("/applications/new/?channel=field&visitor=7").get_data(as_text=True)
    )
    assert 'name="origin" value="channel=field&amp;visitor=7"' in text
    assert '<option value="field" selected' in text
    text = client_as("masa").get("/applications/new/?channel=bimer").get_data(as_text=True)
    assert '<option value="desk" selected' in text


def test_a_hook_is_told_once_and_names_the_next_address(
    session: Any, client_as: Any, told: list[Any]
) -> None:
    answer = client_as("masa").post(
        "/applications/new/", data=typed(session, origin="channel=desk&visitor=7")
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/units/list/"
    number = session.scalar(select(Application.number).order_by(Application.id.desc()).limit(1))
    assert told == [(number, {"channel": "desk", "visitor": "7"})]


def test_without_a_hooks_answer_the_record_opens(
    session: Any, client_as: Any, told: list[Any]
) -> None:
    answer = client_as("masa").post("/applications/new/", data=typed(session, origin=""))
    assert "/applications/show/" in answer.headers["Location"]
    assert told[0][1] == {}


def test_a_second_matter_of_the_same_visitor_keeps_the_arguments(
    session: Any, client_as: Any, told: list[Any]
) -> None:
    answer = client_as("masa").post(
        "/applications/new/", data=typed(session, origin="visitor=7&_external=1", step="again")
    )
    assert answer.headers["Location"] == "/applications/new/?visitor=7"


def test_a_joined_call_is_told_too(session: Any, client_as: Any, told: list[Any]) -> None:
    client = client_as("masa")
    client.post("/applications/new/", data=typed(session))
    case = session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
    answer = client.post(
        f"/applications/new/join/{case.id}", data=typed(session, origin="visitor=9")
    )
    assert answer.headers["Location"] == "/units/list/"
    assert told[-1] == (case.number, {"visitor": "9"})
