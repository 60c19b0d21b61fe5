"""Secrets that we must be able to read again (a second factor's, a client's), encrypted under a key made of SECRET_KEY.

Whoever has the database alone, or a backup of it, can use none of them. After a change of SECRET_KEY, the former one in
SECRET_KEY_FALLBACKS still reads what was written under it, until `manage.py renew_encryption` has written all of it again.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_BEGINS = "gAAAAA"
"""How every secret that was encrypted here begins (Fernet, version 0x80)."""
KEPT: list[tuple[str, str]] = []
"""Where they are kept: model (`app.Model`) and column. Each app adds its own (registration.py)."""


def register(model: str, *columns: str) -> None:
    """Say that columns of a model hold what `encrypt` gave, or nothing, or something that never was a secret to be read
    again. At start only."""
    KEPT.extend((model, column) for column in columns)


class Unreadable(Exception):
    """It was encrypted under another SECRET_KEY, or is damaged."""


def encrypt(text: str) -> str:
    """`text` as nobody without SECRET_KEY can read it."""
    return _cipher((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """What was encrypted. Raises Unreadable."""
    try:
        return _cipher((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("It was encrypted under another SECRET_KEY.") from error


def is_encrypted(text: str) -> bool:
    """Whether this is what `encrypt` gave, under whichever key."""
    return text.startswith(_BEGINS)


def renewed(token: str) -> str:
    """The same secret, encrypted under today's SECRET_KEY. Raises Unreadable."""
    return encrypt(decrypt(token))


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    made = (HKDF(SHA256(), 32, salt=None, info=b"offshelf.encryption").derive(key.encode()) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])
