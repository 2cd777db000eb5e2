"""The words of the room: codes with their labels and colours."""

from app.applications.rules.vocabulary.codes import *  # noqa: F403  The package re-exports all.
from app.applications.rules.vocabulary.labels import *  # noqa: F403
