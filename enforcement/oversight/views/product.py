"""The page of one recalled product: its listings on every platform, by state, and who sells it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enforcement import services
from enforcement.board_metrics import METRICS, metric
from enforcement.models import Takedown
from enforcement.oversight.pictures import states_of_product
from enforcement.states import TakedownStatus
from listings.matching_texts import reading_of
from listings.removed_identifiers import not_in_recall
from portal.database.replica import may_be_seconds_old
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.models import Organisation
from recalls.models import Product, RecallVersion

SHOWN = 8


@require_safe
@may_be_seconds_old
def product(request: ActingRequest, pk: int) -> HttpResponse:
    """What the reader may see of a product: a platform its own listings, of a version that was sent to it."""
    actor = request.actor
    versions = RecallVersion.objects.visible_to(actor)
    row = get_object_or_404(Product.objects.select_related("version__recall").filter(version__in=versions), pk=pk)
    chosen = request.GET.get("state", "found")
    if chosen not in {"found", *services.PRODUCT_STATES}:
        raise Http404
    flags = services.flags_of_product(product=row, actor=actor)
    counts = services.count_by_platform(flags)
    names = Organisation.objects.in_bulk(counts)
    listed = flags.filter(metric(chosen, timezone.now())).select_related("listing", "platform", "takedown")
    takedowns = Takedown.objects.filter(flag__in=flags, status=TakedownStatus.MET)
    relisted = flags.filter(relisted_from__isnull=False).select_related("listing", "relisted_from__listing")
    context = {
        "product": row,
        "recall": row.version.recall,
        "is_platform": actor.platform_id is not None,
        "chart": states_of_product([(names[pk].name, found) for pk, found in counts.items()]),
        "states": [
            (name, METRICS[name][0], sum(found[name] for found in counts.values())) for name in services.PRODUCT_STATES
        ],
        "chosen": chosen,
        "page": keyset_page(listed, request, ordering=["-pk"]),
        "sellers": [(each, names[each.platform_id]) for each in services.sellers_of(flags, at_most=SHOWN)],
        "removed": takedowns.select_related("flag__listing", "platform").order_by("-met_at", "-pk")[:SHOWN],
        "relisted": relisted.order_by("-pk")[:SHOWN],
        "identifiers": [] if actor.platform_id else not_in_recall(flags, reading_of(row.version)),
    }
    return render(request, "enforcement/oversight/product.html", context)
