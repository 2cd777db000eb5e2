"""REST resources of the lists that the room keeps."""

from __future__ import annotations

from app.applications import rules
from app.applications.models import ReplyTemplate, Topic
from app.core.api import BackOfficeApi
from app.core.views import Interface


class TopicApi(BackOfficeApi):
    """/api/v1/topic/"""

    datamodel = Interface(Topic)
    resource_name = "topic"
    class_permission_name = "Topic"
    list_columns = [
        "id",
        "code",
        "name",
        "group",
        "competence",
        "unit_id",
        "institution_id",
        "internal_days",
        "active",
        "version",
    ]
    show_columns = [
        *list_columns,
        "synonyms",
        "priority",
        "advice",
        "is_public_service",
        "public_name",
        "public_group",
        "public_keywords",
        "public_description",
        "public_notice",
    ]
    add_columns = [
        "code",
        "name",
        "group",
        "synonyms",
        "competence",
        "unit_id",
        "institution_id",
        "internal_days",
        "priority",
        "advice",
        "active",
        "is_public_service",
        "public_name",
        "public_group",
        "public_keywords",
        "public_description",
        "public_notice",
    ]
    edit_columns = add_columns
    search_columns = ["code", "name", "group", "competence", "active", "is_public_service"]
    order_columns = ["id", "code", "name"]
    form_rule = staticmethod(rules.topic_violations)


class ReplyTemplateApi(BackOfficeApi):
    """/api/v1/reply_template/"""

    datamodel = Interface(ReplyTemplate)
    resource_name = "reply_template"
    class_permission_name = "ReplyTemplate"
    list_columns = [
        "id",
        "name",
        "topic_id",
        "for_kind",
        "reply_kind",
        "outcome",
        "active",
        "version",
    ]
    show_columns = [*list_columns, "body", "short_text"]
    add_columns = [
        "name",
        "topic_id",
        "for_kind",
        "reply_kind",
        "outcome",
        "body",
        "short_text",
        "active",
    ]
    edit_columns = add_columns
    search_columns = ["name", "reply_kind", "active"]
    order_columns = ["id", "name"]
    form_rule = staticmethod(rules.template_violations)
