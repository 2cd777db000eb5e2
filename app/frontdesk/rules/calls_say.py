"""What an operator tells a caller about a case: one sentence for each state, with the date that holds.

Source: domain facts 1.4; the wording is the office's.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.applications.rules import State
from app.core.rules import N_

_ASSESSED = N_("We are looking at your application. You will be answered by %(due)s at the latest.")
_AT_UNIT = N_("Your application is with %(unit)s. You will be answered by %(due)s at the latest.")

#: State → sentence; places: due (a date), unit (a name).
SENTENCES: Mapping[State, str] = {
    State.REGISTERED: _ASSESSED,
    State.TRIAGE: _ASSESSED,
    State.RETURNED: _ASSESSED,
    State.REOPENED: N_(
        "Your application has been opened again. You will be answered by %(due)s at the latest."
    ),
    State.ASSIGNED: _AT_UNIT,
    State.IN_PROGRESS: N_(
        "%(unit)s is working on your application. You will be answered by %(due)s at the latest."
    ),
    State.SCHEDULED: N_(
        "%(unit)s has put the work on its programme; you will be told when it is done."
    ),
    State.INFO_REQUESTED: N_("We are waiting for the information that we asked you for."),
    State.EXTENSION_REQUESTED: N_(
        "%(unit)s needs more time for the work. You will be answered by %(due)s at the latest."
    ),
    State.FEE_PENDING: N_("We are waiting for the cost of the information to be paid."),
    State.UNIT_ANSWERED: N_(
        "%(unit)s has answered; your written answer is being prepared. It comes by %(due)s at the latest."
    ),
    State.REPLY_APPROVED: N_("Your written answer is ready and will be sent."),
    State.APPEALED: N_("Your objection is with the Information Review Board."),
}
#: The same where no legal date runs.
WITHOUT_DATE: Mapping[State, str] = {
    State.ASSIGNED: N_("Your application is with %(unit)s."),
    State.IN_PROGRESS: N_("%(unit)s is working on your application."),
    State.UNIT_ANSWERED: N_("%(unit)s has answered; your written answer is being prepared."),
}
#: For every other state without a date, and for units that are not named yet.
LOOKED_AT = N_("We are looking at your application.")


def sentence_for(state: State, *, has_date: bool, has_unit: bool) -> str:
    """The msgid that tells where a case stands; never one with a place that cannot be filled."""
    chosen = SENTENCES.get(state, LOOKED_AT)
    if "%(due)s" in chosen and not has_date:
        chosen = WITHOUT_DATE.get(state, LOOKED_AT)
    if "%(unit)s" in chosen and not has_unit:
        chosen = SENTENCES[State.TRIAGE] if has_date else LOOKED_AT
    return chosen
