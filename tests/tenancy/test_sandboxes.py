"""What is in a sandbox is seen by nobody outside of it: on no page, in no export, by no key, and in no public feed."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.sandbox import regulator as acts
from enforcement.sandbox.services import create_sandbox
from listings import services as listings
from portal import services
from portal.exporting import registry
from portal.identity.access import ACCESS, PLATFORM_SCOPES, REGULATOR_SCOPES
from portal.identity.actors import Actor
from portal.identity.tenancy import TenantQuerySet, path_to_tenant
from portal.models import Organisation, User
from recalls import services as recalls
from recalls.models import IncidentLead, Recall
from recalls.services import ProductContent
from tests.exporting import exported
from tests.factories import FlagFactory, ListingFactory, OrganisationFactory, UserFactory
from tests.tenancy.test_matrix import API_NAMES, PAGES, address, key_of, text_of
from tests.world import CANARY, PopulatedSite, build_populated_site

pytestmark = pytest.mark.django_db
LISTS = {kind: {"query": ""} for kind in registry._LISTS} | {
    "rejects": {"words": ""},
    "shared_codes": {"query": ""},
}


@pytest.fixture
def sandbox_site(platform_a: Organisation, regulator: Organisation) -> PopulatedSite:
    """Everything that there can be, at a platform and a regulator that then are the sandbox of platform_a."""
    tenants = {
        kind: OrganisationFactory(kind=kind, name=f"Test {kind}", slug=f"test-{kind}")
        for kind in ("regulator", "platform")
    }
    moderator = UserFactory(name="Tess", role="moderator", organisation=tenants["platform"])
    site = build_populated_site(
        regulator=tenants["regulator"],
        platform=tenants["platform"],
        officer=UserFactory(name="Theo", role="regulator_staff", organisation=tenants["regulator"]),
        moderator=moderator,
        manager=UserFactory(name="Tara", role="platform_manager", organisation=tenants["platform"]),
    )
    Recall.objects.update(title=f"Heater {CANARY}", search=CANARY.lower())
    return site


def close_off(site: PopulatedSite, platform: Organisation) -> None:
    """From now on it is a sandbox."""
    both = [site.listing.platform_id, site.recall.regulator_id]
    Organisation.objects.filter(pk__in=both).update(sandbox_of=platform)


def shown(client: Client, site: PopulatedSite) -> set[str]:
    """The pages that have the canary."""
    pages = (name for name in (*PAGES, "api:docs") if name != "portal:sign_out")
    return {name for name in pages if CANARY in text_of(client, address(name, site))[1]}


@pytest.mark.takes(4)
@pytest.mark.parametrize("who", ["officer", "admin", "manager_a", "operator"])
def test_no_regulator_no_operator_and_not_even_its_platform_sees_it_from_outside(
    who: str,
    sandbox_site: PopulatedSite,
    platform_a: Organisation,
    sign_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:
    close_off(sandbox_site, platform_a)
    its_managers = {"enforcement:sandbox"} if who == "manager_a" else set()  # the names of its keys
    assert shown(sign_in(request.getfixturevalue(who)), sandbox_site) == its_managers


def belongs_to(site: PopulatedSite) -> dict[str, dict[str, str]]:
    """What is exported of lists that belong to one object."""
    objects = {
        "held_matches": site.notice.pk,
        "dry_runs": site.recall.pk,
        "dry_run_results": site.dry_run.pk,
        "recall_import_rows": site.recall_import.pk,
        "webhook_deliveries": site.webhook.pk,
        "activity": f"recalls.recall:{site.recall.pk}",
    }
    return {kind: {"query": f"of={key}"} for kind, key in objects.items()}


@pytest.mark.takes(4)
def test_no_list_can_be_exported_with_it(
    sandbox_site: PopulatedSite, platform_a: Organisation, admin: User, operator: User, officer: User, manager_a: User
) -> None:
    lists = LISTS | belongs_to(sandbox_site)

    def written(person: User, kind: str) -> str:
        actor = Actor.person(person)
        if not actor.may(registry.exporter_of(kind).permission):
            return ""
        export = services.start_export(kind=kind, arguments=lists[kind], stem=kind, actor=actor)
        made = services.run_export(export)
        if kind in belongs_to(sandbox_site) and made.status == "failed":
            return ""  # the object itself is out of sight
        assert made.status == "done", (kind, made.error)
        with made.file.open() as file:
            return file.read().decode(errors="replace")

    own = User.objects.get(name="Theo")
    assert len({kind for kind in lists if CANARY in written(own, kind)}) >= 4, "whose it is finds it"
    close_off(sandbox_site, platform_a)
    for person in (admin, operator, officer, manager_a):
        for kind in lists:
            assert CANARY not in written(person, kind), (kind, person.name)


def test_no_key_from_outside_finds_it(
    sandbox_site: PopulatedSite, platform_a: Organisation, admin: User, officer: User, manager_a: User
) -> None:
    keys = {
        person.name: key_of(person.organisation, person, scopes)
        for person, scopes in ((admin, REGULATOR_SCOPES), (officer, REGULATOR_SCOPES), (manager_a, PLATFORM_SCOPES))
    }

    def found(key: dict[str, str]) -> set[str]:
        urls = {call: address(call, sandbox_site) for call in API_NAMES}
        return {call for call, url in urls.items() if CANARY.encode() in Client().get(url, **key).getvalue()}

    assert len(found({"HTTP_AUTHORIZATION": f"Bearer {sandbox_site.secret}"})) > 5, "its own key finds it"
    close_off(sandbox_site, platform_a)
    for name, key in keys.items():
        assert found(key) == set(), name


def test_the_public_sees_nothing_of_it_whatever_its_name(sandbox_site: PopulatedSite, platform_a: Organisation) -> None:
    close_off(sandbox_site, platform_a)
    for name in ("recalls:published_atom", "recalls:published_jsonld", "enforcement:late_platforms"):
        assert CANARY not in text_of(Client(), reverse(name))[1], name
        assert ACCESS[name] == "public"
    assert Client().get(reverse("recalls:published_atom"), {"regulator": "test-regulator"}).status_code == 404


def test_the_audit_log_tells_operators_who_made_a_sandbox_and_nobody_what_happened_in_it(
    platform_a: Organisation, manager_a: User, admin: User, operator: User, sign_in: Callable[[User], Client]
) -> None:
    sandbox = create_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    key = key_of(sandbox, manager_a, PLATFORM_SCOPES)
    row = {"id": f"L-{CANARY}", "title": f"Hearthline HL-200R heater {CANARY}", "brand": "Hearthline"}
    assert (
        Client().post("/api/v1/listings/bulk", {"listings": [row]}, content_type="application/json", **key).status_code
        == 200
    )
    listings.match_notices_due()
    while listings.match_listings_due(platform_id=sandbox.pk):
        pass
    admins_key = key_of(admin.organisation, admin, ["audit:read"])
    told = {"admin's key": Client().get("/api/v1/audit", **admins_key).content.decode()}
    for person in (operator, admin):
        client = sign_in(person)
        told[f"{person.role}'s page"] = text_of(client, reverse("portal:audit"))[1]
        told[f"{person.role}'s export"] = exported(client, client.post(reverse("portal:audit_export"))).decode()
    for who, text in told.items():
        assert CANARY not in text, who
        assert "SANDBOX-1" not in text, who
    assert "sandbox.created" in told["operator's export"], "creating it is an act of the platform"
    assert "sandbox.created" not in told["admin's export"]


@pytest.mark.takes(8)
def test_what_the_regulator_of_a_sandbox_does_is_seen_by_nobody_outside_of_it(
    platform_a: Organisation,
    manager_a: User,
    admin: User,
    operator: User,
    officer: User,
    sign_in: Callable[[User], Client],
) -> None:
    sandbox = create_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    inside = Actor.person(manager_a, sandbox=sandbox)
    product = ProductContent(f"Kettle {CANARY}", "Boilwell", ("K-2",))
    notice = acts.publish_sample(sample=acts.Sample((product,), "It leaks."), actor=inside)
    wider = acts.Sample((product, ProductContent(f"Pan {CANARY}", "Boilwell", ("P-9",))), "It leaks.")
    acts.publish_next_version(notice=notice, sample=wider, change_note=CANARY, actor=inside)
    listing = ListingFactory(platform=sandbox, external_id=f"L-{CANARY}", title=f"Kettle {CANARY}")
    flag = FlagFactory(notice=notice, listing=listing, opened_at=timezone.now())
    acts.miss_deadline(takedown=enforcement.start_clock(flag=flag), actor=inside)
    own = sign_in(manager_a)
    own.post(reverse("enforcement:sandbox_enter"))
    seen_inside = {
        "recalls:notices",
        "enforcement:takedowns",
        "enforcement:escalations",
        "enforcement:sandbox_regulator",
    }
    assert {name for name in seen_inside if CANARY in text_of(own, reverse(name))[1]} == seen_inside
    own.post(reverse("enforcement:sandbox_leave"))
    lists = [name for name in PAGES if name != "portal:sign_out" and _has_no_argument(name)]
    for person in (officer, admin, operator, manager_a):
        client = sign_in(person)
        assert {name for name in lists if CANARY in text_of(client, reverse(name))[1]} == set(), person.name
    for person in (officer, admin, manager_a):
        scopes = PLATFORM_SCOPES if person == manager_a else REGULATOR_SCOPES
        key = key_of(person.organisation, person, scopes)
        for name in (name for name in API_NAMES if _has_no_argument(name)):
            assert CANARY.encode() not in Client().get(reverse(name), **key).getvalue(), (name, person.name)
    recalls.find_incidents_due()
    assert not IncidentLead.objects.exists()
    for name in ("recalls:published_atom", "recalls:published_jsonld"):
        assert CANARY not in text_of(Client(), reverse(name))[1], name


def _has_no_argument(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def test_a_tenants_rows_lead_to_its_organisation_whatever_the_model() -> None:
    """A model whose rows cannot be told from a sandbox's fails here, and not in front of an operator."""
    tenants = [model for model in apps.get_models() if isinstance(model._default_manager.all(), TenantQuerySet)]
    assert len(tenants) > 25
    for model in tenants:
        if model is Organisation:
            continue
        way = path_to_tenant(model)
        field: models.Field | None = None
        above: type[models.Model] = model
        for name in way.split("__"):
            field = above._meta.get_field(name)  # type: ignore[assignment]
            assert not field.null, f"{model._meta.label}.{way} may be empty, and a sandbox's row would be shown"
            above = field.related_model  # type: ignore[assignment]
        assert above is Organisation
