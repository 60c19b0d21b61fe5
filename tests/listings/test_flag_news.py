"""A platform's programs are told which flags were opened, and of every change of one, whoever made it."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.db import transaction

from listings import services
from listings.models import Flag
from listings.services import flagging
from portal.identity.actors import Actor
from portal.models import Hook, Organisation, User
from portal.notifications.events import EVENT_TYPES
from recalls.models import Notice
from tests.factories import NoticeFactory, RecallFactory, WebhookEndpointFactory
from tests.listings.test_flagging import ACTOR, found, heaters

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> Notice:
    for platform in (platform_a, platform_b):
        WebhookEndpointFactory(organisation=platform)
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)


def opened(notice: Notice, count: int = 1) -> list[Flag]:
    rows = [found(notice, listing) for listing in heaters(notice.platform, count)]
    assert flagging.flag_all(rows, notice=notice, actor=ACTOR) == count
    return list(Flag.objects.order_by("pk"))


def told(kind: str) -> list[dict[str, Any]]:
    """What the platform of the notice was told, each as its schema says."""
    hooks = list(Hook.objects.filter(event_type=kind).order_by("pk"))
    for hook in hooks:
        jsonschema.validate(hook.payload, EVENT_TYPES[kind].schema(kind))
        assert hook.organisation.slug == "bazaarly"
    return [hook.payload["data"] for hook in hooks]


def test_flags_that_are_opened_together_are_one_event_of_up_to_a_hundred(notice: Notice) -> None:
    flags = opened(notice, 120)
    first, second = told("flag.opened")
    assert first["flag_ids"] + second["flag_ids"] == [flag.pk for flag in flags]
    assert (len(second["flag_ids"]), first["subject"]) == (20, "New flags: 100")
    assert notice.recall.number in first["body"]


def test_every_change_is_told_with_the_status_before(notice: Notice, moderator_a: User, settings: Any) -> None:
    settings.UNDO_SECONDS = 60
    [flag] = opened(notice)
    decision = services.decide(
        flag=flag, kind="removed", seen=services.seen_token(flag), undoable=True, actor=Actor.person(moderator_a)
    )
    services.undo_decision(decision=decision, actor=Actor.person(moderator_a))
    assert [(each["flag_id"], each["before"], each["status"]) for each in told("flag.changed")] == [
        (flag.pk, "open", "claimed_removed"),
        (flag.pk, "claimed_removed", "open"),
    ]
    assert told("flag.changed")[0]["link"].endswith(f"/flags/{flag.pk}/")


def test_a_change_that_is_not_committed_is_not_told(notice: Notice, moderator_a: User) -> None:
    [flag] = opened(notice)
    with transaction.atomic():
        services.decide(flag=flag, kind="removed", seen=services.seen_token(flag), actor=Actor.person(moderator_a))
        transaction.set_rollback(True)
    assert told("flag.changed") == []
    assert Flag.objects.get().status == "open"
