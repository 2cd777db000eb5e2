"""The words of the right to information: decisions, forms of access, extensions, appeals, cycles.

Source: 4982 m.7–13, m.21; domain facts 2.1 and 2.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.applications.rules.vocabulary import Outcome
from app.core.rules import N_


class InformationDecision(StrEnum):
    """What an information request came to."""

    GRANTED = "granted"
    PARTIAL = "partial"
    REFUSED = "refused"
    PUBLISHED = "published"
    FORWARDED = "forwarded"
    WITHDRAWN = "withdrawn"
    DEEMED_WITHDRAWN = "deemed_withdrawn"


class AccessForm(StrEnum):
    """How the applicant gets to the information. Source: 4982 m.10."""

    CERTIFIED_COPY = "certified_copy"
    INSPECTION = "inspection"
    LISTENING = "listening"
    ELECTRONIC = "electronic"


class ExtensionReason(StrEnum):
    """The only three reasons for thirty working days. Source: 4982 m.11."""

    ANOTHER_UNIT = "another_unit"
    OTHER_OPINION = "other_opinion"
    SEVERAL_INSTITUTIONS = "several_institutions"


class AppealForum(StrEnum):
    """Where the applicant went against the decision. Source: 4982 m.13; 2577 m.7."""

    BOARD = "board"
    COURT = "court"


class AppealState(StrEnum):
    """How far an appeal is."""

    FILED = "filed"
    DOCUMENTS_ASKED = "documents_asked"
    DOCUMENTS_SENT = "documents_sent"
    DECIDED = "decided"


class AppealResult(StrEnum):
    """What the Board or the court decided."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


class AppealFollowUp(StrEnum):
    """What the municipality did after the decision."""

    ACCESS_GIVEN = "access_given"
    ACCESS_PARTLY = "access_partly"
    DECISION_STANDS = "decision_stands"
    SUED = "sued"


class UpdateCycle(StrEnum):
    """How often published information is brought up to date."""

    NEVER = "never"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


DECISION_LABELS = {
    InformationDecision.GRANTED: N_("Access given"),
    InformationDecision.PARTIAL: N_("Partly given"),
    InformationDecision.REFUSED: N_("Access refused"),
    InformationDecision.PUBLISHED: N_("Already published (art. 8)"),
    InformationDecision.FORWARDED: N_("Not with us, passed on (art. 7)"),
    InformationDecision.WITHDRAWN: N_("Request withdrawn"),
    InformationDecision.DEEMED_WITHDRAWN: N_("Request deemed withdrawn (art. 11)"),
}
DECISION_TONES = {
    InformationDecision.GRANTED: "ok",
    InformationDecision.PARTIAL: "warn",
    InformationDecision.REFUSED: "bad",
    InformationDecision.PUBLISHED: "ok",
    InformationDecision.FORWARDED: "",
    InformationDecision.WITHDRAWN: "",
    InformationDecision.DEEMED_WITHDRAWN: "",
}
ACCESS_FORM_LABELS = {
    AccessForm.CERTIFIED_COPY: N_("Certified copy"),
    AccessForm.INSPECTION: N_("Inspection on the spot"),
    AccessForm.LISTENING: N_("Listening or watching"),
    AccessForm.ELECTRONIC: N_("Electronic copy"),
}
EXTENSION_REASON_LABELS = {
    ExtensionReason.ANOTHER_UNIT: N_("The information comes from another unit"),
    ExtensionReason.OTHER_OPINION: N_("Another institution’s opinion is needed"),
    ExtensionReason.SEVERAL_INSTITUTIONS: N_("Several institutions are concerned"),
}
APPEAL_FORUM_LABELS = {
    AppealForum.BOARD: N_("Information Review Board"),
    AppealForum.COURT: N_("Administrative court"),
}
APPEAL_STATE_LABELS = {
    AppealState.FILED: N_("Appeal filed"),
    AppealState.DOCUMENTS_ASKED: N_("Documents asked for"),
    AppealState.DOCUMENTS_SENT: N_("Documents sent"),
    AppealState.DECIDED: N_("Appeal decided"),
}
APPEAL_STATE_TONES = {
    AppealState.FILED: "wait",
    AppealState.DOCUMENTS_ASKED: "warn",
    AppealState.DOCUMENTS_SENT: "wait",
    AppealState.DECIDED: "",
}
APPEAL_RESULT_LABELS = {
    AppealResult.ACCEPTED: N_("Appeal accepted"),
    AppealResult.PARTLY: N_("Appeal partly accepted"),
    AppealResult.REJECTED: N_("Appeal rejected"),
}
APPEAL_RESULT_TONES = {
    AppealResult.ACCEPTED: "bad",
    AppealResult.PARTLY: "warn",
    AppealResult.REJECTED: "ok",
}
FOLLOW_UP_LABELS = {
    AppealFollowUp.ACCESS_GIVEN: N_("Access was given"),
    AppealFollowUp.ACCESS_PARTLY: N_("Access was given in part"),
    AppealFollowUp.DECISION_STANDS: N_("Our decision stands"),
    AppealFollowUp.SUED: N_("An action was brought"),
}
UPDATE_CYCLE_LABELS = {
    UpdateCycle.NEVER: N_("Not updated"),
    UpdateCycle.MONTHLY: N_("Every month"),
    UpdateCycle.QUARTERLY: N_("Every three months"),
    UpdateCycle.HALF_YEARLY: N_("Every six months"),
    UpdateCycle.YEARLY: N_("Every year"),
}

