"""Periodic tasks of enforcement. Each reads what is due by now from the database."""

from celery import shared_task

from enforcement import services
from portal.background.hurry import hurry


@shared_task(name="enforcement.tasks.sweep_escalations")
def sweep_escalations() -> None:
    services.sweep_escalations()


@shared_task(name="enforcement.tasks.observe_due")
def observe_due() -> None:
    services.observe_due()


@shared_task(name="enforcement.tasks.browser_checks_due")
def browser_checks_due() -> None:
    services.browser_checks_due()


@shared_task(name="enforcement.tasks.observe_feeds_due")
def observe_feeds_due() -> None:
    services.observe_feeds_due()


@shared_task(name="enforcement.tasks.check_pictures_due")
def check_pictures_due() -> None:
    services.check_pictures_due()


@shared_task(name="enforcement.tasks.watch_clocks")
def watch_clocks() -> None:
    services.watch_clocks(ping=lambda: hurry(ping_dead_mans_switch))  # this queue never waits for a remote answer


@shared_task(name="enforcement.tasks.ping_dead_mans_switch")
def ping_dead_mans_switch() -> None:
    services.ping_dead_mans_switch()
