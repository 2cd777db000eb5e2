"""The description of the API: one document for everybody who is signed in, by token or session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apispec import APISpec
from apispec.exceptions import DuplicateComponentNameError
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Response, jsonify, request
from flask_appbuilder.api import BaseApi, expose
from flask_jwt_extended import verify_jwt_in_request
from flask_login import current_user

from app.core.api.reading import LIST_SCHEMA

if TYPE_CHECKING:
    from app.core.api.base import BackOfficeApi

_ERROR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "request_id": {"type": "string"},
        "version": {"type": "integer"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["message"],
}
_STATUSES = {
    "400": "The request or one of its arguments cannot be read.",
    "401": "There is no valid token.",
    "403": "The token's user may not do this.",
    "404": "There is no such record for this user.",
    "409": "Another record or another change stands against it.",
    "422": "Fields are refused; `errors` names them.",
    "429": "Too many requests.",
}


def _errors(*codes: str) -> dict[str, Any]:
    return {
        code: {
            "description": _STATUSES[code],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for code in (*codes, "401", "403", "429")
    }


def _body(name: str) -> dict[str, Any]:
    return {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }


def _one(name: str, description: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "result": {"$ref": f"#/components/schemas/{name}"},
        },
        "required": ["id", "result"],
    }
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _components(api: BackOfficeApi, spec: Any) -> None:
    name = type(api).__name__
    schemas = {
        f"{name}.get": api.show_model_schema,
        f"{name}.get_list": api.list_model_schema,
        f"{name}.post": api.add_model_schema,
        f"{name}.put": api.edit_model_schema,
    }
    for key, schema in schemas.items():
        spec.components.schema(key, schema=schema)
    for key, plain in (("Error", _ERROR), ("ListArguments", LIST_SCHEMA)):
        try:
            spec.components.schema(key, plain)
        except DuplicateComponentNameError:
            continue


def describe(api: BackOfficeApi, spec: Any) -> None:
    """Add the paths and schemas of one resource."""
    _components(api, spec)
    name, tag = type(api).__name__, str(api.class_permission_name)
    base = {"tags": [tag], "security": [{"jwt": []}]}
    key = {
        "in": "path",
        "name": "pk",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "maximum": 2_147_483_647},
    }
    query = {
        "in": "query",
        "name": "q",
        "description": "Columns, filters, order and page, as rison or JSON.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ListArguments"}}},
    }
    once = {
        "in": "header",
        "name": "Idempotency-Key",
        "description": "A repeated request with this key answers with the first record; the "
        "key with another body is refused with 409.",
        "schema": {"type": "string", "maxLength": 80, "pattern": "^[A-Za-z0-9_-]*$"},
    }
    rows = {
        "type": "object",
        "properties": {
            "count": {"type": "integer"},
            "count_is_capped": {"type": "boolean"},
            "ids": {"type": "array", "items": {"type": "integer"}},
            "page": {"type": "integer"},
            "page_size": {"type": "integer"},
            "result": {
                "type": "array",
                # A client may ask for some columns only.
                "items": {"type": "object"}
                if not api.list_columns
                else {"$ref": f"#/components/schemas/{name}.get_list"},
            },
        },
        "required": ["count", "ids", "result"],
    }
    listed = {"description": "Rows", "content": {"application/json": {"schema": rows}}}
    told = {
        "description": "Columns, filters and rights",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    done = {"description": "Deleted", "content": {"application/json": {"schema": _ERROR}}}

    collection: dict[str, Any] = {
        "get": {**base, "parameters": [query], "responses": {"200": listed, **_errors("400")}}
    }
    record: dict[str, Any] = {
        "get": {
            **base,
            "parameters": [key],
            "responses": {"200": _one(f"{name}.get", "The record"), **_errors("404")},
        }
    }
    if "post" not in api.exclude_route_methods:
        added = _one(f"{name}.get", "Added")
        collection["post"] = {
            **base,
            "parameters": [once],
            "requestBody": _body(f"{name}.post"),
            "responses": {"201": added, "200": added, **_errors("400", "409", "422")},
        }
    if "put" not in api.exclude_route_methods:
        record["put"] = {
            **base,
            "parameters": [key],
            "requestBody": _body(f"{name}.put"),
            "responses": {
                "200": _one(f"{name}.get", "Changed"),
                **_errors("400", "404", "409", "422"),
            },
        }
    if "delete" not in api.exclude_route_methods:
        record["delete"] = {
            **base,
            "parameters": [key],
            "responses": {"200": done, **_errors("404", "409", "422")},
        }
    info = {"get": {**base, "responses": {"200": told, **_errors()}}}
    spec.path(path=f"{api.route_base}/", operations=collection)
    spec.path(path=f"{api.route_base}/_info", operations=info)
    spec.path(path=f"{api.route_base}/{{pk}}", operations=record)


def make_document(appbuilder: Any, version: str) -> dict[str, Any] | None:
    """The OpenAPI document of one version; None when there is no such version."""
    apis = [
        view
        for view in appbuilder.baseviews
        if isinstance(view, BaseApi) and hasattr(view, "formats") and view.version == version
    ]
    if not apis:
        return None
    spec: Any = APISpec(
        title="Halkla",
        version=version,
        openapi_version="3.0.2",
        info={"description": "Public Relations Branch Directorate"},
        plugins=[MarshmallowPlugin(schema_name_resolver=lambda schema: _name_of(schema))],
        servers=[{"url": request.host_url.rstrip("/")}],
    )
    spec.components.security_scheme(
        "jwt", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    )
    for api in apis:
        api.add_api_spec(spec)
    document: dict[str, Any] = spec.to_dict()
    return document


def _name_of(schema: Any) -> str:
    return str(getattr(schema, "__name__", type(schema).__name__))


class OpenApiView(BaseApi):
    """Answers with the document; nothing in it is personal, but it is for people who signed in."""

    route_base = "/api"
    resource_name = "openapi"

    @expose("/<string:version>/_openapi", methods=["GET"])
    def document(self, version: str) -> Response:
        """The OpenAPI document."""
        if not current_user.is_authenticated:
            verify_jwt_in_request()
        found = make_document(self.appbuilder, version)
        if found is None:
            response: Response = self.response_404()
            return response
        return jsonify(found)

    def add_api_spec(self, api_spec: Any) -> None:
        """The document does not describe itself."""
