"""The application's role: the tests work as it does, and it can only add to what is append-only."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pgtrigger
import psycopg
import pytest
from django.conf import settings as configured
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from listings import services as listings
from portal import audit
from portal.database import roles
from portal.identity.actors import Actor
from portal.models import AuditAnchor, AuditStamp, User
from tests.factories import FlagFactory
from tests.instance import roles_unchanged
from tests.owner import force, owner
from tests.reading import tight

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)
GUARDED = [
    "listings_attachment", "listings_message", "listings_message_mentioned", "listings_selleranswer",
    "portal_auditanchor", "portal_auditevent", "portal_auditseal", "portal_auditstamp",
]  # fmt: skip


def ask(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def as_the_owner(*statements: str) -> None:
    with owner() as own:
        for statement in statements:
            own.execute(statement)


@pytest.fixture
def one_row_of_each(moderator_a: User, second_moderator_a: User) -> None:
    flag = FlagFactory(notice__platform=moderator_a.organisation)
    files = [ContentFile(b"seen", "seen.txt")]
    listings.post_message(
        flag=flag, audience="own", text=f"@{second_moderator_a.name} look", attachments=files, actor=Actor.person(moderator_a)
    )  # fmt: skip
    link = listings.give_seller_link(flag=flag, actor=Actor.person(moderator_a)).link
    listings.post_seller_answer(link=link, act="answer", text="Not mine", name="Shop")
    audit.seal_events()
    AuditAnchor.objects.create(position=1, hash="a" * 64)
    AuditStamp.objects.create(position=1, hash="a" * 64, at="2026-03-02T15:00Z", authority="x", answer=b"x")


@pytest.fixture
def put_back() -> Iterator[None]:
    with roles_unchanged(by_others=False):
        yield
        connection.close()
        with roles.as_owner():
            as_the_owner(
                "ALTER SCHEMA public OWNER TO pg_database_owner", "ALTER ROLE offshelf_app_platform NOBYPASSRLS"
            )
            roles.make_role()
            roles.grant()
        assert roles.problems() == []


def test_the_tests_themselves_work_as_the_applications_role() -> None:
    assert (ask("SELECT current_user"), ask("SELECT session_user")) == ("offshelf_app_all", "offshelf_app")
    mighty = "SELECT bool_or(rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls) FROM pg_roles"
    assert ask(f"{mighty} WHERE rolname LIKE 'offshelf\\_app%'") is False
    assert roles.problems() == []


def test_what_is_append_only_is_known_by_its_triggers() -> None:
    assert roles.append_only_tables() == GUARDED


@pytest.mark.parametrize("table", GUARDED)
def test_no_switch_of_the_triggers_helps_the_role(one_row_of_each: None, table: str) -> None:
    column = {"listings_message_mentioned": "user_id", "listings_attachment": "name"}.get(table, "")
    column = column or ask(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' LIMIT 1")  # noqa: S608
    switches = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered()]
    before = ask(f"SELECT count(*) || md5(string_agg(t::text, '')) FROM {table} t")  # noqa: S608
    assert not before.startswith("0"), "there is something to lose"
    for statement in (
        f"UPDATE {table} SET {column} = {column}",  # noqa: S608
        f"DELETE FROM {table}",  # noqa: S608
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table} CASCADE",
        f"CREATE TRIGGER x BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        f"GRANT ALL ON {table} TO offshelf_app",
    ):
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{','.join(switches)}}}"])
            if statement.startswith("GRANT"):  # PostgreSQL warns and grants nothing
                cursor.execute(statement)
            else:
                with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
                    cursor.execute(statement)
    assert ask(f"SELECT count(*) || md5(string_agg(t::text, '')) FROM {table} t") == before  # noqa: S608
    assert roles.problems() == []


@committed
def test_the_switch_is_a_real_one_for_who_has_the_right(one_row_of_each: None) -> None:
    pgids = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())
    with owner() as own:
        own.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{pgids}}}"])
        assert own.execute("UPDATE portal_auditevent SET reason = reason").rowcount > 0


@committed
def test_an_owner_who_is_no_superuser_can_migrate_what_erases() -> None:
    erase = import_module("portal.migrations.0023_retention").ERASE
    with owner() as own:
        own.execute("CREATE ROLE ordinary")
        own.execute("GRANT CREATE ON SCHEMA public TO ordinary")
        own.execute("SET ROLE ordinary")
        own.execute(erase.replace("portal_erase_payloads", "erase_as_an_ordinary_owner"))
        own.rollback()


@pytest.mark.parametrize("statement", ["SET session_replication_role = replica", "SET ROLE offshelf", "CREATE ROLE x",
                                       "SET log_min_error_statement = info", "DELETE FROM django_migrations"])  # fmt: skip
def test_the_role_cannot_make_itself_mightier(statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@committed
@pytest.mark.parametrize("table", [name for name in GUARDED if name != "listings_message_mentioned"])
def test_the_triggers_stop_the_owner_as_well(one_row_of_each: None, table: str) -> None:
    with pytest.raises(psycopg.Error, match="Cannot update or delete"):
        as_the_owner(f"DELETE FROM {table}")  # noqa: S608


@committed
@pytest.mark.parametrize(
    ("granted", "detail"),
    [
        ("GRANT UPDATE ON portal_auditevent TO offshelf_app", "has UPDATE on portal_auditevent"),
        ("GRANT UPDATE (reason) ON portal_auditevent TO offshelf_app", "has UPDATE on portal_auditevent"),
        ("GRANT DELETE, TRUNCATE ON portal_auditseal TO PUBLIC", "has DELETE, TRUNCATE on portal_auditseal"),
        ("ALTER TABLE listings_message OWNER TO offshelf_app", "owns listings_message"),
        ("ALTER SCHEMA public OWNER TO offshelf_app", "owns listings_attachment or its schema"),
        ("GRANT UPDATE ON portal_auditevent TO offshelf_app_all", "offshelf_app_all has UPDATE on portal_auditevent"),
        (
            "GRANT offshelf_app_all TO offshelf_app WITH INHERIT TRUE",
            "has the rights of offshelf_app_all without taking it",
        ),
        ("ALTER ROLE offshelf_app_platform BYPASSRLS", "offshelf_app_platform has BYPASSRLS"),
        ("ALTER TABLE listings_flag NO FORCE ROW LEVEL SECURITY", "is not enabled and forced for listings_flag"),
        (
            "CREATE POLICY everybody ON portal_mail USING (true)",
            "policies of portal_mail are not those of this version",
        ),
    ],
)
def test_a_right_too_many_is_said_on_the_health_page_and_refused_at_the_start(
    put_back: None, settings: Any, operator: User, client: Client, granted: str, detail: str
) -> None:
    try:
        as_the_owner(granted)
        assert detail in " ".join(roles.problems())
        client.force_login(operator)
        page = tight(client.get("/health/").content.decode())
        assert re.search(r'Database role</th><td[^>]*><span class="wb-tag is-late">', page)
        assert detail in page
        assert run_checks(databases=["default"])[0].id == "offshelf.W003"
        settings.PRODUCTION = True
        assert "offshelf.E002" in {message.id for message in run_checks(databases=["default"])}
        with pytest.raises(ImproperlyConfigured, match=r"OWNER_DATABASE_URL.*docs/operations/database\.md"):
            roles.refuse_at_start()
    finally:
        as_the_owner("ALTER TABLE listings_message OWNER TO offshelf")
        as_the_owner("REVOKE ALL ON portal_auditseal FROM PUBLIC")


@committed
def test_a_superuser_is_refused_at_the_start(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with roles.as_owner():
        assert "The role offshelf is a superuser" in roles.problems()[0]
        settings.PRODUCTION, settings.OWNER_DATABASE = True, None  # one role for everything
        with pytest.raises(ImproperlyConfigured, match="is a superuser"):
            roles.refuse_at_start()
        assert "offshelf.E002" in {message.id for message in run_checks(databases=["default"])}
        settings.OWNER_DATABASE = {**connection.settings_dict}


@committed
def test_a_member_of_the_owners_role_is_refused(put_back: None) -> None:
    try:
        as_the_owner("GRANT offshelf TO offshelf_app WITH INHERIT FALSE, SET TRUE")
        assert "can become offshelf, which is a superuser" in roles.problems()[0]
    finally:
        as_the_owner("REVOKE offshelf FROM offshelf_app")
    assert roles.problems() == []


@committed
def test_the_owner_makes_the_role_with_a_password_that_no_log_sees(settings: Any, put_back: None) -> None:
    known = configured.APP_DATABASE
    settings.APP_DATABASE = {**known, "USER": "offshelf_guest", "PASSWORD": "a secret's word"}
    try:
        with roles.as_owner():
            assert roles.make_role()
            assert not roles.make_role()
            roles.grant()
            assert ask("SELECT rolpassword FROM pg_authid WHERE rolname = 'offshelf_guest'").startswith(
                "SCRAM-SHA-256$"
            )
            for role in ("offshelf_guest", "offshelf_guest_all", "offshelf_guest_platform"):
                assert ask(f"SELECT has_table_privilege('{role}', 'portal_user', 'UPDATE')")
                assert not ask(f"SELECT has_table_privilege('{role}', 'portal_auditevent', 'UPDATE')")
            assert not ask("SELECT pg_has_role('offshelf_guest', 'offshelf_guest_all', 'USAGE')")
            assert ask("SELECT pg_has_role('offshelf_guest', 'offshelf_guest_all', 'MEMBER')")
    finally:
        settings.APP_DATABASE = known
        made = ask(
            "SELECT string_agg(rolname, ' ' ORDER BY rolname DESC) FROM pg_roles WHERE rolname LIKE 'offshelf_guest%'"
        )
        for role in made.split():
            force(f"DROP OWNED BY {role}")
            force(f"DROP ROLE {role}")
        assert "offshelf_guest_operator" in made, "a role that is left keeps the database from being copied"


def test_what_hangs_is_cut(settings: Any) -> None:
    limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    assert [ask(f"SHOW {name}") for name in limits] == ["15min", "2min", "1min"]


def test_the_server_keeps_the_values_of_statements_out_of_its_log() -> None:
    assert {name: ask(f"SHOW {name}") for name in roles.QUIET} == roles.QUIET
