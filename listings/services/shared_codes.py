"""Finding the GTINs of a catalogue that several unrelated listings carry.

They are reported and take nothing from other listings: whoever could have a recalled GTIN distrusted by adding two
listings of something else with it would take the proof from the listings that are the product. What is doubted is the
listing whose own texts contradict the code (listings/matching/rules/identifiers/gtin.py).
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.matching import ListingText
from listings.matching.gtins import doubt_of
from listings.matching.shared_codes import MAX_SEEN, carrier_of, reasons_of
from listings.models import CatalogueImport, CodeCheck, SharedCode
from listings.states import ImportStatus
from portal.background import sweeping
from portal.exporting.registry import Table, register_table
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.models import Notice, Product

SWEEP = "platforms whose codes are to be checked"
AT_MOST_EVERY = timedelta(hours=1)
MAX_CODES = 10_000  # of a platform, those with the most listings
EXAMPLES, BRANDS = 3, 5
LEASE = timedelta(minutes=20)

_CARRIERS = """
    SELECT code, listings, external_id, title, brand FROM (
        SELECT code, external_id, left(title, 800) AS title, left(brand, 200) AS brand,
               count(*) OVER (PARTITION BY code) AS listings,
               row_number() OVER (PARTITION BY code ORDER BY id) AS place
        FROM (SELECT DISTINCT l.id, l.external_id, l.title, l.brand, lpad(ltrim(btrim(part), '0'), 14, '0') AS code
              FROM listings_listing l, unnest(string_to_array(l.gtin, ',')) AS part
              WHERE l.platform_id = %s AND l.present AND l.gtin <> '' AND btrim(part) ~ '^[0-9]{8,14}$') AS given
    ) AS carried WHERE listings > 1 AND place <= %s ORDER BY code, place
"""


def check_codes_due(*, until: float | None = None) -> int:
    """Check the codes of each platform that has a finished import or a notice since the last check, once an hour at
    most; returns how many. A platform that breaks is set aside, and the others go on."""
    new_feed = CatalogueImport.objects.filter(
        platform=OuterRef("pk"), status=ImportStatus.DONE, finished_at__gt=OuterRef("code_check__checked_at")
    )
    new_notice = Notice.objects.filter(platform=OuterRef("pk"), sent_at__gt=OuterRef("code_check__checked_at"))
    never = Q(code_check=None) & Exists(
        CatalogueImport.objects.filter(platform=OuterRef("pk"), status=ImportStatus.DONE)
    )
    stale = Q(code_check__checked_at__lt=timezone.now() - AT_MOST_EVERY) & (Exists(new_feed) | Exists(new_notice))
    due = Organisation.objects.platforms().filter(never | stale)
    due = due.order_by(F("code_check__checked_at").asc(nulls_first=True), "pk")
    sweeping.forget_others(due, sweep=SWEEP)
    rows = list(sweeping.ready(due, sweep=SWEEP))
    return sweeping.each(
        rows, lambda platform: check_codes(platform=platform), sweep=SWEEP, until=until, atomic=False, lease=LEASE
    ).done


def check_codes(*, platform: Organisation) -> CodeCheck:
    """Search a platform's catalogue for codes that unrelated listings carry, and keep the result in place of the last."""
    named_by, started, codes = _regulators_by_code(platform), timezone.now(), 0
    found: list[SharedCode] = []
    for code, listings, rows in _carried(platform):
        codes += 1
        carriers = [carrier_of(ListingText(id=pk, title=title, brand=brand)) for pk, title, brand in rows]
        reasons = [*reasons_of(carriers), *filter(None, [doubt_of(code)])]
        if not reasons:
            continue
        brands = list(dict.fromkeys(brand[:80] for _, _, brand in rows if brand))
        found.append(
            SharedCode(
                platform=platform,
                gtin=code,
                listings=listings,
                brands=brands[:BRANDS],
                reasons=reasons,
                examples=[
                    {"id": pk, "title": title[:200], "brand": brand[:80]} for pk, title, brand in rows[:EXAMPLES]
                ],
                regulators=sorted(named_by.get(code, ())),
            )
        )
        if len(found) >= 2 * MAX_CODES:
            found = _first(found)
    with transaction.atomic():
        check, _ = CodeCheck.objects.update_or_create(
            platform=platform, defaults={"checked_at": started, "codes": codes}
        )
        SharedCode.objects.filter(platform=platform).delete()
        SharedCode.objects.bulk_create(_first(found), batch_size=1_000)
    return check


def _first(found: list[SharedCode]) -> list[SharedCode]:
    """Those that recalls name, then those with the most listings."""
    return sorted(found, key=lambda each: (not each.regulators, -each.listings, each.gtin))[:MAX_CODES]


def _carried(platform: Organisation) -> Iterator[tuple[str, int, list[tuple[str, str, str]]]]:
    """Each code that more than one listing carries: how many do, and id, title and brand of up to MAX_SEEN of them."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_CARRIERS, [platform.pk, MAX_SEEN])
        for (code, listings), rows in groupby(cursor, key=itemgetter(0, 1)):
            yield code, listings, [row[2:] for row in rows]


def _regulators_by_code(platform: Organisation) -> dict[str, set[int]]:
    """Which regulators' active notices to the platform name a code."""
    found: dict[str, set[int]] = defaultdict(set)
    active = Notice.objects.active().filter(platform=platform)
    products = Product.objects.filter(version__in=active.values("version")).exclude(gtins=[])
    for gtins, regulator in products.values_list("gtins", "version__recall__regulator"):
        for gtin in gtins:
            found[gtin.zfill(14)].add(regulator)
    return found


def _table(actor: Actor, _arguments: dict[str, Any]) -> Table:
    rows = SharedCode.objects.visible_to(actor).select_related("platform").order_by("platform__name", "-listings", "pk")
    header = ["platform", "GTIN", "listings", "brands", "not trusted because", "examples"]
    cells = (
        (
            row.platform.name, row.gtin, row.listings, "; ".join(row.brands), "; ".join(row.reasons),
            "; ".join(f"{each['id']}: {each['title']}" for each in row.examples),
        )
        for row in rows.iterator(chunk_size=2_000)
    )  # fmt: skip
    return Table(header, cells, rows.count())


register_table("shared_codes", gettext_noop("Shared GTINs"), "listing.view", _table)
