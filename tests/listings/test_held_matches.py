"""A recall that matches hundreds of listings fills its queue up to a limit; the others are held back and asked about."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings import services
from listings.matching import keys_apart, quick_read, settling
from listings.matching_texts import listing_text
from listings.models import Flag, FlagLimit, HeldMatch, Listing
from listings.services import held_matches
from portal import audit
from portal.identity.actors import Actor
from portal.models import Notification, Organisation, SetAside, User
from recalls import services as recalls
from recalls.models import Notice, Product, RecallVersion
from recalls.services.notices import follow_new_version
from tests.factories import ListingFactory, NoticeFactory, RecallFactory, UserFactory

pytestmark = pytest.mark.django_db
LIMIT = 6
STRONG, WEAK = "Hearthline ceramic tower heater", "Hearthline ceramic tower heater Nordlicht Edition Zwei Komet"
EXACT = "Hearthline HL-200R ceramic tower heater"


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    FlagLimit.objects.create(regulator=regulator, flags=LIMIT)
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)


@pytest.fixture
def listed(platform_a: Organisation) -> Callable[..., list[Listing]]:
    """Puts listings into the catalogue: quietly before the notice is matched, through a batch afterwards."""

    def list_them(count: int, title: str = STRONG, seller: str = "seller-{}", **fields: Any) -> list[Listing]:
        is_running = Notice.objects.exclude(matched_at=None).exists()
        shown = {"platform": platform_a, "title": title, "match_due": is_running} | fields
        rows = [ListingFactory(seller=seller.format(number), **shown) for number in range(count)]
        for row in rows:
            row.keys = settling.stored_keys(keys_apart(quick_read(listing_text(row))).stored())
        Listing.objects.bulk_update(rows, ["keys"])
        services.match_listings_due(platform_id=platform_a.pk)
        return rows

    return list_them


def matched(notice: Notice) -> Notice:
    services.match_notice(notice=notice)
    return again(notice)


def again(notice: Notice) -> Notice:
    return Notice.objects.select_related("recall__regulator", "platform", "version").get(pk=notice.pk)


def flagged(notice: Notice) -> set[int]:
    return set(Flag.objects.filter(notice=notice).values_list("listing_id", flat=True))


def held(notice: Notice) -> set[int]:
    return set(HeldMatch.objects.waiting().filter(notice=notice).values_list("listing_id", flat=True))


def dismiss_flags(notice: Notice, count: int, actor: Actor) -> None:
    for flag in Flag.objects.filter(notice=notice, status="open")[:count]:
        services.claim_flag(flag=flag, actor=actor)
        flag.refresh_from_db()
        services.decide(flag=flag, kind="removed", seen=services.seen_token(flag), actor=actor)


def test_a_recall_that_matches_too_much_fills_its_queue_and_holds_the_weakest_back(
    notice: Notice, listed: Callable[..., list[Listing]], officer: User
) -> None:
    weak, strong = listed(5, WEAK, "a-{}"), listed(4, STRONG, "b-{}")
    notice = matched(notice)
    assert len(flagged(notice)) == LIMIT
    assert {row.pk for row in strong} <= flagged(notice)
    assert held(notice) < {row.pk for row in weak}
    assert notice.held_back == len(held(notice)) == 3
    told = Notification.objects.get(person=officer)
    assert told.link == reverse("listings:held", args=[notice.pk])
    assert "notice.held_back" in audit.events_about(notice).values_list("action", flat=True)


def test_where_all_fit_nothing_is_held_back(notice: Notice, listed: Callable[..., list[Listing]]) -> None:
    listed(LIMIT)
    notice = matched(notice)
    assert (len(flagged(notice)), held(notice), notice.held_back) == (LIMIT, set(), 0)
    assert not Notification.objects.exists()


@pytest.mark.parametrize("fields", [{"title": EXACT}, {"gtin": "012345678905"}], ids=["model and brand", "GTIN"])
def test_an_exact_identifier_is_never_held_back_and_takes_no_room(
    fields: dict[str, str], notice: Notice, listed: Callable[..., list[Listing]]
) -> None:
    others = listed(LIMIT)
    exact = listed(3, **fields)
    notice = matched(notice)
    assert flagged(notice) == {row.pk for row in [*others, *exact]}
    late = listed(1, seller="late", **fields)
    assert late[0].pk in flagged(notice)
    assert held(notice) == set()


def test_a_flood_of_one_seller_pushes_nobody_else_out(notice: Notice, listed: Callable[..., list[Listing]]) -> None:
    decoys, real = listed(3 * LIMIT, STRONG, "flood"), listed(1, WEAK, "real")
    notice = matched(notice)
    scores = dict(HeldMatch.objects.values_list("listing_id", "score"))
    assert real[0].pk in flagged(notice)
    assert len(flagged(notice)) == LIMIT
    assert Flag.objects.get(listing=real[0]).score < min(scores.values()), "the decoys do score higher"
    assert held(notice) < {row.pk for row in decoys}


def test_a_flood_into_a_running_notice_leaves_room_for_others(
    notice: Notice, listed: Callable[..., list[Listing]]
) -> None:
    notice = matched(notice)
    listed(3 * LIMIT, STRONG, "flood")
    assert len(flagged(notice)) == 1
    real = listed(1, WEAK, "real")
    assert real[0].pk in flagged(notice)
    services.follow_held()
    assert len(flagged(notice)) == LIMIT
    assert again(notice).held_back == 3 * LIMIT + 1 - LIMIT


def test_a_name_spelt_in_many_ways_is_one_seller(notice: Notice, listed: Callable[..., list[Listing]]) -> None:
    for number in range(LIMIT + 2):
        listed(1, STRONG, f"{' ' * number}Flood{'.' * number} Store" if number % 2 else "FLOОD store")  # a Cyrillic O
    real = listed(1, WEAK, "real")
    notice = matched(notice)
    assert set(HeldMatch.objects.values_list("seller", flat=True)) == {"floodstore"}
    assert real[0].pk in flagged(notice)


def test_a_flag_that_is_decided_makes_room_for_a_seller_who_had_no_turn(
    notice: Notice, listed: Callable[..., list[Listing]], moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    listed(LIMIT + 3, STRONG, "many-{}")
    real = listed(1, WEAK, "real")
    notice = matched(notice)
    assert real[0].pk in held(notice), "as many sellers as the limit come before it"
    dismiss_flags(notice, 4, as_actor(moderator_a))
    services.follow_held()
    assert real[0].pk in flagged(notice)
    assert (again(notice).held_back, held(notice)) == (0, set())


def test_listings_without_a_seller_are_no_single_seller(notice: Notice, listed: Callable[..., list[Listing]]) -> None:
    notice = matched(notice)
    listed(LIMIT, seller="")
    services.follow_held()
    assert len(flagged(notice)) == LIMIT


def test_the_regulator_releases_down_to_a_score_and_the_limit_no_longer_counts(
    notice: Notice, listed: Callable[..., list[Listing]], officer: User, as_actor: Callable[[User], Actor]
) -> None:
    listed(2, WEAK, "a-{}"), listed(LIMIT + 2, STRONG, "b-{}")
    notice = matched(notice)
    best = max(HeldMatch.objects.values_list("score", flat=True))
    assert services.release_held(notice=notice, from_score=best, actor=as_actor(officer)) == 2
    assert services.follow_held() == 2
    assert (len(flagged(notice)), again(notice).held_back) == (LIMIT + 2, 2)
    assert services.release_held(notice=notice, actor=as_actor(officer)) == 2
    services.follow_held()
    assert (len(flagged(notice)), held(notice)) == (LIMIT + 4, set())
    assert audit.events_about(notice).filter(action="held.released").count() == 2
    with pytest.raises(ValidationError):
        services.release_held(notice=notice, actor=as_actor(officer))


def test_the_regulator_dismisses_and_only_a_stronger_match_comes_back(
    notice: Notice, listed: Callable[..., list[Listing]], officer: User, as_actor: Callable[[User], Actor]
) -> None:
    listed(LIMIT + 2)
    notice = matched(notice)
    rest = sorted(held(notice))
    assert services.dismiss_held(notice=notice, reason="Other heaters.", actor=as_actor(officer)) == 2
    assert (again(notice).held_back, held(notice)) == (0, set())
    Flag.objects.filter(notice=notice).update(status="removed")  # room for all
    Listing.objects.filter(pk=rest[0]).update(price=12, match_due=True)
    Listing.objects.filter(pk=rest[1]).update(title=EXACT, match_due=True)
    services.match_listings_due(platform_id=notice.platform_id)
    services.follow_held()
    assert rest[0] not in flagged(notice)
    assert rest[1] in flagged(notice)
    event = audit.events_about(notice).get(action="held.dismissed")
    assert (event.reason, event.after["listings"]) == ("Other heaters.", 2)


def test_without_a_reason_or_the_right_nothing_is_answered(
    notice: Notice,
    listed: Callable[..., list[Listing]],
    officer: User,
    moderator_a: User,
    admin: User,
    as_actor: Callable[[User], Actor],
) -> None:
    listed(LIMIT + 2)
    notice = matched(notice)
    other = NoticeFactory(platform=notice.platform)
    before = held(notice)
    with pytest.raises(ValidationError):
        services.dismiss_held(notice=notice, reason=" ", actor=as_actor(officer))
    for person in (moderator_a, admin):
        with pytest.raises(PermissionDenied):
            services.release_held(notice=notice, actor=as_actor(person))
        with pytest.raises(PermissionDenied):
            services.dismiss_held(notice=notice, reason="Mine.", actor=as_actor(person))
    with pytest.raises(PermissionDenied):
        services.release_held(notice=other, actor=as_actor(officer))
    assert held(notice) == before
    assert not audit.events_about(notice).filter(action__startswith="held.").exists()


def test_a_narrower_version_drops_what_it_no_longer_matches(
    notice: Notice, listed: Callable[..., list[Listing]]
) -> None:
    listed(LIMIT + 4)
    notice = matched(notice)
    version = RecallVersion.objects.create(
        recall=notice.recall, version=2, title="Bramble pressure cookers", description="Lids.", published_at=timezone.now()
    )  # fmt: skip
    Product.objects.create(version=version, name="Bramble pressure cooker", brand="Bramble")
    follow_new_version(recall=notice.recall, version=version, actor=Actor.system("test"))
    services.follow_held()
    assert (held(notice), again(notice).held_back) == (set(), 0)


def test_a_listing_that_is_off_sale_or_says_something_else_now_is_dropped(
    notice: Notice, listed: Callable[..., list[Listing]]
) -> None:
    listed(LIMIT + 3)
    notice = matched(notice)
    gone, edited, kept = sorted(held(notice))
    Listing.objects.filter(pk=gone).update(present=False)
    Listing.objects.filter(pk=edited).update(title="Garden chair", brand="", digest="another")
    services.follow_held()
    assert (held(notice), again(notice).held_back) == ({kept}, 1)


def test_a_withdrawn_notice_holds_nothing_back(
    notice: Notice, listed: Callable[..., list[Listing]], officer: User, as_actor: Callable[[User], Actor]
) -> None:
    listed(LIMIT + 3)
    notice = matched(notice)
    recalls.withdraw_notice(notice=notice, reason="A mistake.", actor=as_actor(officer))
    assert not HeldMatch.objects.exists()
    assert again(notice).held_back == 0


def test_a_held_back_listing_that_breaks_is_set_aside_and_the_next_takes_its_turn(
    notice: Notice, listed: Callable[..., list[Listing]], monkeypatch: pytest.MonkeyPatch, officer: User
) -> None:
    listed(LIMIT + 2)
    notice = matched(notice)
    first, second = HeldMatch.objects.order_by("pk")
    reading = held_matches.listing_text

    def breaking(listing: Listing) -> Any:
        if listing.pk == first.listing_id:
            raise ValueError
        return reading(listing)

    monkeypatch.setattr(held_matches, "listing_text", breaking)
    services.release_held(notice=notice, actor=Actor.person(officer))
    assert services.follow_held() == 1
    assert second.listing_id in flagged(notice)
    assert SetAside.objects.get(subject_id=first.pk).sweep == "held-back listings"
    assert again(notice).held_back == 1


def test_more_matches_than_are_kept_in_memory_are_all_found_again(
    notice: Notice, listed: Callable[..., list[Listing]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listings.services.intake.IN_MEMORY", 3)
    rows = listed(LIMIT + 4)
    exact = listed(2, EXACT)
    notice = matched(notice)
    assert len(flagged(notice)) == LIMIT + 2
    assert flagged(notice) | held(notice) == {row.pk for row in [*rows, *exact]}
    assert flagged(notice).isdisjoint(held(notice))


def test_the_page_says_how_many_why_and_which(
    notice: Notice, listed: Callable[..., list[Listing]], officer: User, sign_in: Callable[[User], Client]
) -> None:
    listed(LIMIT + 3, seller="Deals <b>")
    notice = matched(notice)
    client = sign_in(officer)
    page = client.get(reverse("listings:held", args=[notice.pk])).content.decode()
    assert "9 listings match; 6 are in the queue, 3 are held back." in " ".join(page.split())
    assert "Same brand: 3 (100%)" in " ".join(page.split())
    assert STRONG in page
    assert reverse("listings:held", args=[notice.pk]) in client.get(reverse("listings:held_notices")).content.decode()
    assert (
        reverse("listings:held", args=[notice.pk])
        in client.get(reverse("recalls:notice", args=[notice.pk])).content.decode()
    )
    answer = client.post(reverse("listings:held_dismiss", args=[notice.pk]), {"reason": ""})
    assert (answer.status_code, len(held(notice))) == (422, 3)
    client.post(reverse("listings:held_release", args=[notice.pk]), {"from_score": "", "reason": ""})
    assert not HeldMatch.objects.unanswered().exists()


def test_a_platform_sees_how_many_are_held_back_and_not_which(
    notice: Notice, listed: Callable[..., list[Listing]], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    listed(LIMIT + 3)
    notice = matched(notice)
    client = sign_in(moderator_a)
    for name in ("held", "held_release", "held_dismiss"):
        assert client.get(reverse(f"listings:{name}", args=[notice.pk])).status_code == 403
    page = client.get(reverse("recalls:notice", args=[notice.pk])).content.decode()
    assert "3 listings match and are not flagged" in " ".join(page.split())
    assert reverse("listings:held", args=[notice.pk]) not in page


def test_another_regulator_finds_nothing(
    notice: Notice, listed: Callable[..., list[Listing]], sign_in: Callable[[User], Client]
) -> None:
    listed(LIMIT + 3)
    notice = matched(notice)
    stranger = UserFactory(
        role="regulator_staff", organisation__kind="regulator", organisation__name="Elsewhere Authority"
    )
    client = sign_in(stranger)
    for name in ("held", "held_release", "held_dismiss"):
        assert client.post(reverse(f"listings:{name}", args=[notice.pk]), {"reason": "Mine."}).status_code == 404
    assert str(notice.recall) not in client.get(reverse("listings:held_notices")).content.decode()
    assert HeldMatch.objects.unanswered().count() == 3


def test_an_admin_sets_the_limit_and_a_higher_one_lets_them_in(
    notice: Notice, listed: Callable[..., list[Listing]], admin: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    listed(LIMIT + 3)
    notice = matched(notice)
    assert sign_in(officer).post(reverse("listings:flag_limit"), {"flags": 99, "reason": "All."}).status_code == 403
    client = sign_in(admin)
    assert client.post(reverse("listings:flag_limit"), {"flags": 0, "reason": "None."}).status_code == 422
    assert services.limit_of(notice.recall.regulator_id) == LIMIT
    assert client.post(reverse("listings:flag_limit"), {"flags": 8, "reason": "More staff."}).status_code == 302
    services.follow_held()
    assert (len(flagged(notice)), again(notice).held_back) == (8, 1)
    event = audit.events_about(FlagLimit.objects.get()).get()
    assert (event.before, event.after) == ({"flags": 6}, {"flags": 8})


def test_what_waits_for_days_is_on_the_health_page(
    notice: Notice, listed: Callable[..., list[Listing]], operator: User, sign_in: Callable[[User], Client]
) -> None:
    listed(LIMIT + 1)
    matched(notice)
    page = sign_in(operator).get(reverse("portal:health")).content.decode()
    assert "No held-back listing has waited for more than 3 days." in page
    HeldMatch.objects.update(held_at=timezone.now() - services.UNANSWERED_TOO_OLD * 2)
    page = sign_in(operator).get(reverse("portal:health")).content.decode()
    assert "1 listings have been held back for more than 3 days" in page
