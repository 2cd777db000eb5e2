"""How the page of a record is made from the declaration of a view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from app.core.acting import current_actor
from app.core.text import format_number
from app.core.views import formats
from app.core.views.beside import file_entries, history_entries
from app.core.views.cards import card_places
from app.core.views.page import (
    Button,
    Crumb,
    Fact,
    FactGroup,
    HistoryEntry,
    ListRow,
    RelatedList,
    ShowPage,
)


class ShowPages:
    """Mixed into BackOfficeView; it uses the view's declaration and routes."""

    if TYPE_CHECKING:
        # The declaration stands in BackOfficeView, which inherits from this part.
        def __getattr__(self, name: str) -> Any:
            """Whatever the view declares."""

    def show_page(self, item: Any) -> ShowPage:
        """Everything the show template draws."""
        view: Any = self
        groups = [
            FactGroup(
                formats.translated(title) if title else "",
                [
                    Fact(
                        self.label_of(n),
                        view.cell(item, n),
                        formats.translated(view.description_columns.get(n, ""))
                        if view.description_columns.get(n)
                        else "",
                        n in view.wide,
                    )
                    for n in part["fields"]
                ],
            )
            for title, part in self._sections("show")
        ]
        buttons = list(view.show_buttons(item))
        if view.can_edit and view.may("write"):
            buttons.append(Button(_("Edit"), view.url("edit", pk=item.id), "edit", key="E"))
        menu = []
        if view.can_delete and view.may("delete"):
            text = _("%(name)s will be deleted for good.", name=view.row_label(item))
            menu.append(
                Button(
                    _("Delete"),
                    view.url("delete", pk=item.id),
                    "trash",
                    post=True,
                    danger=True,
                    confirm=text,
                )
            )
        may_reveal = bool(view.personal) and view.may("reveal")
        shown = f"{view.model.__name__}:{item.id}" in current_actor().revealed
        return ShowPage(
            title=view.row_label(item),
            pk=item.id,
            crumbs=[Crumb(formats.translated(view.label_plural), view.url("list"))],
            groups=groups,
            badges=self.show_badges(item),
            buttons=buttons,
            menu=menu,
            related=self._related_lists(item),
            history=self._history(item) if view.has_history and view.may("read") else None,
            files=file_entries(view.session, item) if view.has_files else None,
            upload_url=url_for("AttachmentView.upload", owner=type(item).__name__, pk=item.id)
            if view.has_files and view.may("write")
            else "",
            reveal_url=view.url("reveal", pk=item.id) if may_reveal and not shown else "",
            reveal_note=_("The reason is asked and logged; it stays open for five minutes."),
            cards=card_places(item, current_actor()),
        )

    def show_badges(self, item: Any) -> Sequence[Any]:
        """Badges beside the title."""
        return ()

    def _related_lists(self, item: Any) -> list[RelatedList]:
        """Tabs with records that point here, at most ten rows each, in the actor's scope."""
        lists = []
        views = {
            type(v): v
            for v in current_app.extensions["appbuilder"].baseviews
            if not isinstance(v, type)
        }
        for key, view_class, attribute in self.related:
            view = views.get(view_class)
            if view is None or not view.may("read"):
                continue
            column = getattr(view.model, attribute)
            names = [
                n for n in view.list_columns if n.split(".")[0] != attribute.removesuffix("_id")
            ]
            rows = list(
                view.session.execute(
                    view.base_query()
                    .where(column == item.id)
                    .options(*view._joins(names), *view.list_options)
                    .order_by(view.model.id.desc())
                    .limit(11)
                )
                .unique()
                .scalars()
            )
            lists.append(
                RelatedList(
                    key=key,
                    label=formats.translated(view.label_plural),
                    columns=[
                        c
                        for c in view._columns(
                            request.args.__class__(), view._order(request.args.__class__())
                        )
                        if c.name in names
                    ],
                    rows=[
                        ListRow(
                            r.id,
                            view.row_label(r),
                            view.row_url(r),
                            [view.cell(r, n) for n in names],
                        )
                        for r in rows[:10]
                    ],
                    count="10+" if len(rows) > 10 else format_number(len(rows)),
                    add_url=view.url("add", **{attribute.removesuffix("_id"): item.id})
                    if view.can_add and view.may("write")
                    else "",
                    empty_text=_("Nothing here yet."),
                )
            )
        return lists

    def _history(self, item: Any) -> list[HistoryEntry]:
        return history_entries(
            self.session, type(item).__name__, item.id, self.label_of_field, self.word_of_value
        )
