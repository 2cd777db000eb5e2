"""Identity numbers, accounts, telephones, e-mail: checked, shown, masked, found.

The numbers are the documented samples of the algorithms; checksum-valid numbers may be somebody's.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import identifiers as ids
from app.core.identifiers import PersonalDataKind as Kind
from tests.growth import MOST, growth

IBAN = "TR330006100519786457841326"
NATIONAL_IDS = ["10000000146", "12345678950", "98765432150"]


def foreigner_id() -> str:
    nine = "991234567"
    d = [int(c) for c in nine]
    tenth = (sum(d[0::2]) * 7 - sum(d[1::2])) % 10
    return f"{nine}{tenth}{(sum(d) + tenth) % 10}"


def messages(violations) -> list[str]:
    return [str(v) for v in violations]


# Numbers with check digits ----------------------------------------------------------------------


@pytest.mark.parametrize("value", [*NATIONAL_IDS, foreigner_id()])
def test_right_identity_numbers(value):
    assert ids.is_national_id(value)
    assert list(ids.national_id_violations(value, "national_id")) == []


def test_only_numbers_with_99_are_a_foreigners():
    assert ids.is_foreigner_id(foreigner_id())
    assert not any(ids.is_foreigner_id(value) for value in NATIONAL_IDS)
    assert not ids.is_foreigner_id("99123456789")


@pytest.mark.parametrize(
    "value",
    ["", "1234567895", "123456789500", "02345678950", "1234567895a", "١٢٣٤٥٦٧٨٩٥٠", " 12345678950"],
)
def test_wrong_identity_numbers(value):
    assert not ids.is_national_id(value)


@given(st.sampled_from(NATIONAL_IDS), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(value, place, step):
    wrong = value[:place] + str((int(value[place]) + step) % 10) + value[place + 1 :]
    assert not ids.is_national_id(wrong)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("123 456 789 50", "Write the identity number with digits only, without spaces."),
        ("1234567895", "An identity number has 11 digits; you wrote 10. Compare it with the card."),
        ("02345678950", "An identity number does not start with 0. Compare it with the card."),
        (
            "12345678951",
            "A digit of the identity number is wrong. Compare it with the card digit by digit.",
        ),
    ],
)
def test_identity_violations_say_what_to_do(value, message):
    (violation,) = ids.national_id_violations(value, "national_id")
    assert violation.field == "national_id"
    assert str(violation) == message


def test_tax_numbers():
    assert ids.is_tax_number("4540536920")
    assert not ids.is_tax_number("4540536921")
    assert list(ids.tax_number_violations("4540536920", "tax_number")) == []
    assert messages(ids.tax_number_violations("454053692", "tax_number")) == [
        "A tax number has 10 digits; you wrote 9. Compare it with the tax plate."
    ]
    assert messages(ids.tax_number_violations("4540536921", "tax_number")) == [
        "A digit of the tax number is wrong. Compare it with the tax plate digit by digit."
    ]
    assert messages(ids.tax_number_violations("45405 36920", "tax_number")) == [
        "Write the tax number with digits only, without spaces."
    ]


@pytest.mark.parametrize(
    "typed", [IBAN, "TR33 0006 1005 1978 6457 8413 26", "tr330006100519786457841326"]
)
def test_right_accounts(typed):
    assert ids.is_iban(typed)
    assert ids.normalize_iban(typed) == IBAN
    assert ids.format_iban(typed) == "TR33 0006 1005 1978 6457 8413 26"
    assert list(ids.iban_violations(typed, "iban")) == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("DE89370400440532013000", "Write the IBAN with TR at the start; accounts abroad are not kept."),
        ("TR33000610051978645784132", "An IBAN has 26 characters with TR; you wrote 25. Copy it from the bank."),
        ("TR330006100519786457841327", "A character of the IBAN is wrong. Copy it from the bank once more."),
        ("TR33000610051978645784132ş", "A character of the IBAN is wrong. Copy it from the bank once more."),
    ],
)  # fmt: skip
def test_account_violations_say_what_to_do(typed, message):
    assert not ids.is_iban(typed)
    assert messages(ids.iban_violations(typed, "iban")) == [message]


@pytest.mark.parametrize(
    "rule",
    [
        ids.national_id_violations,
        ids.tax_number_violations,
        ids.iban_violations,
        ids.phone_violations,
        ids.email_violations,
    ],
)
def test_an_empty_value_is_the_callers_affair(rule):
    assert list(rule("", "x")) == []
    assert list(rule(" \u00a0", "x")) == []


@given(st.text(max_size=40))
def test_validators_answer_for_any_text(value):
    for rule, accepts in (
        (ids.national_id_violations, ids.is_national_id),
        (ids.tax_number_violations, ids.is_tax_number),
        (ids.iban_violations, ids.is_iban),
        (ids.phone_violations, ids.is_phone),
        (ids.email_violations, ids.is_email),
    ):
        found = list(rule(value, "x"))
        assert len(found) <= 1
        assert not (accepts(value) and found)


# Telephones -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept", "shown", "masked"),
    [
        ("0532 123 45 67", "+905321234567", "0532 123 45 67", "0532 *** ** 67"),
        ("5321234567", "+905321234567", "0532 123 45 67", "0532 *** ** 67"),
        ("+90 (532) 123-45-67", "+905321234567", "0532 123 45 67", "0532 *** ** 67"),
        ("00905321234567", "+905321234567", "0532 123 45 67", "0532 *** ** 67"),
        ("0282 261 00 00", "+902822610000", "(0282) 261 00 00", "(0282) *** ** 00"),
        ("(0282) 261 00 00", "+902822610000", "(0282) 261 00 00", "(0282) *** ** 00"),
        ("444 1 444", "+904441444", "444 1 444", "444 * *44"),
        ("0850 459 59 59", "+908504595959", "0850 459 59 59", "0850 *** ** 59"),
        ("0800 219 91 12", "+908002199112", "0800 219 91 12", "0800 *** ** 12"),
        ("153", "153", "153", "153"),
        ("112", "112", "112", "112"),
        ("150", "150", "150", "150"),
        ("185", "185", "185", "185"),
        ("+49 30 123456", "+4930123456", "+49 30 123456", "+49 ** ****56"),
    ],
)
def test_telephones(typed, kept, shown, masked):
    assert ids.parse_phone(typed) == kept
    assert ids.format_phone(kept) == ids.format_phone(typed) == shown
    assert ids.mask_phone(kept) == ids.mask_phone(typed) == masked
    assert list(ids.phone_violations(typed, "phone")) == []


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("261 00 00", "with its area code"),
        ("0532 123 45 67 dahili 5", "digits only"),
        ("0532 ABC 45 67", "digits only"),
        ("0532 123 45", "no such telephone number"),
        ("1234", "no such telephone number"),
        ("0153", "no such telephone number"),
        ("+90 153", "no such telephone number"),
        ("+153", "no such telephone number"),
        ("٠٥٣٢ ١٢٣ ٤٥ ٦٧", "digits only"),
    ],
)
def test_telephone_violations_say_what_to_do(typed, part):
    assert ids.parse_phone(typed) is None
    (message,) = messages(ids.phone_violations(typed, "phone"))
    assert part in message


def test_what_is_no_telephone_is_shown_as_it_is_and_masked_whole():
    assert ids.format_phone("sekreter") == "sekreter"
    assert ids.mask_phone("Ali 261 00") == "*** *** **"
    assert ids.format_phone(None) == ids.mask_phone(None) == ""


# E-mail -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["ad.soyad@ornek.com", "a@b.com.tr", "x+y_z@alt.ornek.bel.tr", "A'B@xn--rnek-5qa.com"]
)
def test_right_addresses(value):
    assert ids.is_email(value)
    assert list(ids.email_violations(value, "email")) == []


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("ad soyad@ornek.com", "without spaces"),
        ("a@ornek.com, b@ornek.com", "one e-mail address"),
        ("ad.ornek.com", "one @ sign"),
        ("a@@ornek.com", "one @ sign"),
        ("işık@ornek.com", "Turkish letters"),
        ("a@örnek.com", "Turkish letters"),
        ("a@ornek", "part after the @"),
        ("a@.com", "part after the @"),
        ("a@-ornek.com", "part after the @"),
        ("a..b@ornek.com", "part after the @"),
        (".a@ornek.com", "part after the @"),
        ("a@ornek.c", "part after the @"),
        ("a@127.0.0.1", "part after the @"),
        ("@ornek.com", "part after the @"),
        ("a" * 65 + "@ornek.com", "part after the @"),
    ],
)
def test_address_violations_say_what_to_do(value, part):
    assert not ids.is_email(value)
    (message,) = messages(ids.email_violations(value, "email"))
    assert part in message


# Masks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "masked"),
    [("12345678950", "123******50"), ("1234", "***********"), ("", ""), (None, "")],
)
def test_mask_national_id(value, masked):
    assert ids.mask_national_id(value) == masked


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("Ayşe Yıldırım", "A*** Y****"),
        ("ismail ışık", "İ*** I****"),
        ("Ayşe Nur Yıldırım", "A*** N*** Y****"),
        ("Ali", "A***"),
        ("(Ö) Ak", "Ö*** A****"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_name(value, masked):
    assert ids.mask_name(value) == masked


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("ayse@ornek.com", "a****@****.com"),
        ("a@alt.ornek.bel.tr", "a****@****.tr"),
        ("bozuk", "****"),
        ("@ornek.com", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_email(value, masked):
    assert ids.mask_email(value) == masked


@given(st.from_regex(r"[A-ZÇĞİÖŞÜ][a-zçğıöşü]{2,12} [A-ZÇĞİÖŞÜ][a-zçğıöşü]{2,12}", fullmatch=True))
def test_a_masked_name_tells_initials_only(name):
    first, last = name.split()
    assert ids.mask_name(name) == f"{first[0]}*** {last[0]}****"


# Finding in free text ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("TC 12345678950 tel 0532 123 45 67.", "TC [national_id] tel [phone]."),
        ("TCKN12345678950’nin", "TCKN[national_id]’nin"),
        ("mistyped 12345678951", "mistyped [national_id]"),
        ("123 456 789 50", "[national_id]"),
        ("ara: 5321234567, +905321234567", "ara: [phone], [phone]"),
        ("0(532)1234567 / 0532.123.45.67", "[phone] / [phone]"),
        ("+90 (532) 123-45-67", "[phone]"),
        ("90 532 123 45 67", "[phone]"),
        ("(0282) 261 00 00 ve 282 261 00 00", "[phone] ve [phone]"),
        ("05321234567", "[phone]"),
        ("0850 459 59 59", "[phone]"),
        ("+49 30 1234567", "[phone]"),
        ("0049 171 1234567", "[phone]"),
        ("0532\u00a0123\u00a045\u00a067", "[phone]"),
        (f"IBAN {IBAN}.", "IBAN [iban]."),
        ("tr33 0006 1005 1978 6457 8413 26", "[iban]"),
        ("TR330006100519786457841327", "[iban]"),
        ("DE89370400440532013000", "[iban]"),
        ("yaz: ali.veli@ornek.com.tr;", "yaz: [email];"),
        ("Ali <ali@ornek.com>", "Ali <[email]>"),
        ("5321234567\n5331234567", "[phone]\n[phone]"),
    ],
)
def test_personal_data_is_scrubbed(text, scrubbed):
    assert ids.scrub(text) == scrubbed


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 05:50:58,123",
        "2026-0029004 sayılı başvuru",
        "31.12.2026 14.05",
        "1.234.567,89 TL",
        "VKN 4540536920",
        "153 ve 112",
        "550e8400-e29b-41d4-a716-446655440000",
        "4982 sayılı Kanun m.11, 3071 m.7",
        "GET /basvuru/29004?sayfa=2 200 1234567",
        "1795413058123",
        "tr@",
        "",
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert ids.find_personal_data(text) == ()
    assert ids.scrub(text) == text


def test_findings_say_what_where_and_in_order():
    text = f"{IBAN} 0532 123 45 67 a@ornek.com 12345678950"
    found = ids.find_personal_data(text)
    assert [f.kind for f in found] == [Kind.IBAN, Kind.PHONE, Kind.EMAIL, Kind.NATIONAL_ID]
    assert [text[f.start : f.end] for f in found] == [f.value for f in found]


@given(st.text(), st.sampled_from([*NATIONAL_IDS, "0532 123 45 67", IBAN]), st.text())
def test_a_number_between_words_never_stays(before, number, after):
    scrubbed = ids.scrub(f"{before} | {number} | {after}")
    assert number not in scrubbed.removeprefix(before).removesuffix(after)


@given(st.text(alphabet="0123456789+() .-/@aTR"))
def test_scrubbing_twice_changes_nothing_more(text):
    once = ids.scrub(text)
    assert ids.scrub(once) == once


@pytest.mark.parametrize("filling", ["a", "1 ", "a.", "0", "5", "TR33 ", "+9", "(", "@a.", "-"])
def test_scrubbing_a_long_text_takes_its_length_and_no_more(filling):
    assert growth(lambda n: filling * (n // len(filling)), ids.scrub, 25_000) < MOST
