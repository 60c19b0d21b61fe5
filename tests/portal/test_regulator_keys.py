"""A regulator's key acts as the person who made it, with the narrower of both rights, and is never a second person."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.models import Observation, Takedown
from listings import services as listings
from listings.models import Decision, Exclusion, Flag, Listing
from portal.identity import api_keys
from portal.identity.access import PLATFORM_SCOPES, REGULATOR_SCOPES, SCOPE_WORDS
from portal.identity.actors import Actor
from portal.models import AuditEvent, Export, Organisation, User
from portal.services import run_export
from recalls import services as recalls
from recalls.models import Notice, Recall
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, PolicyFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]
PRODUCT = {"name": "Tower heater", "brand": "Hearthline", "model_numbers": ["HL-200R"], "gtins": ["036000291452"]}
RECALL = {"number": "27-001", "title": "Heater recalled", "hazard": "Fire", "products": [PRODUCT]}


def program(person: User, scopes: Sequence[str] = tuple(REGULATOR_SCOPES)) -> Call:
    """A program with a key that `person` made: `call("POST", "recalls", {...})`."""
    _, secret = api_keys.create_key(
        organisation=person.organisation, name="Desk", scopes=list(scopes), days=9, actor=Actor.person(person)
    )

    def call(method: str, path: str, data: object = None, **headers: str) -> Any:
        more = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = "" if data is None else json.dumps(data)
        client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client.generic(method, f"/api/v1/{path}", body, content_type="application/json", **more)

    return call


@pytest.fixture
def flag(regulator: Organisation, platform_a: Organisation) -> Flag:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator, number="26-9"), platform=platform_a)
    flag: Flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=timezone.now())
    enforcement.start_clock(flag=flag)
    return flag


def test_a_recall_goes_from_a_draft_to_a_notice_by_two_peoples_keys(
    officer: User, second_officer: User, platform_a: Organisation, regulator: Organisation
) -> None:
    ada, tomas, policy = program(officer), program(second_officer), PolicyFactory(regulator=regulator)
    made = ada("POST", "recalls", RECALL, idempotency_key="r-1")
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert ada("POST", "recalls", RECALL, idempotency_key="r-1").json() == made.json()
    path = f"recalls/{made.json()['id']}"
    edited = ada("PUT", path, {**RECALL, "hazard": "Fire and burns"} | {"number": "27-001"}, if_match=made["ETag"])
    assert edited.status_code == 400, "a number is not part of what a version says"
    content = {name: value for name, value in RECALL.items() if name != "number"}
    edited = ada("PUT", path, {**content, "hazard": "Fire and burns", "priority": "urgent"}, if_match=made["ETag"])
    assert (edited.json()["draft"]["hazard"], edited.json()["priority"]) == ("Fire and burns", "urgent")
    assert edited.json()["draft"]["products"][0]["gtins"] == ["00036000291452"]
    assert ada("PUT", path, content, if_match=made["ETag"]).status_code == 412
    assert ada("POST", f"{path}/submit").json()["status"] == "in_review"
    refused = ada("POST", f"{path}/approve", if_match=ada("GET", path)["ETag"])
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    with pytest.raises(PermissionDenied):
        recalls.move_recall(recall=Recall.objects.get(), to="published", actor=Actor.person(officer))
    assert Recall.objects.get().status == "in_review"
    assert (ada("GET", path).json()["may_approve"], tomas("GET", path).json()["may_approve"]) == (False, True)
    assert tomas("POST", f"{path}/approve", if_match=tomas("GET", path)["ETag"]).json()["status"] == "published"
    event = AuditEvent.objects.get(action="recall.published")
    assert (event.user_id, event.actor_kind, event.api_key is not None) == (second_officer.pk, "api", True)
    body = {"recalls": [made.json()["id"]], "platforms": ["bazaarly"], "policy": policy.pk}
    preview = ada("POST", "sendings/preview", body).json()
    assert (len(preview["notices"]), Notice.objects.count()) == (1, 0)
    sent = ada("POST", "sendings", body).json()
    [notice] = sent["notices"]
    assert (notice["platform"], ada("GET", f"notices/{notice['id']}").json()["delivered_at"]) == ("bazaarly", None)
    assert ada("POST", f"notices/{notice['id']}/withdraw", {"reason": "Wrong list"}).json()["status"] == "withdrawn"
    assert ada("POST", "sendings", {**body, "platforms": ["nowhere"]}).json()["errors"].keys() == {"platforms"}


def test_a_new_version_is_published_by_another_person(
    officer: User, second_officer: User, regulator: Organisation
) -> None:
    recall = RecallFactory(regulator=regulator, number="26-1")
    ada, tomas, path = program(officer), program(second_officer), f"recalls/{recall.pk}"
    started = ada("POST", f"{path}/versions").json()
    assert (started["version"]["version"], started["draft"]["version"]) == (1, 2)
    ada("PUT", path, {"title": "Heater recalled again", "products": [PRODUCT]})
    note = {"change_note": "A second model."}
    assert ada("POST", f"{path}/versions/publish", note, if_match=ada("GET", path)["ETag"]).status_code == 403
    recall.refresh_from_db()
    assert recall.current.version == 1
    published = tomas("POST", f"{path}/versions/publish", note, if_match=tomas("GET", path)["ETag"])
    assert published.json()["version"]["version"] == 2
    assert [row["version"] for row in ada("GET", f"{path}/versions").json()["results"]] == [2, 1]
    again = tomas("POST", f"{path}/versions/publish", note, if_match=published["ETag"])
    assert again.status_code == 422


SOON = f"{timezone.now() + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"
APPROVALS: dict[str, object] = {
    "approve": None,
    "embargo": {"publish_at": SOON},
    "versions/publish": {"change_note": "A second model."},
}


@pytest.mark.parametrize("call", APPROVALS)
def test_a_program_approves_the_text_that_was_read_and_no_other(
    officer: User, second_officer: User, regulator: Organisation, call: str
) -> None:
    """What the writer puts in its place between reading and approving is published by nobody's approval."""
    ada, tomas, body = program(officer), program(second_officer), APPROVALS[call]
    if call == "versions/publish":
        path = f"recalls/{RecallFactory(regulator=regulator).pk}"
        ada("POST", f"{path}/versions")
        ada("PUT", path, {"title": "Heater recalled again", "products": [PRODUCT]})
    else:
        path = f"recalls/{ada('POST', 'recalls', RECALL).json()['id']}"
        ada("POST", f"{path}/submit")

    def rewritten() -> None:
        if call != "versions/publish":
            ada("POST", f"{path}/return", {"reason": "One word."})
        other = {**PRODUCT, "model_numbers": ["HL-999"]}
        assert ada("PUT", path, {"title": "Heater recalled", "products": [other]}).status_code == 200
        if call != "versions/publish":
            ada("POST", f"{path}/submit")

    read = tomas("GET", path)
    rewritten()
    before = (list(Recall.objects.values()), AuditEvent.objects.count())
    for given, refusal in (
        ({}, (428, "precondition_required")),
        ({"if_match": "*"}, (428, "precondition_required")),
        ({"if_match": "nothing in quotes"}, (400, "bad_header")),
        ({"if_match": read["ETag"]}, (412, "precondition_failed")),
        ({"if_match": ada("GET", path)["ETag"]}, (412, "precondition_failed")),
    ):
        refused = tomas("POST", f"{path}/{call}", body, **given)
        assert (refused.status_code, refused.json()["code"]) == refusal, given
    assert (list(Recall.objects.values()), AuditEvent.objects.count()) == before
    assert tomas("POST", f"{path}/{call}", body, if_match=tomas("GET", path)["ETag"]).status_code == 200


