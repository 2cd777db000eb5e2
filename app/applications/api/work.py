"""REST resources of what is done with an application; they are read only."""

from __future__ import annotations

from app.applications.models import ApplicationEvent, Assignment, Reply
from app.core.api import BackOfficeApi
from app.core.views import Interface


class AssignmentApi(BackOfficeApi):
    """/api/v1/assignment/"""

    datamodel = Interface(Assignment)
    resource_name = "assignment"
    class_permission_name = "Assignment"
    list_columns = [
        "id",
        "application_id",
        "unit_id",
        "role",
        "state",
        "sent_at",
        "accepted_at",
        "due_on",
        "answered_at",
        "outcome",
        "cycle",
    ]
    show_columns = [*list_columns, "note", "answer_text", "return_reason"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["unit", "role", "state", "due_on"]
    order_columns = ["id", "sent_at", "due_on"]


class ApplicationEventApi(BackOfficeApi):
    """/api/v1/application_event/"""

    datamodel = Interface(ApplicationEvent)
    resource_name = "application_event"
    class_permission_name = "ApplicationEvent"
    list_columns = [
        "id",
        "application_id",
        "at",
        "action",
        "from_state",
        "to_state",
        "actor_id",
        "unit_id",
        "visibility",
    ]
    show_columns = [*list_columns, "note"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["action", "at"]
    order_columns = ["id", "at"]


class ReplyApi(BackOfficeApi):
    """/api/v1/reply/"""

    datamodel = Interface(Reply)
    resource_name = "reply"
    class_permission_name = "Reply"
    list_columns = [
        "id",
        "application_id",
        "kind",
        "state",
        "outcome",
        "subject",
        "sent_at",
        "cycle",
    ]
    show_columns = [*list_columns, "body", "short_text", "letter_no", "letter_on"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["kind", "state", "sent_at"]
    order_columns = ["id", "sent_at"]
