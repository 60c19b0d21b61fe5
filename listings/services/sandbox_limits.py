"""How much a sandbox takes in: enough to try everything, and too little to make load or to keep a catalogue there."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.ingest.rows import ListingRow, RowReject
from listings.models import Listing, ListingChange
from portal.identity import throttle
from portal.identity.throttle import Limit
from portal.models import Organisation

MAX_FILE = 5 << 20  # bytes
FILES_A_DAY = Limit("catalogue imports of a sandbox", 100, timedelta(days=1))
CHANGES = 10  # of each listing that it may hold, in a day
CAUSE = "too much for a sandbox"


def require_small(size: int, platform: Organisation) -> None:
    """Raise ValidationError (`file`) where a sandbox would get a file of too many bytes, or too many files. Others may import what they like."""
    if not platform.is_sandbox:
        return
    if size > MAX_FILE:
        detail = gettext_noop("A sandbox takes files of at most %(most)s MB. Upload a part of the file.")
        raise ValidationError({"file": ValidationError(detail, params={"most": MAX_FILE >> 20})})
    if not throttle.take(FILES_A_DAY, str(platform.pk)).allowed:
        detail = gettext_noop("A sandbox takes %(most)s files a day. Try again tomorrow.")
        raise ValidationError({"file": ValidationError(detail, params={"most": FILES_A_DAY.most})})


def leave_out_too_many(platform_id: int, rows: dict[str, ListingRow]) -> list[RowReject]:
    """Take out of `rows`, by id, what is too much for a sandbox: new listings beyond SANDBOX_LISTINGS, and everything once
    its listings changed CHANGES times as often within a day. Returns a reject for each.

    Whoever calls holds the lock under which the platform's listings are stored.
    """
    if not rows or not Organisation.objects.filter(pk=platform_id, sandbox_of__isnull=False).exists():
        return []
    most = settings.SANDBOX_LISTINGS
    stored = Listing.objects.filter(platform_id=platform_id)
    known = set(stored.filter(external_id__in=list(rows)).values_list("external_id", flat=True))
    room = max(0, most - stored.count())
    new = [external_id for external_id in rows if external_id not in known]
    left_out = dict.fromkeys(new[room:], f"a sandbox holds at most {most:,} listings: reset it, or send fewer")
    since = timezone.now() - timedelta(days=1)
    if ListingChange.objects.filter(listing__platform_id=platform_id, at__gte=since).count() >= CHANGES * most:
        detail = f"the listings of a sandbox change at most {CHANGES * most:,} times a day: try again tomorrow"
        left_out = dict.fromkeys(rows, detail)
    return [_reject(rows.pop(external_id), reason) for external_id, reason in left_out.items()]


def _reject(row: ListingRow, reason: str) -> RowReject:
    return RowReject(row.line, row.external_id, reason, "", cause=CAUSE)
