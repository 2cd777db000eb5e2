"""Bounds, pictures and cost."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from PIL import Image
from sqlalchemy import func, select

from tests.applications.test_open311_http.support import BASE, errors, number_of, post


# --- bounds --------------------------------------------------------------------------------------------
@pytest.fixture
def limited(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits as on a real server; the tests’ own application was made without them."""
    counter = SimpleNamespace(limiter=FixedWindowRateLimiter(MemoryStorage()))
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    monkeypatch.setitem(app.extensions, "limiter", [counter])


def test_a_key_and_an_address_are_held_to_their_bounds(
    client: Any, session: Any, secret: str, key: Any, limited: None
) -> None:
    from app.system.services import settings

    settings.set_setting(session, key="open311_calls_per_minute", value=3)
    key[0].rate_limit = 5
    session.commit()
    codes = [client.get(f"{BASE}/services.json").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    with_key = f"{BASE}/services.xml?api_key={secret}"
    answers = [client.get(with_key) for _ in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    errors(answers[-1], 429)
    wrong = [client.get(f"{BASE}/services.json?api_key=x{n}").status_code for n in range(4)]
    assert wrong == [403, 403, 403, 429]


# --- pictures -------------------------------------------------------------------------------------------
def picture(form: str = "JPEG") -> io.BytesIO:
    """A small picture that says where it was taken."""
    data = io.BytesIO()
    image = Image.new("RGB", (40, 30), "navy")
    exif = Image.Exif()
    exif[0x0110] = "Camera of Gülşah"
    image.save(data, form, **({"exif": exif} if form == "JPEG" else {}))
    data.seek(0)
    return data


def test_a_picture_is_kept_without_what_it_hides(client: Any, session: Any, secret: str) -> None:
    from app.models import Application, Attachment
    from app.system.services import attachments

    answer = post(client, secret, media=(picture(), "cukur.jpg"))
    row = session.scalars(select(Application).where(Application.number == number_of(answer))).one()
    kept = session.scalars(
        select(Attachment).where(
            Attachment.owner_type == "Application", Attachment.owner_id == row.id
        )
    ).one()
    assert (kept.kind, kept.mime) == ("photo", "image/jpeg")
    assert b"Camera" not in attachments.read(kept)
    again = post(client, secret, media=(picture(), "cukur.jpg"))
    assert number_of(again) == number_of(answer)
    assert number_of(post(client, secret, media=(picture("PNG"), "cukur.png"))) != number_of(answer)


@pytest.mark.parametrize(
    "media",
    [
        (io.BytesIO(b"MZ\x90 not a picture"), "cukur.jpg"),
        (io.BytesIO(b"<svg onload='alert(1)'/>"), "cukur.svg"),
        (io.BytesIO(b""), "cukur.png"),
        (io.BytesIO(b"%PDF-1.4"), "cukur.pdf"),
    ],
)
def test_a_file_that_is_no_picture_refuses_the_whole_request(
    client: Any, session: Any, secret: str, media: Any
) -> None:
    from app.models import Application

    before = session.scalar(select(func.count()).select_from(Application))
    assert "media" in errors(
        post(client, secret, media=(io.BytesIO(media[0].getvalue()), media[1])), 400
    )
    assert session.scalar(select(func.count()).select_from(Application)) == before


def test_six_pictures_are_too_many(client: Any, secret: str) -> None:
    many = [(picture(), f"{n}.jpg") for n in range(6)]
    assert errors(post(client, secret, media=many), 400)


# --- cost ------------------------------------------------------------------------------------------------
def test_a_list_costs_the_same_few_statements_however_long_it_is(
    client: Any, counted: list[str], secret: str
) -> None:
    client.get(f"{BASE}/requests.json")
    for path, most in (
        ("requests.json", 4),
        ("requests.json?page_size=1", 4),
        (f"requests.json?extensions=true&api_key={secret}", 6),
        ("services.xml", 4),
        ("services/YOL-01.json", 4),
        ("discovery.json", 4),
    ):
        client.get(f"{BASE}/{path}")
        counted.clear()
        assert client.get(f"{BASE}/{path}").status_code == 200
        assert len(counted) <= most, (path, *counted)
