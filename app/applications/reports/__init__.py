"""The reports of the room: what a period brought, how it was answered, and by whom."""

from app.applications.reports.cimer import cimer_month
from app.applications.reports.declarations import application_period
from app.applications.reports.information import information_year
from app.applications.reports.parameters import period_of, settle_period

__all__ = ["application_period", "cimer_month", "information_year", "period_of", "settle_period"]
