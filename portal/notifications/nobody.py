"""Work of a regulator where nobody is there to do it: the operators hear so, who can invite somebody, and of no case."""

from django.urls import reverse
from django.utils import timezone

from portal.models import Organisation, User
from portal.notifications.outbox import notify


def report_nobody(regulator: Organisation) -> None:
    """Notify the operators, once a day, that nobody of a regulator is reached by what waits for it there."""
    notify(
        people=User.objects.operators().select_related("organisation"),
        key=f"nobody:{regulator.pk}:{timezone.now():%Y%m%d}",
        subject=f"Alert: nobody at {regulator} is available",
        body="Its escalations wait, and nobody there is available to handle them. Reach its people, or invite an admin.",
        link=reverse("portal:people"),
    )
