"""How recalls responds to signals of portal."""

from typing import Any

from django.dispatch import receiver

from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.signals import asking_who_writes, contact_changed, person_left
from recalls import services
from recalls.models import Notice


@receiver(contact_changed)
@as_system("notices of every regulator")
def mail_notices_again(organisation: Organisation, before: str, **_signal: Any) -> None:
    services.mail_notices_again(platform=organisation, before=before)


@receiver(asking_who_writes)
@as_system("notices of every regulator")
def regulators_with_notices(organisation: Organisation, **_signal: Any) -> set[int]:
    """Those that ever sent a notice to the organisation: with it go the letters and escalations of its flags."""
    sent = Notice.objects.filter(platform=organisation)
    return set(sent.order_by().values_list("recall__regulator", flat=True).distinct())


@receiver(person_left)
@as_system("recalls of a regulator that the person has left")
def hand_over(person: User, organisation_id: int, actor: Actor, **_signal: Any) -> None:
    services.hand_over_recalls(person=person, organisation_id=organisation_id, actor=actor)
