"""A template filled for one application, with the fields for which there was nothing to fill in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.applications import queries, rules
from app.applications.models import Application, ReplyTemplate
from app.applications.rules import Outcome
from app.applications.services.reasons import reason_of_unit, reason_text
from app.applications.services.wording import remedy_for, turkish
from app.core.text import clean


@dataclass(frozen=True)
class MergedText:
    """The texts of a letter made from a template; `missing` names the fields that left a gap."""

    body: str
    short_text: str
    missing: tuple[str, ...]


def values_for(
    session: Session,
    application: Application,
    *,
    outcome: Outcome | None = None,
    outcome_reason_id: int | None = None,
    refusal_article: str = "",
) -> dict[str, str]:
    """Merge field → its text: what the case says, and what the letter itself decides."""
    values = queries.merge_values(session, application)
    told = outcome or application.outcome
    reason_id = outcome_reason_id or application.outcome_reason_id
    reason = reason_text(session, reason_id or reason_of_unit(session, application))
    values |= {
        "sonuc": turkish(rules.OUTCOME_LABELS[told]) if told is not None else "",
        "sonuc_nedeni": reason,
        "ret_gerekcesi": reason,
        "mevzuat": clean(refusal_article),
        "basvuru_yolu": remedy_for(application),
    }
    return {name: text for name, text in values.items() if text}


def merge_template(
    session: Session,
    template: ReplyTemplate,
    application: Application,
    *,
    outcome_reason_id: int | None = None,
    refusal_article: str = "",
) -> MergedText:
    """The texts of a template for one case; gaps stand where something is not known."""
    values = values_for(
        session,
        application,
        outcome=template.outcome,
        outcome_reason_id=outcome_reason_id,
        refusal_article=refusal_article,
    )
    missing = [
        *rules.missing_fields(template.body, values),
        *rules.missing_fields(template.short_text, values),
    ]
    return MergedText(
        body=rules.merge_text(template.body, values),
        short_text=rules.merge_text(template.short_text, values),
        missing=tuple(dict.fromkeys(missing)),
    )
