"""Petitions: what one must hold, the three grounds on which it is not examined, and what follows.

Source: 3071 sayılı Kanun m.4 (name, signature, address), m.5 (wrong authority), m.6 (petitions that
may not be examined), m.7 (result or state of progress within thirty days); domain facts 1.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.applications.rules.vocabulary import Channel, InadmissibleReason
from app.core.rules import N_, Violation

#: Channels on which a paper with a signature arrives; only there the parts of m.4 are looked for.
PETITION_CHANNELS = frozenset(
    {
        Channel.PETITION,
        Channel.KEP,
        Channel.DESK,
        Channel.GOVERNOR,
        Channel.PRESIDENCY,
        Channel.PARLIAMENT,
    }
)

#: Column → what the law asks for (3071 m.4).
PETITION_PARTS: Mapping[str, str] = {
    "has_name": N_("Name and surname"),
    "has_signature": N_("Signature"),
    "has_address": N_("Home or work address"),
}


def missing_parts(values: Mapping[str, bool | None]) -> tuple[str, ...]:
    """Return the columns of the parts that were looked for and not found, in the law's order."""
    return tuple(name for name in PETITION_PARTS if values.get(name) is False)


def is_checked(values: Mapping[str, bool | None]) -> bool:
    """Say whether somebody has looked at the parts of a petition."""
    return any(values.get(name) is not None for name in PETITION_PARTS)


@dataclass(frozen=True)
class Ground:
    """One ground of m.6: what it means, what follows, and what the letter to the applicant says."""

    law: str
    meaning: str
    consequence: str
    letter: str


GROUNDS: Mapping[InadmissibleReason, Ground] = {
    InadmissibleReason.NO_SPECIFIC_SUBJECT: Ground(
        N_("3071 art. 6/a"),
        N_(
            "It cannot be made out what is wanted or complained about, not even after reading twice."
        ),
        N_("The applicant is told why and may apply again with a definite subject."),
        N_(
            "Your application could not be examined because it does not concern a definite subject "
            "(law 3071, article 6, paragraph a). If you apply again and write what you want or "
            "complain about, it will be examined."
        ),
    ),
    InadmissibleReason.JUDICIAL_MATTER: Ground(
        N_("3071 art. 6/b"),
        N_("It asks for what only a court or a prosecutor decides, or concerns a pending case."),
        N_("The applicant is told that the matter belongs to the courts; nothing is passed on."),
        N_(
            "Your application could not be examined because its subject falls within the duties of "
            "the judicial authorities (law 3071, article 6, paragraph b). You may apply to the "
            "competent court or public prosecutor."
        ),
    ),
    InadmissibleReason.MISSING_MANDATORY_PARTS: Ground(
        N_("3071 art. 6/c"),
        N_("Name and surname, signature or address is missing (3071 art. 4)."),
        N_("Who can be reached is asked to complete it first; only then it is left unexamined."),
        N_(
            "Your application could not be examined because it lacks a part that article 4 of law "
            "3071 demands: %(missing)s (article 6, paragraph c). If you complete it and apply again, "
            "it will be examined."
        ),
    ),
}


def inadmissible_violations(
    reason: InadmissibleReason | None,
    parts: Mapping[str, bool | None],
    *,
    is_reachable: bool,
    was_asked: bool,
) -> Iterator[Violation]:
    """Yield what keeps a petition from being left unexamined.

    A missing part is asked for first when the applicant can be reached: the law wants the answer, not
    the file closed. A petition whose parts were found complete is not refused for lacking one.
    """
    if reason is not InadmissibleReason.MISSING_MANDATORY_PARTS:
        return
    if is_checked(parts) and not missing_parts(parts):
        yield Violation(
            "inadmissible_reason",
            N_("Name, signature and address are noted as present; correct the checklist first."),
        )
    elif is_reachable and not was_asked:
        yield Violation(
            "inadmissible_reason",
            N_("The applicant can be reached: ask for the missing part first (3071 art. 4, 6/c)."),
        )


#: Closing paragraph of a letter that tells how far a case is. Source: 3071 m.7.
RESULT_FOLLOWS = N_(
    "The result will be told to you separately when the work is finished (law 3071, article 7)."
)

#: The letter that passes an application to the competent authority. Source: 3071 m.5; 4982 m.7.
FORWARDING_SUBJECT = N_("Application numbered %(number)s")
FORWARDING_TEXT = N_(
    "The application numbered %(number)s and dated %(day)s, received by our municipality, concerns a "
    "matter within the competence of your institution. In accordance with %(law)s it is enclosed, "
    "and the applicant has been informed."
)
#: The notice to the applicant that goes with it.
FORWARDING_NOTICE = N_(
    "The matter of your application dated %(day)s lies outside the competence of our municipality. "
    "In accordance with %(law)s it has been passed on to the competent authority, %(institution)s; "
    "you will be told the result by that authority."
)
LAW_OF_FORWARDING = N_("article 5 of law 3071")
LAW_OF_FORWARDING_INFORMATION = N_("article 7 of law 4982")
#: How such a letter ends: to equals and above, and to those below. Source: RYY m.16/12.
FORWARDING_CLOSING_EQUAL = N_("Submitted for the necessary action.")
FORWARDING_CLOSING_LOWER = N_("Please take the necessary action.")
