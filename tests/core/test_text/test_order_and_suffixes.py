"""Turkish letters, search, order, suffixes, dates and figures: order and suffixes."""

import random
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import text
from app.core.text import Case

# Order ------------------------------------------------------------------------------------------

DISTRICTS = [
    "Çerkezköy", "Çorlu", "Ergene", "Hayrabolu", "Kapaklı", "Malkara", "Marmaraereğlisi",
    "Muratlı", "Saray", "Süleymanpaşa", "Şarköy",
]  # fmt: skip


#: Orders that ICU's `tr` gives.
ORDERS = [
    DISTRICTS,
    list("aâbcçdefgğhıiîjklmnoôöpqrsştuûüvwxyz"),
    ["Can", "Çan", "Gül", "Ğ", "Ilgaz", "Işık", "İzmir"],
    ["saray", "Saray", "Sarayaltı", "Şaray"],
    ["hala", "hâlâ", "halat"],
    ["kar", "kâr", "kara"],
    ["10", "9", "A", "a1"],
    ["12 A", "12-A", "12/A", "12A"],
    ["Kadı köy", "Kadı-köy", "Kadıköy", "Kadiköy"],
    ["İnönü", "İnönü'nün", "İnönü’nün"],
    ["resume", "resumé", "résumé", "Résumé"],
]


@pytest.mark.parametrize("ordered", ORDERS, ids=lambda words: words[0])
def test_sort_key_gives_the_turkish_order(ordered):
    shuffled = list(ordered)
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=text.sort_key) == ordered


def test_capital_with_circumflex_sorts_with_dotless_i_as_in_icu():
    assert sorted(["î", "i", "Î", "ı", "j"], key=text.sort_key) == ["ı", "Î", "i", "î", "j"]


def test_letters_of_other_scripts_follow_and_other_signs_precede():
    assert sorted(["ж", "z", "★", "a", "7", "漢"], key=text.sort_key) == [
        "★", "7", "a", "z", "ж", "漢",
    ]  # fmt: skip


def test_the_order_works_as_a_collation_of_sqlite():
    db = sqlite3.connect(":memory:")
    db.create_collation("tr", text.compare)
    db.execute("CREATE TABLE t (name TEXT COLLATE tr UNIQUE)")
    db.executemany("INSERT INTO t VALUES (?)", [(d,) for d in reversed(DISTRICTS)])
    db.executemany("INSERT INTO t VALUES (?)", [("saray",), ("SARAY",)])
    rows = [row[0] for row in db.execute("SELECT name FROM t ORDER BY name")]
    assert [r for r in rows if r in DISTRICTS] == DISTRICTS
    assert db.execute("SELECT count(*) FROM t WHERE name = 'Saray'").fetchone() == (1,)


@given(st.text(), st.text(), st.text())
def test_compare_is_a_total_order(a, b, c):
    assert text.compare(a, b) == -text.compare(b, a)
    assert (text.compare(a, b) == 0) == (a == b)
    first, second, third = sorted([a, b, c], key=text.sort_key)
    assert text.compare(first, second) <= 0
    assert text.compare(second, third) <= 0
    assert text.compare(first, third) <= 0


# Suffixes ---------------------------------------------------------------------------------------

