"""The select with the reasons of results: grouped by result, of which only the fitting group is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from app.applications import rules
from app.applications.queries.feedback import ReasonChoice, list_reasons
from app.core.current import db_session
from app.core.views.formats import translated

#: Steps that lead to one result only.
_RESULT_OF = {
    rules.Action.TRANSFER_OUT: rules.Outcome.NOT_COMPETENT,
    rules.Action.REJECT: rules.Outcome.REJECTED,
}


def reason_groups(
    session: Any, only: rules.Outcome | None = None
) -> list[tuple[rules.Outcome, str, Sequence[ReasonChoice]]]:
    """(result, its words, its reasons in use) in the order of the results."""
    reasons = [r for r in list_reasons(session) if only is None or r.outcome is only]
    return [
        (outcome, translated(label), [r for r in reasons if r.outcome is outcome])
        for outcome, label in rules.OUTCOME_LABELS.items()
        if any(r.outcome is outcome for r in reasons)
    ]


def _key(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def reason_field(action: rules.Action) -> SelectField:
    """The field of a step; whether a reason is needed is the service's to say."""
    only = _RESULT_OF.get(action)

    def choices() -> Any:
        groups = reason_groups(db_session(), only)
        if only is not None:
            return [("", ""), *((r.id, r.name) for _o, _w, rows in groups for r in rows)]
        return {"": [("", "")]} | {
            words: [(r.id, r.name) for r in rows] for _outcome, words, rows in groups
        }

    return SelectField(
        _l("Reason of the result"),
        [Optional()],
        choices=choices,
        coerce=_key,
        description=_l("The citizen reads its sentence with the result."),
        validate_choice=False,
    )
