"""What every screen does with a form: it keeps what was typed, tells conflicts, and asks for reasons."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import select

from app.core import clock
from app.core.identifiers import format_phone

#: Room, its screen, who works with it, a good form, a bad form with the words that must stay.
ROOMS = [
    (
        "applications", "/reply-templates", "ReplyTemplate", "mudur",
        {"name": "Deneme kalıbı", "reply_kind": "final", "body": "Sayın ilgili", "short_text": "", "active": "y"},
        {"name": "", "body": "Elde kalan gövde"}, "Elde kalan gövde",
    ),
    (
        "people", "/institutions", "Institution", "yonetici",
        {"name": "Deneme Kurumu", "short_name": "DK", "kind": "district_municipality", "active": "y"},
        {"name": "", "short_name": "Elde Kalan"}, "Elde Kalan",
    ),
    (
        "organisation", "/districts", "District", "yonetici",
        {"name": "Deneme İlçesi", "postal_code": "59999", "weight": "1", "active": "y"},
        {"name": "", "postal_code": "59998"}, "59998",
    ),
]  # fmt: skip
EACH = pytest.mark.parametrize(
    ("room", "base", "model_name", "username", "good", "bad", "kept"),
    ROOMS,
    ids=[r[0] for r in ROOMS],
)


def model_of(name: str) -> Any:
    from app import models

    return getattr(models, name)


@EACH
def test_a_record_is_added_edited_and_deleted(
    session: Any, client_as: Any, room: str, base: str, model_name: str, username: str, good: dict[str, str],
    bad: dict[str, str], kept: str,
) -> None:  # fmt: skip
    model, browser = model_of(model_name), client_as(username)
    answer = browser.post(f"{base}/add", data=good)
    assert answer.status_code == 302, answer.get_data(as_text=True)[-3000:]
    row = session.scalars(select(model).where(model.name == good["name"])).one()
    pk, version = row.id, getattr(row, "version", "")
    changed = {**good, "name": "Değişen ad", "_version": str(version)}
    assert browser.post(f"{base}/edit/{pk}", data=changed).status_code == 302
    session.refresh(row)
    assert row.name == "Değişen ad"
    if version:
        late = browser.post(
            f"{base}/edit/{pk}", data={**good, "name": "Geç kalan ad", "_version": str(version)}
        )
        assert late.status_code == 409
        assert "Geç kalan ad" in late.get_data(as_text=True)
        assert "Değişen ad" in late.get_data(as_text=True)
    assert browser.post(f"{base}/delete/{pk}").status_code == 302
    assert session.scalars(select(model).where(model.id == pk)).first() is None
    assert browser.get(f"{base}/show/{pk}").status_code == 404


@EACH
def test_a_refused_form_keeps_what_was_typed(
    client_as: Any, room: str, base: str, model_name: str, username: str, good: dict[str, str],
    bad: dict[str, str], kept: str,
) -> None:  # fmt: skip
    answer = client_as(username).post(f"{base}/add", data=bad)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert kept in page
    assert "aria-invalid" in page


def test_what_is_in_use_is_not_deleted(session: Any, client_as: Any) -> None:
    from app.models import District, Neighbourhood

    used = session.scalars(
        select(District).join(Neighbourhood, Neighbourhood.district_id == District.id)
    ).first()
    browser = client_as("yonetici")
    answer = browser.post(f"/districts/delete/{used.id}", follow_redirects=True)
    assert answer.status_code == 200
    assert "silinemez" in answer.get_data(as_text=True)
    assert session.get(District, used.id) is not None


@EACH
def test_both_exports_hold_the_rows_of_the_list(
    session: Any, client_as: Any, room: str, base: str, model_name: str, username: str, good: dict[str, str],
    bad: dict[str, str], kept: str,
) -> None:  # fmt: skip
    if model_name == "ReplyTemplate":
        base, model_name = "/topics", "Topic"
    row = session.scalars(select(model_of(model_name)).order_by(model_of(model_name).id)).first()
    browser = client_as(username)
    csv = browser.post(f"{base}/export", data={"format": "csv"})
    assert csv.data.startswith(b"\xef\xbb\xbf")
    assert row.name in csv.get_data().decode("utf-8-sig")
    with ZipFile(io.BytesIO(browser.post(f"{base}/export", data={"format": "xlsx"}).data)) as book:
        words = "".join(book.read(name).decode() for name in book.namelist())
    assert row.name in words


def test_a_reveal_needs_a_reason_lasts_five_minutes_and_is_logged(
    session: Any, client_as: Any
) -> None:
    from app.models import AuditEvent, Citizen

    row = Citizen(first_name="Deneme", last_name="Kişi", phone="+905320009876")
    session.add(row)
    session.commit()
    browser, number = client_as("operator"), format_phone("+905320009876")
    # A little ahead: a cookie from the future would be no cookie at all.
    start = clock.now() + dt.timedelta(seconds=20)

    def shows(seconds: int) -> bool:
        with time_machine.travel(start + dt.timedelta(seconds=seconds), tick=False):
            return number in browser.get(f"/citizens/show/{row.id}").get_data(as_text=True)

    browser.post(f"/citizens/reveal/{row.id}", data={"reason": "a"})
    assert not shows(-5)
    with time_machine.travel(start, tick=False):
        browser.post(f"/citizens/reveal/{row.id}", data={"reason": "Vatandaş geri aranacak"})
    assert shows(1)
    assert shows(299)
    assert not shows(301)
    entry = session.scalars(
        select(AuditEvent).where(AuditEvent.verb == "reveal").order_by(AuditEvent.id.desc())
    ).first()
    assert (entry.entity, entry.record_id, entry.summary) == (
        "Citizen",
        row.id,
        "Vatandaş geri aranacak",
    )
    assert "5320009876" not in str(entry.changes)
