"""The audit events of searches that platforms made of their own catalogues, and who may read them."""

from django.db.models import Exists, OuterRef, QuerySet

from portal.identity.actors import Actor
from portal.models import AuditEvent
from recalls.models import Notice

SEARCHED = "catalogue.searched"


def searches_seen_by(actor: Actor) -> QuerySet[AuditEvent]:
    """A platform sees its own, a regulator those of the platforms that it ever sent a notice to."""
    found = AuditEvent.objects.filter(action=SEARCHED).select_related("organisation")
    if actor.platform_id is not None:
        return found.filter(organisation_id=actor.platform_id)
    sent = Notice.objects.visible_to(actor).filter(platform=OuterRef("organisation_id"))
    return found.filter(Exists(sent))
