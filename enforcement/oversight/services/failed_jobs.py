"""What was given up: mail, webhooks, checks, imports and exports that failed, in piles, each with another try; and what
sweeps have set aside, which they try again by themselves, later and later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.checks.services.removal_checks import MOST_ATTEMPTS
from enforcement.models import Takedown
from listings.models import CatalogueImport
from portal import audit
from portal.background import jobs
from portal.identity.actors import Actor
from portal.models import SetAside
from portal.notifications.deliveries import Channel, given_up, retry_given_up
from portal.notifications.mail import MAIL
from portal.notifications.webhooks import HOOKS
from portal.services import exports_given_up
from recalls.models import RecallImport


@dataclass(frozen=True)
class Pile:
    """Dead letters of one kind: `rows` finds them; `retry` tries one, or all, again and returns how many."""

    name: str
    title: str
    rows: Callable[[], models.QuerySet]
    retry: Callable[[Actor, int | None], int]


def set_aside() -> models.QuerySet[SetAside]:
    """Rows that broke in a sweep, or at which its worker died."""
    return SetAside.objects.filter(at_work=False)


def broken_checks() -> models.QuerySet[Takedown]:
    """Takedowns that are not checked any more, as their checks broke or killed their worker each time."""
    return Takedown.objects.filter(next_look_at=None, look_attempts__gt=MOST_ATTEMPTS)


def _catalogues() -> models.QuerySet[CatalogueImport]:
    return jobs.given_up(CatalogueImport.objects.all(), owner="platform")


def _recall_files() -> models.QuerySet[RecallImport]:
    return jobs.given_up(RecallImport.objects.all(), owner="regulator")


def _retry_set_aside(actor: Actor, only: int | None) -> int:
    """The sweep takes them up at its next turn. Their attempts stay counted: what breaks again waits as long as before."""
    actor.require("job.retry")
    with transaction.atomic():
        rows = list(set_aside().filter(**_one(only)).select_for_update())
        SetAside.objects.filter(pk__in=[row.pk for row in rows]).update(next_attempt_at=timezone.now())
        audit.record_many(
            audit.event_for(
                actor=actor,
                action="set_aside.retried",
                subject=row,
                before={"error": row.error, "attempts": row.attempts, "next_attempt_at": row.next_attempt_at},
            )
            for row in rows
        )
    return len(rows)


def _retry_checks(actor: Actor, only: int | None) -> int:
    actor.require("escalation.retry")
    with transaction.atomic():
        rows = list(broken_checks().filter(**_one(only)).select_for_update(of=("self",)))
        Takedown.objects.filter(pk__in=[row.pk for row in rows]).update(
            look_attempts=0, next_look_at=timezone.now(), check_error=""
        )
        audit.record_many(
            audit.event_for(
                actor=actor, action="takedown.looked_at_again", subject=row, before={"error": row.check_error}
            )
            for row in rows
        )
    return len(rows)


def _retry_jobs(rows: models.QuerySet, actor: Actor, only: int | None) -> int:
    actor.require("job.retry")
    with transaction.atomic():
        return len([jobs.try_again(job, actor=actor) for job in rows.filter(**_one(only)).select_for_update()])


def _deliveries(title: str, channel: Channel[Any]) -> Pile:
    return Pile(
        channel.name,
        title,
        lambda: given_up(channel),
        lambda actor, only: retry_given_up(channel, actor=actor, only=only),
    )


def _one(only: int | None) -> dict[str, int]:
    return {} if only is None else {"pk": only}


PILES = (
    _deliveries(gettext_noop("Mail"), MAIL),
    _deliveries(gettext_noop("Webhooks"), HOOKS),
    Pile("aside", gettext_noop("Rows set aside"), set_aside, _retry_set_aside),
    Pile("look", gettext_noop("Checks of listings"), broken_checks, _retry_checks),
    Pile(
        "catalogue",
        gettext_noop("Catalogue imports"),
        _catalogues,
        lambda actor, only: _retry_jobs(_catalogues(), actor, only),
    ),
    Pile(
        "recalls",
        gettext_noop("Recall imports"),
        _recall_files,
        lambda actor, only: _retry_jobs(_recall_files(), actor, only),
    ),
    Pile(
        "exports",
        gettext_noop("Exports"),
        exports_given_up,
        lambda actor, only: _retry_jobs(exports_given_up(), actor, only),
    ),
)


def retry(*, actor: Actor, pile: str = "", only: int | None = None) -> int:
    """Try again one dead letter, a whole pile, or all piles; returns how many."""
    actor.require("health.view")
    wanted = [each for each in PILES if pile in ("", each.name)]
    return sum(each.retry(actor, only) for each in wanted)
