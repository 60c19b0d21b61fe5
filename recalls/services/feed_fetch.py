"""Fetching a publisher's file: safely, with limits on total time and size, and only if it has changed."""

from dataclasses import dataclass
from http import HTTPStatus

from portal.http.client import NoAnswer, ask

MAX_BYTES = 100 * 1024 * 1024  # on the wire; the importers bound what it unpacks to
MAX_SECONDS = 120.0  # from the first connection to the last byte, over all redirects
MAX_REDIRECTS = 5


class FetchFailed(Exception):
    """There is no file; the message says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A publisher's answer. `changed` is False if nothing is new since the validators of the last answer."""

    changed: bool
    data: bytes = b""
    etag: str = ""
    last_modified: str = ""


def fetch_file(url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
    """Fetch a file, with the validators of its last answer. Raises FetchFailed, and nothing else."""
    headers = {"Accept": "*/*"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    try:
        answer = ask(url, seconds=MAX_SECONDS, max_bytes=MAX_BYTES + 1, headers=headers, max_redirects=MAX_REDIRECTS)
    except NoAnswer as failed:
        silent = f"The file did not arrive within {MAX_SECONDS / 60:.0f} minutes."
        raise FetchFailed(silent if failed.silent else str(failed)) from None
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return Fetched(changed=False)
    if answer.status != HTTPStatus.OK:
        raise FetchFailed(f"The server answered with status {answer.status}.")
    if len(answer.body) > MAX_BYTES:
        raise FetchFailed(f"The file is larger than the maximum of {MAX_BYTES >> 20} MB.")
    return Fetched(
        changed=True,
        data=answer.body,
        etag=answer.headers.get("etag", "")[:500],
        last_modified=answer.headers.get("last-modified", "")[:100],
    )
