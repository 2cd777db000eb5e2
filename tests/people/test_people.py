"""An applicant is found by what a caller can say, saved once, and seen only by who needs it."""

from __future__ import annotations

import datetime as dt

import pytest

from app.core import scope
from app.core.acting import Actor, acting_as
from app.core.rules import RuleViolation
from app.people import queries, services
from app.people.models import Citizen
from app.people.rules import citizen_violations, institution_violations, phone_prefix

#: Published example of the checksum, no person's number. Source: domain facts 3.4.
TCKN = "10000000146"


@pytest.fixture
def save(session):
    def make(**values):
        return services.save_citizen(
            session, values={"first_name": "Ayşe", "last_name": "Zümrütdağ", **values}
        )

    return make


# --- rules ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"first_name": "Ayşe", "last_name": "Yıldırım"}, set()),
        ({"first_name": "Ayşe"}, {"last_name"}),
        ({"kind": "company"}, {"title"}),
        ({"kind": "company", "title": "Örnek Ltd. Şti."}, set()),
        ({"first_name": "A", "last_name": "B", "national_id": TCKN}, set()),
        ({"first_name": "A", "last_name": "B", "national_id": "10000000145"}, {"national_id"}),
        (
            {"kind": "foreigner", "first_name": "A", "last_name": "B", "national_id": TCKN},
            {"national_id"},
        ),
        ({"first_name": "A", "last_name": "B", "phone": "12"}, {"phone"}),
        ({"first_name": "A", "last_name": "B", "email": "a@b"}, {"email"}),
        ({"first_name": "A", "last_name": "B", "contact_preference": "email"}, {"email"}),
        ({"first_name": "A", "last_name": "B", "contact_preference": "letter"}, {"address"}),
    ],
)
def test_what_is_wrong_with_an_applicant(values, fields):
    assert {v.field for v in citizen_violations(values)} == fields


def test_an_address_line_in_small_letters_is_refused():
    assert [
        v.field for v in institution_violations({"salutation": "Çorlu Belediye Başkanlığına"})
    ] == ["salutation"]
    assert not list(
        institution_violations({"salutation": "TEKİRDAĞ VALİLİĞİNE (İl Emniyet Müdürlüğü)"})
    )


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("0532 123", "+90532123"),
        ("532123", "+90532123"),
        ("+90 532", "+90532"),
        ("(0282) 26", "+9028226"),
        ("053", None),
        ("Ayşe", None),
        ("", None),
    ],
)
def test_figures_typed_in_part_become_a_beginning(typed, prefix):
    assert phone_prefix(typed) == prefix


# --- finding -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    ["0532 777 12 34", "+905327771234", "5327771234", "0532 777", TCKN, "ayse.y@ornek.com",
     "zumrutdag", "AYŞE ZÜM", "ayse zumrutdag", "zümrütdağ ayşe", "zumrut"],
)  # fmt: skip
def test_a_caller_is_found_by_what_was_said(session, save, query):
    known = save(phone="0532 777 12 34", national_id=TCKN, email="ayse.y@ornek.com")
    save(first_name="Mehmet", last_name="Demir", phone="0532 888 99 99")
    assert queries.find_citizens(session, query) == [known]


@pytest.mark.parametrize("query", ["isikcag", "IŞIKÇAĞ", "ışıkçağ", "Işıkçağ"])
def test_dotless_and_dotted_letters_find_the_same(session, save, query):
    known = save(first_name="Nur", last_name="IŞIKÇAĞ")
    assert queries.find_citizens(session, query) == [known]


def test_the_second_number_is_searched_too(session, save):
    known = save(phone="0532 777 12 34", phone2="0282 261 00 00")
    assert queries.find_citizens(session, "0282 261 00 00") == [known]
    assert queries.find_citizens(session, "0282 261") == [known]


def test_names_that_begin_as_typed_come_first(session, save):
    second = save(first_name="Çağ", last_name="Zümra")
    first = save(first_name="Zümra", last_name="Çağla")
    assert queries.find_citizens(session, "zümra ç") == [first, second]


@pytest.mark.parametrize("query", ["", " ", "%", "_", "a", "'; --", "x" * 500, "***"])
def test_nonsense_finds_nobody(session, save, query):
    save()
    assert queries.find_citizens(session, query) == []


def test_the_limit_is_kept(session, save):
    for n in range(15):
        save(phone=f"0532 777 00 {n:02}", first_name=f"Ayşe {'abcdefghijklmno'[n]}")
    assert len(queries.find_citizens(session, "zumrutdag", limit=10)) == 10


# --- saving --------------------------------------------------------------------------------------
def test_the_same_person_is_saved_once(session, save):
    first = save(phone="0532 777 12 34")
    assert save(phone="0532 777 12 34", email="ayse@ornek.com") is first
    assert first.email == "ayse@ornek.com"


