"""What is wrong with a decision, an extension, a consent, an appeal or a row of the reference lists.

Source: 4982 m.7–13, m.21, m.28, m.30; domain facts 2.1 and 2.3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.applications.rules.information.articles import SEPARATION
from app.applications.rules.information.codes import (
    DECIDABLE,
    GIVES_ACCESS,
    AccessForm,
    AppealForum,
    AppealResult,
    AppealState,
    ExtensionReason,
    InformationDecision,
    UpdateCycle,
)
from app.applications.rules.information.figures import InformationFigure
from app.core.rules import N_, Violation
from app.core.text import format_date

Values = Mapping[str, Any]

#: Law 4982 came into force on this day; nothing of it is older.
FIRST_DAY = dt.date(2004, 4, 24)
_TOO_LONG = N_("At most %(max)s characters.")
REASON_LENGTH = 4_000
#: The line of the articles on a letter holds so many.
MOST_GROUNDS = 12


def _text(values: Values, name: str) -> str:
    return str(values.get(name) or "").strip()


def _code(enum: type[Any], value: Any) -> Any:
    try:
        return enum(value)
    except ValueError:
        return None


def _day(values: Values, name: str) -> dt.date | None:
    value = values.get(name)
    return value if isinstance(value, dt.date) else None


# --- the decision ----------------------------------------------------------------------------------
def decision_violations(values: Values, *, codes: Collection[str]) -> Iterator[Violation]:
    """Yield what keeps a decision from being drafted; `codes` are the articles picked.

    What is kept back needs its articles and a reason (m.12); what is taken out must be named (m.9);
    who is sent to a publication must be told which (m.8); who is passed on, where to (m.7).
    """
    decision = _code(InformationDecision, values.get("decision"))
    if decision not in DECIDABLE:
        yield Violation("decision", N_("Pick what was decided."))
        return
    for name in ("reason", "removed"):
        if len(_text(values, name)) > REASON_LENGTH:
            yield Violation(name, _TOO_LONG, {"max": REASON_LENGTH})
    if len(codes) > MOST_GROUNDS:
        yield Violation(
            "grounds", N_("A letter names at most %(max)s articles."), {"max": MOST_GROUNDS}
        )
    if decision in {InformationDecision.PARTIAL, InformationDecision.REFUSED}:
        yield from _held_back(values, decision, codes)
    elif codes and decision is InformationDecision.GRANTED:
        yield Violation(
            "grounds", N_("Whoever gets everything is told no article; decide “partly given”.")
        )
    if decision in GIVES_ACCESS and _code(AccessForm, values.get("access_form")) is None:
        yield Violation("access_form", N_("Say how the applicant gets to the information."))
    pages = values.get("pages")
    if pages is not None and not 1 <= int(pages) <= 1_000_000:
        yield Violation("pages", N_("A number of pages is at least one."))
    if decision is InformationDecision.PUBLISHED and not values.get("published_id"):
        yield Violation("published_id", N_("Pick what was published from the catalogue (art. 8)."))
    if decision is InformationDecision.FORWARDED and not values.get("institution_id"):
        yield Violation(
            "institution_id", N_("Pick the institution that has the information (art. 7).")
        )


def _held_back(
    values: Values, decision: InformationDecision, codes: Collection[str]
) -> Iterator[Violation]:
    if not codes:
        yield Violation(
            "grounds", N_("Tick the article on which the refusal rests (4982 art. 12).")
        )
    elif set(codes) == {SEPARATION}:
        yield Violation(
            "grounds",
            N_(
                "Article 9 says how parts are taken out; tick the article that makes them secret too."
            ),
        )
    if not _text(values, "reason"):
        yield Violation("reason", N_("Write the reason of the refusal (4982 art. 12)."))
    if decision is InformationDecision.REFUSED and SEPARATION in codes:
        yield Violation(
            "grounds",
            N_("Article 9 belongs to a partial decision: something must have been given."),
        )
    if decision is InformationDecision.PARTIAL:
        has_removed = bool(_text(values, "removed"))
        if SEPARATION in codes and not has_removed:
            yield Violation("removed", N_("Write what was removed or separated (4982 art. 9)."))
        if has_removed and SEPARATION not in codes:
            yield Violation("grounds", N_("Tick article 9 too: parts were removed or separated."))


def consent_violations(
    decision: InformationDecision | None,
    *,
    asked_on: dt.date | None,
    given_on: dt.date | None,
    earliest_on: dt.date | None,
    today: dt.date,
) -> Iterator[Violation]:
    """Yield what keeps somebody’s personal information from being given out today.

    The person is told at least seven days before and consents in writing (m.21); `earliest_on` is
    the first day on which it may be given. A partial answer leaves the personal part out, so only
    the waiting time is asked where consent was given.
    """
    if asked_on is None or decision not in GIVES_ACCESS:
        return
    if given_on is None:
        if decision is InformationDecision.GRANTED:
            yield Violation(
                "consent_given_on",
                N_("The written consent of the person concerned is missing (4982 art. 21)."),
            )
        return
    if earliest_on is not None and today < earliest_on:
        yield Violation(
            "consent_asked_on",
            N_(
                "The person was told too recently: access may be given from %(day)s on (4982 art. 21)."
            ),
            {"day": format_date(earliest_on)},
        )


def consent_date_violations(values: Values, *, today: dt.date) -> Iterator[Violation]:
    """Yield what is wrong with the days of telling somebody and of that person’s consent."""
    asked, given = _day(values, "consent_asked_on"), _day(values, "consent_given_on")
    if asked is None:
        yield Violation("consent_asked_on", N_("Give the day on which the person was told."))
    for name, day in (("consent_asked_on", asked), ("consent_given_on", given)):
        if day is not None and day > today:
            yield Violation(name, N_("This date lies in the future."))
    if asked is not None and given is not None and given < asked:
        yield Violation("consent_given_on", N_("Nobody consents before being told."))


def extension_violations(
    values: Values, *, notice_by: dt.date | None, today: dt.date
) -> Iterator[Violation]:
    """Yield what keeps a request from being extended: no reason of m.11, or too late for the letter.

    `notice_by` is the fifteenth working day, None while the clock stands.
    """
    if _code(ExtensionReason, values.get("extension_reason")) is None:
        yield Violation("extension_reason", N_("Pick one of the three reasons of article 11."))
    if len(_text(values, "note")) > 300:
        yield Violation("note", _TOO_LONG, {"max": 300})
    yield from late_notice_violations(notice_by=notice_by, today=today)


def late_notice_violations(*, notice_by: dt.date | None, today: dt.date) -> Iterator[Violation]:
    """Yield when the letter of an extension would come after the fifteenth working day (m.11)."""
    if notice_by is not None and today > notice_by:
        yield Violation(
            "",
            N_(
                "The fifteen working days ended on %(day)s: an extension letter is no longer possible (4982 art. 11). Answer the request now."
            ),
            {"day": format_date(notice_by)},
        )


# --- appeals ------------------------------------------------------------------------------------------
def appeal_violations(values: Values, *, today: dt.date) -> Iterator[Violation]:
    """Yield what keeps an appeal from being recorded. Whether it came in time is the Board’s to say."""
    if _code(AppealForum, values.get("forum")) is None:
        yield Violation("forum", N_("Pick where the applicant went."))
    filed, notified = _day(values, "filed_on"), _day(values, "notified_on")
    if filed is None:
        yield Violation("filed_on", N_("Give the day of the appeal."))
    for name, day in (("filed_on", filed), ("notified_on", notified)):
        if day is not None and day > today:
            yield Violation(name, N_("This date lies in the future."))
        elif day is not None and day < FIRST_DAY:
            yield Violation(name, N_("Law 4982 came into force on 24.04.2004."))
    if filed is not None and notified is not None and filed < notified:
        yield Violation("filed_on", N_("Nobody appeals before being told the decision."))
    if len(_text(values, "file_no")) > 60:
        yield Violation("file_no", _TOO_LONG, {"max": 60})


def appeal_step_violations(
    step: str, values: Values, *, filed_on: dt.date, asked_on: dt.date | None, today: dt.date
) -> Iterator[Violation]:
    """Yield what keeps a step of an appeal from being noted: its day, and what belongs to it."""
    on = _day(values, "on")
    earliest = asked_on if step == "send" and asked_on is not None else filed_on
    if on is None:
        yield Violation("on", N_("Give the day."))
    elif on > today:
        yield Violation("on", N_("This date lies in the future."))
    elif on < earliest:
        yield Violation(
            "on", N_("This lies before %(day)s, when it began."), {"day": format_date(earliest)}
        )
    if step == "decide" and _code(AppealResult, values.get("result")) is None:
        yield Violation("result", N_("Pick what was decided."))
    if step == "follow" and not _text(values, "follow_up"):
        yield Violation("follow_up", N_("Pick what followed."))


#: Step of an appeal → states in which it may be taken.
APPEAL_STEPS: Mapping[str, frozenset[AppealState]] = {
    "ask": frozenset({AppealState.FILED}),
    "send": frozenset({AppealState.DOCUMENTS_ASKED}),
    "decide": frozenset(
        {AppealState.FILED, AppealState.DOCUMENTS_ASKED, AppealState.DOCUMENTS_SENT}
    ),
    "follow": frozenset({AppealState.DECIDED}),
}


# --- lists ----------------------------------------------------------------------------------------------
def ground_violations(values: Values) -> Iterator[Violation]:
    """Yield what is wrong with a refusal ground: law, article, words, and the days it holds."""
    if not _text(values, "code"):
        yield Violation("code", N_("Give the short name of the article, for example m.21."))
    if not _text(values, "law"):
        yield Violation("law", N_("Name the law, for example 4982."))
    if not _text(values, "article"):
        yield Violation("article", N_("Write the number of the article."))
    if not _text(values, "title"):
        yield Violation("title", N_("Give the article a title."))
    if not _text(values, "letter_text"):
        yield Violation("letter_text", N_("Write the sentence that the letter prints."))
    start, end = _day(values, "valid_from"), _day(values, "valid_to")
    if start is None:
        yield Violation("valid_from", N_("Give the first day on which it holds."))
    elif end is not None and end < start:
        yield Violation("valid_to", N_("The end lies before the beginning."))


def published_violations(values: Values) -> Iterator[Violation]:
    """Yield what is wrong with an entry of the catalogue: a reader must find what it points to."""
    if not _text(values, "title"):
        yield Violation("title", N_("Give the information a title."))
    url = _text(values, "url")
    if not url and not _text(values, "place"):
        yield Violation("place", N_("Say where it was published, or give its address."))
    if url and not url.startswith(("https://", "http://")):
        yield Violation("url", N_("An address begins with https:// or http://."))
    cycle = _code(UpdateCycle, values.get("cycle") or UpdateCycle.NEVER)
    if cycle is None:
        yield Violation("cycle", N_("Pick how often it is updated."))
    elif cycle is not UpdateCycle.NEVER and not (
        _day(values, "published_on") or _day(values, "updated_on")
    ):
        yield Violation(
            "published_on", N_("Without a day of publication no next update can be counted.")
        )
    published, updated = _day(values, "published_on"), _day(values, "updated_on")
    if published is not None and updated is not None and updated < published:
        yield Violation("updated_on", N_("Nothing is updated before it is published."))


def report_line_violations(values: Values) -> Iterator[Violation]:
    """Yield what is wrong with a line of the annual report: what it counts and for which years."""
    if not _text(values, "code"):
        yield Violation("code", N_("Give the line a short name, for example a."))
    if not _text(values, "text"):
        yield Violation("text", N_("Write the line as the form has it."))
    if _code(InformationFigure, values.get("figure")) is None:
        yield Violation("figure", N_("Pick what the line counts."))
    first, last = values.get("valid_from_year"), values.get("valid_to_year")
    for name, year in (("valid_from_year", first), ("valid_to_year", last)):
        if year is not None and not FIRST_DAY.year <= int(year) <= 2200:
            yield Violation(name, N_("Write a year from 2004 on."))
    if first is not None and last is not None and int(last) < int(first):
        yield Violation("valid_to_year", N_("The end lies before the beginning."))
    position = values.get("position")
    if position is not None and not 0 <= int(position) <= 10_000:
        yield Violation("position", N_("Write a number from 0 to 10,000."))
