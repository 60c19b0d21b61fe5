"""The regulator of a sandbox acts when its engineers ask: a recall comes, time passes, a version follows, a notice ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.clocks.services.timing import pass_time
from enforcement.models import Appeal, Escalation, Takedown
from enforcement.sandbox import regulator, services
from listings import services as listings
from listings.models import Flag
from portal.identity import api_keys
from portal.identity.access import PLATFORM_SCOPES
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Organisation, User, WebhookEndpoint
from recalls.models import Notice, Recall, RecallVersion
from recalls.services import ProductContent
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, WebhookEndpointFactory

pytestmark = pytest.mark.django_db
KETTLE = {"name": "Kettle K-2", "brand": "Boilwell", "model_numbers": ["K-2"]}
PAN = {"name": "Pan P-9", "brand": "Boilwell", "model_numbers": ["P-9"]}
SAMPLE = regulator.Sample(products=(ProductContent("Kettle K-2", "Boilwell", ("K-2",)),), hazard="It leaks.")
Call = Callable[..., Any]


@pytest.fixture
def sandbox(platform_a: Organisation, manager_a: User) -> Organisation:
    made = services.create_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    listings.match_notices_due()
    return made


def program(organisation: Organisation, person: User) -> Call:
    _, secret = api_keys.create_key(
        organisation=organisation, name="Trying", scopes=list(PLATFORM_SCOPES), days=5, actor=Actor.person(person)
    )

    def call(method: str, path: str, body: object = None) -> Any:
        client = Client(headers={"authorization": f"Bearer {secret}"})
        return getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json")

    return call


@pytest.fixture
def call(sandbox: Organisation, manager_a: User) -> Call:
    return program(sandbox, manager_a)


@pytest.fixture
def endpoint(sandbox: Organisation) -> WebhookEndpoint:
    made: WebhookEndpoint = WebhookEndpointFactory(organisation=sandbox)
    return made


def told(endpoint: WebhookEndpoint) -> list[str]:
    """The types of events that left, in their order."""
    return list(endpoint.hooks.order_by("pk").values_list("event_type", flat=True))


def clock(sandbox: Organisation) -> Takedown:
    """That of a flag of SANDBOX-1."""
    notice = Notice.objects.get(platform=sandbox, recall__number="SANDBOX-1")
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=sandbox), opened_at=timezone.now())
    return enforcement.start_clock(flag=flag)


def steps(takedown: Takedown) -> list[str]:
    return list(Escalation.objects.filter(takedown=takedown).order_by("step").values_list("kind", flat=True))


def test_a_recall_is_published_and_sent_and_flags_what_matches(
    sandbox: Organisation, call: Call, endpoint: WebhookEndpoint
) -> None:
    answer = call("post", "sandbox/recalls", {"products": [KETTLE], "hazard": "It leaks."})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["recall_number"], made["status"], made["recall"]["title"]) == (
        "SANDBOX-4", "active", "Kettle K-2 Recalled (sandbox)",
    )  # fmt: skip
    assert "invented test data" in made["recall"]["description"]
    assert told(endpoint) == ["notice.sent"]
    assert call("get", f"notices/{made['id']}").status_code == 200
    call("post", "listings/bulk", {"listings": [{"id": "K-1", "title": "Boilwell K-2 kettle", "brand": "Boilwell"}]})
    listings.match_notices_due()
    while listings.match_listings_due(platform_id=sandbox.pk):
        pass
    assert Flag.objects.get(platform=sandbox).recall.number == "SANDBOX-4"
    by = set(
        AuditEvent.objects.filter(action="notice.sent", organisation=sandbox).values_list("actor_label", flat=True)
    )
    assert any(label.startswith("System: sandbox regulator, after Trying (ofs_sandbox_") for label in by)


def test_time_passes_until_the_reminder_the_missed_deadline_and_the_step_after_it(
    sandbox: Organisation, call: Call, endpoint: WebhookEndpoint
) -> None:
    takedown, mails = clock(sandbox), Mail.objects.count()
    path = f"sandbox/takedowns/{takedown.flag_id}"
    first = call("post", f"{path}/time", {"minutes": 21}).json()
    assert (first["status"], steps(takedown)) == ("running", ["reminder"])
    assert takedown.due_at - Takedown.objects.get(pk=takedown.pk).due_at == timedelta(minutes=21)
    assert Flag.objects.get(pk=takedown.flag_id).due_at == Takedown.objects.get(pk=takedown.pk).due_at
    assert call("post", f"{path}/miss").json()["status"] == "missed"
    assert steps(takedown) == ["reminder", "missed"]
    assert call("post", f"{path}/miss").json()["code"] == "illegal_transition"
    call("post", f"{path}/time", {"minutes": 6})
    assert steps(takedown) == ["reminder", "missed", "contact"]
    assert told(endpoint) == ["escalation.raised"] * 3
    assert Mail.objects.count() == mails
    passed = AuditEvent.objects.filter(action="takedown.retimed", subject_id=str(takedown.pk)).order_by("pk").first()
    assert passed is not None
    assert passed.reason.startswith("Time passed in the sandbox: 21 minutes. Deadline: 30 minutes after")


def test_what_has_no_running_clock_or_no_number_moves_nothing(sandbox: Organisation, call: Call) -> None:
    takedown = clock(sandbox)
    path = f"sandbox/takedowns/{takedown.flag_id}/time"
    for wrong in (0, -5, regulator.MAX_MINUTES + 1, "30", 1.5, None):
        assert call("post", path, {"minutes": wrong}).status_code == 422, wrong
    Takedown.objects.filter(pk=takedown.pk).update(started_at=timezone.now() - timedelta(days=350))
    assert call("post", path, {"minutes": 30 * 24 * 60}).json()["code"] == "illegal_transition", "no clock of years"
    Takedown.objects.filter(pk=takedown.pk).update(started_at=takedown.started_at)
    enforcement.pause_clock(takedown=takedown, reason="Stop.", actor=Actor.system("test"))
    assert call("post", path, {"minutes": 5}).json()["code"] == "illegal_transition"
    assert call("post", f"sandbox/takedowns/{takedown.flag_id}/miss").status_code == 409
    row = Takedown.objects.get(pk=takedown.pk)
    assert (row.due_at, row.status, steps(row)) == (takedown.due_at, "running", [])


def test_time_that_passes_keeps_the_length_of_a_pause(sandbox: Organisation, call: Call) -> None:
    takedown = clock(sandbox)
    enforcement.pause_clock(takedown=takedown, reason="Stop.", actor=Actor.system("test"))
    takedown.pauses.update(started_at=timezone.now() - timedelta(minutes=10))
    Takedown.objects.filter(pk=takedown.pk).update(started_at=timezone.now() - timedelta(minutes=12))
    enforcement.resume_clock(takedown=takedown, actor=Actor.system("test"))
    before = Takedown.objects.get(pk=takedown.pk).due_at
    call("post", f"sandbox/takedowns/{takedown.flag_id}/time", {"minutes": 15})
    assert before - Takedown.objects.get(pk=takedown.pk).due_at == timedelta(minutes=15)


def test_a_new_version_widens_the_notice_and_one_that_says_the_same_is_refused(
    sandbox: Organisation, call: Call, endpoint: WebhookEndpoint
) -> None:
    made = call("post", "sandbox/recalls", {"products": [KETTLE], "title": "Kettles"}).json()
    path = f"sandbox/notices/{made['id']}/version"
    wider = {"products": [KETTLE, PAN], "change_note": "A pan, too."}
    answer = call("post", path, wider)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["recall"]["version"], answer.json()["recall"]["title"]) == (2, "Kettles (sandbox)")
    assert told(endpoint) == ["notice.sent", "notice.widened"]
    again = call("post", path, wider)
    assert again.json()["code"] == "illegal_transition"
    assert RecallVersion.objects.filter(recall__number="SANDBOX-4").count() == 2, "no draft is left behind"
    assert call("post", path, {"products": [KETTLE]}).status_code == 422, "the note is missing"


def test_a_withdrawn_notice_stops_its_clocks_and_gets_no_version(
    sandbox: Organisation, call: Call, endpoint: WebhookEndpoint
) -> None:
    takedown = clock(sandbox)
    notice = takedown.flag.notice
    path = f"sandbox/notices/{notice.pk}"
    assert call("post", f"{path}/withdraw", {"reason": ""}).status_code == 422
    assert call("post", f"{path}/withdraw", {"reason": "A trial."}).json()["status"] == "withdrawn"
    assert told(endpoint) == ["notice.withdrawn", "flag.changed"]
    assert Takedown.objects.get(pk=takedown.pk).status == "cancelled"
    assert call("post", f"{path}/withdraw", {"reason": "Again."}).status_code == 409
    wider = {"products": [KETTLE], "change_note": "More."}
    assert call("post", f"{path}/version", wider).status_code == 409
    assert call("post", f"sandbox/takedowns/{takedown.flag_id}/time", {"minutes": 5}).status_code == 409
    assert RecallVersion.objects.filter(recall=notice.recall_id).count() == 1


def test_what_the_platform_asks_is_answered(sandbox: Organisation, call: Call, endpoint: WebhookEndpoint) -> None:
    takedown = clock(sandbox)
    flag = f"flags/{takedown.flag_id}"
    assert call("post", f"sandbox/{flag}/answer", {"note": "Yes."}).status_code == 409, "nothing was asked"
    seen = call("get", flag).json()["seen"]
    call("post", f"{flag}/decide", {"kind": "escalate", "note": "All colours?", "seen": seen})
    assert call("post", f"sandbox/{flag}/answer", {"note": " "}).status_code == 422
    assert Flag.objects.get(pk=takedown.flag_id).status == "referred"
    assert call("post", f"sandbox/{flag}/answer", {"note": "Yes, all."}).json()["status"] == "open"
    path = f"takedowns/{takedown.flag_id}/extension"
    assert call("post", f"sandbox/{path}", {"grant": True}).status_code == 422, "nothing was asked"
    call("post", path, {"amount": 10, "reason": "Our shop is down."})
    assert call("post", f"sandbox/{path}", {"grant": True}).json()["extensions"][0]["status"] == "granted"
    assert Takedown.objects.get(pk=takedown.pk).due_at - takedown.due_at == timedelta(minutes=10)
    appealed = call("post", f"takedowns/{takedown.flag_id}/appeal", {"side": "platform", "text": "It is a towel."})
    appeal = appealed.json()["appeals"][0]["id"]
    answered = call("post", f"sandbox/appeals/{appeal}/answer", {"grant": False, "answer": "It is the heater."})
    assert answered.json()["status"] == "rejected"
    assert told(endpoint)[-1] == "appeal.answered"


def test_only_so_many_recalls_fit_into_a_sandbox(
    sandbox: Organisation, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regulator, "MAX_RECALLS", 4)
    assert call("post", "sandbox/recalls", {"products": [KETTLE]}).status_code == 201
    refused = call("post", "sandbox/recalls", {"products": [KETTLE]})
    assert (refused.status_code, "at most 4 recalls" in refused.content.decode()) == (422, True)
    wrongs: list[dict[str, Any]] = [
        {},
        {"products": []},
        {"products": [{**KETTLE, "gtins": ["123"]}]},
        {"products": [KETTLE] * 11},
    ]
    for wrong in wrongs:
        assert call("post", "sandbox/recalls", wrong).status_code == 422, wrong
    assert Recall.objects.filter(number__startswith="SANDBOX-").count() == 4


def test_no_real_key_and_no_other_sandbox_moves_anything(
    sandbox: Organisation,
    call: Call,
    platform_a: Organisation,
    platform_b: Organisation,
    manager_a: User,
    moderator_b: User,
) -> None:
    takedown = clock(sandbox)
    real = NoticeFactory(platform=platform_a)
    real_clock = enforcement.start_clock(
        flag=FlagFactory(notice=real, listing=ListingFactory(platform=platform_a), opened_at=timezone.now())
    )
    moderator_b.role = "platform_manager"
    moderator_b.save()
    theirs = services.create_sandbox(platform=platform_b, actor=Actor.person(moderator_b))
    before = list(Takedown.objects.order_by("pk").values("due_at", "status"))
    acts = [
        ("sandbox/recalls", {"products": [KETTLE]}),
        (f"sandbox/notices/{takedown.flag.notice_id}/withdraw", {"reason": "x"}),
        (f"sandbox/notices/{takedown.flag.notice_id}/version", {"products": [KETTLE], "change_note": "x"}),
        (f"sandbox/takedowns/{takedown.flag_id}/time", {"minutes": 5}),
        (f"sandbox/takedowns/{takedown.flag_id}/miss", {}),
        (f"sandbox/takedowns/{takedown.flag_id}/extension", {"grant": True}),
        (f"sandbox/flags/{takedown.flag_id}/answer", {"note": "x"}),
        ("sandbox/appeals/1/answer", {"grant": True, "answer": "x"}),
    ]
    outside, elsewhere = program(platform_a, manager_a), program(theirs, moderator_b)
    assert [outside("post", *act).status_code for act in acts] == [403] * 8
    assert [elsewhere("post", *act).status_code for act in acts[1:]] == [404] * 7
    assert call("post", f"sandbox/takedowns/{real_clock.flag_id}/miss").status_code == 404
    assert call("post", f"sandbox/notices/{real.pk}/withdraw", {"reason": "x"}).status_code == 404
    strangers = [
        Actor.person(manager_a), Actor.person(moderator_b, sandbox=theirs), Actor.person(manager_a, sandbox=sandbox),
        Actor.system("a sweep"),
    ]  # fmt: skip
    for actor in strangers:
        with pytest.raises(PermissionDenied):
            regulator.miss_deadline(takedown=real_clock, actor=actor)
        with pytest.raises(PermissionDenied):
            pass_time(takedown=real_clock, minutes=5, actor=actor)
        with pytest.raises(PermissionDenied):
            regulator.withdraw_sample(notice=real, reason="x", actor=actor)
    assert list(Takedown.objects.order_by("pk").values("due_at", "status")) == before
    assert not Notice.objects.filter(status="withdrawn").exists()


def test_a_sandbox_that_was_removed_has_no_regulator_any_more(
    sandbox: Organisation, platform_a: Organisation, manager_a: User
) -> None:
    inside = Actor.person(manager_a, sandbox=sandbox)
    services.remove_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    with pytest.raises(PermissionDenied):
        regulator.publish_sample(sample=SAMPLE, actor=inside)
    assert not Recall.objects.filter(number="SANDBOX-4").exists()


def test_the_page_is_there_in_the_sandbox_and_nowhere_else(
    sandbox: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    client, page, takedown = sign_in(manager_a), reverse("enforcement:sandbox_regulator"), clock(sandbox)
    assert client.get(page).status_code == 403
    assert page not in client.get(reverse("listings:queue")).content.decode()
    client.post(reverse("enforcement:sandbox_enter"))
    text = client.get(page).content.decode()
    assert page in client.get(reverse("listings:queue")).content.decode(), "it is in the navigation"
    assert takedown.flag.listing.external_id in text
    assert client.post(page, {"name": "", "hazard": "x"}).status_code == 422
    sent = {"name": "Kettle K-2", "brand": "Boilwell", "model_numbers": "K-2\nK-3", "hazard": "It leaks."}
    assert client.post(page, sent).status_code == 302
    notice = Notice.objects.get(recall__number="SANDBOX-4")
    assert notice.version.products.get().model_numbers == ["K-2", "K-3"]
    version = reverse("enforcement:sandbox_version", args=[notice.pk])
    assert "K-2\nK-3" in client.get(version).content.decode()
    assert client.post(version, {**sent, "model_numbers": "K-2", "change_note": "One less."}).status_code == 302
    assert client.post(reverse("enforcement:sandbox_time", args=[takedown.pk]), {"minutes": "x"}).status_code == 302
    assert steps(takedown) == []
    client.post(reverse("enforcement:sandbox_time", args=[takedown.pk]), {"minutes": "25"})
    assert steps(takedown) == ["reminder"]
    client.post(reverse("enforcement:sandbox_miss", args=[takedown.pk]))
    assert steps(takedown) == ["reminder", "missed"]
    Flag.objects.filter(pk=takedown.flag_id).update(status="referred")
    Appeal.objects.create(takedown=takedown, side="platform", text="It is a towel.", made_by="Mia")
    assert "It is a towel." in client.get(page).content.decode()
    answers = {"flag": takedown.flag_id, "appeal": takedown.appeals.get().pk}
    for kind, pk in answers.items():
        address = reverse("enforcement:sandbox_answer", args=[kind, pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {}).status_code == 422, kind
        assert client.post(address, {"note": "Yes.", "decision": "grant", "answer": "So it is."}).status_code == 302, (
            kind
        )
        assert client.get(address).status_code == 404, "it is answered"
    assert client.get(reverse("enforcement:sandbox_answer", args=["letter", 1])).status_code == 404
    withdrawal = reverse("enforcement:sandbox_withdraw", args=[notice.pk])
    assert client.get(withdrawal).status_code == 200
    client.post(withdrawal, {"reason": "A trial."})
    notice.refresh_from_db()
    assert (notice.version.version, notice.status) == (2, "withdrawn")
    assert client.get(page).status_code == 200
