"""Files in a bucket of S3, or of a server that speaks its protocol, in place of a folder.

Several machines then share no file system. An object is there whole or not at all by the protocol itself. Nothing in the
bucket has an address that anybody is given: files are read by the web server, which asks first who may.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3File, S3Storage

from portal.media.storage import Unreachable, name_of

IN_MEMORY = 1 << 20  # bytes of one file that is read; larger ones go through a temporary file
_GONE, _TAKEN = 404, 412


class ObjectFiles(S3Storage):
    """Options as django-storages names them: bucket_name, location (a prefix), endpoint_url, region_name, keys."""

    def get_valid_name(self, name: str) -> str:
        return name_of(super().get_valid_name, name)

    def get_default_settings(self) -> dict[str, Any]:
        limits = Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 3},
            signature_version="s3v4",
        )
        return super().get_default_settings() | {
            "file_overwrite": False,
            "default_acl": None,
            "max_memory_size": IN_MEMORY,
            "client_config": limits,
            "transfer_config": TransferConfig(use_threads=False),
        }

    @property
    def place(self) -> str:
        return f"the bucket {self.bucket_name}" + (f", under {self.location}" if self.location else "")

    def url(self, name: str | None, *_: Any, **__: Any) -> str:
        raise NotImplementedError(f"{name} is handed out by the web server alone.")

    def is_empty(self) -> bool:
        with _answered():
            return not any(True for _ in self._objects().limit(1))

    def stored(self) -> Iterator[tuple[str, IO[bytes], int]]:
        """Not what was deleted since it was listed."""
        with _answered():
            for summary in self._objects():
                try:
                    answer = summary.get()
                except ClientError as error:
                    if _status(error) == _GONE:
                        continue
                    raise
                with contextlib.closing(answer["Body"]) as body:
                    yield summary.key.removeprefix(self._prefix), body, answer["ContentLength"]

    def take(self, folder: Path) -> None:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            with path.open("rb") as file:
                self.save(path.relative_to(folder).as_posix(), File(file))
            path.unlink()

    def exists(self, name: str) -> bool:
        with _answered():
            found: bool = super().exists(name)
            return found

    def size(self, name: str) -> int:
        with _answered():
            found: int = super().size(name)
            return found

    def delete(self, name: str) -> None:
        with _answered():
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> "_ObjectFile":
        with _answered():
            return _ObjectFile(self._normalize_name(name), mode, self)

    def _save(self, name: str, content: Any) -> str:
        """Under `name`, or another where somebody took that one in the meantime; returns the name."""
        with _answered():
            while not self._reserved(name):
                name = self.get_available_name(name)
            try:
                saved: str = super()._save(name, content)
            except BaseException:
                with contextlib.suppress(OSError):
                    self.delete(name)
                raise
            return saved

    def _reserved(self, name: str) -> bool:
        """Whether an empty object was put where there was none. The server decides, so of two at once one is told no."""
        try:
            self.connection.meta.client.put_object(
                Bucket=self.bucket_name, Key=self._normalize_name(name), Body=b"", IfNoneMatch="*"
            )
        except ClientError as error:
            if _status(error) == _TAKEN:
                return False
            raise
        return True

    @property
    def _prefix(self) -> str:
        return f"{self.location.rstrip('/')}/" if self.location else ""

    def _objects(self) -> Any:
        return self.bucket.objects.filter(Prefix=self._prefix)


class _ObjectFile(S3File):
    """Is fetched with the first read; raises Unreachable and FileNotFoundError as a file on a disk raises OSError."""

    def _get_file(self) -> Any:
        with _answered():
            return super()._get_file()

    file = property(_get_file, S3File._set_file)  # noqa: SLF001  the property of S3File itself holds the other


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


@contextlib.contextmanager
def _answered() -> Iterator[None]:
    """What the client raises, as what files raise. What the server said is in the log alone, with its cause."""
    try:
        yield
    except ClientError as error:
        if _status(error) == _GONE:
            raise FileNotFoundError("The file is not in the file storage.") from error
        raise Unreachable("The file storage refused the request.") from error
    except (BotoCoreError, Boto3Error) as error:
        raise Unreachable("The file storage did not answer.") from error
