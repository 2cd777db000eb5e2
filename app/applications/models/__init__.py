"""Tables of the applications room."""

from app.applications.models.appeal import Appeal
from app.applications.models.application import Application, Assignment
from app.applications.models.approval import ApprovalRoute, ApprovalRouteStep, ApprovalStep
from app.applications.models.bulk import BulkRow, BulkRun
from app.applications.models.cimer import CimerExchange, Reconciliation, ReconciliationItem
from app.applications.models.event import ApplicationEvent
from app.applications.models.feedback import (
    CallBack,
    CallBackSample,
    NoticeText,
    OutcomeReason,
    Satisfaction,
)
from app.applications.models.field import FieldVisit
from app.applications.models.follow_up import TransferFollowUp
from app.applications.models.imports import ImportBatch, ImportMapping, ImportRow
from app.applications.models.information import InformationCase, RefusalGround, case_grounds
from app.applications.models.letter_batch import LetterBatch, LetterBatchRow
from app.applications.models.open311 import Open311Request, ServiceAttribute
from app.applications.models.outgoing import OutgoingCheck
from app.applications.models.published import InformationReportLine, PublishedInformation
from app.applications.models.reply import Reply, ReplyTemplate, ReplyVersion
from app.applications.models.topic import Topic

__all__ = [
    "Appeal",
    "Application",
    "ApplicationEvent",
    "ApprovalRoute",
    "ApprovalRouteStep",
    "ApprovalStep",
    "Assignment",
    "BulkRow",
    "BulkRun",
    "CallBack",
    "CallBackSample",
    "CimerExchange",
    "FieldVisit",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "InformationCase",
    "InformationReportLine",
    "LetterBatch",
    "LetterBatchRow",
    "NoticeText",
    "Open311Request",
    "OutcomeReason",
    "OutgoingCheck",
    "PublishedInformation",
    "Reconciliation",
    "ReconciliationItem",
    "RefusalGround",
    "Reply",
    "ReplyTemplate",
    "ReplyVersion",
    "Satisfaction",
    "ServiceAttribute",
    "Topic",
    "TransferFollowUp",
    "case_grounds",
]
