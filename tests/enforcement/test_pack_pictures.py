"""A pack has the pictures that a decision was taken on, as they were then, proved by the chain; or says why one is not there."""

import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.verification import check_pack
from listings.models import Flag, Listing
from listings.services import decided_pictures
from portal import audit
from portal.identity.actors import Actor
from portal.media.thumbnails import Outcome, digest_of
from portal.models import AuditEvent, Thumbnail, User
from recalls.models import Picture
from tests.enforcement import packing
from tests.enforcement.conftest import Case
from tests.factories import ThumbnailFactory

pytestmark = pytest.mark.django_db
ONE_CASE = True
OURS, THEIRS, NONE = (
    "https://recalls.example.org/heater.png",
    "https://shop.example.org/h.jpg",
    "https://gone.example.org/x.png",
)


@pytest.fixture
def pictured(case: Case, moderator_a: User) -> Case:
    """The case with a picture of the listing and two of the recall, one of which nobody could fetch, seen at its last decision."""
    flag = Flag.objects.get(pk=case.takedown.flag_id)
    Listing.objects.filter(pk=flag.listing_id).update(image_link=THEIRS)
    for address in (OURS, NONE):
        Picture.objects.create(version=flag.notice.version, url=address)
    for address in (OURS, THEIRS):
        ThumbnailFactory(digest=digest_of(address))
    ThumbnailFactory(digest=digest_of(NONE), outcome=Outcome.GONE, data=b"", etag="")
    decision = flag.decisions.order_by("-pk")[0]
    fresh = Flag.objects.get(pk=flag.pk)
    decided_pictures.note_pictures(decision=decision, flag=fresh, actor=Actor.person(moderator_a))
    audit.seal_events()
    return case


def test_the_pictures_are_in_the_pack_and_proved_by_the_chain(
    pictured: Case, officer: User, as_actor: Callable[[User], Actor], tmp_path: Path
) -> None:
    path = pictured.pack(as_actor(officer))
    report, files = check_pack(path), packing.read(path)
    assert report.problems == []
    rows = packing.table(files[packs.PICTURES])
    assert [(row["of"], row["address"], bool(row["file"])) for row in rows] == [
        ("listing", THEIRS, True), ("recall", OURS, True), ("recall", NONE, False),
    ]  # fmt: skip
    assert rows[2]["missing because"] == "Its address no longer returns a picture."
    for row in rows[:2]:
        assert sha256(files[row["file"]]).hexdigest() == row["sha256"]
    assert report.pictures == len({row["sha256"] for row in rows[:2]})
    page = files["summary.html"].decode()
    assert page.count("data:image/webp;base64,") == 2
    assert "No picture of the recall: Its address no longer returns a picture." in page
    script = files["README.txt"].decode().split("---- check.py ----\n")[1].split("---- end ----")[0]
    (tmp_path / "check.py").write_text(script)
    command = [sys.executable, tmp_path / "check.py", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("cover", [False, True])
def test_another_picture_in_its_place_is_found(
    pictured: Case, officer: User, as_actor: Callable[[User], Actor], *, cover: bool
) -> None:
    path = pictured.pack(as_actor(officer))

    def swap(files: packing.Files) -> None:
        name = next(name for name in files if name.startswith("pictures/"))
        files[name] = b"RIFF other"

    found = {problem.kind for problem in check_pack(packing.tampered(path, swap, cover=cover)).problems}
    assert "picture" in found

    def drop(files: packing.Files) -> None:
        del files[next(name for name in files if name.startswith("pictures/"))]

    found = {problem.kind for problem in check_pack(packing.tampered(path, drop, cover=cover)).problems}
    assert found & {"picture", "missing file"}


def test_a_picture_that_was_replaced_or_deleted_since_is_said_and_the_pack_verifies(
    pictured: Case, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    Thumbnail.objects.filter(digest=digest_of(THEIRS)).update(data=b"another", etag=sha256(b"another").hexdigest())
    Thumbnail.objects.filter(digest=digest_of(OURS)).delete()
    path = pictured.pack(as_actor(officer))
    report, files = check_pack(path), packing.read(path)
    assert report.problems == []
    assert (report.pictures, report.pictures_missing) == (0, 1)
    assert not any(name.startswith("pictures/") for name in files)
    rows = packing.table(files[packs.PICTURES])
    assert [row["missing because"] for row in rows[:2]] == ["The stored picture was deleted or replaced since."] * 2
    assert json.loads(files["manifest.json"])["missing_pictures"]


def test_a_picture_too_large_for_a_pack_is_left_out_and_said(
    pictured: Case, officer: User, as_actor: Callable[[User], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "MAX_PICTURE_BYTES", 10)
    path = pictured.pack(as_actor(officer))
    assert check_pack(path).problems == []
    rows = packing.table(packing.read(path)[packs.PICTURES])
    assert {row["missing because"] for row in rows[:2]} == {"It is larger than a pack has room for."}


def test_a_pack_from_before_pictures_were_kept_verifies(
    case: Case, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    assert not AuditEvent.objects.filter(action=packs.PICTURES_SEEN).exists()

    def as_before(files: packing.Files) -> None:
        del files[packs.PICTURES]
        manifest = json.loads(files["manifest.json"])
        del manifest["missing_pictures"]
        files["manifest.json"] = json.dumps(manifest).encode()

    path = packing.tampered(case.pack(as_actor(officer)), as_before, cover=True)
    assert check_pack(path).problems == []
