"""The ground's tables: who there is (accounts), what happened (audit), what leaves (outbox)."""

from portal.models.accounts import ApiKey, Language, Organisation, Pulse, Role, SignInFailure, User
from portal.models.audit import AuditEvent, AuditSeal
from portal.models.outbox import Mail, Notification

__all__ = [
    "ApiKey",
    "AuditEvent",
    "AuditSeal",
    "Language",
    "Mail",
    "Notification",
    "Organisation",
    "Pulse",
    "Role",
    "SignInFailure",
    "User",
]
