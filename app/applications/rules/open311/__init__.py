"""Rules of the Open311 interface (GeoReport v2): addresses, dates, questions, what is told, how it is written."""

from app.applications.rules.open311.addresses import *  # noqa: F403  The package re-exports all.
from app.applications.rules.open311.filing import *  # noqa: F403
from app.applications.rules.open311.questions import *  # noqa: F403
from app.applications.rules.open311.telling import *  # noqa: F403
from app.applications.rules.open311.vocabulary import *  # noqa: F403
from app.applications.rules.open311.window import *  # noqa: F403
from app.applications.rules.open311.wire import *  # noqa: F403
