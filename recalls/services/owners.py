"""Who of the regulator's staff owns a recall's case. An owner who is away stays the owner: pages show who stands in."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.identity.duty import Roster
from portal.models import Organisation, User
from portal.notifications.outbox import notify
from recalls.models import Recall

NOT_STAFF = gettext_noop("%(name)s is not on the regulator's staff or cannot sign in. Choose someone else.")


def possible_owners(regulator: Organisation | int) -> QuerySet[User]:
    """The regulator's staff who can sign in, by name."""
    staff = User.objects.filter(organisation=regulator, role="regulator_staff", is_active=True, locked_at=None)
    return staff.order_by("name", "pk")


def assign_owner(*, recall: Recall, to: User | None, note: str = "", actor: Actor) -> Recall:
    """Give a recall to somebody of its regulator's staff, who is notified, or to nobody. Reversible; the same again changes
    nothing. Raises ValidationError (`to`) for whoever is not on the staff, PermissionDenied for another regulator."""
    actor.require("recall.edit")
    with transaction.atomic():
        recall = Recall.objects.select_for_update(of=("self",), no_key=True).get(pk=recall.pk)
        if actor.regulator_id not in (None, recall.regulator_id):
            raise PermissionDenied(gettext_noop("Only staff of the regulator can change who owns a recall."))
        if to is not None and not possible_owners(recall.regulator_id).filter(pk=to.pk).exists():
            raise ValidationError({"to": ValidationError(NOT_STAFF, params={"name": to.name})})
        if recall.owner_id == (to.pk if to else None):
            return recall
        before = {"owner": recall.owner_id}
        recall.owner = to
        recall.save(update_fields=["owner"])
        event = audit.record(
            actor=actor, action="recall.owner_set", subject=recall, before=before,
            after={"owner": to.pk if to else None, "person": to.name if to else ""}, reason=note.strip(),
        )  # fmt: skip
        if to is not None and to.pk != actor.user_id:
            notify(
                people=[to],
                key=f"recall:{recall.pk}:owner:{event.pk}",
                subject=f"You own recall {recall.number} now: {recall.title}",
                body=f"{actor.label}. {note.strip()}".strip(),
                link=reverse("recalls:detail", args=[recall.pk]),
            )
    return recall


def hand_over_recalls(*, person: User, organisation_id: int, actor: Actor) -> int:
    """Let go what a person owned at an organisation that they left: their deputy has it, where they were away and one stands
    in; else nobody, and the staff are notified once. Returns how many recalls. Inside the transaction of their leaving."""
    recalls = list(
        Recall.objects.select_for_update(of=("self",), no_key=True)
        .filter(owner=person, regulator=organisation_id)
        .order_by("pk")
    )
    if not recalls:
        return 0
    to = Roster.of([organisation_id]).stand_in(person)
    if to is not None and not possible_owners(organisation_id).filter(pk=to.pk).exists():
        to = None
    Recall.objects.filter(pk__in=[recall.pk for recall in recalls]).update(owner=to)
    after = {"owner": to.pk if to else None, "person": to.name if to else ""}
    reason = f"{person.name} left."
    audit.record_many(
        audit.event_for(
            actor=actor,
            action="recall.owner_set",
            subject=recall,
            before={"owner": person.pk},
            after=after,
            reason=reason,
        )
        for recall in recalls
    )
    several = f"{len(recalls):,} recalls" if len(recalls) > 1 else f"recall {recalls[0].number}"
    notify(
        people=[to] if to else list(possible_owners(organisation_id).exclude(pk=person.pk)),
        key=f"left:{person.pk}:recalls:{timezone.now().timestamp()}",
        subject=f"You own {several} of {person.name} now" if to else f"Nobody owns {several} of {person.name}",
        body=reason if to else f"{reason} Assign an owner to each.",
        link=f"{reverse('recalls:list')}?owner={'me' if to else 'none'}",
    )
    return len(recalls)
