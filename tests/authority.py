"""A time stamp authority (RFC 3161) on this machine: real keys, real answers, over HTTP. It can be told to misbehave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import time_machine
from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

REJECTED = bytes.fromhex("30053003020102")  # status 2 and no token, which asn1crypto does not write
Key = ec.EllipticCurvePrivateKey


class Authority:
    """Root and signing certificate, and the answers to queries. `moment` stands still so that tests can name it.

    `mood` is "good", or how it misbehaves: "other" stamps something else, "down" answers 503, "refuses" rejects, "noise"
    answers no ASN.1, "replay" gives its first answer again, "endless" answers too much.
    """

    def __init__(self, name: str = "Clocktower Time Stamps") -> None:
        self.mood, self.asked = "good", 0
        self.clock: time_machine.Traveller | None = None
        self.moment = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
        self._first = b""
        self._root_key, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate(f"{name} Root", self._root_key, None, self._root_key)
        self.certificate = _certificate(name, self._key, self.root, self._root_key)

    def write_roots(self, path: Path) -> Path:
        path.write_bytes(self.root.public_bytes(Encoding.PEM))
        return path

    def answer(self, query: bytes) -> tuple[int, bytes]:
        self.asked += 1
        asked = tsp.TimeStampReq.load(query)
        if self.mood == "down":
            return 503, b"later"
        if self.mood == "noise":
            return 200, b"<html>Welcome</html>"
        if self.mood == "endless":
            return 200, b"\x30" * (1 << 20)
        if self.mood == "refuses":
            return 200, REJECTED
        if self.mood == "replay" and self._first:
            return 200, self._first
        imprint = asked["message_imprint"].native
        if self.mood == "other":
            imprint = {**imprint, "hashed_message": b"\x00" * 32}
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.3.6.1.4.1.55555.1",
                "message_imprint": imprint,
                "serial_number": self.asked,
                "gen_time": self.moment,
                "nonce": asked["nonce"].native,
            }
        )
        answer = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": self._sign(info)}).dump()
        self._first = self._first or answer
        return 200, answer

    def _sign(self, info: tsp.TSTInfo) -> cms.ContentInfo:
        content, own = info.dump(), self.certificate.public_bytes(Encoding.DER)
        certificate = asn1_x509.Certificate.load(own)
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        signed = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [_sha256(content)]},
                {"type": "signing_certificate_v2", "values": [{"certs": [{"cert_hash": _sha256(own)}]}]},
            ]
        )
        signer = {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {
                "issuer": certificate.issuer, "serial_number": certificate.serial_number,
            }},
            "digest_algorithm": sha256,
            "signed_attrs": signed,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": self._key.sign(signed.dump(), ec.ECDSA(hashes.SHA256())),
        }  # fmt: skip
        data = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [sha256],
                "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
                "certificates": [certificate],
                "signer_infos": [signer],
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": data})


def _sha256(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


def _certificate(name: str, key: Key, issuer: x509.Certificate | None, signer: Key) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(_usage(signs_certificates=issuer is None), critical=True)
    )
    if issuer:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(signer, hashes.SHA256())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


@contextmanager
def serve(authority: Authority) -> Iterator[str]:
    """The authority's address while it answers, on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            status, body = authority.answer(query)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Silent: the test says what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
