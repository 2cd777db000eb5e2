"""What it shows and hides."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import update

from tests.applications.test_tracking_page.support import (
    FIRST,
    HOSTILE,
    LAST,
    MAIL,
    PHONE,
    PLACE,
    asked,
    words,
    wrong,
)


# --- what it shows -----------------------------------------------------------------------------------
def test_the_door_leads_to_it_and_it_needs_no_account(client: Any) -> None:
    door = re.search(
        r'<a href="([^"]+)">Başvurunuzun durumunu sorgulayın', client.get("/login/").text
    )
    assert door is not None
    assert door[1] == PLACE
    page = client.get(PLACE)
    assert page.status_code == 200
    assert "Başvuru numarası" in page.text
    assert "Takip kodu" in page.text
    assert client.get(PLACE + "/").status_code == 200
    assert 'lang="tr"' in page.text
    assert 'lang="en"' in client.get(PLACE, query_string={"lang": "en"}).text


def test_it_is_kept_out_of_search_engines_caches_and_frames(client: Any) -> None:
    page = client.get(PLACE)
    assert re.search(r'<meta name="robots" content="noindex[^"]*"', page.text)
    assert "no-store" in page.headers["Cache-Control"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}


def test_number_and_code_show_the_case_and_nobody(client: Any, case: Any) -> None:
    page = asked(client, case.number, case.tracking_code)
    assert page.status_code == 200
    assert case.number in page.text
    assert "Çukur kapatıldı" in page.text
    for secret in (FIRST, LAST, PHONE, "5325551234", "532 555", MAIL):
        assert secret not in page.text
    assert "Konu " + HOSTILE not in page.text
    assert str(case.lead_unit.name).replace("’", "") in page.text.replace("’", "").replace(
        "&#39;", ""
    )


def test_a_number_and_a_code_are_read_as_people_write_them(client: Any, case: Any) -> None:
    year, rest = case.number.split("-")
    code = case.tracking_code
    typed = asked(client, f" {year} / {int(rest)} ", f"{code[:4].lower()}-{code[4:].lower()}")
    assert typed.status_code == 200
    assert "Çukur kapatıldı" in typed.text


def test_what_an_officer_wrote_is_text_and_no_markup(client: Any, case: Any) -> None:
    page = asked(client, case.number, case.tracking_code).text
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_what_is_typed_comes_back_as_text(client: Any) -> None:
    page = asked(client, f'"><img src=x>{HOSTILE}', HOSTILE)
    assert page.status_code == 422
    assert HOSTILE not in page.text
    assert "<img" not in page.text.split("<main", 1)[1]
    assert HOSTILE not in client.get(PLACE, query_string={"no": HOSTILE, "lang": HOSTILE}).text
    assert client.get(f"{PLACE}/{HOSTILE}").status_code == 404


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({}, {"number", "code"}),
        ({"number": "2026-0000001"}, {"code"}),
        ({"code": "K7MP4X2Q"}, {"number"}),
    ],
)
def test_a_missing_half_is_said_at_its_field(
    client: Any, data: dict[str, str], names: set[str]
) -> None:
    page = client.post(PLACE, data=data)
    assert page.status_code == 422
    bad = set(re.findall(r'<input[^>]*id="(\w+)"[^>]*aria-invalid="true"', page.text))
    assert bad == names


# --- no oracle ---------------------------------------------------------------------------------------
def test_wrong_number_and_wrong_code_look_and_cost_the_same(
    client: Any, case: Any, counted: list[str]
) -> None:
    tries = [
        (case.number, wrong(case.tracking_code)),
        ("2019-0000001", case.tracking_code),
        ("keine Nummer", "????????"),
        (case.number, "kurz"),
        (f"{case.number[:4]}-9999999", wrong(case.tracking_code)),
    ]
    asked(client, *tries[0])
    seen = []
    for number, code in tries:
        counted.clear()
        page = asked(client, number, code)
        seen.append((page.status_code, len(counted), words(page, number, code)))
    assert {status for status, _n, _w in seen} == {422}
    assert len({n for _s, n, _w in seen}) == 1
    assert len({w for _s, _n, w in seen}) == 1


def test_what_is_not_registered_cannot_be_found(client: Any, session: Any, case: Any) -> None:
    table = type(case).__table__
    for state in ("draft", "discarded"):
        session.connection().execute(update(table).where(table.c.id == case.id).values(state=state))
        session.commit()
        assert asked(client, case.number, case.tracking_code).status_code == 422


def test_being_signed_in_shows_no_more(client_as: Any, client: Any, case: Any) -> None:
    stranger = asked(client, case.number, case.tracking_code)
    chief = asked(client_as("sef"), case.number, case.tracking_code)
    assert words(chief) == words(stranger)


def test_a_code_opens_no_other_door(client: Any, case: Any) -> None:
    asked(client, case.number, case.tracking_code)
    assert client.get(f"/applications/show/{case.id}").status_code in {302, 401}
    assert client.get("/api/v1/application/").status_code == 401


# --- hidden and restricted -----------------------------------------------------------------------------
@pytest.mark.parametrize("flag", ["identity_hidden", "is_restricted"])
def test_a_hidden_or_restricted_case_tells_its_state_alone(
    client: Any, session: Any, case: Any, flag: str
) -> None:
    table = type(case).__table__
    unit = case.lead_unit.name
    nobody = {"citizen_id": None, "contact_phone": "", "contact_email": "", "on_behalf_of": ""}
    values = {flag: True, **(nobody if flag == "identity_hidden" else {})}
    session.connection().execute(update(table).where(table.c.id == case.id).values(values))
    session.commit()
    page = asked(client, case.number, case.tracking_code)
    assert page.status_code == 200
    main = page.text.split("<main", 1)[1]
    assert "Başvurunuz cevaplandı" in main
    for held_back in ("Çukur", unit, 'name="act"', "2577"):
        assert held_back not in main
    for act in ("rate", "reopen"):
        data = {"act": act, "score": "5", "solved": "yes", "reason": "Çözülmedi efendim"}
        assert asked(client, case.number, case.tracking_code, **data).status_code == 422
    session.expire_all()
    assert session.get(type(case), case.id).cycle == case.cycle
