"""Whether a full feed may mark listings absent, or first waits for a person."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from listings.ingest.outcome import Report
from listings.models import CatalogueImport, FeedRule
from listings.states import ImportStatus
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.reasons import require_reason

FEEDS_CONSIDERED = 5


def feed_rule_of(platform: Organisation) -> FeedRule:
    """The platform's rule, or the defaults (not stored)."""
    return FeedRule.objects.filter(platform=platform).first() or FeedRule(platform=platform)


def set_feed_rule(*, platform: Organisation, min_share: int, max_rejects: int, reason: str, actor: Actor) -> FeedRule:
    """Set the limits beyond which the platform's full feeds wait for a person. Reversible: set them again."""
    actor.require("catalogue.confirm")
    if actor.platform_id != platform.pk:
        raise PermissionDenied(gettext_noop("Only the platform itself can set its limits for full feeds."))
    require_reason(reason)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=platform.pk)  # two first ones at once
        rule = FeedRule.objects.select_for_update().filter(platform=platform).first() or FeedRule(platform=platform)
        before = rule.as_json()
        rule.min_share, rule.max_rejects = min_share, max_rejects
        rule.full_clean(exclude=["platform"])
        rule.save()
        audit.record(
            actor=actor, action="feed_rule.changed", subject=rule, before=before, after=rule.as_json(), reason=reason
        )
    return rule


def usual_size(job: CatalogueImport) -> int:
    """How many listings the largest of the platform's last full feeds had, from the last one that a person confirmed."""
    sizes = []
    earlier = CatalogueImport.objects.filter(
        platform_id=job.platform_id, kind=CatalogueImport.Kind.FULL, status=ImportStatus.DONE, pk__lt=job.pk
    ).order_by("-pk")
    for feed in earlier[:FEEDS_CONSIDERED]:
        sizes.append(feed.stored)
        if feed.confirmed_at is not None:
            break
    return max(sizes, default=0)


def hold_reasons(
    job: CatalogueImport, counts: dict[str, Any], report: Report, *, carried: int, on_sale: int
) -> list[str]:
    """Why a full feed waits, one sentence per reason with its numbers; empty if it does not wait.

    `on_sale` listings were on sale before it, and `carried` of these are in it.
    """
    rule = feed_rule_of(job.platform)
    stored = counts["added"] + counts["changed"] + counts["unchanged"]
    reasons = [report.broke_off] if report.broke_off else []
    usual = usual_size(job)
    if stored * 100 < usual * rule.min_share:
        reasons.append(
            f"The feed has {stored:,} listings, {_share(stored, usual)} of the {usual:,} in the last full feeds. "
            f"At least {rule.min_share}% is expected."
        )
    elif carried * 100 < on_sale * rule.min_share:
        reasons.append(
            f"The feed has {carried:,} of the {on_sale:,} listings that were on sale, {_share(carried, on_sale)}. "
            f"At least {rule.min_share}% is expected."
        )
    rows = stored + counts["rejected"]
    if counts["rejected"] * 100 > rows * rule.max_rejects:
        reasons.append(
            f"{counts['rejected']:,} of {rows:,} rows were rejected, {_share(counts['rejected'], rows)}. "
            f"At most {rule.max_rejects}% is expected."
        )
    return reasons


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.0f}%"
