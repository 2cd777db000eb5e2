"""What the tracking page tells a citizen: stages and words for states and steps, and what it holds back.

No personal data stand on it: who has number and code need not be the applicant. Source: domain facts 1.4,
1.5, 2.4, 2.5.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from app.applications.rules.vocabulary import Kind, State
from app.core.identifiers import scrub
from app.core.rules import N_
from app.core.text import fold

_S = State

#: The way of an application as a citizen sees it, and the states that stand at each stage.
PUBLIC_STAGES: tuple[tuple[str, frozenset[State]], ...] = (
    (N_("Application received"), frozenset({_S.REGISTERED, _S.TRIAGE, _S.RETURNED, _S.REOPENED, _S.INFO_REQUESTED})),
    (
        N_("With the responsible unit"),
        frozenset({_S.ASSIGNED, _S.IN_PROGRESS, _S.SCHEDULED, _S.EXTENSION_REQUESTED, _S.FEE_PENDING}),
    ),
    (N_("The answer is being prepared"), frozenset({_S.UNIT_ANSWERED, _S.REPLY_APPROVED})),
    (
        N_("Result"),
        frozenset(
            {
                _S.ANSWERED, _S.CLOSED, _S.REJECTED, _S.INADMISSIBLE, _S.TRANSFERRED_OUT, _S.MERGED,
                _S.WITHDRAWN, _S.DEEMED_WITHDRAWN, _S.APPEALED,
            }
        ),
    ),
)  # fmt: skip

#: State → the sentence that tells it.
PUBLIC_STATES: Mapping[State, str] = {
    _S.REGISTERED: N_("Your application has been received and is about to be assessed."),
    _S.TRIAGE: N_("Your application is being assessed: we look for the unit responsible."),
    _S.ASSIGNED: N_("Your application has been sent to the unit responsible."),
    _S.IN_PROGRESS: N_("The unit responsible is working on your application."),
    _S.RETURNED: N_("Your application is being assessed again to find the unit responsible."),
    _S.SCHEDULED: N_(
        "The work has been put on the programme; you will be told the result separately."
    ),
    _S.INFO_REQUESTED: N_(
        "We need more information from you. Please call ALO 153 with your number."
    ),
    _S.EXTENSION_REQUESTED: N_("The unit responsible is working on your application."),
    _S.FEE_PENDING: N_("We wait for the fee of your information request (4982 art. 11)."),
    _S.UNIT_ANSWERED: N_("The unit responsible has finished; your answer is being prepared."),
    _S.REPLY_APPROVED: N_("Your answer is ready and about to be sent."),
    _S.ANSWERED: N_("Your application has been answered."),
    _S.CLOSED: N_("Your application has been closed."),
    _S.REOPENED: N_("Your application has been taken up again."),
    _S.REJECTED: N_("A decision with reasons has been taken on your application."),
    _S.INADMISSIBLE: N_("Your application could not be examined under article 6 of law 3071."),
    _S.TRANSFERRED_OUT: N_(
        "Your application concerns another institution and has been passed on there."
    ),
    _S.MERGED: N_("Your application is dealt with together with one on the same matter."),
    _S.WITHDRAWN: N_("Your application has been closed at your wish."),
    _S.DEEMED_WITHDRAWN: N_(
        "Your information request counts as withdrawn because the fee was not paid."
    ),
    _S.APPEALED: N_("You have gone to the Information Review Board; its decision is awaited."),
}

#: Step on the timeline → how the citizen reads it; another one is told in the words of the office.
PUBLIC_STEPS: Mapping[str, str] = {
    "register": N_("Your application was received."),
    "assign": N_("It was sent to the unit responsible."),
    "accept": N_("The unit began to work on it."),
    "schedule": N_("The work was put on the programme."),
    "start_work": N_("The planned work began."),
    "request_information": N_("We asked you for more information."),
    "receive_information": N_("Your information arrived."),
    "grant_extension": N_("The period was extended."),
    "send_progress": N_("You were told how far it is."),
    "send_extension_notice": N_("You were told that the period is longer."),
    "send_forwarding_notice": N_("You were told where your application has gone."),
    "demand_fee": N_("You were told the fee."),
    "receive_fee": N_("The fee was paid."),
    "withdraw_fee": N_("The notice of the fee was taken back."),
    "send_reply": N_("The answer was sent to you."),
    "send_refusal": N_("A refusal with its reasons was sent to you."),
    "master_answered": N_("The matter was answered."),
    "close": N_("Your application was closed."),
    "close_first_contact": N_("You were answered at once."),
    "close_no_reply": N_("It was closed because the information asked for did not arrive."),
    "reopen": N_("It was taken up again."),
    "applicant_unsolved": N_("You told us that the matter is not solved."),
    "transfer_out": N_("It was passed on to the competent institution."),
    "withdraw": N_("It was closed at your wish."),
    "reject": N_("A decision was taken."),
    "declare_inadmissible": N_("It could not be examined."),
    "merge": N_("It was joined with an application on the same matter."),
    "deem_withdrawn": N_("It counts as withdrawn."),
    "appeal": N_("You went to the Information Review Board."),
}

#: Steps that the applicant could read but that speak of others: who else called about the matter.
UNTOLD_STEPS = frozenset({"join"})

#: States that no citizen is told of: nothing has been registered, or what was is void.
UNTRACKED_STATES = frozenset({_S.DRAFT, _S.DISCARDED})
#: Their answers speak of a person by nature, so they are told by letter only (6698 m.13).
SILENT_KINDS = frozenset({Kind.KVKK})
#: States that the applicant may bring back to life, as the table of steps has them.
REOPENABLE_STATES = frozenset({_S.ANSWERED, _S.CLOSED})

LONGEST_UNSOLVED = 1000
_GAP = "•••"
_DEAR = re.compile(r"^\s*(?:Sayın|Dear)\b[^\n]*\n+", re.IGNORECASE)
_SHORTEST_NAME = 3


def is_told_step(action: str, *, only_state: bool) -> bool:
    """Say whether a step that the applicant may read stands on the tracking page.

    Of a restricted or hidden case nothing stands there but its state.
    """
    return not only_state and action not in UNTOLD_STEPS


def may_reopen(state: State, ended_on: dt.date | None, today: dt.date, days: int) -> bool:
    """Say whether an applicant may say “not solved”: the case has ended, and not too long ago."""
    return state in REOPENABLE_STATES and ended_on is not None and (today - ended_on).days <= days


def add_days(day: dt.date, days: int) -> dt.date:
    """Return the day so many calendar days later; a reopening counts no working days."""
    return day + dt.timedelta(days=days)


def public_text(text: str, *, personal: Iterable[str] = ()) -> str:
    """Return a letter as the public page may show it: without the salutation and without persons.

    Identity numbers, telephones, accounts and e-mails are replaced, and so is every word in
    `personal` (names, an address) wherever and however it is written.
    """
    text = scrub(_DEAR.sub("", text.strip(), count=1))
    for name in sorted({fold(p) for p in personal}, key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            text = _without(text, name.split())
    return re.sub(r"\[(?:phone|email|iban|national_id)\]", _GAP, text)


_WORD = re.compile(r"[\w\u0300-\u036f]+")


def _without(text: str, words: list[str]) -> str:
    """Replace each run of words that folds to `words`; a suffix after an apostrophe stays."""
    found = [(m.start(), m.end(), fold(m.group())) for m in _WORD.finditer(text)]
    parts, position, at = [], 0, 0
    while at <= len(found) - len(words):
        if [w for _s, _e, w in found[at : at + len(words)]] == words:
            parts += [text[position : found[at][0]], _GAP]
            position = found[at + len(words) - 1][1]
            at += len(words)
        else:
            at += 1
    return "".join([*parts, text[position:]])
