"""Writes of feedback: messages sent again, questions and answers, call-backs, what a citizen does alone."""

from app.applications.services.feedback.answers import (
    Asked,
    answer_by_token,
    ask_no_more,
    cut_answers,
    find_question,
    make_token,
    record_answer,
    send_questions,
    token_hash,
)
from app.applications.services.feedback.calls import (
    draw_call_backs,
    draw_last_week,
    drop_stale,
    record_try,
    seed_of_week,
)
from app.applications.services.feedback.messages import resend_message
from app.applications.services.feedback.reopening import reopen_by_applicant, reopenings_left

__all__ = [
    "Asked",
    "answer_by_token",
    "ask_no_more",
    "cut_answers",
    "draw_call_backs",
    "draw_last_week",
    "drop_stale",
    "find_question",
    "make_token",
    "record_answer",
    "record_try",
    "reopen_by_applicant",
    "reopenings_left",
    "resend_message",
    "seed_of_week",
    "send_questions",
    "token_hash",
]
