"""A decision can be undone while it is not final; until then nothing leaves. High scores need two; sellers have a
clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.models import Escalation, Letter, Takedown
from listings import services
from listings.models import Decision, Exclusion, Flag
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from portal.transitions import IllegalTransition
from recalls.models import Notice
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db
ToActor = Callable[[User], Actor]


@pytest.fixture
def notice(platform_a: Organisation, regulator: Organisation) -> Notice:
    return NoticeFactory(
        platform=platform_a, recall__regulator=regulator, terms=dict(TERMS) | {"second_person_from": 95}
    )


def flag_of(notice: Notice, score: float = 0.8) -> Flag:
    flag = FlagFactory(
        notice=notice, listing=ListingFactory(platform=notice.platform), opened_at=timezone.now(), score=score
    )
    enforcement.start_clock(flag=flag)
    return Flag.objects.get(pk=flag.pk)


@pytest.fixture
def flag(notice: Notice, settings: Any) -> Flag:
    settings.UNDO_SECONDS = 20
    return flag_of(notice)


def decide(flag: Flag, actor: Actor, kind: str = "removed", **given: str) -> Decision:
    flag = Flag.objects.get(pk=flag.pk)
    return services.decide(flag=flag, kind=kind, seen=services.seen_token(flag), actor=actor, **given)


def test_no_check_begins_before_a_removal_is_final(flag: Flag, moderator_a: User, as_actor: ToActor) -> None:
    decide(flag, as_actor(moderator_a))
    assert services.finalize_due() == 0
    assert (Flag.objects.get().status, Takedown.objects.get().check_plan.next_at) == ("claimed_removed", None)
    with time_machine.travel(timezone.now() + timedelta(seconds=21)):
        assert (services.finalize_due(), services.finalize_due()) == (1, 0)
        fetch_page = Takedown.objects.get().check_plan.next_at
        assert fetch_page is not None
        assert fetch_page <= timezone.now()


def test_undoing_brings_back_flag_clock_and_claim(flag: Flag, moderator_a: User, as_actor: ToActor) -> None:
    nia, before = as_actor(moderator_a), Takedown.objects.get()
    decision = decide(flag, nia, "not_the_product", reason="accessory", remember="listing")
    assert Takedown.objects.get().status == "cancelled"
    assert [row.pk for row in services.undoable_by(actor=nia)] == [decision.pk]
    services.undo_decision(decision=decision, actor=nia)
    flag, takedown = Flag.objects.get(), Takedown.objects.get()
    assert (flag.status, flag.claimed_by, flag.closed_at) == ("open", moderator_a, None)
    assert (takedown.status, takedown.due_at, takedown.next_step_at) == ("running", before.due_at, before.next_step_at)
    assert not Exclusion.objects.holding().exists()
    assert Decision.objects.get(kind="undone").overrides == decision
    assert AuditEvent.objects.filter(action="flag.decision_undone").count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert services.finalize_due() == 0, "what is undone has no effect"


def test_only_who_decided_undoes_and_only_in_time(
    flag: Flag, moderator_a: User, second_moderator_a: User, as_actor: ToActor
) -> None:
    decision = decide(flag, as_actor(moderator_a))
    with pytest.raises(PermissionDenied):
        services.undo_decision(decision=decision, actor=as_actor(second_moderator_a))
    with (
        time_machine.travel(timezone.now() + timedelta(seconds=20)),
        pytest.raises(IllegalTransition, match="is final"),
    ):
        services.undo_decision(decision=decision, actor=as_actor(moderator_a))
    assert Flag.objects.get().status == "claimed_removed"
    assert Decision.objects.count() == 1


def test_a_letter_is_taken_back_only_when_the_dismissal_is_final(
    flag: Flag, moderator_a: User, as_actor: ToActor
) -> None:
    takedown = Takedown.objects.get()
    step = Escalation.objects.create(
        takedown=takedown, platform=takedown.platform, step=4, kind="letter", due_at=takedown.due_at
    )
    letter = Letter.objects.create(escalation=step, platform=takedown.platform, language="en", subject="s", body="b")
    decision = decide(flag, as_actor(moderator_a), "not_the_product", reason="accessory")
    services.undo_decision(decision=decision, actor=as_actor(moderator_a))
    letter.refresh_from_db()
    assert letter.status == "draft"
    decide(flag, as_actor(moderator_a), "not_the_product", reason="accessory")
    with time_machine.travel(timezone.now() + timedelta(seconds=21)):
        services.finalize_due()
    letter.refresh_from_db()
    assert letter.status == "discarded"


def test_the_regulator_hears_of_a_question_when_it_is_final_and_the_asker_of_the_answer(
    flag: Flag, moderator_a: User, officer: User, as_actor: ToActor
) -> None:
    decide(flag, as_actor(moderator_a), "escalate", note="Is the 2019 model meant?")
    assert not Notification.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=21)):
        services.finalize_due()
        assert Notification.objects.get(person=officer).subject.startswith("Bazaarly has a question about a flag")
        services.answer_referral(flag=Flag.objects.get(), note="Yes.", actor=as_actor(officer))
    assert "Yes." in Notification.objects.get(person=moderator_a).body


def test_a_high_score_is_dismissed_by_two_persons_only(
    notice: Notice, moderator_a: User, second_moderator_a: User, as_actor: ToActor
) -> None:
    flag = flag_of(notice, score=0.97)
    decide(flag, as_actor(moderator_a), "not_the_product", reason="other_model")
    assert (Flag.objects.get().status, Takedown.objects.get().status) == ("second_asked", "running")
    assert not Exclusion.objects.exists()
    program = Actor("api", "Key", frozenset({"flag.decide"}), organisation_id=notice.platform_id)
    for actor in (as_actor(moderator_a), program):
        with pytest.raises(ValidationError):
            decide(flag, actor, "not_the_product", reason="other_model")
    assert (Flag.objects.get().status, Decision.objects.count()) == ("second_asked", 1)
    decide(flag, as_actor(second_moderator_a), "not_the_product", reason="other_model")
    assert (Flag.objects.get().status, Takedown.objects.get().status) == ("dismissed", "cancelled")
    assert Exclusion.objects.holding().count() == 1


def test_a_second_person_may_see_it_differently_and_a_low_score_needs_none(
    notice: Notice, moderator_a: User, second_moderator_a: User, as_actor: ToActor
) -> None:
    high, low = flag_of(notice, score=0.95), flag_of(notice, score=0.94)
    for flag in (high, low):
        decide(flag, as_actor(moderator_a), "not_the_product", reason="other_model")
    decide(high, as_actor(second_moderator_a))
    assert [Flag.objects.get(pk=flag.pk).status for flag in (high, low)] == ["claimed_removed", "dismissed"]


def test_a_silent_seller_holds_nothing_up(notice: Notice, moderator_a: User, system: Actor, as_actor: ToActor) -> None:
    flag = flag_of(notice)
    services.decide(flag=flag, kind="ask_seller", seller_hours=3, seen="open:0", actor=as_actor(moderator_a))
    due = Flag.objects.get().seller_due_at
    assert due is not None
    assert services.reopen_unanswered() == 0
    with time_machine.travel(due):
        assert (services.reopen_unanswered(), services.reopen_unanswered()) == (1, 0)
    assert Flag.objects.get().status == "open"
    assert Notification.objects.get(person=moderator_a).subject.startswith("Seller did not reply")


def test_a_seller_never_has_longer_than_the_flag(notice: Notice, moderator_a: User, as_actor: ToActor) -> None:
    flag = flag_of(notice)
    soon = timezone.now() + timedelta(hours=1)
    Flag.objects.update(due_at=soon)
    services.decide(flag=flag, kind="ask_seller", seller_hours=24, seen="open:0", actor=as_actor(moderator_a))
    assert Flag.objects.get().seller_due_at == soon
    decide(flag, as_actor(moderator_a), "seller_answered", note="It is the 2021 model.")
    assert Flag.objects.get().status == "open"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"kind": "seller_answered"}, "note"), ({"kind": "ask_seller", "seller_hours": 0}, "seller_hours"),
     ({"kind": "ask_second"}, "kind"), ({"kind": "undone"}, "kind")],
)  # fmt: skip
def test_what_a_decision_lacks_is_named(
    given: dict[str, str], field: str, notice: Notice, moderator_a: User, as_actor: ToActor
) -> None:
    flag = flag_of(notice)
    with pytest.raises(ValidationError) as refused:
        services.decide(flag=flag, seen="open:0", actor=as_actor(moderator_a), **given)
    assert list(refused.value.message_dict) == [field]
    assert (Flag.objects.get().status, Decision.objects.count()) == ("open", 0)


def test_a_flag_is_handed_to_a_colleague_and_to_no_one_else(
    notice: Notice, moderator_a: User, second_moderator_a: User, moderator_b: User, as_actor: ToActor
) -> None:
    flag = flag_of(notice)
    services.claim_flag(flag=flag, actor=as_actor(moderator_a))
    with pytest.raises(services.Held):
        services.hand_over_flag(flag=flag, to=moderator_a, actor=as_actor(second_moderator_a))
    for stranger in (moderator_b, moderator_a):
        with pytest.raises(ValidationError, match="Choose a colleague"):
            services.hand_over_flag(flag=flag, to=stranger, actor=as_actor(moderator_a))
    assert Flag.objects.get().claimed_by == moderator_a
    services.hand_over_flag(flag=flag, to=second_moderator_a, note="You know heaters.", actor=as_actor(moderator_a))
    with time_machine.travel(timezone.now() + timedelta(hours=7)), pytest.raises(services.Held):
        decide(flag, as_actor(moderator_a))
    assert Flag.objects.get().claimed_by == second_moderator_a
    services.claim_flag(flag=Flag.objects.get(), actor=as_actor(second_moderator_a))
    held_until = Flag.objects.get().claim_expires_at
    assert held_until is not None
    assert held_until > timezone.now() + timedelta(hours=7), "claiming again shortens nothing"
    assert Notification.objects.get(person=second_moderator_a).body == "You know heaters."
    assert AuditEvent.objects.get(action="flag.handed_over").reason == "You know heaters."


def test_where_the_policy_says_so_two_admins_overrule(
    platform_a: Organisation, regulator: Organisation, moderator_a: User, admin: User, as_actor: ToActor
) -> None:
    terms = dict(TERMS) | {"overrule_needs_second": True}
    flag = flag_of(NoticeFactory(platform=platform_a, recall__regulator=regulator, terms=terms))
    other = UserFactory(name="Paul Okoro", role="admin", organisation=regulator)
    dismissal = decide(flag, as_actor(moderator_a), "not_the_product", reason="accessory")
    services.overrule(flag=flag, note="It is the whole heater.", actor=as_actor(admin))
    assert (Flag.objects.get().status, Takedown.objects.get().status) == ("dismissed", "cancelled")
    assert Notification.objects.get(person=other).body.startswith("It is the whole heater.")
    with pytest.raises(ValidationError, match="Another person"):
        services.overrule(flag=flag, note="Again", actor=as_actor(admin))
    assert (Flag.objects.get().status, Decision.objects.count()) == ("dismissed", 2)
    assert services.overrule(flag=flag, note="I agree.", actor=as_actor(other)).overrides == dismissal
    assert (Flag.objects.get().status, Takedown.objects.get().status) == ("open", "running")
    assert AuditEvent.objects.filter(action__in=["flag.overrule_asked", "flag.overruled"]).count() == 2
