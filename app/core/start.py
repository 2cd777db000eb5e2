"""What is settled before anything else at start: secrets, proxies, folders."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core import places

MIN_KEY_LENGTH = 50


def check_settings(app: Flask) -> None:
    """Refuse to start on a weak secret; make the data folders.

    Raises RuntimeError with a sentence that says what to do. Source: trust promise 34.
    """
    key = app.config.get("SECRET_KEY") or ""
    if app.config["HALKLA_PROFILE"] == "production" or not key:
        if len(key) < MIN_KEY_LENGTH or len(set(key)) < 5:
            raise RuntimeError(
                "HALKLA_SECRET_KEY is missing or weak: give at least 50 random characters "
                '(python -c "import secrets; print(secrets.token_urlsafe(64))"), or run `make setup`.'
            )
    app.config["HALKLA_DATA"].mkdir(parents=True, exist_ok=True)
    app.config["HALKLA_UPLOADS"].mkdir(parents=True, exist_ok=True)
    places.set_folders(app.config["HALKLA_DATA"], app.config["HALKLA_UPLOADS"])
    places.set_address(app.config["HALKLA_BASE_URL"])


def init_proxies(app: Flask) -> None:
    """Believe X-Forwarded-* only from as many proxies as were named. Source: trust promise 18."""
    count = app.config["HALKLA_PROXIES"]
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
