"""Single sign-on through a real OpenID Connect provider, a process of its own, and who may not come in by it."""

import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from portal import services
from portal.env import Env
from portal.http.client import NoAnswer, ask
from portal.identity import openid
from portal.identity.actors import Actor
from portal.identity.openid import NotSignedOn, Provider
from portal.models import AuditEvent, Organisation, Provisioning, SignOnAccount, SingleSignOn, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SERVER = """
from oidc_provider_mock import run_server_in_thread
import sys
with run_server_in_thread(require_nonce=True) as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The issuer's address."""
    command = [sys.executable, "-W", "ignore", "-c", SERVER]
    with subprocess.Popen(  # noqa: S603  our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as own:
        assert own.stdout
        yield f"http://localhost:{int(own.stdout.readline())}"
        own.terminate()


@pytest.fixture
def sign_on(provider: str, regulator: Organisation, admin: User, settings: Any) -> SingleSignOn:
    settings.FETCH_ALLOWED_PRIVATE = [provider.removeprefix("http://")]
    return services.edit_single_sign_on(
        organisation=regulator,
        actor=Actor.person(admin),
        issuer=provider,
        client_id="offshelf",
        client_secret="a secret of the provider",
        domains=["psa.example.gov"],
        role_claim="groups",
        roles={"recalls": "regulator_staff"},
        default_role="",
        is_active=True,
    )


def describe(provider: str, sub: str, **claims: Any) -> None:
    httpx.put(f"{provider}/users/{sub}", json=claims).raise_for_status()


def begin(client: Client, email: str) -> str:
    """The address that the browser is led to."""
    answer = client.post("/sign-in/organisation/", {"email": email, "next": "/recalls/"})
    assert answer.status_code == 200, answer.content.decode()[:500]
    return str(answer.context["address"])


def at_provider(address: str, sub: str) -> str:
    """Sign on there; the path that the browser is sent back to."""
    back = httpx.post(address, data={"sub": sub}).headers["location"]
    parts = urlsplit(back)
    assert (parts.netloc, parts.path) == ("127.0.0.1:8000", "/sign-in/organisation/return/")
    return f"{parts.path}?{parts.query}"


def come(provider: str, sub: str, client: Client | None = None, **claims: Any) -> tuple[Client, int]:
    describe(provider, sub, **claims)
    client = client or Client()
    return client, client.get(at_provider(begin(client, "x@psa.example.gov"), sub)).status_code


EVA: dict[str, Any] = {
    "email": "Eva@psa.example.gov",
    "email_verified": True,
    "name": "Eva Sol",
    "groups": ["all", "recalls"],
}


def test_a_person_comes_in_and_has_an_account_with_the_mapped_role(provider: str, sign_on: SingleSignOn) -> None:
    client, status = come(provider, "eva", **EVA)
    assert status == 302
    eva = User.objects.get(email="eva@psa.example.gov")
    assert (eva.name, eva.role, eva.organisation, eva.has_usable_password()) == (
        "Eva Sol",
        "regulator_staff",
        sign_on.organisation,
        False,
    )
    assert client.get("/board/").status_code == 200
    assert AuditEvent.objects.get(action="person.signed_in").after["by"] == "single sign-on"
    assert AuditEvent.objects.get(action="person.created").actor_label.startswith("System: single sign-on of")
    _, again = come(provider, "eva", **EVA | {"email": "eva.sol@elsewhere.example"})
    assert again == 302, "known by the provider's own name for her"
    assert User.objects.filter(name="Eva Sol").count() == 1


def test_an_existing_account_is_entered_and_an_organisation_that_requires_a_factor_leaves_it_to_the_provider(
    provider: str, sign_on: SingleSignOn, officer: User
) -> None:
    Organisation.objects.filter(pk=officer.organisation_id).update(second_factor_required=True)
    client, status = come(provider, "ada", **EVA | {"email": officer.email})
    assert (status, client.get("/board/").status_code) == (302, 200)
    assert SignOnAccount.objects.get(subject="ada").person == officer


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"email_verified": False}, "did not verify"),
        ({"email_verified": "true"}, "did not verify"),
        ({"email": "eva@elsewhere.example"}, "outside the mail domains"),
        ({"email": "eva@psa.example.gov@elsewhere.example"}, "outside the mail domains"),
        ({"email": None}, "outside the mail domains"),
        ({"groups": ["other"]}, "no role"),
        ({"groups": {"recalls": 1}}, "no role"),
    ],
)
def test_who_does_not_fit_is_refused_and_no_account_is_made(
    provider: str, sign_on: SingleSignOn, claims: dict[str, Any], reason: str
) -> None:
    people = User.objects.count()
    client, status = come(provider, f"misfit-{abs(hash(str(claims)))}", **EVA | claims)
    assert (status, client.get("/board/").status_code) == (403, 302)
    assert User.objects.count() == people
    assert not SignOnAccount.objects.exists()
    assert reason in AuditEvent.objects.get(action="person.sign_on_refused").after["reason"]


