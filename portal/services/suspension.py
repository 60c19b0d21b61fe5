"""Suspending an organisation: nobody of it comes in, nor any key of it. Its cases go on: clocks, checks, letters."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.identity.managing import require_managed
from portal.models import Organisation, Session

ALREADY = gettext_noop("%(name)s is already suspended.")
NOT_SUSPENDED = gettext_noop("%(name)s is not suspended.")
OWN = gettext_noop("You cannot suspend your own organisation.")


def suspend_organisation(*, organisation: Organisation, reason: str, actor: Actor) -> None:
    """End all sessions of an organisation's people and let none of them, and none of its keys, in until it is resumed.

    Raises ValidationError where it is suspended already, PermissionDenied for one's own.
    """
    actor.require("organisation.manage")
    require_managed(organisation, actor)
    if organisation.pk == actor.organisation_id:
        raise PermissionDenied(OWN)
    with transaction.atomic():
        now = timezone.now()
        if not Organisation.objects.filter(pk=organisation.pk, suspended_at=None).update(suspended_at=now):
            raise ValidationError(ValidationError(ALREADY, params={"name": organisation}))
        ended = Session.objects.filter(person__organisation=organisation).delete()[0]
        after = {"suspended_at": now, "sessions_ended": ended}
        audit.record(actor=actor, action="organisation.suspended", subject=organisation, after=after, reason=reason)
    organisation.suspended_at = now


def resume_organisation(*, organisation: Organisation, reason: str, actor: Actor) -> None:
    """Let its people and keys in again. Raises ValidationError where it is not suspended."""
    actor.require("organisation.manage")
    require_managed(organisation, actor)
    with transaction.atomic():
        if not Organisation.objects.filter(pk=organisation.pk).exclude(suspended_at=None).update(suspended_at=None):
            raise ValidationError(ValidationError(NOT_SUSPENDED, params={"name": organisation}))
        before = {"suspended_at": organisation.suspended_at}
        audit.record(actor=actor, action="organisation.resumed", subject=organisation, before=before, reason=reason)
    organisation.suspended_at = None
