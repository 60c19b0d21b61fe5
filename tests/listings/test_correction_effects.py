"""Before a correction is published its reviewer reads what it will do, counted by the real matching, and nothing is written."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from listings import services
from listings.models import Flag, Listing
from listings.services import correction_effects
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, Organisation, User
from recalls import services as recalls
from recalls.models import Notice, RecallVersion
from recalls.services import ProductContent
from recalls.services.content import content_of
from tests.factories import ListingFactory, NoticeFactory, PolicyFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
FAN = ProductContent("Hearthline tower fans", "Hearthline", ("HL-900F",))


@pytest.fixture
def notices(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> list[Notice]:
    """A recall of heaters at two platforms: two heaters flagged at Bazaarly, and three fans on sale that it does not name."""
    PolicyFactory(regulator=regulator)
    recall = RecallFactory(regulator=regulator, number="26-7")
    rows = [NoticeFactory(recall=recall, platform=platform) for platform in (platform_a, platform_b)]
    for platform, heaters, fans in ((platform_a, 2, 3), (platform_b, 0, 1)):
        for _ in range(heaters):
            ListingFactory(platform=platform, match_due=True)
        for _ in range(fans):
            ListingFactory(platform=platform, title="Hearthline HL-900F tower fan", match_due=True)
        while services.match_listings_due(platform_id=platform.pk):
            pass
    services.match_notices_due()
    return rows


def corrected(notice: Notice, officer: User, *products: ProductContent) -> RecallVersion:
    """The next version of the notice's recall, not published, which names these products."""
    actor = Actor.person(officer)
    version = recalls.revise_recall(recall=notice.recall, actor=actor)
    content = replace(content_of(version), products=products, title="Hearthline products recalled", description="")
    return recalls.edit_version(version=version, content=content, actor=actor)


def test_what_is_previewed_is_what_publishing_does(
    notices: list[Notice], officer: User, second_officer: User, client: Client
) -> None:
    heaters = content_of(notices[0].version).products
    version = corrected(notices[0], officer, *heaters, FAN)
    written = [model.objects.count() for model in (AuditEvent, Notification, Mail, Flag)]
    effects = recalls.effects_of(version=version)
    assert effects is not None
    assert [(row.platform, row.opens, row.closes) for row in effects.notices] == [
        ("Bazaarly", 3, 0),
        ("Market One", 1, 0),
    ]
    assert (effects.notified, effects.is_whole) == (2, True)
    client.force_login(second_officer)
    page = tight(client.get(reverse("recalls:versions", args=[notices[0].recall_id])).content.decode())
    assert "4 new flags are opened." in page
    assert "2 platforms are notified" in page
    assert [model.objects.count() for model in (AuditEvent, Notification, Mail, Flag)] == written
    assert set(Notice.objects.values_list("version__version", flat=True)) == {1}
    before = Flag.objects.count()
    recalls.publish_version(version=version, change_note="Fans too", actor=Actor.person(second_officer))
    services.match_notices_due()
    assert Flag.objects.count() - before == effects.opens


def test_a_correction_that_leaves_out_a_product_names_the_open_flags_that_close(
    notices: list[Notice], officer: User
) -> None:
    effects = recalls.effects_of(version=corrected(notices[0], officer, FAN))
    assert effects is not None
    assert (effects.opens, effects.closes, effects.notified) == (4, 2, 2)
    narrowed = replace(content_of(notices[0].version).products[0], model_numbers=("HL-200R",), gtins=())
    effects = recalls.effects_of(version=corrected(notices[0], officer, narrowed))
    assert effects is not None
    assert (effects.widens, effects.opens, effects.closes, effects.stays, effects.notified) == (False, 0, 0, 2, 0)


def described(notice: Notice, officer: User, more: str) -> RecallVersion:
    """The next version of the notice's recall, not published, whose description says more."""
    actor = Actor.person(officer)
    version = recalls.revise_recall(recall=notice.recall, actor=actor)
    before = content_of(version)
    content = replace(before, description=f"{before.description} {more}")
    return recalls.edit_version(version=version, content=content, actor=actor)


def test_a_model_that_only_the_description_names_is_looked_for_and_told_to_platforms(
    notices: list[Notice], officer: User, second_officer: User
) -> None:
    version = described(notices[0], officer, "Hearthline tower fans with model number HL-900F are recalled as well.")
    effects = recalls.effects_of(version=version)
    assert effects is not None
    assert (effects.widens, effects.opens, effects.notified) == (True, 4, 2)
    recalls.publish_version(version=version, change_note="Fans too", actor=Actor.person(second_officer))
    assert Mail.objects.filter(subject__contains="was widened").count() == 2
    before = Flag.objects.count()
    services.match_notices_due()
    assert Flag.objects.count() - before == 4


@pytest.mark.parametrize("more", ["Model HL-900F is not affected.", "The cord may fray.", "Except model HL-900F."])
def test_a_description_that_names_no_further_recalled_model_widens_nothing(
    notices: list[Notice], officer: User, more: str
) -> None:
    effects = recalls.effects_of(version=described(notices[0], officer, more))
    assert effects is not None
    assert (effects.widens, effects.opens, effects.notified) == (False, 0, 0)


def test_a_version_that_changes_nothing_does_nothing(notices: list[Notice], officer: User) -> None:
    version = recalls.revise_recall(recall=notices[0].recall, actor=Actor.person(officer))
    assert recalls.effects_of(version=version) is None


def test_a_large_catalogue_or_a_broken_listing_makes_the_preview_a_minimum_and_says_so(
    notices: list[Notice], officer: User, second_officer: User, client: Client
) -> None:
    version = corrected(notices[0], officer, *content_of(notices[0].version).products, FAN)
    with patch.object(correction_effects, "MAX_READ", 3):
        effects = recalls.effects_of(version=version)
        client.force_login(second_officer)
        page = tight(client.get(reverse("recalls:versions", args=[notices[0].recall_id])).content.decode())
    assert effects is not None
    assert (effects.read, effects.is_whole) == (3, False)
    assert "These numbers are a minimum: 3 of 6 similar listings were compared." in page
    poison, real = Listing.objects.filter(title__contains="fan").first(), correction_effects.listing_text
    assert poison is not None

    def reading(listing: Listing) -> object:
        if listing.pk == poison.pk:
            raise ValueError("unreadable")
        return real(listing)

    with patch.object(correction_effects, "listing_text", reading):
        effects = recalls.effects_of(version=version)
    assert effects is not None
    assert (effects.opens, sum(row.broken for row in effects.notices), effects.is_whole) == (3, 1, False)


def test_a_queue_that_is_full_lets_further_matches_wait(notices: list[Notice], officer: User, admin: User) -> None:
    services.set_flag_limit(
        regulator=notices[0].recall.regulator, flags=1, reason="Few people", actor=Actor.person(admin)
    )
    plain = ProductContent("Hearthline tower fan", "Hearthline")
    for number in range(3):
        ListingFactory(platform=notices[1].platform, title=f"Hearthline tower fan no. {number}", match_due=True)
    services.match_listings_due(platform_id=notices[1].platform_id)
    effects = recalls.effects_of(version=corrected(notices[0], officer, plain))
    assert effects is not None
    there = effects.notices[1]
    assert (there.opens, there.waits > 0) == (1, True)
