"""Signing what webhooks get: Standard Webhooks (https://www.standardwebhooks.com), and the header that was there before.

`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over "id.timestamp.body", once for each secret that is valid.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
RANDOM_BYTES = 32  # the standard asks for 24 to 64


def new_secret() -> str:
    """A secret for a new endpoint."""
    return PREFIX + base64.b64encode(secrets.token_bytes(RANDOM_BYTES)).decode()


def headers_of(*, message_id: str, moment: int, body: bytes, valid: Sequence[str]) -> dict[str, str]:
    """The three headers of the standard; `valid` are the secrets that sign, `moment` is in seconds since 1970."""
    signed = f"{message_id}.{moment}.".encode() + body
    macs = [hmac.new(key, signed, hashlib.sha256).digest() for secret in valid for key in _keys(secret)]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs),
    }


def legacy_header(*, moment: int, body: bytes, valid: Sequence[str]) -> str:
    """What the header Offshelf-Signature says: the moment and, in hex, HMAC-SHA256 of "moment.body" for each secret.

    The older secret comes first, since programs that know one signature read the first.
    """
    signed = f"{moment}.".encode() + body
    macs = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in reversed(valid)]
    return ",".join([f"t={moment}", *(f"v1={mac}" for mac in macs)])


def _keys(secret: str) -> list[bytes]:
    """The key in a secret. One from before has no prefix: its letters are the key, as they always were, and so is what
    the libraries of the standard read in it, which take any secret for base64."""
    if secret.startswith(PREFIX):
        return [base64.b64decode(secret.removeprefix(PREFIX))]
    try:
        read = base64.b64decode(secret + "==")
    except (ValueError, binascii.Error):
        read = b""
    return [secret.encode(), read] if read else [secret.encode()]
