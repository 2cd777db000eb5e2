"""Saved views of lists: named, ordered, shared; on the home page, first of their list, with a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from flask import abort, current_app, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from wtforms import SelectField
from wtforms.validators import Optional

from app.core import ports
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.text import clean
from app.core.views import BackOfficeView, Flag, Interface, fields
from app.core.views.base import VERBS
from app.core.views.entities import Exact
from app.core.views.formats import EMPTY, translated
from app.core.views.page import Button, Cell
from app.system.models import SavedView, SavedViewUse
from app.system.rules.views import saved_view_violations
from app.system.services import saved_views

#: Arguments of a list that a saved view does not keep: the page, and what only forms send.
_NOT_KEPT = frozenset({"at", "csrf_token"})
_MOST_ARGUMENTS = 60


def role_choices() -> list[tuple[str, str]]:
    """Every role by its name, and a blank for all of them."""
    return [("", ""), *((code, translated(label)) for code, label in ports.role_labels.items())]


def unit_names() -> Mapping[int, str]:
    """The units that views are shared with, by name; read once in a request."""
    if "share_units" not in g:
        # The table of the room above is named through the metadata.
        units, views = SavedView.metadata.tables["organisation_unit"].c, SavedView.__table__.c
        used = select(views.share_unit_id).where(views.share_unit_id.is_not(None))
        rows = db_session().execute(select(units.id, units.name).where(units.id.in_(used)))
        g.share_units = dict(rows.all())
    names: Mapping[int, str] = g.share_units
    return names


def shared_cell(item: SavedView) -> Cell:
    """With whom a view is shared."""
    if not item.is_shared:
        return Cell("text", _("only me") if is_own(item) else "–")
    parts = []
    if item.share_role:
        label = ports.role_labels.get(item.share_role, item.share_role)
        parts.append(_("role: %(name)s", name=translated(label)))
    if item.share_unit_id:
        name = unit_names().get(item.share_unit_id, "–")
        parts.append(_("unit: %(name)s", name=name))
    return Cell("text", ", ".join(parts) or _("everybody"))


class SavedViewView(BackOfficeView):
    """Lists with filters and order under a name; made with the button on the list itself."""

    datamodel = Interface(SavedView)
    route_base = "/saved-views"
    class_permission_name = "SavedView"
    method_permission_name = {
        **VERBS,
        "keep": "write",
        "pin": "write",
        "first": "write",
        "follow": "write",
    }
    label = _l("Saved view")
    label_plural = _l("Saved views")
    icon = "star"
    can_add = False
    can_delete = True
    list_columns = ["name", "screen", "shared_with", "position"]
    order_columns = ["name", "screen", "position"]
    base_order = ("screen", "asc")
    edit_fieldsets = [
        (_l("Saved view"), {"fields": ["name", "position"]}),
        (_l("Shared with"), {"fields": ["is_shared", "share_role", "share_unit_id"]}),
    ]
    show_fieldsets = [(_l("Saved view"), {"fields": ["name", "screen", "shared_with", "position"]})]
    label_columns = {
        "name": _l("Name"),
        "screen": _l("List"),
        "shared_with": _l("Shared with"),
        "is_shared": _l("Shared with colleagues"),
        "share_role": _l("Only with the role"),
        "share_unit_id": _l("Only with the unit"),
        "position": _l("Order among the tabs"),
    }
    description_columns = {
        "is_shared": _l("Each sees only the rows that are visible to them."),
        "share_role": _l("Empty: people of every role."),
        "share_unit_id": _l("Empty: people of every unit; those of units below see it too."),
        "position": _l("Smaller numbers stand further left."),
    }
    form_extra = {
        "share_role": SelectField(
            _l("Only with the role"),
            [Optional()],
            description=_l("Empty: people of every role."),
            choices=role_choices,
        ),
        "share_unit_id": fields.LookupField(
            _l("Only with the unit"),
            [Optional()],
            source="unit",
            description=_l("Empty: people of every unit; those of units below see it too."),
        ),
    }
    filters = (
        Exact("screen", _l("List"), SavedView.screen),
        Flag("shared", _l("Shared with colleagues"), SavedView.is_shared),
    )
    form_rule = staticmethod(saved_view_violations)
    empty_text = _l("Filter a list and press “Save view”; it appears beside the list’s tabs.")

    def cell(self, item: Any, name: str) -> Cell:
        """The list by the name that it has on its screen, and with whom it is shared."""
        if name == "shared_with":
            return shared_cell(item)
        if name != "screen":
            return super().cell(item, name)
        return Cell("link", screen_label(item.screen), url=view_url(item))

    def show_buttons(self, item: Any) -> list[Button]:
        """Open the list, and what the actor wants to have of it."""
        use = saved_views.find_use(self.session, item, current_actor())
        buttons = [Button(_("Open the list"), view_url(item), "right", primary=True)]
        if not self.may("write"):
            return buttons
        pinned, first = bool(use and use.is_pinned), bool(use and use.is_default)
        buttons += [
            Button(
                _("Take off the home page") if pinned else _("Put on the home page"),
                self.url("pin", pk=item.id),
                "pin",
                post=True,
                fields=(("on", "0" if pinned else "1"),),
            ),
            Button(
                _("No longer open it with its list") if first else _("Open it with its list"),
                self.url("first", pk=item.id),
                "star",
                post=True,
                fields=(("on", "0" if first else "1"),),
            ),
        ]
        if use is not None and use.alert_above is not None:
            buttons.append(
                Button(
                    _("No more messages"), self.url("follow", pk=item.id), "bell", post=True,
                    fields=(("end", "1"),),
                )
            )  # fmt: skip
        else:
            buttons.append(
                Button(
                    _("Tell me each morning"),
                    self.url("follow", pk=item.id),
                    "bell",
                    post=True,
                    confirm=_("The bell tells you when the view has more rows than this."),
                    ask=("above", _("More than how many rows?"), True),
                )
            )
        return buttons

    def edit_response(self, item: Any) -> Any:
        """Only the owner changes a view."""
        return super().edit_response(item) if is_own(item) else abort(404)

    def delete_response(self, item: Any) -> Any:
        """Only the owner deletes a view."""
        return super().delete_response(item) if is_own(item) else abort(404)

    @expose("/keep/<string:screen>", methods=["POST"])
    @has_access
    def keep(self, screen: str) -> Any:
        """Keep the filters and the order of a list under a name."""
        if f"{screen}.list" not in current_app.view_functions:
            abort(404)
        name = clean(request.form.get("name", ""))[:80]
        found = parse_qs(request.form.get("args", "")[:4_000], max_num_fields=_MOST_ARGUMENTS)
        arguments: dict[str, Any] = {k: v for k, v in found.items() if k not in _NOT_KEPT}
        target = url_for(f"{screen}.list", **arguments)
        if not name:
            flash(_("Give the view a name."), "error")
            return redirect(target)
        owner = current_actor().user_id
        position = self.session.scalar(
            select(func.count()).where(SavedView.screen == screen, SavedView.owner_id == owner)
        )
        view = SavedView(
            screen=screen, owner_id=owner, name=name, arguments=arguments, position=position
        )
        self.session.add(view)
        self.session.commit()
        flash(_("%(name)s has been saved.", name=name), "success")
        return redirect(target)

    @expose("/pin/<int:pk>", methods=["POST"])
    @has_access
    def pin(self, pk: int) -> Any:
        """Put a view on the own home page, or take it off."""
        is_on = request.form.get("on") == "1"
        self._set(pk, {"is_pinned": is_on})
        flash(
            _("It stands on your home page.") if is_on else _("It is off your home page."),
            "success",
        )
        return redirect(self.url("show", pk=pk))

    @expose("/first/<int:pk>", methods=["POST"])
    @has_access
    def first(self, pk: int) -> Any:
        """Let a view open with its list, or the list as it was."""
        is_on = request.form.get("on") == "1"
        self._set(pk, {"is_default": is_on})
        flash(
            _("The list opens with this view.") if is_on else _("The list opens as before."),
            "success",
        )
        return redirect(self.url("show", pk=pk))

    def _set(self, pk: int, values: Mapping[str, Any]) -> None:
        saved_views.set_use(self.session, view=self.load(pk), actor=current_actor(), values=values)
        self.session.commit()

    @expose("/follow/<int:pk>", methods=["POST"])
    @has_access
    def follow(self, pk: int) -> Any:
        """Ask for a message each morning, or for no more of them."""
        ends = request.form.get("end") == "1"
        saved_views.follow_view(
            self.session,
            view=self.load(pk),
            actor=current_actor(),
            above=None if ends else request.form.get("above", ""),
        )
        self.session.commit()
        flash(
            _("No more messages about this view.")
            if ends
            else _("The bell tells you each morning when there are more rows."),
            "success",
        )
        return redirect(self.url("show", pk=pk))


class SavedViewUseView(BackOfficeView):
    """What one has set for saved views; each is taken back here too."""

    datamodel = Interface(SavedViewUse)
    route_base = "/saved-view-uses"
    class_permission_name = "SavedViewUse"
    label = _l("Own use of a saved view")
    label_plural = _l("Own use of saved views")
    icon = "star"
    can_add = False
    can_edit = False
    can_delete = True
    has_history = False
    list_columns = ["view", "is_pinned", "is_default", "alert_above", "alerted_on"]
    order_columns = ["alert_above"]
    show_fieldsets = [
        (
            _l("Own use of a saved view"),
            {"fields": ["view", "is_pinned", "is_default", "alert_above", "alerted_on"]},
        )
    ]
    label_columns = {
        "view": _l("Saved view"),
        "is_pinned": _l("On the home page"),
        "is_default": _l("Opens with its list"),
        "alert_above": _l("Message above so many rows"),
        "alerted_on": _l("Last message"),
    }
    filters = (
        Flag("pinned", _l("On the home page"), SavedViewUse.is_pinned),
        Flag("first", _l("Opens with its list"), SavedViewUse.is_default),
    )
    list_options = (joinedload(SavedViewUse.view),)
    empty_text = _l("Open a saved view and choose what you want to have of it.")

    def cell(self, item: Any, name: str) -> Cell:
        """The view as a link to its own page."""
        if name != "view":
            return super().cell(item, name)
        if item.view is None:
            return EMPTY
        return Cell("link", item.view.name, url=url_for("SavedViewView.show", pk=item.view_id))

    def row_label(self, item: Any) -> str:
        """The name of the view."""
        return str(item.view or item)


def is_own(view: SavedView) -> bool:
    """Say whether the actor made this view."""
    return view.owner_id == current_actor().user_id


def view_url(view: SavedView) -> str:
    """The address of the list as it was saved; empty when the list is gone."""
    if f"{view.screen}.list" not in current_app.view_functions:
        return ""
    arguments: Mapping[str, Any] = view.arguments or {}
    return url_for(f"{view.screen}.list", **arguments)


def screen_label(screen: str) -> str:
    """What a list is called."""
    views = current_app.extensions["appbuilder"].baseviews
    found = next((v for v in views if type(v).__name__ == screen), None)
    return translated(found.label_plural) if found is not None else screen
