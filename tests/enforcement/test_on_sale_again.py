"""A listing whose removal is claimed or confirmed, and which its platform says is on sale again."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from enforcement.models import Observation, Takedown
from listings.models import Flag, Listing
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db


@pytest.fixture
def removed(populated_site: PopulatedSite) -> PopulatedSite:
    """The populated site, where pages confirmed the removal and the platform took the listing off sale."""
    Listing.objects.filter(pk=populated_site.listing.pk).update(present=False)
    Flag.objects.filter(pk=populated_site.flag.pk).update(status="removed")
    Takedown.objects.filter(pk=populated_site.takedown.pk).update(status="met", met_at=timezone.now())
    return populated_site


def call(site: PopulatedSite, method: str, path: str, body: dict[str, Any]) -> Any:
    client = Client(headers={"authorization": f"Bearer {site.secret}"})
    return client.generic(method, f"/api/v1/{path}", json.dumps(body), content_type="application/json").json()


def on_sale(site: PopulatedSite, way: str) -> str:
    """The listing is on sale again, as the platform says by one of its ways; returns what it was answered."""
    listing = site.listing
    if way == "patch":
        return str(call(site, "PATCH", f"listings/{listing.external_id}", {"present": True})["result"])
    item = {"id": listing.external_id, "title": listing.title}
    return str(call(site, "POST", "listings/bulk", {"listings": [item]})["results"][0]["result"])


@pytest.mark.parametrize(("way", "result"), [("patch", "present"), ("bulk", "changed")])
def test_it_is_live_at_once_and_its_clock_runs_again(removed: PopulatedSite, way: str, result: str) -> None:
    assert on_sale(removed, way) == result
    assert Flag.objects.get(pk=removed.flag.pk).status == "open"
    assert Takedown.objects.get(pk=removed.takedown.pk).status in {"running", "missed"}
    seen = Observation.objects.filter(takedown=removed.takedown).latest("pk")
    assert (seen.source, seen.verdict, seen.detail) == ("api", "live", f"{seen.detail.split(' reported')[0]} reported the listing on sale again.")  # fmt: skip
    assert "ofs_" in seen.detail, "the key that said so is named"


@pytest.mark.parametrize("way", ["patch", "bulk"])
def test_a_claim_is_taken_at_its_word_as_well(removed: PopulatedSite, way: str) -> None:
    Flag.objects.filter(pk=removed.flag.pk).update(status="claimed_removed")
    Takedown.objects.filter(pk=removed.takedown.pk).update(status="running", met_at=None)
    on_sale(removed, way)
    assert Flag.objects.get(pk=removed.flag.pk).status == "open"


@pytest.mark.parametrize("way", ["patch", "bulk"])
def test_a_listing_that_never_was_off_sale_tells_nothing_new(removed: PopulatedSite, way: str) -> None:
    """A catalogue that is sent again as it was may have been made before the removal."""
    Listing.objects.filter(pk=removed.listing.pk).update(present=True)
    before = Observation.objects.count()
    on_sale(removed, way)
    assert Flag.objects.get(pk=removed.flag.pk).status == "removed"
    assert Observation.objects.count() == before


def test_what_one_call_takes_off_sale_and_back_is_on_sale(removed: PopulatedSite) -> None:
    listing = removed.listing
    items = [{"id": listing.external_id, "present": False}, {"id": listing.external_id, "title": listing.title}]
    call(removed, "POST", "listings/bulk", {"listings": items})
    assert Flag.objects.get(pk=removed.flag.pk).status == "open"


def test_a_flag_that_was_dismissed_stays_so(removed: PopulatedSite) -> None:
    Flag.objects.filter(pk=removed.flag.pk).update(status="dismissed")
    before = Observation.objects.count()
    on_sale(removed, "patch")
    assert Flag.objects.get(pk=removed.flag.pk).status == "dismissed"
    assert Observation.objects.count() == before
