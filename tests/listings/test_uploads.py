"""Uploads in parts: what a sender on a bad line gets by tus 1.0.0, and what an adversary does not."""

import base64
import errno
import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import UnreadablePostError
from django.test import Client
from django.utils import timezone

from listings import services, tus
from listings.models import CatalogueImport, CatalogueUpload, Listing, UploadPart
from listings.services.upload_parts import Received
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from portal.retention.running import apply_retention

pytestmark = pytest.mark.django_db
FILE = b"id,title\n" + b"".join(b"A-%d,Lamp %d\n" % (n, n) for n in range(40))
SHA = hashlib.sha256(FILE).hexdigest()
PARTS = "/api/v1/uploads"


class Sender:
    """A program with a key, or a person's browser, that sends parts."""

    def __init__(self, client: Client, address: str, **headers: str) -> None:
        self.client, self.address, self.headers = client, address, headers

    def send(self, method: str, address: str, body: bytes = b"", kind: str = "", **headers: Any) -> Any:
        given = {"tus-resumable": "1.0.0", **self.headers} | {n.replace("_", "-"): str(v) for n, v in headers.items()}
        return self.client.generic(method, address, body, kind or tus.PART_TYPE, headers=given)

    def begin(self, size: int = len(FILE), name: str = "catalogue.csv", **headers: Any) -> Any:
        named = base64.b64encode(name.encode()).decode()
        return self.send(
            "POST",
            self.address,
            upload_length=size,
            upload_metadata=f"filename {named},filetype dGV4dC9jc3Y=",
            **headers,
        )

    def part(self, address: str, start: int, body: bytes, **headers: Any) -> Any:
        return self.send("PATCH", address, body, upload_offset=start, **headers)

    def offset(self, address: str) -> int:
        return int(self.send("HEAD", address)["Upload-Offset"])


def key_of(platform: Organisation, manager: User) -> str:
    made = api_keys.create_key(
        organisation=platform, name="Catalogue", scopes=["catalogue"], days=5, actor=Actor.person(manager)
    )
    return f"Bearer {made[1]}"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def program(platform_a: Organisation, manager_a: User) -> Sender:
    return Sender(Client(), PARTS, authorization=key_of(platform_a, manager_a))


def stored(folder: Path) -> list[str]:
    """The files of parts, and halves of any."""
    return sorted(
        str(path.relative_to(folder))
        for name in ("uploads", "halves")
        for path in (folder / name).rglob("*")
        if path.is_file()
    )


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_file_goes_on_where_it_stopped_and_is_imported_as_a_whole(
    program: Sender, files: Path, platform_a: Organisation
) -> None:
    begun = program.begin()
    assert (begun.status_code, begun["Upload-Offset"], begun["Tus-Resumable"]) == (201, "0", "1.0.0")
    address = begun["Location"]
    first = program.part(address, 0, FILE[:100])
    assert (first.status_code, first["Upload-Offset"], first.content) == (204, "100", b"")
    asked = program.send("HEAD", address)
    assert (asked["Upload-Offset"], asked["Upload-Length"], "no-store" in asked["Cache-Control"]) == (
        "100",
        str(len(FILE)),
        True,
    )
    assert program.part(address, 100, FILE[100:])["Upload-Offset"] == str(len(FILE))
    made = program.send(
        "POST", f"{address}/import", b'{"kind": "full", "sha256": "%s"}' % SHA.encode(), "application/json"
    )
    assert (made.status_code, made.json()["status"]) == (201, "queued")
    services.run_imports_due()
    shown = program.send("GET", made["Location"]).json()
    assert (shown["status"], shown["added"], shown["error"]) == ("done", 40, "")
    assert Listing.objects.filter(platform=platform_a).count() == 40
    assert Path(CatalogueImport.objects.get().file.path).read_bytes() == FILE
    again = program.send(
        "POST", f"{address}/import", b'{"kind": "full", "sha256": "%s"}' % SHA.encode(), "application/json"
    )
    assert (again.json()["id"], CatalogueImport.objects.count()) == (shown["id"], 1)
    assert UploadPart.objects.count() == 0
    actions = list(
        AuditEvent.objects.filter(action__startswith="catalogue").order_by("pk").values_list("action", flat=True)
    )
    assert actions[:2] == ["catalogue_upload.started", "catalogue_import.queued"]


