"""A platform's sandbox: created with one press, tried out through the API and the pages, and apart from all real cases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.models import CheckPlan, Escalation
from enforcement.sandbox import services
from listings import services as listings
from listings.models import Flag, Listing
from listings.querysets import seen_in_catalogues
from listings.services.decisions import seen_token
from portal import services as portal
from portal.identity import api_keys
from portal.identity.access import PLATFORM_SCOPES
from portal.identity.actors import Actor
from portal.models import ApiKey, AuditEvent, Export, Mail, Notification, Organisation, User
from portal.transitions import IllegalTransition
from recalls import services as recalls
from recalls.models import IncidentLead, Notice, Recall
from tests.factories import ListingFactory, NoticeFactory, RecallFactory, WebhookEndpointFactory

pytestmark = pytest.mark.django_db
HEATER = {
    "id": "A-1",
    "title": "Hearthline HL-200R ceramic tower heater 1500 W",
    "brand": "Hearthline",
    "price": "49.90 USD",
}


@pytest.fixture
def sandbox(platform_a: Organisation, manager_a: User) -> Organisation:
    made = services.create_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    listings.match_notices_due()
    return made


@pytest.fixture
def key(sandbox: Organisation, manager_a: User) -> dict[str, str]:
    _, secret = api_keys.create_key(
        organisation=sandbox, name="Trying", scopes=list(PLATFORM_SCOPES), days=5, actor=Actor.person(manager_a)
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def send(rows: list[dict[str, Any]], key: dict[str, str]) -> list[dict[str, Any]]:
    answer = Client().post("/api/v1/listings/bulk", {"listings": rows}, content_type="application/json", **key)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def match(sandbox: Organisation) -> None:
    while listings.match_listings_due(platform_id=sandbox.pk):
        pass


def test_one_press_gives_a_platform_notices_with_short_deadlines(
    manager_a: User, platform_a: Organisation, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(manager_a)
    assert "Create sandbox" in client.get(reverse("enforcement:sandbox")).content.decode()
    assert client.post(reverse("enforcement:sandbox_create"), follow=True).status_code == 200
    sandbox = Organisation.objects.open_sandboxes_of(platform_a.pk).platforms().get()
    notices = Notice.objects.filter(platform=sandbox)
    assert sorted(notices.values_list("recall__number", flat=True)) == ["SANDBOX-1", "SANDBOX-2", "SANDBOX-3"]
    assert {notice.terms["amount"] for notice in notices} == {30}
    assert AuditEvent.objects.get(action="sandbox.created").subject_id == str(platform_a.pk)
    assert "SANDBOX" not in client.get(reverse("recalls:notices")).content.decode()


def test_a_platform_has_one_sandbox_and_only_its_own_managers_and_operators_make_it(
    sandbox: Organisation, platform_a: Organisation, manager_a: User, moderator_a: User, moderator_b: User, officer: User, admin: User,
    operator: User,
) -> None:  # fmt: skip
    before = Organisation.objects.count()
    with pytest.raises(IllegalTransition):
        services.create_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    for person, platform in (
        (moderator_a, platform_a),
        (officer, platform_a),
        (manager_a, moderator_b.organisation),
        (admin, moderator_b.organisation),
        (operator, sandbox),
        (operator, officer.organisation),
    ):
        with pytest.raises(PermissionDenied):
            services.create_sandbox(platform=platform, actor=Actor.person(person))
    assert Organisation.objects.count() == before
    services.create_sandbox(platform=moderator_b.organisation, actor=Actor.person(operator))
    assert Organisation.objects.count() == before + 2


def test_an_operator_resets_and_removes_any_platforms_sandbox_and_opens_none(
    sandbox: Organisation, platform_a: Organisation, operator: User, sign_in: Callable[[User], Client]
) -> None:
    client, chosen = sign_in(operator), {"platform": platform_a.slug}
    page = client.get(reverse("enforcement:sandbox"), chosen).content.decode()
    offered = [text in page for text in ("Reset sandbox", "Remove sandbox", "Open sandbox", "API keys of the sandbox")]
    assert offered == [True, True, False, False]
    assert client.post(reverse("enforcement:sandbox_enter"), chosen).status_code == 403
    wanted = {**chosen, "name": "Mine", "scopes": ["flags"], "days": 1}
    assert client.post(reverse("enforcement:sandbox_key"), wanted).status_code == 403
    assert not ApiKey.objects.exists()
    client.post(reverse("enforcement:sandbox_reset"), chosen)
    again = Organisation.objects.open_sandboxes_of(platform_a.pk).platforms().get()
    assert again != sandbox
    client.post(reverse("enforcement:sandbox_remove"), chosen)
    assert not Organisation.objects.open_sandboxes_of(platform_a.pk).exists()
    told = AuditEvent.objects.filter(action__startswith="sandbox.", user=operator).order_by("pk")
    assert list(told.values_list("action", flat=True)) == ["sandbox.reset", "sandbox.removed"]


def test_keys_of_a_suspended_platforms_sandbox_open_nothing(
    key: dict[str, str], platform_a: Organisation, operator: User
) -> None:
    assert Client().get("/api/v1/notices", **key).status_code == 200
    portal.suspend_organisation(organisation=platform_a, reason="R", actor=Actor.person(operator))
    assert Client().get("/api/v1/notices", **key).status_code == 401


def test_listings_give_flags_and_a_decision_there_and_every_answer_says_that_it_is_test_data(
    sandbox: Organisation, key: dict[str, str]
) -> None:
    assert send([HEATER, {"id": "A-2", "title": "Cotton towel"}], key)[0]["result"] == "created"
    match(sandbox)
    answer = Client().get("/api/v1/flags?status=open", **key)
    (flag,) = answer.json()["results"]
    assert (flag["listing"]["id"], flag["recall_number"]) == ("A-1", "SANDBOX-1")
    assert answer["Offshelf-Sandbox"] == "true"
    assert Client().get("/api/v1/platforms", **key).json()["results"][0]["sandbox"] is True
    decided = Client().post(
        f"/api/v1/flags/{flag['id']}/decide",
        {"kind": "removed", "seen": flag["seen"]},
        content_type="application/json",
        **key,
    )
    assert decided.status_code == 200, decided.content
    row = Flag.objects.get(platform=sandbox)
    assert row.status == "claimed_removed"
    report = {"flag": row.pk, "verdict": "gone", "note": "Taken down."}
    seen = Client().post("/api/v1/observations", report, content_type="application/json", **key)
    assert seen.status_code == 201, seen.content
    row.refresh_from_db()
    assert (row.status, row.takedown.status) == ("removed", "met"), "what its engineers report stands for the check"


def test_its_keys_are_told_by_how_they_begin_and_open_no_real_row(
    sandbox: Organisation, key: dict[str, str], platform_a: Organisation, manager_a: User
) -> None:
    assert ApiKey.objects.get(organisation=sandbox).prefix.startswith("ofs_sandbox_")
    ListingFactory(platform=platform_a, external_id="REAL-1")
    NoticeFactory(platform=platform_a)
    assert Client().get("/api/v1/listings", **key).json()["results"] == []
    assert {row["recall_number"] for row in Client().get("/api/v1/notices", **key).json()["results"]} == {
        "SANDBOX-1",
        "SANDBOX-2",
        "SANDBOX-3",
    }
    _, real = api_keys.create_key(
        organisation=platform_a, name="Real", scopes=["catalogue"], days=5, actor=Actor.person(manager_a)
    )
    assert not real.startswith("ofs_sandbox_")
    answer = Client().get("/api/v1/listings", HTTP_AUTHORIZATION=f"Bearer {real}")
    assert [row["id"] for row in answer.json()["results"]] == ["REAL-1"]
    assert "Offshelf-Sandbox" not in answer


def test_try_it_changes_nothing_with_a_real_key_and_says_why(
    key: dict[str, str], platform_a: Organisation, manager_a: User
) -> None:
    _, real = api_keys.create_key(
        organisation=platform_a, name="Real", scopes=["catalogue"], days=5, actor=Actor.person(manager_a)
    )
    given = {"HTTP_AUTHORIZATION": f"Bearer {real}", "HTTP_OFFSHELF_TRY_IT": "yes"}
    refused = Client().post("/api/v1/listings/bulk", {"listings": [HEATER]}, content_type="application/json", **given)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_in_sandbox")
    assert not Listing.objects.exists()
    assert Client().get("/api/v1/listings", **given).status_code == 200
    assert send([HEATER], {**key, "HTTP_OFFSHELF_TRY_IT": "yes"})[0]["result"] == "created"
    page = Client().get("/api/docs").content.decode()
    assert 'data-try="POST"' in page
    assert "calls that change something are refused" in page


def test_real_recalls_and_real_catalogues_never_meet_those_of_a_sandbox(
    sandbox: Organisation, key: dict[str, str], platform_a: Organisation, regulator: Organisation, officer: User, operator: User
) -> None:  # fmt: skip
    ListingFactory(platform=platform_a, title=HEATER["title"], brand="Hearthline", match_due=True)
    real = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    send([HEATER], key)
    listings.match_notices_due()
    match(sandbox)
    match(platform_a)
    assert {(flag.platform_id, flag.regulator_id) for flag in Flag.objects.all()} == {
        (platform_a.pk, regulator.pk), (sandbox.pk, Recall.objects.get(number="SANDBOX-1").regulator_id),
    }  # fmt: skip
    run = listings.start_dry_run(version=real.version, actor=Actor.person(officer))
    assert [result.platform_id for result in run.results.all()] == [platform_a.pk]
    assert list(Organisation.objects.visible_to(Actor.person(operator)).platforms()) == [platform_a]
    assert list(Organisation.objects.visible_to(Actor.person(officer)).platforms()) == [platform_a]
    recalls.find_incidents_due()
    assert not IncidentLead.objects.exists()


def test_nobody_is_written_to_because_of_a_sandbox_except_its_own_endpoints(
    sandbox: Organisation, key: dict[str, str], admin: User, manager_a: User, moderator_a: User, officer: User
) -> None:
    mails, notes = Mail.objects.count(), Notification.objects.count()
    endpoint = WebhookEndpointFactory(organisation=sandbox)
    send([{**HEATER, "link": "https://shop.example/1"}], key)
    match(sandbox)
    flag = Flag.objects.get(platform=sandbox)
    late = timezone.now() - timedelta(hours=2)
    flag.takedown.__class__.objects.filter(flag=flag).update(
        started_at=late, due_at=late, next_step=1, next_step_at=late
    )
    for _ in range(3):
        enforcement.sweep_escalations()
    assert Escalation.objects.filter(platform=sandbox).count() == 3
    assert CheckPlan.objects.get(takedown__flag=flag).next_at is None, "no server is asked because of test data"
    refused = Client().post(
        f"/api/v1/flags/{flag.pk}/seller-links",
        {"address": "victim@example.org"},
        content_type="application/json",
        **key,
    )
    assert refused.status_code == 422
    assert "No mail leaves a sandbox" in refused.content.decode()
    assert (Mail.objects.count(), Notification.objects.count()) == (mails, notes)
    assert endpoint.hooks.filter(event_type="escalation.raised").count() == 3


def test_a_sandbox_takes_few_listings_and_small_files(
    sandbox: Organisation, key: dict[str, str], manager_a: User, settings: Any
) -> None:
    settings.SANDBOX_LISTINGS = 3
    results = send([{"id": f"L-{n}", "title": f"Towel {n}"} for n in range(5)], key)
    assert [row["result"] for row in results] == ["created"] * 3 + ["rejected"] * 2
    assert "at most 3 listings" in results[-1]["reasons"][0]
    assert send([{"id": "L-0", "title": "Another towel"}], key)[0]["result"] == "changed"
    for n in range(40):
        last = send([{"id": "L-1", "title": f"Changed {n}"}], key)[0]
    assert "times a day" in last["reasons"][0]
    actor = Actor.person(manager_a, sandbox=sandbox)
    with pytest.raises(ValidationError, match="5 MB"):
        listings.start_import(
            platform=sandbox,
            file=ContentFile(b"x" * ((5 << 20) + 1), "big.csv"),
            filename="big.csv",
            kind="full",
            actor=actor,
        )
    job = listings.start_import(
        platform=sandbox,
        file=ContentFile(b"id,title\nN-1,New towel\n", "new.csv"),
        filename="new.csv",
        kind="delta",
        actor=actor,
    )
    assert listings.run_import(job).status == "failed"
    assert Listing.objects.filter(platform=sandbox).count() == 3


def test_all_keys_of_a_sandbox_share_one_limit(
    sandbox: Organisation, key: dict[str, str], manager_a: User, settings: Any
) -> None:
    settings.SANDBOX_CALLS_PER_MINUTE = 2
    _, other = api_keys.create_key(
        organisation=sandbox, name="Other", scopes=["catalogue"], days=5, actor=Actor.person(manager_a)
    )
    headers = (key, {"HTTP_AUTHORIZATION": f"Bearer {other}"}, key)
    assert [Client().get("/api/v1/listings", **each).status_code for each in headers] == [200, 200, 429]


def test_a_manager_works_in_the_sandbox_on_pages_that_say_so_and_leaves_it(
    sandbox: Organisation, key: dict[str, str], platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:  # fmt: skip
    ListingFactory(platform=platform_a, title="A real listing")
    send([HEATER], key)
    match(sandbox)
    flag, client = Flag.objects.get(platform=sandbox), sign_in(manager_a)
    assert client.get(reverse("listings:flag", args=[flag.pk])).status_code == 404
    assert client.post(reverse("enforcement:sandbox_enter")).status_code == 302
    for page in (
        "listings:queue",
        "listings:catalogue",
        "recalls:notices",
        "enforcement:takedowns",
        "portal:webhooks",
        "listings:imports",
    ):
        text = client.get(reverse(page)).content.decode()
        assert "Sandbox: test data only." in text, page
        assert "A real listing" not in text
    assert client.get(reverse("listings:flag", args=[flag.pk])).status_code == 200
    assert client.get(reverse("portal:keys")).status_code == 403
    upload = {"kind": "delta", "file": ContentFile(b"id,title\nB-1,Towel of the file\n", "b.csv")}
    assert client.post(reverse("listings:import_add"), upload).status_code == 302
    listings.run_imports_due()
    assert Listing.objects.get(external_id="B-1").platform_id == sandbox.pk
    answer = client.post(reverse("listings:flag_decide", args=[flag.pk]), {"kind": "removed", "seen": seen_token(flag)})
    assert answer.status_code in {200, 204, 302}, answer.content
    flag.refresh_from_db()
    assert flag.status == "claimed_removed"
    assert client.post(reverse("enforcement:sandbox_leave")).status_code == 302
    assert "Sandbox: test data only." not in client.get(reverse("listings:catalogue")).content.decode()
    assert client.get(reverse("listings:flag", args=[flag.pk])).status_code == 404


def test_an_export_of_the_sandbox_holds_its_rows_and_not_the_platforms(
    sandbox: Organisation, key: dict[str, str], platform_a: Organisation
) -> None:
    ListingFactory(platform=platform_a, title="A real listing")
    send([HEATER], key)
    match(sandbox)
    days = {"platform": sandbox.slug, "first": str(timezone.now().date()), "last": str(timezone.now().date())}
    begun = Client().post("/api/v1/packs", days, content_type="application/json", **key)
    export = Export.objects.order_by("-pk").first()
    assert export is not None, begun.content
    assert export.filename.startswith("sandbox-")
    assert portal.run_export(export).status == "done"


def test_removing_it_says_what_is_lost_and_leaves_nothing_that_works(
    sandbox: Organisation, key: dict[str, str], platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:  # fmt: skip
    send([HEATER, {"id": "A-2", "title": "Cotton towel"}], key)
    match(sandbox)
    client = sign_in(manager_a)
    client.post(reverse("enforcement:sandbox_enter"))
    client.post(reverse("enforcement:sandbox_leave"))
    text = client.get(reverse("enforcement:sandbox_remove")).content.decode()
    assert "2 listings, 1 flag, 0 decisions, 1 key that works" in text
    assert Client().get("/api/v1/flags", **key).status_code == 200
    assert client.post(reverse("enforcement:sandbox_remove")).status_code == 302
    assert Client().get("/api/v1/flags", **key).status_code == 401
    assert services.sandbox_for(platform=platform_a, actor=Actor.person(manager_a)) is None
    assert not Notice.objects.filter(platform=sandbox).active().exists()
    assert not Flag.objects.filter(platform=sandbox).exclude(status="withdrawn").exists()
    assert list(Listing.objects.filter(platform=sandbox).values_list("external_id", flat=True)) == ["A-1"], (
        "a case holds it"
    )
    assert AuditEvent.objects.get(action="sandbox.removed").before["listings"] == 2


def test_a_reset_begins_anew_few_times_a_day(
    sandbox: Organisation, key: dict[str, str], platform_a: Organisation, manager_a: User
) -> None:
    send([HEATER], key)
    actor = Actor.person(manager_a)
    again = services.reset_sandbox(platform=platform_a, actor=actor)
    assert again.pk != sandbox.pk
    assert (Listing.objects.filter(platform=again).count(), Notice.objects.filter(platform=again).count()) == (0, 3)
    for _ in range(3):
        again = services.reset_sandbox(platform=platform_a, actor=actor)
    with pytest.raises(ValidationError, match="5 times a day"):
        services.reset_sandbox(platform=platform_a, actor=actor)
    assert Organisation.objects.open_sandboxes_of(platform_a.pk).platforms().get() == again, "nothing was closed"


def test_who_was_in_a_sandbox_that_is_gone_is_back_in_their_own_platform(
    sandbox: Organisation, platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(manager_a)
    client.post(reverse("enforcement:sandbox_enter"))
    services.reset_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    assert "Sandbox: test data only." not in client.get(reverse("listings:queue")).content.decode()


def test_what_is_in_catalogues_is_counted_without_sandboxes(sandbox: Organisation, platform_a: Organisation) -> None:
    for platform in (platform_a, sandbox, sandbox):
        ListingFactory(platform=platform, keys=["m:hl200r"])
    assert seen_in_catalogues(["m:hl200r"]) == {"m:hl200r": 1}


def test_no_page_of_the_operators_names_a_sandbox_but_its_own(
    sandbox: Organisation, operator: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(operator)
    for page in ("portal:health", "portal:organisations", "portal:people", "portal:person_add", "portal:legal_holds"):
        answer = client.get(reverse(page), follow=True)
        assert answer.status_code == 200, page
        assert "Bazaarly sandbox" not in answer.content.decode(), page
    own = client.get(reverse("enforcement:sandbox"), {"platform": "bazaarly"})
    assert "Bazaarly sandbox" in own.content.decode()


def test_nobody_can_be_put_into_a_sandbox(sandbox: Organisation, moderator_a: User, operator: User) -> None:
    with pytest.raises(ValidationError, match="Nobody belongs to a sandbox"):
        portal.edit_person(person=moderator_a, organisation=sandbox, actor=Actor.person(operator))
    moderator_a.refresh_from_db()
    assert moderator_a.organisation != sandbox


def test_a_sandbox_that_is_gone_gets_no_key_and_none_has_more_than_ten(
    sandbox: Organisation, platform_a: Organisation, manager_a: User
) -> None:
    def make() -> None:
        api_keys.create_key(organisation=sandbox, name="K", scopes=["flags"], days=1, actor=Actor.person(manager_a))

    for _ in range(10):
        make()
    with pytest.raises(ValidationError, match="at most 10 keys"):
        make()
    services.remove_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    with pytest.raises(PermissionDenied):
        make()  # with the row as it was before
    assert ApiKey.objects.filter(organisation=sandbox, revoked_at=None).count() == 0
