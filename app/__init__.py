"""Halkla: create_app() and nothing else; imports stand inside it, so a pure rule imports quickly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "1.0.0"


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application; `overrides` replace settings of config.py (tests use this).

    Raises RuntimeError when production is started without a strong secret.
    """
    from flask import Flask
    from flask_appbuilder import AppBuilder

    from app import cli, models, tasks, views
    from app.core import scope
    from app.core.database import engine_options
    from app.core.logging import init_logging
    from app.core.security import security_manager_for
    from app.core.security.headers import init_headers
    from app.core.security.views import throttle_doors
    from app.core.seen import init_seen
    from app.core.shell import HomeView, init_shell
    from app.core.start import check_settings, init_proxies
    from app.core.static import init_static
    from app.extensions import csrf, db, limiter, migrate
    from app.organisation.queries import find_running_deputyships, find_subtree_ids
    from app.system.services import wiring

    app = Flask(__name__, template_folder="templates", static_folder="static")
    app.config.from_object("config")
    app.config.from_mapping(HALKLA_VERSION=__version__)
    app.config.update(overrides or {})
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(url))
    check_settings(app)
    init_proxies(app)
    init_logging(app)
    init_headers(app)
    init_static(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["ROOT"] / "migrations"))
    csrf.init_app(app)
    limiter.init_app(app)
    scope.install(db.session)
    wiring.install(db.session)
    init_seen(app)

    with app.app_context():
        appbuilder = AppBuilder(
            indexview=HomeView,
            update_perms=False,
            security_manager_class=security_manager_for(
                models.StaffUser, wiring.stamp_query(), find_subtree_ids, find_running_deputyships
            ),
        )
        appbuilder.init_app(app, db.session)
        views.register(appbuilder)
        throttle_doors(app, limiter)
    init_shell(app)
    tasks.init_app(app)
    cli.init_app(app)
    return app