def test_another_digest_of_the_whole_fails_the_import_and_stores_nothing(program: Sender) -> None:
    address = program.begin()["Location"]
    program.part(address, 0, FILE)
    wrong = hashlib.sha256(b"other").hexdigest()
    program.send("POST", f"{address}/import", b'{"kind": "full", "sha256": "%s"}' % wrong.encode(), "application/json")
    services.run_imports_due()
    job = CatalogueImport.objects.get()
    assert (job.status, bool(job.file), Listing.objects.count()) == ("failed", False, 0)
    assert SHA in job.error
    assert "Upload it again" in job.error


def test_parts_out_of_order_overlapping_or_after_the_end_store_nothing(program: Sender, files: Path) -> None:
    address = program.begin()["Location"]
    program.part(address, 0, FILE[:100])
    before = stored(files)
    assert code(program.part(address, 200, FILE[200:300])) == (409, "offset_conflict")
    assert code(program.part(address, 50, FILE[50:150])) == (409, "offset_conflict")
    assert code(program.part(address, 100, FILE[100:] + b"more")) == (413, "too_large")
    assert code(program.part(address, -1, b"x")) == (400, "bad_header")
    assert code(program.part(address, "1e2", b"x")) == (400, "bad_header")
    assert code(program.send("PATCH", address, b"x")) == (400, "bad_header")
    assert code(program.send("PATCH", address, b"x", "application/json", upload_offset=100)) == (
        415, "unsupported_media_type",
    )  # fmt: skip
    assert (program.offset(address), stored(files)) == (100, before)


def test_a_part_is_compared_with_its_checksum(program: Sender, files: Path) -> None:
    address = program.begin()["Location"]
    right = base64.b64encode(hashlib.sha1(FILE[:100], usedforsecurity=False).digest()).decode()
    assert code(program.part(address, 0, FILE[1:101], upload_checksum=f"sha1 {right}")) == (460, "checksum_mismatch")
    for bad in ("crc32 AAAA", "sha1 !!", f"sha256 {right}", "sha1"):
        assert code(program.part(address, 0, FILE[:100], upload_checksum=bad)) == (400, "bad_header")
    assert (program.offset(address), stored(files)) == (0, [])
    assert program.part(address, 0, FILE[:100], upload_checksum=f"sha1 {right}").status_code == 204


def breaking_after(data: bytes) -> Any:
    """What a sender sends who says more and then is gone."""
    source = io.BytesIO(data)

    def read(size: int) -> bytes:
        if part := source.read(size):
            return part
        raise UnreadablePostError("connection reset")

    return SimpleNamespace(read=read)


def test_what_came_of_a_part_that_broke_off_is_kept_unless_it_has_a_checksum(
    platform_a: Organisation, manager_a: User, files: Path
) -> None:
    actor, data = Actor.person(manager_a), bytes(200_000)
    upload = services.begin_upload(platform=platform_a, filename="a.csv", size=500_000, actor=actor)
    upload = services.append_part(
        upload=upload, start=0, length=400_000, stream=breaking_after(data), checksum=None, actor=actor
    )
    assert (upload.received, len(stored(files))) == (200_000, 1)
    for length, checksum, given in (
        (300_000, ("sha256", hashlib.sha256(bytes(300_000)).digest()), data),
        (300_000, None, data[:10]),
    ):
        with pytest.raises(services.UploadRefused):
            services.append_part(
                upload=upload,
                start=200_000,
                length=length,
                stream=breaking_after(given),
                checksum=checksum,
                actor=actor,
            )
    upload.refresh_from_db()
    assert (upload.received, len(stored(files))) == (200_000, 1)


def test_a_storage_may_read_a_part_as_a_file_instead_of_in_pieces() -> None:
    part = Received(io.BytesIO(FILE + b"more"), len(FILE), "sha1")
    assert part.seek(0) == 0
    assert part.read(7) + part.read(70_000) + part.read() == FILE
    assert (part.size, part.is_whole, part.sha256, part.read(1)) == (len(FILE), True, SHA, b"")
    with pytest.raises(OSError, match="once"):
        part.seek(0)


def test_of_two_senders_at_once_one_part_is_stored(platform_a: Organisation, manager_a: User, files: Path) -> None:
    """The second one's bytes all come while the first is still reading: its part began at the same byte."""
    actor = Actor.person(manager_a)
    upload = services.begin_upload(platform=platform_a, filename="a.csv", size=20, actor=actor)

    def first_while_reading(_size: int) -> bytes:
        services.append_part(
            upload=CatalogueUpload.objects.get(), start=0, length=10, stream=io.BytesIO(b"first part"), checksum=None,
            actor=actor,
        )  # fmt: skip
        return b"other part"

    with pytest.raises(services.UploadRefused) as refused:
        services.append_part(
            upload=upload, start=0, length=10, stream=SimpleNamespace(read=first_while_reading), checksum=None, actor=actor,
        )  # fmt: skip
    assert refused.value.code == "offset_conflict"
    part = UploadPart.objects.get()
    assert (Path(part.file.path).read_bytes(), len(stored(files))) == (b"first part", 1)


