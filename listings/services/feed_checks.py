"""Whether a full feed may say what is no longer on sale, or waits for a person first."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from listings.ingest.outcome import Report
from listings.models import CatalogueImport, FeedRule
from listings.states import ImportStatus
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation

FEEDS_CONSIDERED = 5


def feed_rule_of(platform: Organisation) -> FeedRule:
    """The platform's rule, or the defaults (not stored)."""
    return FeedRule.objects.filter(platform=platform).first() or FeedRule(platform=platform)


def set_feed_rule(*, platform: Organisation, min_share: int, max_rejects: int, reason: str, actor: Actor) -> FeedRule:
    """Say from when on the platform's full feeds wait for a person. Reversible: set it again."""
    actor.require("catalogue.confirm")
    if actor.platform_id != platform.pk:
        raise PermissionDenied("Limits for full feeds are set by the platform itself.")
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason: it stays in the audit log."})
    with transaction.atomic():
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
    """How many listings the largest of the platform's last full feeds brought, since the last one that a person confirmed."""
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
    """Why a full feed waits, one sentence each with its numbers; nothing where it does not.

    `on_sale` listings were on sale before it, and it carries `carried` of these.
    """
    rule = feed_rule_of(job.platform)
    stored = counts["added"] + counts["changed"] + counts["unchanged"]
    reasons = [report.broke_off] if report.broke_off else []
    usual = usual_size(job)
    if stored * 100 < usual * rule.min_share:
        reasons.append(
            f"It has {stored:,} listings, {_share(stored, usual)} of the {usual:,} that the last full feeds had; "
            f"at least {rule.min_share}% are expected."
        )
    elif carried * 100 < on_sale * rule.min_share:
        reasons.append(
            f"It carries {carried:,} of the {on_sale:,} listings that were on sale, {_share(carried, on_sale)}; "
            f"at least {rule.min_share}% are expected."
        )
    rows = stored + counts["rejected"]
    if counts["rejected"] * 100 > rows * rule.max_rejects:
        reasons.append(
            f"{counts['rejected']:,} of {rows:,} rows were rejected, {_share(counts['rejected'], rows)}; "
            f"at most {rule.max_rejects}% are expected."
        )
    return reasons


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.0f}%"
