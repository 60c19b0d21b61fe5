"""OpenID Connect, the relying party's side: authorization code with PKCE and nonce, an ID token whose signature is checked.

Whatever a provider answers is bounded in time and size (portal/http/client.py); what does not fit is NotSignedOn. Who waits for
a provider holds a thread of the web server, so few do at a time, and one that is silent is left alone for a while.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
from django.conf import settings

from portal.http import silent_hosts
from portal.http.addresses import parts_of, plain_host
from portal.http.client import PUBLIC, NoAnswer, Way, ask
from portal.texts import is_storable

SECONDS = 10.0  # for one answer of a provider
MAX_SECONDS = 15.0  # for all that is asked of it after a return
MAX_AT_ONE = 2  # sign-ons that wait for one provider, of the 8 threads of a process
MAX_AT_ONCE = 4  # that wait for any
MAX_BYTES = 200_000
LEEWAY = 60  # seconds that its clock may differ
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


_counting = threading.Lock()
_waiting: Counter[str] = Counter()


class NotSignedOn(Exception):
    """Nobody was signed on; the message says why, for the admins' log."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Whom to ask: the issuer, and who we are there."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Request:
    """One sign-on under way: where the browser is sent, and what its return must fit. Kept in the session meanwhile."""

    address: str
    state: str
    nonce: str
    verifier: str


def begin(provider: Provider, *, back: str, again: bool = False) -> Request:
    """Where to send a browser; `again` asks the provider to have the person prove themselves once more. Raises NotSignedOn."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if again else {}),
    }
    with _place(provider):
        endpoint = _endpoint(_discovered(provider, time.monotonic() + SECONDS), "authorization_endpoint")
    joint = "&" if urlsplit(endpoint).query else "?"
    return Request(f"{endpoint}{joint}{urlencode(query)}", state, nonce, verifier)


def finish(
    provider: Provider, *, code: str, nonce: str, verifier: str, back: str, issuer: str | None = None
) -> dict[str, Any]:
    """What the provider says of the person who came back with `code`. `issuer` is who sent them back, where the return says so
    (RFC 9207): a code of another provider is shown to none. Raises NotSignedOn."""
    if issuer is not None and issuer != provider.issuer:
        raise NotSignedOn("The return comes from another provider (iss).")
    with _place(provider):
        return _finished(provider, code, nonce, verifier, back, issuer)


def _finished(
    provider: Provider, code: str, nonce: str, verifier: str, back: str, issuer: str | None
) -> dict[str, Any]:
    until = time.monotonic() + MAX_SECONDS
    known = _discovered(provider, until)
    if known.get("authorization_response_iss_parameter_supported") is True and issuer is None:
        raise NotSignedOn("The return does not say which provider it comes from (iss), as this one's do.")
    who = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    headers = {
        "Authorization": f"Basic {base64.b64encode(who.encode()).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    tokens = _json(_endpoint(known, "token_endpoint"), until, headers=headers, content=urlencode(form).encode())
    claims = _verified(provider, str(tokens.get("id_token", "")), _json(_endpoint(known, "jwks_uri"), until))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotSignedOn("The answer belongs to another sign-in (nonce).")
    if "email" not in claims and "userinfo_endpoint" in known:
        bearer = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
        more = _json(_endpoint(known, "userinfo_endpoint"), until, headers=bearer)
        if more.get("sub") != claims["sub"]:
            raise NotSignedOn("The provider describes somebody else (userinfo).")
        claims = {**more, **claims}
    _require_storable(claims)
    return claims


def _require_storable(claims: Mapping[str, Any]) -> None:
    for name in ("sub", "email", "name"):
        if not is_storable(str(claims.get(name, ""))):
            raise NotSignedOn(f"The provider sent a character in {name} that cannot be kept.")


def _verified(provider: Provider, token: str, keys: dict[str, Any]) -> dict[str, Any]:
    try:
        wanted = jwt.get_unverified_header(token).get("kid")
        found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if wanted is None or key.key_id == wanted]
        claims: dict[str, Any] = jwt.decode(
            token,
            found[0],
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except Exception as error:
        # What a provider sends makes the libraries below raise whatever they like.
        raise NotSignedOn(f"The ID token is not valid: {type(error).__name__}: {error}"[:300]) from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp") != provider.client_id and (several or "azp" in claims):
        raise NotSignedOn("The ID token was made for another program (azp).")
    return claims


@contextmanager
def _place(provider: Provider) -> Iterator[None]:
    """One of the few places for waiting for a provider in this process. Raises NotSignedOn where all are taken."""
    with _counting:
        if _waiting[provider.issuer] >= MAX_AT_ONE or _waiting.total() >= MAX_AT_ONCE:
            raise NotSignedOn("Too many sign-ons are waiting for their providers. Try again in some seconds.")
        _waiting[provider.issuer] += 1
    try:
        yield
    finally:
        with _counting:
            _waiting[provider.issuer] -= 1
            if not _waiting[provider.issuer]:
                del _waiting[provider.issuer]


def _discovered(provider: Provider, until: float) -> dict[str, Any]:
    known = _json(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", until)
    if known.get("issuer") != provider.issuer:
        raise NotSignedOn(f"The provider calls itself {str(known.get('issuer'))[:200]!r}, not {provider.issuer!r}.")
    return known


def _endpoint(known: Mapping[str, Any], name: str) -> str:
    address = str(known.get(name, ""))
    parts = parts_of(address)
    is_written = parts is not None and address.isascii() and address.isprintable()
    if parts is None or not is_written or parts.scheme not in ({"https"} if settings.PRODUCTION else {"https", "http"}):
        raise NotSignedOn(f"The provider names no address for {name}, or one without TLS.")
    return address


def _way(address: str) -> Way:
    """Providers are at public addresses, but for hosts that the installation names as its own, and these over TLS alone."""
    parts = parts_of(address)
    if parts is None or parts.scheme != "https":
        return PUBLIC
    place = f"{plain_host(parts.hostname or '')}:{parts.port or 443}"
    return Way(own=True, roots=settings.SIGN_ON_ROOTS) if place in settings.SIGN_ON_PRIVATE_HOSTS else PUBLIC


def _json(
    address: str, until: float, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
) -> dict[str, Any]:
    """The object that is answered there before `until`, of time.monotonic."""
    host = urlsplit(address).netloc
    if silent_hosts.rests(host):
        raise NotSignedOn("The provider repeatedly gave no answer. It is asked again in some seconds.")
    try:
        answer = ask(
            address,
            seconds=max(0.0, min(SECONDS, until - time.monotonic())),
            max_bytes=MAX_BYTES,
            headers={"Accept": "application/json", **(headers or {})},
            content=content,
            way=_way(address),
        )
        silent_hosts.answered(host)
        found = json.loads(answer.body)
    except (NoAnswer, ValueError, RecursionError) as error:
        if isinstance(error, NoAnswer) and error.silent:
            silent_hosts.was_silent(host)
        raise NotSignedOn(f"The provider did not answer as expected: {error}"[:300]) from error
    if not answer.is_success or not isinstance(found, dict):
        raise NotSignedOn(f"The provider answered {answer.status} at {urlsplit(address).path[:100]}.")
    return found
