"""What a removed listing showed finds the product again under another name, and accuses nobody by one sign alone."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from listings import services
from listings.matching.copies import COMMON_FROM
from listings.matching_texts import listing_text
from listings.models import Decision, Flag, Listing, RemovalTrace, SharedCode
from listings.services.removal_traces import returned_under
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, SetAside, User
from recalls.models import Notice
from tests.factories import ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("matching")
GTIN = "5901234123457"
TEXT = (
    "Warm up your study or bedroom in minutes with this slim friend. The hidden element is warm quickly, the silent fan "
    "spreads the air by seventy degrees from left to right, and the remote control lets you set the timer from your "
    "armchair. Tip it over and it switches itself off. Cable of one point eight metres, fits every wall socket."
)
PICTURE = "https://img.north.example/p/9f86d081884c7d65.jpg"
OTHER_NAME = {
    "title": "Slim friend for cold evenings, white",
    "brand": "Zelpino",
    "seller": "evening-star-home",
}


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())


def listed(platform: Organisation, **fields: Any) -> Listing:
    """A listing that is new in the catalogue and matched at once."""
    listing = ListingFactory(platform=platform, match_due=True, **fields)
    while services.match_listings_due(platform_id=platform.pk):
        pass
    return listing


def removed(notice: Notice, moderator: User, **fields: Any) -> Flag:
    """A listing by its right name that a moderator found and removed; the decision is final, and learnt from."""
    given = {"description": TEXT, "gtin": GTIN, "image_link": PICTURE, "mpn": "ZT-4410"} | fields
    listing = listed(notice.platform, **given)
    flag = Flag.objects.get(listing=listing)
    services.decide(flag=flag, kind="removed", seen=services.seen_token(flag), actor=Actor.person(moderator))
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        services.finalize_due()
    assert services.learn_removals_due() == 1
    return Flag.objects.get(pk=flag.pk)


def flag_of(listing: Listing) -> Flag | None:
    return Flag.objects.filter(listing=listing).first()


def signals(flag: Flag) -> set[str]:
    return {item["signal"] for item in flag.evidence}


@pytest.mark.parametrize(
    ("shown", "signal"),
    [
        ({"gtin": GTIN}, "removed_gtin"),
        ({"description": TEXT}, "removed_text"),
        ({"description": TEXT.upper().replace("E", "Е").replace("O", "О")}, "removed_text"),
        (
            {"description": f"{TEXT[:230]} Ships from our own warehouse within a day of your order."},
            "removed_text_in_part",
        ),
        ({"image_link": "https://cdn.evening.example/w640/9F86D081884C7D65.jpg?v=3"}, "removed_picture_file"),
    ],
)
def test_one_sign_of_a_removed_listing_asks_whether_it_is_the_product_again(
    shown: dict[str, str], signal: str, notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    earlier = removed(notice, moderator_a)
    flag = flag_of(listed(platform_a, **OTHER_NAME, **shown))
    assert flag is not None
    assert flag.band == "ask"
    assert signal in signals(flag)
    assert flag.relisted_from == earlier
    assert earlier.listing.external_id in flag.relisted_reason
    opened = AuditEvent.objects.filter(action="flag.opened").order_by("-pk")[0]
    assert opened.after["relisted_from"] == earlier.pk


def test_two_signs_are_a_match(notice: Notice, platform_a: Organisation, moderator_a: User) -> None:
    removed(notice, moderator_a)
    flag = flag_of(listed(platform_a, **OTHER_NAME, description=TEXT, gtin=GTIN))
    assert flag is not None
    assert flag.band == "flag"


def test_a_copied_text_with_the_recalled_type_of_product_is_a_match(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    removed(notice, moderator_a)
    flag = flag_of(
        listed(platform_a, **(OTHER_NAME | {"title": "Zelpino ceramic heater for cold evenings"}), description=TEXT)
    )
    assert flag is not None
    assert flag.band == "flag"


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"mpn": "ZT-4410"},
        {"gtin": "4006381333931"},
        {
            "description": "A calm lamp for your desk, with a long cable, a switch that glows and light as warm as a candle's."
        },
        {"image_link": "https://img.north.example/p/main-image.jpg"},
    ],
)
def test_a_listing_that_shows_nothing_of_it_is_left_alone(
    shown: dict[str, str], notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    removed(notice, moderator_a, image_link="https://img.north.example/p/main-image.jpg")
    assert flag_of(listed(platform_a, **OTHER_NAME, **shown)) is None


@pytest.mark.parametrize("title", ["Dust filter for ceramic tower heater", "Toy heater for dolls' houses"])
def test_an_accessory_or_a_toy_with_the_copied_text_is_no_relisting(
    title: str, notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    removed(notice, moderator_a)
    assert flag_of(listed(platform_a, **(OTHER_NAME | {"title": title}), description=TEXT)) is None


def test_what_is_stored_already_is_found_when_the_removal_is_learnt(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    there_before = listed(platform_a, **OTHER_NAME, description=TEXT)
    assert flag_of(there_before) is None
    earlier = removed(notice, moderator_a)
    assert Listing.objects.get(pk=there_before.pk).match_due
    services.match_listings_due(platform_id=platform_a.pk)
    flag = flag_of(there_before)
    assert flag is not None
    assert flag.relisted_from == earlier


def test_nothing_is_learnt_before_the_decision_is_final(
    notice: Notice, platform_a: Organisation, moderator_a: User, settings: Any
) -> None:
    settings.UNDO_SECONDS = 20
    flag = Flag.objects.get(listing=listed(platform_a, description=TEXT, gtin=GTIN))
    token = services.seen_token(flag)
    services.decide(flag=flag, kind="removed", seen=token, undoable=True, actor=Actor.person(moderator_a))
    assert services.learn_removals_due() == 0
    assert not RemovalTrace.objects.exists()
    services.undo_last(flag=flag, actor=Actor.person(moderator_a))
    assert flag_of(listed(platform_a, **OTHER_NAME, gtin=GTIN)) is None


def test_a_removal_that_nobody_decided_teaches_nothing(notice: Notice, platform_a: Organisation) -> None:
    listing = listed(platform_a, description=TEXT, gtin=GTIN)
    Flag.objects.filter(listing=listing).update(status="removed", closed_at=timezone.now())
    assert services.learn_removals_due() == 0
    assert flag_of(listed(platform_a, **OTHER_NAME, gtin=GTIN)) is None


def test_what_is_not_removed_any_more_teaches_no_longer(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    earlier = removed(notice, moderator_a)
    services.prove(flag=earlier, to="open", actor=SYSTEM, reason="Seen on sale.")
    assert not RemovalTrace.objects.exists()
    assert flag_of(listed(platform_a, **OTHER_NAME, gtin=GTIN, description=TEXT)) is None


def test_another_platform_learns_nothing_of_it(notice: Notice, platform_b: Organisation, moderator_a: User) -> None:
    removed(notice, moderator_a)
    NoticeFactory(recall=notice.recall, platform=platform_b, matched_at=timezone.now())
    assert flag_of(listed(platform_b, **OTHER_NAME, gtin=GTIN, description=TEXT)) is None


def test_after_the_notice_was_withdrawn_nothing_is_asked(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    removed(notice, moderator_a)
    Notice.objects.filter(pk=notice.pk).update(status="withdrawn")
    assert flag_of(listed(platform_a, **OTHER_NAME, gtin=GTIN, description=TEXT)) is None


def test_a_notice_that_is_sent_again_finds_what_came_back_meanwhile(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    earlier = removed(notice, moderator_a)
    Notice.objects.filter(pk=notice.pk).update(status="withdrawn")
    meanwhile = listed(platform_a, **OTHER_NAME, gtin=GTIN, description=TEXT)
    again = NoticeFactory(recall=notice.recall, platform=platform_a)
    services.match_notice(notice=again)
    services.match_listings_due(platform_id=platform_a.pk)
    flag = flag_of(meanwhile)
    assert flag is not None
    assert (flag.notice, flag.relisted_from) == (again, earlier)


def test_what_a_seller_writes_about_every_parcel_accuses_none_of_the_others(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    shop = (
        "Welcome to our family shop in the old town. We pack every parcel by hand, answer within one working day and take "
        "back whatever you do not like within thirty days, no questions asked, postage on us both ways."
    )
    goods = [
        ListingFactory(platform=platform_a, title=f"Garden gnome {name}", brand="", seller="otto", description=shop)
        for name in ("red", "green", "blue", "pink")[: COMMON_FROM + 1]
    ]
    while services.match_listings_due(platform_id=platform_a.pk):
        pass
    earlier = removed(notice, moderator_a, seller="otto", description=f"{shop} {TEXT}")
    while services.match_listings_due(platform_id=platform_a.pk):
        pass
    assert [flag_of(each) for each in goods] == [None] * len(goods)
    again = flag_of(listed(platform_a, **OTHER_NAME, description=f"{TEXT} {shop}"))
    assert again is not None
    assert again.relisted_from == earlier


def test_a_code_that_unrelated_listings_carry_teaches_nothing(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    SharedCode.objects.create(platform=platform_a, gtin=GTIN.zfill(14), listings=40)
    removed(notice, moderator_a)
    assert flag_of(listed(platform_a, **OTHER_NAME, gtin=GTIN)) is None


def test_a_list_of_competitors_codes_teaches_none_of_them(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    removed(notice, moderator_a, gtin=f"{GTIN}, 4006381333931, 9780201379624")
    assert flag_of(listed(platform_a, **OTHER_NAME, gtin=GTIN)) is None


def test_the_dismissed_relisting_is_not_asked_about_again(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    removed(notice, moderator_a)
    listing = listed(platform_a, **OTHER_NAME, gtin=GTIN)
    flag = Flag.objects.get(listing=listing)
    services.decide(
        flag=flag,
        kind="not_the_product",
        reason="other_model",
        seen=services.seen_token(flag),
        actor=Actor.person(moderator_a),
    )
    Listing.objects.filter(pk=listing.pk).update(match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    assert Flag.objects.get(listing=listing).status == "dismissed"


def test_a_seller_is_known_again_however_the_name_is_written(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    removed(notice, moderator_a, seller="North-Side Deals Ltd.")
    flag = flag_of(listed(platform_a, title="Hearthline HL-200R, white", seller="NORTHSIDE DEALS"))
    assert flag is not None
    assert "seller_before" in signals(flag)
    assert "the same seller" in flag.relisted_reason


def test_one_removal_that_breaks_keeps_the_others_from_nothing(
    notice: Notice, platform_a: Organisation, moderator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (listed(platform_a, gtin=gtin) for gtin in (GTIN, "4006381333931"))
    for listing in (first, second):
        flag = Flag.objects.get(listing=listing)
        services.decide(flag=flag, kind="removed", seen=services.seen_token(flag), actor=Actor.person(moderator_a))
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        services.finalize_due()
    Flag.objects.filter(listing=first).update(listing_as_flagged=["no such thing"])
    assert services.learn_removals_due() == 1
    assert RemovalTrace.objects.get().flag.listing == second
    assert SetAside.objects.get().subject_id == Flag.objects.get(listing=first).pk


def test_a_switched_off_sign_is_not_looked_for(notice: Notice, platform_a: Organisation, moderator_a: User) -> None:
    removed(notice, moderator_a)
    listing = ListingFactory(platform=platform_a, **OTHER_NAME, gtin=GTIN)
    text = listing_text(listing)
    assert returned_under(notice, listing, text, frozenset()) is not None
    assert returned_under(notice, listing, text, frozenset({"removed_gtin"})) is None


def test_decisions_of_before_are_learnt_when_the_product_begins_to(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    earlier = removed(notice, moderator_a)
    RemovalTrace.objects.all().delete()
    assert Decision.objects.filter(flag=earlier).count() == 1
    assert services.learn_removals_due() == 1
    assert services.learn_removals_due() == 0
