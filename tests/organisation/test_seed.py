"""The reference data as it ships: complete, consistent, and loaded once however often it is asked for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.applications.models import Topic
from app.applications.rules import Competence
from app.core.identifiers import is_phone
from app.core.text import fold
from app.data import files, seed
from app.organisation.models import District, Neighbourhood, Unit
from app.organisation.queries import find_subtree_ids, find_unit
from app.people.models import Institution
from app.people.rules import InstitutionKind, institution_violations

#: Neighbourhoods per district without the postal pseudo-rows. Source: domain facts 3.5.
NEIGHBOURHOODS = {
    "Çerkezköy": 12, "Çorlu": 26, "Ergene": 17, "Hayrabolu": 52, "Kapaklı": 14, "Malkara": 77,
    "Marmaraereğlisi": 10, "Muratlı": 20, "Saray": 29, "Süleymanpaşa": 78, "Şarköy": 31,
}  # fmt: skip


def test_the_province_has_eleven_districts_and_all_their_people():
    rows = files.read_rows("districts.csv")
    assert len(rows) == 11
    assert sum(int(row["weight"]) for row in rows) == 1000
    assert all(row["postal_code"].startswith("59") and len(row["postal_code"]) == 5 for row in rows)


def test_each_district_has_its_neighbourhoods():
    counted = Counter(row["district"] for row in files.read_rows("neighbourhoods.csv"))
    assert counted == NEIGHBOURHOODS
    assert sum(counted.values()) == 366


def test_topics_are_those_of_the_list_and_name_known_owners():
    rows = files.read_rows("topics.csv")
    assert len(rows) == len({row["code"] for row in rows}) == 59
    units = {row["code"] for row in files.read_rows("units.csv")}
    institutions = {row["short_name"] for row in files.read_rows("institutions.csv")}
    for row in rows:
        competence = Competence(row["competence"])
        if competence in {Competence.BB, Competence.TESKI}:
            assert row["unit"] in units, row["code"]
            assert not row["institution"], row["code"]
        elif competence is Competence.EXTERNAL:
            assert row["institution"] in institutions, row["code"]
            assert not row["unit"], row["code"]
        else:
            # Which municipality it is follows from the place of the case.
            assert (row["unit"], row["institution"]) == ("", ""), row["code"]
        assert 1 <= int(row["internal_days"]) <= 15


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("patlak boru", "SU-02"),
        ("logar", "KAN-01"),
        ("rögar", "KAN-01"),
        ("çukur", "YOL-01"),
        ("sokak köpeği", "HYV-01"),
        ("trafik lambası", "TRF-01"),
        ("sivrisinek", "CEV-04"),
        ("gaz kokusu", "DIS-02"),
    ],
)
def test_words_that_people_use_lead_to_the_topic(word, code):
    found = [
        r["code"]
        for r in files.read_rows("topics.csv")
        if fold(word) in fold(f"{r['name']} {r['synonyms']}")
    ]
    assert code in found


def test_a_caller_who_smells_gas_is_told_to_dial_187():
    topic = next(row for row in files.read_rows("topics.csv") if row["code"] == "DIS-02")
    assert "187" in topic["advice"]
    assert topic["priority"] == "urgent"


def test_address_lines_are_capitals_with_the_dative():
    rows = files.read_rows("institutions.csv")
    assert not [v for row in rows for v in institution_violations(row)]
    assert all(row["salutation"].partition(" (")[0].endswith(("NA", "NE")) for row in rows)
    assert all(is_phone(row["phone"]) for row in rows if row["phone"])


def test_shipped_texts_have_no_straight_apostrophe():
    for path in Path(files.FOLDER).glob("*.csv"):
        assert "'" not in path.read_text(encoding="utf-8"), path.name


def test_loading_fills_the_tables_and_a_second_time_adds_nothing(session):
    seed.load_reference(session)
    assert not any(seed.load_reference(session).values())
    assert session.scalar(select(func.count(District.id))) == 11
    assert session.scalar(select(func.count(Neighbourhood.id))) == 366
    assert session.scalar(select(func.count(Topic.id))) == 59
    codes = {row["code"] for row in files.read_rows("units.csv")}
    assert codes <= set(session.scalars(select(Unit.code)))
    municipalities = select(func.count(Institution.id)).where(
        Institution.kind == InstitutionKind.DISTRICT_MUNICIPALITY
    )
    assert session.scalar(municipalities) == 11


def test_what_people_have_changed_stays(session):
    seed.load_reference(session)
    topic = session.scalars(select(Topic).where(Topic.code == "SU-02")).one()
    topic.internal_days = 9
    session.flush()
    seed.load_reference(session)
    assert topic.internal_days == 9


def test_the_tree_hangs_together(session):
    seed.load_reference(session)
    top = find_unit(session, "BASKANLIK")
    assert find_subtree_ids(session, top.id) == frozenset(session.scalars(select(Unit.id)))
    teski = find_unit(session, "TESKI")
    below = session.scalars(
        select(Unit.code).where(Unit.id.in_(find_subtree_ids(session, teski.id)))
    )
    assert set(below) == {"TESKI", "TESKI_ABONE", "TESKI_ARIZA", "TESKI_KANAL"}
    for unit in session.scalars(select(Unit)):
        assert unit.path == f"{unit.parent.path if unit.parent else '/'}{unit.id}/"


def test_names_of_neighbourhoods_repeat_across_districts(session):
    seed.load_reference(session)
    same = session.execute(
        select(District.name).join(Neighbourhood).where(Neighbourhood.name == "Cumhuriyet")
    )
    assert len(list(same)) > 5