#: Word, then dative, locative, ablative, genitive, accusative as they are written after it.
SUFFIXES = [
    ("Tekirdağ", "’a ’da ’dan ’ın ’ı"),
    ("Çorlu", "’ya ’da ’dan ’nun ’yu"),
    ("Ergene", "’ye ’de ’den ’nin ’yi"),
    ("Şarköy", "’e ’de ’den ’ün ’ü"),
    ("Muratlı", "’ya ’da ’dan ’nın ’yı"),
    ("Uşak", "’a ’ta ’tan ’ın ’ı"),
    ("Gürpınar", "’a ’da ’dan ’ın ’ı"),
    ("Ürgüp", "’e ’te ’ten ’ün ’ü"),
    ("Bolu", "’ya ’da ’dan ’nun ’yu"),
    ("Kemal", "’e ’de ’den ’in ’i"),
    ("Ertuğrul", "’a ’da ’dan ’un ’u"),
    ("İstiklal", "’e ’de ’den ’in ’i"),
    ("Fen İşleri", "’ne ’nde ’nden ’nin ’ni"),
    ("Marmaraereğlisi", "’ne ’nde ’nden ’nin ’ni"),
    ("Kırklareli", "’ne ’nde ’nden ’nin ’ni"),
    ("Beyoğlu", "’na ’nda ’ndan ’nun ’nu"),
    ("Çınaraltı", "’na ’nda ’ndan ’nın ’nı"),
    ("İnönü", "’ye ’de ’den ’nün ’yü"),
    ("Atatürk Caddesi", "’ne ’nde ’nden ’nin ’ni"),
    ("Tekirdağ Büyükşehir Belediyesi", "ne nde nden nin ni"),
    ("Fen İşleri Dairesi Başkanlığı", "na nda ndan nın nı"),
    ("Halkla İlişkiler Şube Müdürlüğü", "ne nde nden nün nü"),
    ("Ayşe YILMAZ", "’a ’da ’dan ’ın ’ı"),
    ("Mehmet KURT", "’a ’ta ’tan ’un ’u"),
    ("CİMER", "’e ’de ’den ’in ’i"),
    ("TESKİ", "’ye ’de ’den ’nin ’yi"),
    ("TBB", "’ye ’de ’den ’nin ’yi"),
    ("KVKK", "’ye ’de ’den ’nin ’yi"),
    ("ABD", "’ye ’de ’den ’nin ’yi"),
    ("AB", "’ye ’de ’den ’nin ’yi"),
    ("EBYS", "’ye ’de ’den ’nin ’yi"),
    ("100 TL", "’ye ’de ’den ’nin ’yi"),
    ("12/A", "’ya ’da ’dan ’nın ’yı"),
    (0, "’a ’da ’dan ’ın ’ı"),
    (1, "’e ’de ’den ’in ’i"),
    (2, "’ye ’de ’den ’nin ’yi"),
    (3, "’e ’te ’ten ’ün ’ü"),
    (4, "’e ’te ’ten ’ün ’ü"),
    (5, "’e ’te ’ten ’in ’i"),
    (6, "’ya ’da ’dan ’nın ’yı"),
    (7, "’ye ’de ’den ’nin ’yi"),
    (8, "’e ’de ’den ’in ’i"),
    (9, "’a ’da ’dan ’un ’u"),
    (10, "’a ’da ’dan ’un ’u"),
    (20, "’ye ’de ’den ’nin ’yi"),
    (30, "’a ’da ’dan ’un ’u"),
    (40, "’a ’ta ’tan ’ın ’ı"),
    (50, "’ye ’de ’den ’nin ’yi"),
    (60, "’a ’ta ’tan ’ın ’ı"),
    (70, "’e ’te ’ten ’in ’i"),
    (80, "’e ’de ’den ’in ’i"),
    (90, "’a ’da ’dan ’ın ’ı"),
    (100, "’e ’de ’den ’ün ’ü"),
    (1000, "’e ’de ’den ’in ’i"),
    (1_000_000, "’a ’da ’dan ’un ’u"),
    (3_000_000_000, "’a ’da ’dan ’ın ’ı"),
    (2026, "’ya ’da ’dan ’nın ’yı"),
    ("4982", "’ye ’de ’den ’nin ’yi"),
    ("0041020", "’ye ’de ’den ’nin ’yi"),
    ("1.500", "’e ’de ’den ’ün ’ü"),
    ("3,50", "’ye ’de ’den ’nin ’yi"),
    ("%25", "’e ’te ’ten ’in ’i"),
    ("01.10.2026", "’ya ’da ’dan ’nın ’yı"),
    ("19.11", "’e ’de ’den ’in ’i"),
    ("08.45", "’e ’te ’ten ’in ’i"),
    ("13.00", "’e ’te ’ten ’ün ’ü"),
    ("saat 17:00", "’ye ’de ’den ’nin ’yi"),
    ("10.000+", "’e ’de ’den ’in ’i"),
    ("(TBB)", "’ye ’de ’den ’nin ’yi"),
]


@pytest.mark.parametrize(("word", "written"), SUFFIXES, ids=lambda value: str(value)[:24])
def test_suffix(word, written):
    assert [text.suffix(word, case) for case in Case] == written.split()


def test_with_suffix_joins_word_and_suffix():
    assert text.with_suffix("Tekirdağ", Case.LOCATIVE) == "Tekirdağ’da"
    assert text.with_suffix(2026, Case.ABLATIVE) == "2026’dan"


def test_suffix_obeys_the_caller_over_the_lists():
    assert text.suffix("Belediyesi", Case.DATIVE, apostrophe=True) == "’ne"
    assert text.suffix("Tunceli", Case.LOCATIVE) == "’de"
    assert text.suffix("Tunceli", Case.LOCATIVE, possessive=True) == "’nde"
    assert text.suffix("Fen İşleri", Case.DATIVE, possessive=False) == "’ye"


def test_suffix_needs_a_word():
    with pytest.raises(ValueError, match="no word"):
        text.suffix(" … ", Case.DATIVE)
