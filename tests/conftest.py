"""The cast: everybody whom the tests know by name.

`regulator` is Product Safety Authority with `officer` and `second_officer` (staff) and `admin`; `neighbour` is Neighbour
Safety Office, a regulator elsewhere, with `neighbour_officer`; `platform_a` is Bazaarly with `moderator_a`,
`second_moderator_a` and `manager_a`; `platform_b` is Market One with `moderator_b`; `outsider` has an account at a
platform that nobody ever sent anything to. `other_admin` is admin of another regulator; `operator` operates the site.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from unittest.mock import patch

import pytest
from django.db import connection
from django.template import Context
from django.template.base import Template
from django.test import Client, TransactionTestCase
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render  # type: ignore[attr-defined]  # the stubs leave it out
from django.utils.safestring import SafeString
from hypothesis import HealthCheck
from hypothesis import settings as properties
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from portal.database.acting import SYSTEM, acting, begin
from portal.database.roles import as_owner
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests import cast
from tests.factories import OrganisationFactory, UserFactory
from tests.instance import migrated_once
from tests.keeping import kept_for_a_module
from tests.owner import empty_tables
from tests.world import PopulatedSite, build_populated_site

# A run in the background is started with Ctrl-C ignored, and so would be everything that the tests start and stop by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes tells of the machine, and of nothing that a property states.
properties.register_profile(
    "suite",
    properties.get_profile("ci" if os.environ.get("CI") else "default"),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
properties.load_profile("suite")


@pytest.fixture(scope="session")
def _copied_from_one_that_is_migrated(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The workers of a parallel run copy one database, which the first of them migrates: that takes each of them long."""
    with ExitStack() as stack:
        if "PYTEST_XDIST_WORKER" in os.environ:
            run = os.environ["PYTEST_XDIST_TESTRUNUID"]
            with django_db_blocker.unblock():
                connection.settings_dict["TEST"]["TEMPLATE"] = stack.enter_context(migrated_once(run))
        yield


@pytest.fixture(scope="session")
def made_by_the_owner(_copied_from_one_that_is_migrated: None) -> Iterator[ExitStack]:
    """The test database is made, migrated and dropped by its owner; in between, the tests work as the application does."""
    with ExitStack() as stack:
        stack.enter_context(as_owner())
        yield stack


