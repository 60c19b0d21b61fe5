"""The ground's tables: who there is (accounts), what happened (audit), what leaves (outbox, webhooks,
exports)."""

from portal.models.account_links import AccountLink, PasswordRequest
from portal.models.accounts import ApiKey, Language, MailMe, Organisation, Pulse, Role, TryCount, User
from portal.models.audit import AuditAnchor, AuditEvent, AuditSeal, AuditStamp
from portal.models.duty import Absence
from portal.models.exports import Export
from portal.models.factors import FactorReset, SecondFactor
from portal.models.idempotency import KeptAnswer
from portal.models.outbox import Mail, Notification
from portal.models.pictures import Thumbnail
from portal.models.provisioning import Provisioning
from portal.models.retention import LegalHold, PersonErasure, RetentionRule
from portal.models.saved_views import SavedView, Subscription
from portal.models.sessions import Session
from portal.models.set_aside import SetAside
from portal.models.single_sign_on import SignOnAccount, SingleSignOn
from portal.models.webhooks import Hook, HookAttempt, WebhookEndpoint

__all__ = [
    "Absence",
    "AccountLink",
    "ApiKey",
    "AuditAnchor",
    "AuditEvent",
    "AuditSeal",
    "AuditStamp",
    "Export",
    "FactorReset",
    "Hook",
    "HookAttempt",
    "KeptAnswer",
    "Language",
    "LegalHold",
    "Mail",
    "MailMe",
    "Notification",
    "Organisation",
    "PasswordRequest",
    "PersonErasure",
    "Provisioning",
    "Pulse",
    "RetentionRule",
    "Role",
    "SavedView",
    "SecondFactor",
    "Session",
    "SetAside",
    "SignOnAccount",
    "SingleSignOn",
    "Subscription",
    "Thumbnail",
    "TryCount",
    "User",
    "WebhookEndpoint",
]
