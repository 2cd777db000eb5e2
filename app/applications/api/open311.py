"""REST resources of the Open311 interface: questions of services, and what came; filing is GeoReport’s."""

from __future__ import annotations

from app.applications.models import Open311Request, ServiceAttribute
from app.applications.rules import open311 as rules
from app.core.api import BackOfficeApi
from app.core.views import Interface


class ServiceAttributeApi(BackOfficeApi):
    """/api/v1/service_attribute/"""

    datamodel = Interface(ServiceAttribute)
    resource_name = "service_attribute"
    class_permission_name = "ServiceAttribute"
    can_delete = True
    list_columns = ["id", "topic_id", "code", "question", "datatype", "position", "version"]
    show_columns = [*list_columns, "hint", "choices", "is_required", "is_asked"]
    add_columns = [
        "topic_id",
        "code",
        "question",
        "hint",
        "datatype",
        "choices",
        "is_required",
        "is_asked",
        "position",
    ]
    edit_columns = add_columns
    search_columns = ["topic", "code", "datatype", "is_required"]
    order_columns = ["id", "position", "code"]
    form_rule = staticmethod(rules.question_violations)


class Open311RequestApi(BackOfficeApi):
    """/api/v1/open311_request/ — what apps sent; accounts and links of senders are not told."""

    datamodel = Interface(Open311Request)
    resource_name = "open311_request"
    class_permission_name = "Open311Request"
    list_columns = ["id", "application_id", "api_key_id", "topic_id", "created_at"]
    show_columns = [*list_columns, "answers"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["application", "api_key", "topic", "created_at"]
    order_columns = ["id", "created_at"]
