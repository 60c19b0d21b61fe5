"""Those of the cast (tests/conftest.py) that are made for one test, or once for a module whose tests commit nothing."""

from dataclasses import dataclass
from typing import Any

from portal.models import Organisation, User
from tests.factories import OrganisationFactory, UserFactory
from tests.world import PopulatedSite


@dataclass
class BuiltOnce:
    """Those of the cast that were made for a whole module, and what was built for them there."""

    regulator: Organisation
    platform_a: Organisation
    officer: User
    moderator_a: User
    manager_a: User | None = None
    platform_b: Organisation | None = None
    moderator_b: User | None = None
    site: PopulatedSite | None = None
    case: Any = None
    """Of tests/enforcement/conftest.py."""


def psa() -> Organisation:
    return OrganisationFactory(
        kind="regulator",
        name="Product Safety Authority",
        slug="psa",
        time_zone="America/New_York",
        contact_email="duty@psa.example.gov",
    )


def bazaarly() -> Organisation:
    return OrganisationFactory(
        name="Bazaarly",
        slug="bazaarly",
        time_zone="Asia/Shanghai",
        country="CN",
        contact_email="safety@bazaarly.example",
    )


def market_one() -> Organisation:
    return OrganisationFactory(
        name="Market One",
        slug="market-one",
        time_zone="Europe/Berlin",
        country="DE",
        contact_email="safety@market-one.example",
    )


def ada(regulator: Organisation) -> User:
    return UserFactory(
        name="Ada Lindqvist", email="ada@psa.example.gov", role="regulator_staff", organisation=regulator
    )


def nia(platform: Organisation) -> User:
    return UserFactory(name="Nia Adeyemi", email="nia@bazaarly.example", role="moderator", organisation=platform)


def omar(platform: Organisation) -> User:
    return UserFactory(
        name="Omar Haddad", email="omar@bazaarly.example", role="platform_manager", organisation=platform
    )


def jonas(platform: Organisation) -> User:
    return UserFactory(name="Jonas Brandt", email="jonas@market-one.example", role="moderator", organisation=platform)


def at_home() -> BuiltOnce:
    """The regulator and the platform of the cast, each with the person who works there."""
    regulator, platform = psa(), bazaarly()
    return BuiltOnce(regulator, platform, ada(regulator), nia(platform))
