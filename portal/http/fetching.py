"""Fetching a file that changes now and then: safely, with limits on total time and size, and only if it has changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import BinaryIO

from django.conf import settings

from portal.http.addresses import Refused, parts_of, place_of
from portal.http.client import NoAnswer, ask

MAX_REDIRECTS = 5
PIECE = 1 << 20


class FetchFailed(Exception):
    """There is no file; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_bytes` of the file on the wire; `max_seconds` from the first connection to the last byte, over all redirects."""

    max_bytes: int
    max_seconds: float


@dataclass(frozen=True, slots=True)
class Fetched:
    """A server's answer: SHA-256 and validators of the file. Not `changed`: nothing is new since the last validators."""

    changed: bool
    digest: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is fetched: its address, the validators of its last answer, and `secrets`, headers for the address's own
    server alone. `https_only` refuses a file that came over an unencrypted connection on any part of its way."""

    url: str
    etag: str = ""
    last_modified: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    https_only: bool = False


def is_encrypted(url: str) -> bool:
    """Whether a file from there can be trusted to be its server's: HTTPS, or a place that FETCH_ALLOWED_PRIVATE names."""
    parts = parts_of(url)
    if parts is not None and parts.scheme == "https":
        return True
    try:
        _, host, port = place_of(url, allowed_private=settings.FETCH_ALLOWED_PRIVATE)
    except Refused:
        return False
    return f"{host}:{port}" in settings.FETCH_ALLOWED_PRIVATE


def fetch_file(wanted: Wanted, into: BinaryIO, limits: Limits) -> Fetched:
    """Write a file to `into`, which must be empty, can be read, and has the file only if it changed. Raises FetchFailed,
    and nothing else that a server can bring about."""
    headers = {"Accept": "*/*"}
    if wanted.etag:
        headers["If-None-Match"] = wanted.etag
    if wanted.last_modified:
        headers["If-Modified-Since"] = wanted.last_modified
    try:
        answer = ask(
            wanted.url, seconds=limits.max_seconds, max_bytes=limits.max_bytes + 1, headers=headers,
            origin_headers=wanted.secrets, max_redirects=MAX_REDIRECTS, sink=into,
        )  # fmt: skip
    except NoAnswer as failed:
        silent = f"The file did not arrive within {limits.max_seconds / 60:.0f} minutes."
        raise FetchFailed(silent if failed.silent else str(failed)) from None
    if wanted.https_only and not all(map(is_encrypted, (*answer.chain, answer.url))):
        raise FetchFailed("The server redirects to an address without HTTPS.")
    if answer.status == HTTPStatus.NOT_MODIFIED and (wanted.etag or wanted.last_modified):
        return Fetched(changed=False)  # unasked, a file that never came would be taken for unchanged
    if answer.status != HTTPStatus.OK:
        raise FetchFailed(f"The server answered with status {answer.status}.")
    if into.tell() > limits.max_bytes:
        raise FetchFailed(f"The file is larger than the maximum of {limits.max_bytes >> 20} MB.")
    return Fetched(
        changed=True,
        digest=_digest(into),
        etag=_kept(answer.headers, "etag", 500),
        last_modified=_kept(answer.headers, "last-modified", 100),
    )


def _kept(headers: Mapping[str, str], name: str, most: int) -> str:
    """A validator as it can be stored and sent again; none where it is cut, as half of one would match nothing."""
    value = headers.get(name, "")
    return value if len(value) <= most and value.isascii() and value.isprintable() else ""


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
