"""Periodic work of recalls: imports that wait or were interrupted, feeds, deliveries to confirm, embargoes that are over,
recalls that other regulators may have published too."""

import logging

from celery import shared_task

from recalls import services

logger = logging.getLogger(__name__)


@shared_task(name="recalls.tasks.confirm_deliveries")
def confirm_deliveries() -> None:
    while services.confirm_deliveries():
        pass


@shared_task(name="recalls.tasks.publish_embargoed_due")
def publish_embargoed_due() -> None:
    services.publish_embargoed_due()


@shared_task(name="recalls.tasks.run_recall_imports_due")
def run_recall_imports_due() -> None:
    """Run waiting imports and those whose worker died; data that a cancelled import has stored is kept."""
    services.run_recall_imports_due()


@shared_task(name="recalls.tasks.fetch_recall_feeds_due")
def fetch_recall_feeds_due() -> None:
    services.fetch_feeds_due()


@shared_task(name="recalls.tasks.refresh_findability_due")
def refresh_findability_due() -> None:
    """Rate recalls again whose score was given by the rules of an earlier release."""
    services.refresh_findability_due()


@shared_task(name="recalls.tasks.find_incidents_due")
def find_incidents_due() -> None:
    """Compare what was published since with the recalls of other regulators."""
    services.find_incidents_due()
