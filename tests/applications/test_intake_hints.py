"""What intake says while it is filled in: how many people there may be, how a coordinate is written."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.models import Application
from app.people.services import save_citizen


@pytest.mark.parametrize(
    ("people", "words"), [(3, "3 kişi bulundu."), (8, "İlk 8 kişi;"), (11, "İlk 8 kişi;")]
)
def test_a_search_that_stops_at_eight_does_not_say_that_there_are_eight(
    session: Any, client_as: Any, people: int, words: str
) -> None:
    for n in range(people):
        save_citizen(
            session,
            values={
                "first_name": f"Nazlı {'abcdefghijklmno'[n]}",
                "last_name": "Gümüşkürekçi",
                "phone": f"+9053207700{n:02}",
            },
        )
    session.commit()
    page = client_as("operator").get("/applications/new/people?q=gumuskurekci").text
    assert words in page
    assert page.count("data-pick") == min(people, 8)


def test_a_coordinate_is_asked_for_as_a_coordinate(session: Any, client_as: Any) -> None:
    page = client_as("operator").post("/applications/new/", data={"latitude": "kuzey"}).text
    assert "Bir sayı yazın, örneğin 41,2776." in page
    client = client_as("mudur")
    case = session.scalars(select(Application).where(Application.is_restricted.is_(False))).first()
    given = {"longitude": "doğu", "_version": str(case.version)}
    page = client.post(f"/applications/edit/{case.id}", data=given).text
    assert "Bir sayı yazın, örneğin 27,5119." in page
    assert "1.234,5" not in page


def test_who_has_no_address_is_told_where_to_add_it(session: Any, client_as: Any) -> None:
    """A petition needs one, and intake asks it of new people only."""
    name = {"first_name": "Nazlı", "last_name": "Gümüşkürekçi"}
    without, with_one = (
        save_citizen(session, values={**name, "phone": phone, "address": address})
        for phone, address in (("+905320770020", ""), ("+905320770021", "Kumbağ Mah. No: 5"))
    )
    session.commit()
    client = client_as("masa")
    page = client.get(f"/applications/new/citizen/{without.id}").text
    assert f'href="/citizens/edit/{without.id}"' in page
    # Whoever has not shown the identity yet is told to do that first.
    shown = client.get(f"/citizens/edit/{without.id}", follow_redirects=True).text
    assert "Önce gerekçesiyle kimliği gösterin" in shown
    assert "/citizens/edit/" not in client.get(f"/applications/new/citizen/{with_one.id}").text
