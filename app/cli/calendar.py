"""`flask deadline`: the last day of a legal period, with the version of the rule and the trail."""

from __future__ import annotations

import datetime as dt
import json
import sys

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.acting import SYSTEM, acting_as
from app.core.calendar import Deadline, Note, PeriodUnit
from app.core.text import format_date, format_long_date, parse_tr_date
from app.extensions import db
from app.system.queries import UnknownRuleError, compute_deadline, list_rule_keys


@click.command()
@click.argument("rule")
@click.argument("received_on")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option(
    "--as-of", "as_of", default="", help="Use the version of the rule in force on this day."
)
@with_appcontext
def deadline(rule: str, received_on: str, as_json: bool, as_of: str) -> None:
    """Print the last day of RULE for what was RECEIVED_ON that day (2026-03-16 or 16.03.2026).

    Exit code 2: the rule or a date is not known.
    """
    with force_locale("tr"), acting_as(SYSTEM):
        received, version_on = _day(received_on), _day(as_of) if as_of else None
        try:
            found = compute_deadline(
                db.session(), rule_key=rule, received_on=received, as_of=version_on
            )
        except UnknownRuleError as unknown:
            keys = list_rule_keys(db.session())
            if rule in keys:
                _refuse(
                    _(
                        "No version of the rule %(rule)s was in force on %(day)s.",
                        rule=rule,
                        day=format_date(unknown.on),
                    )
                )
            _refuse(
                _(
                    "There is no rule %(rule)s. Rules: %(rules)s",
                    rule=rule,
                    rules=", ".join(keys) or "–",
                )
            )
        if as_json:
            click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
        else:
            click.echo(_as_text(found))


def _refuse(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(2)


def _day(text: str) -> dt.date:
    day = parse_tr_date(text)
    if day is None:
        _refuse(_("%(text)s is no date. Write it as 16.03.2026 or 2026-03-16.", text=text))
        raise AssertionError
    return day


def _words(note: Note | None) -> str:
    if note is None:
        return ""
    return (
        _(note.message) % {k: _(v) if isinstance(v, str) else v for k, v in note.params.items()}
        if note.params
        else _(note.message)
    )


def _as_json(found: Deadline) -> dict[str, object]:
    data = found.to_dict()
    for day, described in zip(found.trail, data["trail"], strict=True):
        described["words"] = _words(day.note)
    data["rule"]["label_text"] = _(found.rule.label)
    return data


def _as_text(found: Deadline) -> str:
    rule = found.rule
    unit = _("working days") if rule.unit is PeriodUnit.WORKING_DAYS else _("calendar days")
    lines = [
        _("Last day: %(day)s", day=format_long_date(found.due_on) if found.due_on else "–"),
        _("Rule: %(label)s (%(key)s)", label=_(rule.label), key=rule.key),
        _(
            "Law: %(law)s, version %(version)s, %(days)s %(unit)s",
            law=rule.law,
            version=rule.version,
            days=found.days,
            unit=unit,
        ),
        _("Received: %(day)s", day=format_long_date(found.received_on)),
    ]
    if found.shifted_reason is not None and found.raw_due_on is not None:
        lines.append(
            _(
                "The period was full on %(day)s and moved on: %(reason)s",
                day=format_date(found.raw_due_on),
                reason=_words(found.shifted_reason),
            )
        )
    lines.append("")
    for day in found.trail:
        number = "" if day.number is None else str(day.number)
        lines.append(f"{format_date(day.on)}  {number:>3}  {_words(day.note)}".rstrip())
    return "\n".join(lines)
