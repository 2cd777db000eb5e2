"""The door of each API method, and how a refusal becomes a status with its fields."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify
from flask_babel import gettext as _
from flask_jwt_extended import verify_jwt_in_request
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.core.acting import current_actor
from app.core.api.reading import BadArgumentError
from app.core.rules import ConflictError, RuleViolation, Violation

if TYPE_CHECKING:
    from app.core.api.base import BackOfficeApi

#: FAB method → verb, the same verbs as the screen of the entity.
API_VERBS = {
    "get": "read",
    "get_list": "read",
    "info": "read",
    "post": "write",
    "put": "write",
    "delete": "delete",
}


def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let in who carries a valid token and holds the verb; turn what is refused into its status."""

    @functools.wraps(method)
    def wrapped(self: BackOfficeApi, *args: Any, **kwargs: Any) -> Any:
        verify_jwt_in_request()
        verb = self.method_permission_name[method.__name__]
        if not current_actor().may(verb, str(self.class_permission_name)):
            return answer(403, message=_("You may not do this."))
        try:
            return method(self, *args, **kwargs)
        except BadArgumentError as bad:
            return answer(400, message=str(bad))
        except ValidationError as refused:
            self.session.rollback()
            return _refused(_flat(refused.normalized_messages()))
        except RuleViolation as refused:
            self.session.rollback()
            return _refused(_by_field(refused.violations))
        except IntegrityError as error:
            self.session.rollback()
            violation = self.violation_of(error)
            return _refused(_by_field([violation]), 409)
        except ConflictError as conflict:
            self.session.rollback()
            return answer(409, message=_(conflict.message))
        except StaleDataError:
            self.session.rollback()
            return answer(409, message=_("The record was changed meanwhile. Read it again."))
        except DataError:
            self.session.rollback()
            return answer(400, message=_("A value does not fit its column."))

    wrapped._permission_name = API_VERBS[method.__name__]  # type: ignore[attr-defined]
    return wrapped


def answer(status: int, **body: Any) -> Response:
    response = jsonify(**body)
    response.status_code = status
    return response


def _refused(errors: Mapping[str, Sequence[str]], status: int = 422) -> Response:
    texts = [text for messages in errors.values() for text in messages]
    return answer(status, message=" ".join(dict.fromkeys(texts)), errors=errors)


def _flat(messages: Mapping[Any, Any]) -> dict[str, list[str]]:
    """Marshmallow's messages with one list of texts per field, however deep they lie."""

    def texts(value: Any) -> list[str]:
        if isinstance(value, Mapping):
            return [t for v in value.values() for t in texts(v)]
        return [t for v in value for t in texts(v)] if isinstance(value, list) else [str(value)]

    return {"" if key == "_schema" else str(key): texts(value) for key, value in messages.items()}


def _by_field(violations: Iterable[Violation]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in violations:
        text = _(one.message) % dict(one.params) if one.params else _(one.message)
        found.setdefault(one.field, []).append(text)
    return found
