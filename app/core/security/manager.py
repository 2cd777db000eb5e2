"""FAB's security manager with cached permissions, lockout, session stamps and only our screens."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import abort, current_app, g, has_request_context, request, session
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import assoc_permissionview_role as grants_table
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement
from werkzeug.security import check_password_hash, generate_password_hash

from app.core import clock
from app.core.acting import Actor, Mandate, set_actor
from app.core.database import set_write_intent, writing
from app.core.security.signals import sign_in_failed, signed_in, signed_out
from app.core.security.tokens import refuse_tokens
from app.core.security.views import SignInApi, SignInView
from app.core.stamp import note_stamp

log = logging.getLogger(__name__)

#: Bad tries in a row before the account is locked, and for how long. Source: trust promise 8.
MAX_FAILURES = 10
LOCK_FOR = timedelta(minutes=15)

Grants = frozenset[tuple[str, str]]


class BackOfficeSecurityManager(SecurityManager):
    """One permission set per role, cached in the process under a stamp that any change renews."""

    authdbview = SignInView
    security_api = SignInApi
    userstatschartview = None

    #: Scalar subquery with the current stamp of roles and units; set in create_app.
    stamp: ColumnElement[str] | None = None
    #: Ids of a unit and everything below it; set in create_app.
    units_below: Callable[[Any, int], frozenset[int]] | None = None
    #: Deputyships in which a user stands in for others on a day; set in create_app.
    deputyships: Callable[[Any, int, date], Sequence[Any]] | None = None

    def __init__(self, appbuilder: Any) -> None:
        super().__init__(appbuilder)
        self._cache: dict[tuple[str, Any], Any] = {}
        self._cached_stamp: tuple[str, date] | None = None
        # Checked like any other, right for no password: its digest is drawn and belongs to none.
        method = current_app.config["FAB_PASSWORD_HASH_METHOD"]
        self._fake_hash = f"{method}${secrets.token_hex(8)}${secrets.token_hex(64)}"
        self.jwt_manager.additional_claims_loader(self._claims)
        self.jwt_manager.token_in_blocklist_loader(self._is_revoked)
        refuse_tokens(self.jwt_manager)

    # --- screens ---------------------------------------------------------------------------------
    def register_views(self) -> None:
        """Register the two doors only; users and roles have their own screens in our rooms."""
        self.appbuilder.add_api(self.security_api)
        self.auth_view = self.authdbview()
        self.appbuilder.add_view_no_menu(self.auth_view)

    def security_cleanup(self, baseviews: Any, menus: Any) -> None:
        """Never drop grants as a side effect of starting; `flask roles sync` owns them."""

    def create_login_manager(self, app: Any) -> Any:
        """FAB's login manager, which has to know our door."""
        manager = super().create_login_manager(app)
        manager.login_view = "SignInView.login"
        manager.login_message = None
        return manager

    # --- who is it -------------------------------------------------------------------------------
    def load_user(self, pk: Any) -> Any | None:
        """Load the user, roles and the permission stamp in one statement."""
        model = self.user_model
        columns = [model] if self.stamp is None else [model, self.stamp]
        row = (
            self.session.execute(
                select(*columns).options(joinedload(model.roles)).where(model.id == int(pk))
            )
            .unique()
            .first()
        )
        if row is None or not row[0].is_active:
            return None
        g.permission_stamp = str(row[1] or "") if len(row) > 1 else ""
        if len(row) > 1:
            note_stamp(self.session, g.permission_stamp)
        user = row[0]
        if has_request_context() and "_user_id" in session and not self._session_is_alive(user):
            session.clear()
            return None
        return user

    def _session_is_alive(self, user: Any) -> bool:
        """Whether the cookie carries the user's present stamp and is within its two limits."""
        if not secrets.compare_digest(
            str(session.get("stamp", "")), str(user.session_stamp or "-")
        ):
            return False
        now = clock.now().timestamp()
        idle = timedelta(minutes=current_app.config["HALKLA_IDLE_MINUTES"]).total_seconds()
        absolute = timedelta(hours=current_app.config["HALKLA_ABSOLUTE_HOURS"]).total_seconds()
        if now - float(session.get("signed_in", 0)) > absolute:
            return False
        if now - float(session.get("seen", 0)) > idle:
            return False
        # Once a minute is enough; a cookie on each answer would only cost time.
        if now - float(session.get("seen", 0)) > 60:
            session["seen"] = now
        return True

    def load_user_jwt(self, _jwt_header: Any, jwt_data: Any) -> Any | None:
        user = super().load_user_jwt(_jwt_header, jwt_data)
        if user is not None:
            set_actor(self.actor_of(user))
        return user

    def _claims(self, identity: str) -> dict[str, str]:
        user = self.get_user_by_id(int(identity))
        return {"stamp": self.ensure_stamp(user)}

    def _is_revoked(self, header: Any, payload: Any) -> bool:
        user = self.get_user_by_id(int(payload["sub"]))
        return user is None or payload.get("stamp") != user.session_stamp

    def ensure_stamp(self, user: Any) -> str:
        """The stamp that this user's sessions and tokens carry; made at the first sign-in."""
        if not user.session_stamp:
            self.end_sessions(user)
        return str(user.session_stamp)

    def end_sessions(self, user: Any) -> None:
        """Give the user a new stamp: every cookie and token of before dies at once."""
        with writing():
            user.session_stamp = secrets.token_urlsafe(18)
            self.session.commit()

    def actor_of(self, user: Any) -> Actor:
        """The actor value for a signed-in user."""
        roles = list(user.roles)
        own = Actor(
            user_id=user.id,
            name=user.get_full_name(),
            roles=frozenset(role.name for role in roles),
            grants=self.grants_of(tuple(sorted(role.id for role in roles))),
            unit_id=user.unit_id,
            unit_ids=self._units(user.unit_id),
            address=request.remote_addr or "" if has_request_context() else "",
            request_id=g.get("request_id", "") if has_request_context() else "",
            revealed=_revealed(),
        )
        return own.standing_in(self.mandates_of(user.id))

    def _units(self, unit_id: int | None) -> frozenset[int]:
        """A unit with everything below it."""
        below = self.units_below
        if not unit_id or below is None:
            return frozenset()
        found: frozenset[int] = self._cached(
            ("units", unit_id), lambda: below(self.session, unit_id)
        )
        return found

    def mandates_of(self, user_id: int) -> tuple[Mandate, ...]:
        """What the deputyships of a user hand over today, from the cache while stamp and day hold."""
        find = self.deputyships
        if find is None:
            return ()

        def load() -> tuple[Mandate, ...]:
            rows = find(self.session, user_id, clock.today())
            return tuple(self._mandate(row) for row in rows)

        found: tuple[Mandate, ...] = self._cached(("mandates", user_id), load)
        return found

    def _mandate(self, row: Any) -> Mandate:
        """The rights of the principal as far as the deputyship reaches."""
        grants = self.grants_of(row.role_ids)
        if row.verbs is not None:
            grants = frozenset(g for g in grants if g[0].removeprefix("can_") in row.verbs)
        return Mandate(
            principal_id=row.principal_id,
            name=row.name,
            title=row.title,
            until=row.to_on,
            roles=row.role_names,
            grants=grants,
            unit_ids=self._units(row.unit_id),
        )

    def before_request(self) -> None:
        """Name the actor of this request before any query of a room runs."""
        set_write_intent(request.method not in {"GET", "HEAD", "OPTIONS"})
        # Nobody yet, but the trail wants to know from where.
        set_actor(Actor(address=request.remote_addr or "", request_id=g.get("request_id", "")))
        if request.endpoint == "static" or request.path.startswith("/static/"):
            g.user = None
            return
        g.user = current_user
        if current_user.is_authenticated:
            set_actor(self.actor_of(current_user._get_current_object()))

    # --- what may they do ------------------------------------------------------------------------
    def _cached(self, key: tuple[str, Any], make: Callable[[], Any]) -> Any:
        # With the day, so that a deputyship begins and ends at midnight.
        stamp = (g.get("permission_stamp", ""), clock.today())
        if stamp != self._cached_stamp:
            self._cache, self._cached_stamp = {}, stamp
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def grants_of(self, role_ids: tuple[int, ...]) -> Grants:
        """(permission, resource) pairs of a set of roles; from the cache while the stamp holds."""

        def load() -> Grants:
            pv, permission, view = (
                self.permissionview_model,
                self.permission_model,
                self.viewmenu_model,
            )
            rows = self.session.execute(
                select(permission.name, view.name)
                .select_from(pv)
                .join(permission, permission.id == pv.permission_id)
                .join(view, view.id == pv.view_menu_id)
                .join(grants_table, grants_table.c.permission_view_id == pv.id)
                .where(grants_table.c.role_id.in_(role_ids))
            )
            return frozenset((p, v) for p, v in rows)

        return self._cached(("grants", role_ids), load) if role_ids else frozenset()

    def _user_grants(self, user: Any) -> Grants:
        own = self.grants_of(tuple(sorted(role.id for role in user.roles)))
        mandates = self.mandates_of(user.id)
        return own.union(*(m.grants for m in mandates)) if mandates else own

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        return (permission_name, view_name) in self._user_grants(user)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public: the few open routes carry no permission at all."""
        return False

    def _get_user_permission_view_menus(
        self, user: Any, permission_name: str, view_menus_name: list[str]
    ) -> set[str]:
        if user is None:
            return set()
        grants = self._user_grants(user)
        return {name for name in view_menus_name if (permission_name, name) in grants}

    # --- signing in ------------------------------------------------------------------------------
    def auth_user_db(self, username: str, password: str) -> Any | None:
        """Check a password; the answer and its time are the same for every kind of refusal."""
        with writing():
            user = self.find_user(username=username) if username else None
            if user is None and username:
                user = self.find_user(email=username)
            now = clock.now()
            locked = bool(user and user.locked_until and user.locked_until > now)
            stored = str(user.password or "") if user is not None else ""
            if stored.count("$") != 2:
                # Nobody's password, or none set yet: it takes as long to refuse as a real one.
                stored = self._fake_hash
            right = check_password_hash(stored, password or "") and bool(password)
            if user is None or not user.is_active or locked or not right:
                if user is not None and not locked:
                    self._count_failure(user)
                self.session.commit()
                sign_in_failed.send(self, username=username or "", user=user)
                return None
            user.failed_logins, user.locked_until = 0, None
            user.login_count = (user.login_count or 0) + 1
            user.last_login = now.replace(tzinfo=None)
            method = current_app.config["FAB_PASSWORD_HASH_METHOD"]
            if not user.password.startswith(method.split("$")[0]):
                user.password = generate_password_hash(password, method)
            self.session.commit()
            self.ensure_stamp(user)
        signed_in.send(self, user=user)
        return user

    def _count_failure(self, user: Any) -> None:
        user.failed_logins = (user.failed_logins or 0) + 1
        if user.failed_logins >= MAX_FAILURES:
            user.locked_until, user.failed_logins = clock.now() + LOCK_FOR, 0

    def open_session(self, user: Any) -> None:
        """Fill a fresh cookie after a sign-in; nothing of the session before survives."""
        language = session.get("locale")
        session.clear()
        now = clock.now().timestamp()
        session.permanent = True
        session.update(stamp=self.ensure_stamp(user), signed_in=now, seen=now)
        session["locale"] = user.language or language or current_app.config["BABEL_DEFAULT_LOCALE"]

    def close_session(self, user: Any) -> None:
        """End this user's sessions everywhere; a copied cookie is worth nothing afterwards."""
        self.end_sessions(user)
        signed_out.send(self, user=user)

    def reset_password(self, userid: int, password: str) -> None:
        """Set a password and end the sessions that were opened with the old one."""
        user = self.get_user_by_id(userid)
        if user is None:
            abort(404)
        with writing():
            user.password = generate_password_hash(
                password, current_app.config["FAB_PASSWORD_HASH_METHOD"]
            )
            user.session_stamp = secrets.token_urlsafe(18)
            self.session.commit()


def _revealed() -> frozenset[str]:
    """Records whose identity this session has revealed within the last five minutes."""
    if not has_request_context():
        return frozenset()
    now = clock.now().timestamp()
    return frozenset(key for key, until in session.get("revealed", {}).items() if until > now)


def security_manager_for(
    user_model: type,
    stamp: ColumnElement[str],
    units_below: Callable[[Any, int], frozenset[int]],
    deputyships: Callable[[Any, int, date], Sequence[Any]],
) -> type[BackOfficeSecurityManager]:
    """The manager bound to the house's user table, permission stamp, unit tree and deputyships."""
    return type(
        "HouseSecurityManager",
        (BackOfficeSecurityManager,),
        {
            "user_model": user_model,
            "stamp": stamp,
            "units_below": staticmethod(units_below),
            "deputyships": staticmethod(deputyships),
        },
    )
