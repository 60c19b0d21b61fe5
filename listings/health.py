"""The health page's check of matching."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from listings import services
from portal import health
from recalls import services as recalls


def _matching() -> tuple[bool, str]:
    now = timezone.now()
    listings, notices = services.unmatched(now=now), recalls.unmatched(now=now)
    if not (listings.count or notices.count):
        return True, gettext("No listing or notice has waited for more than 5 minutes.")
    since = min(each.oldest for each in (listings, notices) if each.oldest is not None)
    detail = gettext(
        "Waiting for more than 5 minutes: %(listings)s listings and %(notices)s notices, the oldest since %(since)s UTC."
    )
    return False, detail % {
        "listings": intcomma(listings.count),
        "notices": intcomma(notices.count),
        "since": f"{since:%Y-%m-%d %H:%M:%S}",
    }


def _held_back() -> tuple[bool, str]:
    late = services.unanswered(now=timezone.now())
    days = services.UNANSWERED_TOO_OLD.days
    if late.oldest is None:
        return True, gettext("No held-back listing has waited for more than %(days)s days.") % {"days": days}
    detail = gettext(
        "%(count)s listings have been held back for more than %(days)s days, the oldest since %(since)s UTC. "
        "The regulator's staff must release or dismiss them."
    )
    values = {"count": intcomma(late.count), "days": days, "since": f"{late.oldest:%Y-%m-%d %H:%M:%S}"}
    return False, detail % values


health.register(gettext_noop("Matching"), _matching)
health.register(gettext_noop("Held-back listings"), _held_back)
