"""Readings of listings: the match backlog, and rows of catalogue imports."""

from django.db.models import Count, Min, Sum
from django.utils import timezone

from listings.models import CatalogueImport, HeldMatch, Listing
from listings.services import unmatched
from portal.readings import Reading, Values, age, one, register

_ROWS = ("added", "changed", "unchanged", "absent", "rejected")


def _import_rows() -> Values:
    sums = CatalogueImport.objects.order_by().aggregate(**{f"{name}_rows": Sum(name) for name in _ROWS})
    return {(name,): sums[f"{name}_rows"] or 0 for name in _ROWS}


def _backlog() -> Values:
    return one(Listing.objects.filter(match_due=True).order_by().aggregate(count=Count("pk"))["count"])


def _backlog_age() -> Values:
    waiting = Listing.objects.filter(match_due=True).order_by()
    return one(age(waiting.aggregate(oldest=Min("match_due_since"))["oldest"]))


def _held_back() -> Values:
    return one(HeldMatch.objects.unanswered().order_by().count())


def _held_back_age() -> Values:
    return one(age(HeldMatch.objects.unanswered().order_by().aggregate(oldest=Min("held_at"))["oldest"]))


register(
    Reading(
        "offshelf_listings_held_back", "Matching listings that are held back and wait for a regulator.", _held_back
    ),
    Reading(
        "offshelf_listings_held_back_seconds",
        "For how long the oldest of the listings that are held back has been.",
        _held_back_age,
    ),
    Reading("offshelf_listings_to_match", "New and changed listings that wait for their matching.", _backlog),
    Reading(
        "offshelf_listings_to_match_seconds",
        "For how long the oldest of the listings that wait for their matching has.",
        _backlog_age,
    ),
    Reading(
        "offshelf_listings_unmatched",
        "Listings that have waited for their matching for more than 5 minutes.",
        lambda: one(unmatched(now=timezone.now()).count),
        part="matching",
    ),
    Reading(
        "offshelf_import_rows_total",
        "Rows of all catalogue imports by what became of them.",
        _import_rows,
        labels=("outcome",),
        total=True,
    ),
)
