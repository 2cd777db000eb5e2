"""REST resources over the same tables, scope, rules and masks as the screens."""

from app.core.api.base import BackOfficeApi
from app.core.api.openapi import OpenApiView

__all__ = ["BackOfficeApi", "OpenApiView"]
