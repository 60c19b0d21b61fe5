"""Whose people and settings somebody manages: an admin those of their regulator, an operator those of every organisation.

Operators see no case, and let nobody in who would: where a regulator has an admin of its own, that one does.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_noop

from portal.identity.actors import Actor
from portal.models import Organisation, Role, User

HAS_ADMIN = gettext_noop(
    "%(organisation)s has an admin, who manages its people. Ask them, or make the admin inactive first."
)


def require_managed(organisation: Organisation, actor: Actor) -> None:
    """Raise PermissionDenied unless the actor manages people and settings of an organisation, by whose it is."""
    if not Organisation.objects.managed_by(actor).filter(pk=organisation.pk).exists():
        raise PermissionDenied(f"{actor.label} does not manage {organisation}.")


def require_managed_person(person: User, actor: Actor) -> None:
    """Raise PermissionDenied unless the actor manages people, and those of the person's organisation."""
    actor.require("person.manage")
    require_managed(person.organisation, actor)


def require_entry(organisation: Organisation, actor: Actor) -> None:
    """As `require_managed`, for what lets somebody in. Raises ValidationError where an operator would let somebody into a
    regulator that has an admin who can sign in."""
    require_managed(organisation, actor)
    if actor.is_operator and organisation.kind == Organisation.Kind.REGULATOR:
        admins = User.objects.filter(organisation=organisation, role=Role.ADMIN, is_active=True, locked_at=None)
        if admins.exists():
            raise ValidationError(ValidationError(HAS_ADMIN, params={"organisation": organisation}))
