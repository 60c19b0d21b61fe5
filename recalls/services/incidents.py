"""Shared incidents: what people decide on leads, and what each regulator sees of the others' recalls.

A regulator sees of another's recall what that one has published, and nothing else: `OtherRecall` is all that leaves here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.reasons import require_reason
from portal.transitions import IllegalTransition
from recalls.models import IncidentLead, IncidentMember, Recall, SharedIncident
from recalls.removals import Removals
from recalls.services.incident_news import announce
from recalls.signals import incident_opened
from recalls.states import RecallStatus

Answer = IncidentLead.Answer
MAX_SHOWN = 50


@dataclass(frozen=True, slots=True)
class OtherRecall:
    """What is public of another regulator's recall: of its version in force, never of a draft."""

    pk: int
    regulator: str
    country: str
    number: str
    title: str
    recalled_on: date | None
    published_at: datetime | None
    is_withdrawn: bool
    url: str
    hazard: str
    products: tuple[tuple[str, str, str, str], ...]
    """Name, brand, model numbers and GTINs of each product."""


@dataclass(frozen=True, slots=True)
class ShownLead:
    """A lead as one side sees it: the recall of the other side."""

    pk: int
    other: OtherRecall
    score: float
    evidence: tuple[dict[str, Any], ...]
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Incident:
    """The other recalls of a recall's incident, the leads that nobody decided yet, and those that were rejected."""

    members: tuple[OtherRecall, ...]
    leads: tuple[ShownLead, ...]
    rejected: tuple[ShownLead, ...]
    removals: tuple[tuple[OtherRecall, Removals], ...] = ()
    """What became of the listings under the other recalls, at each platform, as counts and moments."""


@as_system("what other regulators have published about the product of a recall that the reader sees")
def incident_of(recall: Recall) -> Incident:
    """What to show beside a recall; the caller made sure that the reader sees that one."""
    mine = IncidentMember.objects.filter(recall=recall).first()
    members = (
        list(_published().filter(incident_member__incident=mine.incident_id).exclude(pk=recall.pk)) if mine else []
    )
    shown = {member.pk for member in members}
    seen = [_shown_lead(lead, recall.pk) for lead in _undecided(recall) if _other(lead, recall.pk).pk not in shown]
    others = {member.pk: _shown(member) for member in members[:MAX_SHOWN]}
    return Incident(
        members=tuple(others.values()),
        removals=tuple(_removals(others)),
        leads=tuple(lead for lead in seen if lead.answer == Answer.OPEN and not lead.other.is_withdrawn),
        rejected=tuple(lead for lead in seen if lead.answer == Answer.OTHER),
    )


@as_system("the published recall of another regulator beside one's own")
def shown_lead(lead: IncidentLead, actor: Actor) -> tuple[Recall, ShownLead]:
    """A lead that `actor` sees: their own recall, and what is published of the other."""
    whole = _leads().get(pk=lead.pk)
    own = whole.second if whole.second.regulator_id == actor.regulator_id else whole.first
    return own, _shown_lead(whole, own.pk)


def decide_lead(*, lead: IncidentLead, is_same: bool, reason: str, actor: Actor) -> IncidentLead:
    """Confirm that two recalls are about one product, which puts them into one incident, or reject it.

    By staff of either regulator. A rejected lead can be confirmed later, by the regulator that rejected it: what one of
    them denies or ended, the other does not link alone. A confirmed one ends with `leave_incident`.
    """
    actor.require("recall.review")
    require_reason(reason)
    answer = Answer.SAME if is_same else Answer.OTHER
    with transaction.atomic(), as_system("a lead is of two regulators"):
        lead = IncidentLead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
        recalls = list(_locked(lead.first_id, lead.second_id))
        if actor.regulator_id not in {None, *(recall.regulator_id for recall in recalls)}:
            raise PermissionDenied(gettext_noop("You can decide only leads of your own recalls."))
        if lead.answer in {answer, Answer.SAME}:
            raise IllegalTransition(gettext_noop("Someone else already decided this lead. Reload the page."))
        if is_same and _is_denied_by_the_other(lead, actor):
            raise PermissionDenied(
                gettext_noop("The other regulator rejected this. Only its staff can link the recalls.")
            )
        _answer(IncidentLead.objects.filter(pk=lead.pk), answer, reason, actor)
        if is_same:
            _join(recalls)
        action = "recall.incident_joined" if is_same else "recall.lead_rejected"
        for recall, other in (recalls, recalls[::-1]):
            said = {"other": other.number, "regulator": other.regulator.name, "score": lead.score}
            audit.record(actor=actor, action=action, subject=recall, after=said, reason=reason)
        if is_same:
            own = next((recall for recall in recalls if recall.regulator_id == actor.regulator_id), recalls[0])
            key = f"joined:{lead.pk}:{timezone.now().timestamp()}"
            announce(recall=own, happened="is linked to your recall as the same product", key=key)
        lead.refresh_from_db()
    return lead


