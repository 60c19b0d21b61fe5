"""How recalls responds to signals of portal."""

from typing import Any

from django.dispatch import receiver

from portal.models import Organisation
from portal.signals import asking_who_writes, contact_changed
from recalls import services
from recalls.models import Notice


@receiver(contact_changed)
def mail_notices_again(organisation: Organisation, before: str, **_signal: Any) -> None:
    services.mail_notices_again(platform=organisation, before=before)


@receiver(asking_who_writes)
def regulators_with_notices(organisation: Organisation, **_signal: Any) -> set[int]:
    """Those that ever sent a notice to the organisation: with it go the letters and escalations of its flags."""
    sent = Notice.objects.filter(platform=organisation)
    return set(sent.order_by().values_list("recall__regulator", flat=True).distinct())
