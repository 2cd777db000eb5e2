"""The shares of the demo data are those of the facts, and its texts have no holes."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from random import Random

import pytest

from app.applications.rules import Channel, Kind, Outcome
from app.core import clock
from app.core.identifiers import is_email, is_phone, parse_phone
from app.data.files import read_rows
from app.demo import shares
from app.demo.people import District, People
from app.demo.plan import Plan, slowness, span_days, survival
from app.demo.texts import Words, facts_of, spoken_name

NOW = dt.datetime(2026, 11, 23, 10, 30, tzinfo=clock.ISTANBUL)
TOPICS = [row["code"] for row in read_rows("topics.csv")]
FREQUENT = [code for code, percent in shares.TOPICS.items() if percent >= 2.4]


def districts():
    rows = read_rows("districts.csv")
    return [
        District.of(
            n,
            row["name"],
            int(row["weight"]),
            None,
            [(n * 100 + i, f"Mahalle {i}") for i in range(9)],
        )
        for n, row in enumerate(rows, start=1)
    ]


def make_plan(applications, seed=1):
    return Plan(
        Random(seed),
        applications=applications,
        now=NOW,
        holidays=frozenset(),
        districts=districts(),
    )


@pytest.mark.parametrize(
    "table", [shares.CHANNELS, shares.KINDS, shares.CIMER_KINDS, shares.OUTCOMES, shares.TOPICS]
)
def test_shares_are_percents(table):
    assert sum(table.values()) == pytest.approx(100)


def test_topics_are_those_that_ship():
    assert set(shares.TOPICS) == set(TOPICS)


def test_kinds_within_and_without_cimer_add_up():
    cimer, rest = shares.channel_kinds()
    part = shares.CHANNELS[Channel.CIMER] / 100
    joined = Counter()
    for table, weight in ((cimer, part), (rest, 1 - part)):
        total = sum(table.weights)
        for kind, percent in zip(table.values, table.weights, strict=True):
            joined[kind] += 100 * weight * percent / total
    assert joined == pytest.approx(shares.KINDS, abs=0.01)


def test_outcomes_of_all_classes_add_up():
    tables = shares.outcome_shares(passed_on=5.9)
    assert all(weight >= 0 for table in tables.values() for weight in table.weights)
    weights = {
        "asphalt": shares.TOPICS["YOL-02"],
        "thanks": shares.KINDS[Kind.THANKS],
        "voice": sum(shares.KINDS[kind] for kind in shares.VOICES),
        "information": shares.KINDS[Kind.INFORMATION],
    }
    weights["other"] = sum(tables["other"].weights)
    joined = Counter({Outcome.NOT_COMPETENT: 5.9, Outcome.DUPLICATE: 1.0})
    for name, table in tables.items():
        total = sum(table.weights)
        for outcome, percent in zip(table.values, table.weights, strict=True):
            joined[outcome] += weights[name] * percent / total
    assert joined == pytest.approx(shares.OUTCOMES, abs=0.2)


# --- when they come --------------------------------------------------------------------------------
def test_all_applications_come_in_order_and_none_after_now():
    plan = make_plan(6_000)
    arrivals = list(plan.arrivals())
    assert len(arrivals) == 6_000
    assert all(a.at <= b.at for a, b in itertools.pairwise(arrivals))
    assert arrivals[-1].at <= NOW
    assert arrivals[0].at.date() >= NOW.date() - dt.timedelta(days=span_days(6_000))


def test_channels_and_topics_have_their_shares_over_the_whole_time():
    arrivals = list(make_plan(20_000).arrivals())
    channels = Counter(a.channel for a in arrivals)
    for channel, percent in shares.CHANNELS.items():
        assert 100 * channels[channel] / 20_000 == pytest.approx(percent, abs=1.0)
    groups = Counter(a.topic.partition("-")[0] for a in arrivals)
    assert 100 * (groups["SU"] + groups["KAN"]) / 20_000 == pytest.approx(24, abs=1.5)
    assert 100 * groups["YOL"] / 20_000 == pytest.approx(17, abs=1.5)


def test_weekends_are_quieter_and_nights_quietest():
    arrivals = [a for a in make_plan(20_000).arrivals() if a.wave is None]
    days = Counter(a.at.weekday() for a in arrivals)
    workday = sum(days[n] for n in range(5)) / 5
    assert days[5] / workday == pytest.approx(0.55, abs=0.08)
    assert days[6] / workday == pytest.approx(0.4, abs=0.08)
    hours = Counter(a.at.hour for a in arrivals)
    assert hours[10] > 5 * max(hours[h] for h in range(1, 6))


def test_offices_that_are_closed_take_nothing_in():
    from app.demo.plan import OFFICE_CHANNELS

    for arrival in make_plan(8_000).arrivals():
        if arrival.channel in OFFICE_CHANNELS:
            assert arrival.at.weekday() < 5
            assert 8 <= arrival.at.hour < 17


def test_mosquitoes_come_in_summer_and_snow_in_winter():
    arrivals = list(make_plan(20_000).arrivals())
    mosquitoes = Counter(a.at.month for a in arrivals if a.topic == "CEV-04")
    # The span holds June to November twice, so months are compared with their neighbours.
    assert mosquitoes[7] > 2 * mosquitoes[10]
    assert {a.at.month for a in arrivals if a.topic == "YOL-05"} <= {12, 1, 2, 3}


def test_an_outage_brings_twenty_to_two_hundred_reports_from_one_district():
    plan = make_plan(20_000)
    assert sum(wave.size for wave in plan.waves) == pytest.approx(600, abs=5)
    assert all(wave.size <= 200 for wave in plan.waves)
    assert [wave for wave in plan.waves if wave.size >= 20]
    assert (NOW - plan.waves[0].at) < dt.timedelta(hours=6), "one outage is fresh"


def test_the_open_share_is_met_by_slowing_recent_cases():
    plan = make_plan(20_000)
    slow = slowness(plan, 20_000, 600)
    assert slow > 1
    assert survival(0, 5) == 1
    assert survival(60, 5 * slow) < survival(20, 5 * slow) < survival(2, 5 * slow)


# --- what they say ---------------------------------------------------------------------------------
@pytest.mark.parametrize("code", FREQUENT)
def test_frequent_topics_have_at_least_six_texts(code):
    assert Words().count(code) >= 6


@pytest.mark.parametrize("code", TOPICS)
def test_every_topic_has_a_text_and_an_answer_for_each_kind_and_result(code):
    words, rng = Words(), Random(3)
    facts = facts_of(
        rng, on=NOW.date(), topic=spoken_name("Yol bozulması / çukur"), district="Çorlu",
        neighbourhood="Hıdırağa", street="Lale Sokağı", door="4",
    )  # fmt: skip
    for kind in shares.KINDS:
        for _draw in range(12):
            subject, body = words.application(rng, code, kind, facts)
            assert subject
            assert body
            assert "{" not in subject + body
            assert "'" not in subject + body
            assert subject[0] == subject[0].upper() or subject[0] in "4"
        for outcome in shares.OUTCOMES:
            if outcome not in {Outcome.NOT_COMPETENT, Outcome.DUPLICATE}:
                assert "{" not in words.answer(rng, code, kind, outcome, facts)


# --- who they are ----------------------------------------------------------------------------------
def make_people(count, seed=7):
    people = People(Random(seed), districts(), next_id=1)
    for _n in range(count):
        people.person(people.district(), NOW)
    return people.take_rows()


def test_nobody_is_real_and_everybody_is_marked():
    rows = make_people(600)
    assert all(row["is_demo"] and row["national_id"] is None for row in rows)
    phones = [row["phone"] for row in rows if row["phone"]]
    assert all(is_phone(phone) and phone.startswith("+905320") for phone in phones)
    assert len(set(phones)) == len(phones)
    mails = [row["email"] for row in rows if row["email"]]
    assert mails
    assert all(is_email(mail) and mail.endswith("@example.com") for mail in mails)
    assert all(parse_phone(phone) == phone for phone in phones)


def test_many_apply_more_than_once():
    assert len(make_people(1_000)) < 850


def test_the_same_seed_gives_the_same_people():
    assert make_people(50) == make_people(50)
    assert make_people(50) != make_people(50, seed=8)


def test_late_answers_lie_between_the_due_day_and_now_and_not_all_on_this_hour():
    from types import SimpleNamespace

    from app.demo.fate import Fates

    house = SimpleNamespace(rng=Random(3), now=NOW, today=NOW.date(), topics={})
    fates = Fates(house, slowness=1.0, late_share=100.0)
    for days in (1, 3, 10):
        due = NOW.date() - dt.timedelta(days=days)
        case = {"received_at": NOW - dt.timedelta(days=days + 30), "due_on": due}
        story = SimpleNamespace(case=case, topic=SimpleNamespace(code="YOL-02"))
        drawn = [fates._answer_at(story, days + 30, 12) for _draw in range(300)]
        assert all(at <= NOW and at.date() > due for at in drawn)
        assert len(set(drawn)) > 290
        span = (NOW - dt.datetime.combine(due, dt.time(17, 30), NOW.tzinfo)) / 4
        assert sum(at > NOW - span for at in drawn) < 150
