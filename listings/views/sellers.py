"""A seller's page: the flags of one seller's name on one platform, where the same name is used elsewhere, and leads to
others who may be the same seller.

The page is addressed by one of the seller's listings: sellers choose their names, so no name is part of an address.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from listings.models import Flag, Listing
from listings.seller_leads import MAX_READ, MAX_SHOWN, Leads, leads_of
from listings.seller_network import network_of
from listings.states import CLAIMED, UNDECIDED, FlagStatus
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.models import Organisation

MAX_ELSEWHERE = 20


@require_safe
def seller(request: ActingRequest, pk: int) -> HttpResponse:
    """What the reader may see of the seller of listing `pk`; of a listing that names no seller, that sentence."""
    actor = request.actor
    row = get_object_or_404(Listing.objects.visible_to(actor).select_related("platform"), pk=pk)
    context = {"listing": row, "is_platform": actor.platform_id is not None}
    if row.seller:
        flags = Flag.objects.visible_to(actor).filter(platform=row.platform_id, listing__seller=row.seller)
        leads = leads_of(row, actor)
        platforms = Organisation.objects.visible_to(actor).in_bulk(leads.platforms)
        elsewhere = [] if actor.platform_id is not None else _same_name_elsewhere(row, actor)
        context |= {
            "counts": flags.order_by().aggregate(
                flags=Count("pk"),
                undecided=Count("pk", filter=Q(status__in=UNDECIDED)),
                claimed=Count("pk", filter=Q(status__in=CLAIMED)),
                removed=Count("pk", filter=Q(status=FlagStatus.REMOVED)),
                restricted=Count("pk", filter=Q(status=FlagStatus.RESTRICTED)),
                dismissed=Count("pk", filter=Q(status=FlagStatus.DISMISSED)),
                relisted=Count("pk", filter=Q(relisted_from__isnull=False)),
            ),
            "page": keyset_page(flags.select_related("recall", "listing"), request, ordering=["-pk"]),
            "elsewhere": elsewhere[:MAX_ELSEWHERE],
            "more_elsewhere": len(elsewhere) > MAX_ELSEWHERE,
            "leads": leads,
            "max_shown": MAX_SHOWN,
            "max_read": MAX_READ,
            "lead_groups": _shown(leads, platforms),
            "network": network_of(row, leads, platforms),
        }
    return render(request, "listings/seller.html", context)


def _shown(leads: Leads, platforms: Mapping[int, Organisation]) -> list[dict[str, Any]]:
    """Each lead with what it rests on and why it proves nothing, and its other names with their platforms."""
    groups = [
        (gettext("Names that read alike"),
         gettext("The same name apart from case, accents, look-alike letters, punctuation and legal forms. "
                 "Anybody can choose such a name."), leads.names),
        *((gettext("Pages on %(host)s") % {"host": host},
           gettext("Their listings lead to the same host, which few sellers use. Several firms can share a host."), found)
          for host, found in leads.hosts.items()),
        (gettext("The same pictures"),
         gettext("Their listings show the same photo. Sellers often copy a photo, or get it from the maker."), leads.pictures),
    ]  # fmt: skip
    return [
        {"title": title, "reason": reason, "sellers": [(each, platforms[each.platform_id]) for each in found]}
        for title, reason, found in groups
        if found
    ]


def _same_name_elsewhere(row: Listing, actor: Actor) -> list[Listing]:
    """Listings under the same name on other platforms, one more than is shown. Platforms are named in the condition,
    so that the index by platform and seller finds them."""
    platforms = list(
        Organisation.objects.visible_to(actor).platforms().exclude(pk=row.platform_id).values_list("pk", flat=True)
    )
    same = Listing.objects.visible_to(actor).filter(platform__in=platforms, seller=row.seller)
    return list(same.select_related("platform").order_by("platform", "-pk")[: MAX_ELSEWHERE + 1])
