"""The second wall: with Python's filters switched off, PostgreSQL still shows a tenant's rows to that tenant alone."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from listings.models import Decision, Flag, Listing, Message
from portal.database import acting, row_security
from portal.database.acting import Principal
from portal.database.backend.base import NoActor
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.identity.querysets import AuditEventQuerySet, ExportQuerySet, NotificationQuerySet
from portal.identity.tenancy import TenantQuerySet
from portal.models import Organisation, User
from portal.tasks import erase_people
from recalls.models import Recall
from tests.factories import OrganisationFactory, RecallFactory, UserFactory
from tests.instance import roles_unchanged
from tests.tenancy.test_matrix import LATE, MUST_NOT_BREAK, NAMES, PAGES, address, text_of
from tests.world import CANARY, PopulatedSite

pytestmark = pytest.mark.django_db
SYSTEM = acting.SYSTEM


@pytest.fixture(autouse=True)
def _roles_are_as_they_are_made() -> Iterator[None]:
    with roles_unchanged(by_others=True):
        yield


@pytest.fixture
def no_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks, Python leaves nothing out."""
    for queryset in (TenantQuerySet, ExportQuerySet, AuditEventQuerySet):
        monkeypatch.setattr(queryset, "visible_to", lambda rows, _actor: rows.all())
    monkeypatch.setattr(NotificationQuerySet, "inbox_of", lambda rows, _person: rows.all())


def counted(principal: Principal | None, condition: str = "true") -> dict[str, int]:
    """Rows of each guarded table, asked as plainly as an SQL prompt would."""
    found = {}
    for table in row_security.guarded():
        text = f"{row_security.statement(principal)} SELECT count(*) FROM {table} t WHERE {condition}"  # noqa: S608
        cursor = connection.connection.execute(text)
        cursor.nextset()
        found[table] = cursor.fetchone()[0]
    connection.connection.execute(row_security.statement(SYSTEM))
    return found


def seen(principal: Principal | None, condition: str = "true") -> set[str]:
    return {table for table, count in counted(principal, condition).items() if count}


def test_where_nobody_acts_there_is_no_row_of_any_tenant(populated_site: PopulatedSite) -> None:
    assert len(seen(SYSTEM)) > 30, "there is something to see"
    assert seen(None) == set()


def test_who_forgot_to_say_who_acts_is_told_so(populated_site: PopulatedSite) -> None:
    with acting.acting(None):
        with pytest.raises(NoActor, match=r"Nobody acts here.*listings_flag"):
            Flag.objects.count()
        with pytest.raises(NoActor, match="recalls_recall"), transaction.atomic():
            RecallFactory(number="26099", regulator=populated_site.recall.regulator)
        assert Organisation.objects.exists(), "what is no tenant's is asked for by anybody"
    assert Flag.objects.exists()


def test_a_platform_sees_its_own_rows_in_every_table_and_another_one_none_of_them(
    populated_site: PopulatedSite, platform_a: Organisation, platform_b: Organisation, regulator: Organisation
) -> None:
    shown, canary = f"t::text LIKE '%{CANARY}%'", seen(SYSTEM, f"t::text LIKE '%{CANARY}%'")
    assert canary > {"listings_listing", "listings_flag", "listings_message", "recalls_recall", "portal_auditevent"}
    assert seen(Principal(acting.PLATFORM, platform_b.pk)) == set()
    own = seen(Principal(acting.PLATFORM, platform_a.pk), shown)
    officers = seen(Principal(acting.REGULATOR, regulator.pk), shown)
    assert {"listings_listing", "listings_flag", "recalls_recall", "listings_catalogueimport"} <= own
    assert {"listings_listing", "listings_flag", "recalls_recall", "listings_dryrunresult"} <= officers
    assert not {"listings_dryrunresult", "recalls_recallimport", "recalls_sending", "portal_mail"} & own
    assert not {"listings_catalogueimport", "portal_webhookendpoint", "portal_apikey", "portal_mail"} & officers


