"""`flask doctor`: looks for what makes a house unsafe or unable to work; each defect is one line.

With `--deploy` it also looks for what is only wrong in production. Source: trust promise 33.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_appbuilder.security.sqla.models import Role
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import make_url, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.security import check_password_hash

from app.core import clock, places
from app.core.acting import SYSTEM, acting_as
from app.core.security.headers import CONTENT_SECURITY_POLICY
from app.core.start import MIN_KEY_LENGTH
from app.extensions import db
from app.models import StaffUser
from app.system.queries.health import HEARTBEAT_LATE, LEAST_FREE, heartbeat_age, list_checks

Config = Mapping[str, Any]

#: Keys that stand in books, examples and this program's own tests.
_KNOWN_KEYS = ("secret", "changeme", "dev", "test", "thisismyscretkey", "mysecret", "\\2\\1")
_DEFAULT_ACCOUNTS = ("admin", "administrator", "root", "test")
_DEFAULT_PASSWORDS = ("admin", "password", "123456", "general", "halkla", "admin123456")
_MOST_BODY = 100 * 1024 * 1024


def _is_weak(key: str) -> bool:
    lower = key.lower()
    return (
        len(key) < MIN_KEY_LENGTH
        or len(set(key)) < 5
        or any(lower.startswith(known) for known in _KNOWN_KEYS)
    )


# --- settings -------------------------------------------------------------------------------------------
def _secrets(config: Config) -> Iterator[Any]:
    if _is_weak(str(config.get("SECRET_KEY") or "")):
        yield _l("HALKLA_SECRET_KEY is missing or weak: at least 50 random characters.")
    if any(_is_weak(str(key)) for key in config.get("SECRET_KEY_FALLBACKS") or ()):
        yield _l("SECRET_KEY_FALLBACKS holds a weak key.")
    path = places.data_folder() / "secret.key"
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield _l("secret.key can be read by others: chmod 600.")


def _modes(config: Config) -> Iterator[Any]:
    if config.get("DEBUG") or os.environ.get("FLASK_DEBUG", "0") not in {"", "0"}:
        yield _l("DEBUG is on: a fault would show the program to strangers.")
    if config.get("TESTING"):
        yield _l("TESTING is on.")
    if config.get("HALKLA_PROFILE") != "production":
        yield _l("HALKLA_PROFILE is not production.")


def _hosts(config: Config) -> Iterator[Any]:
    hosts = config.get("TRUSTED_HOSTS") or []
    if not hosts or "*" in hosts or set(hosts) <= {"127.0.0.1", "localhost"}:
        yield _l("HALKLA_HOSTS does not name the address of this house.")
    if not str(config.get("HALKLA_BASE_URL", "")).startswith("https://"):
        yield _l("HALKLA_BASE_URL is not https: links in messages would be open to listeners.")
    if any("*" in host for host in config.get("FAB_SAFE_REDIRECT_HOSTS") or ()):
        yield _l("FAB_SAFE_REDIRECT_HOSTS lets anybody redirect.")


def _cookies(config: Config) -> Iterator[Any]:
    if not config.get("SESSION_COOKIE_SECURE"):
        yield _l("The session cookie would travel without TLS (SESSION_COOKIE_SECURE).")
    if not config.get("SESSION_COOKIE_HTTPONLY"):
        yield _l("Scripts could read the session cookie (SESSION_COOKIE_HTTPONLY).")
    if config.get("SESSION_COOKIE_SAMESITE") not in {"Lax", "Strict"}:
        yield _l("The session cookie would travel from other sites (SESSION_COOKIE_SAMESITE).")
    if not str(config.get("SESSION_COOKIE_NAME", "")).startswith("__Host-"):
        yield _l("The session cookie lacks the prefix __Host-.")


def _forms(config: Config) -> Iterator[Any]:
    if "csrf" not in current_app.extensions or not config.get("WTF_CSRF_ENABLED", True):
        yield _l("Forms are not protected against requests of other sites (CSRFProtect).")
    if not config.get("WTF_CSRF_SSL_STRICT", True):
        yield _l("The origin of forms is not checked (WTF_CSRF_SSL_STRICT).")
    size = config.get("MAX_CONTENT_LENGTH")
    if not size or size > _MOST_BODY:
        yield _l("MAX_CONTENT_LENGTH is missing or too large.")


def _throttle(config: Config) -> Iterator[Any]:
    if not config.get("RATELIMIT_ENABLED", True):
        yield _l("Sign-in is not throttled (RATELIMIT_ENABLED).")
    if str(config.get("RATELIMIT_STORAGE_URI", "memory://")).startswith("memory"):
        yield _l("The throttle counts in each process alone: set HALKLA_LIMITER_URL to Redis.")


def _headers(config: Config) -> Iterator[Any]:
    """The headers as a browser gets them, not as a setting promises them."""
    named = (host.lstrip(".") for host in config.get("TRUSTED_HOSTS") or ())
    host = next((host for host in named if host and "*" not in host), "localhost")
    found = current_app.test_client().get("/health/live", base_url=f"https://{host}").headers
    hsts = found.get("Strict-Transport-Security", "")
    age = next((p.split("=")[1] for p in hsts.split("; ") if p.startswith("max-age=")), "0")
    if not age.isdigit() or int(age) < 31_536_000:
        yield _l("Browsers are not told to insist on TLS (Strict-Transport-Security).")
    if found.get("X-Content-Type-Options") != "nosniff":
        yield _l("Browsers may guess the type of content (X-Content-Type-Options).")
    if not found.get("Referrer-Policy"):
        yield _l("Addresses of pages leak to other sites (Referrer-Policy).")
    if found.get("X-Frame-Options") != "DENY":
        yield _l("Other sites may frame the pages (X-Frame-Options).")
    if found.get("Cross-Origin-Opener-Policy") != "same-origin":
        yield _l("Other windows may reach this one (Cross-Origin-Opener-Policy).")
    policy = found.get("Content-Security-Policy", "")
    if policy != CONTENT_SECURITY_POLICY or "unsafe" in policy:
        yield _l("The content security policy is missing or weakened.")


def _database(config: Config) -> Iterator[Any]:
    url = make_url(config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        yield _l("SQLite serves one machine with few people: use PostgreSQL (HALKLA_DATABASE_URL).")
    elif not url.password and url.host and not str(url.host).startswith("/"):
        yield _l("The database is reached without a password.")


def _broker(config: Config) -> Iterator[Any]:
    address = str(config.get("HALKLA_BROKER_URL") or "")
    if not address or address.startswith("filesystem"):
        yield _l("The embedded broker serves one machine: set HALKLA_BROKER_URL.")
    elif "@" not in address and not address.startswith(("redis+socket", "unix")):
        yield _l("The broker has no password.")


def _uploads(config: Config) -> Iterator[Any]:
    static = Path(current_app.static_folder or "").resolve()
    if places.files_folder().resolve().is_relative_to(static):
        yield _l("The folder of attachments is served to everybody: it lies in the static folder.")


def _fab(config: Config) -> Iterator[Any]:
    if config.get("FAB_ADD_SECURITY_API"):
        yield _l("FAB’s own security API is open (FAB_ADD_SECURITY_API).")
    if config.get("FAB_CREATE_DB") or config.get("FAB_UPDATE_PERMS"):
        yield _l("FAB would change the database at each start (FAB_CREATE_DB, FAB_UPDATE_PERMS).")
    if config.get("AUTH_USER_REGISTRATION"):
        yield _l("Strangers may register themselves (AUTH_USER_REGISTRATION).")


# --- state ----------------------------------------------------------------------------------------------
def _vital(config: Config) -> Iterator[Any]:
    """What must be well on every machine, also on the own one."""
    for check in list_checks(db.session()):
        if check.is_well or not check.is_vital:
            continue
        if check.name == "database":
            yield _l("The database does not answer: %(why)s.", why=check.detail)
        elif check.name == "migrations":
            yield _l(
                "The database and the program differ (%(why)s): flask db upgrade.", why=check.detail
            )
        else:
            yield _l(
                "Less than %(n)s MB are free in the data folder.", n=LEAST_FREE // 1024 // 1024
            )


def _folders(config: Config) -> Iterator[Any]:
    for folder in (places.data_folder(), places.files_folder()):
        if not folder.exists() or not os.access(folder, os.W_OK):
            yield _l("The folder %(name)s cannot be written.", name=folder.name)


def _worker(config: Config) -> Iterator[Any]:
    age = heartbeat_age()
    if age is None or age > HEARTBEAT_LATE:
        yield _l("No worker has been heard of for two minutes: flask work.")


def _clock(config: Config) -> Iterator[Any]:
    if clock.now().utcoffset() is None or str(config.get("BABEL_DEFAULT_TIMEZONE")) != str(
        clock.ISTANBUL
    ):
        yield _l("The time zone is not Europe/Istanbul.")
    built = Path(__file__).stat().st_mtime
    if time.time() < built - 86_400:
        yield _l("The clock of this machine is behind.")


def _people(config: Config) -> Iterator[Any]:
    """Accounts and roles that strangers could guess or everybody would have."""
    session = db.session()
    users = session.scalars(select(StaffUser).where(StaffUser.active.is_(True))).unique().all()
    for user in users:
        if user.username.lower() in _DEFAULT_ACCOUNTS:
            yield _l(
                "The account %(name)s has a name that everybody tries first.", name=user.username
            )
    if demo := sum(1 for user in users if user.is_demo):
        yield _l("%(n)s demo accounts are active: set them inactive.", n=demo)
    admins = [u for u in users if any(r.name == config["AUTH_ROLE_ADMIN"] for r in u.roles)]
    if any(
        check_password_hash(user.password or "", guess)
        for user in admins
        for guess in _DEFAULT_PASSWORDS
        if user.password
    ):
        yield _l("An administrator has a password that everybody tries first.")
    public = session.scalars(select(Role).where(Role.name == config["AUTH_ROLE_PUBLIC"])).first()
    if public is not None and public.permissions:
        yield _l("The role of people who have not signed in has rights.")


Look = Callable[[Config], Iterator[Any]]
#: Asked everywhere.
ALWAYS: tuple[Look, ...] = (_vital, _folders, _clock, _uploads, _fab)
#: Asked where real people work.
DEPLOYED: tuple[Look, ...] = (
    _secrets,
    _modes,
    _hosts,
    _cookies,
    _forms,
    _throttle,
    _headers,
    _database,
    _broker,
    _worker,
    _people,
)


def find_defects(*, deploy: bool) -> list[str]:
    """Every defect as a sentence; one look that fails is a defect itself."""
    defects: list[str] = []
    for look in (*ALWAYS, *(DEPLOYED if deploy else ())):
        try:
            defects += [str(sentence) for sentence in look(current_app.config)]
        except SQLAlchemyError as fault:
            db.session.rollback()
            defects.append(
                _(
                    "%(look)s could not be checked: %(why)s",
                    look=look.__name__.strip("_"),
                    why=type(fault).__name__,
                )
            )
    return list(dict.fromkeys(defects))


@click.command()
@click.option("--deploy", is_flag=True, help="Also what is only wrong in production.")
@with_appcontext
def doctor(deploy: bool) -> None:
    """Look for defects; exit code 1 when there is one."""
    with force_locale("tr"), acting_as(SYSTEM):
        defects = find_defects(deploy=deploy)
        for sentence in defects:
            click.echo(f"✗ {sentence}", err=True)
        if defects:
            click.echo(_("%(n)s defects.", n=len(defects)), err=True)
            sys.exit(1)
        click.echo(_("No defect found."))
