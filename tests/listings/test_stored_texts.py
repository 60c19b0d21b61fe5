"""What a seller writes is stored letter by letter, with the keys that matching would store, and costs no other row."""

import json

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listings import services
from listings.ingest.rows import ListingRow, parse_row
from listings.matching import keys_apart, quick_read
from listings.matching.copies import catalogue_keys
from listings.matching.settling import array_literal, stored_keys
from listings.matching_texts import listing_text
from listings.models import Listing
from listings.services import storing
from portal.identity.actors import Actor
from portal.models import Organisation

pytestmark = pytest.mark.django_db
ODD = [
    "\\",
    "\\N",
    "\\.",
    '"',
    "{",
    "}",
    ",",
    "\t",
    "\n",
    "\r",
    "\x1f",
    "\x00",
    "NULL",
    "é",
    "量",
    "😀",
    "\u2028",
    "HL-200R",
]
TEXTS = st.lists(st.sampled_from(ODD) | st.text(max_size=6), min_size=1, max_size=8).map(" ".join)
ROWS = st.lists(
    st.fixed_dictionaries({"title": TEXTS}, optional={"brand": TEXTS, "description": TEXTS, "mpn": TEXTS, "price": TEXTS}),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=ROWS)
def test_every_letter_of_a_row_is_stored_and_its_keys_are_those_of_its_text(
    platform_a: Organisation, rows: list[dict[str, str]]
) -> None:
    Listing.objects.all().delete()
    feed = "".join(json.dumps({"id": f"R{place}"} | row) + "\n" for place, row in enumerate(rows))
    parsed = [parse_row(0, json.loads(line))[0] for line in feed.split("\n") if line]
    wanted = {row.external_id: row for row in parsed if row is not None}
    job = services.start_import(
        platform=platform_a, file=ContentFile(feed.encode(), "f"), filename="f", kind="delta", actor=Actor.system("t")
    )
    services.run_import(job)
    stored = {listing.external_id: listing for listing in Listing.objects.all()}
    assert stored.keys() == wanted.keys()
    for external_id, row in wanted.items():
        listing = stored[external_id]
        for name in ("title", "brand", "description", "mpn", "price", "digest"):
            assert getattr(listing, name) == getattr(row, name)
        text = listing_text(listing)
        assert listing.keys == stored_keys(catalogue_keys(keys_apart(quick_read(text)).stored(), text))


@pytest.mark.parametrize("poison", ["a\x1fb", "a\x1eb", "\x1d", "a\x00b", "a\ud800b"])
def test_a_row_that_copy_does_not_take_costs_itself_alone(platform_a: Organisation, poison: str) -> None:
    """No row that was parsed has such letters; should one come through, the others are stored all the same."""
    parsed = [parse_row(line, {"id": f"R{line}", "title": f"Lamp {line}"})[0] for line in range(1, 6)]
    rows = [row for row in parsed if row is not None]
    rows[2] = ListingRow(**rows[2]._asdict() | {"title": poison})
    storing.prepare_staging()
    stored, rejects = storing.store_apart(platform_a.pk, rows, job_id=None, at=timezone.now(), delta=True)
    assert stored.added == {"R1", "R2", "R4", "R5"} == set(Listing.objects.values_list("external_id", flat=True))
    assert [(reject.line, reject.cause) for reject in rejects] == [(3, "rejected by the database")]


@pytest.mark.parametrize("texts", [[], [""], ["a"], ['a"b', "c\\d", "e,f", "{g}"], ["", ""]])
def test_texts_come_back_from_an_array_as_they_were(texts: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array_literal(texts)])
        assert cursor.fetchone()[0] == texts