def test_admins_of_the_organisation_read_which_stranger_was_refused_and_no_other_regulator_does(
    provider: str, sign_on: SingleSignOn, admin: User, moderator_a: User, other_admin: User
) -> None:
    """Also of an account elsewhere that the provider named; that organisation is told nothing by this provider."""
    for address in ("mallory@elsewhere.example", moderator_a.email, other_admin.email):
        assert come(provider, address, **EVA | {"email": address})[1] == 403
    for person, refused in ((admin, 3), (other_admin, 0)):
        client = Client()
        client.force_login(person)
        page = client.get("/audit/", {"action": "person.sign_on_refused"})
        assert page.status_code == 200
        assert page.content.decode().count('<th scope="row"') == refused, person


def test_an_account_of_another_organisation_is_not_taken_over_by_its_address(
    provider: str, sign_on: SingleSignOn, platform_a: Organisation
) -> None:
    other = UserFactory(email="eva@psa.example.gov", organisation=platform_a)
    client, status = come(provider, "thief", **EVA)
    assert (status, client.get("/account/").status_code) == (403, 302)
    assert not SignOnAccount.objects.exists()
    other.refresh_from_db()
    assert other.organisation == platform_a


def test_a_disabled_account_stays_disabled_and_a_moved_one_is_not_entered(
    provider: str, sign_on: SingleSignOn, admin: User, platform_a: Organisation
) -> None:
    come(provider, "bo", **EVA | {"email": "bo@psa.example.gov"})
    person = User.objects.get(email="bo@psa.example.gov")
    for change in (
        {"is_active": False},
        {"is_active": True, "locked_at": timezone.now()},
        {"locked_at": None, "organisation": platform_a, "role": "moderator"},
    ):
        User.objects.filter(pk=person.pk).update(**change)
        client, status = come(provider, "bo", **EVA | {"email": "bo@psa.example.gov"})
        assert (status, client.get("/account/").status_code) == (403, 302), change
    assert User.objects.filter(email="bo@psa.example.gov").count() == 1


def test_a_role_follows_the_provider_but_never_makes_or_unmakes_an_admin(
    provider: str, sign_on: SingleSignOn, admin: User
) -> None:
    _, status = come(provider, "ines", **EVA | {"email": admin.email})
    admin.refresh_from_db()
    assert (status, admin.role) == (302, "admin")
    come(provider, "cy", **EVA | {"email": "cy@psa.example.gov"})
    _, later = come(provider, "cy", **EVA | {"email": "cy@psa.example.gov", "groups": []})
    assert later == 403, "whoever has no role there any more does not come in"
    for roles in ({"x": "admin"}, {"x": "moderator"}, {"x": "king"}):
        with pytest.raises(ValidationError):
            services.edit_single_sign_on(organisation=sign_on.organisation, actor=Actor.person(admin), roles=roles)


