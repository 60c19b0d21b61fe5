"""Appeals: submitted by a platform or its seller, answered by another person, while the clock keeps running."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.models import Appeal, CheckPlan, Takedown
from listings import services as listings
from listings.models import Decision, Exclusion, Flag
from listings.rule_precision import rule_precisions
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from portal.transitions import IllegalTransition
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
BRAND = {"signal": "same_brand", "weight": 2.5, "recall_span": None, "listing_span": None, "says": "Same brand."}


@pytest.fixture
def takedown(regulator: Organisation, platform_a: Organisation) -> Takedown:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now())
    listing = ListingFactory(platform=platform_a)
    return services.start_clock(
        flag=FlagFactory(notice=notice, listing=listing, opened_at=timezone.now(), evidence=[BRAND])
    )


def submit(takedown: Takedown, person: User) -> Appeal:
    return services.make_appeal(
        takedown=takedown, side="seller", text="It is another model.", actor=Actor.person(person)
    )


@pytest.mark.parametrize("status", ["open", "claimed_removed", "removed", "restricted"])
def test_a_granted_appeal_dismisses_the_flag_stops_its_clock_and_is_remembered(
    status: str, takedown: Takedown, moderator_a: User, officer: User
) -> None:
    Flag.objects.update(status=status)
    if status in {"removed", "restricted"}:
        now = timezone.now()
        Takedown.objects.update(status="met", met_at=now, next_step=None, next_step_at=None)
        CheckPlan.objects.update(next_at=now)
    appeal = submit(takedown, moderator_a)
    due = Takedown.objects.get().due_at
    assert Notification.objects.filter(person=officer, key=f"appeal:{appeal.pk}").exists()
    services.answer_appeal(appeal=appeal, grant=True, answer="The label shows HL-300.", actor=Actor.person(officer))
    flag, row = Flag.objects.get(), Takedown.objects.get()
    assert (flag.status, row.status) == ("dismissed", "met" if status in {"removed", "restricted"} else "cancelled")
    assert (row.next_step_at, row.check_plan.next_at, row.due_at) == (None, None, due)
    known = Exclusion.objects.get()
    assert (known.scope, known.listing, known.holds) == ("listing", flag.listing, True)
    assert Decision.objects.get().kind == "appeal_granted"
    assert {row.signal: row.right for row in rule_precisions() if row.decided} == {"same_brand": 0}
    assert Notification.objects.filter(person=moderator_a, subject__startswith="Appeal granted").exists()
    assert "appeal.granted" in AuditEvent.objects.values_list("action", flat=True)


def test_a_rejected_appeal_changes_nothing_but_its_answer_and_another_may_be_made(
    takedown: Takedown, moderator_a: User, officer: User
) -> None:
    appeal = submit(takedown, moderator_a)
    before = Takedown.objects.values().get()
    with pytest.raises(IllegalTransition, match="already open"):
        submit(takedown, moderator_a)
    services.answer_appeal(appeal=appeal, grant=False, answer="It is HL-200R.", actor=Actor.person(officer))
    assert Takedown.objects.values().get() == before
    assert Flag.objects.get().status == "open"
    with pytest.raises(IllegalTransition):
        services.answer_appeal(appeal=appeal, grant=True, answer="After all.", actor=Actor.person(officer))
    assert submit(takedown, moderator_a).status == "open"


def test_whoever_decided_or_appealed_may_not_answer(
    takedown: Takedown, moderator_a: User, officer: User, admin: User
) -> None:
    flag = takedown.flag
    listings.decide(
        flag=flag, kind="escalate", note="Is it?", seen=listings.seen_token(flag), actor=Actor.person(moderator_a)
    )
    listings.answer_referral(flag=Flag.objects.get(), note="It is.", actor=Actor.person(officer))
    appeal = submit(takedown, moderator_a)
    with pytest.raises(PermissionDenied, match="Another person"):
        services.answer_appeal(appeal=appeal, grant=False, answer="I said so.", actor=Actor.person(officer))
    with pytest.raises(PermissionDenied):
        services.answer_appeal(appeal=appeal, grant=True, answer="Yes.", actor=Actor.person(moderator_a))
    with pytest.raises(ValidationError):
        services.answer_appeal(appeal=appeal, grant=True, answer=" ", actor=Actor.person(admin))
    assert Appeal.objects.get().status == "open"
    services.answer_appeal(appeal=appeal, grant=True, answer="It is not.", actor=Actor.person(admin))
    assert Flag.objects.get().status == "dismissed"


def test_a_decision_in_between_makes_nobody_the_judge_of_their_own(
    takedown: Takedown, moderator_a: User, officer: User, second_officer: User
) -> None:
    """The officer said that it is the product; the platform decides once more, and then it is appealed."""
    flag = takedown.flag
    decide = {"note": "Is it?", "actor": Actor.person(moderator_a)}
    listings.decide(flag=flag, kind="escalate", seen=listings.seen_token(flag), **decide)
    listings.answer_referral(flag=Flag.objects.get(), note="It is.", actor=Actor.person(officer))
    flag = Flag.objects.get()
    listings.decide(flag=flag, kind="removed", seen=listings.seen_token(flag), **decide)
    appeal = submit(takedown, moderator_a)
    with pytest.raises(PermissionDenied, match="Another person"):
        services.answer_appeal(appeal=appeal, grant=False, answer="I said so.", actor=Actor.person(officer))
    assert Appeal.objects.get().status == "open"
    services.answer_appeal(appeal=appeal, grant=False, answer="It is.", actor=Actor.person(second_officer))
    assert Appeal.objects.get().status == "rejected"


def test_a_cancelled_takedown_cannot_be_appealed(takedown: Takedown, moderator_a: User) -> None:
    Takedown.objects.update(status="cancelled")
    with pytest.raises(IllegalTransition, match="nothing to appeal"):
        submit(takedown, moderator_a)
    for wrong in ({"side": "nobody"}, {"text": " "}):
        with pytest.raises(ValidationError):
            services.make_appeal(
                takedown=takedown, actor=Actor.person(moderator_a), **{"side": "seller", "text": "x"} | wrong
            )
    assert not Appeal.objects.exists()


def test_the_clock_keeps_running_during_an_appeal_and_the_page_shows_it(
    takedown: Takedown, moderator_a: User, moderator_b: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    make = reverse("enforcement:appeal_make", args=[takedown.pk])
    assert sign_in(moderator_b).post(make, {"side": "seller", "text": "x"}).status_code == 404
    assert sign_in(moderator_a).post(make, {"side": "seller", "text": ""}).status_code == 422
    assert sign_in(moderator_a).post(make, {"side": "seller", "text": "Another model."}).status_code == 302
    page = sign_in(officer).get(reverse("enforcement:takedown", args=[takedown.pk])).content.decode()
    assert "Under appeal" in page
    Takedown.objects.update(next_step_at=timezone.now() - timedelta(seconds=1))
    assert services.sweep_escalations() == 1
    assert (
        "Another model."
        in sign_in(officer).get(reverse("enforcement:appeal", args=[Appeal.objects.get().pk])).content.decode()
    )
    address = reverse("enforcement:appeal", args=[Appeal.objects.get().pk])
    assert sign_in(moderator_b).get(address).status_code == 404
    assert sign_in(moderator_a).post(address, {"decision": "grant", "answer": "Me."}).status_code == 200
    assert Appeal.objects.get().status == "open"
    assert sign_in(officer).post(address, {"decision": "grant", "answer": ""}).status_code == 422
    assert sign_in(officer).post(address, {"decision": "grant", "answer": "It is HL-300."}).status_code == 302
    assert "Granted" in sign_in(moderator_a).get(reverse("enforcement:appeals")).content.decode()


def test_a_platforms_program_submits_an_appeal(takedown: Takedown, manager_a: User) -> None:
    _, secret = api_keys.create_key(
        organisation=manager_a.organisation, name="sync", scopes=["flags"], days=90, actor=Actor.person(manager_a)
    )
    client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
    address = f"/api/v1/takedowns/{takedown.flag_id}/appeal"
    assert client.post(address, {"side": "nobody"}, content_type="application/json").status_code == 422
    answer = client.post(address, {"side": "seller", "text": "Another model."}, content_type="application/json")
    assert (answer.status_code, answer.json()["appeals"][0]["status"]) == (201, "open")
