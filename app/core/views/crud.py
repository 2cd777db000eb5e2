"""How add, edit, delete and reveal answer, from the declaration of a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.core import ports
from app.core.redirects import is_local_path
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_datetime
from app.core.views import formats
from app.core.views.beside import file_entries, history_entries, related_name, remember_reveal
from app.core.views.forms import BackOfficeForm, initial, make_form, populate
from app.core.views.page import (
    ConflictPage,
    Crumb,
    FormPage,
    FormSection,
)


class CrudPages:
    """Mixed into BackOfficeView; it uses the view's declaration and routes."""

    if TYPE_CHECKING:
        # The declaration stands in BackOfficeView, which inherits from this part.
        def __getattr__(self, name: str) -> Any:
            """Whatever the view declares."""

    add_form_class: type[BackOfficeForm]
    edit_form_class: type[BackOfficeForm]

    # --- labels and forms ----------------------------------------------------------------------------
    def label_of(self, name: str) -> str:
        """The translated label of a column."""
        return formats.translated(self.label_columns.get(name, name))

    def label_of_field(self, field: str) -> str:
        """The label of a stored field; empty for what only the program uses.

        Flask-AppBuilder makes up a plain English label for every column; ours are lazy texts.
        """
        labels = self.label_columns
        found = (labels.get(name) for name in (field.removesuffix("_id"), field))
        label = next((one for one in found if one is not None and not isinstance(one, str)), None)
        return formats.translated(label) if label is not None else ""

    def word_of_value(self, field: str, value: Any) -> Any:
        """A stored code by its label; any other value as it is."""
        labels = self.codes.get(field) or getattr(self.formats.get(field), "labels", {})
        if isinstance(value, dict):
            # What such a value says stands on the page; its notation is the program's.
            return _("details") if value else ""
        label = next(
            (w for code, w in labels.items() if str(getattr(code, "value", code)) == value), None
        )
        if label is not None:
            return formats.translated(label)
        return related_name(self.session, self.model, field, value)

    def make_forms(self) -> None:
        """Build the add and edit forms once, when the view is registered."""

        def build(names: Sequence[str]) -> type[BackOfficeForm]:
            return make_form(
                self.model,
                names,
                labels=self.label_columns,
                helps=self.description_columns,
                codes=self.codes,
                lookups=self.lookups,
                extra=self.form_extra,
            )

        self.add_form_class = build(self.form_names("add") if self.can_add else ())
        self.edit_form_class = build(self.form_names("edit") if self.can_edit else ())

    def _sections(self, which: str) -> list[tuple[Any, dict[str, Any]]]:
        sections = getattr(self, f"{which}_fieldsets", None)
        if sections:
            return list(sections)
        if which == "edit":
            return self._sections("add")
        return [("", {"fields": list(getattr(self, f"{which}_columns", None) or ())})]

    def form_names(self, which: str) -> list[str]:
        """Names of the fields of the add or edit form."""
        return [name for _title, part in self._sections(which) for name in part["fields"]]

    def show_names(self) -> list[str]:
        """Names of what the show page tells."""
        return self.form_names("show")

    def _form_page(self, form: BackOfficeForm, which: str, item: Any = None) -> FormPage:
        name = formats.translated(self.label)
        crumbs = [Crumb(formats.translated(self.label_plural), self.url("list"))]
        if item is not None:
            crumbs.append(Crumb(self.row_label(item), self.url("show", pk=item.id)))
        for personal in form:
            if personal.short_name in self.personal:
                # The browser keeps drafts of what is typed, but never of these.
                personal.render_kw = {**(personal.render_kw or {}), "data-personal": True}
        errors = [
            (field.id, str(field.label.text), str(message))
            for field in form
            for message in field.errors
        ]
        errors += [("", "", str(message)) for message in form.form_errors]
        return FormPage(
            title=_("New: %(name)s", name=name)
            if item is None
            else _("Edit: %(name)s", name=self.row_label(item)),
            crumbs=crumbs,
            form=form,
            sections=[
                FormSection(
                    formats.translated(t) if t else "",
                    p["fields"],
                    formats.translated(p.get("intro", "")) if p.get("intro") else "",
                )
                for t, p in self._sections(which)
            ],
            action=request.full_path.rstrip("?"),
            submit=_("Save"),
            cancel_url=self.url("show", pk=item.id) if item is not None else self.url("list"),
            wide=self.wide,
            errors=errors,
            version=item.version if item is not None and hasattr(item, "version") else None,
            extra_submits=[] if item is not None else [("_again", _("Save and add another"))],
            multipart=any(f.type in {"FileField", "MultipleFileField"} for f in form),
        )

    # --- add and edit --------------------------------------------------------------------------------
    def add_response(self) -> Any:
        """Draw the empty form, or store what was typed; on any error the input stays."""
        form = self.add_form_class(
            request.form if request.method == "POST" else None, data=self.defaults()
        )
        if request.method == "POST":
            item = self._try_save(form, None)
            if item is not None:
                flash(_("%(name)s has been added.", name=self.row_label(item)), "success")
                again = "_again" in request.form
                return redirect(self.url("add") if again else self.after_save_url(item))
        page = self._form_page(form, "add")
        status = 422 if page.errors else 200
        return self.render_template(self.add_template, page=page), status

    def defaults(self) -> dict[str, Any]:
        """Values of an empty form: what the address names, so that a list can pre-fill it."""
        names = set(self.form_names("add"))
        mapper = inspect(self.model)
        return {
            k: int(v)
            for k, v in request.args.items()
            if k in names and k in mapper.relationships and v.isdigit() and len(v) < 10
        }

    def after_save_url(self, item: Any) -> str:
        """Where to go after saving."""
        return str(self.url("show", pk=item.id))

    def edit_response(self, item: Any) -> Any:
        """Draw the form of a record, store it, or show the conflict with a colleague's change."""
        names = self.form_names("edit")
        if request.method == "POST":
            form = self.edit_form_class(request.form)
            opened = request.form.get("_version", "")
            # A form that does not say what it was opened with might overwrite anything.
            if hasattr(item, "version") and opened != str(item.version):
                return self._conflict(item, form, names)
            keep_saved(form, initial(item, names), request.form)
            saved = self._try_save(form, item)
            if saved is not None:
                flash(_("%(name)s has been saved.", name=self.row_label(saved)), "success")
                return redirect(self.after_save_url(saved))
            item = self.load(item.id)
        else:
            form = self.edit_form_class(data=initial(item, names))
        page = self._form_page(form, "edit", item)
        status = 422 if page.errors else 200
        return self.render_template(self.edit_template, page=page), status

    def _try_save(self, form: BackOfficeForm, item: Any) -> Any:
        """Validate, store and commit; None with the errors in the form when anything is refused."""
        if not form.validate():
            return None
        values = form.values()
        if form.add_violations(self.check(values, item)):
            return None
        names = self.form_names("add" if item is None else "edit")
        pk = item.id if item is not None else None
        db_session = self.session
        try:
            target = item if item is not None else self.model()
            populate(form, target, names)
            store = self.save_new if item is None else self.save_changed
            saved = store(target, values)
            db_session.commit()
            return saved
        except RuleViolation as refused:
            db_session.rollback()
            form.add_violations(refused.violations)
        except IntegrityError as error:
            db_session.rollback()
            form.add_violations([self._from_constraint(error)])
        except StaleDataError:
            db_session.rollback()
            form.add_violations([Violation("", STALE)])
        except DBAPIError:
            db_session.rollback()
            current_app.logger.exception("saving %s %s failed", self.model.__name__, pk)
            form.add_violations([Violation("", BUSY)])
        return None

    def _from_constraint(self, error: IntegrityError) -> Violation:
        """The message for a broken constraint; the map names what a clerk can do about it."""
        words = str(getattr(error, "orig", error))
        for name, (field, message) in self.constraints.items():
            if name in words:
                return Violation(field, message)
        for column in inspect(self.model).columns:
            unique = (
                f"uq_{column.table.name}_{column.key}" in words
                or f"{column.table.name}.{column.key}" in words
            )
            if unique and ("UNIQUE" in words or "unique" in words):
                return Violation(column.key, ALREADY)
        current_app.logger.warning("constraint without a message: %s", words.split("\n")[0])
        return Violation("", REFUSED)

    def _conflict(self, item: Any, form: BackOfficeForm, names: Sequence[str]) -> Any:
        """Both versions, field by field; what was typed is carried along and can still be saved."""
        rows = []
        form.validate()
        for name in names:
            theirs = self.cell(item, name).text
            field = form._fields[name]
            yours = _written(field)
            if name not in self.personal:
                rows.append((name, self.label_of(name), theirs, yours, theirs.strip("–") != yours))
        who = ports.history(self.session, self.model.__name__, item.id, 1)
        hidden = [
            (k, v)
            for k, v in request.form.items(multi=True)
            if k not in {"_version", "csrf_token"} and not k.startswith("_keep_")
        ]
        page = ConflictPage(
            title=_("Somebody else has changed this record meanwhile"),
            crumbs=[
                Crumb(formats.translated(self.label_plural), self.url("list")),
                Crumb(self.row_label(item), self.url("show", pk=item.id)),
            ],
            changed_by=who[0].actor_name if who else "",
            changed_at=format_datetime(item.changed_at, lang=formats.language()),
            rows=rows,
            action=request.full_path.rstrip("?"),
            hidden=[*hidden, ("_version", str(item.version))],
            cancel_url=self.url("show", pk=item.id),
        )
        return self.render_template("conflict.html", page=page), 409

    # --- delete and reveal ---------------------------------------------------------------------------
    def delete_response(self, item: Any) -> Any:
        """Delete, or say why it cannot be."""
        name = self.row_label(item)
        try:
            self.session.delete(item)
            self.session.commit()
        except IntegrityError:
            self.session.rollback()
            flash(
                _(
                    "%(name)s is used by other records and cannot be deleted. Set it inactive instead.",
                    name=name,
                ),
                "error",
            )
            return redirect(self.url("show", pk=item.id))
        flash(_("%(name)s has been deleted.", name=name), "success")
        return redirect(self.url("list"))

    def reveal_response(self, item: Any) -> Any:
        """Open the personal data of one record for five minutes, against a reason."""
        reason = request.form.get("reason", "").strip()
        if len(reason) < 5:
            flash(_("Write in a few words why you need to see the identity."), "error")
            return redirect(self.url("show", pk=item.id))
        entity = self.model.__name__
        ports.record_access(
            self.session,
            verb="reveal",
            entity=entity,
            record_id=item.id,
            summary=reason[:300],
            changes={"fields": sorted(self.personal)},
        )
        remember_reveal(f"{entity}:{item.id}")
        target = request.form.get("next", "")
        return redirect(target if is_local_path(target) else self.url("show", pk=item.id))


ALREADY = N_("There is a record with this value already.")
REFUSED = N_("The database refused this record. Check the fields and try again.")
STALE = N_("The record was changed meanwhile. Open it again and repeat your change.")
BUSY = N_("The record could not be saved just now. What you typed is kept; try again in a moment.")


def keep_saved(form: BackOfficeForm, saved: Mapping[str, Any], posted: Mapping[str, str]) -> None:
    """Where the conflict page answered `_keep_<field>=theirs`, the saved value replaces the typed one."""
    for name, value in saved.items():
        if posted.get(f"_keep_{name}") != "theirs" or name not in form._fields:
            continue
        field = form._fields[name]
        field.raw_data = None
        field.process(None, value)
        # Validators of presence look at what was sent; the saved value counts as sent.
        field.raw_data = [str(field._value())] if hasattr(field, "_value") else [str(field.data)]


def _written(field: Any) -> str:
    """What a field holds, in words."""
    if hasattr(field, "data_label"):
        return str(field.data_label)
    if hasattr(field, "labels") and field.data is not None:
        return formats.translated(field.labels.get(field.data, str(field.data)))
    return formats.plain(field.data).text.strip("–")


__all__ = ["CrudPages", "file_entries", "history_entries", "remember_reveal"]
