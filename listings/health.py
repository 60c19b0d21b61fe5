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


health.register(gettext_noop("Matching"), _matching)
