"""What is refused and what is only advised: applications, replies, segregation, codes, duplicates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications import rules
from app.applications.rules import Channel, Kind, Matter, Outcome
from app.core.clock import ISTANBUL

NOW = dt.datetime(2026, 10, 1, 10, 0, tzinfo=ISTANBUL)
GOOD = {
    "channel": Channel.CALL_CENTER,
    "kind": Kind.REQUEST,
    "subject": "Patlak boru",
    "citizen": {"id": 1},
}


def broken(**changes):
    return {v.field for v in rules.application_violations({**GOOD, **changes}, now=NOW)}


def test_a_plain_application_is_accepted():
    assert broken() == set()
    assert broken(channel="call_center", kind="request") == set()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "bimer"}, "channel"),
        ({"channel": "prime_ministry"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"kind": "wish"}, "kind"),
        ({"kind": Kind.ENQUIRY, "channel": Channel.PETITION}, "kind"),
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"body": "x" * 10_001}, "body"),
        ({"street": "x" * 201}, "street"),
        ({"place_note": "x" * 301}, "place_note"),
        ({"priority": "soon"}, "priority"),
        ({"wants_notice": "pigeon"}, "wants_notice"),
        ({"contact_phone": "12345"}, "contact_phone"),
        ({"contact_email": "a@b"}, "contact_email"),
        ({"citizen": None}, "citizen"),
        ({"is_anonymous": True}, "citizen"),
        ({"citizen": None, "is_anonymous": True, "kind": Kind.INFORMATION}, "citizen"),
        ({"citizen": None, "is_anonymous": True, "kind": Kind.KVKK}, "citizen"),
        ({"channel": Channel.CIMER}, "external_ref"),
        ({"identity_hidden": True, "citizen": None}, "identity_hidden"),
        ({"latitude": 91.0, "longitude": 27.5}, "latitude"),
        ({"latitude": 41.0, "longitude": -181.0}, "longitude"),
        ({"latitude": 41.0}, "longitude"),
        ({"latitude": float("nan"), "longitude": 1.0}, "latitude"),
        ({"received_at": NOW + dt.timedelta(hours=1)}, "received_at"),
        ({"external_received_at": NOW + dt.timedelta(days=1)}, "external_received_at"),
    ],
)
def test_each_rule_names_its_field(changes, field):
    assert broken(**changes) == {field}


@pytest.mark.parametrize(
    "changes",
    [
        {"citizen": None, "is_anonymous": True},
        {"citizen": None, "on_behalf_of": "Altınova Mahallesi"},
        {"citizen": None, "identity_hidden": True, "channel": Channel.CIMER, "external_ref": "1"},
        {"citizen": None, "identity_hidden": True, "kind": Kind.TIPOFF},
        {"channel": Channel.CIMER, "external_ref": "2026-1"},
        {"latitude": 40.98, "longitude": 27.51},
        {"latitude": 0, "longitude": 0},
        {"received_at": NOW + dt.timedelta(minutes=5)},
    ],
)
def test_what_is_allowed(changes):
    assert broken(**changes) == set()


def test_a_hidden_identity_never_comes_with_a_person():
    hidden = {"identity_hidden": True, "channel": Channel.CIMER, "external_ref": "1"}
    assert broken(**hidden) == {"citizen"}
    assert broken(**hidden, contact_phone="05320000001") == {"citizen", "contact_phone"}
    assert broken(**{**hidden, "citizen": None, "contact_email": "a@ornek.com"}) == {
        "contact_phone"
    }


def test_every_broken_rule_is_told_at_once():
    assert broken(subject="", channel="bimer", latitude=99, longitude=200) == {
        "subject", "channel", "latitude", "longitude",
    }  # fmt: skip


def test_a_petition_without_address_is_received_with_a_warning():
    petition = {
        **GOOD,
        "channel": Channel.PETITION,
        "citizen": {"first_name": "A", "last_name": "B"},
        "topic_id": 1,
    }
    assert not list(rules.application_violations(petition))
    assert [v.field for v in rules.application_warnings(petition)] == ["citizen"]
    named = {**petition, "citizen": {"first_name": "A", "last_name": "B", "address": "Ev"}}
    assert not list(rules.application_warnings(named))


def reply(**changes):
    return {"kind": "final", "outcome": "resolved", "subject": "Konu", "body": "Metin", **changes}


def test_a_refusal_of_information_needs_article_and_remedy():
    values = reply(outcome="rejected")
    assert {v.field for v in rules.reply_violations(values, kind=Kind.INFORMATION)} == {
        "refusal_article",
        "remedy",
    }
    assert not list(rules.reply_violations(values, kind=Kind.REQUEST))
    full = reply(outcome="rejected", refusal_article="4982 m.19", remedy="BEDK")
    assert not list(rules.reply_violations(full, kind=Kind.INFORMATION))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"body": " "}, "body"), ({"subject": ""}, "subject"), ({"outcome": None}, "outcome"),
     ({"short_text": "x" * 481}, "short_text"), ({"subject": "x" * 201}, "subject")],
)  # fmt: skip
def test_an_unfinished_reply_is_not_sent_for_approval(changes, field):
    assert {v.field for v in rules.reply_violations(reply(**changes))} == {field}


def test_a_progress_answer_tells_no_result():
    assert not list(rules.reply_violations(reply(kind="progress", outcome=None)))


@pytest.mark.parametrize(
    ("approver", "drafter", "registrar", "outcome", "allowed"),
    [
        (1, 2, 3, Outcome.RESOLVED, True),
        (1, 1, 3, Outcome.RESOLVED, False),
        (1, 2, 1, Outcome.RESOLVED, True),
        (1, 2, 1, Outcome.REJECTED, False),
        (1, 1, 1, Outcome.REJECTED, False),
        (1, None, None, Outcome.REJECTED, True),
        (None, None, None, Outcome.REJECTED, True),
    ],
)
def test_nobody_approves_the_own_work(approver, drafter, registrar, outcome, allowed):
    violations = list(
        rules.approval_violations(
            approver_id=approver, drafter_id=drafter, registrar_id=registrar, outcome=outcome
        )
    )
    assert (not violations) is allowed


def test_topics_and_templates():
    assert {v.field for v in rules.topic_violations({})} == {"code", "name"}
    assert not list(rules.topic_violations({"code": "SU-1", "name": "Su", "internal_days": 2}))
    assert {
        v.field for v in rules.topic_violations({"code": "a", "name": "b", "internal_days": 999})
    } == {"internal_days"}
    assert {v.field for v in rules.template_violations({"name": "a", "body": "{{tckn}}"})} == {
        "body"
    }
    assert not list(rules.template_violations({"name": "a", "body": "Sayın {{ ad_soyad }}"}))
    assert (
        rules.merge_text("Sayın {{ ad_soyad }}, {{bugun}}", {"ad_soyad": "Ayşe"})
        == "Sayın Ayşe, ……"
    )


# --- tracking codes ---------------------------------------------------------------------------------
def test_codes_have_no_letters_that_are_mistaken():
    assert not set(rules.ALPHABET) & set("01IOİıilo")
    codes = {rules.make_tracking_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(len(c) == 8 and set(c) <= set(rules.ALPHABET) for c in codes)


@given(st.text(alphabet=rules.ALPHABET, min_size=8, max_size=8))
def test_a_code_is_read_as_it_is_said(code):
    typed = f" {code[:4].lower()}-{code[4:]} "
    assert rules.read_tracking_code(typed) == code


@given(st.text(max_size=12))
def test_reading_a_code_never_fails(text):
    read = rules.read_tracking_code(text)
    assert read is None or len(read) == 8


# --- duplicates ---------------------------------------------------------------------------------------
DAY = dt.date(2026, 10, 1)


def alike(**other):
    typed = Matter(1, 5, 9, "sokakta patlak su borusu var", DAY)
    return rules.likeness(
        typed,
        Matter(
            **{
                "topic_id": None,
                "neighbourhood_id": None,
                "citizen_id": None,
                "text": "",
                "received_on": DAY,
                **other,
            }
        ),
    )


def test_likeness_says_how_much_and_why():
    same_place = alike(topic_id=1, neighbourhood_id=5)
    same_words = alike(topic_id=1, neighbourhood_id=5, text="Patlak su borusu var sokakta")
    assert same_place.is_likely
    assert same_words.score > same_place.score
    assert alike(citizen_id=9).is_likely
    assert not alike(topic_id=1).is_likely
    assert not alike(neighbourhood_id=5).is_likely
    assert not alike(text="otobüs durağı kırık").is_likely
    assert alike(topic_id=1, neighbourhood_id=5).reasons == (
        "Same topic in the same neighbourhood",
    )


def test_old_cases_are_no_duplicates():
    old = {"topic_id": 1, "neighbourhood_id": 5, "citizen_id": 9}
    assert alike(**old, received_on=DAY - dt.timedelta(days=30)).is_likely
    assert alike(**old, received_on=DAY - dt.timedelta(days=31)).score == 0


@given(st.integers(0, 40), st.text(max_size=60), st.booleans(), st.booleans(), st.booleans())
def test_the_score_stays_between_nothing_and_one(age, text, topic, place, citizen):
    score = alike(
        topic_id=1 if topic else None, neighbourhood_id=5 if place else None,
        citizen_id=9 if citizen else None, text=text, received_on=DAY - dt.timedelta(days=age),
    ).score  # fmt: skip
    assert 0 <= score <= 1
