"""Rules of feedback: texts of messages, reasons of results, satisfaction, call-backs, the public page."""

from app.applications.rules.feedback.answers import *  # noqa: F403  The package re-exports all.
from app.applications.rules.feedback.calls import *  # noqa: F403
from app.applications.rules.feedback.public import *  # noqa: F403
from app.applications.rules.feedback.reasons import *  # noqa: F403
from app.applications.rules.feedback.sampling import *  # noqa: F403
from app.applications.rules.feedback.sms import *  # noqa: F403
from app.applications.rules.feedback.texts import *  # noqa: F403
