"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload), which uploads in parts follow: core protocol and
the extensions creation, expiration, checksum and termination. Pure."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import formatdate

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
ALGORITHMS = ("sha1", "sha256")
PART_TYPE = "application/offset+octet-stream"
PART_TYPES = (PART_TYPE, "application/octet-stream")
"""tus says that other types SHOULD be refused; clients that are generated from OpenAPI know only the second one."""
MAX_METADATA = 4_000
_NUMBER = re.compile(r"[0-9]{1,18}")
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]+")


class BadHeader(ValueError):
    """What is wrong with a header, as one sentence."""


def version_fits(headers: Mapping[str, str]) -> bool:
    return headers.get("Tus-Resumable") == VERSION


def number(headers: Mapping[str, str], name: str) -> int:
    """A number of bytes. Raises BadHeader where the header is missing, or anything but digits."""
    given = headers.get(name)
    if given is None or not _NUMBER.fullmatch(given):
        raise BadHeader(f"Send the header {name} with a whole number of bytes.")
    return int(given)


def length_of(headers: Mapping[str, str]) -> int:
    """Bytes of the whole file. Raises BadHeader also where it is to be told later, which is another extension."""
    if "Upload-Defer-Length" in headers:
        raise BadHeader("Send Upload-Length at the beginning. A length that is told later is not supported.")
    return number(headers, "Upload-Length")


def metadata_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Upload-Metadata: keys with values in Base64, commas between the pairs. Raises BadHeader."""
    given, found = headers.get("Upload-Metadata", ""), {}
    if len(given) > MAX_METADATA:
        raise BadHeader(f"Upload-Metadata is longer than {MAX_METADATA:,} characters.")
    for pair in given.split(",") if given.strip() else ():
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise BadHeader("Upload-Metadata needs different keys in ASCII, each with one space and a value in Base64.")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise BadHeader(f"The value of {key[:40]} in Upload-Metadata is not UTF-8 in Base64.") from None
    return found


def checksum_of(headers: Mapping[str, str]) -> tuple[str, bytes] | None:
    """Upload-Checksum: the algorithm and the digest; None where there is none. Raises BadHeader."""
    given = headers.get("Upload-Checksum")
    if given is None:
        return None
    algorithm, _, text = given.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadHeader(f"Upload-Checksum must begin with one of {', '.join(ALGORITHMS)}.")
    try:
        digest = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise BadHeader(f"Upload-Checksum needs the {algorithm} digest of the part in Base64.")
    return algorithm, digest


def capabilities(max_size: int) -> dict[str, str]:
    """What OPTIONS answers."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(max_size),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def state(*, received: int, size: int, expires_at: datetime) -> dict[str, str]:
    """Where an upload is: the headers of HEAD, and of the answer to each part."""
    return {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(received),
        "Upload-Length": str(size),
        "Upload-Expires": formatdate(expires_at.timestamp(), usegmt=True),
        "Cache-Control": "no-store",
    }