def test_nobody_reads_continues_imports_or_deletes_the_upload_of_another_platform(
    program: Sender, platform_b: Organisation, moderator_b: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    address = program.begin()["Location"]
    manager = User.objects.create_user(
        "b@market.example", None, organisation=platform_b, role="platform_manager", name="B"
    )
    stranger = Sender(Client(), PARTS, authorization=key_of(platform_b, manager))
    assert stranger.send("HEAD", address).status_code == 404
    for method, path in (("PATCH", address), ("DELETE", address), ("POST", f"{address}/import")):
        body = b"{}" if method == "POST" else b"x"
        answer = stranger.send(method, path, body, "application/json" if method == "POST" else "", upload_offset=0)
        assert code(answer) == (404, "not_found")
    assert stranger.send("GET", PARTS).json()["results"] == []
    page = Sender(sign_in(manager), "/catalogue/uploads/")
    number = CatalogueUpload.objects.get().pk
    assert page.part(f"/catalogue/uploads/{number}/", 0, b"x").status_code == 404
    assert sign_in(manager).post(f"/catalogue/uploads/{number}/delete/").status_code == 404
    assert sign_in(officer).post(f"/catalogue/uploads/{number}/delete/").status_code == 403
    assert program.offset(address) == 0


def test_there_is_a_limit_to_what_one_platform_begins_and_to_the_size(program: Sender, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1 << 30
    assert code(program.begin((1 << 30) + 1)) == (413, "too_large")
    assert code(program.begin(0)) == (422, "invalid")
    assert code(program.begin(name="  ")) == (422, "invalid")
    for _ in range(services.MAX_UNFINISHED):
        address = program.begin(name="../../etc/passwd")["Location"]
    assert set(CatalogueUpload.objects.values_list("filename", flat=True)) == {"passwd"}
    assert code(program.begin()) == (409, "too_many_uploads")
    assert CatalogueUpload.objects.count() == services.MAX_UNFINISHED
    assert program.send("DELETE", address).status_code == 204
    assert program.begin().status_code == 201
    assert AuditEvent.objects.filter(action="catalogue_upload.deleted").count() == 1


def test_parts_of_a_byte_each_come_to_an_end(program: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listings.services.uploads.MAX_PARTS", 2)
    address = program.begin()["Location"]
    for start in range(2):
        assert program.part(address, start, b"x").status_code == 204
    assert code(program.part(address, 2, b"x")) == (409, "too_many_parts")


def test_a_disk_without_room_refuses_before_anything_is_read(
    program: Sender, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    address = program.begin()["Location"]
    monkeypatch.setattr("listings.services.uploads.shutil.disk_usage", lambda _path: SimpleNamespace(free=1 << 20))
    assert code(program.begin()) == (507, "no_space")
    assert code(program.part(address, 0, FILE)) == (507, "no_space")
    assert (CatalogueUpload.objects.count(), stored(files)) == (1, [])


def test_a_disk_that_fills_up_while_a_part_comes_leaves_no_half(
    program: Sender, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    address = program.begin()["Location"]

    def full(*_args: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("portal.media.storage.WholeFiles._placed", full)
    assert code(program.part(address, 0, FILE)) == (507, "no_space")
    assert (program.offset(address), stored(files)) == (0, [])


def test_an_upload_that_nobody_continues_is_refused_then_deleted_with_its_parts(program: Sender, files: Path) -> None:
    address, fresh = program.begin()["Location"], program.begin()["Location"]
    program.part(address, 0, FILE[:100])
    (files / "uploads" / address.rpartition("/")[2] / "0-left-by-a-killed-process").write_bytes(b"x")
    CatalogueUpload.objects.filter(pk=address.rpartition("/")[2]).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert program.send("HEAD", address).status_code == 410
    assert code(program.part(address, 100, FILE[100:])) == (410, "upload_gone")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.retention.running.transaction.on_commit", lambda done: done())
        patch.setattr("listings.retention.transaction.on_commit", lambda done: done())
        done = {each.kind.name: each.deleted for each in apply_retention()}
    assert done["catalogue_uploads"] == 1
    assert stored(files) == []
    assert program.send("HEAD", address).status_code == 404
    assert program.offset(fresh) == 0
    assert AuditEvent.objects.filter(action="retention.applied").exists()


def test_an_import_that_waits_for_its_turn_keeps_its_parts_whatever_their_age(program: Sender, files: Path) -> None:
    address = program.begin()["Location"]
    program.part(address, 0, FILE)
    program.send("POST", f"{address}/import", b'{"kind": "delta", "sha256": "%s"}' % SHA.encode(), "application/json")
    CatalogueUpload.objects.update(expires_at=timezone.now() - timedelta(days=30))
    apply_retention()
    assert code(program.send("DELETE", address)) == (409, "illegal_transition")
    services.run_imports_due()
    assert (CatalogueImport.objects.get().status, Listing.objects.count()) == ("done", 40)


def test_what_is_not_whole_is_not_imported(program: Sender) -> None:
    address = program.begin()["Location"]
    program.part(address, 0, FILE[:-1])
    answer = program.send(
        "POST", f"{address}/import", b'{"kind": "full", "sha256": "%s"}' % SHA.encode(), "application/json"
    )
    assert code(answer) == (409, "upload_incomplete")
    assert not CatalogueImport.objects.exists()


def test_the_headers_of_the_protocol_are_asked_for_and_told(program: Sender) -> None:
    can = program.send("OPTIONS", PARTS)
    assert (can.status_code, can["Tus-Version"], can["Tus-Extension"]) == (204, "1.0.0", tus.EXTENSIONS)
    assert (can["Tus-Checksum-Algorithm"], int(can["Tus-Max-Size"]) >= 1 << 30) == ("sha1,sha256", True)
    for version in ("", "0.2.2"):
        other = program.begin(tus_resumable=version)
        assert (*code(other), other["Tus-Version"]) == (412, "unsupported_version", "1.0.0")
    assert not CatalogueUpload.objects.exists()
    later = program.send("POST", PARTS, upload_defer_length=1, upload_metadata="filename YQ==")
    assert code(later) == (400, "bad_header")
    for metadata in ("filename a", "filename YQ==,filename YQ==", "filename /w==", ",", "x" * 5_000):
        assert code(program.send("POST", PARTS, upload_length=5, upload_metadata=metadata)) == (400, "bad_header")
    address = program.begin()["Location"]
    assert program.send("POST", address, FILE[:10], upload_offset=0, x_http_method_override="PATCH").status_code == 204
    assert program.offset(address) == 10


def test_a_repeated_part_with_its_key_has_one_effect(program: Sender) -> None:
    address = program.begin()["Location"]
    answers = [program.part(address, 0, FILE[:10], idempotency_key="once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert code(program.part(address, 10, FILE[10:20], idempotency_key="once")) == (422, "idempotency_key_reused")
    assert program.offset(address) == 10


def test_a_browser_sends_parts_with_its_session_and_the_page_says_which_file_to_choose_again(
    manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(manager_a)
    page = Sender(client, "/catalogue/uploads/")
    address = page.begin(name="große Liste.csv")["Location"]
    page.part(address, 0, FILE[:100])
    shown = client.get("/catalogue/imports/add/").content.decode()
    assert f'data-upload="{address}"' in shown
    assert f'data-sha256="{hashlib.sha256(FILE[:100]).hexdigest()}"' in shown
    assert "<strong>große Liste.csv</strong>" in shown
    assert page.part(address, 100, FILE[100:]).status_code == 204
    assert page.part(address, 0, FILE).json()["detail"].startswith("The upload continues at byte")
    done = client.post(f"{address}import/", {"kind": "delta", "sha256": SHA})
    assert (done.status_code, done["Location"]) == (201, f"/catalogue/imports/{CatalogueImport.objects.get().pk}/")
    assert client.post(f"{address}import/", {"kind": "delta", "sha256": "x"}).status_code == 422
    assert "große Liste.csv" not in client.get("/catalogue/imports/add/").content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager_a)
    assert Sender(strict, "").part(address, 0, b"x").status_code == 403


def test_a_person_deletes_an_upload_without_a_script(manager_a: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(manager_a)
    address = Sender(client, "/catalogue/uploads/").begin()["Location"]
    assert client.post(f"{address}delete/", follow=True).status_code == 200
    assert not CatalogueUpload.objects.exists()
