"""The extensions, made once and bound in create_app; nothing here knows a room."""

from __future__ import annotations

from celery import Celery
from flask_appbuilder import Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from app.core import models as _core_models  # Sets the naming convention before any table exists.

assert _core_models.NAMING_CONVENTION

# One metadata for FAB's ab_* tables and ours, so that Alembic owns every table.
db: SQLA = SQLA(
    metadata=Model.metadata,
    session_options={"expire_on_commit": False},
)
migrate = Migrate()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, default_limits=[])
celery = Celery("halkla")
