"""Pure vocabulary and rules of the system room: states of jobs and messages, kinds of reminders."""

from __future__ import annotations

from enum import StrEnum

from app.core.rules import N_


class JobState(StrEnum):
    """Life of a job row; the row is the truth, Celery only wakes a worker."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class NotificationChannel(StrEnum):
    """How a message leaves the house."""

    EMAIL = "email"
    SMS = "sms"
    PANEL = "panel"


class NotificationState(StrEnum):
    """Life of an outgoing message."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AuditVerb(StrEnum):
    """What an audit row records."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    REVEAL = "reveal"
    EXPORT = "export"
    PRINT = "print"
    DOWNLOAD = "download"
    VIEW = "view"
    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOGOUT = "logout"


class ScanState(StrEnum):
    """What the virus scanner said about an attachment."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


JOB_STATE_LABELS = {
    JobState.WAITING: N_("Waiting"),
    JobState.RUNNING: N_("Running"),
    JobState.DONE: N_("Done"),
    JobState.FAILED: N_("Failed"),
    JobState.CANCELLED: N_("Cancelled"),
}

NOTIFICATION_STATE_LABELS = {
    NotificationState.WAITING: N_("Waiting to be sent"),
    NotificationState.SENDING: N_("Being sent"),
    NotificationState.SENT: N_("Sent"),
    NotificationState.FAILED: N_("Could not be sent"),
    NotificationState.CANCELLED: N_("Cancelled"),
}

NOTIFICATION_CHANNEL_LABELS = {
    NotificationChannel.EMAIL: N_("E-mail"),
    NotificationChannel.SMS: N_("SMS"),
    NotificationChannel.PANEL: N_("Panel"),
}

AUDIT_VERB_LABELS = {
    AuditVerb.INSERT: N_("Record created"),
    AuditVerb.UPDATE: N_("Record changed"),
    AuditVerb.DELETE: N_("Record deleted"),
    AuditVerb.REVEAL: N_("Identity revealed"),
    AuditVerb.EXPORT: N_("Exported"),
    AuditVerb.PRINT: N_("Printed"),
    AuditVerb.DOWNLOAD: N_("File downloaded"),
    AuditVerb.VIEW: N_("Restricted record viewed"),
    AuditVerb.LOGIN: N_("Signed in"),
    AuditVerb.LOGIN_FAILED: N_("Sign-in refused"),
    AuditVerb.LOGOUT: N_("Signed out"),
}

SCAN_STATE_LABELS = {
    ScanState.CLEAN: N_("Clean"),
    ScanState.INFECTED: N_("Infected, locked"),
    ScanState.UNSCANNED: N_("Not scanned yet"),
}

#: A job may be tried this often before a person has to look at it.
MAX_ATTEMPTS = 5
#: A worker that has not extended its lease for this long is taken for dead (seconds).
LEASE_SECONDS = 60


def retry_delay_seconds(attempts: int) -> int:
    """Seconds to wait before try number `attempts + 1`: 30 s, doubling, at most an hour."""
    return int(min(30 * 2 ** max(attempts - 1, 0), 3600))
