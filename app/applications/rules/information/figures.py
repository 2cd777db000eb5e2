"""What the annual report of article 30 counts, in words; the counting stands in the queries.

Source: 4982 m.30; domain facts 2.3. Which figure stands in which line is data.
"""

from __future__ import annotations

from enum import StrEnum

from app.core.rules import N_


class InformationFigure(StrEnum):
    """One thing that can be counted among the requests of a year."""

    RECEIVED = "received"
    GRANTED = "granted"
    REFUSED = "refused"
    SEPARATED = "separated"
    PARTIAL = "partial"
    PUBLISHED = "published"
    FORWARDED = "forwarded"
    WITHDRAWN = "withdrawn"
    DEEMED_WITHDRAWN = "deemed_withdrawn"
    PENDING = "pending"
    ENDED_OTHERWISE = "ended_otherwise"
    APPEALED = "appealed"
    APPEAL_ACCEPTED = "appeal_accepted"
    APPEAL_PARTLY = "appeal_partly"
    APPEAL_REJECTED = "appeal_rejected"
    APPEAL_PENDING = "appeal_pending"
    COURT = "court"
    LATE = "late"
    EXTENDED = "extended"
    FEE = "fee"
    ANSWERED = "answered"
    NO_ARTICLE = "no_article"


FIGURE_LABELS = {
    InformationFigure.RECEIVED: N_("Requests received"),
    InformationFigure.GRANTED: N_("Answered positively, access given"),
    InformationFigure.REFUSED: N_("Requests refused"),
    InformationFigure.SEPARATED: N_("Access given after secret parts were removed or separated"),
    InformationFigure.PARTIAL: N_("Partly given, partly refused"),
    InformationFigure.PUBLISHED: N_("Pointed to what is already published"),
    InformationFigure.FORWARDED: N_("Passed on to another institution"),
    InformationFigure.WITHDRAWN: N_("Withdrawn by the applicant"),
    InformationFigure.DEEMED_WITHDRAWN: N_("Deemed withdrawn because the fee was not paid"),
    InformationFigure.PENDING: N_("Still open"),
    InformationFigure.ENDED_OTHERWISE: N_("Ended without a decision of this law"),
    InformationFigure.APPEALED: N_("Refusals taken to the Board"),
    InformationFigure.APPEAL_ACCEPTED: N_("Appeals to the Board accepted"),
    InformationFigure.APPEAL_PARTLY: N_("Appeals to the Board partly accepted"),
    InformationFigure.APPEAL_REJECTED: N_("Appeals to the Board rejected"),
    InformationFigure.APPEAL_PENDING: N_("Appeals to the Board without a decision yet"),
    InformationFigure.COURT: N_("Taken to the administrative court"),
    InformationFigure.LATE: N_("Past the legal date"),
    InformationFigure.EXTENDED: N_("Extended to thirty working days"),
    InformationFigure.FEE: N_("A fee was asked for"),
    InformationFigure.ANSWERED: N_("Requests with an answer"),
    InformationFigure.NO_ARTICLE: N_("Refused without an article on record"),
}

#: The same in a word or two, for the heads of tables.
FIGURE_HEADS = {
    InformationFigure.RECEIVED: N_("Received"),
    InformationFigure.GRANTED: N_("Given"),
    InformationFigure.PARTIAL: N_("In part"),
    InformationFigure.REFUSED: N_("Refused"),
    InformationFigure.PUBLISHED: N_("Pointed to"),
    InformationFigure.FORWARDED: N_("Passed on"),
    InformationFigure.PENDING: N_("Open"),
    InformationFigure.LATE: N_("Late"),
}

#: Each request of a year stands in exactly one of these: together they are all that were received.
PARTITION = (
    InformationFigure.GRANTED,
    InformationFigure.PARTIAL,
    InformationFigure.REFUSED,
    InformationFigure.PUBLISHED,
    InformationFigure.FORWARDED,
    InformationFigure.WITHDRAWN,
    InformationFigure.DEEMED_WITHDRAWN,
    InformationFigure.PENDING,
    InformationFigure.ENDED_OTHERWISE,
)
