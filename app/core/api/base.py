"""The REST resource every entity inherits from: list, read, add, change, delete for machines.

It is closed like the screens: only declared columns are read, written, sorted or filtered. Which
rows exist is decided by the session, what is right by the room's rules and services.
"""

from __future__ import annotations

import hashlib
import inspect as signatures
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from flask import Response, abort, request
from flask_appbuilder.api import ModelRestApi, expose
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError
from sqlalchemy import Select, inspect, select
from sqlalchemy.exc import IntegrityError

from app.core import clock, ports
from app.core.acting import current_actor
from app.core.api.fields import MAX_INTEGER, read_schema, write_schema, written_columns
from app.core.api.guard import API_VERBS, answer, guarded
from app.core.api.openapi import describe
from app.core.api.reading import (
    MAX_PAGE_SIZE,
    OPERATORS,
    BadArgumentError,
    apply_filters,
    read_list_arguments,
)
from app.core.api.telling import Telling
from app.core.current import db_session
from app.core.rules import RuleViolation, Violation
from app.core.views import listing
from app.core.views.formats import translated

_DECLARED = ("list_columns", "show_columns", "add_columns", "edit_columns", "search_columns")
_KEY_LENGTH = 80


def _digest(text: str) -> str:
    """What stands for a text in the note of a request; 48 figures fit every column of keys."""
    return hashlib.sha256(text.encode()).hexdigest()[:48]