#: Months between two updates.
CYCLE_MONTHS: Mapping[UpdateCycle, int] = {
    UpdateCycle.MONTHLY: 1,
    UpdateCycle.QUARTERLY: 3,
    UpdateCycle.HALF_YEARLY: 6,
    UpdateCycle.YEARLY: 12,
}

#: Decisions that an officer takes; the other two follow from steps of the case.
DECIDABLE = (
    InformationDecision.GRANTED,
    InformationDecision.PARTIAL,
    InformationDecision.REFUSED,
    InformationDecision.PUBLISHED,
    InformationDecision.FORWARDED,
)
#: Decisions that keep something back and therefore print the remedies. Source: 4982 m.12.
HOLDS_BACK = frozenset(
    {InformationDecision.PARTIAL, InformationDecision.REFUSED, InformationDecision.PUBLISHED}
)
#: Decisions that let somebody see something.
GIVES_ACCESS = frozenset({InformationDecision.GRANTED, InformationDecision.PARTIAL})
#: Result in the words of all applications.
OUTCOME_OF: Mapping[InformationDecision, Outcome] = {
    InformationDecision.GRANTED: Outcome.INFORMED,
    InformationDecision.PARTIAL: Outcome.PARTLY_RESOLVED,
    InformationDecision.REFUSED: Outcome.REJECTED,
    InformationDecision.PUBLISHED: Outcome.INFORMED,
    InformationDecision.FORWARDED: Outcome.NOT_COMPETENT,
}
#: The decision behind a final letter that was written without the decision form.
DECISION_OF_OUTCOME: Mapping[Outcome, InformationDecision] = {
    Outcome.RESOLVED: InformationDecision.GRANTED,
    Outcome.INFORMED: InformationDecision.GRANTED,
    Outcome.PLANNED: InformationDecision.GRANTED,
    Outcome.PARTLY_RESOLVED: InformationDecision.PARTIAL,
    Outcome.REJECTED: InformationDecision.REFUSED,
    Outcome.UNFOUNDED: InformationDecision.REFUSED,
    Outcome.NOT_COMPETENT: InformationDecision.FORWARDED,
}
OPEN_APPEALS = frozenset(
    {AppealState.FILED, AppealState.DOCUMENTS_ASKED, AppealState.DOCUMENTS_SENT}
)
