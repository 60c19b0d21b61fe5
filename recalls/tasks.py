"""Periodic work of recalls: imports that wait or broke off, deliveries to confirm."""

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from portal.jobs import STALE_AFTER, JobStatus
from portal.transitions import LostRace
from recalls import services
from recalls.models import RecallImport


@shared_task(name="recalls.tasks.confirm_deliveries")
def confirm_deliveries() -> None:
    services.confirm_deliveries()


@shared_task(name="recalls.tasks.run_recall_imports_due")
def run_recall_imports_due() -> None:
    """Run imports that wait, and those whose worker died."""
    broken_off = Q(status=JobStatus.RUNNING, heartbeat_at__lt=timezone.now() - STALE_AFTER)
    for job in RecallImport.objects.filter(Q(status=JobStatus.QUEUED) | broken_off).order_by("pk"):
        try:
            services.run_recall_import(job)
        except LostRace:
            continue  # cancelled in the middle; what was imported stays
