"""The audit trail: what changed, who looked, and the seal that shows whether it was touched."""

from app.system.services.audit.collect import EXCLUDED, install
from app.system.services.audit.seals import export_head, read_heads, seal, verify
from app.system.services.audit.trail import record, record_access

__all__ = [
    "EXCLUDED",
    "export_head",
    "install",
    "read_heads",
    "record",
    "record_access",
    "seal",
    "verify",
]
