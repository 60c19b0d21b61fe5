"""The regulator's limit of undecided flags per notice."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from listings.models import FlagLimit
from listings.services.intake import limit_of
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.reasons import require_reason


def set_flag_limit(*, regulator: Organisation, flags: int, reason: str, actor: Actor) -> FlagLimit:
    """Set how many flags of one notice may be undecided at once, for all notices of the regulator from now on. Existing
    flags stay; a higher limit lets in what is held back. Reversible: set it again."""
    actor.require("flag_limit.set")
    if actor.organisation_id not in (None, regulator.pk) or regulator.is_platform:
        raise PermissionDenied(gettext_noop("Only the regulator itself can set its flag limit."))
    require_reason(reason)
    with transaction.atomic():
        before = {"flags": limit_of(regulator.pk)}
        row = FlagLimit.objects.select_for_update().filter(regulator=regulator).first() or FlagLimit(
            regulator=regulator
        )
        row.flags = flags
        row.full_clean(exclude=["regulator"])
        row.save()
        after = {"flags": row.flags}
        audit.record(actor=actor, action="flag_limit.changed", subject=row, before=before, after=after, reason=reason)
    return row
