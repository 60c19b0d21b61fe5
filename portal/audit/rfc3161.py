"""Time stamps by an outside authority, RFC 3161: asking for one, and reading one again. No database.

What is stamped is the hash of a seal as its 64 hexadecimal digits. Since each hash covers all before it, one stamp proves
that the whole log up to that position stood as it is at that moment, even against whoever runs this instance.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from portal.http.client import NoAnswer, ask

MAX_BYTES = 256 << 10  # of an answer; real ones have a few kB
SECONDS = 15.0
_TYPE = "application/timestamp-query"


class StampProblem(Exception):
    """No stamp was given, or one does not hold; the text says why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """An authority's answer as it came (DER), and the moment it states."""

    answer: bytes
    at: datetime


def read_roots(path: Path) -> list[x509.Certificate]:
    """The certificates (PEM) that answers are trusted under. Raises StampProblem where the file holds none."""
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StampProblem(f"{path} cannot be read as certificates in PEM: {error}") from None
    return found


def ask_for_stamp(hash_: str, *, url: str, roots: list[x509.Certificate]) -> Stamp:
    """Have an authority stamp a hash, and believe the answer only once it is verified, nonce included."""
    request = (
        TimestampRequestBuilder()
        .data(hash_.encode())
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    answer = _post(url, request.as_bytes())
    return Stamp(answer, _moment(answer, hash_, roots, request.nonce))


def read_stamp(answer: bytes, hash_: str, *, roots: list[x509.Certificate]) -> datetime:
    """The moment at which an authority under `roots` stamped the hash; raises StampProblem where it did not."""
    return _moment(answer, hash_, roots, None)


def states(answer: bytes, hash_: str) -> datetime:
    """The moment an answer states for this hash, whoever signed it; raises StampProblem where it is about another."""
    try:
        info = decode_timestamp_response(answer).tst_info
        if info.message_imprint.message != hashlib.sha256(hash_.encode()).digest():
            raise StampProblem("It stamps something else.")
    except ValueError as error:
        raise StampProblem(f"It cannot be read as an answer of RFC 3161: {error}") from None
    return info.gen_time


def _moment(answer: bytes, hash_: str, roots: list[x509.Certificate], nonce: int | None) -> datetime:
    builder = VerifierBuilder(roots=list(roots), nonce=nonce)
    try:
        response = decode_timestamp_response(answer)
        builder.build().verify(response, hashlib.sha256(hash_.encode()).digest())
    except VerificationError as error:
        raise StampProblem(f"It does not hold: {error}") from None
    except ValueError as error:
        raise StampProblem(f"It cannot be read as an answer of RFC 3161: {error}") from None
    return response.tst_info.gen_time


def _post(url: str, query: bytes) -> bytes:
    try:
        answer = ask(
            url,
            content=query,
            headers={"Content-Type": _TYPE},
            seconds=SECONDS,
            max_bytes=MAX_BYTES + 1,
        )
    except NoAnswer as failed:
        raise StampProblem(f"It cannot be asked: {failed}") from None
    if answer.status != HTTPStatus.OK:
        raise StampProblem(f"It answered with status {answer.status}.")
    if len(answer.body) > MAX_BYTES:
        raise StampProblem(f"Its answer is longer than {MAX_BYTES:,} bytes.")
    return answer.body
