"""Cleaning up the answers that the API keeps for repeated calls."""

from django.utils import timezone

from portal.models import KeptAnswer

DELETED_AT_ONCE = 1_000


def delete_old_answers() -> int:
    """Delete some answers that are past their time; returns how many."""
    old = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KeptAnswer.KEPT).order_by("created_at")
    return KeptAnswer.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:DELETED_AT_ONCE])).delete()[0]
