"""The codes of the room: channels, kinds, states, outcomes, priorities; their words are in `labels`.

Source: domain facts 1.1–1.6; 3071, 4982, 6698 sayılı Kanunlar.
"""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """By which way an application came."""

    CALL_CENTER = "call_center"
    WEB = "web"
    MOBILE = "mobile"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    DESK = "desk"
    FIELD = "field"
    PETITION = "petition"
    KEP = "kep"
    CIMER = "cimer"
    PRESIDENCY = "presidency"
    GOVERNOR = "governor"
    EDEVLET = "edevlet"
    SOCIAL_MEDIA = "social_media"
    MUKHTAR = "mukhtar"
    PUBLIC_DAY = "public_day"
    COUNCIL_MEMBER = "council_member"
    PRESS = "press"
    OMBUDSMAN = "ombudsman"
    PARLIAMENT = "parliament"
    BIMER = "bimer"
    PRIME_MINISTRY = "prime_ministry"


#: Offices that no longer exist (July 2018): old records keep them, new ones may not use them.
LEGACY_CHANNELS = frozenset({Channel.BIMER, Channel.PRIME_MINISTRY})


class Kind(StrEnum):
    """What an application is in law; the kind drives the clock, the channel does not."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    OPINION = "opinion"
    TIPOFF = "tipoff"
    INFORMATION = "information"
    THANKS = "thanks"
    OBJECTION = "objection"
    KVKK = "kvkk"
    ENQUIRY = "enquiry"
    PARTICIPATION = "participation"


#: Legal period of each kind (key of system.LegalRule); None: no legal clock.
RULE_OF_KIND: dict[Kind, str | None] = {
    Kind.REQUEST: "petition_answer",
    Kind.COMPLAINT: "petition_answer",
    Kind.SUGGESTION: "petition_answer",
    Kind.OPINION: "petition_answer",
    Kind.TIPOFF: "petition_answer",
    Kind.OBJECTION: "petition_answer",
    Kind.INFORMATION: "foi_access",
    Kind.KVKK: "kvkk_request",
    Kind.THANKS: None,
    Kind.ENQUIRY: None,
    Kind.PARTICIPATION: None,
}


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    REGISTERED = "registered"
    TRIAGE = "triage"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    SCHEDULED = "scheduled"
    INFO_REQUESTED = "info_requested"
    EXTENSION_REQUESTED = "extension_requested"
    FEE_PENDING = "fee_pending"
    UNIT_ANSWERED = "unit_answered"
    REPLY_APPROVED = "reply_approved"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    REJECTED = "rejected"
    INADMISSIBLE = "inadmissible"
    TRANSFERRED_OUT = "transferred_out"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    DEEMED_WITHDRAWN = "deemed_withdrawn"
    APPEALED = "appealed"
    DISCARDED = "discarded"


#: Somebody here still has to do something; the partial indexes of the work lists name the same set.
OPEN_STATES = frozenset(
    {
        State.REGISTERED,
        State.TRIAGE,
        State.ASSIGNED,
        State.IN_PROGRESS,
        State.RETURNED,
        State.SCHEDULED,
        State.INFO_REQUESTED,
        State.EXTENSION_REQUESTED,
        State.FEE_PENDING,
        State.UNIT_ANSWERED,
        State.REPLY_APPROVED,
        State.REOPENED,
    }
)


class Outcome(StrEnum):
    """What came of it, in the words of the statistics."""

    RESOLVED = "resolved"
    PARTLY_RESOLVED = "partly_resolved"
    PLANNED = "planned"
    INFORMED = "informed"
    REJECTED = "rejected"
    NOT_COMPETENT = "not_competent"
    UNFOUNDED = "unfounded"
    DUPLICATE = "duplicate"


class Priority(StrEnum):
    """How soon the work is to be done; it never lengthens a legal period."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Competence(StrEnum):
    """Whose task a topic is. Source: 5216 m.7."""

    BB = "bb"
    TESKI = "teski"
    DISTRICT = "district"
    EXTERNAL = "external"


class AssignmentRole(StrEnum):
    """What a unit is asked for."""

    LEAD = "lead"
    ACTION = "action"
    INFORMATION = "information"


class AssignmentState(StrEnum):
    """Life of one assignment to one unit."""

    SENT = "sent"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    """Who may read an event: the house only, or the applicant too."""

    INTERNAL = "internal"
    APPLICANT = "applicant"


class ReplyState(StrEnum):
    """Life of a reply letter."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    SENT = "sent"
    SENT_BACK = "sent_back"


class ReplyKind(StrEnum):
    """What a reply does to the clock. Source: 3071 m.7."""

    FINAL = "final"
    PROGRESS = "progress"
    EXTENSION_NOTICE = "extension_notice"
    FORWARDING_NOTICE = "forwarding_notice"


class InadmissibleReason(StrEnum):
    """Petitions that may not be examined. Source: 3071 m.6."""

    NO_SPECIFIC_SUBJECT = "no_specific_subject"
    JUDICIAL_MATTER = "judicial_matter"
    MISSING_MANDATORY_PARTS = "missing_mandatory_parts"


#: States in which the final answer is written: after the units, or during the assessment.
FINAL_REPLY_STATES = frozenset({State.TRIAGE, State.UNIT_ANSWERED})
