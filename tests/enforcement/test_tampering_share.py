"""A share of `make bench-tamper`: every way to tamper with a pack that it knows, found and located."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.tamper.counting import Tally, tamper_with_pack
from portal.audit import timestamps
from portal.identity.actors import Actor
from portal.models import AuditSeal, User
from tests.authority import Authority, serve
from tests.enforcement.conftest import Case

pytestmark = pytest.mark.django_db


def test_every_way_to_tamper_with_a_pack_is_found_and_located(
    case: Case, officer: User, as_actor: Callable[[User], Actor], settings: Any, tmp_path: Path
) -> None:
    authority = Authority()
    settings.TIME_STAMP_ROOTS = str(authority.write_roots(tmp_path / "authority.pem"))
    with serve(authority) as url:
        settings.FETCH_ALLOWED_PRIVATE, settings.TIME_STAMP_URL = [url.removeprefix("http://").rstrip("/")], url
        assert timestamps.stamp_due()
    path, tally = case.pack(as_actor(officer)), Tally()
    seals = AuditSeal.objects.order_by("position").values_list("position", "hash")
    anchors = dict([*seals[::7], *seals.reverse()[:1]])
    tamper_with_pack(path, anchors, count=40, seed=7, tally=tally)
    assert str(tally) == "tamper: 40 tried, 40 found, 40 located", tally.missed
