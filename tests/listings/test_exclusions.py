"""What a dismissal remembers: it does not come back, within its scope and for its time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings import services
from listings.exclusion_scope import product_of
from listings.matching import Evidence, Match
from listings.models import Decision, Exclusion, Flag, Listing
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from recalls import services as recalls
from recalls.models import Notice
from recalls.services.content import content_of
from tests.factories import ListingFactory, NoticeFactory, RecallFactory, UserFactory

pytestmark = pytest.mark.django_db
MODELS = ["HL-200R", "HL-250R"]
GTIN, OTHER_GTIN = "0012345678905", "4006381333931"


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    recall = RecallFactory(regulator=regulator, number="26001", title="Hearthline Recalls Space Heaters")
    product = recall.current.products.get()
    product.name, product.brand, product.model_numbers = "Hearthline space heaters", "Hearthline", MODELS
    product.gtins = []
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


def test_a_dismissed_listing_is_excluded_for_the_recall_and_stays_away_under_a_new_notice(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    listing = heater(platform_a)
    match(platform_a)
    dismiss(Flag.objects.get(listing=listing), moderator_a)
    known = Exclusion.objects.get()
    assert (known.scope, known.listing, known.recall, known.holds) == ("listing", listing, notice.recall, True)
    notice.status = "withdrawn"
    notice.save()
    again = NoticeFactory(recall=notice.recall, platform=platform_a)
    assert services.match_notice(notice=again) == 0
    assert AuditEvent.objects.filter(action="exclusion.remembered").count() == 1


def test_an_edited_listing_is_matched_again(notice: Notice, platform_a: Organisation, moderator_a: User) -> None:
    listing = heater(platform_a)
    match(platform_a)
    flag = Flag.objects.get()
    dismiss(flag, moderator_a)
    Listing.objects.filter(pk=listing.pk).update(title="Hearthline space heater HL-200R white", match_due=True)
    match(platform_a)
    flag.refresh_from_db()
    assert flag.status == "open"


def test_a_dismissed_listing_that_is_edited_into_a_weaker_match_is_flagged_again(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    listing = heater(platform_a, title="Hearthline space heater HL-200R")
    match(platform_a)
    flag = Flag.objects.get()
    before = flag.score
    dismiss(flag, moderator_a)
    Listing.objects.filter(pk=listing.pk).update(title="Hearthline HL-200R", match_due=True)
    match(platform_a)
    flag.refresh_from_db()
    assert flag.score < before
    assert flag.status == "open"


@pytest.mark.parametrize(
    ("scope", "fields", "stays_away"),
    [
        ("listing", {"gtin": GTIN}, False),
        ("gtin", {"gtin": GTIN[1:]}, True),
        ("gtin", {"gtin": "0 012345 678905"}, True),
        ("gtin", {"gtin": ""}, False),
        ("gtin", {"gtin": GTIN, "title": "Hearthline space heater", "mpn": "HL-200R"}, True),
        ("gtin", {"gtin": GTIN, "mpn": "HL-250R"}, False),
        ("seller_product", {"seller": "north", "gtin": GTIN}, True),
        ("seller_product", {"seller": "north", "gtin": GTIN, "title": "HL-200R Hearthline space heater"}, True),
        ("seller_product", {"seller": "south", "gtin": GTIN}, False),
        ("seller_product", {"seller": "north"}, False),
        ("seller_product", {"seller": "north", "gtin": GTIN, "mpn": "HL-250R"}, False),
        ("seller_product", {"seller": "north", "gtin": GTIN, "title": "Hearthline space heater HL-200R 2"}, False),
        (
            "seller_product",
            {"seller": "north", "gtin": GTIN, "title": "Hearthline Sunburst space heater HL-200R"},
            False,
        ),
    ],
)
def test_the_scope_says_what_else_stays_away_and_no_number_that_was_not_judged_does(
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


def test_one_letter_and_one_digit_words_distinguish_products() -> None:
    titles = ["Crib model A", "Crib model B", "Crib 4 in 1", "Crib 3 in 1", "4 in 1 crib"]
    products = [product_of(Listing(title=title)) for title in titles]
    assert len(set(products)) == 4
    assert products[2] == products[4]


def test_a_listing_that_comes_to_name_the_recalled_model_in_its_description_is_flagged_again(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    listing = heater(platform_a, title="Hearthline space heater")
    match(platform_a)
    flag = Flag.objects.get()
    dismiss(flag, moderator_a)
    Listing.objects.update(description="This is the model HL-200R.", match_due=True)
    match(platform_a)
    flag.refresh_from_db()
    assert flag.status == "open"
    assert flag.listing == listing
    reopened = AuditEvent.objects.filter(action="flag.overruled").latest("pk")
    assert "New evidence since the decision: described model hl200r" in reopened.reason


def widen(notice: Notice, officer: User, **changes: object) -> None:
    actor = Actor.person(officer)
    version = recalls.revise_recall(recall=notice.recall, actor=actor)
    content = content_of(version)
    products = [replace(content.products[0], **changes)]
    if "name" in changes:
        products = [content.products[0], *products]
    recalls.edit_version(version=version, content=replace(content, products=products), actor=actor)
    second = Actor.person(UserFactory(role="regulator_staff", organisation=officer.organisation))
    version = recalls.publish_version(version=version, change_note="More units.", actor=second)
    assert version.widens
    services.match_notice(notice=notice)


@pytest.mark.parametrize(
    ("title", "changes", "again"),
    [
        ("Hearthline space heater HL-300R", {"model_numbers": (*MODELS, "HL-300R")}, True),
        ("Hearthline Sunburst space heaters", {"name": "Hearthline Sunburst space heaters"}, True),
        ("Hearthline space heater", {"model_numbers": (*MODELS, "HL-300R")}, False),
    ],
)
@pytest.mark.parametrize("scope", ["listing", "seller_product"])
def test_a_widened_recall_reaches_what_was_dismissed_before_and_only_that(
    scope: str,
    title: str,
    changes: dict[str, object],
    again: bool,
    notice: Notice,
    platform_a: Organisation,
    moderator_a: User,
    officer: User,
) -> None:
    heater(platform_a, title=title)
    match(platform_a)
    flag = Flag.objects.first() or raise_by_hand(notice)
    dismiss(flag, moderator_a, remember=scope)
    match(platform_a)
    flag.refresh_from_db()
    assert flag.status == "dismissed"
    widen(notice, officer, **changes)
    flag.refresh_from_db()
    assert flag.status == ("open" if again else "dismissed")


def raise_by_hand(notice: Notice) -> Flag:
    """A flag that the engine alone would not raise: another model, flagged when the engine knew less."""
    found = Match(notice.recall.number, "1", 0, 0.5, "flag", (Evidence("same_brand", 1.0, None, None, "Same brand."),))
    flag = services.open_flag(notice=notice, listing=Listing.objects.get(), match=found, actor=Actor.system("test"))
    assert flag is not None
    return flag


def test_under_a_new_notice_the_widened_version_reaches_it_as_well(
    notice: Notice, platform_a: Organisation, moderator_a: User, officer: User
) -> None:
    listing = heater(platform_a, title="Hearthline space heater HL-300R")
    match(platform_a)
    dismiss(raise_by_hand(notice), moderator_a)
    recalls.withdraw_notice(notice=notice, reason="Sent by mistake.", actor=Actor.person(officer))
    widen(notice, officer, model_numbers=(*MODELS, "HL-300R"))
    notice.recall.refresh_from_db()
    again = NoticeFactory(recall=notice.recall, platform=platform_a)
    assert services.match_notice(notice=again) == 1
    assert Flag.objects.filter(notice=again, listing=listing, status="open").count() == 1


def test_what_is_withdrawn_is_matched_again_and_the_dismissed_flag_opens_with_its_clock(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    heater(platform_a, gtin=GTIN)
    spaced = heater(platform_a, gtin="0 012345 678905")
    match(platform_a)
    flag, other = Flag.objects.order_by("pk")
    dismiss(flag, moderator_a, remember="gtin")
    assert other.status == "open", "a person decides what was flagged before"
    known = Exclusion.objects.get()
    services.withdraw_exclusion(known=known, reason="The label was misread.", actor=Actor.person(moderator_a))
    assert Listing.objects.filter(match_due=True).count() == 2, "also the one whose GTIN is written with spaces"
    assert spaced.gtin.count(" ") == 2
    match(platform_a)
    flag.refresh_from_db()
    known.refresh_from_db()
    assert (flag.status, flag.takedown.status) == ("open", "running")
    assert known.withdrawn_by == "Nia Adeyemi, Bazaarly"
    with pytest.raises(ValidationError, match="no longer active"):
        services.withdraw_exclusion(known=known, reason="Again.", actor=Actor.person(moderator_a))


def test_what_expires_is_matched_again_once_by_the_sweep(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    heater(platform_a)
    match(platform_a)
    flag = Flag.objects.get()
    dismiss(flag, moderator_a, until=timezone.now() + timedelta(days=3))
    assert services.expire_exclusions() == 0
    Exclusion.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert [services.expire_exclusions(), services.expire_exclusions()] == [1, 0]
    assert AuditEvent.objects.filter(action="exclusion.expired").count() == 1
    match(platform_a)
    flag.refresh_from_db()
    assert flag.status == "open"
    dismiss(flag, moderator_a)
    match(platform_a)
    flag.refresh_from_db()
    assert flag.status == "dismissed", "remembered again"


def test_a_flag_that_is_upheld_after_all_ends_the_exclusion_of_its_dismissal(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    heater(platform_a, gtin=GTIN, title="Hearthline space heater")
    match(platform_a)
    flag = Flag.objects.get()
    dismiss(flag, moderator_a, remember="gtin")
    Listing.objects.update(mpn="HL-200R", match_due=True)
    match(platform_a)
    flag.refresh_from_db()
    assert (flag.status, Exclusion.objects.get().holds) == ("open", True)
    services.decide(flag=flag, kind="removed", seen=services.seen_token(flag), actor=Actor.person(moderator_a))
    assert not Exclusion.objects.get().holds


def test_an_overruled_dismissal_is_forgotten(
    notice: Notice, platform_a: Organisation, moderator_a: User, admin: User
) -> None:
    heater(platform_a)
    match(platform_a)
    flag = Flag.objects.get()
    dismiss(flag, moderator_a)
    services.overrule(flag=flag, note="It is the very model.", actor=Actor.person(admin))
    assert not Exclusion.objects.get().holds


def test_an_invalid_exclusion_of_a_decision_is_refused_and_nothing_is_decided(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    heater(platform_a, seller="")
    match(platform_a)
    flag = Flag.objects.get()
    for options, detail in (
        ({"remember": "gtin"}, "valid GTIN"),
        ({"remember": "seller_product"}, "no seller"),
        ({"until": timezone.now() - timedelta(days=1)}, "time in the future"),
    ):
        with pytest.raises(ValidationError, match=detail):
            dismiss(flag, moderator_a, **options)
    flag.refresh_from_db()
    assert flag.status == "open"
    assert not Decision.objects.exists()
    assert not Exclusion.objects.exists()


def test_no_exclusion_is_withdrawn_without_a_reason(
    notice: Notice, platform_a: Organisation, moderator_a: User
) -> None:
    heater(platform_a)
    match(platform_a)
    dismiss(Flag.objects.get(), moderator_a)
    with pytest.raises(ValidationError, match="Enter a reason"):
        services.withdraw_exclusion(known=Exclusion.objects.get(), reason=" ", actor=Actor.person(moderator_a))
    assert Exclusion.objects.get().holds
    assert not Listing.objects.filter(match_due=True).exists()


def test_a_regulator_withdraws_an_exclusion_of_a_platform_under_its_recall_and_another_does_not_see_it(
    notice: Notice, platform_a: Organisation, moderator_a: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    heater(platform_a)
    match(platform_a)
    dismiss(Flag.objects.get(), moderator_a)
    known = Exclusion.objects.get()
    address = reverse("listings:exclusion_withdraw", args=[known.pk])
    stranger = UserFactory(role="regulator_staff", organisation__kind="regulator")
    assert sign_in(stranger).post(address, {"reason": "I would."}).status_code == 404
    assert Exclusion.objects.get().holds
    assert sign_in(officer).post(address, {"reason": "It is the product."}).status_code == 302
    assert Exclusion.objects.get().withdrawn_by == "Ada Lindqvist, Product Safety Authority"


def test_an_excluded_gtin_is_not_flagged_unless_the_recall_comes_to_name_it(
    notice: Notice, platform_a: Organisation, platform_b: Organisation, officer: User
) -> None:
    declared = {"platform": platform_a, "recall": notice.recall, "scope": "gtin", "reason": "Made after the remedy."}
    services.add_exclusion(gtin=OTHER_GTIN, actor=Actor.person(officer), **declared)
    NoticeFactory(recall=notice.recall, platform=platform_b, matched_at=timezone.now())
    heater(platform_a, gtin=OTHER_GTIN)
    elsewhere = heater(platform_b, gtin=OTHER_GTIN)
    match(platform_a)
    match(platform_b)
    assert [flag.listing for flag in Flag.objects.all()] == [elsewhere]
    widen(notice, officer, gtins=(GTIN, OTHER_GTIN))
    assert Flag.objects.filter(platform=platform_a).count() == 1


def test_only_an_admin_excludes_for_all_recalls_and_never_for_another_regulators(
    notice: Notice, platform_a: Organisation, officer: User, admin: User, moderator_a: User
) -> None:
    everywhere = {
        "platform": platform_a,
        "recall": None,
        "scope": "gtin",
        "gtin": OTHER_GTIN,
        "reason": "A test dummy.",
    }
    for person in (officer, moderator_a):
        with pytest.raises(PermissionDenied):
            services.add_exclusion(actor=Actor.person(person), **everywhere)
    others = NoticeFactory(platform=platform_a, matched_at=timezone.now(), recall__number="99001")
    with pytest.raises(PermissionDenied):
        services.add_exclusion(actor=Actor.person(officer), **everywhere | {"recall": others.recall})
    assert not Exclusion.objects.exists()
    services.add_exclusion(actor=Actor.person(admin), **everywhere)
    listing = heater(platform_a, gtin=OTHER_GTIN)
    match(platform_a)
    assert {flag.notice for flag in Flag.objects.filter(listing=listing)} == {others}


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({"scope": "gtin", "gtin": "12345"}, "valid GTIN"),
        ({"scope": "gtin", "gtin": GTIN}, "lists this GTIN"),
        ({"scope": "listing"}, "listing ID"),
        ({"scope": "everything"}, "Choose what"),
        ({"reason": " "}, "Enter a reason"),
    ],
)
def test_an_invalid_exclusion_is_refused_and_nothing_is_kept(
    given: dict[str, str], detail: str, notice: Notice, platform_a: Organisation, officer: User
) -> None:
    notice.recall.current.products.update(gtins=[GTIN.zfill(14)])
    whole = {"scope": "gtin", "gtin": OTHER_GTIN, "reason": "Why.", "platform": platform_a, "recall": notice.recall}
    with pytest.raises(ValidationError, match=detail):
        services.add_exclusion(actor=Actor.person(officer), **whole | given)
    assert not Exclusion.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="innocent.").exists()


def test_the_page_adds_exclusions_and_filters_by_state(
    notice: Notice, platform_a: Organisation, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(officer), reverse("listings:exclusion_add")
    given = {"platform": platform_a.pk, "recall": "26001", "scope": "gtin", "gtin": OTHER_GTIN, "reason": "Remedied."}
    assert client.post(address, given | {"recall": ""}).status_code == 422
    assert "No recall has the number 7" in client.post(address, given | {"recall": "7"}).content.decode()
    assert "This platform has no listing L-9" in client.post(address, given | {"listing": "L-9"}).content.decode()
    assert not Exclusion.objects.exists()
    assert client.post(address, given).status_code == 302
    page = reverse("listings:exclusions")
    assert "Remedied." in client.get(page).content.decode()
    assert "Remedied." not in client.get(page, {"state": "expired"}).content.decode()
    Exclusion.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "Remedied." not in client.get(page).content.decode()
    assert "Remedied." in client.get(page, {"state": "expired", "q": OTHER_GTIN}).content.decode()


def test_a_platforms_program_lists_and_withdraws_its_own(
    notice: Notice, platform_a: Organisation, platform_b: Organisation, moderator_a: User, manager_a: User
) -> None:
    heater(platform_a)
    match(platform_a)
    dismiss(Flag.objects.get(), moderator_a)
    known = Exclusion.objects.get()
    manager_b = UserFactory(role="platform_manager", organisation=platform_b)
    for manager, status in ((manager_b, 404), (manager_a, 200)):
        _, secret = api_keys.create_key(
            organisation=manager.organisation, name="sync", scopes=["flags"], days=90, actor=Actor.person(manager)
        )
        client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
        listed = client.get("/api/v1/innocents").json()["results"]
        assert [row["id"] for row in listed] == ([known.pk] if status == 200 else [])
        answer = client.post(f"/api/v1/innocents/{known.pk}/withdraw", {}, content_type="application/json")
        assert answer.status_code == (422 if status == 200 else 404)
        answer = client.post(
            f"/api/v1/innocents/{known.pk}/withdraw", {"reason": "Misread."}, content_type="application/json"
        )
        assert answer.status_code == status
    assert answer.json()["state"] == "withdrawn"
    assert client.get("/api/v1/innocents").json()["results"] == []
    assert len(client.get("/api/v1/innocents?state=withdrawn").json()["results"]) == 1
