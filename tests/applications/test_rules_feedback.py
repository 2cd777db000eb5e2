"""Rules of feedback without a database: SMS parts, quiet hours, samples, rates, the public text."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.applications import rules
from app.applications.rules import (
    CallResult,
    CallState,
    NoticeChannel,
    Outcome,
    SmsEncoding,
    State,
)
from app.core.charts import suppress_small
from app.core.charts.privacy import SUPPRESSED

ISTANBUL = ZoneInfo("Europe/Istanbul")
PLAIN = "abc XYZ 019 @£$!?äöüÇ"
TURKISH = "ğüşiöçıĞÜŞİÖÇ"


# --- length of an SMS --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "encoding", "used", "parts"),
    [
        ("", SmsEncoding.GSM7, 0, 0),
        ("a" * 160, SmsEncoding.GSM7, 160, 1),
        ("a" * 161, SmsEncoding.GSM7, 161, 2),
        ("a" * 306, SmsEncoding.GSM7, 306, 2),
        ("a" * 307, SmsEncoding.GSM7, 307, 3),
        ("€" * 80, SmsEncoding.GSM7, 160, 1),
        ("ş" + "a" * 153, SmsEncoding.TURKISH, 155, 1),
        ("ş" + "a" * 154, SmsEncoding.TURKISH, 156, 2),
        ("ü" * 160, SmsEncoding.GSM7, 160, 1),
        ("a" * 69 + "â", SmsEncoding.UCS2, 70, 1),
        ("a" * 70 + "â", SmsEncoding.UCS2, 71, 2),
        ("😀" * 35, SmsEncoding.UCS2, 70, 1),
        ("’", SmsEncoding.UCS2, 1, 1),
    ],
)
def test_an_sms_has_as_many_parts_as_the_standard_says(text, encoding, used, parts):
    length = rules.sms_length(text)
    assert (length.encoding, length.used, length.parts) == (encoding, used, parts)


def test_a_letter_of_two_places_is_not_torn_apart():
    # 152 places are filled; the euro sign needs two and begins the next part.
    length = rules.sms_length("a" * 152 + "€" + "a" * 152)
    assert length.used == 306
    assert length.parts == 3


@given(st.text(alphabet=PLAIN + TURKISH + "€[]â😀", max_size=700))
def test_parts_hold_the_text_and_no_part_is_needless(text):
    length = rules.sms_length(text)
    single, joined = rules.SMS_ROOM[length.encoding]
    assert 0 <= length.left <= single
    if length.parts <= 1:
        assert length.used <= single
    else:
        # A part may lose one place where a letter of two places did not fit.
        assert length.used <= length.parts * joined
        assert length.used > (length.parts - 1) * (joined - 1)


@given(st.text(alphabet=PLAIN + TURKISH, min_size=1, max_size=500))
def test_turkish_letters_never_cost_more_with_the_shift_than_without(text):
    parts = rules.sms_length(text).parts
    assert parts <= rules.sms_length(text + "â").parts
    assert parts <= -(-len(text) // 67)


@given(st.text(max_size=200))
def test_signs_of_a_telephone_are_kept_and_those_of_a_printer_replaced(text):
    plain = rules.plain_signs(text)
    assert not set(plain) & set("’‘“”–—…\u00a0\t")
    assert rules.plain_signs(plain) == plain


# --- quiet hours ---------------------------------------------------------------------------------------
@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)),
    st.integers(0, 23),
    st.integers(0, 23),
)
def test_what_is_written_in_a_quiet_hour_leaves_when_it_ends(moment, first, until):
    now = moment.replace(tzinfo=ISTANBUL)
    leaves = rules.leaves_at(now, quiet_from=first, quiet_until=until)
    assert now <= leaves <= now + dt.timedelta(days=1)
    quiet = {h % 24 for h in range(first, until + (24 if until < first else 0))}
    if first == until or now.hour not in quiet:
        assert leaves == now
    else:
        assert leaves.hour == until
        assert leaves.hour not in quiet
    assert rules.leaves_at(now, quiet_from=first, quiet_until=until, urgent=True) == now


# --- texts -----------------------------------------------------------------------------------------------
def _text(**values):
    return {
        "step": "register",
        "channel": NoticeChannel.SMS,
        "subject": "",
        "body": "{{basvuru_no}} alındı.",
        **values,
    }


def broken(values):
    return {v.field for v in rules.notice_text_violations(values)}


def test_shipped_texts_keep_their_own_rules():
    for step, (title, body) in rules.CITIZEN_NOTICES.items():
        for channel in rules.notice_channels(step):
            subject = rules.shipped_template(title) if channel is NoticeChannel.EMAIL else ""
            values = {
                "step": step,
                "channel": channel,
                "subject": subject,
                "body": rules.shipped_template(body),
            }
            assert list(rules.notice_text_violations(values)) == [], (step, channel)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        (_text(), set()),
        (_text(step="no_such_step"), {"step"}),
        (_text(body=""), {"body"}),
        (_text(subject="Başlık"), {"subject"}),
        (_text(body="{{konu}} hakkında"), {"body"}),
        (_text(body="{{ad_soyad}}"), {"body"}),
        (_text(body="{{boyle_bir_alan}}"), {"body"}),
        (_text(body="{{memnuniyet_adresi}}"), {"body"}),
        (_text(body="a" * 700), {"body"}),
        (_text(channel=NoticeChannel.EMAIL), {"subject"}),
        (_text(channel=NoticeChannel.EMAIL, subject="S", body="{{ad_soyad}} {{konu}}"), set()),
        (_text(step="survey", body="Memnun musunuz?"), {"body"}),
        (_text(step="survey", body="{{memnuniyet_adresi}}"), set()),
        (_text(step="matter_answered", body="Sonuç: {{takip_adresi}}"), set()),
        (_text(step="matter_answered", body="Kod {{takip_kodu}}"), {"body"}),
        (_text(step="matter_closed", channel=NoticeChannel.EMAIL, subject="S"), {"channel"}),
        (_text(valid_from=dt.date(2026, 2, 1), valid_until=dt.date(2026, 1, 1)), {"valid_until"}),
    ],
)
def test_a_text_tells_no_more_than_its_way_allows(values, fields):
    assert broken(values) == fields


def test_a_field_without_a_value_leaves_no_hole():
    filled = rules.fill_notice("{{basvuru_no}} {{ kurum }} bitti.", {"basvuru_no": "2026-1"})
    assert filled == "2026-1 bitti."


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Sokakta patlak boru var.", True),
        ("SOKAKTA  PATLAK BORU", True),
        ("Başvurunuz cevaplandı.", False),
        ("Patlak", False),
    ],
)
def test_a_text_that_repeats_the_matter_is_recognised(text, tells):
    assert rules.tells_subject(text, "Sokakta patlak boru", "Su") is tells


# --- reasons -----------------------------------------------------------------------------------------
def test_only_what_was_done_or_told_needs_no_reason():
    free = {outcome for outcome in Outcome if not rules.needs_reason(outcome)}
    assert free == {Outcome.RESOLVED, Outcome.INFORMED}
    assert not rules.needs_reason(None)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"code": "Büyük Harf"}, {"code"}),
        ({"outcome": Outcome.RESOLVED}, {"outcome"}),
        ({"outcome": None}, {"outcome"}),
        ({"name": " "}, {"name"}),
        ({"citizen_text": ""}, {"citizen_text"}),
    ],
)
def test_a_reason_is_whole(changes, fields):
    values = {
        "code": "butce-yok",
        "outcome": Outcome.REJECTED,
        "name": "Bütçe yok",
        "citizen_text": "Bütçe yok.",
        **changes,
    }
    assert {v.field for v in rules.outcome_reason_violations(values)} == fields


# --- answers -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"score": "5"}, set()),
        ({"score": 0}, {"score"}),
        ({"score": "6"}, {"score"}),
        ({"score": True}, {"score"}),
        ({"score": None}, {"score"}),
        ({"solved": ""}, {"solved"}),
        ({"manner": "7"}, {"manner"}),
        ({"manner": ""}, set()),
        ({"comment": "x" * 1001}, {"comment"}),
    ],
)
def test_an_answer_has_a_score_and_says_whether_it_is_solved(changes, fields):
    values = {"score": 4, "solved": "yes", "manner": None, "comment": "", **changes}
    assert {v.field for v in rules.satisfaction_violations(values)} == fields


@given(st.lists(st.integers(1, 5), max_size=200))
def test_the_rate_counts_fours_and_fives(scores):
    good = sum(score >= rules.SATISFIED_FROM for score in scores)
    rate = rules.satisfaction_rate(good, len(scores))
    assert rate is None if not scores else 0 <= rate <= 100
    if scores:
        assert rate == round(100 * good / len(scores), 1)


# --- samples -------------------------------------------------------------------------------------------
POPULATIONS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=120).map(
    lambda groups: [(key + 1, group) for key, group in enumerate(groups)]
)


@given(POPULATIONS, st.integers(0, 150), st.integers(0, 2**31 - 1))
def test_a_sample_can_be_drawn_again_and_is_in_proportion(population, wanted, seed):
    drawn = rules.draw_sample(population, wanted, seed)
    keys = [key for key, _group in population]
    assert len(drawn) == min(wanted, len(population))
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(keys)
    assert drawn == sorted(drawn)
    assert drawn == rules.draw_sample(list(reversed(population)), wanted, seed)
    groups = dict(population)
    sizes = Counter(groups.values())
    given_ = Counter(groups[key] for key in drawn)
    size = min(wanted, len(population))
    for group, n in sizes.items():
        exact = size * n / len(population)
        assert int(exact) <= given_[group] <= min(int(exact) + 1, n)


def test_another_seed_draws_another_sample():
    population = [(key, key % 3) for key in range(90)]
    assert rules.draw_sample(population, 30, 1) != rules.draw_sample(population, 30, 2)


@settings(max_examples=30)
@given(st.integers(1, 3), st.integers(0, 100))
def test_the_share_that_is_asked_is_the_share_of_the_setting(cycle, percent):
    asked = sum(rules.is_picked(key, cycle, percent) for key in range(2000))
    assert abs(asked / 20 - percent) < 6
    assert all(
        rules.is_picked(key, cycle, 100) and not rules.is_picked(key, cycle, 0) for key in range(50)
    )


# --- small groups ----------------------------------------------------------------------------------------
@given(st.lists(st.integers(0, 30), max_size=30), st.integers(2, 10))
def test_no_group_under_the_least_is_told_and_none_can_be_reckoned(counts, least):
    rows = [{"unit": n, "valid": count, "rate": 50.0} for n, count in enumerate(counts)]
    shown = suppress_small(rows, least, count="valid", value="rate")
    told = [row for row in shown if not row.get(SUPPRESSED)]
    hidden = [n for n, row in enumerate(shown) if row.get(SUPPRESSED)]
    assert all(row["valid"] == 0 or row["valid"] >= least for row in told)
    assert all(shown[n]["rate"] is None for n in hidden)
    small = sum(0 < count < least for count in counts)
    others = sum(count >= least for count in counts)
    # One hidden group alone could be found from the total.
    assert len(hidden) != 1 or others == 0
    assert len(hidden) >= small


# --- call-backs ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("result", "tries", "state"),
    [
        (CallResult.ANSWERED, 1, CallState.ANSWERED),
        (CallResult.REFUSED, 1, CallState.REFUSED),
        (CallResult.NOT_REACHED, 1, CallState.WAITING),
        (CallResult.NOT_REACHED, 2, CallState.WAITING),
        (CallResult.NOT_REACHED, 3, CallState.NOT_REACHED),
        (CallResult.WRONG_NUMBER, 1, CallState.NOT_REACHED),
    ],
)
def test_a_call_back_ends_with_an_answer_or_after_its_tries(result, tries, state):
    assert rules.call_state_after(result, tries, 3) is state


def test_a_try_that_was_answered_needs_the_answer():
    assert {v.field for v in rules.call_violations({"result": "answered"})} == {"score", "solved"}
    assert {v.field for v in rules.call_violations({"result": "refused"})} == set()
    assert {v.field for v in rules.call_violations({"result": ""})} == {"result"}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"week_on": dt.date(2026, 3, 9), "wanted": 10, "seed": 1}, set()),
        ({"week_on": dt.date(2026, 3, 10), "wanted": 10, "seed": 1}, {"week_on"}),
        ({"week_on": dt.date(2026, 3, 16), "wanted": 10, "seed": 1}, {"week_on"}),
        ({"week_on": None, "wanted": 10, "seed": None}, {"week_on"}),
        ({"week_on": dt.date(2026, 3, 9), "wanted": 0, "seed": -1}, {"wanted", "seed"}),
    ],
)
def test_a_sample_is_of_a_week_that_is_over(values, fields):
    found = rules.sample_violations(values, today=dt.date(2026, 3, 18))
    assert {v.field for v in found} == fields


# --- the public page -------------------------------------------------------------------------------------
def test_every_state_has_its_words_and_every_told_step_exists():
    told = set(rules.PUBLIC_STATES)
    assert told == set(State) - rules.UNTRACKED_STATES
    placed = [state for _label, states in rules.PUBLIC_STAGES for state in states]
    assert sorted(placed) == sorted(told)
    assert set(rules.PUBLIC_STEPS) <= set(rules.ACTION_DONE_LABELS)
    # Calls of others about the matter are none of the applicant's business.
    assert "join" in rules.UNTOLD_STEPS
    assert not rules.is_told_step("join", only_state=False)
    assert rules.is_told_step("assign", only_state=False)
    assert not rules.is_told_step("assign", only_state=True)


@pytest.mark.parametrize(
    ("state", "ended", "may"),
    [
        (State.ANSWERED, dt.date(2026, 3, 1), True),
        (State.CLOSED, dt.date(2026, 3, 31), True),
        (State.ANSWERED, dt.date(2026, 2, 28), False),
        (State.REJECTED, dt.date(2026, 3, 30), False),
        (State.IN_PROGRESS, dt.date(2026, 3, 30), False),
        (State.ANSWERED, None, False),
    ],
)
def test_only_what_has_ended_lately_is_reopened(state, ended, may):
    assert rules.may_reopen(state, ended, dt.date(2026, 3, 31), 30) is may


NAMES = st.sampled_from(["Gülşah Işıkdağ", "Ali", "Öykü Çağlar-Şen", "İNCİ IRMAK"])


@given(NAMES, st.sampled_from(["{}", "{}’ın talebi", "Bay {} arandı.", "({}),", "{0} ve {0}"]))
def test_a_name_is_left_out_however_it_is_written(name, frame):
    for written in (name, name.upper(), name.lower()):
        text = rules.public_text(frame.format(written), personal=[name])
        assert name.split()[0].casefold() not in text.casefold()
        assert "•••" in text


def test_a_letter_loses_its_salutation_and_its_numbers():
    text = rules.public_text(
        "Sayın Gülşah IŞIKDAĞ,\n\n0532 000 45 67 numaralı telefonunuzdan arandınız; TCKN 10000000146.\n\n"
        "2026-0000123 sayılı başvurunuz sonuçlandı.",
        personal=["Gülşah Işıkdağ"],
    )
    assert "IŞIKDAĞ" not in text
    assert "0532" not in text
    assert "10000000146" not in text
    assert "2026-0000123" in text
    assert not text.startswith("Sayın")
