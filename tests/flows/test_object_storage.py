"""Files in a bucket: a real server that speaks S3 keeps what a folder keeps elsewhere, with the same promises."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from listings import services as listings
from listings.models import CatalogueImport, Listing
from portal import services
from portal.backup import BackupFailed
from portal.backup.restoring import restore_backup
from portal.backup.writing import write_backup
from portal.identity.actors import Actor
from portal.media.storage import Unreachable
from portal.models import Organisation, User
from portal.models.jobs import JobStatus
from tests.instance import Instance, on_the_server
from tests.object_store import ObjectStore, object_store

FEED = b"id,title\n1,Hearthline HL-200R heater\n2,Cotton towel\n"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with object_store(tmp_path_factory.mktemp("objects")) as running:
        yield running


@pytest.fixture
def bucket(store: ObjectStore, settings: Any, request: pytest.FixtureRequest) -> str:
    """Files are kept under a prefix of the test's own, which is returned."""
    settings.STORAGES = store.storages(request.node.name)
    return str(request.node.name)


def read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def test_a_file_is_kept_whole_and_never_in_another_s_place(bucket: str) -> None:
    first = default_storage.save("feeds/same.csv", ContentFile(b"first"))
    second = default_storage.save("feeds/same.csv", ContentFile(b"second"))
    assert (first, read(first), read(second)) == ("feeds/same.csv", b"first", b"second")
    with ThreadPoolExecutor(6) as threads:
        contents = [f"{number}".encode() * 100_000 for number in range(6)]
        names = list(
            threads.map(lambda content: default_storage.save("feeds/at-once.csv", ContentFile(content)), contents)
        )
    assert len(set(names)) == 6
    assert [read(name) for name in names] == contents
    with default_storage.open(names[0]) as file:
        file.seek(-5, io.SEEK_END)
        assert (file.read(), default_storage.size(names[0])) == (b"00000", 100_000)
    default_storage.delete(first)
    default_storage.delete(first)
    assert not default_storage.exists(first)
    for ask in (read, default_storage.size):
        with pytest.raises(FileNotFoundError):
            ask(first)


def test_a_write_that_breaks_off_leaves_nothing(bucket: str) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the upload broke off")

    with pytest.raises(OSError, match="broke off"):
        default_storage.save("feeds/broken.csv", File(Broken(), name="broken.csv"))
    assert not default_storage.exists("feeds/broken.csv")


def test_nothing_in_the_bucket_has_an_address(bucket: str) -> None:
    with pytest.raises(NotImplementedError):
        default_storage.url("feeds/same.csv")


@pytest.mark.django_db
def test_a_catalogue_comes_in_and_an_export_goes_out_by_the_bucket(
    bucket: str, platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(manager_a)
    upload = {"kind": "full", "file": SimpleUploadedFile("feed.csv", FEED)}
    assert client.post(reverse("listings:import_add"), upload).status_code == 302
    job = CatalogueImport.objects.get()
    assert default_storage.exists(str(job.file.name))
    listings.run_import(job)
    assert set(Listing.objects.values_list("external_id", flat=True)) == {"1", "2"}


@pytest.mark.django_db
def test_an_export_is_written_to_the_bucket_fetched_from_it_and_deleted_there(
    bucket: str, admin: User, sign_in: Callable[[User], Client], tmp_path: Path, settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path / "drafts"
    export = services.start_export(
        kind="audit", arguments={"query": ""}, stem="audit", detail="", actor=Actor.person(admin)
    )
    services.run_exports_due()
    export.refresh_from_db()
    assert (export.status, default_storage.exists(export.path)) == (JobStatus.DONE, True)
    client = sign_in(admin)
    answer = client.get(reverse("portal:export_file", args=[export.pk]))
    assert answer.getvalue() == read(export.path)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_export(export=export, actor=Actor.person(admin))
    assert not default_storage.exists(export.path)
    assert not any(path.is_file() for path in (tmp_path / "drafts").rglob("*"))


@pytest.mark.django_db
def test_an_import_waits_while_the_store_is_away_and_a_page_says_that_nothing_was_saved(
    store: ObjectStore, bucket: str, platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client],
    settings: Any,
) -> None:  # fmt: skip
    job = listings.start_import(
        platform=platform_a, file=ContentFile(FEED, "feed.csv"), filename="feed.csv", kind="delta",
        actor=Actor.person(manager_a),
    )  # fmt: skip
    kept = settings.STORAGES
    settings.STORAGES = store.storages(bucket, endpoint_url="http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        listings.run_import(job)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.RUNNING, 1)
    client = sign_in(manager_a)
    client.raise_request_exception = False
    upload = {"kind": "delta", "file": SimpleUploadedFile("feed.csv", FEED)}
    assert client.post(reverse("listings:import_add"), upload).status_code == 500
    assert CatalogueImport.objects.count() == 1
    settings.STORAGES = kept
    listings.run_imports_due()
    job.refresh_from_db()
    assert job.status == JobStatus.DONE


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_the_bucket_is_restored_into_an_empty_one(
    store: ObjectStore, bucket: str, regulator: Organisation, tmp_path: Path
) -> None:
    contents = {f"catalogues/{number}.csv": b"%d" % number * (number * 1000) for number in range(4)}
    for name, content in contents.items():
        default_storage.save(name, ContentFile(content))
    backup = io.BytesIO()
    write_backup(backup)
    name = f"{connection.settings_dict['NAME']}_bucket"
    on_the_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    on_the_server("CREATE DATABASE {}", name)
    try:
        with Instance(name, tmp_path / "restored").entered():
            backup.seek(0)
            with pytest.raises(BackupFailed, match=rf"The bucket offshelf-files, under {bucket} is not empty"):
                restore_backup(backup)
            with override_settings(STORAGES=store.storages(f"{bucket}-restored")):
                backup.seek(0)
                restore_backup(backup)
                assert {name: read(name) for name in contents} == contents
                assert Organisation.objects.get().name == regulator.name
        assert not list((tmp_path / "restored").rglob("*.csv")), "all of it is in the bucket"
    finally:
        connection.close()
        on_the_server("DROP DATABASE {} WITH (FORCE)", name)