def test_a_return_that_this_browser_did_not_begin_signs_nobody_in(provider: str, sign_on: SingleSignOn) -> None:
    describe(provider, "eva", **EVA)
    victim, thief = Client(), Client()
    path = at_provider(begin(thief, "x@psa.example.gov"), "eva")
    assert victim.get(path).status_code == 403, "a sign-on slipped to somebody else"
    begin(victim, "x@psa.example.gov")
    assert victim.get(path).status_code == 403
    assert thief.get(path).status_code == 302
    assert thief.get(path).status_code == 403, "it works once"
    late = Client()
    path = at_provider(begin(late, "x@psa.example.gov"), "eva")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert late.get(path).status_code == 403
    denied = Client()
    state = urlsplit(begin(denied, "x@psa.example.gov")).query
    assert "code_challenge_method=S256" in state
    assert denied.get("/sign-in/organisation/return/?error=access_denied").status_code == 403
    for client in (victim, late, denied):
        assert client.get("/account/").status_code == 302


def test_a_token_of_somebody_else_is_no_token(provider: str, sign_on: SingleSignOn) -> None:
    keys = httpx.get(f"{provider}/jwks").json()
    now = int(timezone.now().timestamp())
    good = {"iss": provider, "aud": "offshelf", "sub": "eva", "iat": now, "exp": now + 60}
    forger = rsa.generate_private_key(65537, 2048)
    known = Provider(provider, "offshelf", "s")
    kid = keys["keys"][0].get("kid")
    tokens = [jwt.encode(good, forger, "RS256", headers={"kid": kid} if kid else None), jwt.encode(good, None, "none"),
              jwt.encode(good, "x" * 40, "HS256"), "", "a.b.c", "é"]  # fmt: skip
    for token in tokens:
        with pytest.raises(NotSignedOn, match="not valid"):
            openid._verified(known, token, keys)


