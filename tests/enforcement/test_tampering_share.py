"""A share of `make bench-tamper`: every way to tamper with a pack that it knows, found and located."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.tamper.counting import Tally, tamper_with_pack
from enforcement.evidence_packs.container import DAMAGED, Writer, findings
from portal.audit import timestamps
from portal.identity.actors import Actor
from portal.models import AuditSeal, User
from tests.authority import Authority, serve
from tests.enforcement.conftest import Case

pytestmark = pytest.mark.django_db


def test_each_bit_of_a_containers_directory_is_found() -> None:
    """One by one: what a forger covers by a new manifest must not hide where no reader looks."""
    writer, written = Writer(datetime(2026, 3, 1, 12, tzinfo=UTC)), b""
    for name in ("archive/check-1.warc.gz", "indexes/index.cdx.gz", "Größe.txt"):
        written += b"".join(writer.add(name, [name.encode() * 9]))
    written += writer.finish()
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert list(findings(io.BytesIO(written), archive)) == []
        start = archive.start_dir
    unseen = []
    for place in range(8 * start, 8 * len(written)):
        changed = bytearray(written)
        changed[place // 8] ^= 1 << place % 8
        stream = io.BytesIO(changed)
        try:
            unseen += [] if any(findings(stream, zipfile.ZipFile(stream))) else [divmod(place - 8 * start, 8)]
        except (*DAMAGED, UnicodeDecodeError):
            continue
    assert unseen == []


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
