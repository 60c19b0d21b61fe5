"""Operators manage organisations and let in first people; they let nobody into a regulator that has an admin of its own."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import services
from portal.database import acting
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.management.commands.migrate import NO_OPERATOR
from portal.models import AuditEvent, Mail, Organisation, Session, SingleSignOn, User
from tests.factories import PASSWORD, OrganisationFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db


def invite(actor: Actor, organisation: Organisation, role: str = "regulator_staff") -> User:
    return services.invite_person(
        email="eva@example.org", name="Eva", role=role, organisation=organisation, actor=actor
    )


def test_an_operator_adds_a_regulator_and_invites_its_first_admin_who_invites_the_others(
    operator: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(operator)
    fields = {
        "kind": "regulator",
        "name": "New Authority",
        "slug": "new",
        "country": "DE",
        "time_zone": "UTC",
        "language": "de",
    }
    following = client.post(reverse("portal:organisation_add"), fields)["Location"]
    made = Organisation.objects.get(slug="new")
    assert following == f"{reverse('portal:person_add')}?organisation={made.pk}"
    assert f'<option value="{made.pk}" selected>New Authority' in tight(client.get(following).content.decode())
    person = {"name": "Ida", "email": "ida@new.example.gov", "role": "admin", "organisation": made.pk}
    assert client.post(reverse("portal:person_add"), person)["Location"] == reverse("portal:people")
    ida = User.objects.get(email="ida@new.example.gov")
    assert (ida.role, Mail.objects.get(to=ida.email).subject) == ("admin", "Your invitation to Offshelf")
    assert invite(Actor.person(ida), made).organisation == made


@pytest.mark.parametrize("other", ["bazaarly", "BAZAARLY", "Ｂazaarly", "𝐁azaarly", "Bazaar\u00adly", " Bazaarly "])
def test_two_organisations_have_no_names_that_read_alike(operator: User, platform_a: Organisation, other: str) -> None:
    by, before = Actor.person(operator), list(Organisation.objects.values())
    with pytest.raises(ValidationError, match=r"Bazaarly|already exists"):
        services.create_organisation(kind="platform", name=other, slug="other", actor=by)
    assert list(Organisation.objects.values()) == before
    market = services.create_organisation(kind="platform", name="Ma\u0308rkte", slug="m", actor=by)
    assert market.name == "M\u00e4rkte", "one way of writing"
    with pytest.raises(ValidationError, match=r"Bazaarly|already exists"):
        services.edit_organisation(organisation=market, name=other, actor=by)
    assert Organisation.objects.get(pk=market.pk).name == "M\u00e4rkte"
    assert services.edit_organisation(organisation=market, name="MÄRKTE", actor=by).name == "MÄRKTE"


def test_country_and_time_zone_are_chosen_from_lists_and_what_is_stored_stays(
    operator: User, platform_a: Organisation, sign_in: Callable[[User], Client]
) -> None:
    Organisation.objects.filter(pk=platform_a.pk).update(country="QQ", time_zone="Japan")
    client, address = sign_in(operator), reverse("portal:organisation_edit", args=[platform_a.pk])
    form = client.get(address).context["form"]
    assert {("QQ", "QQ"), ("DE", "Germany (DE)")} <= set(form.fields["country"].choices)
    assert {("Japan", "Japan"), ("Europe/Berlin", "Europe/Berlin")} <= set(form.fields["time_zone"].choices)
    kept = {name: form[name].value() or "" for name in form.fields if form[name].value() is not False}
    for wrong in ({"country": "ZZ"}, {"time_zone": "Mars/Olympus"}):
        assert client.post(address, kept | wrong).status_code == 422
    platform_a.refresh_from_db()
    assert (platform_a.country, platform_a.time_zone) == ("QQ", "Japan")
    assert client.post(address, kept | {"country": "DE"}).status_code == 302
    platform_a.refresh_from_db()
    assert (platform_a.country, platform_a.time_zone) == ("DE", "Japan")


def test_an_operator_lets_nobody_into_a_regulator_that_has_an_admin(
    operator: User, admin: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    actor, before = Actor.person(operator), User.objects.count()
    with pytest.raises(ValidationError, match="has an admin, who manages its people"):
        invite(actor, admin.organisation)
    mine = UserFactory(role="operator", organisation=operator.organisation)
    for person, change in (
        (officer, {"email": "olga@operator.example.org"}),
        (officer, {"role": "admin"}),
        (mine, {"role": "regulator_staff", "organisation": admin.organisation}),
    ):
        with pytest.raises(ValidationError, match="has an admin"):
            services.edit_person(person=User.objects.get(pk=person.pk), actor=actor, **change)
    with pytest.raises(ValidationError, match="has an admin"):
        services.edit_single_sign_on(organisation=admin.organisation, actor=actor, issuer="https://mine.example")
    with pytest.raises(ValidationError, match="has an admin"):
        services.edit_organisation(organisation=admin.organisation, actor=actor, contact_email="olga@operator.example")
    form = {"name": "Eva", "email": "eva@example.org", "role": "admin", "organisation": admin.organisation_id}
    answer = sign_in(operator).post(reverse("portal:person_add"), form)
    assert (answer.status_code, "has an admin" in answer.content.decode()) == (422, True)
    assert (User.objects.count(), SingleSignOn.objects.count()) == (before + 1, 0)
    assert not AuditEvent.objects.exclude(action__startswith="person.sign").exists()


def test_where_the_admin_is_lost_an_operator_makes_them_inactive_and_invites_the_next(
    operator: User, admin: User
) -> None:
    actor = Actor.person(operator)
    services.edit_person(person=User.objects.get(pk=admin.pk), actor=actor, is_active=False)
    assert invite(actor, admin.organisation, "admin").role == "admin"


def test_an_admin_manages_nobody_and_no_organisation_but_their_own(
    admin: User, officer: User, manager_a: User, other_admin: User, operator: User, sign_in: Callable[[User], Client]
) -> None:
    actor, client, strangers = Actor.person(admin), sign_in(admin), (manager_a, other_admin, operator)
    for person in strangers:
        for act in (
            lambda: invite(actor, person.organisation, person.role),  # noqa: B023
            lambda: services.edit_person(person=User.objects.get(pk=person.pk), actor=actor, is_active=False),  # noqa: B023
            lambda: services.edit_organisation(organisation=person.organisation, actor=actor, country="FR"),  # noqa: B023
            lambda: services.edit_single_sign_on(organisation=person.organisation, actor=actor, issuer="x"),  # noqa: B023
        ):
            with pytest.raises(PermissionDenied):
                act()
        for name in ("person_edit", "person_sessions", "person_duty"):
            assert client.get(reverse(f"portal:{name}", args=[person.pk])).status_code == 404, name
        for name in ("organisation_edit", "organisation_sign_on"):
            assert client.get(reverse(f"portal:{name}", args=[person.organisation_id])).status_code == 404, name
    assert client.get(reverse("portal:organisation_add")).status_code == 403
    page = client.get(reverse("portal:person_add")).content.decode()
    assert ("Product Safety Authority" in page, "Bazaarly" in page, "Moderator" in page) == (True, False, False)
    people = client.get(reverse("portal:people")).content.decode()
    assert (officer.email in people, [one.email for one in strangers if one.email in people]) == (True, [])
    organisations = client.get(reverse("portal:organisations")).content.decode()
    assert manager_a.organisation.name in organisations, "whom it sends notices to"
    assert other_admin.organisation.name not in organisations
    assert not AuditEvent.objects.filter(action__in=("person.edited", "organisation.edited")).exists()


def test_the_last_operator_stays_one(operator: User, admin: User) -> None:
    for change in (
        {"is_active": False},
        {"role": "regulator_staff", "organisation": OrganisationFactory(kind="regulator")},
    ):
        with pytest.raises(ValidationError, match="only active operator"):
            services.edit_person(person=User.objects.get(pk=operator.pk), actor=Actor.person(operator), **change)
    UserFactory(role="operator", organisation=operator.organisation)
    services.edit_person(person=operator, actor=Actor.person(operator), is_active=False)
    assert not User.objects.get(pk=operator.pk).is_active


def test_an_operator_enters_an_absence_for_somebody_of_a_platform(
    operator: User, manager_a: User, moderator_a: User
) -> None:
    now = timezone.now()
    with acting.acting(Actor.person(operator).principal):
        away = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(days=1), "deputy": manager_a}
        absence = services.add_absence(person=moderator_a, actor=Actor.person(operator), **away)
        services.end_absence(absence=absence, actor=Actor.person(operator))
    absence.refresh_from_db()
    assert (absence.deputy, absence.ended_at is None) == (manager_a, False)


def test_an_operator_counts_as_one_of_the_two_who_reset_a_factor(operator: User, admin: User, officer: User) -> None:
    officer.second_factors.create(kind="app", secret="x")
    asked = services.ask_factor_reset(person=officer, reason="Lost", actor=Actor.person(admin))
    assert operator.notifications.filter(subject__startswith="Confirm or refuse").exists()
    services.confirm_factor_reset(asked=asked, actor=Actor.person(operator))
    assert not officer.second_factors.exists()


def test_an_operator_begins_with_the_organisations_and_finds_no_page_of_a_case(
    operator: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(operator)
    assert "Add regulators and platforms" in client.get("/", follow=True).content.decode()
    client.post("/getting-started/")
    assert client.get("/")["Location"] == reverse("portal:health")
    for name in ("recalls:list", "listings:queue", "enforcement:board", "enforcement:takedowns", "portal:keys"):
        assert client.get(reverse(name)).status_code == 403, name


def test_nobody_of_a_suspended_organisation_comes_in_until_it_is_resumed(
    operator: User, manager_a: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    made = {"organisation": manager_a.organisation, "name": "K", "scopes": ["notices"], "days": 1}
    _, secret = api_keys.create_key(**made, actor=Actor.person(manager_a))

    def answers() -> list[int]:
        own = {"username": manager_a.email, "password": PASSWORD}
        key = {"Authorization": f"Bearer {secret}"}
        return [
            inside.get("/queue/").status_code,
            Client().post("/sign-in/", own).status_code,
            Client().get("/api/v1/notices", headers=key).status_code,
        ]

    inside, desk = sign_in(manager_a), sign_in(operator)
    address = reverse("portal:organisation_suspension", args=[manager_a.organisation_id])
    assert answers() == [200, 302, 200]
    assert desk.post(address, {"reason": ""}).status_code == 422
    assert answers() == [200, 302, 200]
    assert desk.post(address, {"reason": "Left the market"})["Location"] == reverse("portal:organisations")
    assert answers() == [302, 422, 401]
    assert not Session.objects.filter(person=manager_a).exists()
    inside.force_login(manager_a)
    assert inside.get("/queue/").status_code == 302, "a session that was opened all the same opens nothing"
    assert sign_in(officer).get("/board/").status_code == 200
    assert "Suspended" in desk.get(reverse("portal:organisations")).content.decode()
    with pytest.raises(ValidationError, match="already suspended"):
        services.suspend_organisation(organisation=manager_a.organisation, reason="R", actor=Actor.person(operator))
    desk.post(address, {"reason": "Back"})
    assert answers()[1:] == [302, 200]
    told = AuditEvent.objects.filter(action__in=("organisation.suspended", "organisation.resumed")).order_by("pk")
    assert [(event.action, event.reason) for event in told] == [
        ("organisation.suspended", "Left the market"),
        ("organisation.resumed", "Back"),
    ]


def test_an_operator_is_offered_to_suspend_every_organisation_but_their_own(
    operator: User, platform_a: Organisation, sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(operator).get(reverse("portal:organisations")).content.decode()
    assert reverse("portal:organisation_suspension", args=[platform_a.pk]) in page
    assert reverse("portal:organisation_suspension", args=[operator.organisation_id]) not in page


def test_only_an_operator_suspends_and_never_their_own(operator: User, admin: User, manager_a: User) -> None:
    for actor, organisation in ((admin, admin), (admin, manager_a), (operator, operator)):
        with pytest.raises(PermissionDenied):
            services.suspend_organisation(organisation=organisation.organisation, reason="R", actor=Actor.person(actor))
    assert not Organisation.objects.exclude(suspended_at=None).exists()


def test_who_upgrades_makes_the_first_operator_and_is_told_to(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: PASSWORD)
    call_command("create_operator", "olga@operator.example", name="Olga Marin", stdout=StringIO())
    call_command("create_operator", "otis@operator.example", name="Otis Rey", stdout=StringIO())
    made = User.objects.operators()
    assert [(person.name, person.organisation.kind) for person in made] == [
        ("Olga Marin", "operator"),
        ("Otis Rey", "operator"),
    ]
    assert Organisation.objects.filter(kind="operator").count() == 1
    with pytest.raises(CommandError, match="already exists"):
        call_command("create_operator", admin.email, name="Ines Duarte", stdout=StringIO())
    assert User.objects.get(pk=admin.pk).role == "admin"
    assert "create_operator" in NO_OPERATOR
