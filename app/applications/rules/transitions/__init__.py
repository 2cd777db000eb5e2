"""The one table of what may happen to an application; nothing else may change a state."""

from app.applications.rules.transitions.actions import *  # noqa: F403  The package re-exports all.
from app.applications.rules.transitions.moves import *  # noqa: F403
from app.applications.rules.transitions.steps import *  # noqa: F403
from app.applications.rules.transitions.table import *  # noqa: F403
