"""Secrets that we must be able to read again (a second factor's, a client's), encrypted under a key made of SECRET_KEY.

Whoever has the database alone, or a backup of it, can use none of them. After a change of SECRET_KEY, the former one in
SECRET_KEY_FALLBACKS still reads what was written under it.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


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


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    made = (HKDF(SHA256(), 32, salt=None, info=b"offshelf.encryption").derive(key.encode()) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])
