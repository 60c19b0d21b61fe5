"""SCIM 2.0: an organisation's directory keeps its accounts, its own alone, and whoever it deactivates leaves for good."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from portal import scim_messages, services
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import ApiKey, AuditEvent, Mail, Organisation, Provisioning, Session, User
from portal.views import scim
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
USER, PATCH = scim_messages.USER, scim_messages.PATCH
ROLES = {"modteam": "moderator", "leads": "platform_manager"}


@pytest.fixture
def token(platform_a: Organisation, operator: User) -> str:
    _, made = services.edit_provisioning(
        organisation=platform_a, new_token=True, actor=Actor.person(operator), domains=["bazaarly.example"], roles=ROLES,
        default_role="", is_active=True,
    )  # fmt: skip
    return made


@pytest.fixture
def ask(token: str, client: Client) -> Callable[..., Any]:
    """A call of the directory: the status, and the body as JSON."""

    def call(method: str, path: str, body: Any = None, *, bearer: str = token) -> tuple[int, dict[str, Any]]:
        sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = client.generic(
            method, f"/scim/v2/{path}", sent, "application/scim+json", HTTP_AUTHORIZATION=f"Bearer {bearer}"
        )
        assert answer["Content-Type"] == "application/scim+json", answer.status_code
        return answer.status_code, json.loads(answer.content)

    return call


def user(email: str = "ana@bazaarly.example", **more: Any) -> dict[str, Any]:
    whole = {
        "schemas": [USER], "userName": email, "externalId": "00u1", "name": {"givenName": "Ana", "familyName": "Ruiz"}, "active": True,
        "roles": [{"value": "modteam"}], "emails": [{"value": email, "type": "work"}],
    }  # fmt: skip
    return {**whole, **more}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


def test_a_person_is_made_read_found_changed_and_deactivated(ask: Callable[..., Any], platform_a: Organisation) -> None:
    status, made = ask("POST", "Users", user())
    person = User.objects.get(email="ana@bazaarly.example")
    assert (status, made["id"], made["userName"], made["active"]) == (201, str(person.pk), person.email, True)
    assert (person.name, person.role, person.organisation) == ("Ana Ruiz", "moderator", platform_a)
    assert Mail.objects.get(to=person.email).subject == "Your invitation to Offshelf"
    assert ask("GET", f"Users/{person.pk}") == (200, made)
    found = ask("GET", 'Users?filter=userName eq "ANA@bazaarly.example"')[1]
    assert (found["totalResults"], found["Resources"]) == (1, [made])
    status, whole = ask("PUT", f"Users/{person.pk}", user(displayName="Ana R.", roles=[{"value": "leads"}]))
    person.refresh_from_db()
    assert (status, whole["displayName"], person.role) == (200, "Ana R.", "platform_manager")
    status, gone = ask("PATCH", f"Users/{person.pk}", patch({"op": "Replace", "path": "active", "value": "False"}))
    person.refresh_from_db()
    assert (status, gone["active"], person.is_active) == (200, False, False)
    actions = AuditEvent.objects.filter(actor_label="System: directory of Bazaarly").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "person.created", "person.invited", "person.edited", "person.edited",
    ]  # fmt: skip
    before = AuditEvent.objects.count()
    assert ask("PATCH", f"Users/{person.pk}", patch({"op": "replace", "value": {"active": False}}))[0] == 200
    assert AuditEvent.objects.count() == before, "what is so already is no change"


@pytest.mark.parametrize("roles", [("mods", "managers"), ("managers", "mods")])
def test_who_has_several_values_gets_the_role_with_the_most_rights_however_they_are_called(
    ask: Callable[..., Any], platform_a: Organisation, operator: User, roles: tuple[str, str]
) -> None:
    low, high = roles
    services.edit_provisioning(
        organisation=platform_a, new_token=False, actor=Actor.person(operator),
        roles={low: "moderator", high: "platform_manager"},
    )  # fmt: skip
    for given in (roles, roles[::-1]):
        told = user(email=f"{given[0]}@bazaarly.example", roles=[{"value": value} for value in given])
        assert ask("POST", "Users", told)[0] == 201
    assert set(User.objects.filter(email__startswith="m", organisation=platform_a).values_list("role", flat=True)) == {
        "platform_manager"
    }


def test_whoever_is_deactivated_loses_sessions_and_keys_at_once(
    ask: Callable[..., Any], manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    browser = sign_in(manager_a)
    api_keys.create_key(
        organisation=manager_a.organisation, name="Robot", scopes=["notices"], days=5, actor=Actor.person(manager_a)
    )
    assert browser.get("/account/").status_code == 200
    assert ask("PATCH", f"Users/{manager_a.pk}", patch({"op": "replace", "path": "active", "value": False}))[0] == 200
    assert browser.get("/account/").status_code == 302
    assert not Session.objects.filter(person=manager_a).exists()
    assert ApiKey.objects.get(name="Robot").revoked_at is not None


def test_people_of_other_organisations_do_not_exist_for_a_directory(
    ask: Callable[..., Any], moderator_b: User, officer: User, outsider: User
) -> None:
    for other in (moderator_b, officer, outsider):
        for method, body in (("GET", None), ("PUT", user()), ("PATCH", patch({"op": "replace", "path": "active", "value": False})),
                             ("DELETE", None)):  # fmt: skip
            assert ask(method, f"Users/{other.pk}", body)[0] == 404
        assert ask("GET", f'Users?filter=userName eq "{other.email}"')[1]["totalResults"] == 0
        other.refresh_from_db()
        assert other.is_active
    assert all("bazaarly" in each["userName"] for each in ask("GET", "Users")[1]["Resources"])
    assert ask("POST", "Users", user(moderator_b.email))[0] == 400, "another mail domain"
    User.objects.filter(pk=outsider.pk).update(email="otto@bazaarly.example")
    assert ask("POST", "Users", user("otto@bazaarly.example"))[0] == 409
    assert not AuditEvent.objects.filter(action__startswith="person.").exists()


def test_a_directory_makes_no_admin_and_changes_of_one_only_that_they_leave(
    admin: User, regulator: Organisation, client: Client, ask: Callable[..., Any]
) -> None:
    with pytest.raises(ValidationError, match="cannot give this role"):
        services.edit_provisioning(
            organisation=regulator, new_token=True, actor=Actor.person(admin), domains=["psa.example.gov"],
            roles={"boss": "admin"}, default_role="", is_active=True,
        )  # fmt: skip
    _, token = services.edit_provisioning(
        organisation=regulator, new_token=True, actor=Actor.person(admin), domains=["psa.example.gov"], roles={},
        default_role="regulator_staff", is_active=True,
    )  # fmt: skip
    second = UserFactory(name="Bo", email="bo@psa.example.gov", role="admin", organisation=regulator)
    given = user("mine@psa.example.gov")
    assert ask("PUT", f"Users/{second.pk}", given, bearer=token)[0] == 403
    off = patch({"op": "replace", "path": "active", "value": False})
    assert ask("PATCH", f"Users/{second.pk}", off, bearer=token)[0] == 200
    assert (
        ask("PATCH", f"Users/{second.pk}", patch({"op": "replace", "path": "active", "value": True}), bearer=token)[0]
        == 403
    )
    assert ask("PATCH", f"Users/{admin.pk}", off, bearer=token)[0] == 400, "the last admin stays"
    second.refresh_from_db()
    assert (second.email, second.role, second.is_active) == ("bo@psa.example.gov", "admin", False)
    admin.refresh_from_db()
    assert admin.is_active


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("POST", "Users", b"{", 400, "invalidSyntax"),
        ("POST", "Users", b"\xff", 400, "invalidSyntax"),
        ("POST", "Users", b"[" * 60_000, 400, "invalidSyntax"),
        ("POST", "Users", {"schemas": [USER]}, 400, "invalidValue"),
        ("POST", "Users", {"userName": "a@bazaarly.example"}, 400, "invalidSyntax"),
        ("POST", "Users", user("not an address@bazaarly.example"), 400, "invalidValue"),
        ("POST", "Users", user(roles=[{"value": "kings"}]), 400, "invalidValue"),
        ("POST", "Users", user(active="perhaps"), 400, "invalidValue"),
        ("POST", "Users", user("a\x00@bazaarly.example"), 400, "invalidValue"),
        ("POST", "Users", user(displayName=["x"]), 400, "invalidValue"),
        ("POST", "Users", user("nia@bazaarly.example"), 409, "uniqueness"),
        ("GET", "Users/x", None, 404, None),
        ("GET", "Users/99999999999999999999", None, 404, None),
        ("GET", "Users?filter=name co \"a\"", None, 400, "invalidFilter"),
        ("GET", "Schemas/nothing", None, 404, None),
        ("DELETE", "Users", None, 405, None),
        ("DELETE", "Users/{nia}", None, 405, None),
        ("PATCH", "Users/{nia}", {"Operations": []}, 400, "invalidSyntax"),
        ("PATCH", "Users/{nia}", patch({"op": "move", "path": "active"}), 400, "invalidSyntax"),
        ("PATCH", "Users/{nia}", patch({"op": "replace", "path": "shoeSize", "value": 4}), 400, "invalidPath"),
        ("PATCH", "Users/{nia}", patch({"op": "remove", "path": "active"}), 400, "mutability"),
        ("PATCH", "Users/{nia}", patch(*[{"op": "add", "path": "title", "value": "x"}] * 101), 400, "tooMany"),
        ("PATCH", "Users/{nia}", patch({"op": "replace", "path": "userName", "value": "x@evil.example"}), 400, "invalidValue"),
        ("PATCH", "Users/{nia}", patch({"op": "replace", "path": "userName", "value": "omar@bazaarly.example"}), 409, "uniqueness"),
    ],
)  # fmt: skip
def test_what_is_no_scim_gets_an_answer_by_the_book_and_changes_nothing(
    method: str, path: str, body: Any, status: int, kind: str | None, ask: Callable[..., Any], moderator_a: User, manager_a: User
) -> None:  # fmt: skip
    before = list(User.objects.order_by("pk").values())
    got, answer = ask(method, path.replace("{nia}", str(moderator_a.pk)), body)
    assert (got, answer["schemas"], answer["status"], answer.get("scimType")) == (
        status, [scim_messages.ERROR], str(status), kind,
    )  # fmt: skip
    assert list(User.objects.order_by("pk").values()) == before


def test_directories_write_paths_in_their_own_ways(ask: Callable[..., Any], moderator_a: User) -> None:
    changes = patch(
        {"op": "Add", "path": 'roles[primary eq "True"].value', "value": "leads"},
        {"op": "replace", "path": "name.familyName", "value": "Okafor"},
        {"op": "replace", "path": "name.givenName", "value": "Nia"},
        {"op": "replace", "path": f"{USER}:active", "value": True},
        {"op": "add", "path": "emails[type eq \"work\"].value", "value": "other@evil.example"},
        {"op": "replace", "value": {"name.formatted": "Nia A. Okafor", "title": "Lead"}},
    )  # fmt: skip
    assert ask("PATCH", f"Users/{moderator_a.pk}", changes)[0] == 200
    moderator_a.refresh_from_db()
    assert (moderator_a.name, moderator_a.role) == ("Nia A. Okafor", "platform_manager")
    assert moderator_a.email == "nia@bazaarly.example"


def test_a_form_is_no_scim_and_another_sites_page_cannot_be_one(token: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"):
        answer = strict.post("/scim/v2/Users", b"--x--", kind, HTTP_AUTHORIZATION=f"Bearer {token}")
        assert (answer.status_code, json.loads(answer.content)["status"]) == (415, "415")
    made = strict.post("/scim/v2/Users", json.dumps(user()), "application/json", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert made.status_code == 201


def test_only_a_token_in_use_opens_it_and_a_new_one_replaces_it(
    ask: Callable[..., Any], token: str, platform_a: Organisation, admin: User, officer: User, operator: User, client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert ask("GET", "Users", bearer="ofp_unknown")[0] == 401
    assert client.get("/scim/v2/Users")["WWW-Authenticate"] == "Bearer"
    for person in (officer, admin):
        with pytest.raises(PermissionDenied):
            services.edit_provisioning(
                organisation=platform_a, new_token=True, actor=Actor.person(person), domains=["bazaarly.example"]
            )
    _, newer = services.edit_provisioning(organisation=platform_a, new_token=True, actor=Actor.person(operator))
    assert (ask("GET", "Users", bearer=token)[0], ask("GET", "Users", bearer=newer)[0]) == (401, 200)
    assert token not in str(list(AuditEvent.objects.values())) + str(list(Provisioning.objects.values()))
    monkeypatch.setattr(scim, "PER_MINUTE", 3)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert [ask("GET", "Users", bearer=newer)[0] for _ in range(4)] == [200, 200, 200, 429]
    services.suspend_organisation(organisation=platform_a, reason="R", actor=Actor.person(operator))
    assert ask("GET", "Users", bearer=newer)[0] == 401, "nobody of a suspended organisation comes in"
    services.resume_organisation(organisation=platform_a, reason="R", actor=Actor.person(operator))
    Provisioning.objects.update(is_active=False)
    assert ask("GET", "Users", bearer=newer)[0] == 401


def test_it_says_of_itself_what_it_can(ask: Callable[..., Any]) -> None:
    status, config = ask("GET", "ServiceProviderConfig")
    assert (status, config["patch"], config["bulk"]["supported"]) == (200, {"supported": True}, False)
    types = ask("GET", "ResourceTypes")[1]
    assert (types["totalResults"], types["Resources"][0]["endpoint"]) == (1, "/Users")
    assert ask("GET", "ResourceTypes/User")[1]["schema"] == USER
    schema = ask("GET", f"Schemas/{USER}")[1]
    assert {each["name"] for each in schema["attributes"]} == {
        "userName",
        "displayName",
        "name",
        "active",
        "emails",
        "roles",
    }
    page = ask("GET", "Users?startIndex=2&count=1")[1]
    assert (page["startIndex"], page["itemsPerPage"]) == (2, len(page["Resources"]))


def test_who_manages_an_organisation_sets_it_up_on_a_page_and_sees_the_token_once(
    operator: User, officer: User, platform_a: Organisation, platform_b: Organisation, sign_in: Callable[[User], Client]
) -> None:
    page, client = f"/platforms/{platform_a.pk}/provisioning/", sign_in(operator)
    given = {"domains": "bazaarly.example", "roles": "modteam = moderator", "default_role": "", "is_active": "on"}
    shown = client.post(page, given).content.decode()
    row = Provisioning.objects.get()
    token = shown.partition('id="token">')[2].partition("<")[0]
    assert (row.digest, row.organisation) == (services.provisioning.digest_of(token), platform_a)
    assert token not in client.get(page).content.decode()
    taken = client.post(f"/platforms/{platform_b.pk}/provisioning/", given)
    assert (taken.status_code, "belongs to another organisation" in taken.content.decode()) == (422, True)
    assert sign_in(officer).get(page).status_code == 403
    assert AuditEvent.objects.filter(action="organisation.provisioning_edited").count() == 1


def test_an_admin_sets_it_up_for_their_own_regulator_and_then_no_operator_does(
    token: str, admin: User, operator: User, platform_a: Organisation, sign_in: Callable[[User], Client]
) -> None:
    own, client = f"/platforms/{admin.organisation_id}/provisioning/", sign_in(admin)
    assert client.get(f"/platforms/{platform_a.pk}/provisioning/").status_code == 404
    given = {"domains": "psa.example.gov", "roles": "", "default_role": "regulator_staff", "is_active": "on"}
    refused = sign_in(operator).post(own, given)
    assert (refused.status_code, "has an admin" in refused.content.decode()) == (422, True)
    taken = client.post(own, {**given, "domains": "bazaarly.example"})
    assert "belongs to another organisation" in taken.content.decode(), "one that the admin does not see"
    assert Provisioning.objects.count() == 1
    assert 'id="token"' in client.post(own, given).content.decode()


def test_of_an_operator_a_directory_says_only_that_they_left(operator: User, ask: Callable[..., Any]) -> None:
    second = UserFactory(email="otis@operator.example", role="operator", organisation=operator.organisation)
    _, token = services.edit_provisioning(
        organisation=operator.organisation, new_token=True, actor=Actor.person(operator), domains=["operator.example"],
        roles={}, default_role="", is_active=True,
    )  # fmt: skip
    for changes in ({"op": "replace", "path": "userName", "value": "mine@operator.example"},
                    {"op": "add", "path": "roles", "value": [{"value": "leads"}]}):  # fmt: skip
        ask("PATCH", f"Users/{second.pk}", patch(changes), bearer=token)
    second.refresh_from_db()
    assert (second.email, second.role) == ("otis@operator.example", "operator")
    off = patch({"op": "replace", "path": "active", "value": False})
    assert ask("PATCH", f"Users/{second.pk}", off, bearer=token)[0] == 200
    assert ask("PATCH", f"Users/{operator.pk}", off, bearer=token)[0] == 400, "the last operator stays"


def test_an_erased_person_comes_back_under_no_other_name(
    ask: Callable[..., Any], operator: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    second = UserFactory(organisation=operator.organisation, role="operator")
    asked = services.ask_erasure(person=moderator_a, reason="They asked for it", actor=Actor.person(operator))
    services.confirm_erasure(asked=asked, actor=Actor.person(second))
    before = User.objects.filter(pk=moderator_a.pk).values().get()
    status, answer = ask("PUT", f"Users/{moderator_a.pk}", user("new@bazaarly.example"))
    assert (status, answer["detail"]) == (404, f"There is no user {moderator_a.pk}.")
    status, _ = ask("PATCH", f"Users/{moderator_a.pk}", patch({"op": "replace", "path": "active", "value": True}))
    assert status == 404
    with pytest.raises(ValidationError, match="was erased"):
        services.edit_person(person=User.objects.get(pk=moderator_a.pk), is_active=True, actor=Actor.person(operator))
    assert User.objects.filter(pk=moderator_a.pk).values().get() == before
