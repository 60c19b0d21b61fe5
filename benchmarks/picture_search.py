"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.picture_search --data D: what a removal asks for.

Of how many recalls the type of product is known, and how many pictures of a catalogue of real listings would be asked for
because a listing of the recall was removed (listings/services/picture_search.py); and how long PostgreSQL takes to find
them. Prices are left out, which would make it fewer.
"""

import argparse
import os
import random
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402  Django is set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.catalogue import recalls_of, rows_of  # noqa: E402
from listings.matching.recall import read_recall  # noqa: E402
from listings.models import Listing  # noqa: E402
from listings.services.picture_search import OF_ONE_REMOVAL, named_types, of_types  # noqa: E402
from portal.database import acting  # noqa: E402
from portal.database.roles import as_owner  # noqa: E402
from portal.models import Organisation  # noqa: E402


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.picture_search", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with cpsc_recalls.json.gz and haystack.jsonl.gz"
    )
    parser.add_argument("--listings", type=int, default=80_924, help="listings of the catalogue; default: 80,924")
    parser.add_argument("--recalls", type=int, default=500, help="recalls, drawn at random; default: 500")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    platform = Organisation.objects.create(kind="platform", name="Bench", slug="bench")
    rows = rows_of(options.data / "haystack.jsonl.gz", options.listings)
    link = "https://img.example/a.jpg"
    Listing.objects.bulk_create(
        (Listing(platform=platform, external_id=row["id"], title=row["title"], image_link=link) for row in rows),
        batch_size=5_000,
    )
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE listings_listing")
    texts = recalls_of(options.data)
    chosen = random.Random(9).sample(texts, options.recalls)  # noqa: S311  recalls of a benchmark
    alike, times, unknown = [], [], 0
    for text in chosen:
        types = named_types(read_recall(text))
        if not types:
            unknown += 1
            continue
        began = time.perf_counter()
        alike.append(of_types(Listing.objects.filter(platform=platform), types).count())
        times.append((time.perf_counter() - began) * 1000)
    alike.sort()
    times.sort()
    all_at_once = sum(count <= OF_ONE_REMOVAL for count in alike)
    in_a_day = sum(count <= settings.PICTURES_A_DAY for count in alike)
    sys.stdout.write(
        f"{options.listings:,} listings, {options.recalls} recalls: of {unknown} no type is known. Listings of the types of "
        f"the others: median {alike[len(alike) // 2]:,}, 90 of 100 {alike[len(alike) * 9 // 10]:,}, most {alike[-1]:,}; "
        f"at most {OF_ONE_REMOVAL}: {all_at_once}, at most {settings.PICTURES_A_DAY:,}: {in_a_day} of {len(alike)}. "
        f"Found in {times[len(times) // 2]:.1f} ms, 95 of 100 in {times[len(times) * 95 // 100]:.1f} ms\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