def test_a_token_that_was_given_to_another_program_is_no_token(provider: str, sign_on: SingleSignOn) -> None:
    own = rsa.generate_private_key(65537, 2048)
    keys = {"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key())) | {"alg": "RS256"}]}
    now = int(timezone.now().timestamp())
    good = {"iss": provider, "aud": "offshelf", "sub": "eva", "iat": now, "exp": now + 60}
    known = Provider(provider, "offshelf", "s")
    for claims in (good, good | {"azp": "offshelf"}, good | {"aud": ["offshelf", "other"], "azp": "offshelf"}):
        assert openid._verified(known, jwt.encode(claims, own, "RS256"), keys)["sub"] == "eva"
    wrong: dict[str, dict[str, Any]] = {
        "azp": {"azp": "other"},
        "made for another program": {"aud": ["offshelf", "other"]},
        "Audience": {"aud": "Offshelf"},
        "Issuer": {"iss": f"{provider}/"},
        "expired": {"exp": now - 61},
        "not yet valid": {"nbf": now + 120, "iat": now + 120},
    }
    for detail, change in wrong.items():
        with pytest.raises(NotSignedOn, match=detail):
            openid._verified(known, jwt.encode(good | change, own, "RS256"), keys)


@pytest.mark.parametrize("claim", ["name", "email"])
def test_a_character_that_cannot_be_kept_signs_nobody_on(claim: str, provider: str, sign_on: SingleSignOn) -> None:
    _, status = come(provider, "odd", **EVA | {claim: "Eva\x00@psa.example.gov"})
    assert status == 403
    assert not User.objects.filter(email__startswith="eva").exists()
    refused = AuditEvent.objects.get(action="person.sign_on_refused")
    assert refused.after["reason"] == f"The provider sent a character in {claim} that cannot be kept."
    with pytest.raises(NotSignedOn, match="in sub"):
        openid._require_storable(EVA | {"sub": "half of a pair \ud800"})


def test_a_number_that_is_too_long_enters_no_account_of_one_that_begins_alike(
    provider: str, sign_on: SingleSignOn
) -> None:
    first = services.enter_by_sign_on(row=sign_on, claims=EVA | {"sub": "s" * 255})
    with pytest.raises(NotSignedOn, match="longer than 255"):
        services.enter_by_sign_on(row=sign_on, claims=EVA | {"sub": "s" * 256, "email": "mallory@psa.example.gov"})
    assert [row.person for row in SignOnAccount.objects.all()] == [first]
    assert not User.objects.filter(email="mallory@psa.example.gov").exists()


def test_another_provider_gets_no_secret_of_the_first_and_its_numbers_enter_no_account(
    provider: str, sign_on: SingleSignOn, admin: User
) -> None:
    eva = services.enter_by_sign_on(row=sign_on, claims=EVA | {"sub": "1"})
    change = {"organisation": sign_on.organisation, "actor": Actor.person(admin), "issuer": "https://other.example"}
    with pytest.raises(ValidationError, match="Enter the client secret of the new issuer"):
        services.edit_single_sign_on(**change)
    sign_on.refresh_from_db()
    assert sign_on.issuer == provider
    assert SignOnAccount.objects.count() == 1
    moved = services.edit_single_sign_on(client_secret="another", **change)
    assert services.provider_of(moved).client_secret == "another"
    told = AuditEvent.objects.filter(action="organisation.single_sign_on_edited").latest("pk")
    assert told.after["accounts_unlinked"] == 1
    mallory = EVA | {"sub": "1", "email": "mallory@psa.example.gov", "name": "Mallory"}
    assert services.enter_by_sign_on(row=moved, claims=mallory) != eva, (
        "whoever has the number 1 there is somebody else"
    )
    assert services.enter_by_sign_on(row=moved, claims=EVA | {"sub": "7"}) == eva, "by her verified address"


def test_who_comes_back_from_a_provider_that_was_switched_off_or_changed_meanwhile_does_not_come_in(
    provider: str, sign_on: SingleSignOn
) -> None:
    for change in ({"is_active": False}, {"issuer": "https://other.example", "is_active": True}):
        SingleSignOn.objects.update(**change)
        with pytest.raises(NotSignedOn, match="changed in the meantime"):
            services.enter_by_sign_on(row=sign_on, claims=EVA | {"sub": "1"})
    assert not SignOnAccount.objects.exists()
    assert not User.objects.filter(email__startswith="eva").exists()


def test_an_address_in_letters_that_look_like_those_of_another_enters_no_account(
    provider: str, sign_on: SingleSignOn, officer: User
) -> None:
    for told in (
        "\uff41da@psa.example.gov",
        "ada@psa.e\uff58ample.gov",
        "ada@p\u017fa.example.gov",
        "ada@psa.example\uff0egov",
    ):
        with pytest.raises(NotSignedOn, match="only look like"):
            services.enter_by_sign_on(row=sign_on, claims=EVA | {"sub": "m", "email": told})
    assert not SignOnAccount.objects.exists()
    claims = EVA | {"sub": "a", "email": "ADA@PSA.example.gov"}
    assert services.enter_by_sign_on(row=sign_on, claims=claims) == officer, "capital letters are the same address"
    again = EVA | {"sub": "b", "email": "ada@psa.example.gov"}
    with pytest.raises(NotSignedOn, match="belongs to somebody else"):
        services.enter_by_sign_on(row=sign_on, claims=again)
    moved = services.enter_by_sign_on(row=sign_on, claims=claims | {"email": "eva@psa.example.gov"})
    assert moved == officer, "her number says who she is, whatever her address is now"


def test_a_name_that_the_provider_gives_has_nothing_in_it_that_nobody_sees(
    provider: str, sign_on: SingleSignOn
) -> None:
    told = EVA | {"sub": "1", "name": "Ada\u200b Lind\u202eqvist\u2028\x1b[2J"}
    assert services.enter_by_sign_on(row=sign_on, claims=told).name == "Ada Lindqvist [2J"


def test_a_provider_that_answers_nonsense_signs_nobody_on(provider: str, sign_on: SingleSignOn) -> None:
    SingleSignOn.objects.update(issuer=f"{provider}/nowhere")
    assert Client().post("/sign-in/organisation/", {"email": "x@psa.example.gov"}).status_code == 403
    SingleSignOn.objects.update(issuer=provider.replace("localhost", "127.0.0.1"))
    assert Client().post("/sign-in/organisation/", {"email": "x@psa.example.gov"}).status_code == 403
    assert AuditEvent.objects.filter(action="person.sign_on_refused").count() == 2


def test_the_secret_is_encrypted_and_an_admin_alone_sets_it_up(
    provider: str,
    sign_on: SingleSignOn,
    admin: User,
    operator: User,
    officer: User,
    platform_a: Organisation,
    sign_in: Callable[[User], Client],
) -> None:
    assert "a secret of the provider" not in sign_on.client_secret
    assert services.provider_of(sign_on).client_secret == "a secret of the provider"
    page = sign_in(admin).get(f"/platforms/{sign_on.organisation_id}/single-sign-on/").content.decode()
    assert "a secret of the provider" not in page
    assert sign_on.client_secret not in page
    assert "a secret of the provider" not in str(list(AuditEvent.objects.values()))
    with pytest.raises(PermissionDenied):
        services.edit_single_sign_on(organisation=platform_a, actor=Actor.person(officer), issuer="https://x.example")
    form = {"issuer": provider, "client_id": "c", "client_secret": "s", "domains": "psa.example.gov", "is_active": "on"}
    assert sign_in(admin).post(f"/platforms/{platform_a.pk}/single-sign-on/", form).status_code == 404
    desk = sign_in(operator)
    assert desk.post(f"/platforms/{platform_a.pk}/single-sign-on/", form).status_code == 422, "the domain is taken"
    assert not SingleSignOn.objects.filter(organisation=platform_a).exists()
    form |= {"domains": "@Bazaarly.example", "roles": "mods = moderator", "role_claim": "groups"}
    assert desk.post(f"/platforms/{platform_a.pk}/single-sign-on/", form).status_code == 302
    made = SingleSignOn.objects.get(organisation=platform_a)
    assert (made.domains, made.roles) == (["bazaarly.example"], {"mods": "moderator"})


@pytest.mark.parametrize("way", ["single sign-on", "provisioning"])
def test_an_admin_does_not_speak_for_the_mail_domain_of_other_organisations_people(
    way: str, admin: User, operator: User, moderator_a: User, regulator: Organisation, platform_a: Organisation
) -> None:
    """It would lead the platform's people to a provider of the admin's, and tell which of their addresses have accounts."""
    given = {
        "domains": ["bazaarly.example"],
        "roles": {"staff": "regulator_staff"},
        "default_role": "",
        "is_active": True,
    }
    if way == "single sign-on":
        provider: dict[str, Any] = {"issuer": "https://evil.example", "client_id": "c", "client_secret": "s"}
        set_up: Callable[..., object] = partial(services.edit_single_sign_on, **provider)
    else:
        set_up = partial(services.edit_provisioning, new_token=True)
    assert moderator_a.email.endswith("@bazaarly.example")
    with pytest.raises(ValidationError, match=r"bazaarly\.example belongs to another organisation"):
        set_up(organisation=regulator, actor=Actor.person(admin), **given)
    assert not SingleSignOn.objects.exists()
    assert not Provisioning.objects.exists()
    set_up(organisation=platform_a, actor=Actor.person(operator), **given | {"roles": {"staff": "moderator"}})


def test_who_signed_on_there_confirms_there(provider: str, sign_on: SingleSignOn, admin: User) -> None:
    client, _ = come(provider, "ines", **EVA | {"email": admin.email})
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        assert client.get("/people/add/")["Location"].startswith("/sign-in/confirm/")
        assert client.get("/sign-in/confirm/")["Location"] == "/sign-in/organisation/"
    describe(provider, "mallory", **EVA | {"email": "mallory@psa.example.gov"})
    began = client.session["proved_at"]
    address = str(client.post("/sign-in/organisation/").context["address"])
    assert "prompt=login" in address
    assert client.get(at_provider(address, "mallory")).status_code == 403, "somebody else is not who is signed in"
    assert client.session["proved_at"] == began
    address = str(client.post("/sign-in/organisation/").context["address"])
    assert client.get(at_provider(address, "ines")).status_code == 302
    assert client.session["proved_at"] > began


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A provider inside the network, over TLS: its issuer, and the file of the authority that vouches for it."""
    folder = tmp_path_factory.mktemp("inside")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    make = [sys.executable, str(settings.BASE_DIR / "deploy" / "certificate.py"), str(folder), "localhost"]
    subprocess.run(make, check=True, capture_output=True)  # noqa: S603  our own program
    command = [sys.executable, "-W", "ignore", "-m", "trial.provider", str(certificate), str(key)]
    with subprocess.Popen(  # noqa: S603  our own program
        command, cwd=settings.BASE_DIR / "scripts",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as own:  # fmt: skip
        assert own.stdout
        yield f"https://localhost:{int(own.stdout.readline())}", certificate
        own.terminate()


@pytest.fixture
def sign_on_inside(inside: tuple[str, Path], regulator: Organisation, admin: User) -> SingleSignOn:
    issuer, roots = inside
    back = "http://127.0.0.1:8000/sign-in/organisation/return/"
    with httpx.Client(base_url=issuer, verify=ssl.create_default_context(cafile=str(roots))) as own:
        known = own.post("/oauth2/clients", json={"redirect_uris": [back]}).raise_for_status().json()
        own.put("/users/eva", json=EVA).raise_for_status()
    return services.edit_single_sign_on(
        organisation=regulator, actor=Actor.person(admin), issuer=issuer, client_id=known["client_id"],
        client_secret=known["client_secret"], domains=["psa.example.gov"], role_claim="groups",
        roles={"recalls": "regulator_staff"}, default_role="", is_active=True,
    )  # fmt: skip


def why_refused(client: Client) -> str:
    """Begin at the form, and read in the log why it ended there."""
    answer = client.post("/sign-in/organisation/", {"email": "eva@psa.example.gov"})
    assert answer.status_code == 403
    return str(AuditEvent.objects.filter(action="person.sign_on_refused").latest("pk").after["reason"])


def test_a_provider_inside_the_network_is_asked_only_where_the_settings_name_it(
    inside: tuple[str, Path], sign_on_inside: SingleSignOn, settings: Any
) -> None:
    host = inside[0].removeprefix("https://")
    people = User.objects.count()
    assert "only 80 and 443 are" in why_refused(Client())
    settings.SIGN_ON_PRIVATE_HOSTS = ["localhost:443"]
    assert "only 80 and 443 are" in why_refused(Client()), "another port of that host is another place"
    settings.SIGN_ON_PRIVATE_HOSTS = [host]
    assert "CERTIFICATE_VERIFY_FAILED" in why_refused(Client()), "its authority is none that everybody trusts"
    assert User.objects.count() == people
    settings.SIGN_ON_ROOTS = str(inside[1])
    client = Client()
    address = begin(client, "eva@psa.example.gov")
    back = httpx.post(address, data={"sub": "eva"}, verify=ssl.create_default_context(cafile=str(inside[1])))
    parts = urlsplit(back.headers["location"])
    assert client.get(f"{parts.path}?{parts.query}").status_code == 302
    assert User.objects.get(email="eva@psa.example.gov").role == "regulator_staff"
    with pytest.raises(NoAnswer, match="only 80 and 443 are"):
        ask(f"https://{host}/", seconds=5, max_bytes=10)


def test_the_settings_of_a_provider_inside_are_checked_at_the_start(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("no certificate")
    for path in (nothing, tmp_path / "missing.pem"):
        with pytest.raises(ImproperlyConfigured, match="must be a PEM file of certificates"):
            Env({"SIGN_ON_ROOTS": str(path)}).certificates("SIGN_ON_ROOTS")
    assert Env({}).certificates("SIGN_ON_ROOTS") == ""
