"""Screens over Flask-AppBuilder: the base view, its pages, filters, forms, pickers and charts."""

from app.core.views.base import BackOfficeView, Interface
from app.core.views.charts import BackOfficeChart
from app.core.views.filters import Choice, Dates, Filter, FilterError, Flag, Numbers, Pick, Words

__all__ = [
    "BackOfficeChart",
    "BackOfficeView",
    "Choice",
    "Dates",
    "Filter",
    "FilterError",
    "Flag",
    "Interface",
    "Numbers",
    "Pick",
    "Words",
]
