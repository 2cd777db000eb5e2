"""What a machine is told whose token is missing or worth nothing; who may do what is not decided here."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_babel import gettext as _


def refuse_tokens(manager: Any) -> None:
    """Answer 401 and say what to do; the library's own 422 would blame the fields of the request."""
    manager.unauthorized_loader(_missing)
    manager.invalid_token_loader(_invalid)
    manager.expired_token_loader(_ended)
    manager.revoked_token_loader(_ended)
    manager.user_lookup_error_loader(_ended)


def _missing(_reason: str) -> Response:
    return _refused(
        _("Send a token in the header “Authorization: Bearer …”; /api/v1/security/login gives one.")
    )


def _invalid(_reason: str) -> Response:
    return _refused(_("The token cannot be read. Sign in again at /api/v1/security/login."))


def _ended(_header: Any, _payload: Any) -> Response:
    return _refused(_("The token has ended. Sign in again at /api/v1/security/login."))


def _refused(message: str) -> Response:
    response = jsonify(message=message)
    response.status_code = 401
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