@pytest.fixture(scope="session")
def django_db_setup(
    made_by_the_owner: ExitStack, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    made_by_the_owner.pop_all().close()
    begin(SYSTEM)  # fixtures of a session, and of a class
    yield
    with django_db_blocker.unblock():
        made_by_the_owner.enter_context(as_owner())
        _end_sessions_left()


def _end_sessions_left() -> None:
    """End and name what a thread of some test left open: the database cannot be dropped while a session is in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT backend_type, state, query, pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        for left in cursor.fetchall():
            print("A session was left in the test database:", *left, file=sys.__stderr__)


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """Stopped before the database is dropped, whichever of both a test asks for first."""
    return live_server


@pytest.fixture(autouse=True, scope="session")
def _empty_tables_between_transactional_tests() -> None:
    """The audit log refuses TRUNCATE to the application's role and by a trigger: the owner empties the tables."""
    TransactionTestCase._fixture_teardown = lambda _case: empty_tables()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_found_once() -> Iterator[None]:
    """Each `Client` starts a web server's middleware of its own, which looks for every static file there is."""
    files: dict[str, StaticFile] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def found_before(middleware: WhiteNoiseMiddleware) -> None:
        if not files:
            look(middleware)
            files.update(middleware.files)
        middleware.files.update(files)

    with patch.object(WhiteNoiseMiddleware, "add_files_from_finders", found_before):
        yield


def _told_of_whole_pages(template: Template, context: Context) -> SafeString:
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


@pytest.fixture(autouse=True, scope="session")
def _parts_of_pages_are_not_told(django_test_environment: None) -> Iterator[None]:
    """`answer.context` is what a view gave to its page. Django's client would copy it again for each of the page's parts,
    of which there are hundreds; who asks for them all has `every_part_is_told`."""
    with patch.object(Template, "_render", _told_of_whole_pages):
        yield


@pytest.fixture
def every_part_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """`answer.templates` and `answer.context` have those of included parts too."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(autouse=True)
def _the_system_acts() -> Iterator[None]:
    """What a test itself reads and writes, it does as the system; each request acts for who sends it."""
    with acting(SYSTEM):
        yield


@pytest.fixture(scope="module")
def built_once(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[cast.BuiltOnce | None]:
    """For a module that says `ONE_SITE = True`: each of its tests works on one populated site, none of them commits, and each
    is undone to here. `ONE_CASE = True` does the same for a case (tests/enforcement/conftest.py)."""
    if not getattr(request.module, "ONE_SITE", False):
        yield None
        return
    with django_db_blocker.unblock(), kept_for_a_module():
        home = cast.at_home()
        home.manager_a = cast.omar(home.platform_a)
        home.site = build_populated_site(
            regulator=home.regulator,
            platform=home.platform_a,
            officer=home.officer,
            moderator=home.moderator_a,
            manager=home.manager_a,
        )
        yield home


@pytest.fixture
def made(built_once: cast.BuiltOnce | None) -> cast.BuiltOnce | None:
    """What a test changes of its objects, it changes for itself."""
    return deepcopy(built_once)


@pytest.fixture
def regulator(db: None, made: cast.BuiltOnce | None) -> Organisation:
    return made.regulator if made else cast.psa()


@pytest.fixture
def platform_a(db: None, made: cast.BuiltOnce | None) -> Organisation:
    return made.platform_a if made else cast.bazaarly()


@pytest.fixture
def platform_b(db: None, made: cast.BuiltOnce | None) -> Organisation:
    return (made and made.platform_b) or cast.market_one()


@pytest.fixture
def officer(regulator: Organisation, made: cast.BuiltOnce | None) -> User:
    return made.officer if made else cast.ada(regulator)


@pytest.fixture
def second_officer(regulator: Organisation) -> User:
    return UserFactory(name="Tomas Berg", email="tomas@psa.example.gov", role="regulator_staff", organisation=regulator)


@pytest.fixture
def admin(regulator: Organisation) -> User:
    return UserFactory(name="Ines Duarte", email="ines@psa.example.gov", role="admin", organisation=regulator)


@pytest.fixture
def neighbour(db: None) -> Organisation:
    return OrganisationFactory(kind="regulator", name="Neighbour Safety Office", slug="nso", country="CA")


@pytest.fixture
def neighbour_officer(neighbour: Organisation) -> User:
    return UserFactory(name="Noor Haddad", email="noor@nso.example.gov", role="regulator_staff", organisation=neighbour)


@pytest.fixture
def other_admin(db: None) -> User:
    return UserFactory(
        name="Marta Novak",
        email="marta@elsewhere.example.gov",
        role="admin",
        organisation__kind="regulator",
        organisation__name="Elsewhere Authority",
    )


@pytest.fixture
def operator(db: None) -> User:
    return UserFactory(
        name="Olga Marin",
        email="olga@operator.example",
        role="operator",
        organisation__kind="operator",
        organisation__name="Site operator",
    )


@pytest.fixture
def moderator_a(platform_a: Organisation, made: cast.BuiltOnce | None) -> User:
    return made.moderator_a if made else cast.nia(platform_a)


@pytest.fixture
def second_moderator_a(platform_a: Organisation) -> User:
    return UserFactory(name="Li Wen", email="li@bazaarly.example", role="moderator", organisation=platform_a)


@pytest.fixture
def manager_a(platform_a: Organisation, made: cast.BuiltOnce | None) -> User:
    return (made and made.manager_a) or cast.omar(platform_a)


@pytest.fixture
def moderator_b(platform_b: Organisation, made: cast.BuiltOnce | None) -> User:
    return (made and made.moderator_b) or cast.jonas(platform_b)


@pytest.fixture
def outsider(db: None) -> User:
    return UserFactory(
        name="Otto Fremd", email="otto@elsewhere.example", role="moderator", organisation__name="Elsewhere"
    )


@pytest.fixture
def as_actor() -> Callable[[User], Actor]:
    """The acting party behind a person: `services.decide(..., actor=as_actor(moderator_a))`."""
    return Actor.person


@pytest.fixture
def system() -> Actor:
    return Actor.system("test")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser-like client in which the given person is signed in."""

    def enter(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return enter


@pytest.fixture
def populated_site(
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    moderator_a: User,
    manager_a: User,
    made: cast.BuiltOnce | None,
) -> PopulatedSite:
    if made and made.site:
        return made.site
    return build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
