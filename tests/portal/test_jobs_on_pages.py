"""Pages with work in the background: the reason of a failure stands there without a reload, and no button that cannot work."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings.models import CatalogueImport, Listing, ScheduledFeed
from portal.models import Export, User
from recalls.models import RecallFeed, RecallImport
from tests.factories import ListingFactory

pytestmark = pytest.mark.django_db
REASON = "ValueError: row 3 has no title"
Enter = Callable[[User], Client]


def box(client: Client, address: str) -> str:
    """The opening tag of what renews itself on a list, and that it is there."""
    page = client.get(address).content.decode()
    (tag,) = re.findall(r'<div\s+id="jobs".*?>', page, re.DOTALL)
    return str(tag)


@pytest.fixture
def lists(officer: User, manager_a: User) -> list[tuple[User, str, Any]]:
    """Of each list of jobs: who reads it, its address, and a job on it that runs."""
    regulator, platform = officer.organisation, manager_a.organisation
    file = {"file": ContentFile(b"x", "x.csv"), "status": "running"}
    return [
        (officer, reverse("portal:exports"), Export.objects.create(
            person=officer, organisation=regulator, kind="audit", title="Audit events", unit="rows", status="running")),
        (officer, reverse("recalls:imports"), RecallImport.objects.create(regulator=regulator, filename="a.csv", **file)),
        (manager_a, reverse("listings:imports"), CatalogueImport.objects.create(
            platform=platform, kind="full", filename="a.csv", **file)),
    ]  # fmt: skip


def test_a_list_of_jobs_renews_itself_while_one_runs_and_then_shows_why_it_failed(
    lists: list[tuple[User, str, Any]], sign_in: Enter
) -> None:
    for person, address, job in lists:
        client = sign_in(person)
        assert f'hx-get="{address}"' in box(client, address)
        type(job).objects.filter(pk=job.pk).update(status="failed", error=REASON)
        assert "hx-get" not in box(client, address)
        assert REASON in client.get(address).content.decode()


def test_a_feed_that_is_being_fetched_offers_no_fetch_and_the_list_renews_itself(
    officer: User, manager_a: User, sign_in: Enter
) -> None:
    feeds = (
        (officer, "recalls:feeds", RecallFeed.objects.create(
            regulator=officer.organisation, name="F", url="https://f.example/")),
        (manager_a, "listings:scheduled_feeds", ScheduledFeed.objects.create(
            platform=manager_a.organisation, kind="full", name="F", url="https://f.example/")),
    )  # fmt: skip
    for person, name, feed in feeds:
        client, address = sign_in(person), reverse(name)
        fetch = reverse(f"{name.removesuffix('s')}_fetch", args=[feed.pk])
        assert "hx-get" in box(client, address)
        assert fetch not in client.get(address).content.decode()
        type(feed).objects.filter(pk=feed.pk).update(
            next_at=timezone.now() + timedelta(days=1), result="failed", detail=REASON
        )
        assert "hx-get" not in box(client, address)
        page = client.get(address).content.decode()
        assert REASON in page
        assert fetch in page


def test_a_failed_catalogue_import_takes_its_cancel_button_along_although_matching_goes_on(
    manager_a: User, sign_in: Enter
) -> None:
    job = CatalogueImport.objects.create(
        platform=manager_a.organisation,
        kind="full",
        filename="a.csv",
        file=ContentFile(b"x", "x.csv"),
        status="running",
    )
    Listing.objects.filter(pk=ListingFactory(platform=manager_a.organisation).pk).update(match_due=True)
    client, progress = sign_in(manager_a), reverse("listings:import_progress", args=[job.pk])
    page = client.get(reverse("listings:import_detail", args=[job.pk])).content.decode()
    assert reverse("listings:import_cancel", args=[job.pk]) in page
    assert '"over":"no"' in page
    CatalogueImport.objects.filter(pk=job.pk).update(status="failed", error=REASON)
    ended = client.get(progress, {"over": "no"})
    assert ended["HX-Refresh"] == "true"
    assert REASON in ended.content.decode()
    assert "HX-Refresh" not in client.get(progress, {"over": "yes"}).headers, "the page knows; matching goes on"
    page = client.get(reverse("listings:import_detail", args=[job.pk])).content.decode()
    assert reverse("listings:import_cancel", args=[job.pk]) not in page
    assert REASON in page
