"""A home of its own for each test of the command, and a platform that has been sent a notice."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from listings import services as listings
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Notice
from tests.client.running import run
from tests.factories import NoticeFactory, RecallFactory

HEATER = "Hearthline HL-200R ceramic tower heater 1500 W"
CATALOGUE = (
    "id,title,brand,gtin,price\n"
    f"A-1,{HEATER},Hearthline,00012345678905,49.90 USD\n"
    "A-2,Cotton towel,Softly,,9.50 USD\n"
    "A-3,Garden hose 20 m,Wetter,,19.00 USD\n"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def catalogue(home: Path) -> Path:
    path = home / "catalogue.csv"
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Site:
    """A server at `url` on which `platform` has `notice`, and the key `secret`."""

    url: str
    platform: Organisation
    notice: Notice
    secret: str

    def work(self) -> None:
        """What a worker does after listings came in."""
        while listings.match_listings_due(platform_id=self.platform.pk):
            pass


@pytest.fixture
def site(live_server: LiveServer, regulator: Organisation, platform_a: Organisation, manager_a: User) -> Site:
    recall = RecallFactory(regulator=regulator, number="26117")
    notice = NoticeFactory(recall=recall, platform=platform_a)
    listings.match_notice(notice=notice)
    _, secret = api_keys.create_key(
        organisation=platform_a,
        name="Catalogue machine",
        scopes=["notices", "catalogue", "flags", "observations"],
        days=5,
        actor=Actor.person(manager_a),
    )
    return Site(live_server.url, platform_a, notice, secret)


@pytest.fixture
def logged_in(site: Site) -> Site:
    assert run("login", site.url, "--key-stdin", stdin=f"{site.secret}\n").status == 0
    return site
