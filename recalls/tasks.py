"""Periodic work of recalls: imports that wait or broke off, feeds, deliveries to confirm, embargoes that are over."""

import logging

from celery import shared_task

from portal.jobs import WAITS_OR_BROKE_OFF
from portal.transitions import LostRace
from recalls import services
from recalls.models import RecallImport

logger = logging.getLogger(__name__)


@shared_task(name="recalls.tasks.confirm_deliveries")
def confirm_deliveries() -> None:
    services.confirm_deliveries()


@shared_task(name="recalls.tasks.publish_embargoed_due")
def publish_embargoed_due() -> None:
    services.publish_embargoed_due()


@shared_task(name="recalls.tasks.run_recall_imports_due")
def run_recall_imports_due() -> None:
    """Run imports that wait, and those whose worker died. One that breaks stops no other; it is tried again."""
    for job in RecallImport.objects.filter(status__in=WAITS_OR_BROKE_OFF).order_by("attempts", "pk"):
        try:
            services.run_recall_import(job)
        except LostRace:
            continue  # cancelled in the middle; what was imported stays
        except Exception:
            logger.exception("recall import %s broke off; it is tried again", job.pk)


@shared_task(name="recalls.tasks.fetch_recall_feeds_due")
def fetch_recall_feeds_due() -> None:
    services.fetch_feeds_due()