def test_another_regulator_sees_nothing_of_this_ones_cases(populated_site: PopulatedSite) -> None:
    other = OrganisationFactory(kind="regulator", name="Elsewhere Authority")
    assert seen(Principal(acting.REGULATOR, other.pk)) == set()


def test_the_operator_sees_rows_of_no_case(populated_site: PopulatedSite, operator: User) -> None:
    found = seen(Actor.person(operator).principal)
    assert found <= {
        "portal_absence",
        "portal_auditevent",
        "portal_export",
        "portal_notification",
        "portal_personerasure",
    }
    assert seen(Actor.person(operator).principal, f"t::text LIKE '%{CANARY}%'") == set()


def test_drafts_and_what_was_not_sent_are_out_of_a_platforms_reach(
    populated_site: PopulatedSite, platform_a: Organisation
) -> None:
    with acting.acting(Principal(acting.PLATFORM, platform_a.pk)):
        assert list(Recall.objects.values_list("pk", flat=True)) == [populated_site.recall.pk]


@pytest.mark.parametrize("who", ["moderator_b", "outsider", "other_admin", "operator"])
def test_without_pythons_filters_another_platform_still_finds_none_of_the_canaries(
    who: str, populated_site: PopulatedSite, no_filters: None, sign_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    client = sign_in(request.getfixturevalue(who))
    for name in PAGES:
        if name == "portal:sign_out":
            continue
        status, body = text_of(client, address(name, populated_site))
        assert status in MUST_NOT_BREAK | {LATE.get(name, 200)}, f"{name} answered {status}"
        assert CANARY not in body, f"{name} shows {who} another platform's row"


def test_without_pythons_filters_writing_to_another_platforms_rows_moves_nothing(
    populated_site: PopulatedSite, no_filters: None, sign_in: Callable[[User], Client], moderator_b: User
) -> None:
    client, before = sign_in(moderator_b), counted(SYSTEM)
    for name in ("listings:flag_claim", "listings:flag_decide", "recalls:notice_acknowledge", "enforcement:record_check",
                 "enforcement:check_now", "enforcement:takedown_pack", "listings:message_post"):  # fmt: skip
        data = {"kind": "removed", "seen": "open:0", "verdict": "gone", "note": "x", "text": "x", "audience": "both"}
        assert client.post(address(name, populated_site), data).status_code == 404, name
    assert counted(SYSTEM) == before


def test_without_pythons_filters_the_api_shows_a_platform_its_own_rows_only(
    populated_site: PopulatedSite, no_filters: None, platform_b: Organisation
) -> None:
    scopes = ["notices", "catalogue", "flags", "observations"]
    manager_b = UserFactory(role="platform_manager", organisation=platform_b)
    _, secret = api_keys.create_key(
        organisation=platform_b, name="B", scopes=scopes, days=1, actor=Actor.person(manager_b)
    )
    for name in sorted(name for name in NAMES if name.startswith("api:")):
        answer = Client().get(address(name, populated_site), headers={"Authorization": f"Bearer {secret}"})
        assert CANARY not in answer.content.decode(), name
    own = {"Authorization": f"Bearer {populated_site.secret}"}
    for name in ("api:notices", "api:flags", "api:flag", "api:listing", "api:takedown"):
        assert CANARY in Client().get(address(name, populated_site), headers=own).content.decode(), name


def test_a_statement_in_another_platforms_name_changes_and_adds_nothing(
    populated_site: PopulatedSite, platform_b: Organisation
) -> None:
    flag, listing = populated_site.flag, populated_site.listing
    with acting.acting(Principal(acting.PLATFORM, platform_b.pk)):
        assert Flag.objects.filter(pk=flag.pk).update(score=0) == 0
        assert Listing.objects.filter(pk=listing.pk).update(title="gone") == 0
        assert Message.objects.count() == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Decision.objects.create(flag=flag, kind="removed", score=1, actor_kind="person", actor_label="x")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Listing.objects.create(platform=listing.platform, external_id="smuggled", title="x")
    flag.refresh_from_db()
    assert flag.score > 0


def test_a_key_and_a_request_are_forgotten_with_the_request(
    populated_site: PopulatedSite, sign_in: Callable[[User], Client], moderator_a: User
) -> None:
    with acting.acting(None):
        with acting.acting(SYSTEM):
            client = sign_in(moderator_a)
        assert CANARY in client.get(reverse("listings:queue")).content.decode()
        assert acting.current() is None
        Client().get(reverse("api:flags"), headers={"Authorization": f"Bearer {populated_site.secret}"})
        assert acting.current() is None


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_on_a_connection_outside_and_inside_a_transaction(
    platform_a: Organisation, platform_b: Organisation
) -> None:
    def standing() -> tuple[Any, ...]:
        """Asked of the connection itself, as the next user of a pooled one would find it."""
        return connection.connection.execute("SELECT current_user, current_setting('offshelf.tenant', true)").fetchone()

    Listing.objects.create(platform=platform_a, external_id="1", title="A")
    Listing.objects.create(platform=platform_b, external_id="2", title="B")
    with acting.acting(Principal(acting.PLATFORM, platform_a.pk)):
        assert [row.title for row in Listing.objects.all()] == ["A"]
        assert standing()[0] == "offshelf_app"
        assert [row.title for row in Listing.objects.iterator()] == ["A"], "a cursor that PostgreSQL keeps"
        with transaction.atomic():
            assert [row.title for row in Listing.objects.iterator()] == ["A"]
            assert standing() == ("offshelf_app_platform", str(platform_a.pk))
            with acting.as_system("to see more"):
                assert Listing.objects.count() == 2
            assert Listing.objects.count() == 1
            with suppress(ZeroDivisionError), transaction.atomic(), acting.as_system("and break"):
                assert 1 / (Listing.objects.count() - 2)
            assert Listing.objects.count() == 1, "the savepoint took the role back; it was set again"
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT nothing FROM nowhere")
            with pytest.raises(NoActor), acting.acting(None):
                Listing.objects.count()
        assert standing() == ("offshelf_app", "")


def test_a_value_that_cannot_be_sent_leaves_nobody_in_the_systems_name(
    populated_site: PopulatedSite, platform_b: Organisation
) -> None:
    unsendable: Any = object()
    with transaction.atomic():
        assert Listing.objects.exists(), "the system asks"
        with acting.acting(Principal(acting.PLATFORM, platform_b.pk)), connection.cursor() as cursor:
            with pytest.raises(ProgrammingError, match="cannot adapt"):
                cursor.execute("SELECT id FROM listings_listing WHERE title = %s", [unsendable])
            assert not Listing.objects.exists()


def test_what_is_streamed_is_still_read_in_the_name_of_who_asked(
    populated_site: PopulatedSite, moderator_a: User
) -> None:
    def parts() -> Iterator[bytes]:
        yield str(Flag.objects.count()).encode()

    principal = Actor.person(moderator_a).principal
    with acting.acting(None):
        assert b"".join(acting.drawn(parts(), principal)) == b"1"
        assert acting.current() is None


def test_a_task_acts_as_the_system_and_nobody_acts_after_it(populated_site: PopulatedSite) -> None:
    with acting.acting(None):
        with pytest.raises(NoActor), transaction.atomic():
            erase_people()
        assert erase_people.apply().successful()
        assert acting.current() is None


def test_a_process_that_does_not_know_the_owner_takes_the_roles_too(settings: Any) -> None:
    """Web, workers and the demo get DATABASE_URL alone, so that none of them can act as the owner."""
    settings.OWNER_DATABASE = None
    own = connection.copy()
    try:
        assert own.connection is None
        with acting.acting(SYSTEM), own.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (row_security.role_of(acting.ALL),)
        with acting.acting(None), own.cursor() as cursor, pytest.raises(NoActor):
            cursor.execute("SELECT 1 FROM listings_flag")
    finally:
        own.close()
