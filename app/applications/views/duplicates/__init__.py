"""Screens of duplicates: clusters, the choice of a main case, the group on the page of a case."""

from flask_babel import lazy_gettext as _l

from app.applications.views.duplicates.candidates import DuplicateView
from app.applications.views.duplicates.card import draw_group
from app.applications.views.duplicates.merging import MergeView
from app.core.rooms import Card, Page

DUPLICATE_PAGES = (
    Page(DuplicateView, _l("Candidates for duplicates"), "find", "merge", "Application"),
)
DUPLICATE_HIDDEN = (MergeView,)
DUPLICATE_CARDS = (
    Card(
        "merged",
        _l("Merged cases"),
        draw_group,
        shown=lambda item, actor: actor.may("read", "Application"),
    ),
)

__all__ = ["DUPLICATE_CARDS", "DUPLICATE_HIDDEN", "DUPLICATE_PAGES", "DuplicateView", "MergeView"]
