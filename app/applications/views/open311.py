"""Open311 GeoReport v2 at /open311/v2/: one address for every resource; answers and refusals as XML or JSON.

Anybody may read services and what is public of applications; sending needs a key. No cookie is read,
so that the one POST is free of the form token, and nobody’s rights are used: it acts as the program
that called.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, current_app
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.applications.rules import open311 as rules
from app.applications.views.open311_call import Call
from app.core.current import db_session
from app.core.rules import N_, RuleViolation, Violation
from app.extensions import csrf

_BUSY = N_("The system is busy; nothing was saved. Try again in a moment.")
_FAULT = N_("Something went wrong; nothing was saved. Tell us the time of your call.")


class Open311Api(BaseView):
    """Every resource of GeoReport v2 behind one address, so that each answer has its shape."""

    route_base = "/open311/v2"
    default_view = "handle"

    # The other methods come here too, so that their refusal has the shape of the specification.
    @expose("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def handle(self, path: str) -> Response:
        """Answer a call; what is refused is told in the format that was asked for."""
        form = rules.format_of(path)
        try:
            root, content, status = Call(db_session()).answer(path)
        except rules.GeoReportRefusal as refusal:
            return _refusal(form, refusal.status, refusal.violations)
        except RuleViolation as refusal:
            return _refusal(form, 400, refusal.violations)
        except HTTPException as error:
            return _refusal(form, error.code or 400, [Violation("", _words(error.code))])
        except OperationalError as error:
            current_app.logger.warning("database not available: %s", type(error.orig).__name__)
            return _refusal(form, 503, [Violation("", _BUSY)])
        except Exception:
            current_app.logger.exception("unexpected fault in Open311")
            return _refusal(form, 500, [Violation("", _FAULT)])
        return _written(form, root, content, status)


# The one POST carries a key and no cookie counts, so there is no form whose token could be checked.
csrf.exempt(f"{__name__}.handle")


def _words(code: int | None) -> str:
    if code == 413:
        return N_("The files are too large; all together may have 60 MB.")
    return N_("The request could not be read.")


def _written(form: str, root: str, content: Any, status: int) -> Response:
    response = Response(rules.written(form, root, content), status)
    response.headers["Content-Type"] = rules.CONTENT_TYPES[form]
    # Apps that run in a browser come from other hosts; no cookie is read here, so any may ask.
    response.headers["Access-Control-Allow-Origin"] = "*"
    if status == 405:
        response.headers["Allow"] = "GET, POST"
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response


def _refusal(form: str, status: int, violations: Iterable[Violation]) -> Response:
    db_session().rollback()
    errors = []
    for one in violations:
        text = _(one.message) % dict(one.params) if one.params else _(one.message)
        errors.append(
            {"code": status, "description": f"{one.field}: {text}" if one.field else text}
        )
    return _written(form, "errors", errors, status)
