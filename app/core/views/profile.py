"""The profile page: two small forms, each with its own button."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, logout_user
from werkzeug.security import check_password_hash
from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import EqualTo, InputRequired

from app.core.acting import current_actor
from app.core.passwords import password_violations
from app.core.views.fields import REQUIRED
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Crumb, FormPage, FormSection
from app.core.views.standing import standing_of


class LookForm(BackOfficeForm):
    """Language, theme and keys."""

    language = SelectField(_l("Language"), choices=[("tr", "Türkçe"), ("en", "English")])
    theme = SelectField(
        _l("Look"),
        choices=[("", _l("As the computer is set")), ("light", _l("Light")), ("dark", _l("Dark"))],
    )
    shortcuts = BooleanField(
        _l("Single-letter keys"), description=_l("J, K, N, E and the like act outside of fields.")
    )


class PasswordForm(BackOfficeForm):
    """A new password; the old one is asked."""

    current = PasswordField(_l("Present password"), [InputRequired(REQUIRED)])
    new = PasswordField(
        _l("New password"),
        [InputRequired(REQUIRED)],
        description=_l("At least 12 characters; a sentence is easy to remember."),
    )
    again = PasswordField(
        _l("New password again"), [EqualTo("new", _l("The two passwords differ."))]
    )


def profile_response(view: Any) -> Any:
    """Draw and store."""
    user = current_user._get_current_object()
    db_session = view.appbuilder.session
    which = request.args.get("form", "") if request.method == "POST" else ""
    look = LookForm(request.form if which == "look" else None, obj=user)
    password = PasswordForm(request.form if which == "password" else None)
    if which == "look" and look.validate():
        user.language, user.theme, user.shortcuts = (
            look.language.data,
            look.theme.data,
            look.shortcuts.data,
        )
        db_session.commit()
        session["locale"] = user.language
        flash(_("Your settings have been saved."), "success")
        return redirect(url_for("ProfileView.profile"))
    if which == "password" and password.validate():
        if not check_password_hash(user.password or "", password.current.data):
            password.current.errors = [_("This is not your present password.")]
        elif not password.add_violations(
            password_violations(password.new.data, user.username, field="new")
        ):
            current_app.extensions["appbuilder"].sm.reset_password(user.id, password.new.data)
            logout_user()
            session.clear()
            flash(_("Your password has been changed. Sign in with the new one."), "success")
            return redirect(url_for("SignInView.login"))
    status = 422 if which and any(f.errors for f in (*look, *password)) else 200
    page = _page(look, _("My profile"), "look", ["language", "theme", "shortcuts"], _("Save"))
    second = _page(
        password, _("Password"), "password", ["current", "new", "again"], _("Change password")
    )
    standing = standing_of(db_session, current_actor())
    return view.render_template(
        "profile.html", page=page, password_page=second, standing=standing
    ), status


def _page(form: Any, title: str, which: str, names: list[str], submit: str) -> FormPage:
    errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
    return FormPage(
        title=title,
        crumbs=[Crumb(_("Home"), url_for("HomeView.index"))],
        form=form,
        sections=[FormSection("", names)],
        action=url_for("ProfileView.profile", form=which),
        submit=submit,
        cancel_url=url_for("HomeView.index"),
        errors=errors,
    )
