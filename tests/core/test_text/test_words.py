"""Turkish letters, search, order, suffixes, dates and figures: cleaning, case and folding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import text

# Cases and cleaning -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  Ayşe \u00a0  Yıldırım\t", "Ayşe Yıldırım"),
        ("i\u0307stanbul", "istanbul"),
        ("I\u0307stanbul", "İstanbul"),
        ("c\u0327ag\u0306rı", "çağrı"),
        ("a\u200bb\ufeffc\u0000d\u00ade", "abcde"),
        ("bir\r\niki\n\n\nüç", "bir iki üç"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("", ""),
    ],
)
def test_clean(raw, cleaned):
    assert text.clean(raw) == cleaned


def test_clean_keeps_lines_where_they_are_wanted():
    raw = "\n  bir \u00a0 iki \r\n\r\n\r\n\r\nüç\u2028dört  \n"
    assert text.clean(raw, multiline=True) == "bir iki\n\nüç\ndört"


@given(st.text())
def test_clean_is_idempotent_and_leaves_no_double_dot(s):
    for multiline in (False, True):
        once = text.clean(s, multiline=multiline)
        assert text.clean(once, multiline=multiline) == once
        assert "i\u0307" not in once
        assert "\u0000" not in once


@pytest.mark.parametrize(
    ("lower", "upper"),
    [("istanbul", "İSTANBUL"), ("ışık", "IŞIK"), ("çağrı öğün şule", "ÇAĞRI ÖĞÜN ŞULE")],
)
def test_upper_and_lower(lower, upper):
    assert text.tr_upper(lower) == upper
    assert text.tr_lower(upper) == lower
    assert text.tr_lower("i\u0307zmir") == "izmir"


@pytest.mark.parametrize(
    ("raw", "titled"),
    [
        ("İSTANBUL'UN IŞIKLARI", "İstanbul'un Işıkları"),
        ("SÜLEYMANPAŞA’NIN", "Süleymanpaşa’nın"),
        ("ismail ışık", "İsmail Işık"),
        ("veliköy-yalıboyu", "Veliköy-Yalıboyu"),
        ("(merkez) 5A daire 12/b", "(Merkez) 5A Daire 12/B"),
        ("hükümet cad.no:3", "Hükümet Cad.No:3"),
        ("2026'DAN", "2026'dan"),
        ("", ""),
    ],
)
def test_title(raw, titled):
    assert text.tr_title(raw) == titled


def test_capitalize():
    assert text.tr_capitalize("iSTANBUL IŞIKLI") == "İstanbul ışıklı"
    assert text.tr_capitalize("") == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ayşe Yıldırım", "AY"),
        ("ismail ışık", "İI"),
        ("Ayşe Nur Yıldırım", "AY"),
        ("(Ali)", "A"),
        ("", ""),
        ("—", ""),
    ],
)
def test_initials(name, letters):
    assert text.initials(name) == letters


def test_excerpt_cuts_between_words():
    assert text.excerpt("kaldırım taşları kırık", 22) == "kaldırım taşları kırık"
    assert text.excerpt("kaldırım taşları kırık", 21) == "kaldırım taşları…"
    assert text.excerpt("kaldırım, taşları", 11) == "kaldırım…"
    assert text.excerpt("kaldırımtaşları", 5) == "kald…"
    assert text.excerpt("bir iki üç", 8) == "bir iki…"


@given(st.text(), st.integers(1, 40))
def test_excerpt_never_exceeds_its_length(s, length):
    assert len(text.excerpt(s, length)) <= length


# Folding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["IŞIK", "ışık", "Işık", "isik", "İŞİK", "i\u0307s\u0327ik"])
def test_spellings_of_one_word_fold_alike(spelling):
    assert text.fold(spelling) == "isik"


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("Hakkâri’de", "hakkari de"),
        ("ÇĞIİÖŞÜ çğıiöşü ÂÎÛ âîû", "cgiiosu cgiiosu aiu aiu"),
        ("Fen İşleri / Park-Bahçe (Md.)", "fen isleri park bahce md"),
        ("ad_soyad@ornek.com", "ad soyad ornek com"),
        ("Café Müller", "cafe muller"),
        ("2026-0029004", "2026 0029004"),
        ("한국", "한국"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_fold(raw, folded):
    assert text.fold(raw) == folded


@given(st.text())
def test_fold_is_idempotent(s):
    assert text.fold(text.fold(s)) == text.fold(s)


@given(st.text(alphabet="abcçdegğhıiîİIâûoöşSŞuü '-1"))
def test_fold_does_not_see_case(s):
    assert text.fold(text.tr_upper(s)) == text.fold(s) == text.fold(text.tr_lower(s))


def test_similarity():
    assert text.similarity("Çöp toplanmadı", "COP TOPLANMADI!") == 1.0
    assert text.similarity("çöp", "kaldırım") == 0.0
    assert text.similarity("", "") == 0.0
    near = text.similarity("Sokakta çöp toplanmıyor", "sokakta çöpler toplanmıyor")
    far = text.similarity("Sokakta çöp toplanmıyor", "sokakta su akmıyor")
    assert 0.6 < near < 1.0
    assert far < near


def test_similarity_counts_trigrams_as_the_database_does():
    # PostgreSQL: select similarity('word', 'two words') is 0.363636.
    assert text.similarity("word", "two words") == pytest.approx(4 / 11)


@given(st.text(), st.text())
def test_similarity_is_symmetric_and_bounded(a, b):
    assert 0.0 <= text.similarity(a, b) == text.similarity(b, a) <= 1.0
