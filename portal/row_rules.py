"""Who sees which rows of the ground's tables, as PostgreSQL holds it against every query (portal/database/row_security.py)."""

from dataclasses import replace

from portal.database.row_security import TENANT, Rule, guard, leave_open, organisation, through

_OWN_PEOPLE = f"EXISTS (SELECT FROM portal_user AS own WHERE own.id = person_id AND own.organisation_id = {TENANT})"
guard(
    {
        "portal.Absence": replace(organisation(), operator="true"),  # operators manage people, also when they are away
        "portal.ApiKey": organisation(),
        "portal.Export": organisation(),
        "portal.Hook": organisation(),
        "portal.HookAttempt": through("hook_id", "portal.Hook"),
        "portal.KeptAnswer": organisation(),
        "portal.Mail": Rule(),  # workers send it; to whom it goes is nobody's to read
        "portal.Notification": organisation(),
        "portal.PersonErasure": Rule(regulator=_OWN_PEOPLE, operator="true"),
        "portal.SavedView": organisation(),
        "portal.Subscription": organisation(),
        "portal.Provisioning": replace(organisation(), operator="true"),  # of platforms, which have no admin
        "portal.WebhookEndpoint": organisation(),
    }
)
_WHO = "Read before it is known who acts: it says who somebody is, and holds nothing of a case."
_NAMES = "Names that stand beside rows of the other side too; their lists are narrowed by visible_to."
leave_open(
    {
        "portal.AccountLink": _WHO,
        "portal.FactorReset": _WHO,
        "portal.Organisation": _NAMES,
        "portal.SecondFactor": _WHO,
        "portal.Session": _WHO,
        "portal.SignOnAccount": _WHO,
        "portal.SingleSignOn": _WHO,
        "portal.User": f"{_WHO} {_NAMES}",
        "portal.User_groups": "Unused: roles are not groups.",
        "portal.User_user_permissions": "Unused: roles are not permissions of Django.",
        "portal.AuditSeal": "Digests, which say nothing of what they cover; the events are guarded.",
    }
)
