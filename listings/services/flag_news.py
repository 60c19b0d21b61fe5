"""What a platform's programs are told of flags: that some were opened, and that one has changed."""

from collections import defaultdict
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from listings.models import Flag
from listings.states import FlagStatus
from portal.notifications.events import Event
from portal.notifications.outbox import Draft, notify_all

AT_ONCE = 100  # flags in one event, so that its body stays small


def tell_opened(flags: Sequence[Flag]) -> None:
    """Send `flag.opened` to each platform, in the transaction that opens its flags."""
    by_platform: dict[int, list[Flag]] = defaultdict(list)
    for flag in flags:
        by_platform[flag.platform_id].append(flag)
    drafts = []
    for rows in by_platform.values():
        for begin in range(0, len(rows), AT_ONCE):
            some = rows[begin : begin + AT_ONCE]
            recalls = sorted({flag.notice.recall.number for flag in some})
            drafts.append(
                Draft(
                    key=f"flags-opened:{some[0].pk}",
                    subject=f"New flags: {len(some)}",
                    body=f"Listings may be products of recall {', '.join(recalls)}. Decide before the deadline.",
                    link=reverse("listings:queue"),
                    platform=some[0].notice.platform,
                    event=Event("flag.opened", {"flag_ids": [flag.pk for flag in some]}),
                )
            )
    notify_all(drafts)


def tell_changed(flag: Flag, *, before: str) -> None:
    """Send `flag.changed`, in the transaction that changes its status, whoever changes it."""
    notify_all(
        [
            Draft(
                key=f"flag-changed:{flag.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
                subject=f"Flag {flag.pk}: {flag.get_status_display()}",
                body=f"It was: {FlagStatus(before).label}.",
                link=reverse("listings:flag", args=[flag.pk]),
                platform=flag.platform,
                event=Event("flag.changed", {"flag_id": flag.pk, "status": flag.status, "before": before}),
            )
        ]
    )
