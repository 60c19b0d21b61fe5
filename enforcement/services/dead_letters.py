"""What was given up: mail, webhooks, rungs, looks, imports and exports that failed, in piles, each with another try."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.models import Takedown
from enforcement.services.escalations import take_up_again
from enforcement.services.looks import MOST_ATTEMPTS
from enforcement.states import OPEN
from listings.models import CatalogueImport
from portal import audit, jobs
from portal.actors import Actor
from portal.deliveries import Channel, given_up, retry_given_up
from portal.hooks import HOOKS
from portal.mailing import MAIL
from portal.services import exports_given_up
from recalls.models import RecallImport

BROKEN_LOOK = "look:"


@dataclass(frozen=True)
class Pile:
    """Dead letters of one kind: `rows` finds them; `retry` tries one, or all, again and returns how many."""

    name: str
    title: str
    rows: Callable[[], models.QuerySet]
    retry: Callable[[Actor, int | None], int]


def _rungs() -> models.QuerySet[Takedown]:
    broken = Takedown.objects.exclude(error="").exclude(error__startswith=BROKEN_LOOK)
    return broken.filter(next_step_at=None, paused_at=None, status__in=OPEN)


def _looks() -> models.QuerySet[Takedown]:
    return Takedown.objects.filter(next_look_at=None, look_attempts__gt=MOST_ATTEMPTS)


def _catalogues() -> models.QuerySet[CatalogueImport]:
    return jobs.given_up(CatalogueImport.objects.all(), owner="platform")


def _recall_files() -> models.QuerySet[RecallImport]:
    return jobs.given_up(RecallImport.objects.all(), owner="regulator")


def _retry_rungs(actor: Actor, only: int | None) -> int:
    """A rung whose terms cannot be read stays where it is; tried alone, it says why."""
    tried = 0
    for takedown in _rungs().filter(**_one(only)):
        try:
            take_up_again(takedown=takedown, actor=actor)
        except ValidationError:
            if only is not None:
                raise
        else:
            tried += 1
    return tried


def _retry_looks(actor: Actor, only: int | None) -> int:
    actor.require("escalation.retry")
    with transaction.atomic():
        rows = list(_looks().filter(**_one(only)).select_for_update(of=("self",)))
        Takedown.objects.filter(pk__in=[row.pk for row in rows]).update(
            look_attempts=0, next_look_at=timezone.now(), error=""
        )
        audit.record_many(
            audit.event_for(actor=actor, action="takedown.looked_at_again", subject=row, before={"error": row.error})
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
    Pile("rung", gettext_noop("Rungs of the ladder"), _rungs, _retry_rungs),
    Pile("look", gettext_noop("Looks at listings"), _looks, _retry_looks),
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
    """Try again one dead letter, a whole pile, or all piles; returns how many. Raises ValidationError where one that was
    asked for cannot be tried."""
    actor.require("health.view")
    wanted = [each for each in PILES if pile in ("", each.name)]
    return sum(each.retry(actor, only) for each in wanted)
