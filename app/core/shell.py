"""Everything around a page: menu, home, errors, language, and what every template may read."""

from __future__ import annotations

from typing import Any

from flask import (
    Flask,
    current_app,
    flash,
    g,
    has_request_context,
    redirect,
    request,
    session,
    url_for,
)
from flask.globals import request_ctx
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.core.acting import current_actor
from app.core.current import db_session
from app.core.menu import make_menu
from app.core.redirects import is_local_path
from app.core.rooms import rooms
from app.core.rules import RuleViolation
from app.core.text import initials
from app.core.views.formats import language
from app.core.views.page import Button, Shell
from app.core.views.pins import pinned_block
from app.core.views.standing import standing_of


class HomeView(BaseView):
    """The first page after signing in: made of the blocks that rooms offer to the actor's roles."""

    route_base = ""
    default_view = "index"
    label = _l("Home page")

    @expose("/")
    def index(self) -> Any:
        """The home page of the role."""
        if not current_user.is_authenticated:
            return redirect(url_for("SignInView.login"))
        actor = current_actor()
        made = []
        for room in rooms():
            # The first role in the room's order that the person holds decides.
            # A deputy keeps the own home page; the work of the other stands above it.
            role = next((r for r in room.homes if r in actor.own.roles), None)
            if role is not None:
                made.append(room.homes[role])
        if not made:
            made = [room.homes["*"] for room in rooms() if "*" in room.homes]
        blocks = [make(db_session(), actor) for make in made]
        if (pins := pinned_block(db_session(), actor)) is not None:
            blocks.insert(0, pins)
        standing = standing_of(db_session(), actor)
        return self.render_template("home.html", blocks=blocks, standing=standing, title=_("Home"))


def make_shell() -> Shell | None:
    """The shell for the signed-in user; None at the door."""
    if (
        not has_request_context()
        or not getattr(g, "user", None)
        or not current_user.is_authenticated
    ):
        return None
    actor, lang = current_actor(), language()
    user = current_user
    other = "en" if lang == "tr" else "tr"
    menu, home_current, unread = make_menu(actor)
    return Shell(
        rooms=menu,
        home_url=url_for("HomeView.index"),
        home_current=home_current,
        user_name=actor.name,
        user_initials=initials(actor.name),
        user_role=user.title or "",
        profile_url=url_for("ProfileView.profile"),
        unread=unread,
        notifications_url=url_for("BellView.bell"),
        search_url=url_for("SearchView.page"),
        palette_url=url_for("SearchView.palette"),
        language=lang,
        other_language=other,
        other_language_name=current_app.config["LANGUAGES"][other]["name"],
        other_language_url=url_for(
            "LanguageView.switch", locale=other, next=request.full_path.rstrip("?")
        ),
        theme=user.theme or "",
        shortcuts=bool(user.shortcuts),
        version=current_app.config["HALKLA_VERSION"],
        organisation=_("Public Relations Branch Directorate"),
    )


class LanguageView(BaseView):
    """Turkish or English, for this session."""

    route_base = "/language"
    default_view = "switch"

    @expose("/<string:locale>")
    def switch(self, locale: str) -> Any:
        """Keep the language in the session and go back."""
        if locale in current_app.config["LANGUAGES"]:
            session["locale"] = locale
        target = request.args.get("next", "")
        return redirect(target if is_local_path(target) else url_for("HomeView.index"))


class ProfileView(BaseView):
    """What a person may change about the own account: look, language, keys, password."""

    route_base = "/profile"
    default_view = "profile"

    @expose("/", methods=["GET", "POST"])
    @login_required
    def profile(self) -> Any:
        """Draw and store the two forms."""
        from app.core.views.profile import profile_response

        return profile_response(self)


#: Title and text for the errors that people meet.
def _words(code: int) -> tuple[str, str]:
    words = {
        400: (
            _("The request could not be read"),
            _("Go back, check what you typed and try again."),
        ),
        401: (_("Please sign in"), _("Your session has ended.")),
        403: (
            _("You may not open this page"),
            _("If your work needs it, ask your manager for the right."),
        ),
        404: (
            _("This page or record does not exist"),
            _("It may have been deleted, or it belongs to another unit."),
        ),
        405: (_("This cannot be done this way"), _("Go back and use the buttons of the page.")),
        409: (
            _("Somebody else was quicker"),
            _("The record has changed meanwhile. Open it again."),
        ),
        413: (
            _("The file is too large"),
            _("A file may have at most 20 MB, all files together 60 MB."),
        ),
        422: (_("Something is missing"), _("Check the marked fields.")),
        429: (_("Too many tries"), _("Wait a quarter of an hour and try again.")),
        503: (_("The system is busy"), _("What you did was not saved. Try again in a moment.")),
    }
    return words.get(
        code,
        (
            _("Something went wrong"),
            _(
                "The fault has been logged. Nothing was half-saved. Tell the number below to your administrator."
            ),
        ),
    )


def error_page(code: int, text: str = "") -> Any:
    """An error as people read it, or as JSON for machines."""
    title, words = _words(code)
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        return {"message": text or title, "request_id": g.get("request_id", "")}, code
    from flask import render_template

    shell = None
    if request_ctx.url_adapter is None:
        # The host is not one of ours: no address was matched, and nobody's menu belongs there.
        request_ctx.url_adapter = current_app.url_map.bind("localhost")
    else:
        try:
            shell = make_shell()
        except Exception:
            # The fault may be the database itself; the page must still be drawn.
            shell = None
    g.shell = shell
    home = Button(_("Go to the home page"), url_for("HomeView.index"), "home")
    return (
        render_template(
            "error.html",
            code=code,
            title=title,
            text=text or words,
            request_id=g.get("request_id", ""),
            buttons=[home],
            shell=shell,
        ),
        code,
    )


def init_shell(app: Flask) -> None:
    """Context for templates, and pages for every fault."""

    @app.context_processor
    def context() -> dict[str, Any]:
        if "shell" not in g:
            g.shell = make_shell()
        return {"shell": g.shell, "lang": language(), "actor": current_actor()}

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if error.response is not None:
            return error.response
        db_session().rollback()
        return error_page(error.code or 500)

    @app.errorhandler(CSRFError)
    def csrf_error(error: CSRFError) -> Any:
        return error_page(
            400,
            _(
                "The page was open too long, so its security key has expired. Load it again; what you typed is kept in this browser."
            ),
        )

    @app.errorhandler(RuleViolation)
    def rule_error(error: RuleViolation) -> Any:
        db_session().rollback()
        texts = [
            _(v.message) % dict(v.params) if v.params else _(v.message) for v in error.violations
        ]
        if request.path.startswith("/api/"):
            return {"message": " ".join(texts)}, 422
        for text in texts:
            flash(text, "error")
        back = request.referrer or ""
        same = back.startswith(request.host_url)
        return redirect(back if same else url_for("HomeView.index"))

    @app.errorhandler(StaleDataError)
    def stale_error(error: StaleDataError) -> Any:
        db_session().rollback()
        return error_page(409)

    @app.errorhandler(OperationalError)
    def busy_error(error: OperationalError) -> Any:
        db_session().rollback()
        app.logger.warning("database not available: %s", type(error.orig).__name__)
        return error_page(503)

    @app.errorhandler(Exception)
    def any_error(error: Exception) -> Any:
        db_session().rollback()
        app.logger.error("unexpected fault", exc_info=error)
        return error_page(500)
