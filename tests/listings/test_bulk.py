"""Many flags claimed or decided at once: each on its own, and one that is refused stops no other."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from listings import services
from listings.models import Decision, Flag
from listings.services.bulk import MAX_COUNT
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
BULK, CLAIM, DECIDE = (reverse(f"listings:{name}") for name in ("bulk", "bulk_claim", "bulk_decide"))


@pytest.fixture
def notice(platform_a: Organisation) -> Notice:
    return NoticeFactory(platform=platform_a)


@pytest.fixture
def flags(notice: Notice) -> list[Flag]:
    """Three open flags of the seller north, the first the most urgent, and one of south."""
    rows = []
    for number, seller in enumerate(("north", "north", "north", "south")):
        listing = ListingFactory(platform=notice.platform, seller=seller, external_id=f"A-{number}")
        flag = FlagFactory(notice=notice, listing=listing, opened_at=timezone.now())
        enforcement.start_clock(flag=flag)
        Flag.objects.filter(pk=flag.pk).update(due_at=timezone.now() + timedelta(hours=number + 1))
        rows.append(Flag.objects.get(pk=flag.pk))
    return rows


@pytest.fixture
def colleague(platform_a: Organisation) -> User:
    return UserFactory(organisation=platform_a, name="Milo Marsh")


def with_seen(flags: list[Flag]) -> list[tuple[Flag, str]]:
    return [(flag, services.seen_token(flag)) for flag in flags]


def chosen(flags: list[Flag]) -> list[str]:
    return [f"{flag.pk}|{services.seen_token(flag)}" for flag in flags]


def statuses(flags: list[Flag]) -> list[str]:
    return [Flag.objects.get(pk=flag.pk).status for flag in flags]


def test_each_flag_gets_a_decision_and_an_audit_event_of_its_own(flags: list[Flag], moderator_a: User) -> None:
    result = services.decide_many(
        flags=with_seen(flags[:3]), kind="removed", note="Batch 7", actor=Actor.person(moderator_a)
    )
    assert (sorted(result.done), result.refused) == (sorted(flag.pk for flag in flags[:3]), [])
    assert statuses(flags) == ["claimed_removed"] * 3 + ["open"]
    assert Decision.objects.filter(note="Batch 7", user=moderator_a).count() == 3
    assert AuditEvent.objects.filter(action="flag.claimed_removed").values("subject_id").distinct().count() == 3


def test_what_changed_since_or_is_claimed_is_skipped_and_listed(
    flags: list[Flag], moderator_a: User, colleague: User
) -> None:
    seen = with_seen(flags[:3])
    services.claim_flag(flag=flags[0], actor=Actor.person(colleague))
    services.decide(flag=flags[1], kind="ask_seller", seen=seen[1][1], actor=Actor.person(colleague))
    result = services.decide_many(flags=seen, kind="removed", actor=Actor.person(moderator_a))
    assert result.done == [flags[2].pk]
    assert [flag.pk for flag, _ in result.refused] == [flags[0].pk, flags[1].pk]
    assert "has claimed flag" in str(result.refused[0][1])
    assert "ask the seller" in str(result.refused[1][1])
    assert statuses(flags[:3]) == ["open", "asked_seller", "claimed_removed"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"kind": "gone"}, "kind"), ({"kind": "not_the_product"}, "reason"), ({"kind": "escalate"}, "note")],
)
def test_a_decision_that_is_not_complete_decides_nothing(
    given: dict[str, str], field: str, flags: list[Flag], moderator_a: User
) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.decide_many(flags=with_seen(flags), actor=Actor.person(moderator_a), **given)
    assert field in refusal.value.message_dict
    assert statuses(flags) == ["open"] * 4


def test_too_many_are_refused_as_a_whole_and_another_role_may_not(
    flags: list[Flag], moderator_a: User, officer: User
) -> None:
    with pytest.raises(ValidationError, match="at most 500 flags at a time"):
        services.decide_many(
            flags=with_seen(flags[:1]) * (MAX_COUNT + 1), kind="removed", actor=Actor.person(moderator_a)
        )
    with pytest.raises(PermissionDenied):
        services.decide_many(flags=with_seen(flags), kind="removed", actor=Actor.person(officer))
    assert statuses(flags) == ["open"] * 4


def test_a_moderator_selects_two_flags_and_decides_them(flags: list[Flag], moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    queue = tight(client.get(reverse("listings:queue")).content.decode())
    assert f'form="bulk" name="flags" value="{flags[0].pk}"' in queue
    page = client.get(BULK, {"flags": [flags[0].pk, flags[1].pk], "view": "undecided"}).content.decode()
    assert "Apply to 2 flags" in page
    assert "A-2" not in page
    done = client.post(
        DECIDE, {"chosen": chosen(flags[:2]), "kind": "removed", "note": "", "kept": "view=undecided"}, follow=True
    )
    assert done.redirect_chain == [(f"{reverse('listings:queue')}?view=undecided", 302)]
    assert "2 flags decided." in done.content.decode()
    assert statuses(flags) == ["claimed_removed", "claimed_removed", "open", "open"]


def test_all_that_match_the_filters_need_a_confirmation_of_their_own(
    flags: list[Flag], moderator_a: User, client: Client
) -> None:
    client.force_login(moderator_a)
    page = client.get(BULK, {"all": "yes", "seller": "north"}).content.decode()
    assert "Yes, decide all 3 matching flags" in page
    given = {"chosen": chosen(flags[:3]), "all": "yes", "kind": "removed", "note": "kept text"}
    refused = client.post(DECIDE, given)
    assert refused.status_code == 422
    assert "Confirm that you want to decide all matching flags." in refused.content.decode()
    assert "kept text" in refused.content.decode()
    assert statuses(flags) == ["open"] * 4
    assert client.post(DECIDE, {**given, "sure": "on"}).status_code == 302
    assert statuses(flags) == ["claimed_removed"] * 3 + ["open"]


def test_flags_that_came_after_the_page_was_made_are_not_decided(
    flags: list[Flag], notice: Notice, moderator_a: User, client: Client
) -> None:
    shown = chosen(flags)
    later = FlagFactory(notice=notice, listing=ListingFactory(platform=notice.platform), opened_at=timezone.now())
    enforcement.start_clock(flag=later)
    client.force_login(moderator_a)
    client.post(DECIDE, {"chosen": shown, "all": "yes", "sure": "on", "kind": "removed"})
    assert statuses([*flags, later]) == ["claimed_removed"] * 4 + ["open"]


def test_a_page_that_is_stale_for_some_says_which(
    flags: list[Flag], moderator_a: User, colleague: User, client: Client
) -> None:
    shown = chosen(flags[:2])
    services.claim_flag(flag=flags[0], actor=Actor.person(colleague))
    client.force_login(moderator_a)
    answer = client.post(DECIDE, {"chosen": shown, "kind": "removed"})
    assert answer.status_code == 200
    assert "1 flag decided, 1 skipped" in answer.content.decode()
    assert colleague.name in answer.content.decode()


def test_claiming_many_takes_those_that_are_free(
    flags: list[Flag], moderator_a: User, colleague: User, client: Client
) -> None:
    services.claim_flag(flag=flags[0], actor=Actor.person(colleague))
    client.force_login(moderator_a)
    answer = client.post(CLAIM, {"chosen": chosen(flags[:3])})
    assert "2 flags claimed, 1 skipped" in answer.content.decode()
    holders = [Flag.objects.get(pk=flag.pk).claimed_by for flag in flags]
    assert holders == [colleague, moderator_a, moderator_a, None]


def test_another_platforms_flags_are_not_there_to_choose(flags: list[Flag], moderator_b: User, client: Client) -> None:
    client.force_login(moderator_b)
    page = client.get(f"{BULK}?{urlencode({'flags': [flag.pk for flag in flags]}, doseq=True)}")
    assert "No flags are selected" in page.content.decode()
    assert client.post(DECIDE, {"chosen": chosen(flags), "kind": "removed"}).status_code == 422
    client.post(CLAIM, {"chosen": chosen(flags)})
    assert statuses(flags) == ["open"] * 4
    assert not Flag.objects.exclude(claimed_by=None).exists()


@pytest.mark.parametrize("odd", ["x|open:0", "1"])
def test_an_address_that_names_no_flags_is_refused(
    odd: str, flags: list[Flag], moderator_a: User, client: Client
) -> None:
    client.force_login(moderator_a)
    assert client.post(DECIDE, {"chosen": [odd], "kind": "removed"}).status_code in {400, 422}
    assert client.get(BULK, {"flags": ["one"]}).status_code == 400
    assert statuses(flags) == ["open"] * 4
