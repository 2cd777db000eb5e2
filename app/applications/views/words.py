"""What the codes mean that this room writes into messages, reminders and files; the lists of these tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.rules import REMINDER_LEVEL_LABELS
from app.applications.rules.feedback import NOTICE_STEP_LABELS

_OCCASIONS: Mapping[str, Any] = {
    # The directorate sets the shares itself, so each of them has its words.
    **{
        f"internal_{share}": _l("Internal time: %(share)s%%", share=share)
        for share in range(1, 101)
    },
    "legal_3": _l("Legal date in three working days"),
    "legal_1": _l("Legal date in one working day"),
    "legal_0": _l("Legal date today"),
    "overdue": _l("Legal date has passed"),
    "foi_day12": _l("Request for information: working day 12"),
    "foi_silence_7": _l("Silence counts as a refusal in seven days"),
    "foi_silence_2": _l("Silence counts as a refusal in two days"),
    "foi_silence_0": _l("Silence counts as a refusal today"),
    "foi_fee_unpaid": _l("Fee not paid in time"),
    "foi_documents_5": _l("Documents for the Board in five days"),
    "foi_documents_1": _l("Documents for the Board by tomorrow"),
    "foi_documents_0": _l("Documents for the Board today"),
}

#: Class and field of a room below → code → words.
WORDS: Mapping[str, Mapping[str, Any]] = {
    "Notification.template": {step: _l(label) for step, label in NOTICE_STEP_LABELS.items()},
    "Reminder.kind": _OCCASIONS,
    "Reminder.level": {
        **{level.value: _l(label) for level, label in REMINDER_LEVEL_LABELS.items()},
        "information": _l("Information officers"),
    },
    "NumberSeries.series": {"application": _l("Applications")},
    "Attachment.kind": {
        "intake": _l("Brought at registration"),
        "photo": _l("Photo"),
        "answer": _l("Answer of the unit"),
        "letter": _l("Enclosure of a letter"),
        "letters": _l("Letters of a batch"),
        "before": _l("Photo before the work"),
        "after": _l("Photo after the work"),
        "import": _l("Imported file"),
        "list": _l("List of CİMER"),
    },
}