class BackOfficeApi(Telling, ModelRestApi):
    """List, read, add, change and delete one entity as JSON, with a token.

    All five column lists are required; an empty add or edit list closes that way. A relation in a
    list is told as {"id", "label"} and written by its key (`topic` is written as `topic_id`).
    """

    method_permission_name = API_VERBS
    previous_method_permission_name: ClassVar[dict[str, str]] = {}
    allow_browser_login = False
    max_page_size = MAX_PAGE_SIZE
    base_order = ("id", "desc")
    can_delete = False
    exclude_route_methods: set[str] = set()

    #: Rules over the values as they would stand, as on the form of the screen.
    form_rule: ClassVar[Any] = None
    #: Services: create(session, *, values …), update(session, *, item, values …), remove(session,
    #: *, item …). They are offered actor, now and request_key as well and take what they name.
    create: ClassVar[Callable[..., Any] | None] = None
    update: ClassVar[Callable[..., Any] | None] = None
    remove: ClassVar[Callable[..., Any] | None] = None
    #: Fields of a POST or PUT that are no columns, for a service.
    extra_fields: Mapping[str, Any] = {}
    #: Constraint name → (field, message).
    constraints: Mapping[str, tuple[str, str]] = {}

    def __init__(self) -> None:
        missing = [name for name in _DECLARED if getattr(type(self), name, None) is None]
        if missing or not type(self).class_permission_name:
            missing += [] if type(self).class_permission_name else ["class_permission_name"]
            raise TypeError(f"{type(self).__name__} does not declare {', '.join(missing)}")
        declared = {name: list(getattr(type(self), name)) for name in _DECLARED}
        order = list(getattr(type(self), "order_columns", None) or [])
        super().__init__()
        # FAB takes an empty list for "everything"; here it means nothing.
        for name, value in declared.items():
            setattr(self, name, value)
        self.order_columns = order
        closed = {"post"} if not self.add_columns and not self.extra_fields else set()
        closed |= {"put"} if not self.edit_columns and not self.extra_fields else set()
        closed |= set() if self.can_delete else {"delete"}
        self.exclude_route_methods = {*self.exclude_route_methods, *closed}

    def _init_model_schemas(self) -> None:
        """One schema for each way in and out, made from the declared columns."""
        name, model = type(self).__name__, self.model
        versioned = "version" in inspect(model).columns
        self.list_model_schema = read_schema(f"{name}.get_list", model, self.list_columns)
        self.show_model_schema = read_schema(f"{name}.get", model, self.show_columns)
        self.add_model_schema = write_schema(
            f"{name}.post", model, self.add_columns, self.extra_fields, version=False
        )
        self.edit_model_schema = write_schema(
            f"{name}.put", model, self.edit_columns, self.extra_fields, version=versioned
        )

    def add_api_spec(self, api_spec: Any) -> None:
        """Describe this resource in the OpenAPI document."""
        describe(self, api_spec)

    # --- for rooms to extend -------------------------------------------------------------------------
    @property
    def model(self) -> Any:
        """The mapped class."""
        return self.datamodel.obj

    @property
    def session(self) -> Any:
        """The request's session, scoped to the actor."""
        return db_session()

    def base_query(self) -> Select[Any]:
        """The rows of this resource before any filter; rooms narrow it."""
        return select(self.model)

    def check(self, values: Mapping[str, Any], item: Any) -> Iterable[Violation]:
        """Rule violations of the values as they would stand; `item` is None for a new record."""
        rule = type(self).form_rule
        return rule(values) if rule is not None else ()

    # --- reading ---------------------------------------------------------------------------------------
    def _load(self, pk: int) -> Any:
        """One record in the actor's scope, or 404."""
        if not 0 < pk <= MAX_INTEGER:
            abort(404)
        stmt = self.base_query().where(self.model.id == pk).options(*self._joins(self.show_columns))
        row = self.session.execute(stmt).unique().scalars().first()
        return row if row is not None else abort(404)

    @expose("/_info", methods=["GET"])
    @guarded
    def info(self) -> Response:
        """What may be asked of this resource."""
        actor, resource = current_actor(), str(self.class_permission_name)
        verbs = sorted(v.removeprefix("can_") for v, r in actor.grants if r == resource)
        return answer(
            200,
            columns={n: translated(self.label_columns.get(n, n)) for n in self.show_columns},
            order_columns=list(self.order_columns),
            search_columns=list(self.search_columns),
            operators=list(OPERATORS),
            add_columns=sorted(self.add_model_schema.fields),
            edit_columns=sorted(self.edit_model_schema.fields),
            permissions=verbs,
            max_page_size=self.max_page_size,
        )

    @expose("/", methods=["GET"])
    @guarded
    def get_list(self) -> Response:
        """Rows by filter, order and page; `count` stops at ten thousand."""
        args = read_list_arguments(
            request.args.get("q", ""),
            columns=self.list_columns,
            order_columns=self.order_columns,
            base_order=self.base_order,
            max_page_size=self.max_page_size,
        )
        stmt = apply_filters(self.base_query(), self.model, args.filters, self.search_columns)
        (count,) = listing.count_many(self.session, [listing.capped(stmt, self.model)])
        column = getattr(self.model, args.order_column)
        keys = [column.desc() if args.descending else column.asc()]
        if args.order_column != "id":
            keys.append(self.model.id.desc() if args.descending else self.model.id.asc())
        rows = (
            self.session.execute(
                stmt.options(*self._joins(args.columns))
                .order_by(*keys)
                .offset(args.page * args.page_size)
                .limit(args.page_size)
            )
            .unique()
            .scalars()
            .all()
        )
        return answer(
            200,
            count=min(count, listing.COUNT_CAP),
            count_is_capped=count > listing.COUNT_CAP,
            ids=[row.id for row in rows],
            page=args.page,
            page_size=args.page_size,
            result=[self._tell(row, args.columns) for row in rows],
        )

    @expose("/<int:pk>", methods=["GET"])
    @guarded
    def get(self, pk: int) -> Response:
        """One record."""
        item = self._load(pk)
        return answer(200, id=item.id, result=self._tell(item, self.show_columns))

    # --- writing ---------------------------------------------------------------------------------------
    def _body(self) -> dict[str, Any]:
        data = request.get_json(silent=True)
        if not isinstance(data, dict):
            raise BadArgumentError(_("The request holds no JSON object."))
        return data

    def _read_values(self, schema: Schema, data: Mapping[str, Any], names: Iterable[str]) -> Any:
        """Typed values; links must lead to records that the actor may see."""
        values = schema.load(data, partial=schema is self.edit_model_schema)
        gone: dict[str, list[str]] = {}
        relations = inspect(self.model).relationships
        for key, column in written_columns(self.model, names).items():
            if values.get(key) is None or not column.foreign_keys:
                continue
            target = next((r.mapper.class_ for r in relations if column in r.local_columns), None)
            if target is not None and self._is_unknown(target, values[key]):
                gone[key] = [_("There is no such record.")]
        if gone:
            raise ValidationError(gone)
        return values

    def _is_unknown(self, target: Any, pk: int) -> bool:
        key = inspect(target).primary_key[0]
        return self.session.execute(select(target).where(key == pk).limit(1)).first() is None

    def _run(self, service: Callable[..., Any], **offered: Any) -> Any:
        """Call a service with what it names of actor, now, request_key and the values."""
        offered.update(actor=current_actor(), now=clock.now())
        wanted = signatures.signature(service).parameters
        takes_all = any(p.kind is p.VAR_KEYWORD for p in wanted.values())
        return service(
            self.session, **{k: v for k, v in offered.items() if takes_all or k in wanted}
        )

    def _check(self, values: Mapping[str, Any], item: Any) -> None:
        merged = dict(values)
        if item is not None:
            now = {
                name: getattr(item, name) for name in written_columns(self.model, self.edit_columns)
            }
            merged = {**now, **values}
        violations = tuple(self.check(merged, item))
        if violations:
            raise RuleViolation(violations)

    def _request_key(self, data: dict[str, Any]) -> str:
        key = data.pop("request_key", None) or request.headers.get("Idempotency-Key", "")
        if not isinstance(key, str) or len(key) > _KEY_LENGTH or not key.isprintable():
            raise ValidationError({"request_key": [_("At most 80 characters.")]})
        return key

    @expose("/", methods=["POST"])
    @guarded
    def post(self) -> Response:
        """Add a record; the same request a second time answers with the first record.

        The key of an earlier request with another body is a conflict: it would lose what is new.
        """
        data = self._body()
        key = self._request_key(data)
        name = f"{self.class_permission_name}:{current_actor().user_id}:{key}" if key else ""
        body = _digest(json.dumps(data, sort_keys=True))
        if name and (known := ports.find_request(self.session, name, body)) is not None:
            return self._added(known, 200)
        values = self._read_values(self.add_model_schema, data, self.add_columns)
        self._check(values, None)
        try:
            # Services know their keys without the person and the body, so both are in it.
            item = self._create(values, _digest(f"{name}:{body}") if name else "")
            if name:
                ports.keep_request(self.session, name, item.id, body)
            self.session.commit()
        except IntegrityError:
            # A twin of this request may have been quicker; its record is the answer then.
            self.session.rollback()
            known = ports.find_request(self.session, name, body) if name else None
            if known is None:
                raise
            return self._added(known, 200)
        return self._added(item.id, 201)

    def _create(self, values: dict[str, Any], key: str) -> Any:
        if (create := type(self).create) is not None:
            return self._run(create, values=values, request_key=key or None)
        item = self.model(**{k: v for k, v in values.items() if k not in self.extra_fields})
        self.session.add(item)
        self.session.flush()
        return item

    def _added(self, pk: int, status: int) -> Response:
        item = self.session.execute(self.base_query().where(self.model.id == pk)).scalars().first()
        result = self._tell(item, self.show_columns) if item is not None else {"id": pk}
        return answer(status, id=pk, result=result)

    @expose("/<int:pk>", methods=["PUT"])
    @guarded
    def put(self, pk: int) -> Response:
        """Change the fields that are sent; `version` must be the one that was read."""
        item = self._load(pk)
        data = self._body()
        if "version" in self.edit_model_schema.fields and "version" not in data:
            raise ValidationError({"version": [_("Send the version you have read.")]})
        values = self._read_values(self.edit_model_schema, data, self.edit_columns)
        opened = values.pop("version", None)
        if opened is not None and opened != item.version:
            return answer(
                409,
                message=_("The record was changed meanwhile. Read it again."),
                version=item.version,
            )
        self._check(values, item)
        if (update := type(self).update) is not None:
            item = self._run(update, item=item, values=values) or item
        else:
            for name, value in values.items():
                setattr(item, name, value)
            self.session.flush()
        self.session.commit()
        return answer(200, id=item.id, result=self._tell(item, self.show_columns))

    @expose("/<int:pk>", methods=["DELETE"])
    @guarded
    def delete(self, pk: int) -> Response:
        """Delete a record that nothing uses."""
        item = self._load(pk)
        if (remove := type(self).remove) is not None:
            self._run(remove, item=item)
        else:
            self.session.delete(item)
        self.session.commit()
        return answer(200, message=_("%(name)s has been deleted.", name=str(pk)))

    def violation_of(self, error: IntegrityError) -> Violation:
        """The message for a broken constraint, at its field where that can be told."""
        words = str(error.orig)
        for name, (field, message) in self.constraints.items():
            if name in words:
                return Violation(field, message)
        for column in inspect(self.model).columns:
            table = column.table.name
            if (
                f"uq_{table}_{column.key}" in words
                or f"UNIQUE constraint failed: {table}.{column.key}" in words
            ):
                return Violation(column.key, "There is a record with this value already.")
        return Violation("", "The database refused this record because of other records.")
