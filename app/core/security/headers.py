"""Security headers on every response, errors and static files included."""

from __future__ import annotations

import uuid

from flask import Flask, Response, g, request

#: No inline script or style, no eval, no foreign host. 'data:' is for small pictures made by charts.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)


def init_headers(app: Flask) -> None:
    """Give each request an id and each response its headers."""

    @app.before_request
    def name_request() -> None:
        g.request_id = uuid.uuid4().hex

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()"
        headers["X-Request-Id"] = g.get("request_id", "")
        if app.config["SESSION_COOKIE_SECURE"]:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        # Static files say themselves how long they keep (core/static.py); nothing else is kept anywhere.
        if not request.path.startswith("/static/") or response.status_code >= 400:
            headers["Cache-Control"] = "no-store"
        headers.pop("Server", None)
        return response
