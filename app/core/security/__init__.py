"""Signing in, permissions, sessions and headers: FAB's security manager closed and made fast."""

from app.core.security.manager import BackOfficeSecurityManager, security_manager_for
from app.core.security.signals import sign_in_failed, signed_in, signed_out

__all__ = [
    "BackOfficeSecurityManager",
    "security_manager_for",
    "sign_in_failed",
    "signed_in",
    "signed_out",
]
