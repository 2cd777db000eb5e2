"""REST resources of the applications room; the screens' services do the writing."""

from app.applications.api.application import ApplicationApi
from app.applications.api.bulk import BULK_APIS
from app.applications.api.cimer import CIMER_APIS
from app.applications.api.feedback import FEEDBACK_APIS
from app.applications.api.field import FieldVisitApi
from app.applications.api.imports import ImportBatchApi, ImportMappingApi, ImportRowApi
from app.applications.api.information import INFORMATION_APIS
from app.applications.api.letters import LETTER_APIS
from app.applications.api.open311 import Open311RequestApi, ServiceAttributeApi
from app.applications.api.reference import ReplyTemplateApi, TopicApi
from app.applications.api.work import ApplicationEventApi, AssignmentApi, ReplyApi

#: Every resource of the room.
APIS: tuple[type, ...] = (
    ApplicationApi,
    AssignmentApi,
    ApplicationEventApi,
    ReplyApi,
    TopicApi,
    ReplyTemplateApi,
    ImportMappingApi,
    ImportBatchApi,
    ImportRowApi,
    *CIMER_APIS,
    *INFORMATION_APIS,
    ServiceAttributeApi,
    Open311RequestApi,
    FieldVisitApi,
    *BULK_APIS,
    *FEEDBACK_APIS,
    *LETTER_APIS,
)

__all__ = ["APIS"]
