"""Every address × every member of the cast × reading and writing: no one sees another's rows, nothing ever breaks."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from enforcement.models import Takedown
from listings.models import Flag, Listing, SellerLink
from portal.identity import api_keys
from portal.identity.access import (
    ACCESS,
    ANY_KEY,
    OWN_METHODS,
    PLATFORM_SCOPES,
    PUBLIC,
    REGULATOR_SCOPES,
    ROLE_PERMISSIONS,
    SIGNED_IN,
)
from portal.identity.actors import Actor
from portal.models import AuditEvent, Export, Organisation, User
from recalls.models import Notice, Recall, RecallVersion
from tests.exporting import exported
from tests.factories import NOTICE_SENT, NoticeFactory, RecallFactory, UserFactory
from tests.fuzz.sending import may_open
from tests.world import CANARY, PopulatedSite

pytestmark = pytest.mark.django_db
ONE_SITE = True


def url_names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}"


NAMES = sorted(set(url_names(get_resolver().url_patterns)))
PAGES = [name for name in NAMES if not name.startswith("api:")]
MUST_NOT_BREAK = {200, 204, 286, 302, 400, 401, 403, 404, 405, 409, 412, 422}
STRANGERS = {"moderator_b", "outsider", "other_admin", "operator"}
LATE = {"health_work": 503}  # says that the site's listings wait for their matching, which is true


def address(name: str, populated_site: PopulatedSite) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, kwargs=populated_site.kwargs(name))


def text_of(client: Client, url: str) -> tuple[int, str]:
    response = client.get(url)
    body = response.getvalue()
    return response.status_code, body.decode(errors="replace")


def unnamed(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from unnamed(pattern.url_patterns)
        elif not pattern.name:
            yield str(pattern.pattern)


def test_the_walk_covers_the_whole_url_table() -> None:
    assert list(unnamed(get_resolver().url_patterns)) == [], "an address without a name is walked by nobody"
    assert set(NAMES) == set(ACCESS)


def test_the_entitled_do_find_the_canaries(
    populated_site: PopulatedSite, sign_in: Callable[[User], Client], moderator_a: User
) -> None:
    client = sign_in(moderator_a)
    for name in ("listings:queue", "listings:flag", "listings:listing", "listings:catalogue", "recalls:list", "recalls:detail",
                 "recalls:notices", "recalls:notice", "enforcement:takedowns", "enforcement:takedown", "portal:notifications"):  # fmt: skip
        status, body = text_of(client, address(name, populated_site))
        assert (status, CANARY in body) == (200, True), name


@pytest.mark.takes(12)
@pytest.mark.parametrize(
    "who", ["officer", "admin", "moderator_a", "manager_a", "moderator_b", "outsider", "other_admin", "operator"]
)
def test_no_page_breaks_is_kept_in_a_shared_cache_or_shows_a_stranger_another_platforms_row(
    who: str, populated_site: PopulatedSite, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    person: User = request.getfixturevalue(who)
    client, opened = sign_in(person), 0
    for name in (*PAGES, "api:docs", "api:schema"):
        if name == "portal:sign_out":
            continue
        answer = client.get(address(name, populated_site))
        body = answer.getvalue().decode(errors="replace")
        assert answer.status_code in MUST_NOT_BREAK | {LATE.get(name, 200)}, f"{name} answered {answer.status_code}"
        assert "private" in answer.get("Cache-Control", ""), f"{name} says {answer.get('Cache-Control')}"
        assert "---------" not in body or "html" not in answer["Content-Type"], f"{name} does not name an empty choice"
        if who in STRANGERS:
            assert CANARY not in body, f"{name} shows {who} another platform's row"
        opened += may_open(name, person)
    assert opened >= (30 if who == "operator" else 50)
    for name in PAGES:
        if name == "portal:sign_out":
            continue
        url = address(name, populated_site)
        for method in (client.post, client.put, client.delete):
            answer = method(url)
            assert answer.status_code in MUST_NOT_BREAK | {LATE.get(name, 200)}, (
                f"{method.__name__} {name} answered {answer.status_code}"
            )
            if method != client.post and name not in OWN_METHODS:
                assert answer.status_code == 405, f"{method.__name__} {name} answered {answer.status_code}"
            if answer.streaming:
                assert answer.getvalue(), name


def test_pictures_are_for_those_who_see_what_shows_them(
    populated_site: PopulatedSite,
    sign_in: Callable[[User], Client],
    officer: User,
    moderator_a: User,
    moderator_b: User,
) -> None:
    for name in ("listings:picture", "recalls:picture"):
        for person, status in ((officer, 200), (moderator_a, 200), (moderator_b, 404)):
            assert sign_in(person).get(address(name, populated_site)).status_code == status, (name, person)


def test_a_stranger_is_sent_to_sign_in_everywhere(populated_site: PopulatedSite) -> None:
    client = Client()
    for name in PAGES:
        if ACCESS[name] == PUBLIC:
            continue
        response = client.get(address(name, populated_site))
        assert response.status_code == 302, name
        assert response["Location"].startswith("/sign-in/"), name


@pytest.mark.parametrize("who", ["moderator_b", "outsider", "other_admin", "operator"])
def test_writing_to_another_platforms_rows_is_404_and_moves_nothing(
    who: str, populated_site: PopulatedSite, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    before = snapshot()
    for name in (
        "listings:flag_claim",
        "listings:flag_release",
        "listings:flag_decide",
        "recalls:notice_acknowledge",
        "enforcement:record_check",
        "enforcement:check_now",
        "enforcement:takedown_pack",
        "enforcement:notice_pack",
        "listings:flag_seller_links",
        "listings:seller_link_revoke",
    ):
        data = {"kind": "removed", "seen": "open:0", "verdict": "gone", "note": "x"}
        refused = {403, 404} if who in {"other_admin", "operator"} else {404}
        assert client.post(address(name, populated_site), data).status_code in refused, name
    assert snapshot() == before


def snapshot() -> list[object]:
    return [
        list(Flag.objects.order_by("pk").values("status", "claimed_by", "due_at")),
        list(Takedown.objects.order_by("pk").values("status", "next_step", "next_step_at")),
        list(Notice.objects.order_by("pk").values("status", "delivered_at", "acknowledged_at")),
        list(Recall.objects.order_by("pk").values("status", "priority")),
        Listing.objects.count(),
        AuditEvent.objects.filter(action__startswith="pack.").count(),
        Export.objects.count(),
        list(SellerLink.objects.order_by("pk").values("closed_at", "openings", "answers")),
    ]


def pack_of(client: Client, name: str, populated_site: PopulatedSite, data: dict[str, object] | None = None) -> bytes:
    """What a pack that was asked for unpacks to, all files in one."""
    with zipfile.ZipFile(
        io.BytesIO(exported(client, client.post(address(name, populated_site), data or {})))
    ) as archive:
        return b"\n".join(archive.read(file) for file in archive.namelist())


@pytest.mark.parametrize("who", ["officer", "admin", "moderator_a", "manager_a"])
def test_packs_are_for_the_regulator_the_admin_and_the_platform_itself(
    who: str, populated_site: PopulatedSite, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    client, tomorrow = sign_in(request.getfixturevalue(who)), timezone.now().date() + timedelta(days=1)
    before = AuditEvent.objects.filter(action="pack.made").count()
    # In the reader's zone it may be tomorrow already.
    period = {"platform": populated_site.takedown.platform_id, "first": NOTICE_SENT.date(), "last": tomorrow}
    for name, data in (("takedown_pack", None), ("notice_pack", None), ("packs", period)):
        assert CANARY.encode() in pack_of(client, f"enforcement:{name}", populated_site, data), name
        assert client.get(address(f"enforcement:{name}", populated_site)).status_code == (200 if data else 405)
    assert AuditEvent.objects.filter(action="pack.made").count() == before + 3
    for page in ("enforcement:takedown", "recalls:notice", "enforcement:takedowns"):
        assert "evidence pack" in text_of(client, address(page, populated_site))[1].lower(), page


@pytest.mark.parametrize("who", ["moderator_b", "outsider"])
def test_another_platforms_period_is_no_choice(
    who: str, populated_site: PopulatedSite, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    client, before = sign_in(request.getfixturevalue(who)), snapshot()
    period = {
        "platform": populated_site.takedown.platform_id,
        "first": "2026-03-02",
        "last": timezone.now().date() + timedelta(days=1),
    }
    answer = client.post(address("enforcement:packs", populated_site), period)
    assert answer.status_code == 422
    assert "Bazaarly" not in answer.content.decode()
    assert snapshot() == before


def test_another_regulator_gets_no_pack(populated_site: PopulatedSite, sign_in: Callable[[User], Client]) -> None:
    stranger = UserFactory(
        role="regulator_staff", organisation__kind="regulator", organisation__name="Elsewhere Authority"
    )
    before = AuditEvent.objects.filter(action__startswith="pack.").count()
    for name in ("enforcement:takedown_pack", "enforcement:notice_pack"):
        assert sign_in(stranger).post(address(name, populated_site)).status_code == 404, name
    assert AuditEvent.objects.filter(action__startswith="pack.").count() == before


def test_a_platform_never_sees_an_unsent_or_unpublished_recall(
    populated_site: PopulatedSite, sign_in: Callable[[User], Client], moderator_a: User, officer: User
) -> None:
    client = sign_in(moderator_a)
    embargoed = RecallFactory(
        regulator=officer.organisation,
        number="E-1",
        title="Embargoed recall",
        status="embargoed",
        publish_at=timezone.now(),
    )
    NoticeFactory(recall=embargoed, platform=moderator_a.organisation)  # even so
    for recall in (populated_site.unsent, populated_site.draft, embargoed):
        assert client.get(reverse("recalls:detail", args=[recall.pk])).status_code == 404
        assert client.get(reverse("recalls:versions", args=[recall.pk])).status_code == 404
    _, body = text_of(client, reverse("recalls:list"))
    assert "Unsent recall" not in body
    assert "Secret draft" not in body
    assert "Embargoed recall" not in body
    _, officers = text_of(sign_in(officer), reverse("recalls:list"))
    assert "Unsent recall" in officers
    assert "Secret draft" in officers


def test_no_platform_sees_a_dry_run_not_even_that_of_its_own_catalogue(
    populated_site: PopulatedSite, sign_in: Callable[[User], Client], officer: User, moderator_a: User, manager_a: User
) -> None:
    for name in ("listings:dry_runs", "listings:dry_run", "listings:dry_run_progress"):
        for person in (moderator_a, manager_a):
            assert sign_in(person).get(address(name, populated_site)).status_code == 403, name
    assert CANARY in text_of(sign_in(officer), address("listings:dry_run", populated_site))[1]


def test_a_platform_sees_the_version_it_was_sent_and_no_later_draft(
    populated_site: PopulatedSite, sign_in: Callable[[User], Client], moderator_a: User
) -> None:
    RecallVersion.objects.create(
        recall=populated_site.recall, version=2, title="Next version, secret so far", published_at=None
    )
    _, body = text_of(sign_in(moderator_a), reverse("recalls:detail", args=[populated_site.recall.pk]))
    assert CANARY in body
    assert "secret so far" not in body


API_NAMES = sorted(name for name in NAMES if name.startswith("api:") and ACCESS[name] != PUBLIC)


def key_of(organisation: Organisation, person: User, scopes: Iterable[str]) -> dict[str, str]:
    _, secret = api_keys.create_key(
        organisation=organisation, name="K", scopes=list(scopes), days=1, actor=Actor.person(person)
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def test_the_api_shows_a_platform_its_own_rows_only(
    populated_site: PopulatedSite, platform_b: Organisation, moderator_b: User
) -> None:
    manager_b = UserFactory(role="platform_manager", organisation=platform_b)
    own, other = (
        {"HTTP_AUTHORIZATION": f"Bearer {populated_site.secret}"},
        key_of(platform_b, manager_b, PLATFORM_SCOPES),
    )
    client = Client()
    before = snapshot()
    for name in API_NAMES:
        url = address(name, populated_site)
        assert CANARY not in client.get(url, **other).content.decode(), name
        status = client.post(url, {}, content_type="application/json", **other).status_code
        assert status in {403, 404, 405, 412, 422}, f"POST {name} answered {status}"
        assert status != 403 or ACCESS[name] not in ROLE_PERMISSIONS["platform_manager"] or name in ASKS, name
        assert client.get(url).status_code == 401, name
    assert snapshot() == before
    for name in ("api:notices", "api:flags", "api:flag", "api:listing", "api:takedown"):
        assert CANARY in client.get(address(name, populated_site), **own).content.decode(), name


ASKS = {"api:recalls", "api:recall_files", "api:recall_versions", "api:exclusions"}
"""Addresses that are read by more than may write there."""


@pytest.mark.parametrize("role", ["regulator_staff", "admin"])
def test_the_api_shows_another_regulator_nothing(role: str, populated_site: PopulatedSite) -> None:
    stranger = UserFactory(role=role, organisation__kind="regulator", organisation__name="Elsewhere Authority")
    other, client, before = key_of(stranger.organisation, stranger, REGULATOR_SCOPES), Client(), snapshot()
    for name in API_NAMES:
        url = address(name, populated_site)
        assert CANARY not in client.get(url, **other).content.decode(), name
        view = resolve(url).func.view_class  # type: ignore[attr-defined]
        if ACCESS[name] == "audit.view" and role == "admin":
            continue  # a log of their own: without this regulator's events (below)
        for method in (method for method in ("post", "put", "patch") if hasattr(view, method)):
            send = getattr(client, method)
            status = send(url, {}, content_type="application/json", **other).status_code
            assert status in {403, 404, 422}, f"{method} {name} answered {status}"
    assert snapshot() == before


def test_a_key_opens_what_its_scope_covers_and_its_makers_role_allows(
    populated_site: PopulatedSite,
    admin: User,
    officer: User,
    manager_a: User,
    settings: Any,
) -> None:
    settings.API_CALLS_PER_MINUTE = 1_000_000
    client = Client()
    offers = [(manager_a, PLATFORM_SCOPES), (officer, REGULATOR_SCOPES), (admin, REGULATOR_SCOPES)]
    for person, scope, granted in ((person, *each) for person, offer in offers for each in offer.items()):
        headers = key_of(person.organisation, person, [scope])
        allowed = granted & ROLE_PERMISSIONS[person.role]
        for covered in (True, False):  # one of each, as all are asked by the same rule
            name = next((name for name in API_NAMES if (ACCESS[name] in allowed | {ANY_KEY}) == covered), None)
            if name is not None:
                status = client.get(address(name, populated_site), **headers).status_code
                assert (status != 403) == covered, f"{person.role} with {scope} at {name}: {status}"


def test_signed_in_pages_are_open_to_everyone_with_an_account(
    populated_site: PopulatedSite, sign_in: Callable[[User], Client], outsider: User
) -> None:
    client = sign_in(outsider)
    for name in (
        name
        for name in PAGES
        if ACCESS[name] == SIGNED_IN
        and name
        not in {
            "portal:sign_out",
            "portal:notification",  # a message of one's own, in tests/portal/test_inbox.py
            "portal:notifications_read",
            "portal:session_end",
            "portal:list_columns",
            "portal:saved_view",
            "enforcement:sandbox_leave",
        }
    ):
        assert client.get(address(name, populated_site)).status_code in {200, 302}, name
