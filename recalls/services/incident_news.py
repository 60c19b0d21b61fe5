"""Telling the other regulators of a shared incident what one of them published. Nothing that is not public leaves here."""

from django.urls import reverse
from django.utils import timezone

from portal.database.acting import as_system
from portal.models import Organisation, Role, User
from portal.notifications.outbox import Draft, notify_all
from recalls.models import IncidentMember, Recall


@as_system("the other regulators of an incident hear of what is published")
def announce(*, recall: Recall, happened: str, key: str) -> None:
    """Notify the staff of the other regulators in the incident of `recall`, each with a link to their own recall.

    `happened` ends the sentence "Recall 25-290 of Product Safety Authority …". Reasons stay inside: they are not published.
    Call it inside the transaction of the change; a recall in no incident has nobody to notify.
    """
    mine = IncidentMember.objects.filter(recall=recall).first()
    if mine is None:
        return
    others = IncidentMember.objects.filter(incident=mine.incident_id).exclude(recall__regulator=recall.regulator_id)
    regulator = Organisation.objects.get(pk=recall.regulator_id)
    notify_all(
        _draft(member.recall, f"Recall {recall.number} of {regulator} {happened}", recall.title, key)
        for member in others.select_related("recall")
    )


@as_system("the other regulators of an incident hear of what is published")
def announce_lead(*, new: Recall, known_id: int) -> None:
    """Notify the staff whose recall is in an incident that another regulator's recall may belong to it."""
    member = IncidentMember.objects.filter(recall=known_id).select_related("recall").first()
    if member is None:
        return
    subject = f"Recall {new.number} of {new.regulator} may be about the product of your recall {member.recall.number}"
    key = f"lead:{new.regulator_id}:{timezone.now():%Y%m%d}"  # of one regulator's recalls, once a day
    notify_all([_draft(member.recall, subject, new.title, key)])


def _draft(recall: Recall, subject: str, body: str, key: str) -> Draft:
    staff = User.objects.filter(organisation=recall.regulator_id, role=Role.REGULATOR_STAFF, is_active=True)
    return Draft(
        key=f"incident:{recall.pk}:{key}",
        subject=subject,
        body=body,
        people=list(staff),
        link=reverse("recalls:detail", args=[recall.pk]),
    )
