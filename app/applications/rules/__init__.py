"""Pure rules of the applications room; `vocabulary` has the words, `transitions` the state table."""

from app.applications.rules.approvals import *  # noqa: F403  The face of the package re-exports all.
from app.applications.rules.bulk import *  # noqa: F403
from app.applications.rules.checks import *  # noqa: F403
from app.applications.rules.cimer import *  # noqa: F403
from app.applications.rules.clusters import *  # noqa: F403
from app.applications.rules.deadlines import *  # noqa: F403
from app.applications.rules.display import *  # noqa: F403
from app.applications.rules.duplicates import *  # noqa: F403
from app.applications.rules.feedback import *  # noqa: F403
from app.applications.rules.follow_ups import *  # noqa: F403
from app.applications.rules.groups import *  # noqa: F403
from app.applications.rules.letter_batches import *  # noqa: F403
from app.applications.rules.merging import *  # noqa: F403
from app.applications.rules.needs import *  # noqa: F403
from app.applications.rules.notices import *  # noqa: F403
from app.applications.rules.outgoing import *  # noqa: F403
from app.applications.rules.petitions import *  # noqa: F403
from app.applications.rules.templates import *  # noqa: F403
from app.applications.rules.tracking import *  # noqa: F403
from app.applications.rules.transitions import *  # noqa: F403
from app.applications.rules.vocabulary import *  # noqa: F403
