"""The three questions of satisfaction as form fields, for officers who write an answer down."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import Length, Optional

from app.applications import rules
from app.core.views.formats import translated


def score_field(label: Any, help_text: Any) -> RadioField:
    """One to five, side by side; whether it is needed is the rule's to say."""
    return RadioField(
        label,
        [Optional()],
        choices=[(str(score), str(score)) for score in rules.SCORE_LABELS],
        description=help_text,
        validate_choice=False,
    )


def question_fields() -> dict[str, Any]:
    """Field name → field: score, solved, manner, comment."""
    return {
        "score": score_field(
            _l("How satisfied is the applicant with the result?"),
            _l(
                "1 not satisfied at all, 2 not satisfied, 3 neither nor, 4 satisfied, 5 very satisfied"
            ),
        ),
        "solved": RadioField(
            _l("Is the matter solved, in the applicant’s own view?"),
            [Optional()],
            choices=lambda: [
                (solved.value, translated(label)) for solved, label in rules.SOLVED_LABELS.items()
            ],
            validate_choice=False,
        ),
        "manner": score_field(
            _l("How was the manner of the staff?"),
            _l("1 very bad … 5 very good; may stay open."),
        ),
        "comment": TextAreaField(
            _l("In the applicant’s own words"),
            [
                Optional(),
                Length(max=rules.LONGEST_COMMENT, message=_l("At most %(max)d characters.")),
            ],
            description=_l("No names, no health or other special data."),
        ),
    }


def no_more_field() -> BooleanField:
    """The wish never to be asked again."""
    return BooleanField(_l("Does not want to be asked again"))


def score_words(score: int | None) -> str:
    """A score with its words: 5, very satisfied."""
    if score is None:
        return ""
    return _("%(score)s, %(words)s", score=score, words=translated(rules.SCORE_LABELS[score]))
