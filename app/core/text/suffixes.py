"""Turkish case suffixes after proper nouns, abbreviations and figures; sentences live elsewhere.

Vowel harmony and hard consonants are rules; which words end in a possessive, and which take front
vowels although their last vowel is a back one, are lists, because spelling does not show it.
Source: TDK Yazım Kılavuzu, kesme işareti and kısaltmalar; domain facts 3.6.
"""

from __future__ import annotations

import re
from enum import StrEnum

from app.core.text.cases import clean, tr_lower, tr_upper


class Case(StrEnum):
    """The case of a noun, named in English grammar's words."""

    DATIVE = "dative"  # -e: to
    LOCATIVE = "locative"  # -de: in, at
    ABLATIVE = "ablative"  # -den: from
    GENITIVE = "genitive"  # -in: of
    ACCUSATIVE = "accusative"  # -i: direct object


APOSTROPHE = "’"
_BACK, _FRONT = "aıouâû", "eiöüî"
_VOWELS = _BACK + _FRONT
_ROUND = "ouöüû"
_HARD = "fstkçşhp"

#: Words whose last syllable is soft: front suffixes after a back vowel (Kemal’e, İstiklal’in).
_SOFT = frozenset({
    "kemal", "cemal", "celal", "bilal", "hilal", "nihal", "zuhal", "meral", "iclal", "ikbal",
    "istiklal", "istikbal", "hal", "ihtilal", "rol", "gol", "alkol", "petrol", "kontrol",
    "futbol", "voleybol", "basketbol", "protokol", "festival", "terminal", "kabul", "resul",
    "usul", "saat", "harf", "dikkat", "hakikat", "cemaat", "ziraat", "itaat", "menfaat",
    "seyahat", "sıhhat", "şefkat", "takat", "kalp", "ideal", "normal", "sembol", "ampul",
})  # fmt: skip

#: Heads of compound names that end in a possessive: before a suffix they take an n.
_POSSESSIVE_WORDS = frozenset({
    "belediyesi", "dairesi", "şubesi", "caddesi", "mahallesi", "sokağı", "bulvarı", "meydanı",
    "merkezi", "birimi", "parkı", "köprüsü", "okulu", "lisesi", "hastanesi", "üniversitesi",
    "kurumu", "kurulu", "derneği", "vakfı", "odası", "birliği", "sitesi", "apartmanı",
    "terminali", "limanı", "ormanı", "gölü", "nehri", "deresi", "dağı", "komisyonu", "meclisi",
    "ilçesi", "ili", "köyü", "evi", "konağı", "müzesi", "bayramı", "günü", "haftası",
    "festivali", "projesi", "masası", "ofisi", "bürosu", "fakültesi", "enstitüsü", "ajansı",
    "bankası", "şirketi", "salonu", "stadı", "tesisi", "kütüphanesi", "tiyatrosu", "hali",
    "pazarı", "çarşısı", "kavşağı", "yolu", "garajı", "durağı", "iskelesi", "sahili", "barajı",
    "bölgesi", "kanunu", "kararı", "planı", "raporu", "anketi", "bahçesi", "boğazı", "denizi",
    "adası", "ovası", "körfezi", "kapısı", "kalesi", "camisi", "camii", "heyeti", "encümeni",
    "kırklareli",
})  # fmt: skip
#: Endings that are possessives in names written as one word (Beyoğlu’na, Çınaraltı’nda) and in
#: the heads too many to list (Müdürlüğü, Başkanlığı, İşleri).
_POSSESSIVE_ENDING = re.compile(
    r".+(?:oğlu|ereğlisi|pınarı|ağzı|gücü|başı|önü|altı|üstü|yakası|obası)|.+l[ıiuü]ğ[ıiuü]"
    r"|.{2,}l(?:eri|arı)"
)
#: Names that only look like them; people decline them as plain words (İnönü’ye).
_NOT_POSSESSIVE = frozenset({"inönü"})

#: Last words of institutions: TDK writes their suffix without an apostrophe (Belediyesine).
_INSTITUTION = re.compile(
    r".*(?:müdürlüğü|başkanlığı|bakanlığı|valiliği|kaymakamlığı|müşavirliği|sekreterliği"
    r"|muhtarlığı|komutanlığı)"
    r"|belediyesi|dairesi|kurumu|kurulu|üniversitesi|meclisi|encümeni|derneği|vakfı|birliği"
    r"|komisyonu|fakültesi|enstitüsü|lisesi|okulu|hastanesi|bankası"
)

