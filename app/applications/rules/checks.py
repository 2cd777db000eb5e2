"""What is wrong with an application or a reply before it is stored; looking into tables is not here.

Source: 3071 m.4, m.6; 4982 m.6, m.12; domain facts 0, 1.1–1.3 and 9.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from app.applications.rules.vocabulary import (
    LEGACY_CHANNELS,
    Channel,
    Competence,
    Kind,
    Outcome,
    Priority,
    ReplyKind,
)
from app.core.identifiers import email_violations, phone_violations
from app.core.rules import N_, Violation

Values = Mapping[str, Any]

_TOO_LONG = N_("At most %(max)s characters.")
#: Longest text of each field; the columns have the same lengths.
LENGTHS: Mapping[str, int] = {
    "subject": 200,
    "body": 10_000,
    "street": 200,
    "place_note": 300,
    "on_behalf_of": 160,
    "external_ref": 60,
    "contact_email": 320,
}
NOTICES = frozenset({"sms", "email", "call", "none"})
#: On paper or with a signature: an answer on the spot is no answer, and a law sets the period.
WRITTEN_CHANNELS = frozenset(
    {
        Channel.PETITION,
        Channel.KEP,
        Channel.CIMER,
        Channel.PRESIDENCY,
        Channel.GOVERNOR,
        Channel.OMBUDSMAN,
        Channel.PARLIAMENT,
    }
)
#: Laws that demand to know who asks. Source: 4982 m.6; 6698 m.13.
_NAMED_KINDS = frozenset({Kind.INFORMATION, Kind.KVKK, Kind.OBJECTION})
_LAND = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0)}


def _code(enum: type[Any], value: Any) -> Any:
    """Return the member for a code, or None when there is no such code."""
    try:
        return enum(value)
    except ValueError:
        return None


def application_violations(
    values: Values, *, now: dt.datetime | None = None
) -> Iterator[Violation]:
    """Yield what keeps an application from being registered; every broken rule, not the first.

    Keys are the columns of Application and `citizen`, a mapping or None. `now` lets dates that lie
    ahead be refused. What only advises is in `application_warnings`.
    """
    channel, kind = _code(Channel, values.get("channel")), _code(Kind, values.get("kind"))
    yield from _code_violations(values, channel, kind)
    yield from _text_violations(values)
    yield from _applicant_violations(values, channel, kind)
    yield from _place_violations(values)
    yield from _date_violations(values, now)
    if channel is Channel.CIMER and not _text(values, "external_ref"):
        yield Violation("external_ref", N_("Write the number that CİMER gave."))


def _text(values: Values, name: str) -> str:
    return str(values.get(name) or "").strip()


def _code_violations(
    values: Values, channel: Channel | None, kind: Kind | None
) -> Iterator[Violation]:
    if channel is None:
        yield Violation("channel", N_("Pick the channel."))
    elif channel in LEGACY_CHANNELS:
        yield Violation("channel", N_("This office was closed in July 2018; pick CİMER instead."))
    if kind is None:
        yield Violation("kind", N_("Pick the kind of application."))
    elif kind is Kind.ENQUIRY and channel in WRITTEN_CHANNELS:
        yield Violation(
            "kind", N_("A written application is no enquiry: it has a legal period. Pick its kind.")
        )
    if values.get("priority") is not None and _code(Priority, values["priority"]) is None:
        yield Violation("priority", N_("Pick the priority."))
    if (values.get("wants_notice") or "none") not in NOTICES:
        yield Violation("wants_notice", N_("Pick how the applicant is to be told."))


def _text_violations(values: Values) -> Iterator[Violation]:
    if not _text(values, "subject"):
        yield Violation("subject", N_("Write the matter in one line."))
    for name, longest in LENGTHS.items():
        if len(_text(values, name)) > longest:
            yield Violation(name, _TOO_LONG, {"max": longest})
    yield from phone_violations(_text(values, "contact_phone"), "contact_phone")
    yield from email_violations(_text(values, "contact_email"), "contact_email")


def _applicant_violations(
    values: Values, channel: Channel | None, kind: Kind | None
) -> Iterator[Violation]:
    """An applicant, or nobody and said so; a hidden identity never comes with one."""
    has_citizen = bool(values.get("citizen") or values.get("citizen_id"))
    hidden, anonymous = bool(values.get("identity_hidden")), bool(values.get("is_anonymous"))
    if hidden:
        if has_citizen:
            yield Violation(
                "citizen", N_("The identity is hidden by CİMER: no applicant may be written here.")
            )
        if _text(values, "contact_phone") or _text(values, "contact_email"):
            yield Violation(
                "contact_phone",
                N_("The identity is hidden by CİMER: no telephone or e-mail either."),
            )
        if channel is not Channel.CIMER and kind is not Kind.TIPOFF:
            yield Violation(
                "identity_hidden", N_("Only CİMER items and tip-offs come with a hidden identity.")
            )
        return
    if anonymous and has_citizen:
        yield Violation("citizen", N_("An anonymous application has no applicant."))
    if anonymous and kind in _NAMED_KINDS:
        yield Violation(
            "citizen", N_("This kind of application needs the applicant’s name (4982 art. 6).")
        )
    if not (has_citizen or anonymous or _text(values, "on_behalf_of")):
        yield Violation(
            "citizen", N_("Pick the applicant, or say that the application is anonymous.")
        )


def _place_violations(values: Values) -> Iterator[Violation]:
    given = {name: values.get(name) for name in _LAND}
    for name, (least, most) in _LAND.items():
        value = given[name]
        if value is None:
            continue
        if not isinstance(value, int | float) or not least <= value <= most:
            yield Violation(
                name,
                N_("A coordinate lies between %(least)s and %(most)s."),
                {"least": int(least), "most": int(most)},
            )
    if (given["latitude"] is None) != (given["longitude"] is None):
        missing = "latitude" if given["latitude"] is None else "longitude"
        yield Violation(missing, N_("A point on the map needs latitude and longitude."))


def _date_violations(values: Values, now: dt.datetime | None) -> Iterator[Violation]:
    received, external = values.get("received_at"), values.get("external_received_at")
    # Two clocks are never quite alike, so a few minutes ahead are let pass.
    limit = now + dt.timedelta(minutes=10) if now is not None else None
    for name, value in (("received_at", received), ("external_received_at", external)):
        if limit is not None and isinstance(value, dt.datetime) and value > limit:
            yield Violation(name, N_("This date lies in the future."))


def application_warnings(values: Values) -> Iterator[Violation]:
    """Yield what a clerk should see to, though the application is registered all the same.

    A petition without name or address may not be examined, but it is received (3071 m.4, m.6/c).
    """
    citizen = values.get("citizen")
    channel, kind = _code(Channel, values.get("channel")), _code(Kind, values.get("kind"))
    needs_address = channel in {Channel.PETITION, Channel.KEP} or kind is Kind.INFORMATION
    known = isinstance(citizen, Mapping) and "id" in citizen
    if needs_address and not values.get("identity_hidden") and not known:
        person: Values = citizen if isinstance(citizen, Mapping) else {}
        named = _text(person, "title") or (
            _text(person, "first_name") and _text(person, "last_name")
        )
        if not named:
            yield Violation("citizen", N_("A petition needs the applicant’s name (3071 art. 4)."))
        if not _text(person, "address"):
            yield Violation("citizen", N_("A petition needs a home or work address (3071 art. 4)."))
    if kind not in {Kind.ENQUIRY, Kind.THANKS} and not values.get("topic_id"):
        yield Violation("topic_id", N_("Without a topic no unit can be proposed."))


def reply_violations(values: Values, *, kind: Kind | None = None) -> Iterator[Violation]:
    """Yield what keeps a reply from being sent for approval.

    A refusal needs its reason, and in the right to information its article and the way to object,
    also where only a part is refused (4982 m.12; Constitution m.40). `kind` is that of the
    application.
    """
    reply_kind = _code(ReplyKind, values.get("kind") or ReplyKind.FINAL)
    outcome = _code(Outcome, values["outcome"]) if values.get("outcome") else None
    if not _text(values, "subject"):
        yield Violation("subject", N_("Write the subject of the letter."))
    elif len(_text(values, "subject")) > 200:
        yield Violation("subject", _TOO_LONG, {"max": 200})
    if not _text(values, "body"):
        yield Violation("body", N_("Write the text of the letter."))
    if len(_text(values, "short_text")) > 480:
        yield Violation("short_text", _TOO_LONG, {"max": 480})
    if reply_kind is ReplyKind.FINAL and outcome is None:
        yield Violation("outcome", N_("Pick the result that the letter tells."))
    if outcome in {Outcome.REJECTED, Outcome.PARTLY_RESOLVED} and kind is Kind.INFORMATION:
        if not _text(values, "refusal_article"):
            yield Violation(
                "refusal_article", N_("Name the article on which the refusal rests (4982 art. 12).")
            )
        if not _text(values, "remedy"):
            yield Violation(
                "remedy", N_("Write where and until when the applicant may object (4982 art. 12).")
            )


def topic_violations(values: Values) -> Iterator[Violation]:
    """Yield what is wrong with a topic: whose task it is must be said with a name."""
    if not _text(values, "code"):
        yield Violation("code", N_("Give the topic a code, for example SU-02."))
    if not _text(values, "name"):
        yield Violation("name", N_("Give the topic a name."))
    days = values.get("internal_days")
    if days is not None and not 0 <= int(days) <= 365:
        yield Violation("internal_days", N_("Between 0 and 365 working days."))
    competence = _code(Competence, values.get("competence") or Competence.BB)
    names_institution = bool(values.get("institution_id") or values.get("institution"))
    if competence is Competence.BB and names_institution:
        yield Violation(
            "institution_id", N_("A task of our own is not passed to another institution.")
        )
