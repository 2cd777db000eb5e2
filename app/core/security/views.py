"""The two doors: the sign-in page and the token endpoint, both throttled by address."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.views import AuthDBView
from flask_appbuilder.utils.base import get_safe_redirect
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

#: Tries per address and quarter of an hour, good or bad, on either door.
DOOR_LIMIT = "40 per 15 minutes"


class SignInView(AuthDBView):
    """The sign-in page; signing out is a POST, so that no link or picture can do it."""

    title = _l("Sign in")
    invalid_login_message = _l(
        "User name or password is wrong, or the account is locked. After 10 wrong tries an account "
        "stays locked for 15 minutes."
    )

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Any:
        """Show the form, check it and open a fresh session."""
        if current_user.is_authenticated:
            return redirect(get_safe_redirect(request.args.get("next", "")))
        form = LoginForm_db()
        status = 200
        if request.method == "POST":
            if form.validate_on_submit():
                sm = self.appbuilder.sm
                user = sm.auth_user_db(form.username.data, form.password.data)
                if user is not None:
                    target = get_safe_redirect(request.args.get("next", ""))
                    sm.open_session(user)
                    login_user(user, remember=False)
                    return redirect(target)
                form.username.errors = [self.invalid_login_message]
            status = 401
        page = self.render_template(
            self.login_template, title=self.title, form=form, appbuilder=self.appbuilder
        )
        return page, status

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """Close the session everywhere."""
        if not current_user.is_authenticated:
            # Nobody is signed in: there is nothing to close, only the door to show.
            return redirect(url_for("SignInView.login"))
        self.appbuilder.sm.close_session(g.user._get_current_object())
        logout_user()
        from flask import session

        session.clear()
        flash(_l("You have signed out."), "info")
        return redirect(url_for("SignInView.login"))


class SignInApi(SecurityApi):
    """FAB's JWT login and refresh under /api/v1/security."""

    openapi_spec_tag = "Security"

    def response_400(self, message: Any = None) -> Any:
        """What a request for a token must hold; FAB says it in English only."""
        return self.response(
            400, message=_("Send user name, password and provider “db” as a JSON object.")
        )

    def response_401(self) -> Any:
        """Why there is no token."""
        return self.response(401, message=str(SignInView.invalid_login_message))


def throttle_doors(app: Any, limiter: Any) -> None:
    """Put the address limit on both doors once their routes exist."""
    for endpoint in ("SignInView.login", "SignInApi.login"):
        view = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.limit(DOOR_LIMIT, methods=["POST"])(view)


def login_url() -> str:
    """Address of the sign-in page."""
    return str(url_for("SignInView.login", next=request.full_path.rstrip("?")))


def is_local() -> bool:
    """Whether the program runs for one machine only (plain http, demo accounts)."""
    return bool(current_app.config["HALKLA_PROFILE"] != "production")
