"""The login: which server is asked, and with which key."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from offshelf_client.failures import Exit, Failure
from offshelf_client.private_files import config_folder, read_private, write_private

_KEY = re.compile(r"ofs_[\x21-\x7e]{8,200}")
_LOCAL = {"localhost", "127.0.0.1", "::1"}
_FILE = "login.json"


class Login(NamedTuple):
    """`address` is that of the server, such as https://offshelf.example.gov, without a slash at its end."""

    address: str
    key: str

    def __repr__(self) -> str:
        return f"Login({self.address!r})"


def checked_address(given: str) -> str:
    """The server's address. Raises Failure for what is none, and where the key would cross a network unencrypted."""
    given = given.strip().rstrip("/").removesuffix("/api/v1").removesuffix("/api/docs").rstrip("/")
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise Failure("Give the server's address like https://offshelf.example.gov.", Exit.USAGE)
    if parts.username is not None:
        raise Failure("Give the address without a user name or password.", Exit.USAGE)
    if parts.scheme == "http" and host not in _LOCAL:
        raise Failure("The address must begin with https://, or the key could be read on its way.", Exit.USAGE)
    return given


def checked_key(given: str) -> str:
    """The key. Raises Failure, which does not repeat it, for what is none."""
    key = given.strip()
    if not _KEY.fullmatch(key):
        raise Failure("That is not an API key: one begins with ofs_ and has no blanks.", Exit.USAGE)
    return key


def save_login(login: Login) -> None:
    """Keep the login in a file that only its owner can read."""
    write_private(config_folder() / _FILE, {"address": login.address, "key": login.key})


def forget_login() -> bool:
    """Delete the login; returns False where there was none."""
    path = config_folder() / _FILE
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Failure(f"Cannot delete {path}: {error.strerror or error}.", Exit.USAGE) from None
    return True


def saved_login() -> Login:
    """The login that was saved. Raises Failure where there is none."""
    content = read_private(config_folder() / _FILE)
    if content is None:
        raise Failure("Not logged in: run offshelf login with the server's address.", Exit.NOT_LOGGED_IN)
    return Login(checked_address(str(content.get("address", ""))), checked_key(str(content.get("key", ""))))
