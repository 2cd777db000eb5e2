"""Questions of a service and what is answered to them; where they are kept is not said here.

Source: GeoReport v2, GET Service Definition and `attribute[code]` of POST Service Request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.applications.rules.open311.vocabulary import LISTS, DataType, GeoReportRefusal, refused
from app.applications.rules.open311.window import read_moment, tell_moment
from app.core.rules import N_, Violation
from app.core.text import clean, fold, format_datetime

_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?", re.ASCII)
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,80})\](?:\[\d{0,3}\])?")
_LONGEST = {DataType.STRING: 300, DataType.TEXT: 2_000}
MOST_CHOICES = 100
#: So many answers are looked at; a form with more is a mistake.
MOST_ANSWERS = 100


@dataclass(frozen=True)
class Choice:
    """One line of a list: its key for programs, its name for people."""

    key: str
    name: str


@dataclass(frozen=True)
class Question:
    """What a service asks; one that is not asked only tells something."""

    code: str
    text: str
    datatype: DataType
    is_required: bool = False
    is_asked: bool = True
    hint: str = ""
    position: int = 1
    choices: tuple[Choice, ...] = ()


def read_choices(lines: str) -> tuple[Choice, ...]:
    """Return the choices of a text, one a line: `key = name`, or a name whose key is made of it."""
    choices = []
    for line in lines.splitlines():
        key, sign, name = (part.strip() for part in line.partition("="))
        if not sign:
            key, name = fold(key).replace(" ", "_")[:40], key
        if key or name:
            choices.append(Choice(key, name or key))
    return tuple(choices)


def question_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a question as somebody enters it."""
    if not _CODE.fullmatch(str(values.get("code") or "")):
        yield Violation("code", N_("Letters, digits, - and _ only, at most 40; no spaces."))
    if not str(values.get("question") or "").strip():
        yield Violation("question", N_("Write what is asked."))
    position = values.get("position")
    if not isinstance(position, int) or not 1 <= position <= 999:
        yield Violation("position", N_("Write a whole number from 1 on."))
    yield from _choice_violations(values)
    if values.get("is_required") and not values.get("is_asked"):
        yield Violation("is_required", N_("What is not asked cannot be required."))


def _choice_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    choices = read_choices(str(values.get("choices") or ""))
    is_list = values.get("datatype") in LISTS
    if is_list and len(choices) < 2:
        yield Violation("choices", N_("A list needs at least two choices, each on its own line."))
    if not is_list and choices:
        yield Violation("choices", N_("Only a list has choices; change the kind of answer."))
    if len(choices) > MOST_CHOICES:
        yield Violation("choices", N_("At most %(n)s choices."), {"n": MOST_CHOICES})
    keys = [choice.key for choice in choices]
    if len(set(keys)) < len(keys):
        yield Violation("choices", N_("Two choices have the same key."))
    for choice in choices:
        if not _CODE.fullmatch(choice.key):
            yield Violation(
                "choices",
                N_("The key “%(key)s” may have letters, digits, - and _ only."),
                {"key": choice.key[:60]},
            )


# --- answers ---------------------------------------------------------------------------------------
def read_attributes(form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return code → values out of arguments named attribute[code], attribute[code][] and so on."""
    given: dict[str, list[str]] = {}
    for name, values in form.items():
        found = _ATTRIBUTE.fullmatch(name)
        if found is not None:
            given.setdefault(found.group(1), []).extend(v for v in values if v.strip())
    return {code: values for code, values in given.items() if values}


def check_answers(
    questions: Sequence[Question], given: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Return what was answered as it is kept: code, question and values with their names.

    Each is {"code", "question", "values": [{"key", "name"}]}. GeoReportRefusal with every wrong,
    missing and unknown answer.
    """
    known = {question.code: question for question in questions if question.is_asked}
    wrong = [
        Violation(_field(code), N_("This service does not ask that."))
        for code in list(given)[:MOST_ANSWERS]
        if code not in known
    ]
    answers = []
    for question in sorted(known.values(), key=lambda q: q.position):
        texts = list(given.get(question.code, ()))
        if not texts:
            if question.is_required:
                wrong.append(Violation(_field(question.code), N_("An answer is required.")))
            continue
        values = _values(question, texts, wrong)
        answers.append({"code": question.code, "question": question.text, "values": values})
    if wrong:
        raise GeoReportRefusal(400, *wrong)
    return answers


def _field(code: str) -> str:
    return f"attribute[{code[:40]}]"


def _values(
    question: Question, texts: Sequence[str], wrong: list[Violation]
) -> list[dict[str, str]]:
    """The values of one answer; what is wrong with them is added to `wrong`."""
    field = _field(question.code)
    if question.datatype is not DataType.SOME_OF and len(texts) > 1:
        wrong.append(Violation(field, N_("Only one value may be given.")))
        return []
    if question.datatype in LISTS:
        names = {choice.key: choice.name for choice in question.choices}
        unknown = [text for text in texts if text.strip() not in names]
        if unknown:
            wrong.append(Violation(field, N_("Give the keys of the list.")))
            return []
        keys = dict.fromkeys(text.strip() for text in texts)
        return [{"key": key, "name": names[key]} for key in keys]
    try:
        key, name = _plain(question.datatype, texts[0])
    except GeoReportRefusal as refusal:
        wrong.extend(Violation(field, v.message, v.params) for v in refusal.violations)
        return []
    return [{"key": key, "name": name}]


def _plain(datatype: DataType, text: str) -> tuple[str, str]:
    """An answer that is no choice: its normal form, and as people read it; refused when it is wrong."""
    if datatype is DataType.NUMBER:
        if not _NUMBER.fullmatch(text.strip()):
            raise refused(400, N_("Write a number."))
        number = text.strip().replace(",", ".")
        return number, number.replace(".", ",")
    if datatype is DataType.DATETIME:
        moment = read_moment(text, "")
        return tell_moment(moment) or "", format_datetime(moment) if moment is not None else ""
    value = clean(text, multiline=datatype is DataType.TEXT)
    longest = _LONGEST[datatype]
    if len(value) > longest:
        raise refused(400, N_("At most %(max)s characters."), max=longest)
    return value, value
