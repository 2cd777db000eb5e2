"""Settings, read once from the environment; this file imports nothing from app.

Every default is fit for production and fit to publish: no secret stands here, and a missing secret
stops the program. `make run` sets HALKLA_PROFILE=local, which allows plain http on this machine.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PROFILE = os.environ.get("HALKLA_PROFILE", "production")
IS_LOCAL = PROFILE in {"local", "test"}
DATA = Path(os.environ.get("HALKLA_DATA", ROOT / "var")).resolve()


def _secret_key() -> str:
    """The key from the environment, else from the data folder where set-up wrote it."""
    if key := os.environ.get("HALKLA_SECRET_KEY"):
        return key
    path = DATA / "secret.key"
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


# --- secrets, places -----------------------------------------------------------------------------
SECRET_KEY = _secret_key()
HALKLA_PROFILE = PROFILE
HALKLA_DATA = DATA
HALKLA_UPLOADS = DATA / "files"
HALKLA_DATABASE_URL = os.environ.get("HALKLA_DATABASE_URL", "")
SQLALCHEMY_DATABASE_URI = (
    HALKLA_DATABASE_URL.replace("postgresql://", "postgresql+psycopg://", 1)
    or f"sqlite:///{DATA / 'halkla.db'}"
)
HALKLA_BROKER_URL = os.environ.get("HALKLA_BROKER_URL", "")
HALKLA_SMTP_URL = os.environ.get("HALKLA_SMTP_URL", "")
HALKLA_SMS_URL = os.environ.get("HALKLA_SMS_URL", "")
HALKLA_SMS_TOKEN = os.environ.get("HALKLA_SMS_TOKEN", "")
HALKLA_MAIL_FROM = os.environ.get("HALKLA_MAIL_FROM", "halkla@localhost")
HALKLA_BASE_URL = os.environ.get("HALKLA_BASE_URL", "http://127.0.0.1:8080")
HALKLA_PROXIES = int(os.environ.get("HALKLA_PROXIES", "0"))
HALKLA_SCANNER = os.environ.get("HALKLA_SCANNER", "")

# --- Flask-AppBuilder ----------------------------------------------------------------------------
APP_NAME = "Halkla"
AUTH_TYPE = 1
AUTH_ROLE_ADMIN = "sys_admin"
AUTH_ROLE_PUBLIC = "Public"
AUTH_USERNAME_CI = False
FAB_CREATE_DB = False
FAB_UPDATE_PERMS = False
FAB_ADD_SECURITY_API = False
FAB_ADD_SECURITY_PERMISSION_VIEW = False
FAB_ADD_SECURITY_VIEW_MENU_VIEW = False
FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW = False
FAB_ADD_OPENAPI_VIEWS = True
FAB_API_SWAGGER_UI = False
FAB_API_MAX_PAGE_SIZE = 250
FAB_BASE_TEMPLATE = "layout.html"
FAB_PASSWORD_HASH_METHOD = "scrypt:131072:8:1"  # noqa: S105  # A method, not a password.
FAB_SAFE_REDIRECT_HOSTS: list[str] = []
# Throttling stands in app.core.security, for the form and the API alike.
AUTH_RATE_LIMITED = False
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = os.environ.get("HALKLA_LIMITER_URL", "memory://")
RATELIMIT_HEADERS_ENABLED = False

# --- language ------------------------------------------------------------------------------------
BABEL_DEFAULT_LOCALE = "tr"
BABEL_DEFAULT_TIMEZONE = "Europe/Istanbul"
BABEL_TRANSLATION_DIRECTORIES = str(ROOT / "translations")
LANGUAGES = {
    "tr": {"flag": "tr", "name": "Türkçe"},
    "en": {"flag": "gb", "name": "English"},
}

# --- sessions, cookies, forms --------------------------------------------------------------------
SESSION_COOKIE_SECURE = not IS_LOCAL
SESSION_COOKIE_NAME = "halkla" if IS_LOCAL else "__Host-halkla"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = "/"
# A cookie on every answer would let a late answer of a script or a poll bring back an older session,
# with which the message of what was just saved is lost; and no proxy may keep a file with a cookie.
SESSION_REFRESH_EACH_REQUEST = False
PERMANENT_SESSION_LIFETIME = timedelta(hours=12)
HALKLA_IDLE_MINUTES = 30
HALKLA_ABSOLUTE_HOURS = 12
WTF_CSRF_TIME_LIMIT = 12 * 3600
WTF_CSRF_SSL_STRICT = not IS_LOCAL
MAX_CONTENT_LENGTH = 64 * 1024 * 1024
MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
TRUSTED_HOSTS = [h for h in os.environ.get("HALKLA_HOSTS", "").split(",") if h] or (
    ["127.0.0.1", "localhost"]
)
JWT_ACCESS_TOKEN_EXPIRES = timedelta(minutes=15)
JWT_REFRESH_TOKEN_EXPIRES = timedelta(hours=12)
JWT_ERROR_MESSAGE_KEY = "message"

# --- database ------------------------------------------------------------------------------------
SQLALCHEMY_RECORD_QUERIES = False
SQLALCHEMY_TRACK_MODIFICATIONS = False
JSON_SORT_KEYS = False
JSON_AS_ASCII = False
