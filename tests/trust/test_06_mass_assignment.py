"""Promise 6: whatever a request sends, only the columns that a form or resource lists are written."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import inspect, select

from tests.trust.roles_support import resources, screens

#: Written by the house itself with any change.
BY_ITSELF = {"version", "changed_at", "changed_by_id", "search_text", "path", "is_estimated"}


def columns(model: type) -> dict[str, Any]:
    return {a.key: a.columns[0] for a in inspect(model).column_attrs}


def snapshot(row: Any) -> dict[str, Any]:
    return {key: getattr(row, key) for key in columns(type(row))}


def other_value(column: Any, value: Any) -> Any:
    """Something of the column's kind that differs from what stands there."""
    python = column.type.python_type if hasattr(column.type, "python_type") else str
    if isinstance(value, bool):
        return not value
    if python is int:
        return (value or 0) + 1
    return f"ele-{column.key}"[: getattr(column.type, "length", None) or 40]


@pytest.mark.parametrize("username", ["mudur", "yonetici"])
def test_resources_refuse_every_column_that_is_not_listed(
    app: Any, session: Any, token_of: Any, username: str
) -> None:
    machine, token = app.test_client(), token_of(username)
    wrong, asked = [], 0
    for api in resources(app):
        model, name = api.model, api.class_permission_name
        if f"{type(api).__name__}.put" not in app.view_functions:
            continue
        row = session.scalars(select(model).order_by(model.id)).unique().first()
        if row is None:
            continue
        before = snapshot(row)
        allowed = set(api.edit_model_schema.fields)
        for key, column in columns(model).items():
            if key in allowed | {"version"}:
                continue
            body = {
                key: other_value(column, getattr(row, key)),
                "version": getattr(row, "version", 1),
            }
            answer = machine.put(f"{api.route_base}/{row.id}", json=body, headers=token)
            asked += 1
            if answer.status_code not in {403, 404, 422}:
                wrong.append((name, key, answer.status_code))
            made = machine.post(f"{api.route_base}/", json={key: body[key]}, headers=token)
            if key not in api.add_model_schema.fields and made.status_code not in {403, 405, 422}:
                wrong.append((name, "post", key, made.status_code))
        session.refresh(row)
        if snapshot(row) != before:
            wrong.append((name, "changed", {k for k, v in snapshot(row).items() if v != before[k]}))
    assert wrong == []
    assert asked > 40


@pytest.mark.parametrize("username", ["mudur", "yonetici"])
def test_forms_write_only_their_own_fields(
    app: Any, session: Any, client_as: Any, username: str
) -> None:
    browser, wrong, stored = client_as(username), [], 0
    for view in screens(app):
        model = view.model
        if not view.can_edit or model.__name__ == "Citizen":
            continue
        row = session.scalars(select(model).order_by(model.id)).unique().first()
        if row is None:
            continue
        before = snapshot(row)
        listed = set(view.form_names("edit"))
        keys = {
            next(iter(r.local_columns)).key
            for n, r in inspect(model).relationships.items()
            if n in listed
        }
        data = {
            key: str(other_value(column, before[key]))
            for key, column in columns(model).items()
            if key not in listed | keys
        }
        data.update({name: _told(getattr(row, name, "")) for name in listed})
        data["_version"] = str(before.get("version", ""))
        status = browser.post(f"{view.route_base}/edit/{row.id}", data=data).status_code
        stored += status == 302
        session.refresh(row)
        changed = (
            {k for k, v in snapshot(row).items() if v != before[k]} - listed - keys - BY_ITSELF
        )
        if changed or status >= 500:
            wrong.append((model.__name__, status, changed))
    assert wrong == []
    assert stored >= 2


def _told(value: Any) -> str:
    """A value as its field would send it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "y"
    if hasattr(value, "__mapper__"):
        return str(value.id)
    return str(getattr(value, "value", value))


def test_a_profile_gives_nobody_a_role(session: Any, client_as: Any) -> None:
    from app.models import StaffUser

    user = session.scalars(select(StaffUser).where(StaffUser.username == "operator")).one()
    before = snapshot(user)
    data = {
        **dict.fromkeys(before, "1"),
        "roles": "1",
        "role_names": "sys_admin",
        "language": "tr",
        "theme": "dark",
    }
    assert client_as("operator").post("/profile/?form=look", data=data).status_code == 302
    session.refresh(user)
    changed = {k for k, v in snapshot(user).items() if v != before[k]}
    assert changed - BY_ITSELF - {"changed_on", "session_stamp"} <= {
        "theme",
        "shortcuts",
        "language",
    }
    assert user.role_names == ["operator"]
