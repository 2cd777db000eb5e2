"""What a citizen and a colleague are told at each step, as texts; sending is the outbox's work.

They are always sent in Turkish, whatever language the writer's screen has. An SMS never carries
what the matter is about: a telephone is often shared. Source: domain facts 1.5; 6698 m.4.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.core.rules import N_

#: Step → (subject of the e-mail, text of SMS and e-mail).
CITIZEN_NOTICES: Mapping[str, tuple[str, str]] = {
    "register": (
        N_("Your application %(number)s has been received"),
        N_(
            "Your application has been registered under number %(number)s. Tracking code: %(code)s. "
            "Follow it at %(url)s. Tekirdağ Metropolitan Municipality, ALO 153"
        ),
    ),
    "request_information": (
        N_("More information is needed for your application %(number)s"),
        N_("We need more information for your application %(number)s: %(note)s ALO 153"),
    ),
    "send_reply": (
        N_("Your application %(number)s has been answered"),
        N_(
            "Your application %(number)s has been answered. You can read the result with the code "
            "%(code)s at %(url)s or learn it from ALO 153."
        ),
    ),
    "matter_answered": (
        N_("The matter of application %(number)s has been answered"),
        N_("The matter you called about has been answered. You can learn the result from ALO 153."),
    ),
    "send_progress": (
        N_("State of your application %(number)s"),
        N_(
            "Work on your application %(number)s goes on; you will be told the result separately. "
            "Tracking code: %(code)s. ALO 153"
        ),
    ),
    "grant_extension": (
        N_("The period for your application %(number)s has been extended"),
        N_("The answer to your application %(number)s will be given by %(due)s. ALO 153"),
    ),
    "demand_fee": (
        N_("A fee is to be paid for your application %(number)s"),
        N_(
            "For your information request %(number)s the cost of access (%(amount)s) is to be paid by "
            "%(due)s; otherwise the request counts as withdrawn (4982 art. 11). ALO 153"
        ),
    ),
    "withdraw_fee": (
        N_("No fee is to be paid for your application %(number)s for now"),
        N_(
            "The notice of cost for your information request %(number)s has been taken back; please "
            "do not pay it. You will be told the answer separately. ALO 153"
        ),
    ),
    "transfer_out": (
        N_("Your application %(number)s has been passed on"),
        N_(
            "Your application %(number)s concerns %(institution)s and has been passed on there "
            "(3071 art. 5). ALO 153"
        ),
    ),
    "reject": (
        N_("Decision on your application %(number)s"),
        N_("A decision with reasons has been taken on your application %(number)s. ALO 153"),
    ),
    "declare_inadmissible": (
        N_("Your application %(number)s could not be examined"),
        N_(
            "Your application %(number)s could not be examined under article 6 of law 3071. "
            "Details: ALO 153"
        ),
    ),
    "merge": (
        N_("Your application %(number)s has been joined with another"),
        N_(
            "Your application %(number)s is dealt with together with one on the same matter; you "
            "will be told the result. ALO 153"
        ),
    ),
    "unmerge": (
        N_("Your application %(number)s is dealt with on its own again"),
        N_(
            "Your application %(number)s had been joined with another one; it is dealt with on its "
            "own again and you will be told the result. ALO 153"
        ),
    ),
    "matter_closed": (
        N_("The matter of application %(number)s has been closed"),
        N_(
            "The application about the matter you called about has been closed. Call ALO 153 if "
            "the matter goes on."
        ),
    ),
    "institution_answered": (
        N_("%(institution)s has answered on your application %(number)s"),
        N_(
            "%(institution)s has told us its answer on your application %(number)s. You can learn "
            "it with the code %(code)s from ALO 153."
        ),
    ),
    "withdraw": (
        N_("Your application %(number)s has been withdrawn"),
        N_("Your application %(number)s has been closed at your wish. ALO 153"),
    ),
    "deem_withdrawn": (
        N_("Your application %(number)s counts as withdrawn"),
        N_(
            "The fee for your request %(number)s was not paid in time, so it counts as withdrawn "
            "(4982 art. 11). ALO 153"
        ),
    ),
    "close_no_reply": (
        N_("Your application %(number)s has been closed"),
        N_(
            "Your application %(number)s was closed because the information asked for did not "
            "arrive. You may apply again. ALO 153"
        ),
    ),
    "reopen": (
        N_("Your application %(number)s has been reopened"),
        N_("Your application %(number)s has been taken up again. Tracking code: %(code)s. ALO 153"),
    ),
    "survey": (
        N_("How satisfied are you with the answer to your application %(number)s?"),
        N_(
            "How satisfied are you with the answer to your application %(number)s? Three short "
            "questions, open for %(days)s days: %(link)s Tekirdağ Metropolitan Municipality"
        ),
    ),
}

#: Step → what a colleague reads in the panel; %(unit)s is the unit concerned.
STAFF_NOTICES: Mapping[str, str] = {
    "assign": N_("%(number)s has been assigned to your unit: %(subject)s"),
    "urgent": N_("Urgent: %(number)s has been assigned to your unit: %(subject)s"),
    "return_to_office": N_("%(number)s was returned by %(unit)s"),
    "unit_answer": N_("%(number)s: the unit has answered, the reply can be written"),
    "send_back_to_unit": N_("%(number)s was sent back to your unit"),
    "submit_reply": N_("%(number)s: a reply waits for your approval"),
    "initial_reply": N_("%(number)s: a reply waits for your paraf"),
    "approve_reply": N_("%(number)s: your reply has been approved and can be sent"),
    "send_back_reply": N_("%(number)s: your reply was sent back"),
    "request_extension": N_("%(number)s: the unit asks for more time"),
    "grant_extension": N_("%(number)s: more time has been granted until %(due)s"),
    "refuse_extension": N_("%(number)s: more time has been refused"),
    "receive_information": N_("%(number)s: the applicant has answered"),
    "receive_fee": N_("%(number)s: the applicant has paid the fee"),
    "cancel": N_("%(number)s was taken back from your unit"),
    "restored": N_("%(number)s is back with your unit: %(subject)s"),
    "made_main": N_("%(number)s has become the main case of its group"),
    "tekit": N_("Reminder (tekit): %(number)s waits for the answer of your unit"),
    "join": N_("%(number)s: another call about the same matter"),
    "cimer_resent": N_("%(number)s was sent again by CİMER; new last day %(due)s"),
    "cimer_text": N_("%(number)s: CİMER sent additional text"),
    "reminder": N_("Reminder: %(text)s"),
}

#: Where a refusal may be objected to, written under the letter. Source: 4982 m.13; 2577 m.7.
REMEDIES: Mapping[str, str] = {
    "information": N_(
        "You may object in writing to the Information Review Board within fifteen days of being "
        "notified (4982 art. 13), or bring an action before the administrative court within sixty "
        "days (2577 art. 7)."
    ),
    "other": N_(
        "You may bring an action before the administrative court within sixty days of being "
        "notified (2577 art. 7)."
    ),
}
