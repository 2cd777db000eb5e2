"""The words of the room's codes and the colours of their badges.

Source: domain facts 1.1–1.6.
"""

from __future__ import annotations

from app.applications.rules.vocabulary.codes import (
    AssignmentRole,
    AssignmentState,
    Channel,
    Competence,
    InadmissibleReason,
    Kind,
    Outcome,
    Priority,
    ReplyKind,
    ReplyState,
    State,
)
from app.core.rules import N_

CHANNEL_LABELS = {
    Channel.CALL_CENTER: N_("Call centre (ALO 153)"),
    Channel.WEB: N_("Web form"),
    Channel.MOBILE: N_("Mobile app"),
    Channel.WHATSAPP: N_("WhatsApp line"),
    Channel.EMAIL: N_("E-mail"),
    Channel.DESK: N_("Solution Desk"),
    Channel.FIELD: N_("Field visit"),
    Channel.PETITION: N_("Written petition"),
    Channel.KEP: N_("Registered e-mail (KEP)"),
    Channel.CIMER: N_("CİMER"),
    Channel.PRESIDENCY: N_("Presidency"),
    Channel.GOVERNOR: N_("Governorate"),
    Channel.EDEVLET: N_("e-Government gateway"),
    Channel.SOCIAL_MEDIA: N_("Social media"),
    Channel.MUKHTAR: N_("Mukhtar"),
    Channel.PUBLIC_DAY: N_("Public day"),
    Channel.COUNCIL_MEMBER: N_("Council member"),
    Channel.PRESS: N_("Press"),
    Channel.OMBUDSMAN: N_("Ombudsman (KDK)"),
    Channel.PARLIAMENT: N_("Parliament petition commission"),
    Channel.BIMER: N_("BİMER (closed)"),
    Channel.PRIME_MINISTRY: N_("Prime Ministry (closed)"),
}

KIND_LABELS = {
    Kind.REQUEST: N_("Request"),
    Kind.COMPLAINT: N_("Complaint"),
    Kind.SUGGESTION: N_("Suggestion"),
    Kind.OPINION: N_("Opinion"),
    Kind.TIPOFF: N_("Tip-off"),
    Kind.INFORMATION: N_("Right to information"),
    Kind.THANKS: N_("Thanks"),
    Kind.OBJECTION: N_("Objection"),
    Kind.KVKK: N_("Personal data request (KVKK)"),
    Kind.ENQUIRY: N_("Enquiry"),
    Kind.PARTICIPATION: N_("Participation in administration"),
}

