"""Screens of CİMER: quick entry, the correspondence, answers to be entered, comparisons with its list."""

from flask_babel import lazy_gettext as _l

from app.applications.views.cimer.answers import CimerAnswerView
from app.applications.views.cimer.cards import CIMER_CARDS
from app.applications.views.cimer.entry import CimerEntryView
from app.applications.views.cimer.exchanges import CimerExchangeView
from app.applications.views.cimer.reconciliations import (
    ReconciliationItemView,
    ReconciliationView,
)
from app.applications.views.cimer.steps import CimerStepView
from app.core.rooms import Page

SECTION = _l("CİMER")

#: In the menu, below their heading.
CIMER_PAGES = (
    Page(CimerEntryView, _l("Quick entry"), "new", verb="write", section=SECTION),
    Page(CimerAnswerView, _l("Answers to be entered"), section=SECTION),
    Page(CimerExchangeView, _l("Correspondence"), section=SECTION),
    Page(ReconciliationView, _l("Comparisons"), section=SECTION),
    Page(ReconciliationItemView, _l("Differences"), section=SECTION),
)
#: Screens that stand in no menu.
CIMER_HIDDEN = (CimerStepView,)

__all__ = [
    "CIMER_CARDS",
    "CIMER_HIDDEN",
    "CIMER_PAGES",
    "SECTION",
    "CimerAnswerView",
    "CimerEntryView",
    "CimerExchangeView",
    "CimerStepView",
    "ReconciliationItemView",
    "ReconciliationView",
]
