"""Who sees which rows of clocks, checks and letters, and of the audit log, in PostgreSQL (portal/database/row_security.py)."""

from django.db.models import Q

from enforcement.states import PLATFORM_STEPS, LetterStatus, PublicListingStatus
from listings.searches import SEARCHED
from portal.audit import reach
from portal.database.row_security import TENANT, Rule, guard, leave_open, tenant, through, with_row
from portal.identity.actors import Actor
from portal.identity.querysets import SITE_NOUNS, SITE_SUBJECTS
from portal.subjects import kinds_of
from recalls.models import Notice

_PLATFORM = f"platform_id = {TENANT}"
_STEPS = ", ".join(f"'{step.value}'" for step in sorted(PLATFORM_STEPS))
_WITH_TAKEDOWN = with_row("takedown_id", "enforcement.Takedown")
_WITH_STEP = with_row("escalation_id", "enforcement.Escalation")
_CAME_OF_IT = " OR ".join(  # the step of a letter that it has, or of a listing that is public
    f"EXISTS (SELECT FROM {table} AS came WHERE came.escalation_id = enforcement_escalation.id)"
    for table in ("enforcement_letter", "enforcement_publiclisting")
)
_OWN = tenant(regulator="regulator_id")
guard(
    {
        "enforcement.Takedown": tenant(platform="platform_id", regulator="regulator_id"),
        "enforcement.Observation": through("takedown_id", "enforcement.Takedown"),
        "enforcement.CheckPlan": Rule(platform=_PLATFORM, regulator=_WITH_TAKEDOWN),
        "enforcement.Pause": through("takedown_id", "enforcement.Takedown"),
        "enforcement.Extension": through("takedown_id", "enforcement.Takedown"),
        "enforcement.Appeal": through("takedown_id", "enforcement.Takedown"),
        "enforcement.Escalation": Rule(f"{_PLATFORM} AND (kind IN ({_STEPS}) OR {_CAME_OF_IT})", _WITH_TAKEDOWN),
        "enforcement.Letter": Rule(f"{_PLATFORM} AND status = '{LetterStatus.SENT.value}'", _WITH_STEP),
        "enforcement.PublicListing": Rule(
            f"{_PLATFORM} AND status = '{PublicListingStatus.PUBLISHED.value}'", _WITH_STEP
        ),
        "enforcement.Policy": _OWN,
        "enforcement.PolicyStep": through("policy_id", "enforcement.Policy"),
        "enforcement.CalendarDay": _OWN,
        "enforcement.LetterTemplate": _OWN,
    }
)
leave_open(
    {"enforcement.ControlCheck": "What hosts answer for addresses that no case is about, kept once for all platforms."}
)


_EVENT = "nullif(portal_auditevent.subject_id, '')::bigint"  # of a try to sign in with nobody's address it is empty
_HOLD = "portal_legalhold.subject_id"


def _when(number: str, *models: str) -> str:
    """Rows about a row of `models` that can be seen; `number` is the key of what they are about."""
    return " ".join(
        f"WHEN subject_type IN ({', '.join(repr(kind) for kind in kinds_of(name.lower()))}) THEN "
        + with_row(number, name, in_turn=True)  # of so many kinds, each list shows a few rows of a few
        for name in models
    )


def _own(number: str) -> str:
    """Rows about the organisation itself, and about its people; `number` is the key of what they are about."""
    return (
        f"WHEN subject_type = 'portal.organisation' THEN {number} = {TENANT} WHEN subject_type = 'portal.user' THEN "
        f"EXISTS (SELECT FROM portal_user AS own WHERE own.id = {number} AND own.organisation_id = {TENANT})"
    )


_SEARCHES = (
    f"WHEN action = '{SEARCHED}' THEN EXISTS (SELECT FROM recalls_notice AS n WHERE n.platform_id = organisation_id)"
)


def _searches_of(actor: Actor) -> Q:
    """What _SEARCHES shows a regulator."""
    sent = Notice.objects.visible_to(actor).order_by().values_list("platform_id", flat=True).distinct()
    return Q(action=SEARCHED, organisation_id__in=list(sent))


_SUBJECTS = (
    "recalls.Recall", "recalls.Notice", "recalls.Sending", "recalls.RecallImport", "recalls.RecallFeed",
    "listings.Flag", "listings.DryRun", "listings.Exclusion", "listings.FlagLimit", "listings.Message", "listings.SellerLink",
    "enforcement.Takedown", "enforcement.Observation", "enforcement.Escalation", "enforcement.Extension", "enforcement.Appeal",
    "enforcement.Letter", "enforcement.PublicListing", "enforcement.Policy", "enforcement.CalendarDay",
    "enforcement.LetterTemplate", "portal.ApiKey", "portal.Export", "portal.LegalHold", "portal.PersonErasure", "portal.SavedView",
)  # fmt: skip
reach.register(_SUBJECTS, also=_searches_of)
_OPERATORS = ("portal.Export", "portal.LegalHold", "portal.SavedView")
_SITE = (
    f"subject_type IN ({', '.join(map(repr, sorted(SITE_SUBJECTS)))})"
    f" AND split_part(action, '.', 1) IN ({', '.join(map(repr, sorted(SITE_NOUNS)))})"
)
guard(
    {
        "portal.LegalHold": Rule(
            regulator=f"CASE {_own(_HOLD)} {_when(_HOLD, 'recalls.Recall', 'recalls.Notice', 'enforcement.Takedown')} ELSE false END",
            operator="subject_type IN ('portal.organisation', 'portal.user')",
        ),
        # An event names a platform, never a regulator: it is seen with what it is about, and searches with their notices.
        "portal.AuditEvent": Rule(
            platform=f"organisation_id = {TENANT}",
            regulator=f"CASE {_SEARCHES} {_own(_EVENT)} {_when(_EVENT, *_SUBJECTS)} ELSE organisation_id = {TENANT} END",
            operator=f"CASE WHEN {_SITE} THEN true {_when(_EVENT, *_OPERATORS)} ELSE false END",
        ),
    }
)
