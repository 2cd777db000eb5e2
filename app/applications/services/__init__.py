"""Writes of the applications room: they are given a Session, flush, and never commit.

Every step takes the acting `Actor`; a broken rule is a RuleViolation, a stale record a ConflictError.
"""

from app.applications.services import information
from app.applications.services.approving import (
    approve_reply,
    recall_reply,
    send_back_reply,
    take_back_reply,
)
from app.applications.services.asking import (
    receive_information,
    request_information,
    schedule,
    start_work,
)
from app.applications.services.clocks import (
    interruptions_of,
    recompute_open_deadlines,
    set_clock,
    started_on,
)
from app.applications.services.decided import take_decision_back
from app.applications.services.editing import add_note, after_details_changed, change_details
from app.applications.services.endings import (
    appeal,
    close,
    close_no_reply,
    declare_inadmissible,
    discard,
    reject,
    transfer_out,
    withdraw,
)
from app.applications.services.exchanges import add_exchange
from app.applications.services.feedback import (
    answer_by_token,
    ask_no_more,
    cut_answers,
    draw_call_backs,
    draw_last_week,
    drop_stale,
    find_question,
    record_answer,
    record_try,
    reopen_by_applicant,
    resend_message,
    seed_of_week,
    send_questions,
)
from app.applications.services.fees import (
    deem_withdrawn,
    demand_fee,
    receive_fee,
    withdraw_fee,
)
from app.applications.services.follow_ups import (
    close_follow_up,
    find_missing_follow_ups,
    record_institution_answer,
    remind_institution,
)
from app.applications.services.hidden import (
    FOUND_LABELS,
    TEXTS,
    find_personal,
    look_through,
    mask_personal,
    masked_values,
    without_identity,
)
from app.applications.services.letter_files import attach_file, detach_file
from app.applications.services.merging import MergeResult, merge, merge_many, unmerge
from app.applications.services.moves import apply_action, record_step
from app.applications.services.new_cycle import reopen
from app.applications.services.office_answers import (
    OfficeAnswer,
    answer_for,
    mark_entered,
)
from app.applications.services.office_extensions import (
    ask_extension,
    decide_extension,
    last_extension,
)
from app.applications.services.outgoing import check_file, check_letter, override_check
from app.applications.services.petitions import note_parts, words_to_ask
from app.applications.services.registration import (
    close_first_contact,
    find_by_request_key,
    first_contact_violations,
    join_application,
    register_application,
    registration_violations,
)
from app.applications.services.reminding import Reminded, send_reminders
from app.applications.services.replies import (
    draft_reply,
    restore_version,
    send_reply,
    submit_reply,
)
from app.applications.services.resends import (
    note_state,
    note_transfer,
    receive_resend,
    receive_text,
)
from app.applications.services.routing import (
    accept,
    assign,
    own_assignment,
    return_to_office,
    take_to_triage,
    triage_again,
)
from app.applications.services.tekit import remind_units
from app.applications.services.unit_work import (
    answer_by_unit,
    grant_extension,
    refuse_extension,
    request_extension,
    send_back,
)
from app.applications.services.wording import turkish

#: Actions whose service has another name than the action.
SERVICE_OF = {
    "unit_answer": "answer_by_unit",
    "send_back_to_unit": "send_back",
    "send_refusal": "send_reply",
}

__all__ = [
    "FOUND_LABELS",
    "SERVICE_OF",
    "TEXTS",
    "MergeResult",
    "OfficeAnswer",
    "Reminded",
    "accept",
    "add_exchange",
    "add_note",
    "after_details_changed",
    "answer_by_token",
    "answer_by_unit",
    "answer_for",
    "appeal",
    "apply_action",
    "approve_reply",
    "ask_extension",
    "ask_no_more",
    "assign",
    "attach_file",
    "change_details",
    "check_file",
    "check_letter",
    "close",
    "close_first_contact",
    "close_follow_up",
    "close_no_reply",
    "cut_answers",
    "decide_extension",
    "declare_inadmissible",
    "deem_withdrawn",
    "demand_fee",
    "detach_file",
    "discard",
    "draft_reply",
    "draw_call_backs",
    "draw_last_week",
    "drop_stale",
    "find_by_request_key",
    "find_missing_follow_ups",
    "find_personal",
    "find_question",
    "first_contact_violations",
    "grant_extension",
    "information",
    "interruptions_of",
    "join_application",
    "last_extension",
    "look_through",
    "mark_entered",
    "mask_personal",
    "masked_values",
    "merge",
    "merge_many",
    "note_parts",
    "note_state",
    "note_transfer",
    "override_check",
    "own_assignment",
    "recall_reply",
    "receive_fee",
    "receive_information",
    "receive_resend",
    "receive_text",
    "recompute_open_deadlines",
    "record_answer",
    "record_institution_answer",
    "record_step",
    "record_try",
    "refuse_extension",
    "register_application",
    "registration_violations",
    "reject",
    "remind_institution",
    "remind_units",
    "reopen",
    "reopen_by_applicant",
    "request_extension",
    "request_information",
    "resend_message",
    "restore_version",
    "return_to_office",
    "schedule",
    "seed_of_week",
    "send_back",
    "send_back_reply",
    "send_questions",
    "send_reminders",
    "send_reply",
    "set_clock",
    "start_work",
    "started_on",
    "submit_reply",
    "take_back_reply",
    "take_decision_back",
    "take_to_triage",
    "transfer_out",
    "triage_again",
    "turkish",
    "unmerge",
    "withdraw",
    "withdraw_fee",
    "without_identity",
    "words_to_ask",
]
