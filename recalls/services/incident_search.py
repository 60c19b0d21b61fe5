"""Finding recalls of other regulators that may be about the product of a recall: leads, which people decide."""

import logging
import time
from dataclasses import asdict

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from portal.background import sweeping
from recalls.linking import Comparison, LinkIndex, NoticeReading, compare
from recalls.linking.published import notice_of
from recalls.linking.turns import in_turns
from recalls.models import IncidentLead, IncidentSearch, Recall, RecallVersion
from recalls.services.incident_news import announce_lead
from recalls.states import RecallStatus

SWEEP = "incident searches"
MAX_LEADS = 20  # of one recall: the most alike of each regulator in turns
MAX_SECONDS = 120.0  # of one sweep; the next goes on

logger = logging.getLogger(__name__)


def find_incidents_due() -> int:
    """Compare each version that came into force since the last sweep with the published recalls of other regulators;
    returns how many were compared. One that breaks is set aside, and the others go on. Sample recalls take no part, nor do
    those of sandboxes."""
    due = _due()
    sweeping.forget_others(due, sweep=SWEEP)
    ready = list(sweeping.ready(due, sweep=SWEEP).order_by("pk"))
    if not ready:
        return 0
    index = _index()

    def find(version: RecallVersion) -> None:
        if version.recall_id not in index.readings:  # says what is wrong with it
            index.add(version.recall_id, version.recall.regulator_id, reading_of(version))
        _keep(version, index)

    return sweeping.each(ready, find, sweep=SWEEP, until=time.monotonic() + MAX_SECONDS).done


def reading_of(version: RecallVersion) -> NoticeReading:
    """A published version as linking reads it."""
    recall = version.recall
    notice = notice_of(
        version,
        number=recall.number,
        country=recall.regulator.country,
        on=recall.recalled_on,
        products=version.products.all(),
    )
    return NoticeReading(notice)


def _in_force() -> QuerySet[RecallVersion]:
    versions = RecallVersion.objects.filter(
        recall__current=F("pk"),
        recall__status=RecallStatus.PUBLISHED,
        recall__is_sample=False,
        published_at__isnull=False,
    ).outside_sandboxes()
    return versions.select_related("recall__regulator").defer("source")


def _due() -> QuerySet[RecallVersion]:
    return _in_force().filter(~Exists(IncidentSearch.objects.filter(version=OuterRef("pk"))))


def _index() -> LinkIndex[int]:
    """Every published recall. One that cannot be read is left out; in its own turn it is set aside."""
    index: LinkIndex[int] = LinkIndex()
    regulators = _in_force().order_by().values_list("recall__regulator").distinct()
    if regulators.count() < 2:
        return index
    for version in _in_force().prefetch_related("products").order_by("pk").iterator(1_000):
        try:
            index.add(version.recall_id, version.recall.regulator_id, reading_of(version))
        except Exception:
            logger.exception("recall %s cannot be read for linking", version.recall_id)
    return index


def _keep(version: RecallVersion, index: LinkIndex[int]) -> None:
    """Store the leads of a version; what was decided stays as it was found. Open leads that it has no more are dropped."""
    recall_id = version.recall_id
    reading = index.readings[recall_id]
    compared = [(other, compare(reading, index.readings[other])) for other in index.candidates(recall_id)]
    alike = sorted((pair for pair in compared if pair[1].is_lead), key=lambda pair: -pair[1].score)
    found = in_turns(alike, lambda pair: index.regulator_of(pair[0]))[:MAX_LEADS]
    for other, comparison in found:
        _keep_lead(recall_id, other, comparison)
    kept = [other for other, _ in found]
    mine = IncidentLead.objects.filter(Q(first=recall_id) | Q(second=recall_id), answer=IncidentLead.Answer.OPEN)
    mine.exclude(Q(first=recall_id, second__in=kept) | Q(second=recall_id, first__in=kept)).delete()
    IncidentSearch.objects.get_or_create(version=version)


def _keep_lead(recall_id: int, other: int, comparison: Comparison) -> None:
    first, second = sorted((recall_id, other))
    said = {"score": comparison.score, "evidence": [asdict(each) for each in comparison.evidence]}
    lead, is_new = IncidentLead.objects.get_or_create(first_id=first, second_id=second, defaults=said)
    if is_new:
        announce_lead(new=Recall.objects.select_related("regulator").get(pk=recall_id), known_id=other)
    elif lead.answer == IncidentLead.Answer.OPEN:
        IncidentLead.objects.filter(pk=lead.pk, answer=IncidentLead.Answer.OPEN).update(**said)