STATE_LABELS = {
    State.DRAFT: N_("Draft"),
    State.REGISTERED: N_("Registered"),
    State.TRIAGE: N_("In assessment"),
    State.ASSIGNED: N_("Assigned to unit"),
    State.IN_PROGRESS: N_("At the unit"),
    State.RETURNED: N_("Returned by unit"),
    State.SCHEDULED: N_("Scheduled"),
    State.INFO_REQUESTED: N_("Waiting for more information"),
    State.EXTENSION_REQUESTED: N_("Extension requested"),
    State.FEE_PENDING: N_("Waiting for the fee"),
    State.UNIT_ANSWERED: N_("Unit answered"),
    State.REPLY_APPROVED: N_("Reply approved"),
    State.ANSWERED: N_("Answered"),
    State.CLOSED: N_("Closed"),
    State.REOPENED: N_("Reopened"),
    State.REJECTED: N_("Rejected"),
    State.INADMISSIBLE: N_("Inadmissible"),
    State.TRANSFERRED_OUT: N_("Passed to another institution"),
    State.MERGED: N_("Merged"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.DEEMED_WITHDRAWN: N_("Deemed withdrawn"),
    State.APPEALED: N_("Appealed"),
    State.DISCARDED: N_("Discarded"),
}

#: Colour class of a state's badge: somebody works, somebody waits, answered, closed, refused.
STATE_TONES = {
    State.DRAFT: "",
    State.REGISTERED: "info",
    State.TRIAGE: "info",
    State.ASSIGNED: "info",
    State.IN_PROGRESS: "info",
    State.RETURNED: "wait",
    State.SCHEDULED: "info",
    State.INFO_REQUESTED: "wait",
    State.EXTENSION_REQUESTED: "wait",
    State.FEE_PENDING: "wait",
    State.UNIT_ANSWERED: "wait",
    State.REPLY_APPROVED: "wait",
    State.ANSWERED: "ok",
    State.CLOSED: "",
    State.REOPENED: "info",
    State.REJECTED: "bad",
    State.INADMISSIBLE: "bad",
    State.TRANSFERRED_OUT: "",
    State.MERGED: "",
    State.WITHDRAWN: "",
    State.DEEMED_WITHDRAWN: "",
    State.APPEALED: "wait",
    State.DISCARDED: "",
}

OUTCOME_LABELS = {
    Outcome.RESOLVED: N_("Resolved"),
    Outcome.PARTLY_RESOLVED: N_("Partly resolved"),
    Outcome.PLANNED: N_("Planned"),
    Outcome.INFORMED: N_("Information given"),
    Outcome.REJECTED: N_("Rejected"),
    Outcome.NOT_COMPETENT: N_("Not our task"),
    Outcome.UNFOUNDED: N_("Unfounded, not found on site"),
    Outcome.DUPLICATE: N_("Duplicate"),
}

PRIORITY_LABELS = {
    Priority.URGENT: N_("Urgent"),
    Priority.HIGH: N_("High"),
    Priority.NORMAL: N_("Normal"),
    Priority.LOW: N_("Low"),
}

COMPETENCE_LABELS = {
    Competence.BB: N_("Metropolitan municipality"),
    Competence.TESKI: N_("TESKİ"),
    Competence.DISTRICT: N_("District municipality"),
    Competence.EXTERNAL: N_("Another institution"),
}

ASSIGNMENT_ROLE_LABELS = {
    AssignmentRole.LEAD: N_("Lead unit"),
    AssignmentRole.ACTION: N_("For action"),
    AssignmentRole.INFORMATION: N_("For information"),
}

ASSIGNMENT_STATE_LABELS = {
    AssignmentState.SENT: N_("Sent"),
    AssignmentState.ACCEPTED: N_("Accepted"),
    AssignmentState.ANSWERED: N_("Unit has answered"),
    AssignmentState.RETURNED: N_("Sent back"),
    AssignmentState.CANCELLED: N_("Cancelled"),
}

REPLY_STATE_LABELS = {
    ReplyState.DRAFT: N_("Draft"),
    ReplyState.IN_APPROVAL: N_("In approval"),
    ReplyState.APPROVED: N_("Approved"),
    ReplyState.SENT: N_("Sent"),
    ReplyState.SENT_BACK: N_("Sent back"),
}

#: Colour class of an assignment's and a reply's badge.
ASSIGNMENT_STATE_TONES = {
    AssignmentState.SENT: "wait",
    AssignmentState.ACCEPTED: "info",
    AssignmentState.ANSWERED: "ok",
    AssignmentState.RETURNED: "bad",
    AssignmentState.CANCELLED: "",
}

REPLY_STATE_TONES = {
    ReplyState.DRAFT: "",
    ReplyState.IN_APPROVAL: "wait",
    ReplyState.APPROVED: "info",
    ReplyState.SENT: "ok",
    ReplyState.SENT_BACK: "bad",
}

REPLY_KIND_LABELS = {
    ReplyKind.FINAL: N_("Final answer"),
    ReplyKind.PROGRESS: N_("Progress answer"),
    ReplyKind.EXTENSION_NOTICE: N_("Extension notice"),
    ReplyKind.FORWARDING_NOTICE: N_("Forwarding notice"),
}

INADMISSIBLE_REASON_LABELS = {
    InadmissibleReason.NO_SPECIFIC_SUBJECT: N_("It has no specific subject (3071 art. 6/a)"),
    InadmissibleReason.JUDICIAL_MATTER: N_("It concerns a matter for the courts (3071 art. 6/b)"),
    InadmissibleReason.MISSING_MANDATORY_PARTS: N_("A mandatory part is missing (3071 art. 6/c)"),
}

#: Heading of the open states in filters.
OPEN_GROUP_LABEL = N_("All open states")
