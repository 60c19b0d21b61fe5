#!/usr/bin/env python
"""A certificate that signs itself, so that a proxy can start before there is a real one: certificate.pem and key.pem in FOLDER.

Writes nothing where both are there; where one is, ends with status 1. Browsers warn of such a certificate, as they should.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID = timedelta(days=365)


def make(names: list[str], folder: Path) -> str:
    """Both files for these host names; what was done. Raises FileExistsError where one of them is there alone."""
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    there = [path for path in (certificate, secret) if path.exists()]
    if len(there) == 2:
        return f"{certificate} and its key are there and stay."
    if there:
        raise FileExistsError(f"{there[0]} is there without its companion: put both there, or neither.")
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    return f"{certificate} signs itself for {', '.join(names)}, until {now + VALID:%Y-%m-%d}."


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: certificate.py FOLDER NAME[,NAME…]")
    try:
        sys.stdout.write(make([name.strip().lstrip(".") for name in sys.argv[2].split(",")], Path(sys.argv[1])) + "\n")
    except OSError as error:
        sys.exit(str(error))
