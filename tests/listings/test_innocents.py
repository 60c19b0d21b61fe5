"""What a dismissal remembers: it does not come back, within its scope and for its time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from listings import services
from listings.models import Decision, Flag, KnownInnocent, Listing
from portal.actors import Actor
from portal.models import AuditEvent, Organisation, User
from recalls.models import Notice
from tests.factories import ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
GTIN = "0012345678905"


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    recall = RecallFactory(regulator=regulator, number="26001", title="Hearthline Recalls Space Heaters")
    product = recall.current.products.get()
    product.name, product.brand, product.model_numbers = "Hearthline space heaters", "Hearthline", ["HL-200R"]
    product.save()
    return NoticeFactory(recall=recall, platform=platform_a, matched_at=timezone.now())


def heater(platform: Organisation, **fields: str) -> Listing:
    title = fields.pop("title", "Hearthline space heater HL-200R")
    return ListingFactory(platform=platform, title=title, brand="Hearthline", match_due=True, **fields)


def match(platform: Organisation) -> None:
    while services.match_listings_due(platform_id=platform.pk):
        pass


def dismiss(flag: Flag, person: User, **options: object) -> Decision:
    return services.decide(
        flag=flag,
        kind="not_the_product",
        reason="other_model",
        seen=services.seen_token(flag),
        actor=Actor.person(person),
        **options,
    )


def test_a_dismissed_listing_is_remembered_for_the_recall_and_stays_away_under_a_new_notice(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    listing = heater(platform_a)
    match(platform_a)
    dismiss(Flag.objects.get(listing=listing), moderator_a)
    known = KnownInnocent.objects.get()
    assert (known.scope, known.listing, known.recall, known.holds) == ("listing", listing, notice.recall, True)
    notice.status = "withdrawn"
    notice.save()
    again = NoticeFactory(recall=notice.recall, platform=platform_a)
    assert services.match_notice(notice=again) == 0
    assert AuditEvent.objects.filter(action="innocent.remembered").count() == 1


def test_an_edited_listing_is_looked_at_again(notice: Notice, platform_a: Organisation, moderator_a: User) -> None:
    listing = heater(platform_a)
    match(platform_a)
    flag = Flag.objects.get()
    dismiss(flag, moderator_a)
    Listing.objects.filter(pk=listing.pk).update(title="Hearthline space heater HL-200R white", match_due=True)
    match(platform_a)
    flag.refresh_from_db()
    assert flag.status == "open"


@pytest.mark.parametrize(
    ("scope", "fields", "stays_away"),
    [
        ("listing", {"gtin": GTIN}, False),
        ("gtin", {"gtin": GTIN[1:]}, True),
        ("gtin", {"gtin": ""}, False),
        ("seller_product", {"seller": "north"}, True),
        ("seller_product", {"seller": "south"}, False),
        ("seller_product", {"seller": "north", "title": "Hearthline Sunburst space heater HL-200R"}, False),
    ],
)
def test_the_scope_says_what_else_stays_away(
    scope: str,
    fields: dict[str, str],
    stays_away: bool,
    notice: Notice,
    platform_a: Organisation,
    moderator_a: User,
) -> None:
    heater(platform_a, gtin=GTIN, seller="north")
    match(platform_a)
    dismiss(Flag.objects.get(), moderator_a, remember=scope)
    other = heater(platform_a, **fields)
    match(platform_a)
    assert Flag.objects.filter(listing=other).exists() is not stays_away


def test_it_is_forgotten_when_its_time_is_over_or_it_is_withdrawn(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    heater(platform_a, gtin=GTIN)
    match(platform_a)
    dismiss(Flag.objects.get(), moderator_a, remember="gtin", until=timezone.now() + timedelta(days=3))
    known = KnownInnocent.objects.get()
    assert known.holds
    KnownInnocent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expired = heater(platform_a, gtin=GTIN)
    match(platform_a)
    assert Flag.objects.filter(listing=expired).exists()
    KnownInnocent.objects.update(expires_at=None)
    services.forget_innocent(known=known, reason="The label was misread.", actor=Actor.person(moderator_a))
    withdrawn = heater(platform_a, gtin=GTIN)
    match(platform_a)
    assert Flag.objects.filter(listing=withdrawn).exists()
    with pytest.raises(ValidationError, match="holds no longer"):
        services.forget_innocent(known=known, reason="Again.", actor=Actor.person(moderator_a))


def test_an_overruled_dismissal_is_forgotten(
    notice: Notice, platform_a: Organisation, moderator_a: User, admin: User
) -> None:
    heater(platform_a)
    match(platform_a)
    flag = Flag.objects.get()
    dismiss(flag, moderator_a)
    services.overrule(flag=flag, note="It is the very model.", actor=Actor.person(admin))
    assert not KnownInnocent.objects.get().holds


def test_what_cannot_be_remembered_is_refused_and_nothing_is_decided(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    heater(platform_a, seller="")
    match(platform_a)
    flag = Flag.objects.get()
    for options, says in (
        ({"remember": "gtin"}, "no valid GTIN"),
        ({"remember": "seller_product"}, "no seller"),
        ({"until": timezone.now() - timedelta(days=1)}, "time to come"),
    ):
        with pytest.raises(ValidationError, match=says):
            dismiss(flag, moderator_a, **options)
    flag.refresh_from_db()
    assert flag.status == "open"
    assert not Decision.objects.exists()
    assert not KnownInnocent.objects.exists()


def test_a_regulator_cannot_withdraw_what_a_platform_remembers(
    notice: Notice, platform_a: Organisation, moderator_a: User, officer: User
) -> None:
    heater(platform_a)
    match(platform_a)
    dismiss(Flag.objects.get(), moderator_a)
    known = KnownInnocent.objects.get()
    with pytest.raises(PermissionDenied):
        services.forget_innocent(known=known, reason="I would not.", actor=Actor.person(officer))
    known.refresh_from_db()
    assert known.holds
