"""A provider of single sign-on that is hostile or broken, and one organisation's that would stop the sign-in of all."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone

from portal import services
from portal.http import silent_hosts
from portal.identity import openid
from portal.identity.actors import Actor
from portal.identity.openid import NotSignedOn, Provider
from portal.models import AuditEvent, Organisation, SignOnAccount, SingleSignOn, User

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(65537, 2048)


class Hostile(ThreadingHTTPServer):
    """Answers well, unless told otherwise: `known` changes what it says of itself, `claims` its tokens, `waits` how long a
    path takes, `raw` what a path answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.known: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.waits: dict[str, float] = {}
        self.raw: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.nonce = ""

    def answer(self, path: str) -> bytes:
        if path in self.raw:
            return self.raw[path]
        if path == "/.well-known/openid-configuration":
            places = {
                f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token", "userinfo")
            } | {"jwks_uri": f"{self.issuer}/keys"}
            return json.dumps({"issuer": self.issuer, **places, **self.known}).encode()
        if path == "/keys":
            return json.dumps({"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))]}).encode()
        now = int(timezone.now().timestamp())
        claims = {"iss": self.issuer, "aud": "offshelf", "sub": "eva", "iat": now, "exp": now + 60, "nonce": self.nonce}
        token = jwt.encode(
            {**claims, "email": "eva@psa.example.gov", "email_verified": True, **self.claims}, KEY, "RS256"
        )
        return json.dumps({"access_token": "x", "id_token": token}).encode()


class _Answers(BaseHTTPRequestHandler):
    server: Hostile

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        time.sleep(self.server.waits.get(self.path, 0))
        body = self.server.answer(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def hostile(settings: Any) -> Iterator[Hostile]:
    with Hostile() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{server.server_port}"]
        yield server
        server.shutdown()


@pytest.fixture
def sign_on(hostile: Hostile, regulator: Organisation, admin: User) -> SingleSignOn:
    return services.edit_single_sign_on(
        organisation=regulator, actor=Actor.person(admin), issuer=hostile.issuer, client_id="offshelf", client_secret="s",
        domains=["psa.example.gov"], role_claim="groups", roles={"recalls": "regulator_staff"}, default_role="", is_active=True,
    )  # fmt: skip


def begun(hostile: Hostile, client: Client) -> str:
    """The way back that a browser would be sent, with the state of a sign-on that it began."""
    answer = client.post("/sign-in/organisation/", {"email": "x@psa.example.gov"})
    assert answer.status_code == 200
    query = parse_qs(urlsplit(answer.context["address"]).query)
    [hostile.nonce], [state] = query["nonce"], query["state"]
    return f"/sign-in/organisation/return/?code=c&state={state}"


ODD = [
    "http://[x",
    "http://a\x00b/",
    "http://half \ud800/",
    "http://shop℀/",
    "javascript:alert(1)",
    "",
    5,
    None,
    ["http://x/"],
]


@pytest.mark.parametrize("address", ODD, ids=ascii)
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_an_address_that_is_none_ends_that_sign_on_and_is_written_down(
    hostile: Hostile, sign_on: SingleSignOn, name: str, address: object
) -> None:
    client = Client()
    if name == "authorization_endpoint":
        hostile.known[name] = address
        answer = client.post("/sign-in/organisation/", {"email": "x@psa.example.gov"})
    else:
        back = begun(hostile, client)
        hostile.known[name], hostile.claims = address, {"email": None}
        if name == "userinfo_endpoint":
            hostile.claims = {}
            hostile.raw["/token"] = _without_email(hostile)
        answer = client.get(back)
    assert answer.status_code == 403
    assert AuditEvent.objects.get(action="person.sign_on_refused").after["reason"]
    assert client.get("/account/").status_code == 302
    assert not SignOnAccount.objects.exists()


def _without_email(hostile: Hostile) -> bytes:
    now = int(timezone.now().timestamp())
    claims = {
        "iss": hostile.issuer,
        "aud": "offshelf",
        "sub": "eva",
        "iat": now,
        "exp": now + 60,
        "nonce": hostile.nonce,
    }
    return json.dumps({"access_token": "x\r\nX: y", "id_token": jwt.encode(claims, KEY, "RS256")}).encode()


@pytest.mark.parametrize(
    "claims",
    [
        {"groups": "recalls-and-more"}, {"groups": {"recalls": True}}, {"groups": [["recalls"]]}, {"groups": 7},
        {"groups": None}, {"groups": ["Recalls"]}, {"groups": [{"recalls": 1}]}, {"email_verified": "true", "groups": ["recalls"]},
        {"email_verified": 1, "groups": ["recalls"]}, {"email": ["eva@psa.example.gov"], "groups": ["recalls"]},
        {"email": "eva@psa.example.gov\n", "email_verified": None, "groups": ["recalls"]},
        {"email": "eva@psa.example.gov, x@market.example", "groups": ["recalls"]},
        {"sub": 5, "groups": ["recalls"]}, {"sub": "", "groups": ["recalls"]}, {"sub": "x" * 256, "groups": ["recalls"]},
        {"exp": 1e999, "groups": ["recalls"]}, {"exp": float("nan"), "groups": ["recalls"]}, {"iat": "soon", "groups": ["recalls"]},
        {"name": "a" * 100_000, "email": "x" * 300 + "@psa.example.gov", "groups": ["recalls"]},
    ],
    ids=lambda claims: str(claims)[:50],
)  # fmt: skip
def test_claims_of_an_odd_kind_give_nobody_an_account(
    hostile: Hostile, sign_on: SingleSignOn, claims: dict[str, Any]
) -> None:
    client, before = Client(), User.objects.count()
    back = begun(hostile, client)
    hostile.claims = claims
    assert client.get(back).status_code == 403
    assert User.objects.count() == before
    assert AuditEvent.objects.filter(action="person.sign_on_refused").count() == 1


@pytest.mark.parametrize(("told", "status"), [("", 302), ("&iss={own}", 302), ("&iss=https://honest.example", 403)])
def test_a_code_of_another_provider_is_not_shown_to_the_one_that_sent_its_people_there(
    hostile: Hostile, sign_on: SingleSignOn, told: str, status: int
) -> None:
    client = Client()
    back = begun(hostile, client)
    hostile.claims["groups"] = ["recalls"]
    hostile.asked.clear()
    assert client.get(back + told.replace("{own}", hostile.issuer)).status_code == status
    assert ("/token" in hostile.asked) is (status == 302)


def test_a_provider_that_names_itself_in_each_return_is_held_to_it(hostile: Hostile, sign_on: SingleSignOn) -> None:
    client = Client()
    back = begun(hostile, client)
    hostile.known["authorization_response_iss_parameter_supported"] = True
    assert client.get(back).status_code == 403
    assert "/token" not in hostile.asked


def at_once(number: int, act: Callable[[], object]) -> list[tuple[float, str]]:
    """What so many threads got, by how long each waited."""
    found: list[tuple[float, str]] = []

    def run() -> None:
        start = time.monotonic()
        try:
            act()
            told = "signed on"
        except NotSignedOn as error:
            told = str(error)
        found.append((time.monotonic() - start, told))

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_a_slow_provider_holds_few_threads_and_those_for_a_limited_time(
    hostile: Hostile, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openid, "MAX_SECONDS", 1.5)
    slow = Provider(hostile.issuer, "offshelf", "s")
    hostile.waits = {"/token": 1.0, "/keys": 1.0, "/userinfo": 1.0}
    finish = {"code": "c", "nonce": "n", "verifier": "v", "back": "http://127.0.0.1:8000/"}
    found = at_once(8, lambda: openid.finish(slow, **finish))
    at_once_refused = [told for waited, told in found if waited < 0.5]
    assert len(at_once_refused) == 8 - openid.MAX_AT_ONE
    assert set(at_once_refused) == {"Too many sign-ons are waiting for their providers. Try again in some seconds."}
    assert all(waited < 2.5 for waited, _ in found), "a second for each of its answers would be three"
    hostile.waits = {}
    assert openid.begin(slow, back="http://127.0.0.1:8000/").state, "the places are free again"


def test_a_silent_provider_keeps_no_place_of_another_and_is_left_alone_for_a_while(
    hostile: Hostile, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openid, "SECONDS", 0.3)
    with Hostile() as honest:
        threading.Thread(target=honest.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.FETCH_ALLOWED_PRIVATE = [urlsplit(each.issuer).netloc for each in (hostile, honest)]
        hostile.waits["/.well-known/openid-configuration"] = 5
        silent, other = (Provider(each.issuer, "offshelf", "s") for each in (hostile, honest))
        for _ in range(silent_hosts.MAX_IN_A_ROW):
            with pytest.raises(NotSignedOn, match="did not answer"):
                openid.begin(silent, back="http://127.0.0.1:8000/")
        began = time.monotonic()
        with pytest.raises(NotSignedOn, match="repeatedly gave no answer"):
            openid.begin(silent, back="http://127.0.0.1:8000/")
        assert time.monotonic() - began < 0.2
        assert openid.begin(other, back="http://127.0.0.1:8000/").state
        honest.shutdown()