def leave_incident(*, recall: Recall, reason: str, actor: Actor) -> None:
    """Take a recall out of its incident; by staff of its own regulator. Its confirmed leads count as rejected from now on,
    and an incident with one recall left ends."""
    actor.require("recall.review")
    require_reason(reason)
    with transaction.atomic(), as_system("an incident is of several regulators"):
        recall = _locked(recall.pk).get()
        if actor.regulator_id not in {None, recall.regulator_id}:
            raise PermissionDenied(gettext_noop("You can take only your own recalls out of an incident."))
        member = IncidentMember.objects.filter(recall=recall).first()
        if member is None:
            raise IllegalTransition(gettext_noop("The recall is in no shared incident. Reload the page."))
        announce(recall=recall, happened="is no longer linked to your recall", key=f"left:{member.pk}")
        member.delete()
        leads = IncidentLead.objects.filter(Q(first=recall) | Q(second=recall), answer=Answer.SAME)
        _answer(leads, Answer.OTHER, reason, actor)
        left = IncidentMember.objects.filter(incident=member.incident_id)
        others = [each.recall for each in left.select_related("recall")]
        if len(others) < 2:
            SharedIncident.objects.filter(pk=member.incident_id).delete()
        before = {"others": ", ".join(other.number for other in others)}
        audit.record(actor=actor, action="recall.incident_left", subject=recall, before=before, reason=reason)


def _is_denied_by_the_other(lead: IncidentLead, actor: Actor) -> bool:
    if lead.answer != Answer.OTHER or lead.decided_by is None or actor.regulator_id is None:
        return False
    return lead.decided_by.organisation_id != actor.regulator_id


def _removals(others: dict[int, OtherRecall]) -> Iterator[tuple[OtherRecall, Removals]]:
    if others:
        counted: list[tuple[Any, Any]] = incident_opened.send(sender=Recall, recalls=tuple(others))
        for _, rows in counted:
            yield from ((others[row.recall_id], row) for row in rows)


def _locked(*ids: int) -> Any:
    """Both recalls, always locked in the same order, so that two people who link the same ones wait for each other."""
    found = Recall.objects.select_for_update(of=("self",), no_key=True).select_related("regulator")
    return found.filter(pk__in=ids).order_by("pk")


def _answer(leads: Any, answer: str, reason: str, actor: Actor) -> None:
    leads.update(answer=answer, reason=reason, decided_by=actor.user_id, decided_at=timezone.now())


def _join(recalls: list[Recall]) -> None:
    """Both recalls, and whatever they are linked with already, in one incident."""
    members = list(IncidentMember.objects.select_for_update().filter(recall__in=recalls).order_by("incident_id"))
    incident_id = members[0].incident_id if members else SharedIncident.objects.create().pk
    for member in members[1:]:
        if member.incident_id != incident_id:
            IncidentMember.objects.filter(incident=member.incident_id).update(incident=incident_id)
            SharedIncident.objects.filter(pk=member.incident_id).delete()
    known = {member.recall_id for member in members}
    IncidentMember.objects.bulk_create(
        IncidentMember(incident_id=incident_id, recall=recall) for recall in recalls if recall.pk not in known
    )


def _undecided(recall: Recall) -> list[IncidentLead]:
    """The leads of a recall that link nothing: of each regulator the most alike, in turns, so that no number of recalls of
    one hides another's."""
    side = {"first": F("first__regulator"), "second": F("second__regulator")}
    its = _leads().filter(Q(first=recall) | Q(second=recall)).exclude(answer=Answer.SAME)
    theirs = Case(When(first=recall, then=side["second"]), default=side["first"])
    place = Window(RowNumber(), partition_by=[theirs], order_by=["-score", "pk"])
    return list(its.annotate(turn=place).order_by("turn", "-score", "pk")[:MAX_SHOWN])


def _published() -> Any:
    """Recalls that are or were published, each with the version in force."""
    rows = Recall.objects.filter(
        status__in=(RecallStatus.PUBLISHED, RecallStatus.WITHDRAWN), current__published_at__isnull=False
    )
    rows = rows.select_related("regulator", "current").prefetch_related("current__products")
    return rows.order_by("recalled_on", "published_at", "pk")


def _leads() -> Any:
    sides = ("first__regulator", "first__current", "second__regulator", "second__current")
    in_force = {f"{side}__current__published_at__isnull": False for side in ("first", "second")}
    leads = IncidentLead.objects.filter(**in_force).select_related(*sides)
    return leads.prefetch_related("first__current__products", "second__current__products")


def _other(lead: IncidentLead, recall_id: int) -> Recall:
    return lead.second if lead.first_id == recall_id else lead.first


def _shown_lead(lead: IncidentLead, recall_id: int) -> ShownLead:
    other = _shown(_other(lead, recall_id))
    return ShownLead(lead.pk, other, lead.score, tuple(lead.evidence), lead.answer, lead.reason)


def _shown(recall: Recall) -> OtherRecall:
    version = recall.current
    if version is None or version.published_at is None:
        raise ValueError(f"Recall {recall.pk} has no published version.")
    return OtherRecall(
        pk=recall.pk,
        regulator=recall.regulator.name,
        country=recall.regulator.country,
        number=recall.number,
        title=version.title,
        recalled_on=recall.recalled_on,
        published_at=recall.published_at,
        is_withdrawn=recall.status == RecallStatus.WITHDRAWN,
        url=version.url if version.url.startswith(("https://", "http://")) else "",
        hazard=version.hazard,
        products=tuple(
            (product.name, product.brand, ", ".join(product.model_numbers), ", ".join(product.gtins))
            for product in list(version.products.all())[:MAX_SHOWN]
        ),
    )