def test_a_family_shares_a_number(session, save):
    mother = save(phone="0532 777 12 34")
    son = save(first_name="Ali", phone="0532 777 12 34")
    assert son is not mother


def test_a_filled_field_is_never_overwritten(session, save):
    known = save(phone="0532 777 12 34", national_id=TCKN, address="Ertuğrul Mah.")
    again = save(phone="0532 777 99 99", national_id=TCKN, address="Başka Mah.", first_name="Fatma")
    assert again is known
    assert (known.first_name, known.address, known.phone) == (
        "Ayşe",
        "Ertuğrul Mah.",
        "+905327771234",
    )
    assert known.phone2 == "+905327779999"


def test_the_identity_number_is_not_needed(session, save):
    assert save(phone="0532 777 12 34").national_id is None


def test_a_wrong_number_is_refused_and_nothing_is_saved(session, save):
    with pytest.raises(RuleViolation):
        save(phone="12345")
    assert queries.find_citizens(session, "zumrutdag") == []


def test_an_unknown_field_is_a_mistake_of_the_program(save):
    with pytest.raises(TypeError):
        save(search_text="x")


# --- merging -------------------------------------------------------------------------------------
def test_merged_records_are_one_and_keep_what_each_knew(session, save):
    keep = save(phone="0532 777 12 34")
    gone = save(
        first_name="Ayşe Nur", phone="0532 777 55 55", national_id=TCKN, note="Sabah aranır"
    )
    case = make_case(session, gone)
    services.merge_citizens(session, keep=keep, gone=gone)
    session.expire_all()
    assert (keep.national_id, keep.phone2, keep.note) == (TCKN, "+905327775555", "Sabah aranır")
    assert case.citizen_id == keep.id
    assert session.get(Citizen, gone.id) is None


def test_two_identity_numbers_are_two_persons(session, save):
    keep = save(national_id=TCKN)
    gone = save(first_name="Ayla", national_id="98765432150")
    with pytest.raises(RuleViolation):
        services.merge_citizens(session, keep=keep, gone=gone)
    with pytest.raises(RuleViolation):
        services.merge_citizens(session, keep=keep, gone=keep)


# --- scope ---------------------------------------------------------------------------------------
def make_case(session, citizen, unit=None, state="sent"):
    from app.applications.models import Application, Assignment
    from app.applications.rules import AssignmentState, Channel, Kind

    case = Application(
        number=f"2020-{citizen.id:07}", tracking_code="ABC", channel=Channel.WEB, kind=Kind.REQUEST,
        subject="Deneme", citizen_id=citizen.id, received_on=dt.date(2020, 1, 6),
    )  # fmt: skip
    session.add(case)
    session.flush()
    if unit is not None:
        session.add(
            Assignment(application_id=case.id, unit_id=unit.id, state=AssignmentState(state))
        )
        session.flush()
    return case


@pytest.fixture
def units(session):
    from app.organisation.models import Unit
    from app.organisation.rules import UnitKind

    made = [Unit(code=f"P_{n}", name=f"P {n}", kind=UnitKind.OFFICE) for n in range(2)]
    session.add_all(made)
    session.flush()
    return made


def actor(role, *verbs, unit=None):
    return Actor(
        user_id=1, roles=frozenset({role}), unit_id=unit.id if unit else None,
        unit_ids=frozenset({unit.id}) if unit else frozenset(),
        grants=frozenset((f"can_{verb}", "Citizen") for verb in verbs),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "verbs", "sees"),
    [
        ("clerk", ("read",), {"mine", "theirs", "given back", "none"}),
        ("operator", ("lookup",), {"mine", "theirs", "given back", "none"}),
        ("sys_admin", (), set()),
        ("unit_liaison", ("read",), {"mine"}),
        ("unit_manager", ("read",), {"mine"}),
        ("unit_liaison", (), set()),
    ],
)
def test_who_sees_which_applicants(session, save, units, role, verbs, sees):
    scope.declare(queries.SCOPES)
    people = {
        "mine": save(first_name="Bir"), "theirs": save(first_name="İki"), "none": save(first_name="Üç"),
        "given back": save(first_name="Dört"),
    }  # fmt: skip
    make_case(session, people["mine"], units[0])
    make_case(session, people["theirs"], units[1])
    make_case(session, people["given back"], units[0], "returned")
    with acting_as(actor(role, *verbs, unit=units[0])):
        found = {c.id for c in queries.find_citizens(session, "zumrutdag")}
    assert found == {people[name].id for name in sees}


def test_a_person_out_of_sight_is_not_saved_a_second_time(session, save, units):
    scope.declare(queries.SCOPES)
    known = save(national_id=TCKN)
    with acting_as(actor("unit_liaison", "read", unit=units[0])):
        assert save(national_id=TCKN) is known
