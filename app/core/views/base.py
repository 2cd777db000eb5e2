"""The view every entity inherits from: list, show, add, edit, delete, export over FAB's routes.

It is closed: a screen opens only the columns and methods it names. Rooms declare nouns; what a
rule decides stands in the room's rules, what is written in its services.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import ModelView, expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import joinedload

from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rules import Violation
from app.core.views import picking, saved
from app.core.views.crud import CrudPages
from app.core.views.filters import Filter
from app.core.views.formats import Format
from app.core.views.lists import ListPages
from app.core.views.page import Button, ListTab
from app.core.views.shows import ShowPages

#: Rows of one act that are loaded at once.
_MOST_ITEMS = 500

#: FAB method → verb. Two verbs per resource are the rule; export and delete stand apart.
VERBS = {
    "list": "read",
    "show": "read",
    "add": "write",
    "edit": "write",
    "delete": "delete",
    "export": "export",
    "action": "write",
    "upload": "write",
    "reveal": "reveal",
}


class Interface(SQLAInterface):
    """FAB's data model over our session."""


class BackOfficeView(ListPages, ShowPages, CrudPages, ModelView):
    """List, show, add, edit, delete and export of one entity.

    Class attributes are the declaration; see docs/architecture.md, "A screen".
    """

    # Closed by default: FAB's own ways in are not registered.
    exclude_route_methods: ClassVar[set[str]] = {"download", "action_post"}
    method_permission_name = VERBS
    previous_method_permission_name: ClassVar[dict[str, str]] = {}

    #: One entity, in the singular and the plural, and the icon of its lists.
    label: Any = ""
    label_plural: Any = ""
    icon = "list"
    #: What may be done at all; a role still needs the verb.
    can_add = True
    can_edit = True
    can_delete = False
    can_export = True
    #: Whether files may be attached, and whether the record's audit trail is shown.
    has_files = False
    has_history = True

    list_columns: Sequence[str] = ()
    order_columns: Sequence[str] = ()
    base_order: tuple[str, str] = ("id", "desc")
    #: Column → class of its width in the look's style sheet.
    column_css: Mapping[str, str] = {}
    #: Column that is the link to the record; the first one when empty.
    link_column = ""
    #: Extra columns of the export; the list's columns come first.
    export_columns: Sequence[str] = ()
    #: Loader options of the list beyond the relations it shows.
    list_options: Sequence[Any] = ()
    show_options: Sequence[Any] = ()
    page_size = 50
    #: Whether an act may mean every row that the filter finds, not only the picked ones.
    acts_on_all = False
    #: Dense lists become rows of three lines on a phone.
    dense = False

    search: Filter | None = None
    filters: Sequence[Filter] = ()
    #: Built-in tabs: (key, label, condition factory or None, tone).
    tabs: Sequence[tuple[str, Any, Callable[[], Any] | None, str]] = ()
    formats: Mapping[str, Format] = {}
    codes: Mapping[str, Mapping[Any, str]] = {}
    lookups: Mapping[str, Any] = {}
    wide: frozenset[str] = frozenset()
    form_extra: Mapping[str, Any] = {}
    form_rule: Callable[[Mapping[str, Any]], Iterable[Violation]] | None = None
    #: Columns with personal data, shown masked until revealed.
    personal: frozenset[str] = frozenset()
    #: Related lists of the show page: (key, view class, foreign key attribute of its model).
    related: Sequence[tuple[str, type, str]] = ()
    empty_text: Any = ""
    intro: Any = ""
    #: Constraint name → (field, message) for what only the database can know.
    constraints: Mapping[str, tuple[str, str]] = {}

    # --- FAB's own machinery, switched off where we have ours --------------------------------------
    def _init_forms(self) -> None:
        """Forms are made by `make_form`; FAB's would load every related table."""
        self.search_form = self.add_form = self.edit_form = None

    def _init_properties(self) -> None:
        self.search_columns: list[str] = []
        super()._init_properties()
        self.make_forms()

    def _init_titles(self) -> None:
        self.list_title = self.label_plural
        self.title = self.label_plural
        self.add_title = self.edit_title = self.show_title = self.label

    @property
    def model(self) -> Any:
        """The mapped class."""
        return self.datamodel.obj

    @property
    def session(self) -> Any:
        """The request's session, scoped to the actor."""
        return db_session()

    @property
    def resource(self) -> str:
        """Name of the permission resource."""
        return str(self.class_permission_name)

    def may(self, verb: str) -> bool:
        """Whether the actor holds the verb on this entity."""
        return current_actor().may(verb, self.resource)

    def url(self, method: str, **values: Any) -> str:
        """Address of one of this view's methods."""
        return url_for(f"{self.endpoint}.{method}", **values)

    def base_query(self) -> Select[Any]:
        """The rows of this screen before any filter; rooms narrow it."""
        return select(self.model)

    def load(self, pk: int) -> Any:
        """One record in the actor's scope, or 404."""
        options = [*self._joins(self.show_names()), *self.show_options]
        row = (
            self.session.execute(self.base_query().where(self.model.id == pk).options(*options))
            .unique()
            .scalars()
            .first()
        )
        return row if row is not None else abort(404)

    def _joins(self, names: Iterable[str]) -> list[Any]:
        """Join what the named columns show, so that no row costs a statement of its own."""
        mapper = inspect(self.model)
        heads = {name.split(".")[0] for name in names}
        return [
            joinedload(getattr(self.model, head))
            for head in sorted(heads)
            if head in mapper.relationships and not mapper.relationships[head].uselist
        ]

    # --- routes ------------------------------------------------------------------------------------
    @expose("/list/")
    @has_access
    def list(self) -> Any:
        """The list; without arguments the view that the actor has set for it."""
        if not request.args and (first := saved.default_url(self)):
            return redirect(first)
        return self.render_template(self.list_template, page=self.list_page(request.args))

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Any:
        """One record."""
        return self.render_template(self.show_template, page=self.show_page(self.load(pk)))

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """A new record."""
        return self.add_response() if self.can_add else abort(404)

    @expose("/edit/<int:pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: int) -> Any:
        """Change a record."""
        return self.edit_response(self.load(pk)) if self.can_edit else abort(404)

    @expose("/delete/<int:pk>", methods=["POST"])
    @has_access
    def delete(self, pk: int) -> Any:
        """Delete a record."""
        return self.delete_response(self.load(pk)) if self.can_delete else abort(404)

    @expose("/export", methods=["POST"])
    @has_access
    def export(self) -> Any:
        """The rows of the list as it stands, as Excel or CSV; masked and logged."""
        return self.export_response(request.args, request.form.get("format", "xlsx"))

    @expose("/action", methods=["POST"])
    @has_access
    def action(self) -> Any:
        """A named act on the picked rows; rows out of scope are not found."""
        name = request.form.get("action", "")
        act = self.actions.get(name)
        if act is None or not current_actor().may(name, self.resource):
            abort(403)
        items = list(self.session.scalars(picking.picked(self, request.form).limit(_MOST_ITEMS)))
        if not items:
            flash(_("Pick at least one row first."), "warning")
            return redirect(self.url("list"))
        return act.func(items)

    @expose("/reveal/<int:pk>", methods=["POST"])
    @has_access
    def reveal(self, pk: int) -> Any:
        """Show the personal data of one record for five minutes; the reason is logged."""
        return self.reveal_response(self.load(pk)) if self.personal else abort(404)

    # --- for rooms to extend -------------------------------------------------------------------------
    def row_label(self, item: Any) -> str:
        """How a row is called in confirmations and for screen readers."""
        return str(item)

    def show_buttons(self, item: Any) -> Sequence[Button]:
        """More buttons of the show page."""
        return ()

    def list_buttons(self) -> Sequence[Button]:
        """More buttons of the list."""
        return ()

    def extra_tabs(self) -> Sequence[ListTab]:
        """More tabs of the list."""
        return ()

    def save_new(self, item: Any, values: Mapping[str, Any]) -> Any:
        """Store a new record; rooms with a service call it here and return its record."""
        self.session.add(item)
        self.session.flush()
        return item

    def save_changed(self, item: Any, values: Mapping[str, Any]) -> Any:
        """Store a changed record."""
        self.session.flush()
        return item

    def check(self, values: Mapping[str, Any], item: Any) -> Iterable[Violation]:
        """Rule violations of what was typed; `item` is None for a new record."""
        return self.form_rule(values) if self.form_rule is not None else ()
