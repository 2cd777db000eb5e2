"""What core needs from a room without knowing it: the system room fills these in create_app."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def _unset(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("a port of core was used before create_app had filled it")


#: record_access(session, *, verb, entity, record_id, summary, changes): one audit row of a view,
#: an export, a reveal or a download, in a transaction of its own.
record_access: Callable[..., None] = _unset
#: history(session, entity, record_id, limit) → rows with at, actor_name, verb, changes, summary.
history: Callable[..., Sequence[Any]] = _unset
#: files_of(session, owner_type, owner_id) → attachment rows.
files_of: Callable[..., Sequence[Any]] = _unset
#: saved_views(session, screen, user_id) → rows with id, screen, name, arguments, opens_first.
saved_views: Callable[..., Sequence[Any]] = _unset
#: pinned_views(session, user_id) → the saved views on a person's home page, as `saved_views`.
pinned_views: Callable[..., Sequence[Any]] = _unset
#: Name of a role → msgid of what people call it; the organisation room fills it.
role_labels: dict[str, str] = {}
#: unread_counter(user_id) → scalar subquery that counts the unread messages of the panel.
unread_counter: Callable[..., Any] = _unset
#: verb_label(verb) → msgid of an audit verb.
verb_label: Callable[[Any], str] = str
#: find_request(session, name, body) → id of the record that a request of this name has made, or None;
#: a ConflictError when that request had another body. `body` is its digest.
find_request: Callable[..., int | None] = _unset
#: keep_request(session, name, record_id, body): note it; a second note of a name is an IntegrityError.
keep_request: Callable[..., None] = _unset
#: Called with (session, arguments, actor) when intake is opened: values that the form begins with, by
#: the names of its fields, e.g. the telephone of the caller whom a room above knows.
before_intake: list[Callable[..., Mapping[str, Any]]] = []
#: Called with (session, application, arguments, actor) when intake has registered an application or
#: joined a call to one, before it is committed. `arguments` stood in the address with which intake was
#: opened, e.g. {"ticket": "5"}: a room above links what it brought the citizen from. An answer that is
#: not empty is the address to go to instead of the record.
after_register: list[Callable[..., str | None]] = []
#: Called with (session, actor) for a deputy: what waits in the place of the others, as
#: `app.core.views.standing.HandedOver`.
handed_over: list[Callable[..., Sequence[Any]]] = []
#: Figures for /metrics: name → (help, count(session)); rooms add theirs at start.
gauges: dict[str, tuple[str, Callable[[Any], float]]] = {}
