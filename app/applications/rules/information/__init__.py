"""Pure rules of the right to information: words, checks, articles, clocks. Source: law 4982."""

from app.applications.rules.information.articles import *  # noqa: F403  The package re-exports all.
from app.applications.rules.information.checks import *  # noqa: F403
from app.applications.rules.information.clocks import *  # noqa: F403
from app.applications.rules.information.codes import *  # noqa: F403
from app.applications.rules.information.figures import *  # noqa: F403
from app.applications.rules.information.texts import *  # noqa: F403
