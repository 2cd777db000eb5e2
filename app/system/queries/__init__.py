"""Reads of the system room: settings, legal time, trails, files and messages."""

from app.system.queries.calendar import (
    UnknownRuleError,
    compute_deadline,
    find_rule,
    list_rule_keys,
    list_special_days,
    load_calendar,
    make_calendar,
)
from app.system.queries.keys import find_key
from app.system.queries.records import (
    list_files,
    list_history,
    list_panel_messages,
    list_pinned_views,
    list_saved_views,
    unread_counter,
)
from app.system.queries.scopes import SCOPES
from app.system.queries.settings import (
    get_bounds,
    get_flag,
    get_number,
    get_reminder_points,
    get_setting,
    get_text,
)

__all__ = [
    "SCOPES",
    "UnknownRuleError",
    "compute_deadline",
    "find_key",
    "find_rule",
    "get_bounds",
    "get_flag",
    "get_number",
    "get_reminder_points",
    "get_setting",
    "get_text",
    "list_files",
    "list_history",
    "list_panel_messages",
    "list_pinned_views",
    "list_rule_keys",
    "list_saved_views",
    "list_special_days",
    "load_calendar",
    "make_calendar",
    "unread_counter",
]
