"""Sentences of the letters of law 4982, as msgids; they are put together in the services.

Source: 4982 m.7–12, m.21; the articles themselves are rows, because laws change.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.applications.rules.information.codes import (
    AccessForm,
    ExtensionReason,
    InformationDecision,
)
from app.core.rules import N_

LETTER_SUBJECT = N_("Your information request numbered %(number)s")
LETTER_OPENING = N_(
    "Your request dated %(day)s and numbered %(number)s under the Right to Information Act (law 4982) has been examined."
)
#: What the letter says first.
DECISION_SENTENCES: Mapping[InformationDecision, str] = {
    InformationDecision.GRANTED: N_("The information and documents you asked for are given."),
    InformationDecision.PARTIAL: N_(
        "The information and documents you asked for are given in part; the rest is not given for the reasons below."
    ),
    InformationDecision.REFUSED: N_(
        "The information and documents you asked for cannot be given for the reasons below."
    ),
    InformationDecision.PUBLISHED: N_(
        "What you asked for has been published already; under article 8 of law 4982 you are told where and when."
    ),
}
ACCESS_SENTENCES: Mapping[AccessForm, str] = {
    AccessForm.CERTIFIED_COPY: N_("A certified copy is enclosed."),
    AccessForm.INSPECTION: N_(
        "You may inspect the originals at our office on working days after making an appointment (4982 art. 10)."
    ),
    AccessForm.LISTENING: N_(
        "You may listen to or watch the recordings at our office after making an appointment (4982 art. 10)."
    ),
    AccessForm.ELECTRONIC: N_("The copies are sent to you electronically."),
}
PAGES_SENTENCE = N_("Number of pages: %(pages)s.")
REMOVED_SENTENCE = N_("Removed or separated under article 9 of law 4982: %(removed)s")
GROUND_SENTENCE = N_("Law %(law)s article %(article)s: %(text)s")
REASON_SENTENCE = N_("Reason: %(reason)s")
PUBLISHED_SENTENCE = N_("%(title)s: %(place)s")
PUBLISHED_ON = N_("Published on %(day)s.")
SHORT_TEXT = N_(
    "A decision has been taken on your information request %(number)s. You can learn it with the code %(code)s from ALO 153."
)

EXTENSION_SUBJECT = N_("The period for your information request numbered %(number)s")
EXTENSION_OPENING = N_(
    "Your request dated %(day)s and numbered %(number)s under the Right to Information Act (law 4982) is being worked on."
)
EXTENSION_SENTENCES: Mapping[ExtensionReason, str] = {
    ExtensionReason.ANOTHER_UNIT: N_(
        "The information you asked for is obtained from another unit of our institution."
    ),
    ExtensionReason.OTHER_OPINION: N_(
        "The opinion of another institution has to be obtained on your request."
    ),
    ExtensionReason.SEVERAL_INSTITUTIONS: N_("Your request concerns more than one institution."),
}
EXTENSION_CLOSING = N_(
    "Therefore, under article 11 of law 4982, access is given within thirty working days, by %(day)s at the latest."
)
