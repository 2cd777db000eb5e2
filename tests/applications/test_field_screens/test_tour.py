"""On the way: stops, pictures and scope."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.core import clock
from app.models import Application, Attachment, FieldVisit, StaffUser
from app.system.services import attachments

OPEN = ("assigned", "in_progress", "scheduled")


def photo(**exif: Any) -> io.BytesIO:
    """A picture as a phone takes it: with the place, the camera and a thumbnail in its hidden data."""
    picture = Image.new("RGB", (64, 48), (120, 130, 140))
    hidden = picture.getexif()
    hidden[0x010F] = "Gizli Marka"
    hidden[0x0110] = "Gizli Model"
    place = hidden.get_ifd(0x8825)
    place[1], place[2] = "N", (40.0, 58.0, 41.1)
    place[3], place[4] = "E", (27.0, 30.0, 55.2)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=hidden, comment=b"cok gizli not")
    out.seek(0)
    with Image.open(io.BytesIO(out.getvalue())) as check:
        assert check.getexif().get_ifd(0x8825), "the picture of the test has a place"
    return out


def step(client: Any, visit: FieldVisit, action: str, **more: str) -> Any:
    return client.post(f"/field-tour/step/{visit.id}", data={"action": action, **more})


# --- on the phone -----------------------------------------------------------------------------------------
def test_arrived_found_finished_carried_into_the_case(
    session: Any, client_as: Any, visit: FieldVisit
) -> None:
    client = client_as("birim")
    tour = client.get("/field-tour/").text
    assert "Vardım" in tour
    back = step(client, visit, "arrive", next="/field-tour/", latitude="40.978", longitude="27.51")
    assert back.headers["Location"] == "/field-tour/"
    assert session.get(FieldVisit, visit.id).latitude == 40.978
    assert "Bulundu" in client.get("/field-tour/").text
    found = step(client, visit, "found")
    assert found.headers["Location"] == f"/field-tour/finish/{visit.id}"
    form = {"findings": "Çukur 40 cm.", "measures": "Dolgu yapıldı.", "next_step": "note", "citizen_confirmed": "1"}  # fmt: skip
    done = client.post(
        f"/field-tour/finish/{visit.id}",
        data={**form, "photos": (photo(), "cukur.jpg")},
        content_type="multipart/form-data",
    )
    assert done.headers["Location"] == f"/field-visits/show/{visit.id}", done.text
    kept = session.get(FieldVisit, visit.id)
    assert (kept.state, kept.citizen_confirmed, kept.was_found) == ("done", True, True)
    assert "Başvuruya aktar" in client.get(f"/field-visits/show/{visit.id}").text
    text = client.get(f"/field-tour/report/{visit.id}").text
    assert "Çukur 40 cm." in text
    client.post(f"/field-tour/report/{visit.id}", data={"text": "Yerinde görüldü: çukur 40 cm."})
    session.expire_all()
    assert session.get(FieldVisit, visit.id).reported_at is not None
    page = client.get(f"/applications/show/{visit.application_id}").text
    assert "Yerinde görüldü: çukur 40 cm." in page


def test_not_found_without_a_picture_is_told_at_the_field(
    session: Any, client_as: Any, visit: FieldVisit
) -> None:
    client = client_as("birim")
    step(client, visit, "not_found")
    answer = client.post(
        f"/field-tour/finish/{visit.id}",
        data={"findings": "Yerinde yok.", "next_step": "unit_answer"},
    )
    assert answer.status_code == 422
    assert "fotoğraf" in answer.text
    assert "Yerinde yok." in answer.text, "what was typed stays"
    empty = client.post(f"/field-tour/finish/{visit.id}", data={})
    assert empty.status_code == 422


def test_nonsense_does_no_step(session: Any, client_as: Any, visit: FieldVisit) -> None:
    client = client_as("birim")
    assert step(client, visit, "finish").status_code == 400
    assert step(client, visit, "explode").status_code == 400
    step(client, visit, "arrive", latitude="NaN", longitude="inf")
    kept = session.get(FieldVisit, visit.id)
    assert (kept.state, kept.latitude) == ("on_the_way", None)
    away = step(client, visit, "arrive", next="//evil.example/")
    assert away.headers["Location"] == f"/field-visits/show/{visit.id}"


def test_a_visit_is_finished_only_after_it_was_judged(client_as: Any, visit: FieldVisit) -> None:
    client = client_as("birim")
    answer = client.get(f"/field-tour/finish/{visit.id}")
    assert answer.headers["Location"] == f"/field-visits/show/{visit.id}"
    assert "bulunup bulunmadığını" in client.get(answer.headers["Location"]).text


def test_a_postponed_visit_asks_why(session: Any, client_as: Any, visit: FieldVisit) -> None:
    client = client_as("birim")
    assert client.post(f"/field-tour/postpone/{visit.id}", data={}).status_code == 422
    client.post(f"/field-tour/postpone/{visit.id}", data={"reason": "Yol kapalı."})
    session.expire_all()
    assert session.get(FieldVisit, visit.id).state == "postponed"


@pytest.mark.parametrize("path", ["step", "photo"])
def test_nothing_changes_by_looking(client_as: Any, visit: FieldVisit, path: str) -> None:
    assert client_as("birim").get(f"/field-tour/{path}/{visit.id}").status_code == 405


# --- pictures ------------------------------------------------------------------------------------------------
def send(client: Any, visit: FieldVisit, data: Any, name: str) -> Any:
    return client.post(
        f"/field-tour/photo/{visit.id}",
        data={"kind": "before", "photos": (data, name)},
        content_type="multipart/form-data",
    )


def pictures(session: Any, visit: FieldVisit) -> list[Attachment]:
    stmt = select(Attachment).where(
        Attachment.owner_type == "FieldVisit", Attachment.owner_id == visit.id
    )
    return list(session.scalars(stmt.order_by(Attachment.id)))


def test_place_and_camera_are_gone_from_the_kept_picture(
    session: Any, client_as: Any, visit: FieldVisit
) -> None:
    send(client_as("birim"), visit, photo(), "IMG_2041.jpg")
    (kept,) = pictures(session, visit)
    data = attachments.read(kept)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (64, 48)
        assert dict(picture.getexif()) == {}
        assert picture.getexif().get_ifd(0x8825) == {}
        assert "comment" not in picture.info
    for hidden in (b"Exif", b"Gizli Marka", b"Gizli Model", b"cok gizli not", b"GPS"):
        assert hidden not in data
    shown = client_as("birim").get(f"/field-visits/show/{visit.id}").text
    assert "IMG_2041.jpg" in shown


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.4 not a picture", "tutanak.pdf"),
        (b"MZ not a picture", "cukur.jpg"),
        (b"<svg onload='alert(1)'/>", "cukur.svg"),
        (b"", "cukur.jpg"),
    ],
)
def test_anything_but_a_picture_is_refused(
    session: Any, client_as: Any, visit: FieldVisit, content: bytes, name: str
) -> None:
    answer = send(client_as("birim"), visit, io.BytesIO(content), name)
    assert answer.status_code in {302, 422}
    assert pictures(session, visit) == []


def test_too_large_a_picture_is_refused(
    session: Any, client_as: Any, visit: FieldVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.applications.views import field_tour

    monkeypatch.setattr(field_tour, "MAX_PICTURE", 100)
    answer = send(client_as("birim"), visit, photo(), "buyuk.jpg")
    assert answer.status_code in {302, 413, 422}
    assert pictures(session, visit) == []


# --- scope ------------------------------------------------------------------------------------------------------
def test_a_unit_sees_the_visits_of_its_own_cases_only(
    session: Any, client_as: Any, visit: FieldVisit, token_of: Any, client: Any
) -> None:
    send(client_as("birim"), visit, photo(), "cukur.jpg")
    (kept,) = pictures(session, visit)
    other = client_as("teski")
    case = session.get(Application, visit.application_id)
    assert client_as("birim").get(f"/field-visits/show/{visit.id}").status_code == 200
    for url in (
        f"/field-visits/show/{visit.id}", f"/field-tour/finish/{visit.id}", f"/attachments/{kept.id}",
        f"/field-tour/postpone/{visit.id}", f"/field-tour/report/{visit.id}",
    ):  # fmt: skip
        assert other.get(url).status_code in {403, 404}, url
    assert step(other, visit, "arrive").status_code == 404
    assert case.number not in other.get("/field-visits/list/?tab=all").text
    assert (
        client.get(f"/api/v1/field_visit/{visit.id}", headers=token_of("teski")).status_code == 404
    )
    assert (
        client.get(f"/api/v1/field_visit/{visit.id}", headers=token_of("birim")).status_code == 200
    )
    assert session.get(FieldVisit, visit.id).state == "planned"


def test_a_sum_tells_a_unit_nothing_of_others(
    session: Any, client_as: Any, officer: StaffUser
) -> None:
    everything = session.scalar(select(func.count()).select_from(FieldVisit))
    text = client_as("birim").get("/field-visits/list/?tab=all").text
    total = re.search(r"toplam (\d+) kayıt", text)
    assert total is not None
    assert int(total.group(1)) < everything


def test_the_record_page_has_a_card_with_a_button(
    session: Any, client_as: Any, officer: StaffUser
) -> None:
    planned = select(FieldVisit.application_id).where(
        FieldVisit.state.in_(["planned", "on_the_way"])
    )
    case = session.scalars(
        select(Application).where(
            Application.state.in_(OPEN), Application.lead_unit_id == officer.unit_id,
            Application.id.not_in(planned), Application.is_restricted.is_(False),
        )
    ).first()  # fmt: skip
    client = client_as("birim")
    page = client.get(f"/applications/show/{case.id}").text
    place = f"/cards/Application/{case.id}/field"
    assert place in page, "the card is fetched after the page"
    card = client.get(place).text
    link = re.search(r'href="(/field-visits/add\?[^"]+)"', card)
    assert link is not None
    form = client.get(link.group(1).replace("&amp;", "&"))
    assert case.number in form.text
    data = {
        "application": str(case.id), "planned_on": clock.today().isoformat(),
        "officer": str(officer.id), "team": "1. ekip", "task": "Kapağa bakın",
    }  # fmt: skip
    answer = client.post("/field-visits/add", data=data)
    assert answer.status_code == 302, answer.text
    again = client.post("/field-visits/add", data=data)
    assert again.status_code == 422
    assert "zaten" in again.text