def test_a_key_has_the_narrower_of_its_scopes_and_its_makers_role(officer: User, admin: User) -> None:
    reader, admins = program(officer, ["recalls:read", "audit:read"]), program(admin)
    assert reader("GET", "recalls").status_code == 200
    assert reader("POST", "recalls", RECALL).status_code == 403, "the scope does not cover it"
    assert reader("GET", "audit").status_code == 403, "the role does not allow it"
    assert admins("GET", "audit").status_code == 200
    assert admins("POST", "recalls", RECALL).status_code == 403, "an admin writes no recalls, nor does their key"
    assert Recall.objects.count() == 0


def test_a_key_ends_with_the_role_and_the_account_of_its_maker(officer: User, platform_a: Organisation) -> None:
    call = program(officer)
    assert call("GET", "recalls").status_code == 200
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert call("GET", "recalls").status_code == 401
    User.objects.filter(pk=officer.pk).update(is_active=True, organisation=platform_a, role="moderator")
    assert call("GET", "recalls").status_code == 401


@pytest.mark.parametrize(("who", "scopes"), [("officer", REGULATOR_SCOPES), ("manager_a", PLATFORM_SCOPES)])
def test_each_scope_is_offered_in_words_beside_its_name(
    who: str, scopes: Sequence[str], sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    page = tight(sign_in(request.getfixturevalue(who)).get("/keys/add/").content.decode())
    for scope in scopes:
        assert f'{SCOPE_WORDS[scope]}<code dir="ltr">{scope}</code>' in page
    assert page.count("<code") == len(scopes)


def test_people_make_keys_for_their_own_organisation_and_with_its_scopes(
    officer: User, admin: User, manager_a: User, moderator_a: User, regulator: Organisation, platform_a: Organisation
) -> None:
    def make(person: User, organisation: Organisation, scope: str) -> object:
        asked = {"organisation": organisation, "name": "K", "scopes": [scope], "days": 1}
        return api_keys.create_key(**asked, actor=Actor.person(person))

    for person, organisation in (
        (officer, platform_a), (admin, platform_a), (manager_a, regulator), (moderator_a, platform_a)
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            make(person, organisation, "exports")
    for person, organisation, scope in ((officer, regulator, "flags"), (manager_a, platform_a, "recalls:write")):
        with pytest.raises(ValidationError):
            make(person, organisation, scope)
    assert not api_keys.ApiKey.objects.exists()
    make(manager_a, platform_a, "flags")
    make(officer, regulator, "recalls:write")


def test_one_persons_key_and_that_person_are_not_the_two_who_dismiss(
    flag: Flag, manager_a: User, moderator_a: User, second_moderator_a: User
) -> None:
    Flag.objects.filter(pk=flag.pk).update(second_from=0.0)
    call, dismissal = program(manager_a, ["flags"]), {"kind": "not_the_product", "reason": "other", "note": "A towel"}
    first = call("POST", f"flags/{flag.pk}/decide", {**dismissal, "seen": "open:0"}).json()
    assert first["status"] == "second_asked"
    assert call("POST", f"flags/{flag.pk}/decide", {**dismissal, "seen": first["seen"]}).status_code == 422
    with pytest.raises(ValidationError, match="Someone else must confirm"):
        listings.decide(flag=flag, **dismissal, seen=first["seen"], actor=Actor.person(manager_a))
    assert Flag.objects.get(pk=flag.pk).status == "second_asked"
    assert Exclusion.objects.count() == 0
    listings.decide(flag=flag, **dismissal, seen=first["seen"], actor=Actor.person(second_moderator_a))
    assert Flag.objects.get(pk=flag.pk).status == "dismissed"


def test_a_programs_decision_can_be_undone_where_it_says_so_and_by_no_other(
    flag: Flag, manager_a: User, settings: Any
) -> None:
    settings.UNDO_SECONDS = 30
    call, other = program(manager_a, ["flags"]), program(manager_a, ["flags"])
    assert call("POST", f"flags/{flag.pk}/undo").status_code == 409, "nothing was decided"
    decided = {"kind": "removed", "seen": "open:0", "undoable": True}
    assert call("POST", f"flags/{flag.pk}/decide", decided).json()["status"] == "claimed_removed"
    assert other("POST", f"flags/{flag.pk}/undo").status_code == 403
    assert Flag.objects.get(pk=flag.pk).status == "claimed_removed"
    undone = call("POST", f"flags/{flag.pk}/undo").json()
    assert undone["status"] == "open"
    final = {"kind": "removed", "seen": undone["seen"]}
    assert call("POST", f"flags/{flag.pk}/decide", final).json()["status"] == "claimed_removed"
    assert call("POST", f"flags/{flag.pk}/undo").status_code == 409, "it was final at once"


def test_many_flags_are_claimed_and_decided_each_with_its_own_result(
    flag: Flag, manager_a: User, moderator_a: User, platform_b: Organisation
) -> None:
    other = FlagFactory(notice=flag.notice, listing=ListingFactory(platform=flag.platform), opened_at=timezone.now())
    theirs = FlagFactory(notice=NoticeFactory(platform=platform_b), listing=ListingFactory(platform=platform_b))
    call = program(manager_a, ["flags"])
    claimed = call("POST", "flags/claim-next", {"person": moderator_a.email}).json()["flag"]
    assert claimed["claimed_by"] == moderator_a.email
    numbers = [flag.pk, other.pk, theirs.pk]
    results = call("POST", "flags/bulk/claim", {"flags": numbers, "person": moderator_a.email}).json()["results"]
    assert [row["result"] for row in results] == ["done", "done", "refused"]
    for number in (flag.pk, other.pk):
        assert call("POST", f"flags/{number}/release", {"person": moderator_a.email}).json()["claimed_by"] is None
    assert call("POST", f"flags/{flag.pk}/release", {"person": moderator_a.email}).status_code == 409
    flags = [
        {"flag": flag.pk, "seen": "open:0"},
        {"flag": other.pk, "seen": "open:77"},
        {"flag": theirs.pk, "seen": "open:0"},
    ]
    results = call("POST", "flags/bulk/decide", {"flags": flags, "kind": "removed"}).json()["results"]
    assert [row["result"] for row in results] == ["done", "refused", "refused"]
    assert Decision.objects.count() == 1
    assert call("POST", "flags/bulk/decide", {"flags": flags, "kind": "not_the_product"}).status_code == 422
    assert Decision.objects.count() == 1


def test_the_question_to_the_seller_is_in_the_flag(flag: Flag, manager_a: User) -> None:
    call = program(manager_a, ["flags"])
    assert call("GET", f"flags/{flag.pk}").json()["question"] == ""
    asked = {"kind": "ask_seller", "question": "Which model is it?", "seen": "open:0"}
    assert call("POST", f"flags/{flag.pk}/decide", asked).json()["question"] == "Which model is it?"
    assert call("GET", f"flags/{flag.pk}").json()["question"] == "Which model is it?"


def test_a_regulators_program_oversees_takedowns(
    flag: Flag, officer: User, second_officer: User, manager_a: User
) -> None:
    ada, tomas, shop, path = (
        program(officer),
        program(second_officer),
        program(manager_a, ["flags"]),
        f"takedowns/{flag.pk}",
    )
    assert ada("POST", f"{path}/pause", {"reason": "The shop is down"}).json()["paused_at"] is not None
    assert ada("POST", f"{path}/resume", {"reason": "It is back"}).json()["paused_at"] is None
    assert ada("POST", f"{path}/extension/answer", {"grant": True}).status_code == 422, "none is requested"
    assert ada("POST", f"{path}/extension", {"amount": 1, "reason": "A holiday"}).status_code == 201
    Takedown.objects.update(terms={**Takedown.objects.get().terms, "extension_needs_second": True})
    assert shop("POST", f"{path}/extension/answer", {"grant": True}).status_code == 403
    if tomas("GET", path).json()["extensions"][0]["status"] == "asked":
        assert ada("POST", f"{path}/extension/answer", {"grant": True}).status_code == 403
        answered = tomas("POST", f"{path}/extension/answer", {"grant": True, "answer": "Granted"}).json()
        assert answered["extensions"][0]["status"] == "granted"
    seen = {"flag": flag.pk, "verdict": "live", "note": "On sale today"}
    assert ada("POST", "observations", seen).status_code == 201
    [row] = ada("GET", f"{path}/checks").json()["results"]
    assert (row["source"], row["verdict"]) == ("person", "live")
    assert Observation.objects.get().user_id == officer.pk
    assert shop("POST", f"{path}/pause", {"reason": "x"}).status_code == 403
    appeal = shop("POST", f"{path}/appeal", {"side": "platform", "text": "It is a towel"}).json()["appeals"][0]["id"]
    assert shop("POST", f"appeals/{appeal}/answer", {"grant": True, "answer": "x"}).status_code == 403
    answered = ada("POST", f"appeals/{appeal}/answer", {"grant": False, "answer": "It is the heater"}).json()
    assert (answered["status"], answered["platform"]) == ("rejected", "bazaarly")


def test_a_regulator_names_whose_listing_it_reads(flag: Flag, officer: User, platform_b: Organisation) -> None:
    same = ListingFactory(platform=platform_b, external_id=flag.listing.external_id)
    FlagFactory(notice=NoticeFactory(recall=flag.recall, platform=platform_b), listing=same)
    call, path = program(officer), f"listings/{flag.listing.external_id}"
    assert call("GET", path).json()["errors"].keys() == {"platform"}
    assert call("GET", f"{path}?platform=market-one").json()["platform"] == "market-one"
    assert call("PATCH", f"{path}?platform=market-one", {"present": False}).status_code == 403
    assert Listing.objects.get(pk=same.pk).present


def test_an_export_is_made_for_the_maker_of_the_key(
    flag: Flag, manager_a: User, admin: User, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    call = program(manager_a, ["exports"])
    started = call("POST", f"takedowns/{flag.pk}/export").json()
    assert (started["status"], started["is_ready"]) == ("queued", False)
    assert call("GET", f"exports/{started['id']}/file").status_code == 409
    run_export(Export.objects.get())
    assert call("GET", f"exports/{started['id']}").json()["is_ready"]
    file = call("GET", f"exports/{started['id']}/file")
    assert b"".join(file.streaming_content)[:2] == b"PK"
    assert not call("POST", f"exports/{started['id']}/delete").json()["is_ready"]
    with pytest.raises(PermissionDenied):
        api_keys.create_key(organisation=flag.platform, name="K", scopes=["exports"], days=1, actor=Actor.person(admin))
    assert Export.objects.count() == 1


def test_a_search_of_ones_own_is_reported_with_its_commitment(
    flag: Flag, manager_a: User, officer: User, moderator_b: User
) -> None:
    call = program(manager_a, ["catalogue"])
    commitment: dict[str, Any] = {
        "method": "offshelf-rows-1",
        "root": "ab" * 32,
        "rows": 70_000,
        "made_at": "2026-11-29T12:00:00Z",
    }
    body: dict[str, Any] = {"commitment": commitment, "matches": [{"id": "H-1", "title": "Heater"}, {"id": "H-2"}]}
    answer = call("POST", "searches", body).json()
    assert [row["result"] for row in answer["results"]] == ["created", "rejected"]
    assert (answer["search"]["matches"], answer["search"]["stored"]) == (2, 1)
    assert Listing.objects.filter(external_id="H-1", match_due=True).exists()
    [seen] = program(officer)("GET", "searches").json()["results"]
    assert (seen["platform"], seen["commitment"]["root"], seen["commitment"]["rows"]) == ("bazaarly", "ab" * 32, 70_000)
    moderator_b.role = "platform_manager"
    moderator_b.save()
    assert program(moderator_b, ["catalogue"])("GET", "searches").json()["results"] == []
    wrong = {**body, "commitment": {**commitment, "root": "xyz"}}
    assert call("POST", "searches", wrong).status_code == 422
    assert AuditEvent.objects.filter(action="catalogue.searched").count() == 1


def test_an_exclusion_is_added_by_the_regulator_and_not_by_the_platform(
    flag: Flag, officer: User, manager_a: User
) -> None:
    body = {
        "platform": "bazaarly",
        "recall": flag.recall_id,
        "scope": "gtin",
        "gtin": "4006381333931",
        "reason": "A pen",
    }
    assert program(manager_a, ["flags"])("POST", "exclusions", body).status_code == 403
    everywhere = {**body, "recall": None}
    assert program(officer)("POST", "exclusions", everywhere).status_code == 403, "for all recalls only admins may"
    assert Exclusion.objects.count() == 0
    assert program(officer)("POST", "exclusions", body).json()["gtin"] == "04006381333931"
    assert program(officer)("POST", "exclusions", {**body, "platform": "nowhere"}).status_code == 422


def test_sixty_checks_of_one_key_do_not_use_up_those_of_others(flag: Flag, manager_a: User, system: Actor) -> None:
    Listing.objects.filter(pk=flag.listing_id).update(link="https://shop.example.org/1")
    rows = [
        AuditEvent(
            actor_kind="api", actor_label="other", action="takedown.check_asked", subject_type="x", subject_id=str(n)
        )
        for n in range(60)
    ]
    AuditEvent.objects.bulk_create(rows)
    assert program(manager_a, ["flags"])("POST", f"takedowns/{flag.pk}/check").status_code == 200
    planned = Takedown.objects.get().check_plan.next_at
    assert planned is not None
    assert timezone.now() - planned < timedelta(minutes=1)


def test_lists_are_filtered_by_the_slug_that_the_api_answers(
    flag: Flag, officer: User, platform_b: Organisation
) -> None:
    ada = program(officer)
    slug = ada("GET", f"flags/{flag.pk}").json()["platform"]
    for name in ("flags", "takedowns", "notices"):
        for asked, count in ((slug, 1), (platform_b.slug, 0), (str(flag.platform_id), 1)):
            found = ada("GET", f"{name}?platform={asked}")
            assert (found.status_code, len(found.json()["results"])) == (200, count), (name, asked)
    for name in ("escalations", "letters", "appeals"):
        assert ada("GET", f"{name}?platform={slug}").json()["results"] == []
    for wrong in ("nobody", "a%00b", "%F0%9F%92%A9"):
        refused = ada("GET", f"flags?platform={wrong}")
        assert refused.status_code in {400, 422}, wrong
        assert refused.json()["code"] in {"invalid", "bad_request"}
