"""Asking one more unit about a case that units have already: a form of its own, beside the lead."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.applications import rules, services
from app.core import clock
from app.core.acting import current_actor
from app.core.rules import RuleViolation
from app.core.views import fields, formats
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Crumb, FormPage, FormSection

_ROLES = {
    role: label
    for role, label in rules.ASSIGNMENT_ROLE_LABELS.items()
    if role is not rules.AssignmentRole.LEAD
}


class UnitForm(BackOfficeForm):
    """Which unit is asked, and for what."""

    unit_ids = fields.LookupField(_l("Unit"), [InputRequired(fields.REQUIRED)], source="unit")
    role = fields.CodeField(
        _l("Asked for"),
        [InputRequired(fields.REQUIRED)],
        labels=_ROLES,
        enum=rules.AssignmentRole,
        default=rules.AssignmentRole.ACTION,
    )
    due_on = fields.DayField(_l("Day the unit should answer by"), [Optional()])
    note = TextAreaField(_l("Note"), [Optional(), Length(max=4000)])


class UnitSteps:
    """Routes about the units of a case; WorkView takes them in."""

    session: Any
    _load: Any
    render_template: Any

    @expose("/<int:pk>/add-unit", methods=["GET", "POST"])
    @has_access
    def add_unit(self, pk: int) -> Any:
        """Ask another unit for action or for information; the lead unit stays."""
        item, form = self._load(pk), UnitForm(request.form if request.method == "POST" else None)
        shown = url_for("ApplicationView.show", pk=pk)
        if request.method == "POST" and form.validate():
            values = form.values()
            try:
                services.assign(
                    self.session,
                    application=item,
                    unit_ids=[values["unit_ids"]],
                    lead_unit_id=None,
                    role=values["role"],
                    due_on=values["due_on"],
                    note=values["note"] or "",
                    actor=current_actor(),
                    now=clock.now(),
                )
                self.session.commit()
            except RuleViolation as refused:
                self.session.rollback()
                form.add_violations(refused.violations)
                item = self._load(pk)
            else:
                words = formats.translated(rules.step_label("add_unit"))
                flash(_("%(number)s: %(step)s.", number=item.number, step=words), "success")
                return redirect(shown)
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        page = FormPage(
            title=_("Ask another unit"),
            crumbs=[
                Crumb(_("Applications"), url_for("ApplicationView.list")),
                Crumb(item.number, shown),
            ],
            form=form,
            sections=[FormSection("", ["unit_ids", "role", "due_on", "note"])],
            action=request.path,
            submit=_("Send to the unit"),
            cancel_url=shown,
            wide=frozenset({"note"}),
            errors=errors,
            intro=f"{item.number} · {item.subject}",
        )
        drawn = self.render_template("appbuilder/general/model/edit.html", page=page)
        return drawn, 422 if errors else 200
