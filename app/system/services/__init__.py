"""Writes of the system room, one module per subject; they flush, the edge commits."""

from app.system.services import attachments as attachments
from app.system.services import audit as audit
from app.system.services import calendar as calendar
from app.system.services import jobs as jobs
from app.system.services import keys as keys
from app.system.services import numbers as numbers
from app.system.services import outbox as outbox
from app.system.services import reminders as reminders
from app.system.services import requests as requests
from app.system.services import settings as settings
