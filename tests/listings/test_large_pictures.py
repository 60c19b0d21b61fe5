"""The pictures of recall and listing can be seen large, one over the other, and the page says whether they are one photo."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from listings.models import Flag
from listings.pictures import picture_hash
from portal.demo.drawings import picture_at
from portal.media.imaging import thumbnail
from portal.media.thumbnails import digest_of
from portal.models import Organisation, User
from recalls.models import Picture
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory, ThumbnailFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
OURS, THEIRS = "https://recalls.example.org/kettle.png", "https://shop.example.org/kettle.png"


def keep(address: str, drawn: str) -> None:
    data = picture_at(f"/picture/{drawn}.png")
    assert data is not None
    small = thumbnail(data).data
    etag = hashlib.sha256(small).hexdigest()
    ThumbnailFactory(digest=digest_of(address), data=small, etag=etag, hash=picture_hash(data).hash)


@pytest.fixture
def flag(regulator: Organisation, platform_a: Organisation) -> Flag:
    """A flag whose recall and listing name a picture each; neither is fetched yet."""
    recall = RecallFactory(regulator=regulator)
    Picture.objects.create(version=recall.versions.get(), url=OURS)
    listing = ListingFactory(platform=platform_a, image_link=THEIRS)
    return FlagFactory(notice=NoticeFactory(recall=recall, platform=platform_a), listing=listing)


def shown(flag: Flag, person: User, client: Client) -> str:
    client.force_login(person)
    return tight(client.get(reverse("listings:flag", args=[flag.pk])).content.decode())


@pytest.mark.parametrize(("theirs", "says"), [("kettle-2-0", "Same photo."), ("fan-1-1", "Different photos.")])
def test_the_page_says_whether_both_are_one_photo(
    flag: Flag, moderator_a: User, client: Client, theirs: str, says: str
) -> None:
    keep(OURS, "kettle-2-0")
    keep(THEIRS, theirs)
    page = shown(flag, moderator_a, client)
    assert says in page
    assert "Show large, side by side" in page
    assert "One picture laid over the other" in page


def test_without_a_picture_nothing_is_shown_large_or_compared(flag: Flag, moderator_a: User, client: Client) -> None:
    page = shown(flag, moderator_a, client)
    assert "Show large, side by side" not in page
    keep(OURS, "kettle-2-0")
    page = shown(flag, moderator_a, client)
    assert "Show large, side by side" in page
    assert "One picture laid over the other" not in page
    assert "photo." not in page
