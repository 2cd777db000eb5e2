"""Which cases may be joined, which of them leads, and how one letter is told to another applicant.

Source: domain facts 1.4 (mükerrer; every applicant still gets an answer); 6698 m.4 (nobody reads the
identity of somebody else).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.applications.rules.transitions import TRANSITIONS, Action
from app.applications.rules.vocabulary import OPEN_STATES, Kind, State
from app.core.rules import N_, Violation
from app.core.text import fold, tr_upper

#: States in which a case may be joined to another one; the table says by whom.
MERGEABLE_STATES = frozenset(
    state for row in TRANSITIONS if row.action is Action.MERGE for state in row.from_states
)
#: Ends that hold an answer which the applicant of a late duplicate can be told at once.
ANSWERING_STATES = frozenset({State.ANSWERED, State.CLOSED, State.REJECTED, State.TRANSFERRED_OUT})
#: Kinds with a law and a decision of their own: each is joined with its own kind only.
OWN_LAW = frozenset({Kind.INFORMATION, Kind.KVKK})


@dataclass(frozen=True)
class Candidate:
    """What is looked at of a case that may be joined."""

    id: int
    state: State
    kind: Kind
    topic_id: int | None
    neighbourhood_id: int | None
    citizen_id: int | None
    received_at: dt.datetime
    #: How many cases follow it already.
    merged: int = 0


def merge_violations(case: Candidate, main: Candidate, *, has_answer: bool) -> Iterator[Violation]:
    """A duplicate follows a main case that somebody works on, or that holds an answer for it.

    `has_answer` says whether the main case has told its applicant a result.
    """
    if case.id == main.id:
        yield Violation("master_id", N_("A case cannot be merged with itself."))
        return
    if main.state is State.MERGED:
        yield Violation("master_id", N_("This case is merged itself; pick its main case."))
    elif main.state not in OPEN_STATES and not (main.state in ANSWERING_STATES and has_answer):
        yield Violation(
            "master_id", N_("Cases are merged with one that is open or has been answered.")
        )
    if case.kind is not main.kind and {case.kind, main.kind} & OWN_LAW:
        yield Violation(
            "master_id",
            N_("Requests under laws 4982 and 6698 are merged with their own kind only."),
        )
    elif case.kind is Kind.KVKK and case.citizen_id != main.citizen_id:
        yield Violation(
            "master_id", N_("A request about personal data is never answered to somebody else.")
        )


def suggest_main(cases: Sequence[Candidate]) -> int | None:
    """Return the id of the case that should lead: the oldest open one of the commonest matter.

    The matter is topic and neighbourhood. A case that leads a group already goes on leading. Without
    an open case the oldest answered one leads; None when none of them can.
    """
    if not cases:
        return None
    matters = Counter((case.topic_id, case.neighbourhood_id) for case in cases)
    commonest = matters.most_common(1)[0][1]

    def rank(case: Candidate) -> tuple[bool, bool, int, dt.datetime, int]:
        is_common = matters[case.topic_id, case.neighbourhood_id] == commonest
        is_ended = case.state not in OPEN_STATES
        return (is_ended, not is_common, -case.merged, case.received_at, case.id)

    able = [case for case in cases if case.state in OPEN_STATES | ANSWERING_STATES]
    return min(able, key=rank).id if able else None


# --- one letter for another applicant ----------------------------------------------------------------
@dataclass(frozen=True)
class Addressee:
    """What a letter may say of its applicant; empty for who is not known or must not be named."""

    number: str
    code: str = ""
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    received: str = ""
    #: Written nowhere in a letter to somebody else: telephone, identity number, e-mail, address.
    private: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """The name as a letter writes it: the surname in capitals."""
        return self.title or f"{self.first_name} {tr_upper(self.last_name)}".strip()


def retell(text: str, *, of: Addressee, to: Addressee) -> str | None:
    """Return a letter to one applicant as it reads for another, or None when it cannot be.

    Number, tracking code, day and name are exchanged. None as soon as anything that tells who the
    first one is would be left: then a neutral text goes out instead.
    """
    found = text
    for old, new in ((of.number, to.number), (of.code, to.code)):
        if old and new:
            found = found.replace(old, new)
    if of.received and to.received:
        # Only the day of the application itself; the same day may be that of the work.
        found = found.replace(f"{of.received} tarihli", f"{to.received} tarihli")
    for name in _spellings(of):
        if to.spoken:
            found = found.replace(name, to.spoken)
        else:
            # A hidden or nameless applicant is addressed without a name.
            found = found.replace(f"Sayın {name}", "Sayın ilgili")
    return None if _tells_of(found, of, to) else found


def _spellings(who: Addressee) -> Iterable[str]:
    """The ways a name is written in letters."""
    if who.title:
        return (who.title, tr_upper(who.title))
    if not who.last_name:
        return ()
    plain = f"{who.first_name} {who.last_name}".strip()
    spoken = f"{who.first_name} {tr_upper(who.last_name)}".strip()
    return dict.fromkeys((spoken, plain, tr_upper(plain)))


def _tells_of(text: str, who: Addressee, to: Addressee) -> bool:
    words = set(re.findall(r"\w+", fold(text)))
    own = set(re.findall(r"\w+", fold(to.spoken)))
    names = re.findall(r"\w+", fold(f"{who.last_name} {who.title}"))
    if any(word in words and word not in own for word in names if len(word) > 1):
        return True
    if who.code and who.code != to.code and who.code in text:
        return True
    digits = re.sub(r"[^0-9]", "", text)
    for secret in who.private:
        number = re.sub(r"[^0-9]", "", secret)[-10:]
        if len(number) >= 7 and number in digits:
            return True
        if secret and fold(secret) in fold(text):
            return True
    return False
