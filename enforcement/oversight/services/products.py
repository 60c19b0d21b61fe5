"""What is known of one recalled product on all platforms: its listings by state, and who sells it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from enforcement.board_metrics import metric
from listings.models import Flag
from listings.querysets import FlagQuerySet
from listings.states import FlagStatus
from portal.identity.actors import Actor
from recalls.models import Product

STATES = ("late", "undecided", "claimed", "gone", "restricted", "dismissed", "not_covered", "relisted")
"""The board metrics that count a product's flags; all but the first and the last exclude one another."""


@dataclass(frozen=True, slots=True)
class SellerOfProduct:
    """A name on one platform; `listing` is one of its listings, which has the address of the seller's page."""

    name: str
    platform_id: int
    listing: int
    flags: int
    removed: int
    restricted: int
    relisted: int


def flags_of_product(*, product: Product, actor: Actor) -> FlagQuerySet:
    """The flags that the actor can see of a product, whichever version of its recall they were found under."""
    return Flag.objects.visible_to(actor).filter(product__in=_same_in_all_versions(product))


def count_by_platform(flags: QuerySet[Flag]) -> dict[int, dict[str, int]]:
    """Platform → how many flags each of STATES counts. One query."""
    now = timezone.now()
    counted: Any = (
        flags.order_by()
        .values("platform_id")
        .annotate(**{name: Count("pk", filter=metric(name, now)) for name in STATES})
        .order_by("platform_id")
    )
    return {row["platform_id"]: {name: row[name] for name in STATES} for row in counted}


def sellers_of(flags: QuerySet[Flag], *, at_most: int) -> list[SellerOfProduct]:
    """The names that had most of these listings, by platform: a name on two platforms need not be one seller."""
    counted: Any = (
        flags.order_by()
        .exclude(listing__seller="")
        .values("listing__seller", "platform_id")
        .annotate(
            flags=Count("pk"),
            removed=Count("pk", filter=Q(status=FlagStatus.REMOVED)),
            restricted=Count("pk", filter=Q(status=FlagStatus.RESTRICTED)),
            relisted=Count("pk", filter=Q(relisted_from__isnull=False)),
            listing=Min("listing_id"),
        )
        .order_by("-flags", "listing__seller", "platform_id")
    )
    return [SellerOfProduct(name=row.pop("listing__seller"), **row) for row in counted[:at_most]]


def _same_in_all_versions(product: Product) -> list[int]:
    """The rows of the product in all versions of its recall: by name, or, where a version has no product of that name,
    by a model number or GTIN that they share."""
    rows = list(
        Product.objects.filter(version__recall=product.version.recall_id)
        .order_by()
        .values_list("pk", "version_id", "name", "model_numbers", "gtins")
    )
    name, numbers = _plain(product.name), {*map(_plain, product.model_numbers), *product.gtins}
    named = {
        pk: version for pk, version, other, _, _ in rows if _plain(other) == name and version != product.version_id
    }
    settled = {*named.values(), product.version_id}
    shared = [
        pk
        for pk, version, _, models, gtins in rows
        if version not in settled and numbers & {*map(_plain, models), *gtins}
    ]
    return [product.pk, *named, *shared]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
