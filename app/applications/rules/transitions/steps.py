"""Steps on the timeline that change no state, and how every step is told."""

from __future__ import annotations

from collections.abc import Mapping

from app.applications.rules.transitions.table import TRANSITIONS
from app.core.rules import N_

#: Steps on the timeline that change no state: action → (label, tone).
OTHER_STEPS: Mapping[str, tuple[str, str]] = {
    "note": (N_("Note"), ""),
    "join": (N_("Another call about the same matter"), "info"),
    "call_told": (N_("State told on the telephone"), "info"),
    "add_unit": (N_("Another unit was asked"), "info"),
    "unit_accept": (N_("Accepted by another unit"), "info"),
    "unit_return": (N_("Returned by another unit"), "wait"),
    "unit_answer_part": (N_("One unit answered; others are still at work"), "ok"),
    "change_details": (N_("Details changed"), ""),
    "change_deadline": (N_("Legal date moved"), "wait"),
    "check_petition": (N_("Parts of the petition looked at (3071 art. 4)"), ""),
    "draft_reply": (N_("Reply drafted"), ""),
    "submit_reply": (N_("Reply sent for approval"), "wait"),
    "initial_reply": (N_("Paraf given; the letter goes on"), "ok"),
    "approve_other_reply": (N_("Letter approved"), "ok"),
    "recall_other_reply": (N_("Approval of the letter taken back"), "wait"),
    "hold_back_reply": (N_("Letter held back by the outgoing check"), "wait"),
    "override_check": (N_("Findings of the outgoing check let pass"), "wait"),
    "send_decision_letter": (N_("Letter of the decision sent to the applicant"), "ok"),
    "send_own_reply": (N_("Own letter sent in place of that of the main case"), "ok"),
    "send_to_institution": (N_("Letter sent to the institution"), "ok"),
    "send_back_reply": (N_("Reply sent back to the writer"), "wait"),
    "send_progress": (N_("State of progress told to the applicant"), "ok"),
    "send_extension_notice": (N_("Extension notice sent to the applicant"), "ok"),
    "send_forwarding_notice": (N_("Forwarding notice sent to the applicant"), "ok"),
    "master_answered": (N_("The merged case was answered; the applicant was told"), "ok"),
    "merged_in": (N_("Another application was merged into this one"), "info"),
    "unmerged": (N_("An application was taken out of this one"), ""),
    "repointed": (N_("The main case was merged itself; this one follows the new main case"), ""),
    "made_main": (N_("Became the main case of its group"), "info"),
    "tekit": (N_("Unit reminded (tekit)"), "wait"),
    "institution_reminded": (N_("The other institution was reminded"), "wait"),
    "institution_answered": (N_("The other institution has answered"), "ok"),
    "follow_up_closed": (N_("Follow-up of the transfer closed"), ""),
    "import": (N_("Brought in from a file"), "info"),
    "draft_decision": (N_("Decision on the information request drafted"), ""),
    "note_consent": (N_("Consent of the person concerned noted (4982 art. 21)"), ""),
    "prepare_extension": (N_("Extension letter prepared (4982 art. 11)"), "wait"),
    "propose_withdrawal": (N_("Fee not paid in time; deemed withdrawal proposed"), "wait"),
    "appeal_filed": (N_("Appeal recorded"), "wait"),
    "appeal_documents_asked": (N_("The Board asked for documents"), "wait"),
    "appeal_documents_sent": (N_("Documents sent to the Board"), "ok"),
    "appeal_decided": (N_("The appeal was decided"), "info"),
    "appeal_followed": (N_("What followed from the appeal"), "ok"),
    "cimer_resent": (N_("Sent again by CİMER"), "wait"),
    "cimer_text": (N_("Additional text from CİMER"), "wait"),
    "cimer_state": (N_("State changed at CİMER"), ""),
    "cimer_entered": (N_("Answer entered at CİMER"), "ok"),
    "cimer_extension_asked": (N_("More time asked for at CİMER"), "wait"),
    "cimer_extension_granted": (N_("More time granted by CİMER"), "ok"),
    "cimer_extension_refused": (N_("More time refused by CİMER"), "bad"),
    "cimer_transferred": (N_("Sent elsewhere by CİMER"), ""),
    "applicant_unsolved": (N_("The applicant says on the tracking page: not solved"), "wait"),
    "resend_notice": (N_("A message was sent to the applicant again"), ""),
    "field_plan": (N_("Field visit planned"), "info"),
    "field_postpone": (N_("Field visit postponed"), "wait"),
    "field_found": (N_("Found on the spot"), "info"),
    "field_not_found": (N_("Not found on the spot"), "wait"),
    "field_finish": (N_("Field visit completed"), "ok"),
}

#: Steps that the applicant may read although they change no state.
SHOWN_STEPS = frozenset(
    {
        "join",
        "send_decision_letter",
        "send_own_reply",
        "send_progress",
        "send_extension_notice",
        "send_forwarding_notice",
        "master_answered",
        "institution_answered",
        "applicant_unsolved",
    }
)


def step_label(action: str) -> str:
    """Return the msgid that tells a step on the timeline; an unknown step tells its own name."""
    done = next((row.done for row in TRANSITIONS if row.action == action), None)
    return done or OTHER_STEPS.get(action, (action, ""))[0]


def step_tone(action: str) -> str:
    """Return the colour class of a step on the timeline: info, wait, ok, bad or nothing."""
    tone = next((row.tone for row in TRANSITIONS if row.action == action), None)
    return tone if tone is not None else OTHER_STEPS.get(action, ("", ""))[1]
