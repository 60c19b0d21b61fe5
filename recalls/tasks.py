"""Periodic work of recalls: imports that wait or broke off, deliveries to confirm, embargoes that are over."""

from celery import shared_task

from portal.jobs import WAITS_OR_BROKE_OFF
from portal.transitions import LostRace
from recalls import services
from recalls.models import RecallImport


@shared_task(name="recalls.tasks.confirm_deliveries")
def confirm_deliveries() -> None:
    services.confirm_deliveries()


@shared_task(name="recalls.tasks.publish_embargoed_due")
def publish_embargoed_due() -> None:
    services.publish_embargoed_due()


@shared_task(name="recalls.tasks.run_recall_imports_due")
def run_recall_imports_due() -> None:
    """Run imports that wait, and those whose worker died."""
    for job in RecallImport.objects.filter(status__in=WAITS_OR_BROKE_OFF).order_by("pk"):
        try:
            services.run_recall_import(job)
        except LostRace:
            continue  # cancelled in the middle; what was imported stays
