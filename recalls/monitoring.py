"""Readings of recalls: notices that wait for their matching, and records of recall files."""

from django.db.models import Count
from django.utils import timezone

from portal.readings import Reading, Values, age, one, register
from recalls.models import RecallImportRow
from recalls.services import unmatched


def _records() -> Values:
    counts = dict(RecallImportRow.objects.order_by().values_list("outcome").annotate(Count("pk")))
    return {(outcome,): counts.get(outcome, 0) for outcome in RecallImportRow.Outcome.values}


register(
    Reading(
        "offshelf_notices_unmatched",
        "Notices that have waited for their matching for more than 5 minutes.",
        lambda: one(unmatched(now=timezone.now()).count),
        part="matching",
    ),
    Reading(
        "offshelf_notices_unmatched_seconds",
        "For how long the oldest of the notices that wait for more than 5 minutes has.",
        lambda: one(age(unmatched(now=timezone.now()).oldest)),
    ),
    Reading(
        "offshelf_recall_import_records",
        "Records of recall files by what became of them.",
        _records,
        labels=("outcome",),
    ),
)
