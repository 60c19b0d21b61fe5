"""GTINs that unrelated listings carry are reported to the platform and, where recalls name them, to the regulator."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings import services
from listings.matching.gtins import doubt_of
from listings.models import CatalogueImport, CodeCheck, Flag, SharedCode
from portal.models import Organisation, User
from tests.exporting import exported
from tests.factories import ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
RECALLED, OTHER = "012345678905", "4006381333931"


@pytest.fixture
def catalogue(regulator: Organisation, platform_a: Organisation) -> Organisation:
    """Recalled heaters, and a torch and a doll with their code; pens whose code a chair has; one product of two sellers."""
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())
    for title, brand, gtin in (
        ("Hearthline ceramic tower heater", "Hearthline", f"{RECALLED}"),
        ("Torchwright dive torch", "Torchwright", f"00{RECALLED}"),
        ("Pellworth talking doll", "Pellworth", f"{OTHER}, {RECALLED}"),
        ("Stabilo point 88 fineliner", "Stabilo", OTHER),
        ("Garden chair Oakmere", "Oakmere", "5901234123457"),
        ("Oakmere garden chair, folding", "Oakmere", "5901234123457"),
    ):
        ListingFactory(platform=platform_a, title=title, brand=brand, gtin=gtin, match_due=True)
    return platform_a


def test_codes_of_unrelated_listings_are_found_however_they_are_written(catalogue: Organisation) -> None:
    check = services.check_codes(platform=catalogue)
    assert check.codes == 3
    recalled, other = SharedCode.objects.order_by("-listings")
    assert (recalled.gtin, recalled.listings) == (f"00{RECALLED}", 3)
    assert recalled.brands == ["Hearthline", "Torchwright", "Pellworth"]
    assert recalled.reasons == ["listings of different brands carry it", "listings of unrelated titles carry it"]
    assert recalled.examples[0]["title"] == "Hearthline ceramic tower heater"
    assert (other.gtin, other.listings) == (f"0{OTHER}", 2)


def test_listings_of_something_else_take_no_proof_from_the_real_one(catalogue: Organisation) -> None:
    services.check_codes(platform=catalogue)
    real = ListingFactory(platform=catalogue, title="Space heater", brand="Hearthline", gtin=RECALLED, match_due=True)
    services.match_listings_due(platform_id=catalogue.pk)
    flagged = {flag.listing_id: flag for flag in Flag.objects.filter(status="open", band="flag")}
    assert real.pk in flagged
    assert "same_gtin" in {item["signal"] for item in flagged[real.pk].evidence}
    doubted = Flag.objects.filter(listing__brand__in=["Torchwright", "Pellworth"], band="flag")
    assert not doubted.exists(), "whose own brand and text contradict the code"


def test_the_platform_sees_all_and_the_regulator_those_that_its_recalls_name(
    catalogue: Organisation,
    manager_a: User,
    moderator_b: User,
    officer: User,
    sign_in: Callable[[User], Client],
) -> None:
    services.check_codes(platform=catalogue)
    own, other, regulators = (
        sign_in(person).get(reverse("listings:shared_codes")).content.decode()
        for person in (manager_a, moderator_b, officer)
    )
    recalled, not_recalled = f"00{RECALLED}", f"0{OTHER}"
    assert [code in own for code in (recalled, not_recalled, "Last checked")] == [True, True, True]
    assert [code in regulators for code in (recalled, not_recalled)] == [True, False]
    assert [code in other for code in (recalled, not_recalled, "No shared GTINs")] == [False, False, True]
    for person, lines in ((manager_a, 3), (officer, 2), (moderator_b, 1)):
        client = sign_in(person)
        file = exported(client, client.post(reverse("listings:shared_codes_export"))).decode()
        assert len(file.strip().splitlines()) == lines
        assert ("Pellworth talking doll" in file) == (lines > 1)


def test_a_catalogue_is_checked_after_an_import_and_once_an_hour_at_most(catalogue: Organisation) -> None:
    assert services.check_codes_due() == 0, "nothing was imported yet"
    job = CatalogueImport.objects.create(
        platform=catalogue, kind="delta", filename="a.csv", file=ContentFile(b"", "a.csv"), status="done", finished_at=timezone.now()
    )  # fmt: skip
    assert services.check_codes_due() == 1
    CatalogueImport.objects.filter(pk=job.pk).update(finished_at=timezone.now())
    assert services.check_codes_due() == 0
    CodeCheck.objects.update(checked_at=timezone.now() - services.CODES_AT_MOST_EVERY * 2)
    assert services.check_codes_due() == 1
    SharedCode.objects.create(platform=catalogue, gtin="corrected", listings=2)
    services.check_codes(platform=catalogue)
    assert not SharedCode.objects.filter(gtin="corrected").exists()


def test_a_placeholder_is_named_as_one(platform_a: Organisation) -> None:
    for number in range(2):
        ListingFactory(platform=platform_a, title=f"Oakmere chair {number}", brand="Oakmere", gtin="20450489")
    services.check_codes(platform=platform_a)
    assert SharedCode.objects.get().reasons == [doubt_of("00000020450489")]
