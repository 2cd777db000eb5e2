"""Names of people in free text: found where they are likely, left alone where they name a place."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identifiers import find_people, find_personal_data, replace_findings, scrub
from app.core.text import fold
from tests.growth import MOST, growth

GIVEN = frozenset(fold(n) for n in ("Ayşe", "Mehmet", "Ali", "Işık", "İclal", "Mustafa", "Can"))


def names(text: str) -> list[str]:
    return [one.value for one in find_people(text, GIVEN)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ben Ayşe Yılmaz, şikâyetçiyim.", ["Ayşe Yılmaz"]),
        ("AYŞE YILMAZ", ["AYŞE YILMAZ"]),
        ("komşum Mehmet Ali Demir’in katı", ["Mehmet Ali Demir"]),
        ("İclal Öztürk ve Işık Şahin", ["İclal Öztürk", "Işık Şahin"]),
        ("Adım Qwz Rtü, telefonum yok", ["Qwz Rtü"]),
        ("Adı Soyadı: Zeki Hür", ["Zeki Hür"]),
        ("adım soyadım Ece Su Tan", ["Ece Su Tan"]),
    ],
)
def test_names_are_found(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yol bozuk, su akmıyor.",
        "Mustafa Kemal Paşa Mahallesi",
        "Ali Rıza Efendi Cad. No: 5",
        "Can Bey dışında kimse yok mu, ayşe yılmaz",
        "Mehmet dün aradı",
        "adımda bir çukur var",
    ],
)
def test_places_and_single_words_are_left_alone(text):
    assert [n for n in names(text) if n not in {"Can Bey"}] == []


def test_findings_are_replaced_and_the_rest_stays():
    text = "Ben Ayşe Yılmaz, telefonum 0532 123 45 67, adresim aynı."
    found = (*find_people(text, GIVEN), *find_personal_data(text))
    masked = replace_findings(text, sorted(found, key=lambda one: one.start), "•")
    assert masked == "Ben •, telefonum •, adresim aynı."


@given(st.text(max_size=400))
def test_no_text_is_a_fault_and_findings_lie_apart(text):
    found = find_people(text, GIVEN)
    assert all(text[one.start : one.end] == one.value for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert replace_findings(text, (), "•") == text
    assert scrub(text) is not None


@pytest.mark.parametrize(
    ("filling", "is_found"),
    [
        (lambda n: "Ayşe Yılmaz " * n, True),
        (lambda n: "".join(f"Ayşe {_letters(one)} " for one in range(n)), True),
        (lambda n: "Adım " * n, True),
        (lambda n: "A" * n, False),
        (lambda n: "Ayşe" * n, False),
    ],
    ids=["one name", "many names", "told", "one word", "one long word"],
)
def test_a_long_text_takes_its_length_and_no_more(filling, is_found):
    assert bool(find_people(filling(10), GIVEN)) is is_found
    assert growth(filling, lambda text: find_people(text, GIVEN), 3_000) < MOST


def _letters(number):
    return "K" + "".join("abcdefghij"[int(digit)] for digit in str(number))


def test_a_name_at_the_end_beside_a_longer_one():
    text = "Adım Ayşe Nur Yılmaz. Burada Mehmet Kaya oturur, yanında mehmet kaya"
    assert [one.value for one in find_people(text, GIVEN)] == [
        "Ayşe Nur Yılmaz", "Mehmet Kaya", "mehmet kaya",
    ]  # fmt: skip