_UNITS = ("sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz")
_TENS = ("", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan")
_POWERS = ("", "bin", "milyon", "milyar", "trilyon", "katrilyon")

_GROUPED = re.compile(r"[^0-9]*([0-9]{1,3}(?:\.[0-9]{3})+)")
_FULL_HOUR = re.compile(r"([01]?[0-9]|2[0-3])[.:]00")
_LAST_FIGURES = re.compile(r"[0-9]+$")
_LAST_LETTERS = re.compile(r"[^\W\d_]+$")
_TRAILING_SIGNS = re.compile(r"[\W_]+$")
#: Two consonants that may close a word; another pair shows that letters are spelt out (ABD, AKM).
_CODA = re.compile(r"(?:l[tkpç]|r[tkçpsz]|n[tkçz]|[kms]s|[sş]t)$")


def suffix(
    word: str | int,
    case: Case,
    *,
    possessive: bool | None = None,
    apostrophe: bool | None = None,
) -> str:
    """Return the suffix that `word` takes, apostrophe included: Tekirdağ ’da, 2026 ’dan.

    `word` may be several words, a figure, a date, a full hour or an abbreviation. `possessive` says
    that it ends in a possessive (Fen İşleri’ne), `apostrophe` whether one is written; None decides
    by the lists above. A text without a letter or figure is a ValueError.
    """
    text = _TRAILING_SIGNS.sub("", clean(str(word)))
    if not text:
        raise ValueError("there is no word to put a suffix on")
    sound, last = _sound(text), ""
    if letters := _LAST_LETTERS.search(text):
        last = tr_lower(letters.group())
    if possessive is None:
        possessive = last == sound and _ends_in_possessive(last)
    if apostrophe is None:
        apostrophe = not _INSTITUTION.fullmatch(last)
    ending = _ending(sound, case, possessive=possessive)
    return APOSTROPHE + ending if apostrophe else ending


def with_suffix(
    word: str | int,
    case: Case,
    *,
    possessive: bool | None = None,
    apostrophe: bool | None = None,
) -> str:
    """Return `word` with its suffix: Çorlu’ya, 17.00’de, Tekirdağ Büyükşehir Belediyesine."""
    return f"{word}{suffix(word, case, possessive=possessive, apostrophe=apostrophe)}"


def _ends_in_possessive(last: str) -> bool:
    if last in _NOT_POSSESSIVE:
        return False
    return last in _POSSESSIVE_WORDS or _POSSESSIVE_ENDING.fullmatch(last) is not None


def _ending(sound: str, case: Case, *, possessive: bool) -> str:
    vowels = [c for c in sound if c in _VOWELS]
    vowel = vowels[-1] if vowels else "e"
    front = vowel in _FRONT or sound in _SOFT or sound.endswith("âl")
    low = "e" if front else "a"
    high = ("ü" if front else "u") if vowel in _ROUND else ("i" if front else "ı")
    open_end = sound[-1] in _VOWELS
    joint = "n" if possessive and open_end else ""
    if case is Case.DATIVE:
        return (joint or ("y" if open_end else "")) + low
    if case is Case.ACCUSATIVE:
        return (joint or ("y" if open_end else "")) + high
    if case is Case.GENITIVE:
        return ("n" if open_end else "") + high + "n"
    tail = ("t" if sound[-1] in _HARD and not joint else "d") + low
    return joint + tail + ("n" if case is Case.ABLATIVE else "")


def _sound(text: str) -> str:
    """Return how the end of `text` is read aloud, in small letters."""
    words = text.split()
    last = words[-1]
    if hour := _FULL_HOUR.fullmatch(last):
        return _read(hour[1])
    if grouped := _GROUPED.fullmatch(last):
        return _read(grouped[1].replace(".", ""))
    if figures := _LAST_FIGURES.search(last):
        return _read(figures.group())
    letters = _LAST_LETTERS.search(last)
    if letters is None:
        return tr_lower(last)
    token = letters.group()
    return _letter_name(token[-1]) if _is_spelt(token, len(words)) else tr_lower(token)


def _is_spelt(token: str, words: int) -> bool:
    """Say whether an abbreviation is read letter by letter (TBB, ABD), not as a word (CİMER)."""
    if len(token) == 1:
        return True
    if token != tr_upper(token):
        return False
    sound = tr_lower(token)
    if not any(c in _VOWELS for c in sound):
        return True
    if sound[-1] in _VOWELS:
        return False
    if len(token) == 2:
        # Alone it is an abbreviation (AB); after a first name it is a surname (Ayşe ÖZ).
        return words == 1
    return len(token) <= 5 and sound[-2] not in _VOWELS and _CODA.search(sound) is None


def _letter_name(letter: str) -> str:
    """Return the Turkish name of a letter: a vowel names itself, a consonant adds e (be, ce)."""
    small = tr_lower(letter)
    return small if small in _VOWELS else small + "e"


def _read(figures: str) -> str:
    """Return the last word of a number read aloud: 2026 gives altı, 1500 yüz, 30000 bin."""
    figures = figures.lstrip("0")
    power = 0
    while figures.endswith("000"):
        figures, power = figures[:-3], power + 1
    if not figures:
        return _UNITS[0]
    if power:
        return _POWERS[min(power, len(_POWERS) - 1)]
    if figures.endswith("00"):
        return "yüz"
    unit, ten = int(figures[-1]), int(figures[-2:-1] or 0)
    return _UNITS[unit] if unit else _TENS[ten]
